"""What a page may cost the database."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.formats import EPOCH
from newsapp.front.queries import page
from newsapp.stories.models import Story
from newsapp.stories.queries.listings import top_values
from tests.counting import selects
from tests.newsroom import lay_out

PAST_THE_EDGE = {"Authorization": "none"}
# Revisions, tree, ticker (breaking, else the newest), the listing; a region also counts.
COLD = {
    "/": 5,
    "/latest": 5,
    "/japan": 5,
    "/east-asia": 6,
    "/feeds/japan.rss": 4,
    "/about": 4,
    "/corrections": 5,
}


@pytest.fixture(autouse=True)
def stories(make_story: Callable[..., Story], session: Session, editor: User) -> list[Story]:
    """Some in every region, two of them put on fronts by hand."""
    places = ("japan", "india", "iran", "kazakhstan", "vietnam")
    made = [make_story(f"Story {n} of {place}", sections=[place, "politics", "analysis"])
            for n in range(3) for place in places]  # fmt: skip
    lay_out(session, editor, "latest", {1: made[1]}, until=clock.now() + timedelta(hours=1))
    lay_out(session, editor, "east-asia", {2: made[0]})
    return made


@pytest.mark.parametrize("url", COLD)
def test_a_cold_page_costs_a_handful_of_selects(client: FlaskClient, url: str) -> None:
    with selects() as sent:
        assert client.get(url, headers=PAST_THE_EDGE).status_code == 200
    assert 0 < len(sent) <= COLD[url]


@pytest.mark.parametrize("url", COLD)
def test_a_warm_page_costs_none(client: FlaskClient, url: str) -> None:
    # The first draws it, which may take longer than a revision's copy lives; the second is quick.
    for _ in range(2):
        client.get(url, headers=PAST_THE_EDGE)
    with selects() as sent:
        assert client.get(url, headers=PAST_THE_EDGE).status_code == 200
    assert sent == []


def test_a_cold_story_costs_five_selects_with_all_that_is_on_it(
    client: FlaskClient, make_story: Callable[..., Story], session: Session
) -> None:
    make_story("Another", tags=["ferries"])
    story = make_story("Whole", sections=["japan", "politics", "news"], tags=["ferries"],
                       bylines=["Rosa Lim", "A Guest"])  # fmt: skip
    story.correct("correction", "It was Tuesday.", None, clock.now())
    session.commit()
    url = f"/{story.path}"
    with selects() as sent:
        page = client.get(url, headers=PAST_THE_EDGE).text
    assert len(sent) <= 5
    for part in ("A Guest", "ferries", "It was Tuesday.", "Another", "of japan"):
        assert part in page


def test_a_warm_story_costs_none(client: FlaskClient, stories: list[Story]) -> None:
    url = f"/{stories[0].path}"
    client.get(url, headers=PAST_THE_EDGE)
    with selects() as sent:
        assert client.get(url, headers=PAST_THE_EDGE).status_code == 200
    assert sent == []


def test_an_unchanged_poll_is_204_and_costs_none(client: FlaskClient) -> None:
    found = re.search(r'"(/pulse/front[^"]+)"', client.get("/").text)
    assert found is not None
    with selects() as sent:
        answer = client.get(found[1].replace("&amp;", "&"), headers=PAST_THE_EDGE)
    assert answer.status_code == 204
    assert answer.data == b""
    assert sent == []


def test_a_listing_is_one_range_scan_of_its_index(app: Flask, session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        # Of a few rows it would rather sort: asked is what it does with a million.
        for other in ("seqscan", "bitmapscan", "sort"):
            session.execute(text(f"SET LOCAL enable_{other} = off"))
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    plan = "\n".join(
        str(row)
        for row in session.execute(
            text(
                f"{explain} SELECT story_id FROM placements WHERE section_id = 1 AND "
                "published_at <= '2026-01-01' AND (published_at, story_id) < ('2026-01-01', 5) "
                "ORDER BY published_at DESC, story_id DESC LIMIT 31"
            )
        )
    )
    assert "ix_placements_listing" in plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan


def test_a_front_is_as_many_range_scans_as_it_has_listings(session: Session) -> None:
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
    tops = dict.fromkeys((1, 2, 3), 28)
    values = {**top_values(tops), "drafted": 0, "sections": list(tops), "at": EPOCH}
    query = page._tops(len(tops)).params(values)
    connection = session.connection()
    sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    plan = "\n".join(map(str, connection.exec_driver_sql(f"{explain} {sql}")))
    assert plan.count("ix_placements_listing") >= len(tops)
    assert "SCAN placements" not in plan and "Seq Scan on placements" not in plan
