"""The form of what is done to several stories at once."""

from collections.abc import Iterable
from typing import Any

from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from newsapp.stories import clean
from newsapp.stories.fields import at_most, choices_of, names
from newsapp.stories.queries.sections import Place

TAG_LONG = 60


class BatchForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What a change of several stories needs to know; only what it `asks` for is looked at."""

    note = TextAreaField("Note", filters=[clean.prose], validators=[at_most(2000)])
    section = SelectField("Section", default="")
    tag = StringField("Tag", filters=[clean.line])

    def offer(self, places: Iterable[Place], asks: str, note: str, *, must: bool) -> None:
        """What can be chosen, which field is asked for, and what the note is called."""
        self._asks, self._must = asks, must
        self.note.label.text = note
        self.section.choices = choices_of({"": "Choose", **{p.slug: p.name for p in places}})

    @property
    def asked(self) -> Any:
        """The field that is asked for; None when nothing is."""
        return self[self._asks] if self._asks else None

    def validate_note(self, field: Any) -> None:
        """A note that readers get can't be empty."""
        if self._asks == "note" and self._must and not field.data:
            raise ValidationError("Tell readers why these stories are gone.")

    def validate_section(self, field: Any) -> None:
        """Somewhere they must go."""
        if self._asks == "section" and not field.data:
            raise ValidationError("Choose a section.")

    def validate_tag(self, field: Any) -> None:
        """One tag, not several."""
        if self._asks == "tag" and (len(names(field.data)) != 1 or len(field.data) > TAG_LONG):
            raise ValidationError(f"Write one tag of at most {TAG_LONG} characters.")
