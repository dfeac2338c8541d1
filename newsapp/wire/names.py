"""By what an entry of a feed is known the next time: its guid, else its link, else its words.

A guid that several stories of a feed share names none of them, nor does such a link.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from newsapp.wire.entries import Entry
from newsapp.wire.links import page_of, place_of

APART = timedelta(days=1)  # dates between which one page may have got another story
ALIKE = 3  # of a shorter headline's runs of three characters, one in so many is shared


def named(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries of a feed, each once, under a name that is its own."""
    by_guid = _sure(entries, lambda one: one.guid, _one_story)
    doubtful = [one for one in entries if one.guid == one.url or not by_guid[one.guid]]
    names = _others(entries, doubtful) if doubtful else {}
    found: dict[str, Entry] = {}
    for one in entries:
        name = names.get(id(one), one.guid)
        found.setdefault(name, replace(one, guid=name))
    return tuple(found.values())


def repeats(first: Entry, other: Entry) -> bool:
    """Whether a page that a feed lists twice is that of one story."""
    near = not (first.published_at and other.published_at) or (
        abs(first.published_at - other.published_at) < APART
    )
    return near and first.headline.casefold() == other.headline.casefold()


def alike(one: str, other: str) -> bool:
    """Whether two headlines may be of one story; what says nothing may be of any."""
    ours, theirs = _runs(one), _runs(other)
    return not ours or not theirs or len(ours & theirs) * ALIKE >= min(len(ours), len(theirs))


def _others(entries: Iterable[Entry], doubtful: Iterable[Entry]) -> dict[int, str]:
    """The names of those whose guid is none, by identity."""
    by_link = _sure(entries, lambda one: place_of(one.url), repeats)
    by_words = _sure(entries, lambda one: one.words, _one_date)
    found = {}
    for one in doubtful:
        # A site's front page is no link to a story; /8 may be one.
        place = place_of(one.url)
        if (page_of(one.url) or "/" in place) and by_link[place]:
            found[id(one)] = one.url
        else:
            dated = "" if by_words[one.words] else f" {one.published_at}"
            found[id(one)] = one.words + dated
    return found


def _sure(
    entries: Iterable[Entry], name: Callable[[Entry], str], same: Callable[[Entry, Entry], bool]
) -> dict[str, bool]:
    """Whether all entries of a name are the same as its first."""
    first: dict[str, Entry] = {}
    found: dict[str, bool] = {}
    for one in entries:
        called = name(one)
        found[called] = found.get(called, True) and same(first.setdefault(called, one), one)
    return found


def _one_story(first: Entry, other: Entry) -> bool:
    """Whether a guid that is there twice is of one story: of an earlier version, perhaps."""
    if first is other:
        return True
    if page_of(first.url) is None:
        return first.words == other.words and _one_date(first, other)
    near = repeats(first, other) or alike(first.headline, other.headline)
    return near and place_of(first.url) == place_of(other.url)


def _one_date(first: Entry, other: Entry) -> bool:
    return first.published_at == other.published_at


def _runs(headline: str) -> set[str]:
    said = "".join(char for char in headline.casefold() if char.isalnum())
    return {said[n : n + 3] for n in range(max(1, len(said) - 2))} if said else set()
