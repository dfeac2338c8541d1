"""The form of a picture: what print asks of it, and where the eye falls."""

from typing import Any

from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from newsapp.formats import line


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
    rights = StringField(
        "Rights",
        filters=[line],
        validators=[_at_most(300)],
        description="The licence and until when, for the desk alone.",
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

    def write(self, photo: Any) -> None:
        """Writes what was typed into the photo."""
        for name in ("alt", "decorative", "credit", "caption", "rights"):
            setattr(photo, name, self[name].data)
        if photo.decorative:
            photo.alt = ""
        photo.focus_x = 50 if self.focus_x.data is None else self.focus_x.data
        photo.focus_y = 50 if self.focus_y.data is None else self.focus_y.data
