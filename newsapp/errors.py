"""Errors as readers and editors meet them: a plain page that leads somewhere, never a trace."""

import logging
import secrets
import sqlite3
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from psycopg.errors import DiskFull
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from wtforms import HiddenField, StringField

from newsapp.extensions import db
from newsapp.media.forms import PhotoForm, VideoForm
from newsapp.stories import clean
from newsapp.stories.flow import CorrectionForm, WithdrawalForm
from newsapp.stories.forms import StoryForm

log = logging.getLogger(__name__)
Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def init_app(app: Flask) -> None:
    """Registers the pages."""
    app.register_error_handler(404, not_found)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(DataError, unfit)
    for gone in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(gone, unavailable)
    app.register_error_handler(Exception, failed)


def not_found(error: NotFound) -> Answer:
    """404."""
    return _framed("errors/404.html", 404)


def refused(error: HTTPException) -> Answer:
    """Any other refusal, with its reason; redirects go through."""
    if error.response is not None or error.code is None or error.code < 400:
        return Response(error.get_response().data, headers=list(error.get_headers()))
    return _framed("errors/400.html", error.code, reason=error.description)


def unfit(error: DataError) -> Answer:
    """400 for what no database takes: a number beyond its numbers, a character that is none."""
    db.session.rollback()  # or the page could ask it for nothing
    log.warning("%s %s: unfit for the database: %s", request.method, _path(), type(error.orig))
    return refused(BadRequest("There is something in it that can’t be stored."))


def unavailable(error: Exception) -> Answer:
    """503 while the database is away, or has no room: come back in a moment, or when it has."""
    full = _is_full(getattr(error, "orig", None))
    why = "has no room left on its disk" if full else "does not answer"
    log.error("%s %s: the database %s: %s", request.method, _path(), why, type(error))
    return _alone(503, full=full), 503, {"Retry-After": "60" if full else "5"}


def failed(error: Exception) -> Answer:
    """500 with a number that stands in the log too."""
    incident = secrets.token_hex(4)
    log.exception("incident %s: %s %s", incident, request.method, _path(), exc_info=error)
    return _alone(500, incident), 500


def _framed(template: str, code: int, **values: Any) -> Answer:
    """A page with sections and ticker around it, as long as there is a database to read them."""
    try:
        return render_template(template, pulse=None, code=code, **values), code
    except SQLAlchemyError as error:
        return unavailable(error)


def _is_full(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorcode == sqlite3.SQLITE_FULL
    return isinstance(error, DiskFull)


def _alone(code: int, incident: str = "", *, full: bool = False) -> str:
    """A page that asks nothing of anyone: no database, no frame of the desk."""
    page = current_app.jinja_env.get_template("errors/500.html")
    return page.render(code=code, incident=incident, full=full, typed=typed())


# What editors write at length, in the words of the forms that ask for it.
WRITTEN = {"review_note": "Note"} | {
    field.name: field.label.text
    for form in (PhotoForm(), VideoForm(), CorrectionForm(), WithdrawalForm(), StoryForm())
    for field in form
    if isinstance(field, StringField) and not isinstance(field, HiddenField)
}


def typed() -> list[tuple[str, str]]:
    """What somebody wrote into the form that came to nothing: label and words, to be copied."""
    try:
        form = request.form
    except HTTPException:  # the form is what was refused
        return []
    words = {name: form.get(name, "").strip() for name in WRITTEN}
    if words["body"]:
        words["body"] = "\n\n".join(clean.plain(clean.body(words["body"])))
    return [(label, words[name]) for name, label in WRITTEN.items() if words[name]]


def _path() -> str:
    # Escaped, so that nobody writes lines of their own into the log.
    return ascii(request.path[:200])
