"""What the fields of several forms of this room have in common."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from wtforms import Form, IntegerField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from newsapp.formats import NUMBER_MAX as NUMBER_MAX
from newsapp.stories import clean


class Number(IntegerField):  # type: ignore[misc]  # WTForms is untyped
    """A whole number; what is none is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Type a number in figures, without a point or a comma.") from None


def names(text: str) -> list[str]:
    """What stands between the commas, each once, in its order."""
    return list(dict.fromkeys(filter(None, map(clean.line, re.split("[,，、]", text)))))


def new_token() -> str:
    """Names a form that was drawn, so that sending it twice is noticed."""
    return uuid.uuid4().hex


def is_token(text: str) -> bool:
    """Whether this may name a form."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


def at_most(length: int) -> Any:
    """Refuses longer text in words."""

    def check(form: Form, field: Any) -> None:
        if len(field.data or "") > length:
            raise ValidationError(f"{field.label.text}: at most {length:,} characters, please.")

    return check


def choices_of(labels: Mapping[Any, str]) -> list[SelectChoice]:
    """What a field offers, by value."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def known_token(form: Form, field: Any) -> None:
    if not is_token(field.data):
        field.data = new_token()  # whoever made one up gets one of ours
