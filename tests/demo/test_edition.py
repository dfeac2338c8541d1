"""The demo edition: a full paper on the first morning, and gone without a trace."""

from collections import Counter
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.demo.load import edition
from newsapp.extensions import Model
from newsapp.media.models import Photo
from newsapp.stories.models import Kind
from newsapp.stories.queries import sections
from tests.newsroom import Writer

WRITTEN = list(edition())


KEPT = ("streams", "sections", "deeds")


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has, but for the streams, which only ever rise, and for the log
    of who did what, which tells of both."""
    session.rollback()
    tables = [t for t in Model.metadata.sorted_tables if t.name not in KEPT]
    counts = {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
    return {name: count for name, count in counts.items() if count}


def test_it_covers_every_region_topic_and_format(session: Session) -> None:
    tree = sections.tree(session)
    filed = Counter(slug for story in WRITTEN for slug in story["sections"])
    regions = {tree.get(parent).slug for slug in filed
               if (place := tree.find(slug)) and (parent := place.parent_id)}  # fmt: skip
    assert len(WRITTEN) >= 60
    assert regions == {place.slug for place in tree.regions}
    for kind in (Kind.TOPIC, Kind.FORMAT):
        assert [place.slug for place in tree.of_kind(kind) if not filed[place.slug]] == []


def test_it_has_breaking_news_originals_and_excerpts() -> None:
    assert [story for story in WRITTEN if story.get("breaking_hours")]
    assert len([story for story in WRITTEN if story.get("source_url")]) >= 5
    assert len([story for story in WRITTEN if not story.get("source_url")]) >= 30
    assert any("Putin, Kim sign" in story["headline"] for story in WRITTEN)


def test_every_picture_has_alt_text_and_a_credit() -> None:
    pictures = [story["picture"] for story in WRITTEN if "picture" in story]
    assert len(pictures) >= 30
    assert [p for p in pictures if not p["alt"].strip() or not p["credit"].strip()] == []


def test_it_comes_labelled_and_goes_without_a_trace(
    app: Flask, runner: FlaskCliRunner, client: FlaskClient, session: Session, make_story: Writer
) -> None:
    own = make_story("Our own first story", tags=["China"])
    media = Path(app.config["MEDIA_FOLDER"])
    before = rows(session)

    loaded = runner.invoke(args=["demo", "load"])
    assert loaded.exit_code == 0, loaded.output
    again = runner.invoke(args=["demo", "load"])
    assert again.exit_code == 1 and "loaded already" in again.output
    assert "Demonstration edition" in client.get("/", headers={"Authorization": "none"}).text
    assert any(media.iterdir())

    removed = runner.invoke(args=["demo", "remove"])
    assert f"{len(WRITTEN)} stories removed" in removed.output
    assert rows(session) == before
    assert list(media.iterdir()) == []
    page = client.get("/", headers={"Authorization": "none"}).text
    assert "Demonstration" not in page
    assert f'href="/{own.path}"' in page


def test_a_picture_that_a_story_of_one_s_own_shows_stays(
    runner: FlaskCliRunner, session: Session, make_story: Writer
) -> None:
    theirs, ours = (
        Photo(hash=letter * 32, width=1600, height=900, alt="A pier", demo=True) for letter in "ab"
    )
    session.add_all((theirs, ours))
    session.commit()
    make_story("Invented", photo_id=theirs.id, demo=True)
    own = make_story("Our own, with their picture", photo_id=ours.id)
    removed = runner.invoke(args=["demo", "remove"])
    assert "1 stories removed" in removed.output
    session.rollback()
    assert list(session.scalars(select(Photo.hash))) == ["b" * 32]
    assert make_story.again(own.id).photo is not None
