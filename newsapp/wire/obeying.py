"""Rules at work: on items that come in, in the transaction that files them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.clock import AHEAD
from newsapp.stories.checks import Terms, checks
from newsapp.stories.models import NotAllowed, Story
from newsapp.stories.queries import copies, releases
from newsapp.stories.queries.sections import sections_by_slug
from newsapp.wire import queries, rules
from newsapp.wire.forms import excerpt
from newsapp.wire.models import Item, Source, State, Trust
from newsapp.wire.rules import Action, Rule

FRESH = timedelta(hours=12)  # what is older when it comes in is no news any more
HOUR = timedelta(hours=1)
EAST = timedelta(hours=14)  # where a day begins first: there a licence ends first, too
# What of an excerpt's form is the story's own.
SAID = ("headline", "body", "language", "original_headline", "original_language", "source_name",
        "source_url")  # fmt: skip
OLD = "It is older than twelve hours."
KNOWN = "We had it already."  # so it stays true when that is withdrawn
PULLED = "Not published by itself: its outlet took it out of its feed."
LISTED = "Not published by itself: its outlet had taken it out of its feed for a while."


def obey(session: Session, items: Sequence[Item], at: datetime) -> None:
    """Does with new items what the first rule that fits each says; whoever calls holds the filing,
    so that nobody else publishes by a rule at the same time."""
    if not items or not (found := rules.at_work(session)):
        return
    for item, facts in zip(items, rules.facts_of(session, items), strict=True):
        if item.state == State.NEW and (rule := rules.first_that_fits(found, facts)):
            _obey(session, item, rule, at)
    session.flush()


def recall(session: Session, items: Sequence[Item], at: datetime) -> None:
    """Has these items wait, which their outlet took back, where a rule was about to publish them;
    what an editor has had in hand since is the editor's."""
    made = {item.story_id: item for item in items if item.rule_id and item.story_id}
    for story in releases.scheduled_by_nobody(session, made) if made else ():
        _take_back(session, story, made[story.id], PULLED, None, at)


def listed_again(items: Iterable[Item]) -> None:
    """Says of what was recalled that its outlet has it in its feed again."""
    for item in items:
        if item.mark == PULLED:
            item.mark = LISTED


def stop(session: Session, story_id: int, by: User, at: datetime) -> Item:
    """Has the item wait again of which a rule was about to publish this excerpt; whoever calls
    holds the filing. NotAllowed where no rule is about to."""
    query = select(Item).where(Item.story_id == story_id, Item.rule_id.is_not(None))
    item, found = session.scalar(query.limit(1)), releases.scheduled_by_nobody(session, [story_id])
    if item is None or not found:
        raise NotAllowed("No rule is about to publish this any more. Open it to see how it stands.")
    _take_back(session, found[0], item, f"Stopped by {by.name or by.email}.", by, at)
    return item


def _take_back(
    session: Session, story: Story, item: Item, mark: str, by: User | None, at: datetime
) -> None:
    """Lets go of an excerpt that nobody wrote a word of, and has its item wait again; one that
    somebody has open becomes a draft of theirs."""
    item.mark = mark
    if copies.in_hand(session, story.id, at):
        story.unschedule(by, at)
    else:
        item.let_go()
        session.delete(story)


def _obey(session: Session, item: Item, rule: Rule, at: datetime) -> None:
    item.rule_id, item.mark = rule.id, rule.note
    match rule.action:
        case Action.IGNORE:
            item.ignore()
        case Action.FLAG:
            item.flagged = True
        case Action.PUBLISH:
            try:
                _publish(session, item, rule, at)
            except NotAllowed as reason:
                item.mark = f"Not published by itself: {reason}"[:200]


def _publish(session: Session, item: Item, rule: Rule, at: datetime) -> None:
    """Schedules an excerpt of an item; NotAllowed says why it waits for an editor instead."""
    whole = queries.item(session, item.id) or item
    source, out = whole.feed.source, at + timedelta(minutes=rule.delay)
    owner = queries.source_of(session, item.url) or source  # a feed may bring what is others'
    if reason := bar(whole, source, at, out) or bar(whole, owner, at, out) or _known(session, item):
        raise NotAllowed(reason)
    if _published(session, rule, at) >= rule.hourly:
        raise NotAllowed(limit(rule))
    words = excerpt(whole, queries.sections_of(session, item.id))
    sections = sections_by_slug(session, words["sections"])
    if reason := beyond(words, owner, at, {s.kind for s in sections}):
        raise NotAllowed(reason)
    story = Story(**{name: words[name] for name in SAID}, noindex=owner.unindexed)
    story.file_under(sections)
    story.schedule(None, at, out)
    session.add(story)
    session.flush()
    item.take(story)
    # The audit log says whose doing it was.
    session.info.setdefault("ruled", {})[story.id] = f"Rule {rule.id}: {rule.name}"


def bar(item: Item, source: Source, at: datetime, out: datetime) -> str:
    """Why an item, with its feed, is not published by itself, whatever else there is; empty when it
    may be."""
    if item.feed.apart and item.feed.source_id == source.id:
        return f"Only a list says that its feed is of {source.name}."
    if source.trust == Trust.DOUBTFUL:
        return f"{source.name} is doubtful."
    if not source.licensed((out + EAST).date()):
        return f"The licence of {source.name} is over, or about to be."
    return OLD if item.published_at < at - FRESH else ""


def beyond(
    words: Mapping[str, Any], owner: Source, at: datetime, kinds: Collection[str] = ()
) -> str:
    """What keeps an excerpt of the owner's page with these words from going out; empty: nothing."""
    terms = Terms(owner.most_words, owner.name)
    found = checks(
        words, photo=None, pictures=(), kinds=kinds, embargo_until=None, at=at, terms=terms
    )
    return next((check.words for check in found if check.stops), "")


def _known(session: Session, item: Item) -> str:
    """Whether a story of ours says it already, or is made of another item of its event."""
    made = select(Item.id).where(Item.cluster_id == item.cluster_id, Item.story_id.is_not(None))
    known = item.like_story_id is not None or session.scalar(made.limit(1)) is not None
    return KNOWN if known else ""


def _published(session: Session, rule: Rule, at: datetime) -> int:
    """How many excerpts a rule has made within the last hour; what a clock that was ahead has
    noted for later is not of it."""
    query = select(func.count()).select_from(Item).join(Story, Story.id == Item.story_id)
    within = Item.fetched_at > at - HOUR, Item.fetched_at <= at + AHEAD
    query = query.where(Item.rule_id == rule.id, *within)
    return session.scalar(query) or 0


def limit(rule: Rule) -> str:
    """Why an item is not published by a rule that has published enough."""
    return f"It would be more than {rule.hourly} in an hour."
