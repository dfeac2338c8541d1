"""Rules: what becomes of an item by itself when it comes in; the first that fits it counts."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from newsapp.clock import UtcDateTime, now
from newsapp.extensions import Model
from newsapp.stories.models import NotAllowed, Section, Status, Story
from newsapp.wire import clean
from newsapp.wire.models import Feed, Item, ItemSection, Source

TERMS = 20  # of one rule
DELAY = 10  # minutes
HOURLY = 3
_TERM = re.compile(r'"([^"]+)"|([^\s"]+)')
_QUOTES = str.maketrans("“”„«»「」『』", '"""""""""')
# Letters of scripts that put no spaces between words, or particles right behind them (Hangul).
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
_RUN = re.compile(r"\w+")
_ARABIC = re.compile("[\u0620-\u064a]")
_LEANING = "[وف]?(?:[بك]?ال|لل|[بكل])?"  # and, so, in, as, for, the: written together with a word


class Action(StrEnum):
    """What a rule does with an item."""

    QUEUE = "queue"
    FLAG = "flag"
    IGNORE = "ignore"
    PUBLISH = "publish"


class Rule(Model):
    """What must hold of an item, all of it that is given, and what then becomes of it."""

    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    place: Mapped[int] = mapped_column(default=0, index=True)  # the lowest is asked first
    paused: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"), index=True)
    words: Mapped[str] = mapped_column(String(300), default="")  # in headline or text, all of them
    where_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))  # country or region
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    action: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(200), default="")  # on what it queues or flags
    delay: Mapped[int] = mapped_column(default=DELAY)  # minutes until what it publishes is out
    hourly: Mapped[int] = mapped_column(default=HOURLY)  # that it publishes, at most
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    source: Mapped[Source | None] = relationship(lazy="raise")
    where: Mapped[Section | None] = relationship(lazy="raise", foreign_keys=where_id)
    topic: Mapped[Section | None] = relationship(lazy="raise", foreign_keys=topic_id)

    def fits(self, facts: "Facts") -> bool:
        """Whether all that it asks for holds of an item."""
        if self.source_id and self.source_id != facts.source_id:
            return False
        if any(number not in facts.sections for number in (self.where_id, self.topic_id) if number):
            return False
        return facts.say(self.words)

    def pause(self) -> None:
        """Has it do nothing until it goes on."""
        self.paused = True

    def go_on(self) -> None:
        """Has it do its work again."""
        self.paused = False


def move(rules: Sequence[Rule], rule: Rule, *, up: bool) -> None:
    """Asks a rule one place earlier, or later; `rules` are all, in their order. NotAllowed where it
    is the first, or the last, already."""
    order = list(rules)
    at = order.index(rule)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        raise NotAllowed(f"It is the {'first' if up else 'last'} already.")
    order[at], order[to] = order[to], order[at]
    for place, one in enumerate(order, 1):
        one.place = place


class Term(NamedTuple):
    """A word or a phrase that a rule asks for."""

    text: str
    pattern: re.Pattern[str] | None  # None: a word that stands alone wherever it stands


@dataclass(frozen=True)
class Facts:
    """What rules ask of an item; each word is looked up once, however many rules ask for it."""

    source_id: int
    text: str  # headline and text, as `plain` writes them
    sections: frozenset[int]
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_RUN.findall(self.text))

    def say(self, words: str) -> bool:
        """Whether all words and phrases of a rule are there."""
        alone, others = _asked(words)
        return (not alone or alone <= self._words) and all(map(self._has, others))

    def _has(self, term: Term) -> bool:
        if (known := self._known.get(term.text)) is None:
            found = term.text in self.text and term.pattern and term.pattern.search(self.text)
            known = self._known[term.text] = bool(found)
        return known


def plain(text: str) -> str:
    """Text as it is compared: one line, letters of one size and width."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(1_000)
def terms_of(words: str) -> tuple[Term, ...]:
    """The words and the quoted phrases of a rule, one more than TERMS at most: whole words, but
    where their script does not tell where a word ends."""
    typed = plain(words.translate(_QUOTES))
    found = (plain(phrase or word) for phrase, word in _TERM.findall(typed))
    terms = [term for term in found if any(map(str.isalnum, term))]
    return tuple(map(_term, terms[: TERMS + 1]))


def is_open(words: str) -> bool:
    """Whether the last phrase of a rule has no end."""
    return words.translate(_QUOTES).count('"') % 2 == 1


@lru_cache(1_000)
def _asked(words: str) -> tuple[frozenset[str], tuple[Term, ...]]:
    """The words of a rule that stand alone, and what has to be searched for."""
    terms = terms_of(words)
    alone = frozenset(term.text for term in terms if term.pattern is None)
    return alone, tuple(term for term in terms if term.pattern is not None)


def _term(text: str) -> Term:
    opens, closes = (c.isalnum() and not _UNSPACED.match(c) for c in (text[0], text[-1]))
    leaning = bool(_ARABIC.match(text[0]))
    if opens and closes and not leaning and _RUN.fullmatch(text):
        return Term(text, None)
    before = r"(?<!\w)" if opens else ""
    if leaning:
        before += _LEANING
    return Term(text, re.compile(before + re.escape(text) + (r"(?!\w)" if closes else "")))


def facts_of(session: Session, items: Sequence[Item]) -> list[Facts]:
    """What rules ask of these items, in their order: two SELECTs."""
    feeds = select(Feed.id, Feed.source_id).where(Feed.id.in_({item.feed_id for item in items}))
    outlets = dict(session.execute(feeds).all())
    sections: dict[int, set[int]] = {}
    query = select(ItemSection.item_id, ItemSection.section_id)
    for number, section in session.execute(
        query.where(ItemSection.item_id.in_([item.id for item in items]))
    ):
        sections.setdefault(number, set()).add(section)
    return [
        Facts(
            outlets[item.feed_id],
            plain(f"{item.headline} {clean.text(item.summary)}"),
            frozenset(sections.get(item.id, ())),
        )
        for item in items
    ]


def at_work(session: Session) -> Sequence[Rule]:
    """The rules that are not paused, in their order."""
    query = select(Rule).where(Rule.paused.is_(False)).order_by(Rule.place, Rule.id)
    return session.scalars(query).all()


def all_rules(session: Session) -> Sequence[Rule]:
    """Every rule with what it names, in the order in which they are asked."""
    named = (joinedload(Rule.source), joinedload(Rule.where), joinedload(Rule.topic))
    return session.scalars(select(Rule).order_by(Rule.place, Rule.id).options(*named)).all()


def rule(session: Session, number: int) -> Rule | None:
    """The rule with this number."""
    return session.get(Rule, number)


class Going(NamedTuple):
    """An excerpt that goes out by a rule, and the item that it was made of."""

    story: Story
    item: Item
    rule: str  # its name; empty where it was removed since


def going_out(session: Session, limit: int) -> Sequence[Going]:
    """What rules are about to publish and no editor has had in hand, soonest first."""
    query = (
        select(Story, Item, func.coalesce(Rule.name, ""))
        .join(Item, Item.story_id == Story.id)
        .outerjoin(Rule, Rule.id == Item.rule_id)
        .where(Story.status == Status.SCHEDULED, Story.changed_by_id.is_(None), *BY_A_RULE)
        .order_by(Story.publish_at, Story.id)
    )
    rows = session.execute(query.limit(limit).options(joinedload(Item.feed)))
    return [Going(*row) for row in rows]


def that_made(session: Session, story_id: int) -> str | None:
    """The name of the rule that made a story, empty where it was removed since; None: none did."""
    query = select(func.coalesce(Rule.name, "")).select_from(Item)
    query = query.join(Story, Story.id == Item.story_id).outerjoin(Rule, Rule.id == Item.rule_id)
    return session.scalar(query.where(Story.id == story_id, *BY_A_RULE).limit(1))


# What an editor makes of an item that a rule flagged is the editor's.
BY_A_RULE = Story.created_by_id.is_(None), Item.rule_id.is_not(None)


def that_fit(rules: Iterable[Rule], facts: Facts) -> list[Rule]:
    """The rules that fit an item, in their order: the first counts."""
    return [rule for rule in rules if rule.fits(facts)]


def first_that_fits(rules: Iterable[Rule], facts: Facts) -> Rule | None:
    """The rule that counts for an item."""
    return next((rule for rule in rules if rule.fits(facts)), None)
