"""A rehearsal of rules: what they would have done with what came in the last days."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session, joinedload

from newsapp.stories.models import Story
from newsapp.wire import queries, rules
from newsapp.wire.forms import body_of
from newsapp.wire.models import Item, Source
from newsapp.wire.obeying import HOUR, KNOWN, bar, beyond, limit
from newsapp.wire.rules import Action, Facts, Rule

DAYS = 7
LOOKED = 5_000  # items that it looks at, the newest
PATIENCE = 3.0  # seconds for looking at them: what else the process does goes slower meanwhile
SHOWN = 30  # of the items that fit a rule
PUBLISHED = 100  # of those that it would have published
BATCH = 100
NAMED = 500  # numbers in a SELECT


@dataclass(slots=True)
class Part:
    """What one rule would have done."""

    rule: Rule
    # Of those that fit it, the last that it would have published; the last others, and what kept
    # each from being published, if it is to publish.
    out: deque[Item] = field(default_factory=lambda: deque(maxlen=PUBLISHED))
    last: deque[tuple[Item, str]] = field(default_factory=lambda: deque(maxlen=SHOWN))
    count: int = 0  # that fit it, and no rule that comes first
    held: Counter[str] = field(default_factory=Counter)  # of them, by the reason
    taken: Counter[Rule] = field(default_factory=Counter)  # that fit it, by rules that come first
    _hour: deque[datetime] = field(default_factory=deque)  # when it published within an hour

    @property
    def fit(self) -> int:
        """How many fit it."""
        return self.count + self.taken.total()

    @property
    def published(self) -> int:
        """How many it would have published."""
        return self.count - self.others

    @property
    def others(self) -> int:
        """How many it would have done something else with."""
        return self.held.total() if self.rule.action == Action.PUBLISH else self.count

    def play(self, found: "Found", ours: "Ours") -> None:
        """Does as if this item came in now that fits it, when this is what we had."""
        item, publishes = found.item, self.rule.action == Action.PUBLISH
        reason = self._reason(found, ours) if publishes else ""
        self.count += 1
        if reason or not publishes:
            self.last.appendleft((item, reason))
        if reason:
            self.held[reason] += 1
        elif publishes:
            self.out.appendleft(item)
            self._hour.append(item.fetched_at)
            ours.events[item.cluster_id] = item.fetched_at

    def _reason(self, found: "Found", ours: "Ours") -> str:
        at = found.item.fetched_at
        while self._hour and self._hour[0] <= at - HOUR:
            self._hour.popleft()
        if found.barred or ours.has(found.item):
            return found.barred or KNOWN
        return limit(self.rule) if len(self._hour) >= self.rule.hourly else found.beyond


class Found(NamedTuple):
    """An item that a rule fits; why its outlets keep it from being published by that, whatever else
    there is, and why, when nothing else does."""

    rule: Rule
    item: Item
    barred: str = ""
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """What we have, and since when: something of an event, or a story that an item is like. What
    rules made of items that are looked at is not of it: that is done anew."""

    events: dict[int | None, datetime]
    stories: dict[int | None, datetime]
    anew: dict[int | None, int | None]  # by story, the event that it would be of

    def has(self, item: Item) -> bool:
        """Whether we had something of an item's event, or a story like it, when it came in."""
        like = item.like_story_id
        since = self.events.get(self.anew[like]) if like in self.anew else self.stories.get(like)
        found = filter(None, (self.events.get(item.cluster_id), since))
        return any(at <= item.fetched_at for at in found)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What rules would have done, each in its place."""

    parts: Sequence[Part]
    looked: int  # at so many items, the newest
    whole: bool  # these are all that were to be looked at


def rehearse(
    session: Session, wanted: Sequence[Rule], at: datetime, patience: float = PATIENCE
) -> Rehearsal:
    """What these rules, in this order, would have done with the items of the last DAYS: the newest
    LOOKED at most, and no more than there is patience for; nothing is changed."""
    parts = {rule: Part(rule) for rule in wanted}
    outlets = {source.id: source for source in session.scalars(select(Source))}
    hosts = {source.host: source for source in outlets.values()}
    fitting, looked, whole, first = list[Found](), 0, True, 0
    until = time.monotonic() + patience
    for item, facts in _recent(session, at):
        if time.monotonic() > until:
            whole = False
            break
        looked, first = looked + 1, item.id
        if fit := rules.that_fit(wanted, facts):
            source = outlets[facts.source_id]
            owner = queries.closest(item.url, hosts) or source
            fitting.append(_found(fit[0], item, source, owner))
            for other in fit[1:]:
                parts[other].taken[fit[0]] += 1
    ours = _ours(session, [f.item for f in fitting if f.rule.action == Action.PUBLISH], first)
    # In the order in which they came: what went out earlier counts for what came later.
    for found in reversed(fitting):
        parts[found.rule].play(found, ours)
    return Rehearsal([*parts.values()], looked, whole)


def _found(rule: Rule, item: Item, source: Source, owner: Source) -> Found:
    """An item that a rule fits, which this source's feed brought, and which is the owner's page."""
    if rule.action != Action.PUBLISH:
        return Found(rule, item)
    at, out = item.fetched_at, item.fetched_at + timedelta(minutes=rule.delay)
    barred = bar(item, source, at, out) or bar(item, owner, at, out)
    if barred or source.most_words <= owner.most_words:
        return Found(rule, item, barred)
    words = {"headline": item.headline, "body": body_of(item, source.most_words)}
    words |= {"source_name": source.name, "source_url": item.url}
    return Found(rule, item, "", beyond(words, owner, at))


def _ours(session: Session, items: Sequence[Item], first: int) -> Ours:
    """What we have of these items' events or like them, but for what rules made of the `first` item
    or a later one."""
    ours, anew = Ours({}, {}, {}), and_(Item.id >= first, *rules.BY_A_RULE)
    of_item = Story.id == Item.story_id
    made = select(Item.cluster_id, func.min(Story.created_at)).join(Story, of_item)
    made = made.where(not_(anew)).group_by(Item.cluster_id)
    like = select(Story.id, Story.created_at)
    again = select(Item.story_id, Item.cluster_id).join(Story, of_item).where(anew)
    clusters, stories = {item.cluster_id for item in items}, {item.like_story_id for item in items}
    for some in _parts(clusters):
        ours.events.update(session.execute(made.where(Item.cluster_id.in_(some))).all())
    for some in _parts(stories):
        ours.stories.update(session.execute(like.where(Story.id.in_(some))).all())
        ours.anew.update(session.execute(again.where(Item.story_id.in_(some))).all())
    return ours


def _parts(numbers: Iterable[int | None]) -> Iterator[list[int]]:
    """These numbers, as many at a time as a SELECT may name."""
    found = [number for number in numbers if number]
    return (found[n : n + NAMED] for n in range(0, len(found), NAMED))


def _recent(session: Session, at: datetime) -> Iterator[tuple[Item, Facts]]:
    """The items of the last DAYS, the newest LOOKED at most, newest first."""
    query = select(Item).where(Item.fetched_at > at - timedelta(days=DAYS))
    query = query.order_by(Item.id.desc()).limit(BATCH).options(joinedload(Item.feed))
    last: int | None = None
    for _ in range(LOOKED // BATCH):
        found = session.scalars(query if last is None else query.where(Item.id < last)).all()
        yield from zip(found, rules.facts_of(session, found), strict=True)
        if len(found) < BATCH:
            return
        last = found[-1].id
