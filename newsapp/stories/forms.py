"""The form of a story: what may be typed, and what is said otherwise."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

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
from wtforms.validators import (
    DataRequired,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from newsapp.formats import NUMBER_MAX
from newsapp.media.models import Photo, Video
from newsapp.stories import clean
from newsapp.stories.checks import HEADLINE_LONG
from newsapp.stories.fields import at_most, choices_of, known_token, names, new_token
from newsapp.stories.models import HEADLINE_MAX, NOTE_MAX, WRITTEN, Section, Story, Tag, WorkingCopy
from newsapp.stories.queries.sections import Place

BODY_MAX = 400_000  # 40,000 words of English, with their marks
SLUG_MAX = 100
SLUG = rf"(?=.{{1,{SLUG_MAX}}}$)[a-z0-9]+(-[a-z0-9]+)*"
NONE: Mapping[int, Any] = MappingProxyType({})
NAMES_MAX = 12
TAGS_MAX = 20
# The languages that stories and original headlines come in; the tag is what `lang` says.
LANGUAGES = {
    "en": "English", "ar": "Arabic", "hy": "Armenian", "az": "Azerbaijani", "bn": "Bengali",
    "my": "Burmese", "zh": "Chinese", "zh-Hans": "Chinese, simplified",
    "zh-Hant": "Chinese, traditional", "dv": "Dhivehi", "dz": "Dzongkha", "fil": "Filipino",
    "fr": "French", "ka": "Georgian", "de": "German", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "kn": "Kannada",
    "kk": "Kazakh", "km": "Khmer", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "lo": "Lao",
    "ms": "Malay", "ml": "Malayalam", "mr": "Marathi", "mn": "Mongolian", "ne": "Nepali",
    "ps": "Pashto", "fa": "Persian", "pt": "Portuguese", "pa": "Punjabi", "ru": "Russian",
    "si": "Sinhala", "es": "Spanish", "tg": "Tajik", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "bo": "Tibetan", "tr": "Turkish", "tk": "Turkmen", "ur": "Urdu", "ug": "Uyghur", "uz": "Uzbek",
    "vi": "Vietnamese",
}  # fmt: skip
CHOSEN = {"photo", "video", "language", "original_language"}
# What can stand together when two people wrote it, and what then stands in between.
JOINED = {
    "headline": " / ", "standfirst": " ", "body": "\n", "byline": ", ", "tags": ", ",
    "sections": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that says one thing in a form and another in the story that was saved meanwhile."""

    name: str
    label: str
    mine: str
    theirs: str
    choice: str  # what is chosen unless somebody chooses: mine or theirs
    joins: bool  # whether both can stand together


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
    note = StringField(
        "Note on this version",
        filters=[clean.line],
        validators=[at_most(NOTE_MAX)],
        description="For colleagues: what you changed, and why. It stands among the versions.",
    )
    review_note = TextAreaField("Note to the editor", filters=[clean.prose])
    version = IntegerField(validators=[Optional()])
    token = HiddenField(default=new_token, filters=[clean.line], validators=[known_token])
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
        spoken: str = "en",
    ) -> None:
        """What can be chosen; a language that the story has already, or that is `spoken` in what it
        is made of, is always among it.

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
        known = {story.language: story.language} if story else {spoken: spoken}
        self.language.choices = choices_of({**known, **LANGUAGES})
        known = {story.original_language: story.original_language} if story else {spoken: spoken}
        self.original_language.choices = choices_of({**known, "": "None", **LANGUAGES})
        if story and story.path:
            self.slug.description = (
                f"Readers find it at /{story.path}. Another last part here makes another address, "
                "and this one leads there."
            )

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
            "note": self.note.data,
            "review_note": self.review_note.data[:2000],
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
