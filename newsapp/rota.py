"""The rota: work that comes round is done once each time, however many workers there are."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, String, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model

EARLY = 0.8  # of its interval, after which a duty may come round again: no two clocks agree


class Duty(Model):
    """Work that comes round, and when somebody took it up last."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)


def take_up(engine: Engine, name: str, at: datetime, every: timedelta) -> bool:
    """Whether this duty is ours now; false when somebody took it up within its interval."""
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    query = dialect.insert(Duty).values(name=name, begun_at=at)
    query = query.on_conflict_do_update(
        index_elements=["name"],
        set_={"begun_at": query.excluded.begun_at},
        # Begun as far ahead, it was by a clock that was wrong.
        where=or_(Duty.begun_at <= at - every * EARLY, Duty.begun_at > at + every),
    )
    with engine.begin() as connection:
        return bool(connection.execute(query.returning(Duty.name)).all())
