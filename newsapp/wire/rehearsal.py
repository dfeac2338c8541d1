"""A rehearsal of rules: what they would have done with what came in the last days."""

import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from newsapp.wire import rules
from newsapp.wire.models import Item, Source
from newsapp.wire.obeying import HOUR, KNOWN, bar, limit
from newsapp.wire.rules import Action, Facts, Rule

DAYS = 7
LOOKED = 5_000  # items that it looks at, the newest
PATIENCE = 3.0  # seconds for looking at them: what else the process does goes slower meanwhile
SHOWN = 30  # of the items that fit a rule
PUBLISHED = 100  # of those that it would have published
BATCH = 100


@dataclass(slots=True)
class Part:
    """What one rule would have done."""

    rule: Rule
    # Of those that fit it, the last that it would have published; the last others, and what kept
    # each from being published, if it is to publish.
    out: deque[Item] = field(default_factory=lambda: deque(maxlen=PUBLISHED))
    last: deque[tuple[Item, str]] = field(default_factory=lambda: deque(maxlen=SHOWN))
    count: int = 0
    held: Counter[str] = field(default_factory=Counter)  # of them, by the reason
    _hour: deque[datetime] = field(default_factory=deque)  # when it published within an hour
    _events: set[int | None] = field(default_factory=set)  # that it published something of

    @property
    def published(self) -> int:
        """How many it would have published."""
        return self.count - self.others

    @property
    def others(self) -> int:
        """How many it would have done something else with."""
        return self.held.total() if self.rule.action == Action.PUBLISH else self.count

    def play(self, item: Item, source: Source) -> None:
        """Does as if this item came in now that fits it."""
        publishes = self.rule.action == Action.PUBLISH
        reason = self._reason(item, source) if publishes else ""
        self.count += 1
        if reason or not publishes:
            self.last.appendleft((item, reason))
        if reason:
            self.held[reason] += 1
        elif publishes:
            self.out.appendleft(item)
            self._hour.append(item.fetched_at)
            self._events.add(item.cluster_id)

    def _reason(self, item: Item, source: Source) -> str:
        at = item.fetched_at
        while self._hour and self._hour[0] <= at - HOUR:
            self._hour.popleft()
        if reason := bar(item, source, at, at + timedelta(minutes=self.rule.delay)):
            return reason
        if item.like_story_id or item.cluster_id in self._events:
            return KNOWN
        return limit(self.rule) if len(self._hour) >= self.rule.hourly else ""


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
    fitting, looked, whole = list[tuple[Rule, Item, Source]](), 0, True
    until = time.monotonic() + patience
    for item, facts in _recent(session, at):
        if time.monotonic() > until:
            whole = False
            break
        looked += 1
        if rule := rules.first_that_fits(wanted, facts):
            fitting.append((rule, item, outlets[facts.source_id]))
    # In the order in which they came: what went out earlier counts for what came later.
    for rule, item, source in reversed(fitting):
        parts[rule].play(item, source)
    return Rehearsal([*parts.values()], looked, whole)


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
