"""Errors as readers and editors meet them: a plain page that leads somewhere, never a trace."""

import logging
import secrets

from flask import Flask, Response, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, NotFound

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Registers the pages."""
    app.register_error_handler(404, not_found)
    app.register_error_handler(HTTPException, refused)
    for gone in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(gone, unavailable)
    app.register_error_handler(Exception, failed)


def not_found(error: NotFound) -> tuple[str, int]:
    """404."""
    return render_template("errors/404.html", pulse=None), 404


def refused(error: HTTPException) -> Response | tuple[str, int]:
    """Any other refusal, with its reason; redirects go through."""
    if error.response is not None or error.code is None or error.code < 400:
        return Response(error.get_response().data, headers=list(error.get_headers()))
    return render_template("errors/400.html", code=error.code, reason=error.description), error.code


def unavailable(error: Exception) -> tuple[str, int, dict[str, str]]:
    """503 while the database is away: come back in a moment."""
    log.error("%s %s: the database does not answer: %s", request.method, _path(), type(error))
    page = render_template("errors/500.html", code=503, incident="")
    return page, 503, {"Retry-After": "5"}


def failed(error: Exception) -> tuple[str, int]:
    """500 with a number that stands in the log too."""
    incident = secrets.token_hex(4)
    log.exception("incident %s: %s %s", incident, request.method, _path(), exc_info=error)
    return render_template("errors/500.html", code=500, incident=incident), 500


def _path() -> str:
    # Escaped, so that nobody writes lines of their own into the log.
    return ascii(request.path[:200])
