"""What open pages are told: the ticker, and how to ask again."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from newsapp.stories.queries import listings
from newsapp.stories.queries.listings import Card


@dataclass(frozen=True, slots=True)
class Ticker:
    """The breaking headlines, in the editors' order; without any, the newest headline alone."""

    cards: tuple[Card, ...]
    breaking: bool
    says: Mapping[int, str]  # the kind of correction that a line tells, by the story's number


def ticker(session: Session) -> Ticker:
    """The ticker as it stands."""
    cards, says = listings.ticker(session)
    return Ticker(tuple(cards), breaking=any(card.breaking for card in cards), says=says)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How an open page asks what is new: its stream, what it has seen, its newest story."""

    stream: str
    seen: str
    after: str
    top: str = ""  # names what is laid out by hand on it

    @property
    def url(self) -> str:
        """The address to poll, the same for all readers in the same state."""
        after = f"&after={self.after}" if self.after else ""
        return f"/pulse/{self.stream}?seen={self.seen}{after}{self._top}"

    @property
    def stories_url(self) -> str:
        """The address of the stories that came since."""
        return f"/pulse/{self.stream}/stories?after={self.after}{self._top}"

    @property
    def _top(self) -> str:
        return f"&top={self.top}" if self.top else ""
