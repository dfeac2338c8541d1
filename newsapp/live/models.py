"""Receipt: whether and when readers had a change, place by place."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model
from newsapp.stories.models import Story


class Receipt(Model):
    """What the desk saw of a change when it looked at the site as a reader."""

    __tablename__ = "receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int | None] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), index=True
    )
    # Of a front that was launched: its section, the river for the front page.
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    act: Mapped[str] = mapped_column(String(20))  # published, broken, changed, taken down, launched
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # from when readers should have it
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # As live.receipts.Place; None until the change is made.
    places: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))

    story: Mapped[Story | None] = relationship(lazy="raise")
