"""Caching: what is kept, for how long, and what never is."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import caching, clock, streams
from newsapp.extensions import cache, db
from newsapp.stories.models import Story, Tag
from newsapp.streams import FRONT
from tests.counting import selects
from tests.newsroom import Writer
from tests.patience import eventually

PAST_THE_EDGE = {"Authorization": "none"}


def poll_of(page: str) -> str:
    """The address that an open page polls."""
    found = re.search(r'data-hx-get="(/pulse/[^"]+)" data-hx-trigger="pulse"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def kept(app: Flask) -> int:
    """How many pages and results the shared cache keeps."""
    if url := app.config["REDIS_URL"]:
        return len(redis.Redis.from_url(url).keys("page:*"))
    with app.app_context():
        return len(cache.cache._cache)


def test_a_change_shows_on_the_very_next_page_of_its_process(
    client: FlaskClient, make_story: Writer
) -> None:
    for number in range(3):
        make_story(f"Story number {number}")
        assert f"Story number {number}" in client.get("/", headers=PAST_THE_EDGE).text


def test_a_change_of_another_process_shows_within_the_life_of_a_copy(
    client: FlaskClient, make_story: Writer
) -> None:
    story = make_story("Ferry sinks off Cebu")
    client.get("/", headers=PAST_THE_EDGE)
    # Written past this process, as another one's commit is: nothing here hears of it.
    with db.engine.begin() as another:
        another.exec_driver_sql(f"UPDATE stories SET headline='Changed' WHERE id={story.id}")
        another.exec_driver_sql("UPDATE streams SET revision = revision + 1")
    assert eventually(lambda: "Changed" in client.get("/", headers=PAST_THE_EDGE).text, within=6)


def test_the_etag_changes_with_the_page_and_only_then(
    client: FlaskClient, make_story: Writer
) -> None:
    def etag(url: str) -> str:
        return client.get(url, headers=PAST_THE_EDGE).headers["ETag"]

    make_story("A first", sections=["japan"])
    before = etag("/feeds/japan.rss"), etag("/feeds/india.rss")
    make_story("Another", sections=["japan"])
    after = etag("/feeds/japan.rss"), etag("/feeds/india.rss")
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_one_renders_while_the_others_wait(app: Flask, make_story: Writer) -> None:
    make_story()
    start = threading.Barrier(6)

    def read() -> bytes:
        start.wait()
        return bytes(app.test_client().get("/", headers=PAST_THE_EDGE).data)

    with selects() as sent, ThreadPoolExecutor(6) as readers:
        pages = {task.result() for task in [readers.submit(read) for _ in range(6)]}
    assert len(pages) == 1
    drawn = [s for s in sent if "UNION ALL" in s and "placements" in s]
    assert drawn and len(drawn) == len(set(drawn))  # each statement once


def test_a_renderer_that_dies_locks_nobody_out_for_long(app: Flask) -> None:
    lives = []

    def view() -> str:
        if url := app.config["REDIS_URL"]:
            lives.append(float(redis.Redis.from_url(url).ttl("page:path:/lamp:lock")))
        else:
            lives.append(cache.cache._cache["path:/lamp:lock"][0] - time.time())
        return "lit"

    app.add_url_rule("/lamp", view_func=caching.page(lambda: (FRONT,))(view))
    assert app.test_client().get("/lamp", headers=PAST_THE_EDGE).text == "lit"
    assert 0 < lives[0] <= 5


def test_a_release_leaves_alone_what_a_request_is_changing(
    app: Flask, session: Session, make_story: Writer
) -> None:
    now = clock.now()
    story = make_story(live=False)
    story.schedule(None, now - timedelta(minutes=2), now - timedelta(minutes=1))
    session.commit()
    with app.test_request_context("/"):
        db.session.add(Tag(name="in the making"))
        caching.revisions([FRONT])
        db.session.commit()
    assert make_story.again(story.id).live
    assert session.scalar(select(Tag.name)) == "in the making"


@pytest.mark.parametrize("url", [
    "/nowhere", "/japan?before=garbage", "/feeds/nowhere.rss", "/pulse/section:999999?seen=1.1",
    "/2024/02/30/x", "/2024/06/19/never-written", "/pulse/front?seen=garbage",
])  # fmt: skip
def test_what_does_not_exist_leaves_nothing_behind(
    app: Flask, client: FlaskClient, url: str
) -> None:
    client.get("/", headers=PAST_THE_EDGE)
    before = kept(app)
    for number in range(20):
        answer = client.get(url.replace("nowhere", f"nowhere-{number}"))
        assert answer.status_code in (400, 404)
    assert kept(app) == before


def test_an_unchanged_poll_is_204_and_a_change_answers_with_the_next(
    client: FlaskClient, make_story: Writer
) -> None:
    make_story("A first")
    poll = poll_of(client.get("/", headers=PAST_THE_EDGE).text)
    assert client.get(poll, headers=PAST_THE_EDGE).status_code == 204
    make_story("A second")
    answer = client.get(poll, headers=PAST_THE_EDGE)
    assert answer.status_code == 200
    assert "1 new story" in answer.text
    assert client.get(poll_of(answer.text), headers=PAST_THE_EDGE).status_code == 204


def test_a_poll_ahead_of_this_copy_is_not_news(client: FlaskClient, make_story: Writer) -> None:
    make_story()
    poll = poll_of(client.get("/", headers=PAST_THE_EDGE).text)
    ahead = re.sub(r"seen=(\d+)\.(\d+)", "seen=999999.999999", poll)
    assert client.get(ahead, headers=PAST_THE_EDGE).status_code == 204


@pytest.mark.parametrize(
    "seen", ["", "x", "1", "1.2.3", "-1.1", "1.1e3", "٣.1", "1" * 400, "1.1\n"]
)
def test_a_poll_that_has_seen_nonsense_gets_400(client: FlaskClient, seen: str) -> None:
    answer = client.get("/pulse/front", query_string={"seen": seen})
    assert answer.status_code == 400
    assert "seen" in answer.text


def test_a_revision_is_the_same_throughout_one_request(app: Flask, make_story: Writer) -> None:
    make_story("A first")
    with app.test_request_context("/"):
        first = caching.revisions([FRONT])
        with db.engine.begin() as another:
            another.exec_driver_sql("UPDATE streams SET revision = revision + 1")
        assert caching.revisions([FRONT]) == first


def test_a_late_copy_never_lowers_a_revision(app: Flask, make_story: Writer) -> None:
    make_story("A first")
    with app.app_context():
        now = caching.revisions([FRONT])[FRONT]
    with app.app_context():
        streams.raised.send(revisions={FRONT: now + 5})
        streams.raised.send(revisions={FRONT: now + 1})
    with app.app_context():
        assert caching.revisions([FRONT]) == {FRONT: now + 5}


def test_a_page_is_kept_once_however_it_is_asked_for(
    client: FlaskClient, make_story: Callable[..., Story]
) -> None:
    make_story()
    client.get("/japan", headers=PAST_THE_EDGE)
    with selects() as sent:
        assert client.get("/japan?utm_source=x&fbclid=y").status_code == 200
    assert sent == []
