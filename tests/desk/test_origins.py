"""What became of originals, at the desk."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.audit import Wanted, deeds
from newsapp.origins.models import Finding
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

URL = "/desk/wire/originals"


@pytest.fixture
def excerpt(make_story: Writer) -> Story:
    body = '<p>It <a href="https://asia.example/2">rained</a> hard.</p>'
    return make_story("Our <excerpt>", source_name="Asia Daily", body=body,
                      source_url="https://asia.example/1")  # fmt: skip


@pytest.fixture
def finds(session: Session, excerpt: Story) -> Callable[..., Finding]:
    """Something became of the original: `finds("headline", before, after)`."""

    def find(kind: str, before: str = "", after: str = "") -> Finding:
        finding = Finding(story_id=excerpt.id, kind=kind, before=before, after=after,
                          at=clock.now())  # fmt: skip
        session.add(finding)
        session.commit()
        return finding

    return find


def test_without_a_change_it_says_what_is_watched(desk: Desk) -> None:
    page = desk.get(URL).text
    assert "No original has changed" in page
    assert "when it goes out, and 5 minutes, an hour and a day later" in page


def test_a_new_headline_stands_beside_the_old_one_word_by_word(
    desk: Desk, finds: Callable[..., Finding]
) -> None:
    finds("headline", "12 die in <flood>", "15 die in <flood>")
    page = desk.get(URL).text
    assert "The original has a new headline" in page
    old, new = page.split("It says now")
    assert '<del><span class="unseen">Gone: </span>12</del>' in old
    assert '<ins><span class="unseen">New: </span>15</ins> die in &lt;flood&gt;' in new
    assert "<ins>" not in old.partition("It said")[2]


def test_what_is_gone_from_a_headline_stands_apart_from_what_is_left(
    desk: Desk, finds: Callable[..., Finding]
) -> None:
    finds("headline", "India delays talks until January", "India delays talks")
    assert 'talks <del><span class="unseen">Gone: </span>until January' in desk.get(URL).text


def test_a_correction_stands_beside_what_we_say(desk: Desk, finds: Callable[..., Finding]) -> None:
    finds("correction", "", "Correction: It snowed.")
    page = desk.get(URL).text
    assert page.index("It rained hard.") < page.index("Correction: It snowed.")


def test_a_correction_is_marked_where_it_speaks_of_what_we_say(
    desk: Desk, finds: Callable[..., Finding], excerpt: Story, session: Session
) -> None:
    excerpt.body = "<p>The ferry had 12 on board when it sank.</p>"
    finds("correction", "", "Correction: 21 were on board, not 12, when the ferry sank.")
    ours, theirs = desk.get(URL).text.split("Its correction")
    assert re.findall("<mark>(.*?)</mark>", ours) == ["ferry", "12", "board", "sank"]
    assert re.findall("<mark>(.*?)</mark>", theirs) == ["board", "12", "ferry sank"]


def test_what_left_its_feed_is_a_task_of_its_own(desk: Desk, finds: Callable[..., Finding]) -> None:
    finds("pulled", "Rain", "Asia Daily lists it no more.")
    page = desk.get(URL).text
    assert "Its outlet took it out of its feed" in page
    assert page.index("Rain<") < page.index("Asia Daily lists it no more.")


def test_each_kind_leads_to_what_can_be_done(
    desk: Desk, finds: Callable[..., Finding], excerpt: Story
) -> None:
    finds("gone", "https://asia.example/1", "asia.example answers 410.")
    finds("moved", "https://asia.example/1", "https://asia.example/2")
    page = desk.get(URL).text
    assert "The original is gone" in page and "The original has moved" in page
    for way in ("", "/corrections/new", "/withdrawal"):
        assert f'href="/desk/stories/{excerpt.id}{way}"' in page
        assert desk.get(f"/desk/stories/{excerpt.id}{way}").status_code == 200


def test_our_own_story_says_that_its_original_has_changed(
    desk: Desk, finds: Callable[..., Finding], excerpt: Story
) -> None:
    finding = finds("headline", "12 die", "15 die")
    link = f'<a href="{URL}#finding-{finding.id}">See what changed</a>'
    assert link in desk.get(f"/desk/stories/{excerpt.id}").text
    assert f'id="finding-{finding.id}"' in desk.get(URL).text
    desk.post(f"{URL}/{finding.id}/end", {})
    assert link not in desk.get(f"/desk/stories/{excerpt.id}").text


def test_the_wire_counts_what_waits(desk: Desk, finds: Callable[..., Finding]) -> None:
    finds("gone")
    assert 'Originals <span class="tabs__count">1<' in desk.get("/desk/wire").text


def test_what_is_done_leaves_the_list_and_a_line_in_the_log(
    desk: Desk, finds: Callable[..., Finding], session: Session, editor: User
) -> None:
    finding = finds("gone")
    assert desk.post(f"{URL}/{finding.id}/end", {}).status_code == 303
    assert "No original has changed" in desk.get(URL).text
    assert desk.post(f"{URL}/{finding.id}/end", {}).status_code == 409
    session.expire_all()
    assert finding.done_by_id == editor.id
    assert deeds(session, Wanted())[0].words == "dealt with a change of an original"


def test_an_original_that_moved_is_followed_with_a_click(
    desk: Desk, finds: Callable[..., Finding], session: Session, excerpt: Story, make_story: Writer
) -> None:
    moved = finds("moved", "https://asia.example/1", "https://asia.example/2")
    gone, updated = finds("gone"), excerpt.updated_at
    assert desk.post(f"{URL}/{moved.id}/follow", {}).status_code == 303
    story = make_story.again(excerpt.id)
    assert (story.source_url, story.updated_at) == ("https://asia.example/2", updated)
    assert "The original has moved" not in desk.get(URL).text
    for other in (moved, gone):
        assert desk.post(f"{URL}/{other.id}/follow", {}).status_code == 409


def test_of_many_hands_at_once_one_settles_it(
    app: Flask, desk: Desk, finds: Callable[..., Finding], editor: User
) -> None:
    url = f"{URL}/{finds('moved', 'https://asia.example/1', 'https://asia.example/2').id}"
    hands = [(Desk(app.test_client(), editor.email), way) for way in ("follow", "end") * 3]
    with ThreadPoolExecutor(len(hands)) as pool:
        sent = pool.map(lambda hand: hand[0].post(f"{url}/{hand[1]}", {}), hands)
    assert sorted(answer.status_code for answer in sent) == [303] + [409] * 5


def test_what_became_of_a_story_that_came_down_is_nobodys_task(
    desk: Desk, finds: Callable[..., Finding], session: Session, excerpt: Story, make_story: Writer
) -> None:
    finds("gone")
    make_story.again(excerpt.id).come_down(clock.now())
    session.commit()
    assert "No original has changed" in desk.get(URL).text


def test_a_reporter_reads_and_settles_nothing(
    reporter_desk: Desk, finds: Callable[..., Finding]
) -> None:
    finding = finds("gone")
    assert "Withdraw" not in reporter_desk.get(URL).text
    assert reporter_desk.post(f"{URL}/{finding.id}/end", {}).status_code == 403
    assert reporter_desk.get(f"{URL}/{finding.id}").status_code == 405
