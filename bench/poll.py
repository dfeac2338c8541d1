"""bench/poll: an unchanged poll against a bare WSGI function with the same answer."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.load import HEAD, TARGET, bare_twins, options, race, row
from bench.newsroom import newsroom
from bench.site import poll_of, served

STORIES = 1_000


def main() -> None:
    """Prints the table."""
    given = options("What an unchanged poll costs.").parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        room = stack.enter_context(newsroom(given.on, folder / "newsroom", STORIES))
        site = stack.enter_context(served("wsgi:app", room.settings))
        poll = poll_of(site)
        assert site.get(poll)[0].startswith("204")
        print(HEAD)
        urls = stack.enter_context(bare_twins(site, poll, folder))
        print(row("unchanged poll", race(urls, given.seconds, given.runs)))
        print(f"\nTarget: site / WSGI at least {TARGET:.2f}.\n")


if __name__ == "__main__":
    main()
