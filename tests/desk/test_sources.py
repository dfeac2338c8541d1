"""Sources at the desk: what an outlet allows takes effect; all of its excerpts go down at once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.audit import Deed
from newsapp.desk import sources
from newsapp.live.models import Receipt
from newsapp.stories.models import Status, Story
from newsapp.wire.models import ClusterPlacement, Feed, Item, Source
from tests.newsroom import Desk, Writer, hire, subscribe
from tests.wire.test_filing import bring

LIST = "/desk/wire/sources"
Send = Callable[..., Any]
PROFILE = {
    "name": "The Post", "home": "https://post.example/", "host": "post.example", "zone": "UTC",
    "language": "", "most_words": "3", "indexing": "canonical", "trust": "known",
}  # fmt: skip
EXCERPT = {
    "headline": "Ferry sinks off Cebu", "body": "<p>All were saved.</p>", "language": "en",
    "source_name": "The Post", "source_url": "https://www.post.example/1", "photo": "0",
    "then": "publication",
}  # fmt: skip
NOTE = {"note": "The Post asked us to."}


@pytest.fixture
def source(session: Session) -> Source:
    feed = subscribe(session, "https://feeds.post.example/rss", title="The Post")
    session.refresh(feed.source, ["sections"])
    return feed.source


@pytest.fixture
def profile(desk: Desk, source: Source) -> Send:
    """Saves the source's profile: `profile(most_words="0")`."""
    return lambda **typed: desk.post(f"/desk/wire/sources/{source.id}", {**PROFILE, **typed})


def excerpt(make_story: Writer, url: str = "https://www.post.example/1", **fields: Any) -> Story:
    return make_story("Ferry sinks", source_name="The Post", source_url=url, **fields)


def statuses(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Story.status).order_by(Story.id)))


def test_every_source_is_listed_with_what_it_allows(desk: Desk, source: Source) -> None:
    page = desk.get("/desk/wire/sources").text
    for words in ("The Post", "1 feed<", "60 words", ">Known<"):
        assert words in page


def test_a_profile_is_saved(profile: Send, session: Session, source: Source) -> None:
    answer = profile(sections=["japan", "news"], logo_allowed="y", trust="trusted",
                     zone="Asia/Tokyo", last_day="2199-01-31")  # fmt: skip
    assert answer.status_code == 303
    session.refresh(source)
    session.refresh(source, ["sections"])
    assert {section.slug for section in source.sections} == {"japan", "news"}
    assert (source.zone, source.trust, str(source.licence_ends)) == (
        "Asia/Tokyo", "trusted", "2199-01-31",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give the outlet’s name."),
        ({"home": "javascript:alert(1)"}, "Give a web address"),
        ({"host": "com"}, "Give a host such as scmp.com."),
        ({"host": "https://[::1"}, "Give a host such as scmp.com."),
        ({"host": "other.example"}, "Other has this host already."),
        ({"zone": "Mars/Olympus"}, "There is no such time zone"),
        ({"most_words": "-1"}, "From 0 to 2,000 words."),
        ({"most_words": ""}, "Say how many words it allows"),
        ({"last_day": "2026-02-30"}, "Give a day such as 2026-12-31."),
        ({"trust": "blind"}, "Not a valid choice"),
        ({"sections": ["mars"]}, "One of these sections does not exist any more."),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_what_can_not_be_is_refused_in_words(
    profile: Send, session: Session, source: Source, typed: dict[str, str], said: str
) -> None:
    session.add(Source(name="Other", host="other.example"))
    session.commit()
    answer = profile(**typed)
    assert answer.status_code == 422 and said in answer.text
    session.refresh(source)
    assert source.most_words == 60


def test_who_saves_after_somebody_else_is_told_what_that_would_take_back(
    desk: Desk, profile: Send, session: Session, source: Source
) -> None:
    form = re.search(r'name="state"[^>]* value="(\w+)"', desk.get(f"{LIST}/{source.id}").text)
    assert form is not None
    profile(most_words="7", trust="trusted")
    late = profile(most_words="9", trust="trusted", state=form[1])
    assert late.status_code == 409 and "Words of an excerpt, at most: <bdi>7</bdi>" in late.text
    again = re.search(r'name="state"[^>]* value="(\w+)"', late.text)
    assert again and profile(most_words="9", state=again[1]).status_code == 303
    session.refresh(source)
    assert source.most_words == 9


def test_sources_are_found_by_name_or_host(desk: Desk, source: Source, session: Session) -> None:
    session.add(Source(name="100% Asia", host="asia.example"))
    session.commit()
    found = {"": 2, "POST": 1, "asia.ex": 1, "%": 1, "the example": 1, "_": 0}
    for words, count in found.items():
        page = desk.get(f"{LIST}?words={quote(words)}").text
        assert page.count('class="row__headline"') == count, words
    assert "No source is like this" in page


@pytest.mark.parametrize("url", ["/desk/wire/rules/new", "/desk/wire"])
def test_two_sources_of_one_name_are_told_apart(desk: Desk, session: Session, url: str) -> None:
    session.add_all(Source(name=name, host=f"{n}.example") for n, name in enumerate("AaB"))
    bring(session, "Ferry sinks", source="c", at=clock.now())
    session.commit()
    page = desk.get(url).text
    assert all(f">{name}</option>" in page for name in ("A (0.example)", "a (1.example)", "B"))


def test_an_outlet_without_a_feed_is_added(desk: Desk, session: Session) -> None:
    assert desk.post("/desk/wire/sources", {**PROFILE, "host": "https://www.post.example/a"})
    assert session.scalars(select(Source.host)).one() == "post.example"


def test_a_feed_elsewhere_is_brought_to_its_outlet(
    desk: Desk, source: Source, session: Session
) -> None:
    bring(session, "Ferry sinks off Cebu", source="a", at=clock.now())
    feed = session.scalars(select(Feed).where(Feed.source_id != source.id)).one()
    url = f"/desk/wire/sources/{source.id}/feeds"
    assert desk.post(url, {"feed": "999"}).status_code == 422
    desk.post(url, {"feed": feed.id})
    session.refresh(feed)
    lists = session.scalars(select(ClusterPlacement.facet)).all()
    assert feed.source_id == source.id and f"source:{source.id}" in lists
    assert desk.post(url, {"feed": feed.id}).status_code == 422


def test_without_a_feed_chosen_the_source_stays_open_and_says_so(
    desk: Desk, source: Source, session: Session
) -> None:
    bring(session, "Ferry sinks off Cebu", source="a", at=clock.now())
    answer = desk.post(f"/desk/wire/sources/{source.id}/feeds", {"feed": "0"})
    assert answer.status_code == 422
    assert 'href="#feed">Choose a feed first.' in answer.text
    assert f'action="/desk/wire/sources/{source.id}/feeds"' in answer.text


def test_a_reporter_reads_what_a_source_allows(
    app: Flask, session: Session, source: Source
) -> None:
    hire(session, "rosa@example.org", "reporter")
    page = Desk(app.test_client(), "rosa@example.org").get(f"/desk/wire/sources/{source.id}").text
    assert "60 words, no pictures and no logo" in page and "<form id" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"most_words": "2"}, "The excerpt has 3 words; The Post allows 2."),
        ({"last_day": "2026-01-31"}, "The licence of The Post holds until 31 January 2026"),
    ],
)
def test_what_a_source_does_not_allow_does_not_go_out(
    desk: Desk, profile: Send, session: Session, typed: dict[str, str], said: str
) -> None:
    profile(**typed)
    answer = desk.post("/desk/stories", EXCERPT)
    assert answer.status_code == 422 and said in answer.text
    assert not statuses(session)


def test_what_search_engines_are_told_follows_the_profile(
    desk: Desk, profile: Send, session: Session, reads: Send
) -> None:
    desk.post("/desk/stories", EXCERPT)
    story = session.scalars(select(Story)).one()
    assert 'rel="canonical" href="https://www.post.example/1"' in reads(f"/{story.path}").text
    profile(indexing="noindex")
    page = reads(f"/{story.path}").text
    assert 'content="noindex"' in page and 'href="https://www.post.example/1">\n' not in page
    assert str(story.path) not in reads("/news-sitemap.xml").text


def test_readers_have_a_source_by_its_name_of_now(
    desk: Desk, profile: Send, session: Session, reads: Send
) -> None:
    desk.post("/desk/stories", EXCERPT)
    story = session.scalars(select(Story)).one()
    assert ">The Post</a>" in reads(f"/{story.path}").text
    answer = profile(name="The Evening Post")
    assert "1 excerpt names it so now." in desk.get(answer.location).text
    assert ">The Evening Post</a>" in reads(f"/{story.path}").text


def test_what_another_name_was_written_for_or_is_of_another_outlet_keeps_it(
    profile: Send, session: Session, make_story: Writer
) -> None:
    excerpt(make_story, live=False)
    make_story("Ferry sinks", source_name="Post Sport", source_url="https://www.post.example/2")
    excerpt(make_story, "https://other.example/1")
    profile(name="The Evening Post")
    session.expire_all()
    names = session.scalars(select(Story.source_name).order_by(Story.id))
    assert list(names) == ["The Evening Post", "Post Sport", "The Post"]


def test_a_licence_that_ends_warns_and_holds_back_what_is_scheduled(
    desk: Desk, profile: Send, session: Session, make_story: Writer
) -> None:
    story, now = excerpt(make_story, live=False), clock.now()
    story.schedule(None, now, now + timedelta(days=2))
    session.commit()
    assert "1 of its excerpts came off" in desk.get(profile(last_day=str(now.date())).location).text
    assert statuses(session) == [Status.DRAFT]
    assert "Licences that end" in desk.get("/desk/wire/sources").text
    assert '1<span class="unseen"> licences that end' in desk.get("/desk/wire").text


@pytest.fixture
def excerpts(session: Session, make_story: Writer, source: Source) -> list[Story]:
    """By its address, by the item it was made of, waiting for the clock; and somebody else's."""
    now = clock.now()
    found = [excerpt(make_story), make_story("Made of an item"),
             excerpt(make_story, live=False), make_story("Of nobody else")]  # fmt: skip
    feed = subscribe(session, "https://post.example/2")
    session.add(Item(feed_id=feed.id, guid="1", guid_hash="1", url="https://elsewhere.example/1",
                     headline="x", published_at=now, fetched_at=now,
                     story_id=found[1].id))  # fmt: skip
    make_story.again(found[2].id).schedule(None, now, now + timedelta(days=2))
    session.commit()
    return found


def test_nothing_is_scheduled_for_after_a_licence(
    desk: Desk, profile: Send, session: Session, make_story: Writer
) -> None:
    story = excerpt(make_story, live=False)
    profile(last_day=str(clock.now().date()))
    when = f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    url = f"/desk/stories/{story.id}/schedule"
    answer = desk.post(url, {"when": when, "zone": "UTC"})
    assert answer.status_code == 422 and "The licence of The Post holds until" in answer.text


def test_taking_down_shows_first_what_it_takes(
    desk: Desk, source: Source, excerpts: list[Story]
) -> None:
    page = desk.get(f"/desk/wire/sources/{source.id}/withdrawal").text
    assert "2 excerpts disappear" in page and "It becomes a draft again" in page
    assert "Of nobody else" not in page


def test_taking_down_takes_all_at_once(
    desk: Desk, source: Source, session: Session, excerpts: list[Story], reads: Send
) -> None:
    url, path = f"/desk/wire/sources/{source.id}/withdrawal", excerpts[0].path
    assert desk.post(url, {"note": " "}).status_code == 422
    desk.post(url, {**NOTE, "licence": "ends"})
    assert statuses(session) == ["withdrawn", "withdrawn", "draft", "published"]
    assert reads(f"/{path}").status_code == 410
    assert not source.licensed(clock.now().date())


def test_however_many_there_are_all_come_down(
    desk: Desk, source: Source, session: Session, make_story: Writer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sources, "PART", 2)
    for number in range(5):
        excerpt(make_story, f"https://post.example/{number}")
    desk.post(f"/desk/wire/sources/{source.id}/withdrawal", NOTE)
    assert statuses(session) == ["withdrawn"] * 5
    assert "5 excerpts of The Post taken down." in desk.get(f"/desk/wire/sources/{source.id}").text


def test_what_a_rule_scheduled_of_a_source_that_is_doubtful_now_waits(
    profile: Send, session: Session, make_story: Writer, desk: Desk
) -> None:
    story, now = excerpt(make_story, live=False), clock.now()
    make_story.again(story.id).schedule(None, now, now + timedelta(days=2))
    session.commit()
    profile(trust="doubtful")
    assert statuses(session) == ["draft"]


def test_taking_down_leaves_receipts_and_lines_in_the_log(
    desk: Desk, source: Source, session: Session, make_story: Writer
) -> None:
    story = excerpt(make_story)
    desk.post(f"/desk/wire/sources/{source.id}/withdrawal", NOTE)
    assert session.scalars(select(Receipt.act)).all() == ["taken down"]
    deed = session.scalars(select(Deed).where(Deed.story_id == story.id)).all()[-1]
    assert (deed.verb, deed.note) == (
        "desk.sources.withdraw", "published → withdrawn; all of The Post",
    )  # fmt: skip


def test_what_is_of_a_source_below_stays(
    desk: Desk, source: Source, session: Session, make_story: Writer
) -> None:
    session.add(Source(name="Sport", host="sport.post.example"))
    excerpt(make_story, "https://sport.post.example/1")
    excerpt(make_story, "https://notpost.example/1")
    desk.post(f"/desk/wire/sources/{source.id}/withdrawal", NOTE)
    assert statuses(session) == ["published", "published"]


@pytest.fixture
def used(
    desk: Desk, session: Session, source: Source, make_story: Writer
) -> Callable[[], list[str]]:
    """A card of which the outlet's item is out and another's was set aside; where it lies."""
    for number, name in enumerate(("post", "other", "third")):
        bring(session, f"Ferry sinks off Cebu{', all saved' * number}", source=name, at=clock.now())
    item, *others = session.scalars(select(Item).order_by(Item.id))
    session.get_one(Feed, item.feed_id).source_id = source.id
    item.take(make_story("Ferry sinks", source_url="https://www.post.example/1"))
    for other in others:
        other.ignore()
    session.commit()
    trays = select(ClusterPlacement.tray).where(ClusterPlacement.facet == "")
    return lambda: list(session.scalars(trays))


def test_what_others_have_of_what_came_down_waits_again(
    desk: Desk, source: Source, used: Callable[[], list[str]]
) -> None:
    assert used() == ["used"]
    answer = desk.post(f"/desk/wire/sources/{source.id}/withdrawal", NOTE)
    assert "1 card waits again: others have the news." in desk.get(answer.location).text
    assert used() == ["waiting"]


def test_of_what_readers_have_another_story_nothing_waits(
    desk: Desk, source: Source, used: Callable[[], list[str]], session: Session, make_story: Writer
) -> None:
    session.scalars(select(Item).where(Item.id == 2)).one().take(make_story("Our own"))
    session.commit()
    answer = desk.post(f"/desk/wire/sources/{source.id}/withdrawal", NOTE)
    assert "taken down.<" in desk.get(answer.location).text.replace("</p>", "<")
    assert used() == ["used"]


def test_an_excerpt_of_a_licence_that_is_over_says_so_when_it_opens(
    desk: Desk, source: Source, session: Session
) -> None:
    bring(session, "Ferry sinks off Cebu", source="post", at=clock.now())
    item = session.scalars(select(Item)).one()
    session.get_one(Feed, item.feed_id).source_id = source.id
    source.licence_ends = clock.now().date() - timedelta(days=2)
    session.commit()
    page = desk.get(f"/desk/stories/new?item={item.id}").text
    assert "The licence of The Post holds until" in page[: page.index('id="story"')]
