"""What the wire's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from newsapp.wire.models import Feed
from tests import newsroom
from tests.far_end import FarEnd


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    """A stranger's server."""
    with FarEnd() as server:
        yield server
        server.shutdown()


@pytest.fixture
def real_feeds(shared_data: Path) -> list[Path]:
    """Snapshots of 58 real feeds; the two OPML files beside them are none."""
    return [
        path for path in sorted((shared_data / "feeds/real").iterdir()) if path.suffix != ".opml"
    ]


@pytest.fixture
def bulk_feeds(shared_data: Path) -> list[Path]:
    """Snapshots of 38 feeds of blogs, podcasts and videos."""
    return sorted((shared_data / "feeds/bulk").iterdir())


@pytest.fixture
def feed(app: Flask, session: Session, far_end: FarEnd) -> Feed:
    """A feed at the stranger's server, which this newsroom trusts."""
    app.config["WIRE_ALLOWED_HOSTS"] = frozenset({far_end.host})
    return newsroom.subscribe(session, far_end.url())
