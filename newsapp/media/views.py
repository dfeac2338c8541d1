"""Pictures for readers, at addresses whose content never changes."""

import re

from flask import Blueprint, Response, abort, current_app, request

from newsapp.assets import FOREVER
from newsapp.media import shelf
from newsapp.media.renditions import SHAPES, TYPES, WIDTHS

bp = Blueprint("media", __name__)
_WIDTHS = ",".join(f"'{width}'" for width in WIDTHS)
_FILE = f"<any({_WIDTHS}):width>.<any({','.join(TYPES)}):kind>"
_NAME = re.compile(r"[0-9a-f]{32}")
_PER_CENT = "(?:100|[1-9]?[0-9])"
_CUT = re.compile(f"(?:{'|'.join(SHAPES)})-{_PER_CENT}-{_PER_CENT}")


@bp.get(f"/media/<string(length=32):name>/{_FILE}")
@bp.get(f"/media/<string(length=32):name>/<string(maxlength=16):cut>/{_FILE}")
def rendition(name: str, width: str, kind: str, cut: str = "") -> Response:
    """One rendition of a photo, whole or cut to a shape around its focal point."""
    if not _NAME.fullmatch(name) or (cut and not _CUT.fullmatch(cut)):
        abort(404)
    media = shelf.at(current_app.config["MEDIA_FOLDER"])
    folder = f"{name}/{cut}" if cut else name
    body = media.read(f"{folder}/{width}.{kind}")
    if body is None:
        abort(404)
    response = Response(body, mimetype=TYPES[kind])
    response.headers["Cache-Control"] = FOREVER
    response.set_etag(f"{name}{cut}{width}{kind}")
    response.make_conditional(request)
    return response
