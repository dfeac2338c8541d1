"""bench/fuzz: looks for input that what reads the wire crashes on, or takes over a second for."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

try:
    import atheris
except ImportError:
    sys.exit("bench/fuzz needs atheris: .venv/bin/pip install atheris")

with atheris.instrument_imports(include=["newsapp", "feedparser"]):
    from bench.where import SHARED
    from newsapp.wire import charset, clean, dates, entries, links
    from newsapp.wire.parse import ParseError, parse

LONGEST = 1.0  # seconds of the processor
SIZE = 16_384  # bytes of one input
TOKYO = ZoneInfo("Asia/Tokyo")
FOUND_AT = "https://news.asia/feed"


def feed(data: bytes) -> None:
    """A feed is read or refused in a sentence."""
    try:
        parse(data, "", FOUND_AT)
    except ParseError as refusal:
        assert str(refusal).endswith("."), refusal


def typed(data: bytes) -> None:
    """So is one whose type says anything."""
    kind, _, body = data.partition(b"\n")
    try:
        parse(body, kind.decode("latin-1"), FOUND_AT, "Asia/Tokyo")
    except ParseError as refusal:
        assert str(refusal).endswith("."), refusal


def date(data: bytes) -> None:
    """A date is a moment or nothing."""
    found = dates.moment_of(data.decode("utf-8", "replace"), TOKYO)
    assert found is None or (found.tzinfo is UTC and found.year >= 1970), found


def markup(data: bytes) -> None:
    """What was cleaned stays as it is when it is cleaned again; titles are lines."""
    text = charset.decode(data)
    summary = clean.summary(text, FOUND_AT)
    assert clean.summary(summary, FOUND_AT) == summary, summary
    assert len(summary) <= clean.SUMMARY_MAX
    assert "\n" not in entries.title(text, is_html=True) + clean.first_words(text)
    assert len(clean.link(text, FOUND_AT)) <= clean.URL_MAX
    assert links.page_of(links.untracked(text)) == links.page_of(text)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "feed": feed, "typed": typed, "date": date, "markup": markup,
}  # fmt: skip


def one(data: bytes) -> None:
    """Gives an input to the target that its first byte names."""
    if data:
        began = time.process_time()
        list(TARGETS.values())[data[0] % len(TARGETS)](data[1:])
        took = time.process_time() - began
        assert took < LONGEST, f"{took:.1f} s"


def seeds(folder: Path) -> None:
    """Fills a folder with real feeds and conformance cases to begin with."""
    cases = [path for path in sorted((SHARED / "feeds").rglob("*.*")) if path.is_file()]
    for number, path in enumerate(cases):
        data = path.read_bytes()[: SIZE - 1]
        (folder / f"{number}").write_bytes(bytes([number % 4 == 3 and 3 or 0]) + data)
    for number, text in enumerate(("Sun, 01 Mar 2026 08:00:00 +0700", "令和8年3月1日 午後8時5分",
                                   "1 มีนาคม 2569 08:05 น.", "2026-03-01T08:00:00Z")):  # fmt: skip
        (folder / f"date-{number}").write_bytes(b"\2" + text.encode())


def main() -> None:
    """Runs for as long as is asked; an input that fails is written beside and ends it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=600)
    seconds = arguments.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        options = [f"-max_total_time={seconds}", f"-max_len={SIZE}", "-timeout=20",
                   "-rss_limit_mb=2048", "-print_final_stats=1"]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
