"""Connections to PostgreSQL that lose patience: a database that hangs must not hang readers."""

from typing import Any, TypeVar

import psycopg
from flask import Flask, g, has_request_context
from psycopg.abc import PQGen
from sqlalchemy import Dialect, event

from newsapp.extensions import db

RV = TypeVar("RV")
# Seconds that a request waits for one answer, and once: one that never came is not waited for
# again. Commands and tasks wait as long as it takes.
PATIENCE = 2.0


class Patient(psycopg.Connection[Any]):
    """A connection that gives up, and closes itself, when a request has waited long enough."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is None and has_request_context():
            timeout = PATIENCE
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.errors._WaitTimeout:
            self.close()  # what it was asked may still be under way: nobody can use it again
            _note_silence()
            raise psycopg.OperationalError("the database did not answer in time") from None


def init_app(app: Flask) -> None:
    """Has the engine connect like this, where its database is PostgreSQL."""
    with app.app_context():
        event.listen(db.engine, "do_connect", _connect)


def _connect(dialect: Dialect, record: Any, args: Any, options: Any) -> Any:
    if dialect.driver != "psycopg":
        return None
    if has_request_context() and "database_is_silent" in g:
        raise psycopg.OperationalError("the database did not answer a moment ago")
    try:
        return Patient.connect(*args, **options)
    except psycopg.OperationalError:
        _note_silence()
        raise


def _note_silence() -> None:
    """Has the rest of this request ask no more."""
    if has_request_context():
        g.database_is_silent = True
