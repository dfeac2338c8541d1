"""The form of a rule: what must hold of an item, and what then becomes of it."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError

from newsapp.formats import line
from newsapp.stories.fields import Number, at_most, choices_of
from newsapp.stories.models import Kind
from newsapp.stories.queries.sections import Tree
from newsapp.wire.rules import DELAY, HOURLY, TERMS, Action, Rule, is_open, terms_of

TRY = "try"
WRITTEN = ("name", "words", "action", "note", "delay", "hourly")
NAMED = {"source": "source_id", "where": "where_id", "topic": "topic_id"}
ACTIONS = {
    Action.QUEUE: "Queue: it waits in the list, with your note if there is one",
    Action.FLAG: "Flag: it stands on top of the wire, with your note",
    Action.IGNORE: "Ignore: nobody sees it",
    Action.PUBLISH: "Publish: an excerpt goes out by itself",
}


class RuleForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """All that a rule says."""

    name = StringField(
        "Name",
        filters=[line],
        validators=[at_most(80)],
        description="What it is for; the log of who did what names it.",
    )
    source = SelectField("It comes from", coerce=int, default=0)
    words = StringField(
        "It says",
        filters=[line],
        validators=[at_most(300)],
        description="Words of headline or text; all of them must be there. “Several together” "
        "stand in quotes.",
    )
    where = SelectField("It is about the place", coerce=int, default=0)
    topic = SelectField("It is about the topic", coerce=int, default=0)
    action = RadioField(
        "What becomes of it",
        choices=choices_of(ACTIONS),
        default=Action.QUEUE,
        validators=[InputRequired("Say what becomes of it.")],
    )
    note = StringField(
        "Note",
        filters=[line],
        validators=[at_most(200)],
        description="Stands at what it queues or flags.",
    )
    delay = Number(
        "Minutes until it is out",
        default=DELAY,
        validators=[
            InputRequired("Say how many minutes."),
            NumberRange(1, 1440, "From 1 to 1,440 minutes."),
        ],
        description="Of what it publishes: so long it stands on top of the wire, where an editor "
        "can stop it.",
    )
    hourly = Number(
        "At most in an hour",
        default=HOURLY,
        validators=[InputRequired("Say how many."), NumberRange(1, 60, "From 1 to 60.")],
        description="What is more waits in the list.",
    )
    then = HiddenField()  # which button it was

    @property
    def tries(self) -> bool:
        """Whether it is only to be told what the rule would have done."""
        return bool(self.then.data == TRY)

    def offer(self, tree: Tree, sources: Mapping[int, str]) -> None:
        """What can be chosen."""
        self.source.choices = choices_of({0: "Any source", **sources})
        self.where.choices = [SelectChoice(0, "Anywhere"), *(
            SelectChoice(place.id, place.name, optgroup=region.name)
            for region in tree.regions for place in (region, *tree.children(region.id))
        )]  # fmt: skip
        topics = {topic.id: topic.name for topic in tree.of_kind(Kind.TOPIC)}
        self.topic.choices = choices_of({0: "Any topic", **topics})

    @classmethod
    def of(cls, rule: Rule) -> "RuleForm":
        """The form as it stands when a rule is opened."""
        chosen = {name: getattr(rule, column) or 0 for name, column in NAMED.items()}
        return cls(data={**{name: getattr(rule, name) for name in WRITTEN}, **chosen})

    def validate_name(self, field: Any) -> None:
        """Refuses a rule without a name, once it is to be kept."""
        if not field.data and not self.tries:
            raise ValidationError("Give the rule a name.")

    def validate_words(self, field: Any) -> None:
        """Refuses what says no word, half a phrase, and more than a rule asks for."""
        terms = terms_of(field.data or "")
        if field.data and not terms:
            raise ValidationError("Give words, or nothing.")
        if is_open(field.data or ""):
            raise ValidationError("A quotation mark is opened and not closed: “two words” has two.")
        if len(terms) == TERMS + 1:
            raise ValidationError(f"At most {TERMS} words or phrases, please.")

    def validate_source(self, field: Any) -> None:
        """Refuses a rule that would take everything."""
        if not (field.data or self.words.data or self.where.data or self.topic.data):
            raise ValidationError("Say of which items: a source, words, a place or a topic.")

    def validate_note(self, field: Any) -> None:
        """Refuses a flag without a word."""
        if self.action.data == Action.FLAG and not field.data:
            raise ValidationError("Say why it is flagged.")

    def write(self, rule: Rule) -> None:
        """Writes what was typed into the rule."""
        for name in WRITTEN:
            setattr(rule, name, self[name].data)
        for name, column in NAMED.items():
            setattr(rule, column, self[name].data or None)
