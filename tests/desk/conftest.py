"""People and forms that the desk's tests share."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.stories.models import Story
from newsapp.stories.queries import editing
from tests import newsroom
from tests.newsroom import Desk


@pytest.fixture
def reporter_desk(app: Flask, session: Session) -> Desk:
    """A reporter's browser, signed in."""
    newsroom.hire(session, "reporter@example.org", "reporter")
    return Desk(app.test_client(), "reporter@example.org")


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """A filled story form: `typed(headline=…)`."""

    def fill(**fields: Any) -> dict[str, Any]:
        return {
            "headline": "Ferry sinks off Cebu", "body": "<p>All aboard were saved.</p>",
            "language": "en", "photo": "0", "sections": ["philippines", "news"],
            "token": uuid.uuid4().hex, **fields,
        }  # fmt: skip

    return fill


@pytest.fixture
def saved(session: Session) -> Callable[..., list[Story]]:
    """All stories as the database has them now: `saved()`."""

    def read() -> list[Story]:
        session.expire_all()
        return [
            story
            for number in session.scalars(select(Story.id).order_by(Story.changed_at.desc()))
            if (story := editing.story_for_desk(session, number))
        ]

    return read
