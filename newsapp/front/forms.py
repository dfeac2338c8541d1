"""Forms of fronts: until when a slot stands, and which story goes where."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from newsapp import clock
from newsapp.formats import NUMBER_MAX
from newsapp.stories import clean
from newsapp.stories.flow import WHICH, ScheduleForm

MORNING = time(7)
FOREVER, TYPED = "", "typed"


def number(typed: Mapping[str, str], name: str) -> int:
    """A number that a button sent; 0 for anything else."""
    text = typed.get(name, "")
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
    return found if found <= NUMBER_MAX else 0


def choices(at: datetime, zone: ZoneInfo) -> dict[str, tuple[str, datetime]]:
    """The short choices of an end, by name: in words, with the clock that they mean."""
    tomorrow = clock.day_of(at, zone) + timedelta(days=1)
    _, night = clock.bounds_of(clock.day_of(at, zone), zone)
    morning = datetime.combine(tomorrow, MORNING, zone)
    one, three = (at + timedelta(hours=hours) for hours in (1, 3))
    return {
        "1": (f"1 hour, until {one.astimezone(zone):%H:%M}", one),
        "3": (f"3 hours, until {three.astimezone(zone):%H:%M}", three),
        "tonight": ("Tonight, until midnight", night),
        "morning": (f"Until tomorrow, {MORNING:%H:%M}", morning.astimezone(UTC)),
    }


class UntilForm(ScheduleForm):
    """Until when a slot stands, on the newsroom's clock."""

    choice = SelectField("Stands")
    end = StringField("Until another time", filters=[clean.line])
    end_second = SelectField("Which of the two", choices=WHICH, validators=[Optional()])

    def offer_ends(self, at: datetime, zone: ZoneInfo) -> None:
        """The choices, seen from now; times that are typed are on this clock."""
        self.offer({zone.key: zone.key}, live=True)
        self.zone.data = zone.key
        self._ends = choices(at, zone)
        labels = {FOREVER: "Until somebody ends it", TYPED: "Until the time below"}
        labels |= {name: label for name, (label, _) in self._ends.items()}
        order = (FOREVER, *self._ends, TYPED)
        self.choice.choices = [SelectChoice(name, labels[name]) for name in order]

    def moment(self) -> datetime | None:
        """The moment that is meant, aware UTC; None: until somebody ends it."""
        if self.choice.data == TYPED:
            return self.end_moment()
        return self._ends[self.choice.data][1] if self.choice.data in self._ends else None

    def validate_end(self, field: Any) -> None:
        """Refuses what is no time, what no clock there ever shows, and what is past."""
        if self.choice.data == TYPED:
            self._check(field, self.end_second, "Give a day and a time.")
            at = self.end_moment()
            if at and at <= clock.now():
                raise ValidationError("That is past. Choose a time that lies ahead.")
