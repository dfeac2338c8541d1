"""Static files under addresses that change with their content; style sheets joined in memory."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory

from newsapp.config import ROOT

STATIC = ROOT / "static"
SHEETS = {"css/reader.css": ("shared", "reader"), "css/desk.css": ("shared", "desk")}
_SOURCES = ("static", "templates", "newsapp")
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"


@cache
def build() -> str:
    """Names this build: a hash of all code, templates and static files, made once a start."""
    digest = hashlib.blake2b(digest_size=6)
    for source in _SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def asset(path: str) -> str:
    """The address of a static file of this build."""
    return f"/static/{build()}/{path}"


@cache
def sheet(path: str) -> str:
    """A style sheet: the files of its folders, joined in the order of their names."""
    files = [f for folder in SHEETS[path] for f in sorted((STATIC / "css" / folder).glob("*.css"))]
    return "\n".join(file.read_text("utf-8") for file in files)


def init_app(app: Flask) -> None:
    """Serves the files, and gives templates `asset()`."""
    app.add_template_global(asset)
    app.add_url_rule("/static/<version>/<path:path>", "asset", _serve)
    # Debian and slim images lack some of these.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")
    mimetypes.add_type("image/webp", ".webp")
    mimetypes.add_type("application/manifest+json", ".webmanifest")


def _serve(version: str, path: str) -> Response:
    if path in SHEETS:
        response = Response(sheet(path), mimetype="text/css")
    elif _hidden(path):
        abort(404)
    else:
        response = send_from_directory(STATIC, path, max_age=60)
    # Another build's name gets this build's file, but must not keep it.
    response.headers["Cache-Control"] = FOREVER if version == build() else BRIEFLY
    if not response.get_etag()[0]:
        response.set_etag(build())
    response.make_conditional(request)
    return response


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in Path(path).parts)
