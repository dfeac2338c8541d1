"""`flask wire`, as an editor with a terminal uses it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.wire.models import Feed, ItemSection, Source
from newsapp.wire.queries import feed_by_url, feeds
from tests.far_end import FarEnd
from tests.newsroom import subscribe
from tests.wire.test_filing import QUAKE, bring
from tests.wire.test_ingest import rss
from tests.wire.test_placing import about


def count(session: Session) -> int:
    """How many feeds there are."""
    return session.scalar(select(func.count()).select_from(Feed)) or 0


def test_a_feed_is_added_for_a_section(runner: FlaskCliRunner, session: Session) -> None:
    add = ["wire", "add", "https://news.asia/rss", "--section", "japan", "--anyway"]
    answer = runner.invoke(args=add)
    assert (answer.exit_code, answer.output) == (0, "Feed 1 is added: https://news.asia/rss\n")
    (feed,) = feeds(session)
    assert feed.section is not None
    assert feed.section.slug == "japan"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["https://news.asia/rss", "--section", "mars"], "There is no section called 'mars'."),
        (["http://localhost/rss"], "localhost is not a host of the public internet."),
        (["gopher://scmp.com/rss"], "The address must begin with https:// or http://."),
        (["https://news.asia/old"], "This feed is there already."),
    ],
)
def test_a_bad_feed_is_refused_in_a_sentence_and_changes_nothing(
    runner: FlaskCliRunner, session: Session, arguments: list[str], sentence: str
) -> None:
    subscribe(session, "https://news.asia/old")
    answer = runner.invoke(args=["wire", "add", *arguments])
    assert (answer.exit_code, answer.output) == (1, f"Error: {sentence}\n")
    assert count(session) == 1


def test_an_import_skips_what_is_known_or_refused_and_says_so(
    runner: FlaskCliRunner, session: Session, tmp_path: Path
) -> None:
    urls = ["https://a.asia/1", "https://a.asia/1", "http://10.0.0.1/"]
    outlines = "".join(f"<outline text='A' xmlUrl='{url}'/>" for url in urls)
    (tmp_path / "f.opml").write_text(f"<opml><body>{outlines}</body></opml>")
    answer = runner.invoke(args=["wire", "import", str(tmp_path / "f.opml")])
    assert answer.output == (
        "Left out 'https://a.asia/1': This feed is there already.\n"
        "Left out 'http://10.0.0.1/': 10.0.0.1 is not a host of the public internet.\n"
        "1 of 3 feeds added.\n"
    )
    assert count(session) == 1


def test_no_list_and_no_file_are_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "f.opml").write_text("<html/>")
    answer = runner.invoke(args=["wire", "import", str(tmp_path / "f.opml")])
    assert answer.output == "Error: The file is XML, but not OPML.\n"
    assert runner.invoke(args=["wire", "import", str(tmp_path / "none")]).exit_code == 2


def test_due_feeds_are_fetched_and_one_that_fails_stops_nobody(
    runner: FlaskCliRunner, session: Session, feed: Feed, far_end: FarEnd
) -> None:
    subscribe(session, far_end.serve(rss("Rain"), "/other"), title="Other")
    far_end.serve(status="404 Not Found")
    answer = runner.invoke(args=["wire", "fetch"])
    assert answer.output.splitlines() == [
        f"{far_end.url()}: 127.0.0.1 answers 404 Not Found.", "Other: 1 new",
    ]  # fmt: skip
    assert runner.invoke(args=["wire", "fetch"]).output == "No feed is due.\n"
    assert "404 Not Found. Failing since" in runner.invoke(args=["wire", "list"]).output


def test_one_feed_is_fetched_by_number_or_address(
    runner: FlaskCliRunner, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain", "Wind"))
    assert runner.invoke(args=["wire", "fetch", "1"]).output == "News Asia: 2 new\n"
    assert runner.invoke(args=["wire", "fetch", far_end.url()]).output == "News Asia: 0 new\n"
    assert runner.invoke(args=["wire", "fetch", "--all"]).output == "News Asia: 0 new\n"


@pytest.mark.parametrize("name", ["7", "https://nobody.asia/", "²", "9" * 30])
def test_an_unknown_feed_is_told(runner: FlaskCliRunner, app: Flask, name: str) -> None:
    answer = runner.invoke(args=["wire", "fetch", name])
    assert (answer.exit_code, answer.output) == (1, f"Error: There is no feed {name!r}.\n")


def test_an_address_is_kept_as_it_is_fetched(runner: FlaskCliRunner, session: Session) -> None:
    runner.invoke(args=["wire", "add", " HTTPS://News.Asia./rss#top ", "--anyway"])
    runner.invoke(args=["wire", "add", "scmp.com/rss", "--anyway"])
    assert feed_by_url(session, "https://news.asia/rss")
    assert feed_by_url(session, "https://scmp.com/rss")


def test_a_feed_is_called_as_it_calls_itself(
    runner: FlaskCliRunner, app: Flask, session: Session, far_end: FarEnd
) -> None:
    app.config["WIRE_ALLOWED_HOSTS"] = frozenset({far_end.host})
    far_end.serve(rss("Rain"))
    answer = runner.invoke(args=["wire", "add", f"{far_end.host}/feed"])
    assert answer.output == f"Feed 1 is added: {far_end.url()}\n"
    assert session.scalars(select(Source.name)).one() == "News Asia"


def test_of_an_address_with_something_else_nothing_stays(
    runner: FlaskCliRunner, app: Flask, session: Session, far_end: FarEnd
) -> None:
    app.config["WIRE_ALLOWED_HOSTS"] = frozenset({far_end.host})
    page = b"<!doctype html><link rel=alternate type=application/rss+xml href=/rss title=News>"
    answer = runner.invoke(args=["wire", "add", far_end.serve(page)])
    assert answer.exit_code == 1 and f"\n  {far_end.url('/rss')}\n" in answer.output
    assert (count(session), session.scalars(select(Source)).all()) == (0, [])


def test_a_name_turns_no_text_around(runner: FlaskCliRunner, session: Session) -> None:
    title = "Asia\u202e\u2066 News"
    runner.invoke(args=["wire", "add", "https://news.asia/rss", "--title", title, "--anyway"])
    assert session.scalars(select(Source.name)).one() == "Asia News"


def test_items_that_came_before_are_told_what_they_are_about(
    runner: FlaskCliRunner, session: Session
) -> None:
    bring(session, QUAKE, at=clock.now())
    session.execute(delete(ItemSection))
    session.commit()
    answer = runner.invoke(args=["wire", "read", "--days", "1"])
    assert (answer.exit_code, answer.output) == (0, "1 item read.\n")
    assert {"taiwan", "east-asia"} <= about(session, QUAKE)
