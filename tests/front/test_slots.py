"""Slots: what an editor put into a place stands there for its time; the newest fill the rest."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests.newsroom import Writer, lay_out
from tests.patience import eventually

LINK = re.compile(r'<h\d class="card__headline[^>]*><a href="([^"]+)"')
PAST_THE_EDGE = {"Authorization": "none"}
Places = Callable[[int, Story], None]


@pytest.fixture
def pin(session: Session, editor: User) -> Callable[..., None]:
    """Launches a front: `pin("latest", {1: story}, until=…)`."""

    def pin(front: str, stories: dict[int, Story], **options: Any) -> None:
        lay_out(session, editor, front, stories, **options)

    return pin


@pytest.fixture
def paper(make_story: Writer) -> list[Story]:
    """Twelve stories of East Asia, the oldest first."""
    start = clock.now() - timedelta(hours=20)
    return [
        make_story(f"Story {n}", sections=["japan", "news"], at=start + timedelta(hours=n))
        for n in range(12)
    ]


def order(client: FlaskClient, url: str = "/") -> list[str]:
    """The stories of a page above the river, in its order."""
    return LINK.findall(client.get(url, headers=PAST_THE_EDGE).text)


def paths(*stories: Story) -> list[str]:
    return [f"/{story.path}" for story in stories]


def test_a_slot_leads_whatever_came_in_since(
    client: FlaskClient, paper: list[Story], pin: Any
) -> None:
    pin("latest", {1: paper[3]})
    assert order(client)[:4] == paths(paper[3], *paper[:-4:-1])


def test_places_without_a_slot_are_filled_by_the_newest_and_nothing_stands_twice(
    client: FlaskClient, paper: list[Story], pin: Any
) -> None:
    pin("latest", {2: paper[11], 4: paper[0]})
    standing = order(client)
    assert standing[:4] == paths(paper[10], paper[11], paper[9], paper[0])
    assert len(standing) == len(set(standing))


def test_breaking_news_stands_beside_a_lead_that_was_set(
    client: FlaskClient, paper: list[Story], pin: Any, make_story: Writer, photo: Photo
) -> None:
    quake = make_story("Quake", at=clock.now() - timedelta(days=2), breaking=True)
    pin("latest", {1: paper[3]})
    assert order(client)[:2] == paths(paper[3], quake)


def test_a_region_s_slots_stand_on_its_page_and_in_its_band(
    client: FlaskClient, paper: list[Story], pin: Any
) -> None:
    pin("east-asia", {1: paper[0], 3: paper[1]})
    top = paths(paper[0], paper[11], paper[1], paper[10], paper[9], paper[8])
    assert order(client, "/east-asia")[:6] == top
    # On the front page the four newest stand higher up.
    assert order(client)[4:9] == paths(paper[0], paper[7], paper[1], paper[6], paper[5])


def test_a_region_s_page_lists_each_story_once(
    client: FlaskClient, paper: list[Story], pin: Any
) -> None:
    pin("east-asia", {1: paper[0], 3: paper[11]})
    standing = order(client, "/east-asia")
    assert sorted(standing) == sorted(paths(*paper))


def test_a_story_picked_for_both_leads_the_front_page_and_leaves_the_band_to_the_newest(
    client: FlaskClient, paper: list[Story], pin: Any
) -> None:
    pin("east-asia", {1: paper[0]})
    pin("latest", {1: paper[0]})
    standing = order(client)
    assert standing[0] == f"/{paper[0].path}"
    assert standing.count(standing[0]) == 1
    assert standing[4] == f"/{paper[8].path}"


@pytest.mark.parametrize("take_down", [
    lambda story: story.withdraw(None, clock.now(), "Not true."),
    lambda story: story.unpublish(None, clock.now()),
])  # fmt: skip
def test_what_is_taken_down_falls_out(
    client: FlaskClient, session: Session, paper: list[Story], pin: Any, make_story: Writer,
    take_down: Callable[[Story], None],
) -> None:  # fmt: skip
    for front in ("latest", "east-asia"):
        pin(front, {1: paper[3]})
    assert order(client)[0] == f"/{paper[3].path}"
    take_down(make_story.again(paper[3].id))
    session.commit()
    for url in ("/", "/east-asia"):
        assert order(client, url)[0] == f"/{paper[11].path}"
        assert f"/{paper[3].path}" not in order(client, url)


def test_what_is_filed_elsewhere_leaves_the_region_s_top(
    client: FlaskClient, session: Session, paper: list[Story], pin: Any, make_story: Writer
) -> None:
    pin("east-asia", {1: paper[3]})
    make_story.again(paper[3].id).file_under([])
    session.commit()
    assert f"/{paper[3].path}" not in order(client, "/east-asia")


@pytest.mark.parametrize(("front", "url"), [("latest", "/"), ("east-asia", "/east-asia")])
def test_a_slot_ends_by_the_clock_alone(
    client: FlaskClient, paper: list[Story], pin: Any, front: str, url: str
) -> None:
    until = clock.now() + timedelta(hours=3)
    pin(front, {1: paper[3]}, until=until)
    with time_machine.travel(until - timedelta(minutes=1)):
        assert order(client, url)[0] == f"/{paper[3].path}"
    with time_machine.travel(until + timedelta(seconds=1)):
        assert eventually(lambda: order(client, url)[0] == f"/{paper[11].path}")


def test_an_open_page_is_told_that_its_front_was_laid_out_anew(
    client: FlaskClient, paper: list[Story], pin: Any
) -> None:
    for front, url, words in (("latest", "/", "New front page"),
                              ("east-asia", "/east-asia", "New top stories")):  # fmt: skip
        poll = re.search(r'"(/pulse/[^"]+top=[^"]+)"', client.get(url, headers=PAST_THE_EDGE).text)
        assert poll is not None
        address = poll[1].replace("&amp;", "&")
        assert client.get(address, headers=PAST_THE_EDGE).status_code == 204
        pin(front, {1: paper[3]})
        assert words in client.get(address, headers=PAST_THE_EDGE).text
        # Until it is looked at, also when something else changes.
        again = re.search(r'"(/pulse/[^"]+top=[^"]+)"', client.get(address).text)
        assert again is not None and again[1].endswith(poll[1][-8:])


def test_a_new_story_alone_is_no_new_front_page(
    client: FlaskClient, paper: list[Story], pin: Any, make_story: Writer
) -> None:
    pin("latest", {1: paper[3]})
    poll = re.search(r'"(/pulse/front[^"]+)"', client.get("/", headers=PAST_THE_EDGE).text)
    make_story("Newer")
    assert poll is not None
    answer = client.get(poll[1].replace("&amp;", "&"), headers=PAST_THE_EDGE).text
    assert "1 new story" in answer and "New front page" not in answer


@pytest.mark.parametrize("top", ["x", "0" * 9, "ABCDEF01", "%00" * 8])
def test_a_mark_that_nobody_was_given_is_refused(
    client: FlaskClient, make_story: Writer, top: str
) -> None:
    make_story()
    assert client.get(f"/pulse/front?seen=0.0&top={top}").status_code == 400
