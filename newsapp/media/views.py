"""Pictures for readers, at addresses whose content never changes."""

import re

from flask import Blueprint, Response, abort, current_app, request

from newsapp.assets import FOREVER, STATIC
from newsapp.extensions import db
from newsapp.media import queries, shelf
from newsapp.media.renditions import SHAPES, TYPES, WIDTHS

bp = Blueprint("media", __name__)
NO_PICTURE = STATIC / "img/no-picture.svg"
_WIDTHS = ",".join(f"'{width}'" for width in WIDTHS)
_FILE = f"<any({_WIDTHS}):width>.<any({','.join(TYPES)}):kind>"
_NAME = re.compile(r"[0-9a-f]{32}")
_PER_CENT = "(?:100|[1-9]?[0-9])"
_CUT = re.compile(f"(?:{'|'.join(SHAPES)})-{_PER_CENT}-{_PER_CENT}")


@bp.get(f"/media/<string(length=32):name>/{_FILE}")
@bp.get(f"/media/<string(length=32):name>/<string(maxlength=16):cut>/{_FILE}")
def rendition(name: str, width: str, kind: str, cut: str = "") -> Response:
    """One rendition of a photo, whole or cut to a shape around its focal point.

    Served by us from wherever it lies: one origin for the policy that pages have, no stranger who
    learns what readers look at, and any cache in front may keep it for ever.
    """
    if not _NAME.fullmatch(name) or (cut and not _CUT.fullmatch(cut)):
        abort(404)
    folder = f"{name}/{cut}" if cut else name
    try:
        body = shelf.media(current_app.config).read(f"{folder}/{width}.{kind}")
    except shelf.Away:
        return _stand_in()
    if body is None:
        return _stand_in() if queries.photo_by_hash(db.session(), name) else abort(404)
    response = Response(body, mimetype=TYPES[kind])
    response.headers["Cache-Control"] = FOREVER
    response.set_etag(f"{name}{cut}{width}{kind}")
    response.make_conditional(request)
    return response


def _stand_in() -> Response:
    """What stands in for a picture whose file is lost or out of reach, for moments."""
    response = Response(NO_PICTURE.read_bytes(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=10"
    return response
