"""Rules at work: on items that come in, in the transaction that files them; and as a rehearsal."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from newsapp.stories.checks import Terms, checks
from newsapp.stories.models import NotAllowed, Story
from newsapp.stories.queries import releases
from newsapp.stories.queries.sections import sections_by_slug
from newsapp.wire import queries, rules
from newsapp.wire.forms import excerpt
from newsapp.wire.models import Item, Source, State, Trust
from newsapp.wire.rules import Action, Rule

FRESH = timedelta(hours=12)  # what is older when it comes in is no news any more
HOUR = timedelta(hours=1)
EAST = timedelta(hours=14)  # where a day begins first: there a licence ends first, too
DAYS = 7  # of a rehearsal
LOOKED = 5_000  # items that it looks at, the newest
SHOWN = 30  # of them that it names for each rule
BATCH = 500
# What of an excerpt's form is the story's own.
SAID = ("headline", "body", "language", "original_headline", "original_language", "source_name",
        "source_url")  # fmt: skip
OLD = "It is older than twelve hours."
KNOWN = "We have it already."
PULLED = "Not published by itself: its outlet took it out of its feed."


@dataclass(slots=True)
class Rehearsal:
    """What one rule would have done."""

    rule: Rule
    # The last of those that fit it; why one would not have been published, if it is to publish.
    last: deque[tuple[Item, str]] = field(default_factory=lambda: deque(maxlen=SHOWN))
    count: int = 0
    held: Counter[str] = field(default_factory=Counter)  # of them, by the reason
    _out: deque[datetime] = field(default_factory=deque)  # when it published within an hour
    _events: set[int | None] = field(default_factory=set)  # that it published something of

    @property
    def published(self) -> int:
        """How many it would have published, if it is to publish."""
        return self.count - self.held.total()

    def play(self, item: Item, source: Source) -> None:
        """Does as if this item came in now that fits it."""
        reason = self._reason(item, source) if self.rule.action == Action.PUBLISH else ""
        self.count += 1
        self.last.appendleft((item, reason))
        if reason:
            self.held[reason] += 1
        elif self.rule.action == Action.PUBLISH:
            self._out.append(item.fetched_at)
            self._events.add(item.cluster_id)

    def _reason(self, item: Item, source: Source) -> str:
        at = item.fetched_at
        while self._out and self._out[0] <= at - HOUR:
            self._out.popleft()
        if reason := _bar(item, source, at, at + timedelta(minutes=self.rule.delay)):
            return reason
        if item.like_story_id or item.cluster_id in self._events:
            return KNOWN
        return _limit(self.rule) if len(self._out) >= self.rule.hourly else ""


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
    """Takes off the schedule what a rule was about to publish of these items, which their outlet
    took back; what an editor has had in hand since is the editor's."""
    made = {item.story_id: item for item in items if item.rule_id and item.story_id}
    for story in releases.scheduled_by_nobody(session, made) if made else ():
        story.unschedule(None, at)
        made[story.id].mark = PULLED


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
    if reason := _bar(item, source, at, out) or _bar(item, owner, at, out) or _known(session, item):
        raise NotAllowed(reason)
    if _published(session, rule, at) >= rule.hourly:
        raise NotAllowed(_limit(rule))
    words = excerpt(whole, queries.sections_of(session, item.id))
    sections = sections_by_slug(session, words["sections"])
    terms = Terms(owner.most_words, owner.name)
    for check in checks(words, photo=None, pictures=(), kinds={s.kind for s in sections},
                        embargo_until=None, at=at, terms=terms):  # fmt: skip
        if check.stops:
            raise NotAllowed(check.words)
    story = Story(**{name: words[name] for name in SAID}, noindex=owner.unindexed)
    story.file_under(sections)
    story.schedule(None, at, out)
    session.add(story)
    session.flush()
    item.take(story)
    # The audit log says whose doing it was.
    session.info.setdefault("ruled", {})[story.id] = f"Rule {rule.id}: {rule.name}"


def _bar(item: Item, source: Source, at: datetime, out: datetime) -> str:
    """Why an item is not published by itself, whatever else there is; empty when it may be."""
    if source.trust == Trust.DOUBTFUL:
        return f"{source.name} is doubtful."
    if not source.licensed((out + EAST).date()):
        return f"The licence of {source.name} is over, or about to be."
    return OLD if item.published_at < at - FRESH else ""


def _known(session: Session, item: Item) -> str:
    """Whether a story of ours says it already, or is made of another item of its event."""
    made = select(Item.id).where(Item.cluster_id == item.cluster_id, Item.story_id.is_not(None))
    known = item.like_story_id is not None or session.scalar(made.limit(1)) is not None
    return KNOWN if known else ""


def _published(session: Session, rule: Rule, at: datetime) -> int:
    """How many excerpts a rule has made within the last hour."""
    query = select(func.count()).select_from(Item).join(Story, Story.id == Item.story_id)
    query = query.where(Item.rule_id == rule.id, Item.fetched_at > at - HOUR)
    return session.scalar(query) or 0


def _limit(rule: Rule) -> str:
    return f"It would be more than {rule.hourly} in an hour."


# --- rehearsing -------------------------------------------------------------------------------


def rehearse(session: Session, wanted: Sequence[Rule], at: datetime) -> list[Rehearsal]:
    """What these rules, in this order, would have done with the items of the last DAYS, the newest
    LOOKED at most; nothing is changed."""
    parts = [Rehearsal(rule) for rule in wanted]
    outlets = {source.id: source for source in session.scalars(select(Source))}
    items = _recent(session, at)
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        for item, facts in zip(batch, rules.facts_of(session, batch), strict=True):
            if part := next((part for part in parts if part.rule.fits(facts)), None):
                part.play(item, outlets[facts.source_id])
    return parts


def _recent(session: Session, at: datetime) -> Sequence[Item]:
    """The items of the last DAYS, the newest LOOKED at most, in the order in which they came."""
    query = select(Item).where(Item.fetched_at > at - timedelta(days=DAYS))
    query = query.order_by(Item.id.desc()).limit(LOOKED).options(joinedload(Item.feed))
    return session.scalars(query).all()[::-1]
