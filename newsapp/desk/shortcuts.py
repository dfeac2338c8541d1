"""The desk's keyboard shortcuts: the one table that the panel and static/js/desk-keys.js are of."""

from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from newsapp.accounts.models import User

EVERYWHERE, LISTS, WIRE, WRITING = "Everywhere", "In lists", "On the wire", "While writing"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What pressing these keys, one after the other, does."""

    keys: str  # "g s"; with Control or Command: "ctrl+s"
    words: str
    does: str  # go, focus, press, or a thing that the script knows: next, previous, open …
    to: str = ""  # an address, or what it is done to, as a selector
    where: str = EVERYWHERE

    @property
    def caps(self) -> list[str]:
        """What is printed on the keys."""
        return ["Ctrl or ⌘" if cap == "ctrl" else cap.capitalize() if len(cap) > 1 else cap
                for cap in self.keys.replace("+", " ").split()]  # fmt: skip


def shortcuts(by: User) -> list[tuple[str, list[Shortcut]]]:
    """Those that this person can use, by where they work."""
    table = [
        Shortcut("?", "Show or hide these shortcuts", "help", "[data-shortcuts-open]"),
        *([Shortcut("b", "Break news", "focus", "#break-headline")] if by.may_publish else ()),
        Shortcut("/", "Search", "focus", "[role=search] input[type=search]"),
        Shortcut("n", "New story", "go", url_for("desk.stories.new")),
        *(_place(keys, words, endpoint) for keys, words, endpoint in PLACES),
        *(_place(*place) for place in PUBLISHERS_PLACES if by.may_publish),
        Shortcut("g r", "To what waits for me" if by.may_publish else "To what was sent back",
                 "go", url_for("desk.stories.index", mine="review" if by.may_publish else "back")),
        Shortcut("j", "Next one", "next", where=LISTS),
        Shortcut("k", "The one before", "previous", where=LISTS),
        Shortcut("o", "Open it; so does Enter", "open", where=LISTS),
        Shortcut("x", "Tick it, or take the tick away", "tick", where=LISTS),
        Shortcut("e", "Make an excerpt of it", "row", "[data-excerpt]", WIRE),
        Shortcut("i", "Ignore it, or undo that", "row", "[data-ignore]", WIRE),
        Shortcut("u", "Mark it unread, or read", "row", "[data-read]", WIRE),
        Shortcut("f", "Unfold its items, or fold them", "row", "summary", WIRE),
        Shortcut("m", "Make one card of those ticked", "press", "[data-join]", WIRE),
        Shortcut("ctrl+s", "Save", "save", "form[data-keys]", WRITING),
        Shortcut("ctrl+enter", "Publish" if by.may_publish else "Hand in", "press",
                 f'[name="then"][value="{"publication" if by.may_publish else "review"}"]',
                 WRITING),
    ]  # fmt: skip
    return [(where, list(group)) for where, group in groupby(table, lambda one: one.where)]


PLACES = (
    ("g s", "To the stories", "desk.stories.index"),
    ("g w", "To the wire", "desk.wire.index"),
    ("g p", "To the pictures", "desk.photos.index"),
)
PUBLISHERS_PLACES = (
    ("g f", "To the front page", "desk.front.show"),
    ("g b", "To the ticker’s lines", "desk.breaking.index"),
    ("g d", "To the schedule", "desk.schedule.index"),
)


def _place(keys: str, words: str, endpoint: str) -> Shortcut:
    return Shortcut(keys, words, "go", url_for(endpoint))
