"""Pictures for readers, at addresses whose content never changes."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_from_directory

from newsapp.assets import FOREVER
from newsapp.media.renditions import TYPES, WIDTHS

bp = Blueprint("media", __name__)


@bp.get("/media/<string(length=32):name>/<int:width>.<any(webp,jpg):kind>")
def rendition(name: str, width: int, kind: str) -> Response:
    """One rendition of a photo."""
    if width not in WIDTHS:
        abort(404)
    folder = Path(current_app.config["MEDIA_FOLDER"])
    response = send_from_directory(folder, f"{name}/{width}.{kind}", mimetype=TYPES[kind])
    response.headers["Cache-Control"] = FOREVER
    return response
