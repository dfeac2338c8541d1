"""The cases that other readers of feeds are tested with come out as those readers expect."""

from pathlib import Path

import pytest

from bench.parse import outcome, suites

CASES = {"feedparser": 552, "gofeed": 164, "feed-rs": 21, "feedvalidator": 697, "others": 91}
# What comes out otherwise, and why.
ACCEPTED = {
    # Broken comments and tags are read as browsers read them: nothing of them is shown.
    "feedparser/wellformed/sanitize/xml_malicious_comment.xml",
    "feedvalidator/atom/must/entry_title_not_html.xml",
    # The head of a page and its scripts are no text.
    "feedparser/wellformed/sanitize/entry_summary_crazy.xml",
    "feedparser/wellformed/sanitize/feed_title_crazy.xml",
    "feedparser/wellformed/sanitize/item_description_crazy.xml",
    # Nobody reads news by FTP.
    "feedvalidator/rss20/element-channel-item-link/item_link_ftp.xml",
    # RDF without RSS's namespace and without an item may be anything.
    "feedvalidator/rss/must/rss10_invalid_namespace2.xml",
    # An item inside an item takes its title along.
    "rome-modules/xml/v/v4.xml",
    "rome-modules/xml/v/v5.xml",
}


@pytest.mark.parametrize("suite", CASES)
def test_conformance_cases_come_out_as_their_readers_expect(shared_data: Path, suite: str) -> None:
    found = [outcome(case) for case in suites(shared_data)[suite]()]
    assert len(found) == CASES[suite]
    otherwise = [one for one in found if one.differences and one.case.name not in ACCEPTED]
    assert otherwise == []
