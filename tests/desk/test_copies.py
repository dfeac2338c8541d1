"""Unsaved words: kept while they are typed, found again, and never seen by a reader."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.stories.models import Story, WorkingCopy
from newsapp.stories.queries import copies
from tests import newsroom
from tests.newsroom import Desk, Writer

Typed = Callable[..., dict[str, Any]]
Saved = Callable[..., list[Story]]


@pytest.fixture
def keeps(desk: Desk, typed: Typed) -> Callable[..., str]:
    """What the page does while somebody types; the form's token: `keeps(story, headline=…)`."""

    def keep(story: Story | None = None, by: Desk = desk, **fields: Any) -> str:
        form = {"typed": "1", **typed(**fields)}
        if story is not None:
            form = {"version": story.version, "story": story.id, **form}
        answer = by.post(f"/desk/working-copies/{form['token']}", form)
        assert answer.status_code == 200, answer.text
        return str(form["token"])

    return keep


def shown(desk: Desk, url: str) -> str:
    return " ".join(desk.get(url).text.split())


def test_what_was_left_unsaved_is_offered_with_the_time(
    desk: Desk, keeps: Callable[..., str], make_story: Writer
) -> None:
    story = make_story(live=False)
    token = keeps(story, headline="Rain stops play, again")
    for url in (f"/desk/stories/{story.id}", "/desk/stories"):
        page = shown(desk, url)
        assert "You have unsaved text from" in page
        assert f"/desk/working-copies/{token}/restoration" in page


def test_what_was_left_more_than_once_is_one_line(desk: Desk, keeps: Callable[..., str]) -> None:
    for headline in ("Rain", "Sun", "Snow"):
        keeps(headline=headline)
    page = shown(desk, "/desk/stories/new")
    assert "<summary>You have 3 texts that are not saved</summary>" in page
    assert page.count(">Restore<") == 3


def test_a_story_never_saved_is_offered_where_one_begins(
    desk: Desk, keeps: Callable[..., str]
) -> None:
    keeps(headline="", standfirst="Only a standfirst yet")
    assert "You have unsaved text" in shown(desk, "/desk/stories/new")
    assert "You have unsaved text" in shown(desk, "/desk/stories")


def test_readers_see_nothing_of_it(
    keeps: Callable[..., str], make_story: Writer, reads: Callable[[str], Any]
) -> None:
    story = make_story()
    before = reads(f"/{story.path}")
    keeps(story, headline="Not for readers yet")
    after = reads(f"/{story.path}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_restored_words_stand_in_the_form_and_can_be_saved(
    desk: Desk, keeps: Callable[..., str], make_story: Writer
) -> None:
    story = make_story(live=False)
    token = keeps(story, headline="Rain stops play, again", tags="rain", sections=["nepal"])
    answer = desk.post(f"/desk/working-copies/{token}/restoration", {})
    page = shown(desk, answer.location)
    assert "Rain stops play, again</textarea>" in page
    assert 'value="nepal" checked' in page and 'value="rain"' in page
    assert f'name="version" type="hidden" value="{story.version}"' in page
    assert "You have unsaved text" not in page


def test_restoring_leaves_a_window_that_is_still_open_its_own_words(
    desk: Desk, keeps: Callable[..., str], make_story: Writer
) -> None:
    story = make_story(live=False)
    token = keeps(story, headline="First")
    desk.post(f"/desk/working-copies/{token}/restoration", {})
    keeps(story, headline="Typed on in the old window", token=token)
    page = shown(desk, f"/desk/stories/{story.id}")
    assert "First" in page and "Typed on in the old window" in page


def test_the_difference_to_what_is_saved_is_shown(
    desk: Desk, keeps: Callable[..., str], make_story: Writer
) -> None:
    token = keeps(make_story(live=False), headline="Rain stops play in Delhi")
    page = shown(desk, f"/desk/working-copies/{token}").replace('<span class="unseen">', "")
    assert "<del>Gone: </span>Dhaka</del><ins>New: </span>Delhi</ins>" in page


def test_the_difference_of_a_story_never_saved_is_all_of_it(
    desk: Desk, keeps: Callable[..., str]
) -> None:
    page = shown(desk, f"/desk/working-copies/{keeps()}")
    assert "Ferry sinks off Cebu" in page and "All aboard were saved." in page


def test_discarded_is_gone(desk: Desk, keeps: Callable[..., str], make_story: Writer) -> None:
    story = make_story(live=False)
    desk.post(f"/desk/working-copies/{keeps(story)}/end", {})
    assert "You have unsaved text" not in shown(desk, f"/desk/stories/{story.id}")


def test_a_save_leaves_nothing_unsaved(
    desk: Desk, keeps: Callable[..., str], typed: Typed, session: Session
) -> None:
    form = typed()
    keeps(**form)
    desk.post("/desk/stories", form)
    assert session.scalar(select(func.count()).select_from(WorkingCopy)) == 0


def test_words_that_come_late_and_are_saved_already_are_not_offered(
    desk: Desk, keeps: Callable[..., str], typed: Typed
) -> None:
    form = typed()
    desk.post("/desk/stories", form)
    keeps(**form)
    assert "You have unsaved text" not in shown(desk, "/desk/stories")


def test_what_can_not_be_saved_yet_is_kept_all_the_same(
    desk: Desk, keeps: Callable[..., str]
) -> None:
    token = keeps(headline="x" * 400, source_url="not an address", photo="99999999999999", item="x")
    answer = desk.post(f"/desk/working-copies/{token}/restoration", {})
    page = desk.get(answer.location).text
    assert "x" * 400 in page and 'value="not an address"' in page


def test_nobody_gets_at_the_words_of_others(
    desk: Desk, reporter_desk: Desk, keeps: Callable[..., str]
) -> None:
    token = keeps()
    assert reporter_desk.get(f"/desk/working-copies/{token}").status_code == 404
    for way in ("restoration", "end"):
        assert reporter_desk.post(f"/desk/working-copies/{token}/{way}", {}).status_code == 404
    assert "You have unsaved text" not in shown(reporter_desk, "/desk/stories")
    assert desk.get(f"/desk/working-copies/{token}").status_code == 200


def test_a_reporter_keeps_words_only_of_own_stories(
    reporter_desk: Desk, make_story: Writer, typed: Typed
) -> None:
    story = make_story(live=False)
    form = typed(story=story.id, typed="1")
    answer = reporter_desk.post(f"/desk/working-copies/{form['token']}", form)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"story": "999999"}, {"story": "9" * 30}, {"token": "no-token"}, {"token": "0" * 33}],
)
def test_what_is_no_form_is_not_found(desk: Desk, typed: Typed, fields: dict[str, str]) -> None:
    form = {**typed(), "typed": "1", **fields}
    assert desk.post(f"/desk/working-copies/{form['token']}", form).status_code == 404


def test_a_script_of_a_page_is_told_that_the_session_ended(client: FlaskClient) -> None:
    answer = client.get("/desk/working-copies", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 401


def test_markup_that_was_typed_is_harmless_when_it_comes_back(
    desk: Desk, keeps: Callable[..., str]
) -> None:
    attack = "</textarea><img src=x onerror=alert(1)>"
    token = keeps(headline=attack, body=f"<p>x</p>{attack}", kicker=attack, language=attack)
    location = desk.post(f"/desk/working-copies/{token}/restoration", {}).location
    renamed = location.partition("copy=")[2]
    for url in (location, f"/desk/working-copies/{renamed}", "/desk/stories"):
        assert "<img src=x" not in desk.get(url).text


# --- who else is here ---------------------------------------------------------------------------


@pytest.fixture
def colleague(desk: Desk, session: Session) -> Desk:
    """Another editor's browser."""
    newsroom.hire(session, "mei@example.org", "editor")
    return Desk(desk.client.application.test_client(), "mei@example.org")


@pytest.fixture
def asks(desk: Desk) -> Callable[..., str]:
    """What an open form is told every ten seconds."""

    def ask(story: Story, by: Desk = desk, version: int | None = None) -> str:
        token = uuid.uuid4().hex
        form = {"story": story.id, "version": version or story.version, "token": token}
        return " ".join(by.post(f"/desk/working-copies/{token}", form).text.split())

    return ask


def test_who_else_has_the_story_open_is_told(
    asks: Callable[..., str], colleague: Desk, make_story: Writer
) -> None:
    story = make_story(live=False)
    asks(story, by=colleague)
    assert "<b>Mei</b> has this story open." in asks(story)


def test_and_whether_they_have_unsaved_words(
    asks: Callable[..., str], keeps: Callable[..., str], colleague: Desk, make_story: Writer
) -> None:
    story = make_story(live=False)
    keeps(story, by=colleague)
    assert "<b>Mei</b> has this story open, with unsaved text from" in asks(story)


def test_who_left_with_unsaved_words_is_told_for_a_day(
    asks: Callable[..., str], keeps: Callable[..., str], colleague: Desk, make_story: Writer,
    session: Session,
) -> None:  # fmt: skip
    story = make_story(live=False)
    keeps(story, by=colleague)
    row = session.scalars(select(WorkingCopy)).one()
    row.seen_at = clock.now() - timedelta(minutes=1)
    session.commit()
    assert "<b>Mei</b> left unsaved text at" in asks(story)
    row.seen_at = row.typed_at = clock.now() - timedelta(days=2)
    session.commit()
    assert "Mei" not in asks(story)


def test_oneself_in_another_window_is_somebody_else(
    asks: Callable[..., str], make_story: Writer
) -> None:
    story = make_story(live=False)
    assert "<p>" not in asks(story)
    assert "<b>You</b> have this story open in another window." in asks(story)


def test_who_closed_the_window_is_here_no_more(
    asks: Callable[..., str], colleague: Desk, make_story: Writer
) -> None:
    story = make_story(live=False)
    token = uuid.uuid4().hex
    colleague.post(f"/desk/working-copies/{token}", {"story": story.id, "token": token})
    assert "Mei" in asks(story)
    assert colleague.post(f"/desk/working-copies/{token}/absence", {}).status_code == 204
    assert "Mei" not in asks(story)


def test_a_save_of_somebody_else_is_told_before_one_s_own(
    asks: Callable[..., str], colleague: Desk, make_story: Writer, typed: Typed
) -> None:
    story = make_story(live=False)
    before = story.version
    colleague.post(f"/desk/stories/{story.id}", typed(version=before))
    assert "<b>Mei</b> saved this story at" in asks(story, version=before)


def test_forms_that_are_closed_are_forgotten_in_time(
    keeps: Callable[..., str], asks: Callable[..., str], make_story: Writer, session: Session
) -> None:
    story = make_story(live=False)
    asks(story)
    keeps(story)
    now = clock.now()
    assert copies.outdated(session, now) == []
    assert len(copies.outdated(session, now + timedelta(hours=2))) == 1
    assert len(copies.outdated(session, now + timedelta(days=91))) == 2


def test_a_note_to_the_editor_is_kept_with_the_words(reporter_desk: Desk, typed: Typed) -> None:
    token = uuid.uuid4().hex
    form = typed(review_note="Please check the names", token=token, typed="1")
    reporter_desk.post(f"/desk/working-copies/{token}", form)
    answer = reporter_desk.post(f"/desk/working-copies/{token}/restoration", {})
    assert ">Please check the names</textarea>" in reporter_desk.get(answer.location).text


def test_a_note_on_a_version_stands_among_the_versions(
    desk: Desk, typed: Typed, make_story: Writer
) -> None:
    story = make_story(live=False)
    form = typed(version=story.version, note="New figures from the coast guard")
    desk.post(f"/desk/stories/{story.id}", form)
    assert (
        "New figures from the coast guard" in desk.get(f"/desk/stories/{story.id}/revisions").text
    )
