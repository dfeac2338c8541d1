"""Taking feeds on: one by its address, or all of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from newsapp.stories.queries.sections import Tree, tree
from newsapp.wire import clean, queries
from newsapp.wire.addresses import check_url
from newsapp.wire.feed_list import known_addresses
from newsapp.wire.models import Feed
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
    feed = _feed(session, url, outline, tree(session))
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
    known = _known(session, [url for url, _ in fit])
    for url, outline in fit:
        if url in known:
            report.known.append(outline)
            continue
        try:
            report.added.append(_feed(session, url, outline, sections))
        except ValueError as reason:
            report.refused.append((outline, str(reason)))
        else:
            known.add(url)
    session.flush()
    return report


def _known(session: Session, urls: Sequence[str]) -> set[str]:
    parts = (urls[start : start + BATCH] for start in range(0, len(urls), BATCH))
    return {url for part in parts for url in known_addresses(session, part)}


def _feed(session: Session, url: str, outline: Outline, sections: Tree) -> Feed:
    section_id = _section(outline.section, outline.folders, sections)
    source = queries.source_for(session, clean.link(outline.site, "") or url, outline.title[:120])
    feed = Feed(url=url, title=outline.title, section_id=section_id, source=source,
                active=not outline.paused)  # fmt: skip
    session.add(feed)
    return feed


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
