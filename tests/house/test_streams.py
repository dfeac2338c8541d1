"""Streams: which change moves what, in the same transaction, and what the clock releases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock, streams
from newsapp.extensions import db
from newsapp.media.models import Photo
from newsapp.stories.models import RIVER, Status, Story
from newsapp.stories.queries import sections
from newsapp.streams import FRONT, SECTIONS, TICKER, of_section, of_story
from tests.newsroom import UTC, Writer
from tests.patience import eventually

Reads = Callable[[str], str]
Moved = Callable[[Callable[[], object]], set[str]]


@pytest.fixture
def reads(client: FlaskClient) -> Reads:
    """What a reader gets past the edge: `reads(url)`."""
    return lambda url: client.get(url, headers={"Authorization": "none"}).text


@pytest.fixture
def moved(session: Session) -> Moved:
    """What a change moves: `moved(change)`, committed."""

    def revisions() -> dict[str, int]:
        with db.engine.connect() as another:
            rows = select(streams.Stream.name, streams.Stream.revision)
            return {row.name: row.revision for row in another.execute(rows)}

    def measure(change: Callable[[], object]) -> set[str]:
        before = revisions()
        change()
        session.commit()
        return {name for name, number in revisions().items() if number != before.get(name)}

    return measure


def places_of(session: Session, *slugs: str) -> set[str]:
    return {of_section(section.id) for section in sections.sections_by_slug(session, slugs)}


def test_a_draft_moves_nothing(moved: Moved, session: Session) -> None:
    assert moved(lambda: session.add(Story(headline="Not yet"))) == set()


def test_publishing_moves_front_ticker_river_and_every_listing(
    moved: Moved, make_story: Writer, session: Session
) -> None:
    story = make_story(live=False, sections=["japan", "politics"])
    expected = {FRONT, TICKER, of_story(story.id), of_section(RIVER)}
    assert moved(lambda: story.publish(None, clock.now(), "2026/01/01/x")) == expected | places_of(
        session, "japan", "east-asia", "politics"
    )


def test_refiling_moves_the_listings_left_and_joined(
    moved: Moved, make_story: Writer, session: Session
) -> None:
    story = make_story(sections=["japan"])
    topics = sections.sections_by_slug(session, ["culture"])
    assert moved(lambda: story.file_under(topics)) >= places_of(
        session, "japan", "east-asia", "culture"
    )


@pytest.mark.parametrize("change", [
    lambda story: setattr(story, "headline", "Other words"),
    lambda story: story.sign(["Somebody Else"]),
    lambda story: story.correct("correction", "It was Tuesday.", None, clock.now()),
    lambda story: story.break_news(clock.now() + timedelta(hours=1)),
])  # fmt: skip
def test_a_change_of_a_live_story_moves_all_that_show_it(
    moved: Moved, make_story: Writer, change: Callable[[Story], object]
) -> None:
    story = make_story(sections=["japan"])
    assert moved(lambda: change(story)) >= {FRONT, TICKER, of_section(RIVER), of_story(story.id)}


def test_putting_a_line_in_its_place_moves_the_ticker_alone(
    moved: Moved, make_story: Writer
) -> None:
    line = make_story(breaking=True).line
    assert line is not None
    assert moved(lambda: setattr(line, "place", line.place + 1)) == {TICKER}


def test_taking_down_moves_what_showed_it(moved: Moved, make_story: Writer) -> None:
    story = make_story(sections=["japan"])
    everything = {FRONT, TICKER, of_section(RIVER), of_story(story.id)}
    assert moved(lambda: story.unpublish(None, clock.now())) >= everything
    assert moved(lambda: setattr(story, "headline", "At the desk again")) == set()


def test_a_photos_caption_moves_the_stories_that_show_it(
    moved: Moved, make_story: Writer, session: Session
) -> None:
    photo = Photo(hash="0" * 32, width=640, height=480, alt="A ferry")
    story = make_story(photo=photo)
    assert of_story(story.id) in moved(lambda: setattr(photo, "caption", "The ferry in May"))


def test_a_sections_name_moves_the_tree(moved: Moved, session: Session) -> None:
    japan = sections.section_by_slug(session, "japan")
    assert moved(lambda: setattr(japan, "name", "Nippon")) == {SECTIONS}
    assert moved(lambda: setattr(japan, "name", "Japan")) == {SECTIONS}


def test_what_is_rolled_back_moves_nothing(moved: Moved, make_story: Writer,
                                           session: Session) -> None:  # fmt: skip
    story = make_story()

    def regret() -> None:
        story.headline = "Never mind"
        session.flush()
        session.rollback()

    assert moved(regret) == set()


def test_a_revision_only_ever_rises(make_story: Writer, session: Session) -> None:
    seen = []
    for number in range(3):
        make_story(f"Story {number}")
        seen.append(streams.read(session, [FRONT])[0][FRONT])
    assert seen == sorted(set(seen))


def test_a_scheduled_story_comes_out_by_the_clock_alone(
    reads: Reads, make_story: Writer, session: Session
) -> None:
    story = make_story("Polls close at eight", live=False)
    due = clock.now() + timedelta(minutes=5)
    story.schedule(None, clock.now(), due)
    session.commit()
    assert "Polls close" not in reads("/latest")
    with time_machine.travel(due + timedelta(seconds=1)):
        assert eventually(lambda: "Polls close at eight" in reads("/latest"))


def test_breaking_news_ends_by_the_clock_alone(reads: Reads, make_story: Writer) -> None:
    make_story("Quake off Hualien", breaking=True)
    assert 'aria-label="Breaking news"' in reads("/about")
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        assert eventually(lambda: 'aria-label="Breaking news"' not in reads("/about"))


def test_a_release_happens_once(make_story: Writer, session: Session) -> None:
    story = make_story(live=False)
    due = clock.now() + timedelta(minutes=1)
    story.schedule(None, clock.now(), due)
    session.commit()
    later = due + timedelta(seconds=1)
    released = [streams.release(db.engine, later, UTC) for _ in range(3)]
    assert released == [1, 0, 0]
    assert make_story.again(story.id).status == Status.PUBLISHED
