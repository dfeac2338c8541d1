"""A correction is told in the ticker, too, where the wrong version stood."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

Reads = Callable[[str], Any]


def correct(desk: Desk, story: Story, kind: str = "correction") -> None:
    answer = desk.post(
        f"/desk/stories/{story.id}/corrections", {"kind": kind, "text": "It was 5.9."}
    )
    assert answer.status_code == 303


def ticker(page: str) -> str:
    return page.partition('id="ticker"')[2].partition("</section>")[0]


@pytest.mark.parametrize("kind", ["correction", "clarification", "removal"])
def test_what_is_breaking_says_that_it_was_corrected(
    desk: Desk, make_story: Writer, reads: Reads, kind: str
) -> None:
    story = make_story("Quake of 6.9 off Honshu", breaking=True)
    correct(desk, story, kind)
    assert f"{kind.capitalize()}:</b>" in ticker(reads("/").text)


def test_what_was_breaking_comes_back_with_its_correction_and_nothing_else(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story("Quake of 6.9 off Honshu", breaking=True)
    make_story("Newer and quiet")
    desk.post(f"/desk/stories/{story.id}/breaking/end", {})
    correct(desk, story)
    page = reads("/").text
    assert "Correction:</b>" in ticker(page) and 'aria-label="Corrections"' in page
    assert ">Breaking<" not in page and "Breaking: " not in page


def test_it_leaves_the_ticker_by_itself(desk: Desk, make_story: Writer, reads: Reads) -> None:
    story = make_story("Quake of 6.9 off Honshu", breaking=True)
    desk.post(f"/desk/stories/{story.id}/breaking/end", {})
    correct(desk, story)
    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=1)):
        assert "Correction:" not in ticker(reads("/").text)


@pytest.mark.parametrize("kind", ["correction", "update"])
def test_what_never_stood_there_or_was_not_wrong_stays_out(
    desk: Desk, make_story: Writer, reads: Reads, kind: str
) -> None:
    story = make_story("Rain stops play", breaking=kind == "update")
    desk.post(f"/desk/stories/{story.id}/breaking/end", {})
    correct(desk, story, kind)
    assert "</b>" not in ticker(reads("/").text)


def test_nobody_remembers_a_line_of_days_ago(
    desk: Desk, make_story: Writer, session: Session, reads: Reads
) -> None:
    story = make_story("Quake of 6.9 off Honshu", breaking=True)
    desk.post(f"/desk/stories/{story.id}/breaking/end", {})
    make_story.again(story.id).broke_at = clock.now() - timedelta(days=2)
    session.commit()
    correct(desk, story)
    assert "</b>" not in ticker(reads("/").text)


def test_an_address_of_readers_opens_at_the_desk(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    assert desk.get(f"/desk/{story.path}").location == f"/desk/stories/{story.id}"
    assert desk.get("/desk/2024/06/19/nowhere").status_code == 404
