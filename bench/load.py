"""Requests per second: wrk, 32 connections, interleaved runs, medians."""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.site import Headers, Server, served

CONNECTIONS = 32
TARGET = 0.70  # of the bare function's requests/s
# The server sets these itself, for the bare answers too.
_ITS_OWN = {"server", "transfer-encoding", "connection"}
# These tell the time.
_MOVING = {"date", "age"}

Runs = dict[str, list[float]]
HEAD = """| requests/s | site | bare WSGI function | bare Flask route | site / WSGI | each run |
| --- | ---: | ---: | ---: | ---: | ---: |"""


def options(description: str) -> argparse.ArgumentParser:
    """The options of both benches; ends with a sentence where wrk is missing."""
    if shutil.which("wrk") is None:
        print("wrk is not installed (on Debian: apt-get install wrk).", file=sys.stderr)
        raise SystemExit(2)
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=int, default=4, help="of each run of wrk (4)")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts (3)")
    parser.add_argument(
        "--on", choices=["embedded", "production"], default="embedded",
        help="SQLite alone, or PostgreSQL and Redis, started for the bench (embedded)",
    )  # fmt: skip
    return parser


@contextmanager
def bare_twins(site: Server, path: str, folder: Path, **headers: str) -> Iterator[dict[str, str]]:
    """The same answer three times: the site's, a bare WSGI function's, a bare Flask route's."""
    status, sent, body = site.get(path, **headers)
    file = folder / "answer.json"
    kept = [pair for pair in sent if pair[0].lower() not in _ITS_OWN]
    file.write_text(json.dumps({"status": status, "headers": kept}), "utf-8")
    file.with_suffix(".body").write_bytes(body)
    with ExitStack() as stack:
        bare = {"BARE": str(file)}
        twins = [stack.enter_context(served(f"bench.bare:{name}", bare))
                 for name in ("function", "route")]  # fmt: skip
        for twin in twins:
            assert _standing(twin.get("/")) == _standing((status, sent, body)), "not the same bytes"
        yield {
            "site": site.url(path),
            "WSGI function": twins[0].url(),
            "Flask route": twins[1].url(),
        }


def _standing(answer: tuple[str, Headers, bytes]) -> tuple[str, Headers, bytes]:
    """An answer without what the time of day changes in it."""
    status, headers, body = answer
    lower = [(name.lower(), value) for name, value in headers]
    return status, sorted((n, "" if n in _MOVING else value) for n, value in lower), body


def race(urls: Mapping[str, str], seconds: int, runs: int, **headers: str) -> Runs:
    """The requests/s of each address in interleaved runs, after a warm-up of each."""
    for url in urls.values():
        _wrk(url, 1, headers)
    rates: Runs = {name: [] for name in urls}
    for _ in range(runs):
        for name, url in urls.items():
            rates[name].append(_wrk(url, seconds, headers))
    return rates


def _wrk(url: str, seconds: int, headers: Mapping[str, str]) -> float:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *given, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{url}:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None
    return float(found[1])


def row(name: str, rates: Runs) -> str:
    """A line of the table: medians, the site's share of the bare function's, and of each run."""
    middle = {who: median(measured) for who, measured in rates.items()}
    shares = [a / b for a, b in zip(rates["site"], rates["WSGI function"], strict=True)]
    cells = [
        name,
        *(f"{rate:,.0f}" for rate in middle.values()),
        f"{middle['site'] / middle['WSGI function']:.2f}",
        " ".join(f"{share:.2f}" for share in shares),
    ]
    return f"| {' | '.join(cells)} |"
