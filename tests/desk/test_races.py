"""Many hands at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.desk.feeds import OURS
from newsapp.stories.models import Story
from newsapp.wire.models import Feed, Source
from newsapp.wire.opml import feeds
from tests.desk.test_wire import bring, values
from tests.newsroom import Desk, Writer
from tests.wire.test_filing import QUAKE, item

HANDS = 6


@pytest.fixture
def at_once(app: Flask, editor: User) -> Callable[[str, dict[str, Any]], list[int]]:
    """Sends one form from several browsers at the same moment; what each was answered."""
    desks = [Desk(app.test_client(), editor.email) for _ in range(HANDS)]

    def send(url: str, form: dict[str, Any]) -> list[int]:
        with ThreadPoolExecutor(HANDS) as pool:
            return [a.status_code for a in pool.map(lambda desk: desk.post(url, form), desks)]

    return send


def test_one_form_makes_one_story(
    at_once: Callable[..., list[int]], typed: Callable[..., dict[str, Any]],
    saved: Callable[[], list[Story]],
) -> None:  # fmt: skip
    assert at_once("/desk/stories", typed(then="publication")) == [303] * HANDS
    assert len(saved()) == 1


def test_many_stories_of_one_headline_all_come_out(
    app: Flask, editor: User, typed: Callable[..., dict[str, Any]], saved: Callable[[], list[Story]]
) -> None:
    desks = [Desk(app.test_client(), editor.email) for _ in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        sent = [
            pool.submit(desk.post, "/desk/stories", typed(then="publication")) for desk in desks
        ]
        assert [answer.result().status_code for answer in sent] == [303] * HANDS
    assert len({story.path for story in saved()}) == HANDS


def test_two_editors_make_one_story_of_an_item(
    app: Flask, editor: User, session: Session, saved: Callable[[], list[Story]]
) -> None:
    bring(session, QUAKE)
    url = f"/desk/stories/new?item={item(session, QUAKE).id}"
    desks = [Desk(app.test_client(), editor.email) for _ in range(2)]
    forms = [{**values(desk.get(url).text), "then": "save"} for desk in desks]
    with ThreadPoolExecutor() as pool:
        answers = [*pool.map(lambda desk, form: desk.post("/desk/stories", form), desks, forms)]
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(saved()) == 1


def test_one_line_breaks_one_story(
    at_once: Callable[..., list[int]], saved: Callable[[], list[Story]]
) -> None:
    form = {"headline": "Quake hits Honshu", "place": "japan", "token": "0" * 32}
    assert at_once("/desk/breaking", form) == [303] * HANDS
    assert len(saved()) == 1


def test_one_draft_is_published_once(at_once: Callable[..., list[int]], make_story: Writer) -> None:
    story = make_story(live=False)
    version = story.version
    assert at_once(f"/desk/stories/{story.id}/publication", {}) == [303] * HANDS
    assert make_story.again(story.id).version == version + 1


def test_first_words_that_come_several_times_at_once_are_all_kept(
    at_once: Callable[..., list[int]], typed: Callable[..., dict[str, Any]]
) -> None:
    form = typed(typed="y")
    assert at_once(f"/desk/working-copies/{form['token']}", form) == [200] * HANDS


def test_an_address_that_several_add_at_once_is_one_feed(
    at_once: Callable[..., list[int]], session: Session
) -> None:
    for number in range(5):
        form = {"url": f"https://post.example/{number}", "section": "0", "anyway": "1"}
        assert sorted(at_once("/desk/wire/feeds", form)) == [303] + [422] * (HANDS - 1)
    assert len(session.scalars(select(Feed)).all()) == 5
    assert len(session.scalars(select(Source)).all()) == 1


def test_a_list_that_several_send_at_once_is_taken_once(
    at_once: Callable[..., list[int]], session: Session
) -> None:
    assert at_once("/desk/wire/feeds.opml", {"ours": "y"}) == [200] * HANDS
    assert len(session.scalars(select(Feed)).all()) == len(feeds(OURS.read_bytes()))
