"""bench/pages: pages warm and cold, their SELECTs, and how soon a publication shows."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import cold, visible
from bench.load import HEAD, TARGET, bare_twins, options, race, row
from bench.newsroom import newsroom
from bench.site import Server, served

SMALL, LARGE = 1_000, 100_000


def main() -> None:
    """Prints the tables."""
    parser = options("What pages cost, and how soon a publication shows.")
    parser.add_argument("--only", choices=["warm", "cold", "visible"], help="one part of it")
    given = parser.parse_args()
    parts = {given.only} if given.only else {"warm", "cold", "visible"}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        small = stack.enter_context(newsroom(given.on, folder / "small", SMALL))
        if "cold" in parts:
            with newsroom(given.on, folder / "large", LARGE) as large:
                cold.measure({SMALL: small.app, LARGE: large.app})
        if parts & {"warm", "visible"}:
            site = stack.enter_context(served("wsgi:app", small.settings))
        if "warm" in parts:
            _warm(site, folder, given.seconds, given.runs)
        if "visible" in parts:
            visible.measure(site, small.app)


def _warm(site: Server, folder: Path, seconds: int, runs: int) -> None:
    """Pages from memory, as browsers ask for them and plain, against bare servers of the same."""
    newest = site.get("/latest")[2].decode().partition('class="card__headline')[2]
    story = newest.split('href="', 1)[1].split('"')[0]
    print(HEAD)
    for name, path in (("front", "/"), ("section", "/japan"), ("story", story)):
        for note, headers in ((", gzip", {"Accept-Encoding": "gzip"}), (", plain", {})):
            with bare_twins(site, path, folder, **headers) as urls:
                print(row(f"warm {name}{note}", race(urls, seconds, runs, **headers)), flush=True)
    print(f"\nTarget: site / WSGI at least {TARGET:.2f}.\n")


if __name__ == "__main__":
    main()
