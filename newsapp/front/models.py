"""Fronts laid out by hand: slots, the desk's draft of them, and what was launched when.

The front page is laid out from the river, a region's top from the region: the section names the
front.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from newsapp.accounts.models import User
from newsapp.clock import UtcDateTime, now
from newsapp.extensions import Model
from newsapp.stories.models import RIVER, NotAllowed, Story

LEAD = 1
SECONDS = 3
HEADLINES = 4
# One lead, and what stands beside or beneath it.
OPENING = LEAD + SECONDS
TOP = LEAD + HEADLINES


def places_of(section_id: int) -> int:
    """How many places of this front can be filled by hand."""
    return OPENING if section_id == RIVER else TOP


class Slot(Model):
    """A hand-picked place on a front; the places without one are filled by the newest."""

    __tablename__ = "slots"

    section_id: Mapped[int] = mapped_column(
        ForeignKey("arrangements.section_id", ondelete="CASCADE"), primary_key=True
    )
    draft: Mapped[bool] = mapped_column(primary_key=True)  # else readers have it
    position: Mapped[int] = mapped_column(primary_key=True)  # from 1, the lead
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # in this place
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    def over(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.until is not None and self.until <= at

    def minutes(self, at: datetime) -> int | None:
        """How long it still stands; None: until somebody ends it."""
        return max(1, (self.until - at) // timedelta(minutes=1)) if self.until else None

    def copy(self, **changes: Any) -> "Slot":
        """The same slot, but for these changes."""
        names = ("section_id", "draft", "position", "story_id", "until", "since", "by_id")
        return Slot(**{**{name: getattr(self, name) for name in names}, **changes})


class Launch(Model):
    """What an editor put before readers, and when: the slots, as they were launched."""

    __tablename__ = "launches"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(
        ForeignKey("arrangements.section_id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # [{"position": 1, "story": 12, "headline": "as it was", "minutes": 180, or None}, …]
    picks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @classmethod
    def of(cls, slots: Iterable[Slot], live: Mapping[int, str], by: User, at: datetime) -> "Launch":
        """What these slots are, now."""
        picks = [
            {
                "position": slot.position,
                "story": slot.story_id,
                "headline": live[slot.story_id],
                "minutes": slot.minutes(at),
            }
            for slot in slots
        ]
        return cls(at=at, by_id=by.id, picks=picks)

    def slots(self, at: datetime) -> list[Slot]:
        """The same slots from now on, for as long as they were meant to stand then."""
        return [
            Slot(
                position=pick["position"],
                story_id=pick["story"],
                until=at + timedelta(minutes=pick["minutes"]) if pick["minutes"] else None,
                since=at,
            )
            for pick in self.picks
        ]


class Arrangement(Model):
    """How one front is laid out by hand: what readers have, and the draft that the desk shares."""

    __tablename__ = "arrangements"

    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)
    drafted: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    launched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    launched_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)  # of draft and launched together

    slots: Mapped[list[Slot]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=(Slot.draft, Slot.position)
    )
    launches: WriteOnlyMapped[Launch] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    def __init__(self, **fields: Any) -> None:
        # A new one's slots are known to be none; unset they would count as unloaded.
        super().__init__(**{"slots": [], "drafted": False, **fields})

    # Two changes of one state at once: the second raises StaleDataError, nothing is lost unseen.
    __mapper_args__ = {"version_id_col": version}

    @property
    def places(self) -> int:
        """How many places can be filled by hand."""
        return places_of(self.section_id)

    def launched(self, at: datetime) -> list[Slot]:
        """The slots that readers have, without those whose time is over."""
        return [slot for slot in self.slots if not slot.draft and not slot.over(at)]

    def draft(self, at: datetime) -> list[Slot]:
        """The slots of the draft, or of what readers have while there is none."""
        if not self.drafted:
            return self.launched(at)
        return [slot for slot in self.slots if slot.draft and not slot.over(at)]

    def put(self, story: Story, position: int, by: User, at: datetime, origin: int = 0) -> None:
        """Puts a story into a place of the draft, by hand; who stands there moves on.

        `origin` is the place that the story has by itself, 0 for none. NotAllowed for a place
        that the front doesn't have and for a story that can't stand on it.
        """
        if not 1 <= position <= self.places:
            raise NotAllowed(f"There is no such place: this front has {self.places}.")
        if not story.live:
            raise NotAllowed("Only a published story can stand on a front.")
        if self.section_id not in {placement.section_id for placement in story.placements}:
            raise NotAllowed("This story is not filed under that region. File it there first.")
        picks = {slot.position: slot for slot in self.draft(at)}
        own = next((slot for slot in picks.values() if slot.story_id == story.id), None)
        if own is not None:
            del picks[own.position]
            origin = own.position
        # Towards where it came from, so that the places in between close the gap.
        step = -1 if 0 < origin < position else 1
        spot, moved = position, picks.get(position)
        picks[position] = Slot(section_id=self.section_id, story_id=story.id, since=at,
                               by_id=by.id, until=own.until if own else None)  # fmt: skip
        while moved and 1 <= spot + step <= self.places:
            spot += step
            picks[spot], moved = moved.copy(since=at), picks.get(spot)
        self._draw(picks, by, at)

    def keep_until(self, position: int, until: datetime | None, by: User, at: datetime) -> None:
        """Says when the slot in this place ends; None: when somebody ends it. NotAllowed where
        there is no slot, and for a time that is past."""
        if until is not None and until <= at:
            raise NotAllowed("That is past. Choose a time that lies ahead.")
        picks = {slot.position: slot for slot in self.draft(at)}
        if position not in picks:
            raise NotAllowed("That place is not filled by hand any more.")
        picks[position] = picks[position].copy(until=until, by_id=by.id)
        self._draw(picks, by, at)

    def free(self, position: int, by: User, at: datetime) -> None:
        """Leaves a place of the draft to the newest again."""
        picks = {slot.position: slot for slot in self.draft(at) if slot.position != position}
        self._draw(picks, by, at)

    def discard(self, by: User, at: datetime) -> None:
        """Throws the draft away; what readers have stays."""
        self.slots = [slot for slot in self.slots if not slot.draft]
        self.drafted = False
        self._changed(by, at)

    def launch(self, live: Mapping[int, str], by: User, at: datetime) -> None:
        """Puts the draft before readers. `live` has the headlines of the stories that are live,
        by number: what was taken down since falls out. NotAllowed without a draft."""
        if not self.drafted:
            raise NotAllowed("There is nothing to launch: readers have it as it stands here.")
        self._launch([slot for slot in self.draft(at) if slot.story_id in live], live, by, at)

    def launch_again(self, launch: Launch, live: Mapping[int, str], by: User, at: datetime) -> None:
        """Puts what was launched then before readers once more, for as long as it was meant to
        stand then; what is not `live` any more is left out, and the draft is thrown away."""
        slots = [slot for slot in launch.slots(at) if slot.story_id in live]
        self._launch(slots, live, by, at)

    def _launch(
        self, slots: Iterable[Slot], live: Mapping[int, str], by: User, at: datetime
    ) -> None:
        since = {(slot.position, slot.story_id): slot.since for slot in self.launched(at)}
        self.slots = [
            slot.copy(
                section_id=self.section_id,
                draft=False,
                since=since.get((slot.position, slot.story_id), at),
                by_id=slot.by_id or by.id,
            )
            for slot in slots
        ]
        self.drafted = False
        self.launched_at, self.launched_by_id = at, by.id
        self.launches.add(Launch.of(self.slots, live, by, at))
        self._changed(by, at)

    def _draw(self, picks: dict[int, Slot], by: User, at: datetime) -> None:
        """From now on the draft is this."""
        draft = [slot.copy(draft=True, position=position) for position, slot in picks.items()]
        self.slots = [slot for slot in self.slots if not slot.draft] + draft
        self.drafted = True
        self._changed(by, at)

    def _changed(self, by: User, at: datetime) -> None:
        self.changed_at, self.changed_by_id = at, by.id
