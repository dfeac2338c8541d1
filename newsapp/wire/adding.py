"""Taking feeds on: one by its address, or all of a list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from newsapp.stories.queries.sections import Tree, tree
from newsapp.wire import clean, queries
from newsapp.wire.addresses import check_url
from newsapp.wire.feed_list import known_addresses
from newsapp.wire.models import Feed, Source
from newsapp.wire.opml import Outline

KNOWN = "This feed is there already."
BATCH = 500  # addresses that are asked for at once


@dataclass(slots=True)
class Report:
    """What became of a list of feeds."""

    added: list[Feed] = field(default_factory=list)
    known: list[Outline] = field(default_factory=list)
    refused: list[tuple[Outline, str]] = field(default_factory=list)


def add(session: Session, outline: Outline, allowed_hosts: frozenset[str]) -> Feed:
    """A new feed; ValueError says why it can't be one, and nothing is changed."""
    url = check_url(outline.url, allowed_hosts)
    if queries.feed_by_url(session, url):
        raise ValueError(KNOWN)
    feed = _feed(url, outline, tree(session), _Outlets(session, [_site(url, outline)]))
    session.add(feed)
    session.flush()
    return feed


def add_all(session: Session, outlines: Sequence[Outline], allowed_hosts: frozenset[str]) -> Report:
    """Adds the feeds of a list that are not there yet and can be fetched; each once."""
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
    outlets = _Outlets(session, (_site(*one) for one in fit if one[0] not in known))
    for url, outline in fit:
        if url in known:
            report.known.append(outline)
            continue
        try:
            report.added.append(_feed(url, outline, sections, outlets))
        except ValueError as reason:
            report.refused.append((outline, str(reason)))
        else:
            known.add(url)
    session.add_all(report.added)
    session.flush()
    return report


class _Outlets:
    """The sources of many addresses, asked for together before anything is written."""

    def __init__(self, session: Session, sites: Iterable[str]) -> None:
        hosts = {host for site in sites for host in queries.hosts_of(site)}
        self._known: dict[str, Source] = {}
        for part in _parts(hosts):
            self._known |= queries.sources_at(session, part)

    def of(self, site: str, name: str) -> Source:
        """The source that an address is of, a new one where there is none."""
        hosts = queries.hosts_of(site)
        found = next((self._known[host] for host in hosts if host in self._known), None)
        if found is None:
            found = self._known[hosts[0]] = queries.new_source(site, name)
        return found


def _parts(names: Iterable[str]) -> Iterator[list[str]]:
    left = iter(names)
    while part := list(islice(left, BATCH)):
        yield part


def _site(url: str, outline: Outline) -> str:
    return clean.link(outline.site, "") or url


def _feed(url: str, outline: Outline, sections: Tree, outlets: _Outlets) -> Feed:
    section_id = _section(outline.section, outline.folders, sections)
    source = outlets.of(_site(url, outline), outline.title[:120])
    return Feed(
        url=url, title=outline.title, section_id=section_id, source=source,
        active=not outline.paused,
    )  # fmt: skip


def _section(slug: str | None, folders: Iterable[str], sections: Tree) -> int | None:
    """The section that a list names, else the closest of its folders that is called like one."""
    if slug:
        found = sections.find(slug)
        if found is None:
            raise ValueError(f"There is no section called {slug[:60]!r}.")
        return found.id
    named = {place.name.casefold(): place for place in sections.places}
    places = (sections.find(one) or named.get(one.casefold()) for one in folders)
    return next((place.id for place in places if place), None)
