"""Items of one event become one card in the database, and an editor's choice is remembered."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.extensions import db
from newsapp.stories.models import NotAllowed, Story
from newsapp.wire import cards as cards_of_wire
from newsapp.wire import filing, ingest, queries
from newsapp.wire.cards import Wanted
from newsapp.wire.cluster import WINDOW
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import Cluster, ClusterChoice, Feed, Gist, GistTerm, Item, TermCount
from tests import newsroom

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
QUAKE = "Quake of magnitude 7.1 hits Hualien in Taiwan"
AGAIN = "Taiwan: strong 7.1 earthquake shakes Hualien"
LATER = "Hualien earthquake in Taiwan traps dozens"
VOTE = "Taiwan votes for a new president in January"
# What lies between two that have nothing in common.
SHUTS = "Strong 7.1 earthquake shakes Hualien, Taiwan: chip plants shut, TSMC evacuates engineers"
PLANTS = "Chip plants shut: TSMC evacuates engineers"


def entry(headline: str, url: str = "", summary: str = "", language: str = "") -> Entry:
    return Entry(headline, url or f"https://news.asia/{hash(headline)}", headline, summary, "",
                 language, None)  # fmt: skip


def bring(session: Session, *entries: Entry | str, source: str = "a", at: datetime = AT) -> None:
    """Ingests what a feed of this name has, as a worker does."""
    url = f"https://{source}.example/feed"
    feed = session.scalar(select(Feed).where(Feed.url == url)) or newsroom.subscribe(session, url)
    made = tuple(entry(e) if isinstance(e, str) else e for e in entries)
    ingest.ingest(session, feed, ParsedFeed(f"{source}.example", "", "", made), at)
    session.commit()


def item(session: Session, headline: str) -> Item:
    session.expire_all()
    return session.scalars(select(Item).where(Item.headline == headline)).one()


def cards(session: Session) -> dict[int | None, set[str]]:
    """The headlines of each cluster that holds items."""
    found: dict[int | None, set[str]] = {}
    for headline, number in session.execute(select(Item.headline, Item.cluster_id)):
        found.setdefault(number, set()).add(headline)
    return found


def together(session: Session, *headlines: str) -> bool:
    return set(headlines) in cards(session).values()


def event_of(session: Session, headline: str) -> Cluster:
    return session.get_one(Cluster, item(session, headline).cluster_id)


def test_an_event_is_one_card_with_its_sources_and_movement(session: Session) -> None:
    bring(session, QUAKE, VOTE)
    bring(session, AGAIN, source="b", at=AT + timedelta(hours=1))
    assert together(session, QUAKE, AGAIN)
    assert together(session, VOTE)
    event = event_of(session, QUAKE)
    assert (event.items, event.sources) == (2, 2)
    assert (event.started_at, event.moved_at) == (AT, AT + timedelta(hours=1))


def test_it_is_told_why_an_item_is_there(session: Session) -> None:
    bring(session, QUAKE, AGAIN)
    first, second = sorted((item(session, h) for h in (QUAKE, AGAIN)), key=lambda i: i.id)
    assert first.why == "first"
    assert second.why == "words"
    assert "Hualien" in second.shared


def test_a_link_that_several_items_have_puts_none_together(session: Session) -> None:
    link = "https://news.asia/latest/news"
    bring(session, entry(QUAKE, link), entry(VOTE, link))
    assert len(cards(session)) == 2


def test_after_the_window_the_same_words_are_another_event(session: Session) -> None:
    bring(session, QUAKE)
    bring(session, AGAIN, source="b", at=AT + WINDOW + timedelta(minutes=1))
    assert len(cards(session)) == 2


def test_what_is_out_of_the_window_leaves_nothing_behind(session: Session) -> None:
    bring(session, QUAKE, VOTE)
    after = AT + WINDOW + timedelta(hours=1)
    bring(session, "Prabowo in Beijing", at=after)
    (gist,) = session.scalars(select(Gist)).all()
    assert set(session.scalars(select(GistTerm.gist_id))) == {gist.id}
    counts = dict(session.execute(select(TermCount.term, TermCount.gists)).all())
    assert set(counts.values()) == {1}
    assert len(counts) - 1 == session.scalar(select(func.count()).select_from(GistTerm))


def test_workers_at_once_make_one_card_of_an_event(app: Flask, session: Session) -> None:
    names, at_once = "abcd", threading.Barrier(4)
    for name in names:
        newsroom.subscribe(session, f"https://{name}.example/feed")

    def work(name: str) -> None:
        with app.app_context():
            at_once.wait()
            bring(db.session(), *(f"{QUAKE}, says {name}{n}" for n in range(5)), source=name)

    workers = [threading.Thread(target=work, args=(name,)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    (event,) = session.scalars(select(Cluster)).all()
    assert (event.items, event.sources) == (20, 4)
    assert session.scalar(select(func.count()).select_from(Item)) == 20


def split(session: Session, *headlines: str) -> Cluster:
    new = filing.split(session, [item(session, h) for h in headlines], None, AT)
    session.commit()
    return new


def join(session: Session, one: str, other: str) -> None:
    filing.join(session, event_of(session, one), event_of(session, other), None, AT)
    session.commit()


def test_what_was_split_off_draws_what_is_like_it(session: Session) -> None:
    lohan = "Lindsay Lohan enters rehab, to the joy of the judge in Newport Beach"
    reid = "Tara Reid enters rehab, to the joy of the judge in Newport Beach"
    bring(session, reid, lohan)
    assert together(session, reid, lohan)
    split(session, lohan)
    bring(session, "Lindsay Lohan joins rehab as judge ordered", source="b")
    bring(session, "Tara Reid joins rehab as judge ordered", source="b")
    assert together(session, lohan, "Lindsay Lohan joins rehab as judge ordered")
    assert together(session, reid, "Tara Reid joins rehab as judge ordered")
    assert item(session, lohan).why == "hand"


def test_what_was_joined_draws_what_is_like_either(session: Session) -> None:
    ja, ja_later = "台湾・花蓮で震度6強の地震、津波警報", "花蓮の地震で津波警報、沖縄にも"
    bring(session, QUAKE, ja)
    assert not together(session, QUAKE, ja)
    join(session, QUAKE, ja)
    bring(session, ja_later, AGAIN, source="b")
    assert together(session, QUAKE, ja, ja_later, AGAIN)
    assert event_of(session, QUAKE).items == 4


def test_an_editor_s_choices_are_kept_with_their_names(session: Session) -> None:
    bring(session, QUAKE, AGAIN)
    new, old = split(session, AGAIN), event_of(session, QUAKE)
    join(session, QUAKE, AGAIN)
    choices = session.scalars(select(ClusterChoice).order_by(ClusterChoice.id)).all()
    pairs = [(c.cluster_id, c.other_id, c.together) for c in choices]
    assert pairs == [(old.id, new.id, False), (old.id, new.id, True)]
    assert (session.get_one(Cluster, new.id).joined_id, new.items) == (old.id, 0)


def test_what_can_not_be_split_or_joined_is_told(session: Session) -> None:
    bring(session, QUAKE, VOTE)
    with pytest.raises(NotAllowed, match="together already"):
        join(session, QUAKE, QUAKE)
    with pytest.raises(NotAllowed, match="Leave at least one"):
        split(session, QUAKE)
    with pytest.raises(NotAllowed, match="one cluster"):
        split(session, QUAKE, VOTE)


def test_who_looked_before_another_took_an_item_does_not_take_it_too(
    session: Session, make_story: Callable[..., Story]
) -> None:
    bring(session, QUAKE)
    first, second = make_story(live=False), make_story(live=False)
    with Session(db.engine) as slow:
        seen = slow.get_one(Item, item(session, QUAKE).id)
        filing.take(session, item(session, QUAKE), first)
        session.commit()
        with pytest.raises(NotAllowed, match="story of this item already"):
            filing.take(slow, seen, slow.merge(second))


def test_an_item_that_says_what_a_story_of_ours_says_is_marked(
    session: Session, make_story: Callable[..., Story]
) -> None:
    story = make_story(QUAKE, at=clock.now() - timedelta(hours=1), standfirst="Dozens are trapped.")
    bring(session, AGAIN, VOTE, at=clock.now())
    assert item(session, AGAIN).like_story_id == story.id
    assert item(session, VOTE).like_story_id is None


def test_an_item_that_was_there_first_is_marked_when_a_story_comes_out(
    session: Session, make_story: Callable[..., Story]
) -> None:
    bring(session, AGAIN, at=clock.now())
    story = make_story(QUAKE)
    bring(session, VOTE, at=clock.now())
    assert item(session, AGAIN).like_story_id == story.id


def test_what_only_lies_with_what_a_story_says_is_not_marked(
    session: Session, make_story: Callable[..., Story]
) -> None:
    bring(session, AGAIN, SHUTS, PLANTS, at=clock.now())
    assert together(session, AGAIN, SHUTS, PLANTS)
    story = make_story(QUAKE)
    bring(session, VOTE, at=clock.now())
    assert item(session, AGAIN).like_story_id == story.id
    assert item(session, PLANTS).like_story_id is None


def test_who_only_lies_with_an_item_does_not_report_what_it_says(session: Session) -> None:
    bring(session, PLANTS, SHUTS, AGAIN, at=clock.now())
    own, between, other = (item(session, headline) for headline in (AGAIN, SHUTS, PLANTS))
    assert filing.alike(session, own, [between, other], clock.now()) == [between]


def test_a_story_that_came_down_marks_nothing(
    session: Session, make_story: Callable[..., Story]
) -> None:
    story = make_story(QUAKE)
    bring(session, VOTE, at=clock.now())
    newsroom.Writer(session).again(story.id).withdraw(None, clock.now(), "Wrong.")
    session.commit()
    bring(session, AGAIN, at=clock.now())
    assert item(session, AGAIN).like_story_id is None


def listed(session: Session, before: cards_of_wire.Spot | None = None) -> list[Cluster]:
    """The clusters that wait, newest movement first."""
    found = session.execute(cards_of_wire.scan_of(Wanted(), before))
    return [session.get_one(Cluster, row.cluster_id) for row in found]


def test_clusters_are_listed_by_their_newest_movement(session: Session) -> None:
    bring(session, QUAKE)
    bring(session, VOTE, at=AT + timedelta(minutes=1))
    bring(session, AGAIN, source="b", at=AT + timedelta(minutes=2))
    first, second = listed(session)
    assert (first.items, second.items) == (2, 1)
    assert listed(session, cards_of_wire.Spot(item(session, AGAIN).id, first.id)) == [second]


def test_a_cluster_leaves_the_list_when_its_items_are_dealt_with(session: Session) -> None:
    bring(session, QUAKE, VOTE)
    item(session, QUAKE).ignore()
    session.commit()
    assert listed(session) == [event_of(session, VOTE)]


def test_a_cluster_that_was_joined_is_found_where_it_went(session: Session) -> None:
    bring(session, QUAKE, VOTE)
    gone, stays = event_of(session, VOTE), event_of(session, QUAKE)
    join(session, QUAKE, VOTE)
    assert queries.cluster(session, gone.id) == stays
    assert listed(session) == [stays]


LONG = "Gempa kuat mengguncang Hualien di Taiwan, puluhan orang terjebak di gedung yang runtuh"


@pytest.mark.parametrize(
    ("headline", "declared", "language"),
    [
        (LONG, "en-US", "id"),
        (LONG, "id-ID", "id-ID"),
        ("Gempa", "en-US", "en-US"),
        ("花蓮で強い地震", "en-US", "ja"),
        ("中国总理访问日本", "zh", "zh-Hans"),
        ("윤석열 대통령 일본 방문", "", "ko"),
        ("", "fr", "fr"),
    ],
)
def test_an_item_s_language_is_told_by_its_text(
    session: Session, headline: str, declared: str, language: str
) -> None:
    bring(session, entry(headline, language=declared))
    assert item(session, headline).language == language


@pytest.mark.parametrize("text", ["", "中" * 300, "a " * 150, "ที่" * 100, "''''"], ids=range(5))
def test_strange_texts_are_filed(session: Session, text: str) -> None:
    bring(session, entry(text, summary=text * 13))
    assert item(session, text).cluster_id
