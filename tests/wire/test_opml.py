"""Lists of feeds, ours and those of other readers."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.stories.models import Section
from newsapp.wire.addresses import check_url
from newsapp.wire.opml import OURS as NAMES
from newsapp.wire.opml import feeds

OURS = Path(__file__).parents[2] / "deploy/feeds.opml"


def test_lists_of_other_readers_are_read(shared_data: Path) -> None:
    lists = [*(shared_data / "feeds/opml").iterdir(), *(shared_data / "feeds/real").glob("*.opml")]
    for path in lists:
        found = feeds(path.read_bytes())
        assert len(found) == path.read_bytes().count(b"xmlUrl=") > 0
        assert all(outline.title and outline.url for outline in found)
    assert len(lists) == 7


def test_a_section_goes_for_all_inside() -> None:
    body = b"""<?xml version='1.0' encoding='ISO-8859-1'?><opml><body>
        <outline text='Asia' section='east-asia'>
          <outline text='T\xf4ky\xf4' xmlUrl=' https://a.asia/1 ' section='japan'
            htmlUrl='https://a.asia/'/>
          <outline title='B' text='b' xmlUrl='https://b.asia/2'/></outline>
        <outline text='C' xmlUrl='https://c.asia/3'/></body></opml>"""
    assert tuple(outline[:4] for outline in feeds(body)) == (
        ("Tôkyô", "https://a.asia/1", "japan", "https://a.asia/"),
        ("B", "https://b.asia/2", "east-asia", ""),
        ("C", "https://c.asia/3", None, ""),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<opml>", b"<rss/>", b"{}", b"<opml>" + bytes(6_000_000), b"\xff\xfe<",
        b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml>&a;</opml>",
        "<!DOCTYPE o [<!ENTITY a 'b'>]><opml>&a;</opml>".encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^\S.*\.$"):
        feeds(body)


def test_a_deep_list_is_read() -> None:
    deep = b"<outline>" * 50_000 + b"<outline xmlUrl='https://a.asia/'/>" + b"</outline>" * 50_000
    assert len(feeds(b"<opml>" + deep + b"</opml>")) == 1


def test_a_name_turns_no_text_around() -> None:
    names = 'text="A\u202eB" wire:outlet="A\u2066\u009f B"'
    body = f'<opml xmlns:wire="{NAMES}"><outline {names} xmlUrl="https://a.asia/"/></opml>'
    (found,) = feeds(body.encode())
    assert (found.title, found.outlet) == ("AB", "A B")


def test_our_list_covers_asia_with_addresses_and_sections_that_exist(session: Session) -> None:
    found = feeds(OURS.read_bytes())
    known = {section.slug: section for section in session.scalars(select(Section))}
    assert len({check_url(outline.url) for outline in found}) == len(found) >= 60
    assert len({outline.outlet for outline in found}) >= 45 and all(one.outlet for one in found)
    assert {outline.section for outline in found} <= known.keys()
    regions = {_region(known[outline.section or ""], known) for outline in found}
    assert regions == {"east-asia", "southeast-asia", "south-asia", "central-asia", "west-asia"}


def _region(section: Section, known: dict[str, Section]) -> str:
    by_id = {one.id: one for one in known.values()}
    return by_id[section.parent_id].slug if section.parent_id else section.slug
