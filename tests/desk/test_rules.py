"""Rules at the desk: made, tried, ordered, paused; what they flag stands on top of the wire."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.audit import Wanted, deeds
from newsapp.desk import rules
from newsapp.stories.models import Story
from newsapp.wire import ingest
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import Item
from newsapp.wire.rules import Rule
from tests.newsroom import Desk, subscribe

TYPED = {
    "name": "Ferries", "source": "0", "words": "ferry", "where": "0", "topic": "0",
    "action": "ignore", "note": "", "delay": "10", "hourly": "3",
}  # fmt: skip
Make = Callable[..., Any]


@pytest.fixture
def make(desk: Desk) -> Make:
    """Sends the form of a new rule: `make(words="quake")`."""
    return lambda **typed: desk.post("/desk/wire/rules", {**TYPED, **typed})


def names(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Rule.name).order_by(Rule.place)))


def bring(session: Session, *headlines: str) -> None:
    feed = subscribe(session, "https://post.example/rss", title="The Post")
    made = tuple(Entry(h, f"https://post.example/{h}", h, "", "", "", None) for h in headlines)
    ingest.ingest(session, feed, ParsedFeed("", "", "en", made), clock.now())
    session.commit()


def test_a_rule_is_made_and_says_what_it_does(desk: Desk, make: Make) -> None:
    assert make(action="publish").status_code == 303
    page = " ".join(desk.get("/desk/wire/rules").text.split())
    assert "that say <bdi>ferry</bdi> are published after 10 minutes, at most 3 an hour" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give the rule a name."),
        ({"words": ""}, "Say of which items: a source, words, a place or a topic."),
        ({"words": '"'}, "Give words, or nothing."),
        ({"words": 'ferry "off cebu'}, "A quotation mark is opened and not closed"),
        ({"words": "“off cebu” “ferry"}, "A quotation mark is opened and not closed"),
        ({"words": "a " * 21}, "At most 20 words or phrases, please."),
        ({"action": "shout"}, "Not a valid choice"),
        ({"action": "flag"}, "Say why it is flagged."),
        ({"source": "x"}, "Invalid Choice"),
        ({"where": "999"}, "Not a valid choice"),
        ({"delay": "0"}, "From 1 to 1,440 minutes."),
        ({"hourly": "61"}, "From 1 to 60."),
        ({"note": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_can_not_be_is_refused_in_words(
    make: Make, session: Session, typed: dict[str, str], said: str
) -> None:
    answer = make(**typed)
    assert answer.status_code == 422 and said in answer.text
    assert names(session) == []


def test_what_a_rule_would_have_done_is_told_before_it_is_saved(
    make: Make, session: Session
) -> None:
    bring(session, "Ferry sinks", "Rain in Delhi")
    answer = make(then="try")
    assert answer.status_code == 200 and names(session) == []
    tried = answer.text.partition('class="tried"')[2].partition("<form")[0]
    assert "1 item fits." in tried and "Ferry sinks" in tried and "Rain" not in tried


def test_a_change_is_tried_in_the_rule_s_place(desk: Desk, make: Make, session: Session) -> None:
    make()
    make(name="All at sea", words="sea")
    bring(session, "Ferry lost at sea")
    tried = desk.post("/desk/wire/rules/2", {**TYPED, "words": "lost", "then": "try"}).text
    assert "1 item fits; “<bdi>Ferries</bdi>”, which comes first, takes it." in tried
    tried = desk.post("/desk/wire/rules/1", {**TYPED, "words": "lost", "then": "try"}).text
    assert "1 item fits." in tried
    assert session.scalars(select(Rule.words)).all() == ["ferry", "sea"]


def test_a_rule_that_is_only_tried_needs_no_name(make: Make, session: Session) -> None:
    bring(session, "Ferry sinks")
    answer = make(then="try", name="")
    assert answer.status_code == 200 and "1 item fits." in answer.text
    assert make(then="save", name="").status_code == 422


def test_what_rules_that_come_first_take_is_told(make: Make, session: Session) -> None:
    bring(session, *(f"{'Ferry sinks' if n else 'Quake hits'} off Cebu {n}" for n in range(5)))
    make(words="ferry"), make(name="Zero", words="0")
    tried = make(then="try", words="cebu").text
    assert (
        "5 items fit; “<bdi>Ferries</bdi>”, which comes first, takes 4 of them, "
        "“<bdi>Zero</bdi>” 1." in tried
    )


def test_the_dry_run_tells_of_all_rules(desk: Desk, make: Make, session: Session) -> None:
    make()
    make(name="Rain", words="rain", action="publish")
    bring(session, "Rain in Delhi")
    page = desk.get("/desk/wire/rules/rehearsal").text
    assert "0 items fit." in page and "1 item fits." in page


def test_what_would_be_published_is_named_before_what_would_wait(
    make: Make, session: Session
) -> None:
    bring(session, *(f"Ferry {number} sinks" for number in range(40)))
    tried = make(then="try", action="publish", hourly="1").text
    first, waits = tried.partition('class="tried"')[2].split("Would wait</h3>")
    assert first.count("<li>") == 1 and waits.partition("<form")[0].count("<li>") == 30


def test_one_dry_run_at_a_time(desk: Desk, make: Make, session: Session) -> None:
    with rules.TURN:
        for answer in (desk.get("/desk/wire/rules/rehearsal"), make(then="try", name="Kept")):
            assert answer.status_code == 503 and "Another dry run is going on." in answer.text
        assert 'value="Kept"' in answer.text and names(session) == []
    assert desk.get("/desk/wire/rules/rehearsal").status_code == 200


def test_a_reporter_starts_no_dry_run(reporter_desk: Desk) -> None:
    assert reporter_desk.get("/desk/wire/rules/rehearsal").status_code == 403
    assert "Dry run" not in reporter_desk.get("/desk/wire/rules").text


def test_rules_are_ordered_paused_and_removed(desk: Desk, make: Make, session: Session) -> None:
    make()
    make(name="Rain")
    desk.post("/desk/wire/rules/2/place", {"to": "up"})
    assert names(session) == ["Rain", "Ferries"]
    assert desk.post("/desk/wire/rules/2/place", {"to": "up"}).status_code == 409
    desk.post("/desk/wire/rules/2/pause", {})
    assert "Paused</span>" in desk.get("/desk/wire/rules").text
    desk.post("/desk/wire/rules/2/pause/end", {})
    assert "Paused</span>" not in desk.get("/desk/wire/rules").text
    desk.post("/desk/wire/rules/2/end", {})
    assert names(session) == ["Ferries"]


def test_what_is_flagged_stands_on_top_until_somebody_deals_with_it(
    desk: Desk, make: Make, session: Session
) -> None:
    make(action="flag", note="Call the coast guard")
    bring(session, "Ferry sinks")
    assert "Call the coast guard" in desk.get("/desk/wire").text
    session.scalars(select(Item)).one().ignore()
    session.commit()
    assert "Call the coast guard" not in desk.get("/desk/wire").text


def test_hostile_words_are_shown_as_text(desk: Desk, make: Make) -> None:
    make(name="<script>alert(1)</script>", words="<img src=x>")
    assert "<script>alert" not in desk.get("/desk/wire/rules").text


@pytest.fixture
def going(make: Make, session: Session) -> Story:
    """An excerpt that a rule is about to publish."""
    make(action="publish")
    bring(session, "Ferry sinks")
    return session.scalars(select(Story)).one()


def test_what_goes_out_by_a_rule_stands_on_top_with_its_rule(desk: Desk, going: Story) -> None:
    page = (
        desk.get("/desk/wire").text.partition("Going out by a rule")[2].partition("</section>")[0]
    )
    assert "Rule: <bdi>Ferries</bdi>" in page and "The Post" in page
    assert f'href="/desk/stories/{going.id}"' in page
    assert "Going out by a rule" not in desk.get("/desk/wire?show=used").text
    said = " ".join(desk.get(f"/desk/stories/{going.id}").text.split())
    assert "The rule “<bdi>Ferries</bdi>” scheduled this: it goes out by itself at" in said


def test_an_editor_stops_it_and_its_item_waits_again(
    desk: Desk, going: Story, session: Session, editor: User
) -> None:
    url = f"/desk/wire/rules/going-out/{going.id}/end"
    page = desk.get(desk.post(url, {}).location).text
    assert "Stopped. It waits again: “Ferry sinks”." in page and "Going out by" not in page
    session.expire_all()
    item = session.scalars(select(Item)).one()
    assert (item.state, item.mark) == ("new", f"Stopped by {editor.name or editor.email}.")
    assert session.scalars(select(Story)).all() == []
    assert deeds(session, Wanted())[0].words == "stopped what a rule was about to publish"
    assert desk.post(url, {}).status_code == 409


def test_what_an_editor_saved_is_the_editor_s_to_stop(
    desk: Desk, going: Story, session: Session, editor: User
) -> None:
    going.changed_by_id = editor.id
    session.commit()
    assert "Going out by a rule" not in desk.get("/desk/wire").text
    assert desk.post(f"/desk/wire/rules/going-out/{going.id}/end", {}).status_code == 409


def test_a_reporter_sees_what_goes_out_and_stops_nothing(reporter_desk: Desk, going: Story) -> None:
    page = reporter_desk.get("/desk/wire").text
    assert "Going out by a rule" in page and "going-out/" not in page
    assert reporter_desk.post(f"/desk/wire/rules/going-out/{going.id}/end", {}).status_code == 403


def test_a_card_whose_story_was_withdrawn_does_not_say_that_we_have_it(
    desk: Desk, make: Make, session: Session
) -> None:
    make(action="publish", delay="1")
    bring(session, "Ferry sinks off Cebu", "Ferry sinks off Cebu, all saved")
    story = session.scalars(select(Story)).one()
    desk.post(f"/desk/stories/{story.id}/publication", {})
    assert "We have it: <a" in desk.get("/desk/wire").text
    desk.post(f"/desk/stories/{story.id}/withdrawal", {"note": "Not true."})
    page = desk.get("/desk/wire").text
    assert "Not published by itself: We had it already." in page and "We had it: <a" in page
    assert "We have it" not in page
