"""The forms of pictures and videos: what print asks of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from newsapp.clock import bounds_of, day_of
from newsapp.formats import line, prose
from newsapp.media import players
from newsapp.media.models import Photo, Video
from newsapp.media.players import TAKEN

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


class VideoLinkForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """The address of a video that stands elsewhere."""

    address = StringField(
        "Address of the video",
        filters=[line],
        validators=[DataRequired("Paste the address of a video.")],
        description=f"From {TAKEN}. Nothing of theirs is loaded before a reader presses play.",
    )

    def validate_address(self, field: Any) -> None:
        """Refuses what we can't show, in a sentence."""
        try:
            self.link = players.read(field.data)
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from None


class VideoForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What is said of a video; the title may wait until a story with it is published."""

    title = StringField("Title", filters=[line], validators=[_at_most(300)])
    length = StringField(
        "Duration",
        filters=[line],
        description="Minutes and seconds: 3:05. With hours: 1:02:07.",
    )
    poster = IntegerField("Still picture", default=0)
    pictures = StringField("Search pictures", filters=[line])
    transcript = TextAreaField(
        "Transcript",
        filters=[prose],
        validators=[_at_most(100_000)],
        description="What is said and heard, for who can’t hear it or rather reads. "
        "Stands folded under the video.",
    )

    @classmethod
    def of(cls, video: Video) -> "VideoForm":
        """The form as it stands when a video is opened."""
        length = players.clock_of(video.seconds) if video.seconds else ""
        said = {"title": video.title, "transcript": video.transcript, "length": length}
        return cls(data={**said, "poster": video.poster_id or 0})

    def offer(self, photos: Iterable[Photo]) -> None:
        """The photos that it can stand still as."""
        self.photos = {photo.id: photo for photo in photos}

    def validate_poster(self, field: Any) -> None:
        """Refuses what is not in the library."""
        if field.data and field.data not in self.photos:
            raise ValidationError("This picture is not in the library any more. Choose another.")

    def validate_length(self, field: Any) -> None:
        """Refuses what is no duration."""
        if field.data and not players.seconds_of(field.data):
            raise ValidationError("Give minutes and seconds, such as 3:05.")

    def write(self, video: Video) -> None:
        """Writes what was typed into the video."""
        video.title = self.title.data
        video.seconds = players.seconds_of(self.length.data) if self.length.data else None
        video.transcript = self.transcript.data
        video.poster = self.photos.get(self.poster.data)
        video.poster_id = video.poster.id if video.poster else None
