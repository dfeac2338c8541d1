"""What the desk's list can be narrowed to, as it is typed and as addresses carry it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Optional, ValidationError

from newsapp import clock
from newsapp.stories import clean
from newsapp.stories.fields import choices_of
from newsapp.stories.forms import LANGUAGES
from newsapp.stories.models import Kind, Status
from newsapp.stories.queries.overview import Mine, Wanted
from newsapp.stories.queries.sections import Tree

LONGEST = 500  # characters that are looked for; a pasted address is not longer
YEARS = range(1970, 2101)


class ListFilter(Form):  # type: ignore[misc]  # WTForms is untyped
    """The fields over the desk's list; all may stay empty."""

    words = StringField(
        "Search",
        filters=[lambda text: clean.line(text)[:LONGEST]],
        description="Words of headline, standfirst or byline, a story’s number or its address.",
    )
    status = HiddenField(validators=[Optional(), AnyOf([*Status])])
    mine = HiddenField(validators=[Optional(), AnyOf([*Mine])])
    section = SelectField("Section", default="")
    format = SelectField("Format", default="")
    author = SelectField("Written by", coerce=int, default=0)
    language = SelectField("Language", default="")
    since = StringField("Changed from", filters=[clean.line])
    until = StringField("Changed until", filters=[clean.line])

    def offer(self, tree: Tree, authors: Mapping[int, str], zone: ZoneInfo) -> None:
        """What can be chosen, and on whose wall days begin."""
        self._tree, self._zone = tree, zone
        grouped = {"Topics": tree.of_kind(Kind.TOPIC)}
        grouped |= {region.name: (region, *tree.children(region.id)) for region in tree.regions}
        self.section.choices = [SelectChoice("", "Any"), *(
            SelectChoice(place.slug, place.name, optgroup=group)
            for group, places in grouped.items() for place in places
        )]  # fmt: skip
        formats = {place.slug: place.name for place in tree.of_kind(Kind.FORMAT)}
        self.format.choices = choices_of({"": "Any", **formats})
        self.author.choices = choices_of({0: "Anybody", **authors})
        self.language.choices = choices_of({"": "Any", **LANGUAGES})

    def validate_since(self, field: Any) -> None:
        """Refuses what is no day."""
        _day(field.data)

    def validate_until(self, field: Any) -> None:
        """Refuses what is no day, or one before the first."""
        last = _day(field.data)
        try:
            first = _day(self.since.data)
        except ValidationError:
            return  # said there
        if first and last and last < first:
            raise ValidationError("The last day is before the first. Choose a later one.")

    def wanted(self) -> Wanted:
        """The same for the database; of a region, its countries too."""
        first, last = _day(self.since.data), _day(self.until.data)
        kind = self._tree.find(self.format.data or "")
        return Wanted(
            words=self.words.data,
            status=self.status.data or "",
            mine=self.mine.data or "",
            section_ids=self._section_ids(),
            format_id=kind.id if kind else None,
            author_id=self.author.data or None,
            language=self.language.data or "",
            start=clock.bounds_of(first, self._zone)[0] if first else None,
            end=clock.bounds_of(last, self._zone)[1] if last else None,
        )

    def _section_ids(self) -> tuple[int, ...]:
        place = self._tree.find(self.section.data or "")
        if place is None:
            return ()
        return (place.id, *(child.id for child in self._tree.children(place.id)))

    def told(self) -> dict[str, str]:
        """What is chosen beside words, status and work, by field, in words."""
        fields = (self.section, self.format, self.author, self.language)
        said = {field.name: _label(field) for field in fields if field.data}
        return {**said, **{f.name: f"{f.label.text} {f.data}" for f in (self.since, self.until)
                           if f.data}}  # fmt: skip

    def address(self, **other: str | None) -> dict[str, Any]:
        """The arguments of the list's address that say the same, but for `other`."""
        typed = {field.name: field.data for field in self}
        return {name: value for name, value in {**typed, **other}.items() if value}


def _label(field: Any) -> str:
    labels = {choice.value: choice.label for choice in field.iter_choices()}
    return str(labels.get(field.data, field.data))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError("Give a day, such as 2026-11-24.") from None
    if day.year not in YEARS:
        raise ValidationError(f"Give a day of the years {YEARS[0]} to {YEARS[-1]}.")
    return day
