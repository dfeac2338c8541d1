"""Files that belong to no photo: what a process left that died between the files and the row."""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from newsapp.media import queries
from newsapp.media.darkroom import Darkroom
from newsapp.media.models import Photo
from newsapp.media.shelf import Away, Shelf

LEFT = timedelta(days=1)  # much longer than any picture takes
MOST = 1_000  # names of a shelf that are looked at each time
_OURS = re.compile(r"([0-9a-f]{32})[a-z0-9.]*")  # what is called otherwise is not ours


def tidy(session: Session, room: Darkroom, at: datetime) -> None:
    """Takes away what was left half-made, and files older than a day that no photo names."""
    room.tidy()
    for key in _left(session, room.media, at):
        clear(session, room, key, "")
    for key in _left(session, room.originals, at):
        clear(session, room, key[:32], key)


def clear(session: Session, room: Darkroom, name: str, original: str) -> None:
    """Takes away the files of a picture that is no photo, unless it has been sent in again.

    For as long as this takes, the name is held: whoever sends it in again waits, then keeps theirs.
    """
    session.add(Photo(hash=name, width=1, height=1))
    try:
        session.flush()
    except IntegrityError:
        pass
    else:
        room.remove(name, original)
    session.rollback()


def _left(session: Session, shelf: Shelf, at: datetime) -> list[str]:
    start = secrets.token_hex(2)  # somewhere else each time, so that all of a large one is seen
    try:
        found = shelf.old(at - LEFT, start, MOST)
        if len(found) < MOST:
            found |= shelf.old(at - LEFT, "", MOST - len(found))
    except Away:
        return []
    names = {key: match[1] for key in found if (match := _OURS.fullmatch(key))}
    known = queries.known_hashes(session, names.values())
    session.rollback()
    return sorted(key for key, name in names.items() if name not in known)
