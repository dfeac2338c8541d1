"""Reads of the corrections of all stories: what we had wrong, said in one place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, literal, select, tuple_
from sqlalchemy.orm import Session

from newsapp.formats import Stamp
from newsapp.stories.models import Correction, Status, Story

PAGE = 30


@dataclass(frozen=True, slots=True)
class Told:
    """A correction and the story that it stands on."""

    id: int
    kind: str
    text: str
    at: datetime
    url: str
    headline: str
    language: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Corrections:
    """One page of them, newest first, and where older ones begin."""

    told: tuple[Told, ...]
    older: Stamp | None


def corrections(session: Session, before: Stamp | None = None, limit: int = PAGE) -> Corrections:
    """The corrections of live stories, one range scan."""
    query = (
        select(
            Correction.id, Correction.kind, Correction.text, Correction.at,
            Story.path, Story.headline, Story.language, Story.demo,
        )
        .join(Story, Story.id == Correction.story_id)
        .where(Story.status == Status.PUBLISHED)
        .order_by(Correction.at.desc(), Correction.id.desc())
        .limit(limit + 1)
    )  # fmt: skip
    if before is not None:
        place = tuple_(Correction.at, Correction.id)
        number = literal(before.id, BigInteger)  # forged ones are larger than any of ours
        query = query.where(Correction.at <= before.at, place < tuple_(before.at, number))
    found = tuple(
        Told(number, kind, text, at, f"/{path}", headline, language, demo)
        for number, kind, text, at, path, headline, language, demo in session.execute(query)
    )
    last = found[limit - 1] if len(found) > limit else None
    return Corrections(found[:limit], Stamp(last.at, last.id) if last else None)
