"""Connections to PostgreSQL that lose patience: a database that hangs must not hang readers."""

from typing import Any, TypeVar

import psycopg
from flask import Flask, has_request_context
from psycopg.abc import PQGen
from sqlalchemy import Dialect, event

from newsapp.extensions import db

RV = TypeVar("RV")
# Seconds that a request waits for one answer; commands and tasks wait as long as it takes.
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
            raise psycopg.OperationalError("the database did not answer in time") from None


def init_app(app: Flask) -> None:
    """Has the engine connect like this, where its database is PostgreSQL."""
    with app.app_context():
        event.listen(db.engine, "do_connect", _connect)


def _connect(dialect: Dialect, record: Any, args: Any, options: Any) -> Any:
    return Patient.connect(*args, **options) if dialect.driver == "psycopg" else None
