"""For operators: does this process answer, and do its stores?"""

from flask import Flask, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsapp import caching
from newsapp.extensions import db


def init_app(app: Flask) -> None:
    """Adds /healthz and /readyz."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


def readyz() -> Response:
    """The stores, a line each; 503 when the database is away. Without Redis the site goes on."""
    database, shared = _database_answers(), caching.shared_store_answers()
    lines = [f"database {'ok' if database else 'away'}"]
    if shared is not None:
        lines.append(f"redis {'ok' if shared else 'away, going on without it'}")
    return Response("\n".join(lines) + "\n", 200 if database else 503, mimetype="text/plain")


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError:
        return False
    return True
