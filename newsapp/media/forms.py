"""The form of a picture: what print asks of it, and where the eye falls."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from newsapp.clock import bounds_of, day_of
from newsapp.formats import line

FIRST_YEAR, LAST_YEAR = 1900, 2199  # of what can be meant


def end_of(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment at which a day such as 2026-12-31 is over in a zone; None for what is none."""
    day = _day(text)
    return bounds_of(day, zone)[1] if day else None


def last_day(end: datetime | None, zone: ZoneInfo) -> date | None:
    """The day in a zone that ends at this moment."""
    return day_of(end - timedelta(seconds=1), zone) if end else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"At most {length:,} characters, please.")


class PhotoForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What is said of a picture; all of it may wait until a story with it is published."""

    alt = TextAreaField(
        "Description in words",
        filters=[line],
        validators=[_at_most(500)],
        description="What is to be seen, for who can’t see it: who, what, where. No “picture of”.",
    )
    decorative = BooleanField("It only decorates: there is nothing to describe")
    credit = StringField(
        "Credit",
        filters=[line],
        validators=[_at_most(200)],
        description="Who made it and for whom: Rosa Lim / Asian-News.net.",
    )
    caption = TextAreaField(
        "Caption",
        filters=[line],
        validators=[_at_most(1000)],
        description="Stands under it in the story.",
    )
    licence = StringField(
        "Licence",
        filters=[line],
        validators=[_at_most(200)],
        description="Ours, CC BY 4.0, the agency’s contract. For the desk alone, as what follows.",
    )
    last_day = StringField(
        "Last day that we may use it",
        filters=[line],
        description="Left empty, it does not end. Afterwards no story can be published with it; "
        "what readers see stays, and the desk is told.",
    )
    rights = StringField(
        "What else was agreed",
        filters=[line],
        validators=[_at_most(300)],
        description="Once only, not in print, not without asking.",
    )
    focus_x = IntegerField(
        "From the left, per cent",
        default=50,
        validators=[Optional(), NumberRange(0, 100, "From 0 to 100 per cent.")],
    )
    focus_y = IntegerField(
        "From the top, per cent",
        default=50,
        validators=[Optional(), NumberRange(0, 100, "From 0 to 100 per cent.")],
    )

    @classmethod
    def of(cls, photo: Any, zone: ZoneInfo) -> "PhotoForm":
        """The form as it stands when a photo is opened."""
        return cls(obj=photo, data={"last_day": str(last_day(photo.rights_end_at, zone) or "")})

    def validate_last_day(self, field: Any) -> None:
        """Refuses what is no day."""
        if field.data and _day(field.data) is None:
            raise ValidationError("Give a day such as 2026-12-31.")

    def write(self, photo: Any, zone: ZoneInfo) -> None:
        """Writes what was typed into the photo; days are the newsroom's."""
        for name in ("alt", "decorative", "credit", "caption", "licence", "rights"):
            setattr(photo, name, self[name].data)
        photo.rights_end_at = end_of(self.last_day.data, zone)
        if photo.decorative:
            photo.alt = ""
        photo.focus_x = 50 if self.focus_x.data is None else self.focus_x.data
        photo.focus_y = 50 if self.focus_y.data is None else self.focus_y.data
