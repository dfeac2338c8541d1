"""The list of stories: narrowed down, searched, paged, and what of it is somebody's work."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.formats import Stamp
from newsapp.stories.models import Status
from newsapp.stories.queries import overview
from newsapp.stories.queries.overview import Mine, Wanted
from tests import newsroom
from tests.counting import selects
from tests.newsroom import Desk, Writer

Listed = Callable[..., list[str]]


@pytest.fixture
def listed(desk: Desk) -> Listed:
    """The headlines that the editor's list shows: `listed(words="rain")`."""
    return lambda **asked: headlines(desk, **asked)


def headlines(desk: Desk, **asked: str) -> list[str]:
    answer = desk.get("/desk/stories", query_string=asked)
    assert answer.status_code == 200, answer.status
    return re.findall(r'row__headline"[^>]*>([^<]+)</a>', answer.text)


@pytest.mark.parametrize(("asked", "found"), [
    ({"section": "japan"}, ["Rain in Japan"]),
    ({"section": "east-asia"}, ["Rain in Japan"]),
    ({"section": "politics"}, ["Vote in India", "Rain in Japan"]),
    ({"format": "analysis"}, ["Vote in India"]),
    ({"section": "india", "format": "analysis"}, ["Vote in India"]),
    ({"language": "hi"}, ["Vote in India"]),
    ({"status": "published"}, ["Rain in Japan"]),
    ({"status": "draft", "section": "japan"}, []),
    ({"words": "RAIN"}, ["Rain in Japan"]),
    ({"words": "umbrellas"}, ["Rain in Japan"]),
    ({"words": "banerjee vote"}, ["Vote in India"]),
    ({"words": "100% _"}, []),
])  # fmt: skip
def test_it_is_narrowed_down(
    listed: Listed, make_story: Writer, asked: dict[str, str], found: list[str]
) -> None:
    make_story("Rain in Japan", sections=["japan", "politics"], standfirst="Umbrellas are out.")
    make_story("Vote in India", sections=["india", "politics", "analysis"], live=False,
               language="hi", bylines=["Ana Banerjee"])  # fmt: skip
    assert listed(**asked) == found


def test_by_who_wrote_them(listed: Listed, make_story: Writer, session: Session) -> None:
    mei = newsroom.hire(session, "mei@example.org", "reporter")
    make_story("By Mei", created_by_id=mei.id)
    make_story("By nobody known")
    assert listed(author=str(mei.id)) == ["By Mei"]


def test_by_the_newsrooms_days(app: Flask, listed: Listed, make_story: Writer) -> None:
    app.config["NEWSROOM_ZONE"] = ZoneInfo("Asia/Kathmandu")
    for hour in (17, 18, 19):  # 18:15 UTC is midnight in Kathmandu
        make_story(f"At {hour}", at=datetime(2026, 3, 4, hour, 30, tzinfo=UTC), live=False)
    assert listed(since="2026-03-05") == ["At 19", "At 18"]
    assert listed(since="2026-03-04", until="2026-03-04") == ["At 17"]


@pytest.mark.parametrize(("asked", "field", "words"), [
    ({"since": "yesterday"}, "since", "Give a day, such as"),
    ({"until": "2026-02-30"}, "until", "Give a day, such as"),
    ({"since": "0001-01-01"}, "since", "Give a day of the years"),
    ({"since": "2026-03-05", "until": "2026-03-04"}, "until", "before the first"),
    ({"section": "atlantis"}, "section", "Not a valid choice"),
    ({"author": "9" * 40}, "author", "Not a valid choice"),
    ({"language": "\x00" * 9}, "language", "Not a valid choice"),
])  # fmt: skip
def test_what_can_not_be_is_said_at_its_field(
    desk: Desk, asked: dict[str, str], field: str, words: str
) -> None:
    answer = desk.get("/desk/stories", query_string=asked)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert f'href="#{field}"' in answer.text


def test_a_day_that_is_none_comes_back_as_it_was_typed(desk: Desk) -> None:
    page = desk.get("/desk/stories?since=yesterday").text
    assert re.search(r'<input[^>]*name="since"[^>]*type="text"[^>]*value="yesterday"', page)


@pytest.mark.parametrize("args", [
    "status=gone", "mine=yours", "before=x", f"before={'9' * 16}-1", "_external=1&_scheme=x&words=",
    "words=" + "x" * 10_000, "words=%00%ff", "section=&status=published&_anchor=x",
])  # fmt: skip
def test_whatever_is_in_the_address_nothing_breaks(desk: Desk, args: str) -> None:
    answer = desk.get(f"/desk/stories?{args}", follow_redirects=True)
    assert answer.status_code in (200, 400, 404)


def test_the_address_to_keep_names_only_what_is_chosen(desk: Desk) -> None:
    answer = desk.get("/desk/stories?words=rain&section=&author=0&since=&until=&status=draft")
    assert answer.location == "/desk/stories?words=rain&status=draft"


def test_a_story_is_found_by_its_address_or_number(listed: Listed, make_story: Writer) -> None:
    story = make_story("Rain in Japan")
    make_story("Another")
    for pasted in (
        f"https://news.example/{story.path}?utm_source=x", f"/{story.path}",
        f"http://127.0.0.1:8000/desk/stories/{story.id}/preview", f"#{story.id}", str(story.id),
    ):  # fmt: skip
        assert listed(words=pasted) == ["Rain in Japan"], pasted
    assert listed(words="https://news.example/2020/01/01/nothing") == []


def test_a_number_is_looked_for_as_a_word_too(listed: Listed, make_story: Writer) -> None:
    story = make_story("First")
    make_story(f"Flight {story.id} lands")
    assert listed(words=str(story.id)) == ["First", f"Flight {story.id} lands"]


def test_a_reporter_finds_only_their_own(
    reporter_desk: Desk, typed: Callable[..., dict[str, Any]], make_story: Writer
) -> None:
    secret = make_story("Secret", live=False, sections=["japan"])
    reporter_desk.post("/desk/stories", typed(sections=["japan"]))
    author = secret.created_by_id or 0
    for asked in ({}, {"section": "japan"}, {"status": "draft"}, {"mine": "changed"}):
        assert "Secret" not in headlines(reporter_desk, **asked)
    for words in (str(secret.id), "secret", f"/desk/stories/{secret.id}"):
        assert headlines(reporter_desk, words=words) == []
    assert reporter_desk.get(f"/desk/stories?author={author + 1}").status_code == 422
    assert headlines(reporter_desk, section="japan") == ["Ferry sinks off Cebu"]
    assert headlines(reporter_desk, mine="review") == []


def test_older_ones_are_a_page_further(
    desk: Desk, make_story: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview.page, "__defaults__", (None, 2))
    at = clock.now()
    for n in range(5):
        make_story(f"Story {n}", at=at - timedelta(minutes=n // 2), live=False)
    seen, url = list[str](), "/desk/stories?status=draft"
    while url:
        page = desk.get(url).text
        seen += re.findall(r'row__headline"[^>]*>([^<]+)</a>', page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        url = older[1].replace("&amp;", "&") if older else ""
    assert sorted(seen) == [f"Story {n}" for n in range(5)] and len(set(seen)) == 5
    assert seen[-1] == "Story 4"


def test_a_page_says_how_far_it_looked(
    desk: Desk, listed: Listed, make_story: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "WINDOW", 3)
    at = clock.now()
    for n in range(7):
        make_story("Needle" if n == 6 else f"Hay {n}", at=at - timedelta(minutes=n))
    url, looks = "/desk/stories?words=needle", 0
    while "Needle</a>" not in (page := desk.get(url).text):
        assert "Look further back" in page
        url = re.findall(r'href="([^"]+)" rel="next"', page)[0].replace("&amp;", "&")
        looks += 1
    assert looks == 2


def test_nothing_found_says_what_to_do(desk: Desk, make_story: Writer) -> None:
    make_story()
    page = desk.get("/desk/stories?words=zebra&section=japan&status=draft").text
    assert "No story has all of “zebra”" in page
    assert 'href="/desk/stories?words=zebra&amp;status=draft">Not only: Japan' in page
    assert "Nothing was sent back to you" in desk.get("/desk/stories?mine=back").text


def mine(desk: Desk) -> dict[str, str]:
    page = desk.get("/desk/", follow_redirects=True).text
    return dict(re.findall(r"mine=(\w+)\"[^>]*><b>([^<]+)</b>", page))


def test_my_work_is_counted_and_shown_first(
    desk: Desk, reporter_desk: Desk, typed: Callable[..., dict[str, Any]], make_story: Writer,
) -> None:  # fmt: skip
    reporter_desk.post("/desk/stories", typed(headline="Handed in", then="review"))
    desk.post("/desk/stories", typed(headline="The editor’s own"))
    page = desk.get("/desk/stories").text
    assert page.index("My work") < page.index("row__headline")
    assert mine(desk) == {"review": "1", "back": "0", "unsaved": "0", "wrote": "1", "changed": "1"}
    assert headlines(desk, mine="review") == ["Handed in"]
    number = re.findall(r"/desk/stories/(\d+)\"[^>]*>Handed in", desk.get("/desk/stories").text)[0]
    desk.post(f"/desk/stories/{number}/review/end", {"review_note": ""})
    assert mine(reporter_desk) == {"back": "1", "unsaved": "0", "wrote": "1", "changed": "0"}
    assert headlines(reporter_desk, mine="back") == ["Handed in"]
    assert headlines(desk, mine="changed") == ["Handed in", "The editor’s own"]
    token = uuid.uuid4().hex
    words = typed(story=number, version="2", typed="1", headline="More to it")
    assert desk.post(f"/desk/working-copies/{token}", words).status_code == 200
    assert mine(desk)["unsaved"] == "1"
    assert headlines(desk, mine="unsaved") == ["Handed in"]
    words = typed(headline="Handed in", version="3", then="review")
    reporter_desk.post(f"/desk/stories/{number}", words)
    assert mine(reporter_desk)["back"] == "0"


LISTS: dict[str, tuple[Wanted, str]] = {
    "all": (Wanted(), "ix_stories_changed"),
    "a status": (Wanted(status=Status.DRAFT), "ix_stories_desk"),
    "an author": (Wanted(author_id=7), "ix_stories_author"),
    "what I wrote": (Wanted(mine=Mine.WROTE), "ix_stories_author"),
    "what I changed": (Wanted(mine=Mine.CHANGED), "ix_stories_changer"),
    "sent back": (Wanted(mine=Mine.BACK), "ix_stories_author"),
    "to review": (Wanted(mine=Mine.REVIEW), "ix_stories_desk"),
    "days": (Wanted(start=clock.now() - timedelta(days=1), end=clock.now()), "ix_stories_changed"),
    "a section": (Wanted(section_ids=(3, 4)), "ix_stories_changed"),
    "words": (Wanted(words="rain"), "ix_stories_changed"),
    "a language": (Wanted(language="hi"), "ix_stories_changed"),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("further", [False, True])
def test_each_list_is_one_range_scan_of_its_index(
    session: Session, editor: User, name: str, further: bool
) -> None:
    wanted, index = LISTS[name]
    stamp = Stamp(clock.now(), 5) if further else None
    floor = Stamp(clock.now() - timedelta(days=9), 2)
    for query in (
        overview.scan_of(wanted, editor, stamp, floor if further else None).limit(51),
        overview.floor_of(wanted, editor, stamp),
    ):
        plan = plan_of(session, query)
        # Between two stamps that are near each other the days are as good a guide.
        assert index in plan or (further and "ix_stories_changed" in plan), plan
        assert "TEMP B-TREE" not in plan and "Sort" not in plan, plan


def plan_of(session: Session, query: Select[Any]) -> str:
    """How the database goes about it, on a table that is worth an index."""
    connection = session.connection()
    if on_sqlite := connection.dialect.name == "sqlite":
        explain = "EXPLAIN QUERY PLAN"
    else:
        explain = "EXPLAIN"
        for kind in ("seqscan", "bitmapscan", "sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
    made = query.compile(connection, compile_kwargs={"render_postcompile": True})
    values = made.construct_params()
    found = {n: made._bind_processors.get(n, lambda v: v)(v) for n, v in values.items()}
    given = tuple(found[n] for n in made.positiontup or ()) if on_sqlite else found
    rows = connection.exec_driver_sql(f"{explain} {made}", given)
    return "\n".join(str(row) for row in rows)


def test_the_list_costs_the_same_however_long_it_is(desk: Desk, make_story: Writer) -> None:
    for n in range(12):
        make_story(f"Story {n}")
    with selects() as sent:
        desk.get("/desk/stories?words=story&section=bangladesh")
    assert len(sent) <= 20, "\n".join(sent)
    for n in range(30):
        make_story(f"Story again {n}")
    with selects() as sent:
        desk.get("/desk/stories?words=story&section=bangladesh")
    assert len(sent) <= 20, "\n".join(sent)
