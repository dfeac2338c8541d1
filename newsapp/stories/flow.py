"""The forms of a story's way to readers and back: break, schedule, embargo, correct, withdraw."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    Form,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)

from newsapp import clock
from newsapp.formats import NUMBER_MAX as NUMBER_MAX
from newsapp.stories import clean
from newsapp.stories.fields import Number, at_most, choices_of, known_token, new_token
from newsapp.stories.models import HEADLINE_MAX
from newsapp.stories.queries.sections import Place

BREAKING_HOURS = 4
CORRECTIONS = {
    "correction": "Correction: we had something wrong",
    "clarification": "Clarification: it could be misunderstood",
    "update": "Update: there is something new",
    "removal": "Removal: something was taken out",
}


def review_note(form: Mapping[str, str]) -> str:
    """What somebody wrote to a colleague beside the form; cut where nobody writes any more."""
    return clean.prose(form.get("review_note", ""))[:2000]


class BreakNewsForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """One line: a headline and a place."""

    headline = StringField(
        "Break news",
        id="break-headline",
        filters=[clean.line],
        validators=[DataRequired("Write the headline to break."), at_most(HEADLINE_MAX)],
    )
    place = SelectField(
        "Place", id="break-place", validators=[InputRequired("Choose where it happened.")]
    )
    token = HiddenField(
        id="break-token", default=new_token, filters=[clean.line], validators=[known_token]
    )

    def offer(self, places: Iterable[Place]) -> None:
        """The countries that can be chosen."""
        self.place.choices = choices_of({"": "Where?", **{p.slug: p.name for p in places}})


class BreakingForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """For how long a story stands in the ticker."""

    hours = Number(
        "Hours",
        default=BREAKING_HOURS,
        validators=[
            InputRequired("Say for how many hours."),
            NumberRange(1, 24, "From 1 to 24 hours."),
        ],
    )


WHICH = choices_of({"": "Choose", "first": "The first time", "second": "The second time"})


class OnClocks(Form):  # type: ignore[misc]  # WTForms is untyped
    """A form with days and times, and whose clock shows them."""

    def offer(self, zones: Mapping[str, str]) -> None:
        """The clocks that can be chosen, by zone."""
        self._zones = frozenset(zones)
        self.zone.choices = choices_of(zones)

    def typed(self) -> list[tuple[str, datetime]]:
        """The moments typed so far that can be shown, and what each is."""
        raise NotImplementedError

    def _typed(self, field: Any, second: Any) -> list[tuple[str, datetime]]:
        found = self._moments(field)
        if len(found) == 2 and second.data:
            found = found[-1:] if second.data == "second" else found[:1]
        which = (", the first time", ", the second time") if len(found) == 2 else ("",)
        # Beyond, a clock elsewhere may show what no calendar holds.
        both = zip(which, found, strict=False)
        return [(f"{field.label.text}{words}", at) for words, at in both if 1900 < at.year <= 2100]

    def _check(self, field: Any, second: Any, missing: str) -> None:
        if not field.data:
            raise ValidationError(missing)
        try:
            wall = datetime.strptime(field.data, "%Y-%m-%dT%H:%M")
        except ValueError:
            raise ValidationError("Give a day and a time, such as 2026-11-24 18:30.") from None
        if wall.year > 2100:
            raise ValidationError("That is too far ahead.")
        found = self._moments(field)
        if not found and self.zone.data in self._zones:
            raise ValidationError(
                f"Clocks there are put forward that night and never show {wall:%H:%M}. "
                "Choose a time before or after."
            )
        if len(found) == 2 and not second.data:
            raise ValidationError(
                f"Clocks there are put back that night and show {wall:%H:%M} twice. Say which."
            )

    def _moment(self, field: Any, second: Any) -> datetime | None:
        found = self._moments(field)
        return found[-1 if second.data == "second" else 0] if found else None

    def _moments(self, field: Any) -> list[datetime]:
        if self.zone.data not in self._zones:
            return []
        try:
            wall = datetime.strptime(field.data or "", "%Y-%m-%dT%H:%M")
            return clock.moments(wall, ZoneInfo(self.zone.data))
        except (ValueError, OverflowError):
            return []


class EmbargoForm(OnClocks):
    """Until when a story must not go out."""

    until = StringField("Not before", filters=[clean.line])
    second = SelectField("Which of the two", choices=WHICH, validators=[Optional()])
    zone = SelectField("On the clock of")

    @property
    def twice(self) -> bool:
        """Whether this time comes twice there, because clocks are put back."""
        return len(self._moments(self.until)) == 2

    def moment(self) -> datetime | None:
        """The moment that is meant, aware UTC."""
        return self._moment(self.until, self.second)

    def typed(self) -> list[tuple[str, datetime]]:
        """When it ends."""
        return self._typed(self.until, self.second)

    def validate_until(self, field: Any) -> None:
        """Refuses what is no time, what no clock there ever shows, and what is past."""
        self._check(field, self.second, "Give the day and the time at which the embargo ends.")
        if (at := self.moment()) and at <= clock.now():
            raise ValidationError("That is past: such an embargo holds nothing back.")


class ScheduleForm(OnClocks):
    """When a story comes out and when it comes down, and whose clock shows it."""

    when = StringField("Comes out", filters=[clean.line])
    second = SelectField("Which of the two it comes out", choices=WHICH, validators=[Optional()])
    end = StringField(
        "Comes down",
        filters=[clean.line],
        description="Left empty, it stays. Else it is a draft again then, and its address says "
        "until when it was there.",
    )
    end_second = SelectField(
        "Which of the two it comes down", choices=WHICH, validators=[Optional()]
    )
    zone = SelectField("On the clock of")

    def offer(self, zones: Mapping[str, str], *, live: bool = False) -> None:
        """The clocks that can be chosen, by zone; what is live already only comes down."""
        super().offer(zones)
        self._live = live
        if live:
            self.end.description = (
                "Then it is a draft again; its address says until when it was there."
            )

    @property
    def twice(self) -> bool:
        """Whether this time comes twice there, because clocks are put back."""
        return len(self._moments(self.when)) == 2

    @property
    def end_twice(self) -> bool:
        """The same of the end."""
        return len(self._moments(self.end)) == 2

    def start_moment(self) -> datetime | None:
        """The moment at which it comes out, aware UTC; None for what is live."""
        return None if self._live else self._moment(self.when, self.second)

    def end_moment(self) -> datetime | None:
        """The moment at which it comes down, aware UTC; None if it stays."""
        return self._moment(self.end, self.end_second)

    def typed(self) -> list[tuple[str, datetime]]:
        """When it comes out and when it comes down."""
        start = [] if self._live else self._typed(self.when, self.second)
        return start + self._typed(self.end, self.end_second)

    def validate_when(self, field: Any) -> None:
        """Refuses what is no time, what no clock there ever shows, and what is past."""
        if not self._live:
            self._check(field, self.second, "Give a day and a time.")
            if (at := self._moment(field, self.second)) and at <= clock.now():
                raise ValidationError(
                    "That is past. Choose a time that lies ahead, or publish it now."
                )

    def validate_end(self, field: Any) -> None:
        """The same, and what is not after the beginning."""
        if not field.data and not self._live:
            return
        self._check(field, self.end_second, "Give the day and the time at which it comes down.")
        at, start = self._moment(field, self.end_second), self.start_moment()
        if at and at <= clock.now():
            raise ValidationError("That is past. Choose a time that lies ahead.")
        if at and start and at <= start:
            raise ValidationError("It can’t come down before it is out. Choose a later time.")


class CorrectionForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What readers are told of a change."""

    kind = SelectField("What it is", choices=choices_of(CORRECTIONS))
    text = TextAreaField(
        "What readers are told",
        filters=[clean.prose],
        validators=[DataRequired("Write what readers are told."), at_most(2000)],
        description="Say what was wrong and what is right. It stands on the story, dated.",
    )


class WithdrawalForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """Why a story is taken down."""

    note = TextAreaField(
        "Note to readers",
        filters=[clean.prose],
        validators=[DataRequired("Tell readers why the story is gone."), at_most(2000)],
        description="Everyone who opens the story’s address reads this instead.",
    )
