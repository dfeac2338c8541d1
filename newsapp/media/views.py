"""Pictures for readers, at addresses whose content never changes."""

from pathlib import Path

from flask import Blueprint, Response, current_app, send_from_directory

from newsapp.assets import FOREVER
from newsapp.media.renditions import TYPES, WIDTHS

bp = Blueprint("media", __name__)
_WIDTHS = ",".join(f"'{width}'" for width in WIDTHS)


@bp.get(f"/media/<string(length=32):name>/<any({_WIDTHS}):width>.<any(webp,jpg):kind>")
def rendition(name: str, width: str, kind: str) -> Response:
    """One rendition of a photo."""
    folder = Path(current_app.config["MEDIA_FOLDER"])
    response = send_from_directory(folder, f"{name}/{width}.{kind}", mimetype=TYPES[kind])
    response.headers["Cache-Control"] = FOREVER
    return response
