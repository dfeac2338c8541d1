"""The schedule: stories that come out by themselves, on the clocks that people look at."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer
from tests.patience import eventually


@pytest.fixture
def draft(make_story: Writer) -> Story:
    return make_story("Snow is on its way", sections=["nepal", "news"], live=False)


def url(story: Story) -> str:
    return f"/desk/stories/{story.id}/schedule"


@pytest.mark.parametrize(("zone", "expected"), [
    ("UTC", datetime(2090, 3, 1, 6, 30, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2090, 3, 1, 0, 45, tzinfo=UTC)),
])  # fmt: skip
def test_a_story_is_scheduled_on_any_of_its_clocks(
    desk: Desk, draft: Story, make_story: Writer, zone: str, expected: datetime
) -> None:
    form = {"when": "2090-03-01T06:30", "zone": zone}
    answer = desk.post(url(draft), form)
    assert answer.status_code == 303
    story = make_story.again(draft.id)
    assert (story.status, story.publish_at) == ("scheduled", expected)
    page = desk.get(answer.location).text
    assert "Scheduled. It comes out by itself" in page and "Take off the schedule" in page


def test_it_comes_out_when_its_time_has_come(
    desk: Desk, draft: Story, session: Session, reads: Callable[[str], Any]
) -> None:
    desk.post(url(draft), {"when": "2090-03-01T06:30", "zone": "UTC"})
    session.expire_all()
    draft.publish_at = clock.now() - timedelta(seconds=1)
    session.commit()
    assert "Snow is on its way" in reads("/latest").text


@pytest.mark.parametrize(("when", "words"), [
    ("", "Give a day and a time."), ("tomorrow", "such as 2026-11-24 18:30"),
    ("2090-02-30T10:00", "such as 2026-11-24 18:30"), ("2020-01-01T10:00", "That is past."),
    ("9999-12-31T23:59", "too far ahead"), ("2090-01-01T10:00" * 50, "such as"),
])  # fmt: skip
def test_a_time_that_can_not_be_is_said_at_the_field(
    desk: Desk, draft: Story, make_story: Writer, when: str, words: str
) -> None:
    answer = desk.post(url(draft), {"when": when, "zone": "UTC"})
    assert answer.status_code == 422
    assert words in answer.text and 'href="#when"' in answer.text
    assert make_story.again(draft.id).status == "draft"


@pytest.mark.parametrize("zone", ["", "Europe/London", "Nowhere/At_all", "x" * 500])
def test_a_clock_that_was_not_offered_is_refused(desk: Desk, draft: Story, zone: str) -> None:
    answer = desk.post(url(draft), {"when": "2090-03-01T06:30", "zone": zone})
    assert answer.status_code == 422


def test_a_time_that_clocks_jump_over_is_refused_and_one_that_comes_twice_asked_about(
    desk: Desk, make_story: Writer
) -> None:
    story = make_story("Beirut sleeps", sections=["lebanon"], live=False)
    form = {"zone": "Asia/Beirut"}
    never = desk.post(url(story), {**form, "when": "2027-03-28T00:30"})
    assert (never.status_code, "never show 00:30" in never.text) == (422, True)
    twice = desk.post(url(story), {**form, "when": "2027-10-30T23:30"})
    assert (twice.status_code, "show 23:30 twice" in twice.text) == (422, True)
    assert "The second time" in twice.text
    moments = []
    for which in ("first", "second"):
        desk.post(url(story), {**form, "when": "2027-10-30T23:30", "second": which})
        moments.append(make_story.again(story.id).publish_at)
    first, second = moments
    assert first and second and second - first == timedelta(hours=1)


def test_it_is_taken_off_again(desk: Desk, draft: Story, make_story: Writer) -> None:
    desk.post(url(draft), {"when": "2090-03-01T06:30", "zone": "UTC"})
    desk.post(f"{url(draft)}/end", {})
    story = make_story.again(draft.id)
    assert (story.status, story.publish_at) == ("draft", None)
    assert desk.post(f"{url(draft)}/end", {}).status_code == 409


def test_what_is_out_does_not_come_out_again(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    answer = desk.post(url(story), {"when": "2090-03-01T06:30", "zone": "UTC"})
    assert (answer.status_code, make_story.again(story.id).status) == (422, "published")
    assert "Give the day and the time at which it comes down." in answer.text


def test_what_was_withdrawn_is_not_scheduled(
    desk: Desk, make_story: Writer, session: Session
) -> None:
    story = make_story()
    story.withdraw(None, clock.now(), "None of it.")
    session.commit()
    assert desk.get(url(story)).status_code == 409


def test_a_story_is_given_its_end_with_its_beginning(
    desk: Desk, draft: Story, make_story: Writer
) -> None:
    form = {"when": "2090-03-01T06:30", "end": "2090-03-08T06:30", "zone": "Asia/Kathmandu"}
    page = desk.get(desk.post(url(draft), form).location).text
    story = make_story.again(draft.id)
    assert story.unpublish_at == datetime(2090, 3, 8, 0, 45, tzinfo=UTC)
    assert "and comes down by itself" in page
    assert 'value="2090-03-08T00:45"' in desk.get(url(draft)).text
    desk.post(f"{url(draft)}/end", {})
    assert make_story.again(draft.id).unpublish_at is None


@pytest.mark.parametrize(("end", "words"), [
    ("2090-03-01T06:30", "come down before it is out"), ("2020-01-01T10:00", "That is past."),
    ("2090-02-30T10:00", "such as 2026-11-24 18:30"), ("9999-12-31T23:59", "too far ahead"),
    ("\x00\ud800" * 9, "such as"),
])  # fmt: skip
def test_an_end_that_can_not_be_is_said_at_its_field(
    desk: Desk, draft: Story, make_story: Writer, end: str, words: str
) -> None:
    end = end.encode("utf-8", "replace").decode()
    form = {"when": "2090-03-01T06:30", "end": end, "zone": "UTC"}
    answer = desk.post(url(draft), form)
    assert answer.status_code == 422
    assert words in answer.text and 'href="#end"' in answer.text
    assert make_story.again(draft.id).status == "draft"


def test_an_end_that_clocks_jump_over_is_refused_and_one_that_comes_twice_asked_about(
    desk: Desk, make_story: Writer
) -> None:
    story = make_story("Beirut sleeps", sections=["lebanon"])
    never = desk.post(url(story), {"zone": "Asia/Beirut", "end": "2027-03-28T00:30"})
    assert (never.status_code, "never show 00:30" in never.text) == (422, True)
    twice = desk.post(url(story), {"zone": "Asia/Beirut", "end": "2027-10-30T23:30"})
    assert (twice.status_code, 'name="end_second"' in twice.text) == (422, True)


def test_a_live_story_comes_down_by_itself_and_its_address_says_so(
    desk: Desk, make_story: Writer, reads: Callable[[str], Any]
) -> None:
    story = make_story("Rights for a week", sections=["nepal"])
    desk.post(url(story), {"end": "2090-03-08T06:30", "zone": "UTC"})
    ending = make_story.again(story.id)
    assert (ending.live, ending.updated_at) == (True, None)
    assert "Rights for a week" in reads("/nepal").text
    with time_machine.travel(datetime(2090, 3, 8, 6, 30, 1, tzinfo=UTC)):
        assert eventually(lambda: "Rights for a week" not in reads("/nepal").text)
        answer = reads(f"/{story.path}")
    assert answer.status_code == 410
    assert "“Rights for a week” was here until 8 March 2090" in unescape(
        re.sub("<[^>]+>", "", answer.text)
    )
    ended = make_story.again(story.id)
    assert (ended.status, ended.unpublish_at) == ("draft", None)


def test_out_again_it_is_there_again_and_taken_back_by_hand_it_is_just_gone(
    make_story: Writer, session: Session, reads: Callable[[str], Any]
) -> None:
    story = make_story("Rights for a week")
    story.come_down(clock.now())
    session.commit()
    path = story.path
    assert reads(f"/{path}").status_code == 410
    make_story.again(story.id).publish(None, clock.now(), "")
    session.commit()
    assert reads(f"/{path}").status_code == 200
    make_story.again(story.id).unpublish(None, clock.now())
    session.commit()
    assert reads(f"/{path}").status_code == 404


def test_a_live_story_is_let_stay(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    desk.post(url(story), {"end": "2090-03-08T06:30", "zone": "UTC"})
    assert "Let it stay" in desk.get(url(story)).text
    desk.post(f"{url(story)}/end", {})
    kept = make_story.again(story.id)
    assert (kept.live, kept.unpublish_at) == (True, None)


def test_what_comes_down_is_on_the_list(desk: Desk, make_story: Writer) -> None:
    desk.post(url(make_story("Up for now")), {"end": "2090-03-08T06:30", "zone": "UTC"})
    page = desk.get("/desk/schedule").text
    assert ">Up for now<" in page and "Comes down" in page


def test_the_due_one_is_before_readers_with_every_worker_dead(
    make_story: Writer, session: Session, client: FlaskClient
) -> None:
    """Through the edge and warm caches, as a reader has it; no worker runs in tests."""
    story = make_story("On the dot", live=False)
    due = clock.now() + timedelta(seconds=2)
    story.schedule(None, clock.now(), due)
    session.commit()
    assert "On the dot" not in client.get("/latest").text
    assert eventually(lambda: "On the dot" in client.get("/latest").text, within=12)
    session.expire_all()
    assert story.published_at is not None
    assert story.published_at - due < timedelta(seconds=5)


def test_a_reporter_schedules_nothing(reporter_desk: Desk, draft: Story) -> None:
    answer = reporter_desk.post(url(draft), {"when": "2090-03-01T06:30", "zone": "UTC"})
    assert answer.status_code == 403
    assert reporter_desk.get("/desk/schedule").status_code == 403


def test_a_picture_without_its_words_is_not_scheduled(
    desk: Desk, draft: Story, session: Session
) -> None:
    photo = Photo(hash="a" * 32, width=1600, height=900)
    session.add(photo)
    session.flush()
    draft.photo_id = photo.id
    session.commit()
    answer = desk.post(url(draft), {"when": "2090-03-01T06:30", "zone": "UTC"})
    assert answer.status_code == 422
    assert "The photo lacks its description in words" in answer.text


@pytest.fixture
def stuck(session: Session) -> Iterator[None]:
    """A database that lets no story come out."""
    postgres = session.get_bind().dialect.name == "postgresql"
    session.execute(text("CREATE RULE stuck AS ON UPDATE TO stories DO INSTEAD NOTHING" if postgres
                         else "CREATE TRIGGER stuck BEFORE UPDATE ON stories "
                         "BEGIN SELECT RAISE(IGNORE); END"))  # fmt: skip
    session.commit()
    yield
    session.execute(text("DROP RULE stuck ON stories" if postgres else "DROP TRIGGER stuck"))
    session.commit()


def test_the_list_tells_what_comes_when_and_what_is_overdue(
    desk: Desk, make_story: Writer, session: Session, request: pytest.FixtureRequest
) -> None:
    now = clock.now()
    for headline, after in (("Soon", 2), ("Later", 50), ("Late", -1)):
        story = make_story(headline, sections=["nepal"], live=False)
        story.schedule(None, now - timedelta(hours=3), now + timedelta(hours=after))
    session.commit()
    request.getfixturevalue("stuck")
    page = desk.get("/desk/schedule").text
    assert page.index(">Late<") < page.index(">Soon<") < page.index("<h2>Later</h2>")
    assert page.index("<h2>Later</h2>") < page.index(">Later</a>")
    assert page.count("Overdue</strong>") == 1
    assert "<span>Nepal " in page


def test_an_empty_schedule_says_what_to_do(desk: Desk) -> None:
    assert "Nothing is scheduled" in desk.get("/desk/schedule").text


def test_what_is_typed_is_shown_on_every_clock_with_the_year_when_it_is_another(
    desk: Desk, draft: Story
) -> None:
    typed = {"when": "2090-03-26T02:30", "end": "2090-12-31T23:00", "zone": "UTC"}
    page = desk.get(f"{url(draft)}/clocks", query_string=typed).text
    now, _, shown = " ".join(re.sub("<[^>]+>", " ", page).split()).partition(" Comes out ")
    assert now.startswith("Now Newsroom and UTC ") and not re.search(r"[a-z] \d{4},", now)
    assert shown == (
        "Newsroom and UTC Sun 26 Mar 2090, 02:30 Nepal Sun 26 Mar 2090, 08:15 "
        "Comes down Newsroom and UTC Sun 31 Dec 2090, 23:00 Nepal Mon 1 Jan 2091, 04:45"
    )


def test_a_time_that_comes_twice_is_shown_twice(desk: Desk, make_story: Writer) -> None:
    story = make_story("Beirut sleeps", sections=["lebanon"], live=False)
    typed = {"until": "2027-10-30T23:30", "zone": "Asia/Beirut"}
    shown = desk.get(f"/desk/stories/{story.id}/embargo/clocks", query_string=typed).text
    assert "Not before, the first time" in shown and "Not before, the second time" in shown


@pytest.mark.parametrize("when", ["", "tomorrow", "9999-12-31T23:59", "0001-01-01T00:00", "\0"])
def test_what_is_no_time_yet_is_on_no_clock(desk: Desk, draft: Story, when: str) -> None:
    answer = desk.get(f"{url(draft)}/clocks", query_string={"when": when, "zone": "UTC"})
    assert (answer.status_code, "Comes out" in answer.text) == (200, False)
