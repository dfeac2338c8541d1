"""What the wire's list can be narrowed to, as it is typed and as addresses carry it."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Optional

from newsapp.formats import line
from newsapp.stories.fields import choices_of
from newsapp.stories.forms import LANGUAGES
from newsapp.stories.models import Kind
from newsapp.stories.queries.sections import Tree
from newsapp.wire import placing
from newsapp.wire.cards import Unread, Wanted
from newsapp.wire.models import Tray

LONGEST = 200  # characters that are looked for
UNREAD = "unread"
SHOWN = {"": "Waiting", UNREAD: "Unread", Tray.USED: "Used", Tray.IGNORED: "Ignored"}


class WireFilter(Form):  # type: ignore[misc]  # WTForms is untyped
    """The fields over the wire's list; all may stay empty."""

    words = StringField(
        "Search",
        filters=[lambda text: line(text)[:LONGEST]],
        description="Words of headlines and texts, in any script. A card needs all of them.",
    )
    show = HiddenField(validators=[Optional(), AnyOf([*SHOWN], "There is no such list of cards.")])
    place = SelectField("Country or region", default="")
    topic = SelectField("Topic", default="")
    language = SelectField("Language", default="")
    source = SelectField("Source", coerce=int, default=0)

    def offer(self, tree: Tree, sources: Mapping[int, str]) -> None:
        """What can be chosen."""
        self._tree = tree
        self.place.choices = [SelectChoice("", "Anywhere"), *(
            SelectChoice(place.slug, place.name, optgroup=region.name)
            for region in tree.regions for place in (region, *tree.children(region.id))
        )]  # fmt: skip
        topics = {topic.slug: topic.name for topic in tree.of_kind(Kind.TOPIC)}
        self.topic.choices = choices_of({"": "Any", **topics})
        spoken = {tag: name for tag, name in LANGUAGES.items() if "-" not in tag}
        self.language.choices = choices_of({"": "Any", **spoken})
        self.source.choices = choices_of({0: "Any", **sources})

    def wanted(self, by: int, unread_after: int) -> Wanted:
        """The same for the database; what is asked of a list that says most stands first."""
        named = (self._tree.find(slug) for slug in (self.place.data, self.topic.data) if slug)
        facets = [placing.of_section(place.id) for place in named if place]
        if self.source.data:
            facets.insert(0, placing.of_source(self.source.data))
        if self.language.data:
            facets.append(placing.of_language(self.language.data))
        unread = self.show.data == UNREAD
        return Wanted(
            tray=Tray.WAITING if unread or not self.show.data else self.show.data,
            facets=tuple(facets),
            words=self.words.data,
            unread=Unread(by, unread_after) if unread else None,
        )

    def told(self) -> dict[str, str]:
        """What is chosen beside words and tray, by field, in words."""
        fields = (self.place, self.topic, self.language, self.source)
        labels = {
            field.name: {choice.value: choice.label for choice in field.iter_choices()}
            for field in fields
        }
        return {f.name: str(labels[f.name].get(f.data, f.data)) for f in fields if f.data}

    def address(self, **other: str | None) -> dict[str, Any]:
        """The arguments of the list's address that say the same, but for `other`."""
        typed = {field.name: field.data for field in self}
        return {name: value for name, value in {**typed, **other}.items() if value}
