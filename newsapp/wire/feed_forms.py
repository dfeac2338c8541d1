"""The forms of the feed desk: a feed's settings, a new one's address."""

from collections.abc import Iterable
from typing import Any

from wtforms import Form, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from newsapp.formats import line
from newsapp.stories.fields import at_most, choices_of
from newsapp.stories.queries.sections import Place
from newsapp.wire.addresses import check_url, typed_url
from newsapp.wire.models import Feed


class FeedForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What the newsroom says of a feed."""

    title = StringField(
        "Name",
        filters=[line],
        validators=[at_most(200)],
        description="What the desk calls it. Left empty: what the feed calls itself.",
    )
    section = SelectField(
        "Section",
        coerce=int,
        default=0,
        description="Where its stories are filed unless an editor says otherwise.",
    )

    def offer(self, places: Iterable[Place]) -> None:
        """What can be chosen."""
        self.section.choices = choices_of({0: "None", **{place.id: place.name for place in places}})

    def write(self, feed: Feed) -> None:
        """Writes what was typed into the feed."""
        if feed.title and not self.title.data:
            feed.ask_whole()
        feed.title, feed.section_id = self.title.data, self.section.data or None


class BringForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """Which feed is another outlet's."""

    feed = SelectField(
        "Another feed of it",
        coerce=int,
        default=0,
        validate_choice=False,
        description="One that was taken for another source’s, because it stands on another host.",
    )

    def offer(self, feeds: Iterable[Feed]) -> None:
        """What can be chosen."""
        self._known = {feed.id: feed for feed in feeds}
        names = {number: f"{feed.name}, {feed.url[:80]}" for number, feed in self._known.items()}
        self.feed.choices = choices_of({0: "Choose", **names})

    def validate_feed(self, field: Any) -> None:
        """Refuses none, and one that is this outlet's, or gone."""
        if not field.data:
            raise ValidationError("Choose a feed first.")
        if field.data not in self._known:
            raise ValidationError("That feed is this source’s already, or is not there any more.")

    @property
    def chosen(self) -> Feed:
        """The feed, once the form was found valid."""
        return self._known[self.feed.data]


class NewFeedForm(FeedForm):
    """A feed's address, or that of a page which names its feeds."""

    allowed_hosts: frozenset[str] = frozenset()
    known: Feed | None = None  # the one that is at the address already

    url = StringField(
        "Address",
        filters=[line],
        validators=[InputRequired("Enter the address of a feed, or of the outlet’s page.")],
        description="Of the feed, or of the outlet’s page: the site looks for the feeds there.",
    )

    def validate_url(self, field: Any) -> None:
        """Tidies the address; refuses what is not fetched."""
        try:
            typed = typed_url(field.data, self.allowed_hosts)
            field.data = check_url(typed, self.allowed_hosts)
        except ValueError as reason:
            raise ValidationError(str(reason)) from None
