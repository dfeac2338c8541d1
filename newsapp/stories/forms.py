"""The forms of the newsroom's work on stories: what may be typed, and what is said otherwise."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from newsapp import clock
from newsapp.formats import NUMBER_MAX as NUMBER_MAX
from newsapp.media.models import Photo, Video
from newsapp.stories import clean
from newsapp.stories.checks import HEADLINE_LONG
from newsapp.stories.models import HEADLINE_MAX, WRITTEN, Section, Story, Tag, WorkingCopy
from newsapp.stories.queries.sections import Place

BODY_MAX = 400_000  # 40,000 words of English, with their marks
SLUG_MAX = 100
SLUG = rf"(?=.{{1,{SLUG_MAX}}}$)[a-z0-9]+(-[a-z0-9]+)*"
NONE: Mapping[int, Any] = MappingProxyType({})
NAMES_MAX = 12
TAGS_MAX = 20
BREAKING_HOURS = 4
# The languages that stories and original headlines come in; the tag is what `lang` says.
LANGUAGES = {
    "en": "English", "ar": "Arabic", "hy": "Armenian", "az": "Azerbaijani", "bn": "Bengali",
    "my": "Burmese", "zh": "Chinese", "zh-Hans": "Chinese, simplified",
    "zh-Hant": "Chinese, traditional", "dv": "Dhivehi", "dz": "Dzongkha", "fil": "Filipino",
    "fr": "French", "ka": "Georgian", "he": "Hebrew", "hi": "Hindi", "id": "Indonesian",
    "ja": "Japanese", "kk": "Kazakh", "km": "Khmer", "ko": "Korean", "ku": "Kurdish",
    "ky": "Kyrgyz", "lo": "Lao", "ms": "Malay", "ml": "Malayalam", "mr": "Marathi",
    "mn": "Mongolian", "ne": "Nepali", "ps": "Pashto", "fa": "Persian", "pt": "Portuguese",
    "pa": "Punjabi", "ru": "Russian", "si": "Sinhala", "tg": "Tajik", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "bo": "Tibetan", "tr": "Turkish", "tk": "Turkmen",
    "ur": "Urdu", "ug": "Uyghur", "uz": "Uzbek", "vi": "Vietnamese",
}  # fmt: skip
CHOSEN = {"photo", "video", "language", "original_language"}
# What can stand together when two people wrote it, and what then stands in between.
JOINED = {
    "headline": " / ", "standfirst": " ", "body": "\n", "byline": ", ", "tags": ", ",
    "sections": "",
}  # fmt: skip
CORRECTIONS = {
    "correction": "Correction: we had something wrong",
    "clarification": "Clarification: it could be misunderstood",
    "update": "Update: there is something new",
    "removal": "Removal: something was taken out",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that says one thing in a form and another in the story that was saved meanwhile."""

    name: str
    label: str
    mine: str
    theirs: str
    choice: str  # what is chosen unless somebody chooses: mine or theirs
    joins: bool  # whether both can stand together


def names(text: str) -> list[str]:
    """What stands between the commas, each once, in its order."""
    return list(dict.fromkeys(filter(None, map(clean.line, re.split("[,，、]", text)))))


def new_token() -> str:
    """Names a form that was drawn, so that sending it twice is noticed."""
    return uuid.uuid4().hex


def is_token(text: str) -> bool:
    """Whether this may name a form."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


def review_note(form: Mapping[str, str]) -> str:
    """What somebody wrote to a colleague beside the form; cut where nobody writes any more."""
    return clean.prose(form.get("review_note", ""))[:2000]


def at_most(length: int) -> Any:
    """Refuses longer text in words."""

    def check(form: Form, field: Any) -> None:
        if len(field.data or "") > length:
            raise ValidationError(f"{field.label.text}: at most {length:,} characters, please.")

    return check


def choices_of(labels: Mapping[Any, str]) -> list[SelectChoice]:
    """What a field offers, by value."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def _web_address(form: Form, field: Any) -> None:
    try:
        parts = urlsplit(field.data)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"[\s\\<>\"]", field.data) or "@" in parts.netloc:
        raise ValidationError("Give a web address that begins with https:// or http://.")


def _slug(form: Form, field: Any) -> None:
    if field.data and not re.fullmatch(SLUG, field.data):
        raise ValidationError(
            f"Letters a to z, digits and hyphens between them, at most {SLUG_MAX} characters."
        )


def _token(form: Form, field: Any) -> None:
    if not is_token(field.data):
        field.data = new_token()  # whoever made one up gets one of ours


def _few(kind: str, most: int, longest: int) -> Any:
    def check(form: Form, field: Any) -> None:
        found = names(field.data)
        if len(found) > most or any(len(name) > longest for name in found):
            raise ValidationError(f"At most {most} {kind} of {longest} characters, please.")

    return check


def _body(form: Form, field: Any) -> None:
    # Marks grow when they are cleaned; what was saved once must fit when it is saved again.
    if len(form.text) > BODY_MAX:
        raise ValidationError(f"At most {BODY_MAX:,} characters with all marks, please.")


def _with_source(form: Form, field: Any) -> None:
    if bool(form.source_name.data) != bool(form.source_url.data) and not field.data:
        raise StopValidation("An excerpt needs both the source’s name and its address.")


class StoryForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """Everything an editor writes of a story."""

    headline = TextAreaField(
        "Headline",
        filters=[clean.line],
        validators=[DataRequired("Give the story a headline."), at_most(HEADLINE_MAX)],
        description=f"Phones and search engines cut it at {HEADLINE_LONG} characters.",
    )
    standfirst = TextAreaField(
        "Standfirst",
        filters=[clean.line],
        validators=[at_most(1000)],
        description="One or two sentences: what happened, and why it matters.",
    )
    body = TextAreaField("Body", filters=[clean.prose], validators=[at_most(BODY_MAX), _body])
    kicker = StringField(
        "Kicker",
        filters=[clean.line],
        validators=[at_most(80)],
        description="Over the headline. Left empty: country and topic.",
    )
    byline = StringField(
        "Byline",
        filters=[clean.line],
        validators=[at_most(1500), _few("names", NAMES_MAX, 120)],
        description="Names as readers see them, separated by commas.",
    )
    dateline = StringField(
        "Dateline",
        filters=[clean.line],
        validators=[at_most(80)],
        description="Where it was reported from, such as Pyongyang.",
    )
    sections = SelectMultipleField("Sections", validate_choice=False)
    tags = StringField(
        "Tags",
        filters=[clean.line],
        validators=[at_most(1500), _few("tags", TAGS_MAX, 60)],
        description="Separated by commas. Stories that share a tag are shown as related.",
    )
    photo = SelectField("Lead photo", coerce=int, default=0)
    video = SelectField(
        "Lead video",
        coerce=int,
        default=0,
        description="Stands over the text, in the place of the lead photo.",
    )
    language = SelectField("Language of the story", default="en")
    exclusive = BooleanField("Exclusive: the story is ours alone")
    original_headline = StringField(
        "Original headline",
        filters=[clean.line],
        validators=[at_most(HEADLINE_MAX)],
        description="As it stood in its own language, if it comes from another.",
    )
    original_language = SelectField("Language of the original", default="")
    source_name = StringField(
        "Source",
        filters=[clean.line],
        validators=[_with_source, at_most(120)],
        description="The outlet that an excerpt is from.",
    )
    source_url = StringField(
        "Address of the original",
        filters=[clean.line],
        validators=[_with_source, Optional(), at_most(2000), _web_address],
        description="Readers go on there: “Read more on scmp.com”.",
    )
    slug = StringField(
        "Address",
        filters=[clean.line, str.lower],
        validators=[_slug],
        description="Its last part, such as putin-in-pyongyang. Left empty: from the headline.",
    )
    version = IntegerField(validators=[Optional()])
    token = HiddenField(default=new_token, filters=[clean.line], validators=[_token])
    item = IntegerField(validators=[Optional(), NumberRange(1, NUMBER_MAX)])

    @property
    def text(self) -> str:
        """The body, harmless; of a long one cleaned once."""
        typed = self.body.data or ""
        if self._text[0] != typed:
            self._text = (typed, clean.body(typed))
        return self._text[1]

    _text = ("", "")

    def offer(
        self,
        photos: Iterable[Photo],
        places: Iterable[Place],
        story: Story | None = None,
        pictures: Mapping[int, Photo] = NONE,
        videos: Mapping[int, Video] = NONE,
    ) -> None:
        """What can be chosen; a language that the story has already is always among it.

        `pictures` are those that the body has and the library, too; `videos` also others.
        """
        self.videos = videos
        titles = {number: _short(video.called) for number, video in videos.items()}
        self.video.choices = choices_of({0: "None", **titles})
        self.photos = {photo.id: photo for photo in photos}
        self.pictures = pictures
        captions = {number: _caption(photo) for number, photo in self.photos.items()}
        self.photo.choices = choices_of({0: "None", **captions})
        self._slugs = frozenset(place.slug for place in places)
        known = {story.language: story.language} if story else {}
        self.language.choices = choices_of({**known, **LANGUAGES})
        known = {story.original_language: story.original_language} if story else {}
        self.original_language.choices = choices_of({**known, "": "None", **LANGUAGES})

    def validate_body(self, field: Any) -> None:
        """Refuses pictures that aren't in the library."""
        missing = [n for n in clean.pictures(self.text) if n not in self.pictures]
        if missing:
            raise ValidationError(f"Picture {missing[0]} is not in the library: take it out.")
        missing = [n for n in clean.videos(self.text) if n not in self.videos]
        if missing:
            raise ValidationError(f"Video {missing[0]} is not in the library: take it out.")

    def validate_sections(self, field: Any) -> None:
        """Refuses sections that aren't there."""
        if not self._slugs.issuperset(field.data):
            raise ValidationError("One of these sections does not exist any more.")

    @classmethod
    def of(cls, story: Story) -> "StoryForm":
        """The form as it stands when a story is opened."""
        return cls(data=values_of(story))

    @classmethod
    def of_copy(cls, copy: WorkingCopy) -> "StoryForm":
        """The form as it was when it was left with unsaved words."""
        words = {**(copy.words or {}), "version": copy.version or None, "token": copy.token}
        return cls(data=words)

    def typed(self) -> dict[str, Any]:
        """What stands in it, good or not, in the terms of Story.words(); harmless to keep."""
        item, photo, video = self.item.data, self.photo.data or 0, self.video.data or 0
        return {
            **{name: self[name].data for name in WRITTEN},
            "language": clean.line(self.language.data),
            "original_language": clean.line(self.original_language.data),
            "body": self.text,
            "byline": self.byline.data,
            "tags": self.tags.data,
            "sections": [clean.line(slug) for slug in self.sections.data],
            "photo": photo if 0 <= photo <= NUMBER_MAX else 0,
            "video": video if 0 <= video <= NUMBER_MAX else 0,
            **({"item": item} if item and 0 < item <= NUMBER_MAX else {}),
        }

    def write(self, story: Story, sections: Sequence[Section], tags: Sequence[Tag]) -> None:
        """Writes what was typed into the story."""
        for name in WRITTEN:
            setattr(story, name, self[name].data)
        story.body = self.text
        story.pictures = [p for n in clean.pictures(self.text) if (p := self.pictures.get(n))]
        story.videos = [v for n in clean.videos(self.text) if (v := self.videos.get(n))]
        story.video = self.videos.get(self.video.data or 0)
        story.video_id = story.video.id if story.video else None
        # Lists show the still of a video where nobody chose a picture for them.
        still = story.video.poster if story.video else None
        story.photo = self.photos.get(self.photo.data or 0) or still
        story.photo_id = story.photo.id if story.photo else None
        story.tags = list(tags)
        story.sign(names(self.byline.data))
        story.file_under(sections)

    def differences(self, story: Story) -> list[tuple[str, Any, Any]]:
        """As `differing`, of what stands in the form."""
        return differing(self.typed(), story)

    def clashes(self, story: Story, seen: Mapping[str, Any] | None) -> list[Clash]:
        """The same to choose from; `seen` is what the story said when this form was drawn."""
        return [
            Clash(
                name,
                self[name].label.text,
                self._shown(name, ours),
                self._shown(name, theirs),
                # Who has not touched a field does not want it back as it was.
                choice="theirs" if seen and _words(seen.get(name)) == _words(ours) else "mine",
                joins=name in JOINED,
            )
            for name, ours, theirs in self.differences(story)
        ]

    def _shown(self, name: str, value: Any) -> str:
        if name in CHOSEN:
            labels = {choice.value: choice.label for choice in self[name].choices}
            return str(labels.get(value, value))
        if name == "body":
            return "\n".join(
                clean.plain(value, told=lambda found: told(found, self.pictures, self.videos))
            )
        return _words(value)

    def settle(self, story: Story, chosen: Mapping[str, str]) -> None:
        """Takes what was chosen of a clash, `keep-headline=theirs`, into the form."""
        for name, theirs in story.words().items():
            choice, mine = chosen.get(f"keep-{name}"), self[name].data
            if choice == "theirs":
                self[name].data = theirs
            elif choice == "both" and name in JOINED and _words(mine) != _words(theirs):
                self[name].data = _joined(theirs, mine, JOINED[name])


def differing(typed: Mapping[str, Any], story: Story) -> list[tuple[str, Any, Any]]:
    """Name, ours and theirs of each field that says something else than the story now does."""
    return [
        (name, typed[name], theirs)
        for name, theirs in story.words().items()
        if _words(typed[name]) != _words(theirs)
    ]


def values_of(story: Story) -> dict[str, Any]:
    """A story in the terms of its form."""
    return {**story.words(), "version": story.version}


def _joined(theirs: Any, mine: Any, between: str) -> Any:
    if isinstance(theirs, list):
        return list(dict.fromkeys([*theirs, *mine]))
    return between.join(filter(None, (theirs, mine)))


def _words(value: Any) -> str:
    """A field's value to compare and to show, whatever order its parts came in."""
    if isinstance(value, list):
        return ", ".join(sorted(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def told(figure: clean.Figure, photos: Mapping[int, Photo], videos: Mapping[int, Video]) -> str:
    """What stands in a text, in words: “Picture: A ferry at dusk”."""
    shown: Mapping[int, Photo | Video] = videos if figure.kind == "video" else photos
    names = [shown[n].called.rstrip(".") if n in shown else f"number {n}" for n in figure.numbers]
    if figure.kind == "video":
        return f"Video: {names[0]}"
    kind = f"Gallery of {len(names)}" if len(names) > 1 else "Picture"
    return f"{kind}: {'; '.join(names)}"


def _caption(photo: Photo) -> str:
    return _short(photo.caption or photo.alt or f"Photo {photo.id}")


def _short(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"


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
        id="break-token", default=new_token, filters=[clean.line], validators=[_token]
    )

    def offer(self, places: Iterable[Place]) -> None:
        """The countries that can be chosen."""
        self.place.choices = choices_of({"": "Where?", **{p.slug: p.name for p in places}})


class BreakingForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """For how long a story stands in the ticker."""

    hours = IntegerField(
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
