"""Taking feeds on, one by its address or all of a list, and back again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from newsapp.stories.queries.sections import Tree, tree
from newsapp.wire import clean, outlets, queries
from newsapp.wire.addresses import check_url
from newsapp.wire.feed_list import known_addresses
from newsapp.wire.models import Feed, Source, outlet_of
from newsapp.wire.opml import Outline

KNOWN = "This feed is there already."
APART = "it stands on another host. Move it there, at Sources, if it is."
CLAIMED = "only the list says so. No rule publishes from it until somebody does at Sources."
_SHARED = re.compile(r"(?:[a-z]{2,}|(?:ac|co|com|edu|go|gov|ne|net|or|org)\.[a-z]{2})")
BATCH = 500  # addresses that are asked for at once


@dataclass(slots=True)
class Report:
    """What became of a list of feeds."""

    added: list[Feed] = field(default_factory=list)
    known: list[Outline] = field(default_factory=list)
    refused: list[tuple[Outline, str]] = field(default_factory=list)
    # Feeds on a host of their own that the list calls an outlet's which is here already.
    apart: list[tuple[Feed, Source]] = field(default_factory=list)

    @property
    def claimed(self) -> list[Feed]:
        """Those on a host of their own that were taken for a new outlet's, as the list says."""
        return [feed for feed in self.added if feed.apart]


def add(session: Session, outline: Outline, allowed_hosts: frozenset[str]) -> Feed:
    """A new feed, of the outlet that whoever adds it names; ValueError says why it can't be one,
    and nothing is changed."""
    url, section_id = check(session, outline, allowed_hosts)
    site = _site(url, outline)
    feed = _feed(url, outline, section_id, _Outlets(session, [site]).of(site, outline.outlet))
    session.add(feed)
    session.flush()
    return feed


def check(
    session: Session, outline: Outline, allowed_hosts: frozenset[str]
) -> tuple[str, int | None]:
    """The address and the section of a feed that can be added; ValueError says why it can't."""
    url = check_url(outline.url, allowed_hosts)
    if queries.feed_by_url(session, url):
        raise ValueError(KNOWN)
    return url, _section(outline, tree(session))


def add_all(
    session: Session,
    outlines: Sequence[Outline],
    allowed_hosts: frozenset[str],
    *,
    ours: bool = False,
) -> Report:
    """Adds the feeds of a list that are not there yet and can be fetched; each once.

    Anybody can write into a list whose feed something is: to an outlet that is here already it
    adds only feeds that stand on its host, above or below it; another one that it says is of a new
    outlet stays apart from what stands there, until an editor says that it is of it. `ours`, the
    list that comes with the site, is believed.
    """
    report, sections = Report(), tree(session)
    fit: list[tuple[str, Outline]] = []
    for outline in outlines:
        try:
            fit.append((check_url(outline.url, allowed_hosts), outline))
        except ValueError as reason:
            report.refused.append((outline, str(reason)))
    known = {
        url for part in _parts(url for url, _ in fit) for url in known_addresses(session, part)
    }
    fresh = [(url, outline) for url, outline in fit if url not in known]
    found = _Outlets(session, (at for one in fresh for at in (one[0], _site(*one))))
    for url, outline in fit:
        if url in known:
            report.known.append(outline)
            continue
        try:
            section_id = _section(outline, sections)
        except ValueError as reason:
            report.refused.append((outline, str(reason)))
            continue
        site = _site(url, outline)
        apart = not _of_one_house(url, site)
        other = found.here(site) if apart else None
        feed = _feed(url, outline, section_id, found.of(url if other else site, outline.outlet))
        feed.apart = apart and other is None and not ours
        report.added.append(feed)
        if other:
            report.apart.append((feed, other))
        known.add(url)
    session.add_all(report.added)
    session.flush()
    return report


def take_back(session: Session, feed: Feed) -> None:
    """Removes a feed that never brought anything, and the outlet that came with it, where that is
    still as adding the feed again would make it."""
    source = feed.source
    session.delete(feed)
    session.flush()
    if source.name in (source.host, feed.title) and outlets.unused(session, source):
        session.delete(source)


class _Outlets:
    """The sources of many addresses, asked for together before anything is written."""

    def __init__(self, session: Session, sites: Iterable[str]) -> None:
        hosts = {host for site in sites for host in queries.hosts_of(site)}
        self._here: dict[str, Source] = {}
        for part in _parts(hosts):
            self._here |= queries.sources_at(session, part)
        self._made: dict[str, Source] = {}

    def here(self, site: str) -> Source | None:
        """The source that an address is of, if it was here before."""
        return next(filter(None, map(self._here.get, queries.hosts_of(site))), None)

    def of(self, site: str, name: str) -> Source:
        """The source that an address is of, a new one where there is none."""
        hosts, known = queries.hosts_of(site), self._made | self._here
        if found := next(filter(None, map(known.get, hosts)), None):
            return found
        made = self._made[hosts[0]] = queries.new_source(site, name)
        return made


def _parts(names: Iterable[str]) -> Iterator[list[str]]:
    left = iter(names)
    while part := list(islice(left, BATCH)):
        yield part


def _site(url: str, outline: Outline) -> str:
    """Where an outlet is at home, as far as that is one outlet's: not at co.jp or com.au."""
    site = clean.link(outline.site, "")
    return url if not site or _SHARED.fullmatch(outlet_of(site)) else site


def _of_one_house(url: str, site: str) -> bool:
    """Whether one of two hosts is the other, or above it."""
    one, other = f".{outlet_of(url)}", f".{outlet_of(site)}"
    return one.endswith(other) or other.endswith(one)


def _feed(url: str, outline: Outline, section_id: int | None, source: Source) -> Feed:
    return Feed(
        url=url, title=outline.title, section_id=section_id, source=source,
        active=not outline.paused,
    )  # fmt: skip


def _section(outline: Outline, sections: Tree) -> int | None:
    """The section that a list names, else the closest of its folders that is called like one;
    ValueError where there is none of that name."""
    if slug := outline.section:
        found = sections.find(slug)
        if found is None:
            raise ValueError(f"There is no section called {slug[:60]!r}.")
        return found.id
    named = {place.name.casefold(): place for place in sections.places}
    places = (sections.find(one) or named.get(one.casefold()) for one in outline.folders)
    return next((place.id for place in places if place), None)
