"""Photo: a picture with what print asks of it: alt text, caption, credit."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.clock import UtcDateTime, now
from newsapp.extensions import Model

LEASE = timedelta(minutes=5)  # longer than a picture takes
LONGEST = timedelta(days=1)  # between two tries


class Photo(Model):
    """A photo, named by the hash of its content; its renditions lie under that name."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(200), default="")
    decorative: Mapped[bool] = mapped_column(default=False)  # says nothing that words must say, too
    licence: Mapped[str] = mapped_column(String(200), default="")
    rights: Mapped[str] = mapped_column(String(300), default="")  # what else was agreed
    rights_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: they don't end
    # Where the eye falls, in per cent from the left and the top: crops keep it.
    focus_x: Mapped[int] = mapped_column(default=50)
    focus_y: Mapped[int] = mapped_column(default=50)
    # The focal point that its slow renditions were made for; None while only the quick ones exist.
    cut_x: Mapped[int | None]
    cut_y: Mapped[int | None]
    colour: Mapped[str] = mapped_column(String(3), default="")  # stands in until it is there
    name: Mapped[str] = mapped_column(String(200), default="")  # of the file as it was sent
    original: Mapped[str] = mapped_column(String(80), default="")  # where it is kept, for nobody
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def lacks(self) -> str:
        """What is missing before readers may see it, in words; empty when nothing is."""
        return " and ".join(f"its {what}" for what in self.missing)

    @property
    def missing(self) -> list[str]:
        """What `lacks` tells of, by name."""
        words = [] if self.alt or self.decorative else ["description in words"]
        return words + ([] if self.credit else ["credit"])

    @property
    def called(self) -> str:
        """What the desk calls it: its description, else what else is known of it."""
        return self.alt or self.caption or self.name or f"Picture {self.id}"

    def ended(self, at: datetime) -> bool:
        """Whether our rights in it have ended by then."""
        return self.rights_end_at is not None and self.rights_end_at <= at

    def barred(self, at: datetime, *, seen: Collection[int] = (), in_text: bool = False) -> str:
        """Why it can't be put before readers at `at`, in a sentence; empty when it can.

        Of those that they have `seen` already, by number, none must come down when its rights
        end: that is for editors to decide, not for a clock.
        """
        name = self.called if len(self.called) <= 80 else f"{self.called[:79]}…"
        which = f"picture “{name}” in the text" if in_text else "photo"
        if self.lacks:
            return f"The {which} lacks {self.lacks}. Add it under Pictures."
        if self.ended(at) and self.id not in seen:
            return f"The rights in the {which} end before readers would see it. Choose another."
        return ""


class Video(Model):
    """A video that stands elsewhere: what print asks of it, and a still picture of ours."""

    __tablename__ = "videos"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # as players.py knows them
    key: Mapped[str] = mapped_column(String(80), default="")  # its name at a provider
    address: Mapped[str] = mapped_column(String(2000), unique=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    seconds: Mapped[int | None]
    transcript: Mapped[str] = mapped_column(Text, default="")
    poster_id: Mapped[int | None] = mapped_column(
        ForeignKey("photos.id", ondelete="SET NULL"), index=True
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    poster: Mapped[Photo | None] = relationship(lazy="raise")

    @property
    def called(self) -> str:
        """What the desk calls it."""
        return self.title or self.address

    @property
    def lacks(self) -> str:
        """What is missing before readers may see it, in words; empty when nothing is."""
        needs = [] if self.title else ["its title"]
        if self.poster and self.poster.missing:
            said = " and ".join(f"a {what}" for what in self.poster.missing)
            needs.append(f"{said} for its still picture")
        return " and ".join(needs)

    def barred(self, at: datetime, *, seen: Collection[int] = ()) -> str:
        """Why it can't be put before readers at `at`, as Photo.barred."""
        name = self.called if len(self.called) <= 80 else f"{self.called[:79]}…"
        if not self.title:
            return f"The video “{name}” lacks its title. Add it under Videos."
        if self.poster and self.poster.lacks:
            return (
                f"The still picture of the video “{name}” lacks {self.poster.lacks}. "
                "Add it under Pictures."
            )
        if self.poster and self.poster.ended(at) and self.poster.id not in seen:
            return (
                f"The rights in the still picture of the video “{name}” end before. Choose another."
            )
        return ""


class Printing(Model):
    """The making of a photo's slow renditions: under way, or to be tried again."""

    __tablename__ = "printings"

    photo_id: Mapped[int] = mapped_column(
        ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True
    )
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # nobody else takes it up before
    reason: Mapped[str] = mapped_column(String(300), default="")  # why it failed the last time

    def begin(self, at: datetime) -> None:
        """Somebody makes them now; should they die over it, it is due again later and later."""
        self.tries = (self.tries or 0) + 1
        self.due_at = at + min(LEASE * 2 ** (self.tries - 1), LONGEST)

    def fail(self, reason: str) -> None:
        """It did not work, for this reason; it stays due when `begin` said."""
        self.reason = reason[:300]
