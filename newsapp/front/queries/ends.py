"""Reads of slots whose time is over."""

from datetime import datetime

from sqlalchemy import Label, func, select
from sqlalchemy.orm import Session

from newsapp.front.models import Slot


def next_end() -> Label[datetime | None]:
    """The earliest moment at which a slot is to end, of a draft's too, as an expression."""
    return select(func.min(Slot.until)).scalar_subquery().label("due")


def to_end(session: Session, at: datetime) -> list[Slot]:
    """The slots whose moment has come; locked where possible."""
    query = select(Slot).where(Slot.until <= at)
    return list(session.scalars(query.with_for_update(skip_locked=True)))
