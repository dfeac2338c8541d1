"""What open pages are told: the ticker, and how to ask again."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from newsapp.stories import queries
from newsapp.stories.models import RIVER
from newsapp.stories.queries import Card


@dataclass(frozen=True, slots=True)
class Ticker:
    """The breaking headlines, newest first; without any, the newest headline alone."""

    cards: tuple[Card, ...]
    breaking: bool


def ticker(session: Session) -> Ticker:
    """The ticker as it stands."""
    if breaking := queries.breaking(session):
        return Ticker(tuple(breaking), breaking=True)
    return Ticker(queries.listing(session, RIVER, limit=1).cards, breaking=False)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How an open page asks what is new: its stream, what it has seen, its newest story."""

    stream: str
    seen: str
    after: str

    @property
    def url(self) -> str:
        """The address to poll, the same for all readers in the same state."""
        return f"/pulse/{self.stream}?seen={self.seen}" + (
            f"&after={self.after}" if self.after else ""
        )

    @property
    def stories_url(self) -> str:
        """The address of the stories that came since."""
        return f"/pulse/{self.stream}/stories?after={self.after}"
