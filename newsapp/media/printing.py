"""The renditions that take time, made one photo after another by a worker.

Until they are there pages name only the quick ones, so a worker that is away or dies delays
nothing that a reader would miss.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from newsapp.media import queries
from newsapp.media.darkroom import Darkroom, Refused
from newsapp.media.models import Photo
from newsapp.media.shelf import Away


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the picture's colour, or why it did not work."""

    colour: str = ""
    reason: str = ""


def begin(session: Session, at: datetime) -> Photo | None:
    """The next photo to make them for; nobody else takes it up for a while. The caller commits."""
    found = queries.unfinished(session, at)
    if found is None:
        return None
    photo, printing = found
    printing.begin(at)
    session.add(printing)
    return photo


def make(room: Darkroom, photo: Photo) -> Outcome:
    """Makes them; asks no database, because it takes seconds."""
    try:
        return Outcome(colour=room.finish(photo, photo.original, (photo.focus_x, photo.focus_y)))
    except (Refused, Away) as why:
        return Outcome(reason=str(why))


def end(session: Session, made_for: Photo, outcome: Outcome) -> None:
    """Notes what became of it; from now on pages name what was made. The caller commits."""
    printing = queries.printing(session, made_for.id)
    photo = queries.photo(session, made_for.id)
    if photo is None:
        return  # it was deleted meanwhile
    if outcome.reason:
        if printing:
            printing.fail(outcome.reason)
        return
    photo.cut_x, photo.cut_y = made_for.focus_x, made_for.focus_y
    photo.colour = outcome.colour
    if printing:
        session.delete(printing)
