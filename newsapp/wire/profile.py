"""The form of a source: what an outlet is, and what it allows us."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from newsapp.formats import line
from newsapp.stories.fields import at_most, choices_of
from newsapp.stories.forms import LANGUAGES
from newsapp.stories.models import Section
from newsapp.stories.queries.sections import Place
from newsapp.wire import clean
from newsapp.wire.models import EXCERPT, Indexing, Source, Trust, outlet_of

WRITTEN = (
    "name", "home", "host", "language", "zone", "most_words", "pictures_allowed", "logo_allowed",
    "indexing", "trust",
)  # fmt: skip
LAST_YEAR = 2199
INDEXING = {
    Indexing.CANONICAL: "Point to the original: they list the outlet’s own page",
    Indexing.NOINDEX: "Leave it out: they are asked to list nothing of it here",
}
TRUST = {
    Trust.TRUSTED: "Trusted: it checks what it says",
    Trust.KNOWN: "Known: as most of them",
    Trust.DOUBTFUL: "Doubtful: a rule never publishes it by itself",
}


class Says(NamedTuple):
    """A field of a source's form, and what it says by now."""

    label: str
    words: str


def _host(text: str | None) -> str:
    """The host in what was typed, be it an address or a name."""
    typed = line(text)
    try:
        return outlet_of(typed if "//" in typed else f"https://{typed}")
    except ValueError:
        return ""


class SourceForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """All that editors say of an outlet."""

    name = StringField(
        "Name",
        filters=[line],
        validators=[DataRequired("Give the outlet’s name."), at_most(120)],
        description="As readers see it over an excerpt, also over those that are out. “Also "
        "reported by” in a text stays as it was written.",
    )
    home = StringField(
        "Front page",
        filters=[line],
        validators=[DataRequired("Give the address of its front page."), at_most(2000)],
        description="Its own site, such as https://www.scmp.com/.",
    )
    host = StringField(
        "Host",
        filters=[line],
        validators=[DataRequired("Give the host that its articles are on, such as scmp.com.")],
        description="Such as scmp.com. What stands there is this outlet’s.",
    )
    language = SelectField(
        "Language",
        choices=choices_of({"": "As its feeds say", **LANGUAGES}),
        description="Of short headlines; of longer texts it is found out.",
    )
    zone = StringField(
        "Time zone",
        default="UTC",
        filters=[line],
        description="Of dates in its feeds that name none, such as Asia/Tokyo.",
    )
    sections = SelectMultipleField("Sections", validate_choice=False)
    most_words = IntegerField(
        "Words of an excerpt, at most",
        default=EXCERPT,
        validators=[
            InputRequired("Say how many words it allows; 0 is the headline alone."),
            NumberRange(0, 2000, "From 0 to 2,000 words."),
        ],
        description="0 is the headline alone, with its link.",
    )
    last_day = StringField(
        "Last day of the licence",
        filters=[line],
        description="Left empty, it does not end. Afterwards nothing new goes out.",
    )
    pictures_allowed = BooleanField("It allows us its pictures")
    logo_allowed = BooleanField("It allows us its logo: a note for editors, pages show no logos")
    indexing = RadioField(
        "Search engines and its excerpts",
        choices=choices_of(INDEXING),
        default=Indexing.CANONICAL,
        validators=[InputRequired("Say what search engines are told.")],
    )
    trust = RadioField(
        "Trust",
        choices=choices_of(TRUST),
        default=Trust.KNOWN,
        validators=[InputRequired("Say how far it is trusted.")],
    )

    state = HiddenField(filters=[line])  # what the source said when the form was drawn

    def offer(self, places: Iterable[Place]) -> None:
        """The sections that can be chosen."""
        self._names = {place.slug: place.name for place in places}

    @classmethod
    def of(cls, source: Source) -> "SourceForm":
        """The form as it stands when a source is opened."""
        chosen = [section.slug for section in source.sections]
        last = source.licence_ends
        form = cls(obj=source, data={"sections": chosen, "last_day": str(last or "")})
        form.state.data = hashlib.sha256(repr(form._said()).encode()).hexdigest()[:16]
        return form

    def overwrites(self, source: Source) -> list[Says]:
        """What somebody else has made of a source since this form was drawn and saving it would
        take back; told once, the next time it is meant."""
        now = SourceForm.of(source)
        drawn, self.state.data = self.state.data, now.state.data
        if drawn in ("", now.state.data):
            return []
        mine, theirs = self._said(), now._said()
        return [
            Says(self[name].label.text, self._in_words(name, said))
            for name, said in theirs.items()
            if said != mine[name]
        ]

    def _said(self) -> dict[str, Any]:
        data = {name: field.data for name, field in self._fields.items() if name != "state"}
        return {**data, "sections": sorted(self.sections.data or [])}

    def _in_words(self, name: str, said: Any) -> str:
        if isinstance(said, list):
            return ", ".join(str(self._names.get(slug, slug)) for slug in said) or "None"
        if isinstance(said, bool):
            return "Yes" if said else "No"
        labels = {option.value: option.label for option in getattr(self[name], "choices", ())}
        return str(labels.get(said, said)).partition(":")[0] or "Nothing"

    def validate_home(self, field: Any) -> None:
        """Refuses what is no address of the web."""
        if not clean.link(field.data, ""):
            raise ValidationError("Give a web address that begins with https:// or http://.")

    def validate_host(self, field: Any) -> None:
        """Takes the host out of an address; refuses what is none, or above all of a country."""
        field.data = _host(field.data)
        if "." not in field.data or clean.link(f"https://{field.data}/", "") == "":
            raise ValidationError("Give a host such as scmp.com.")

    def validate_zone(self, field: Any) -> None:
        """Refuses what is no zone."""
        field.data = field.data or "UTC"
        if field.data not in available_timezones():
            raise ValidationError("There is no such time zone; one is Asia/Tokyo.")

    def validate_sections(self, field: Any) -> None:
        """Refuses sections that aren't there."""
        if not self._names.keys() >= {*field.data}:
            raise ValidationError("One of these sections does not exist any more.")

    def validate_last_day(self, field: Any) -> None:
        """Refuses what is no day."""
        if field.data and self.day is None:
            raise ValidationError("Give a day such as 2026-12-31.")

    @property
    def day(self) -> date | None:
        """The last day of the licence; None where it does not end."""
        try:
            day = date.fromisoformat(self.last_day.data or "")
        except ValueError:
            return None
        return day if 1900 <= day.year <= LAST_YEAR else None

    def write(self, source: Source, sections: Sequence[Section]) -> None:
        """Writes what was typed into the source."""
        for name in WRITTEN:
            setattr(source, name, self[name].data)
        source.licence_ends = self.day
        source.sections = list(sections)
