"""What every reader page carries: the section tree, the ticker, and its poller."""

from collections.abc import Sequence
from email.utils import format_datetime

from flask import Flask, abort

from newsapp import caching, formats
from newsapp.extensions import db
from newsapp.formats import EPOCH, Stamp, host_of
from newsapp.live import queries as live
from newsapp.live.queries import Pulse, Ticker
from newsapp.media import players, renditions
from newsapp.stories.queries import sections
from newsapp.stories.queries.listings import Card
from newsapp.stories.queries.sections import Place, Tree
from newsapp.streams import SECTIONS, TICKER

# What every page shows, whatever else is on it.
SHELL = (TICKER, SECTIONS)
NOTHING = str(Stamp(EPOCH, 0))


@caching.result(SECTIONS)
def tree() -> Tree:
    """The section tree."""
    return sections.tree(db.session())


@caching.result(TICKER)
def ticker() -> Ticker:
    """The ticker."""
    return live.ticker(db.session())


def pulse(stream: str, cards: Sequence[Card] = (), *, counts: bool = True, top: str = "") -> Pulse:
    """The poller of a page that shows this stream, with `cards` as its newest stories and `top`
    as the mark of what is laid out by hand on it."""
    names = (stream,) if stream == TICKER else (stream, TICKER)
    after = (str(cards[0].stamp) if cards else NOTHING) if counts else ""
    return Pulse(stream, caching.seen(names), after, top)


def place_or_404(slug: str) -> Place:
    """The section that readers call by this slug."""
    return tree().find(slug) or abort(404)


def init_app(app: Flask) -> None:
    """Gives templates the shell and the formats."""
    app.add_template_global(tree)
    app.add_template_global(ticker)
    app.add_template_global(app.config["PUBLIC_URL"], "public_url")
    app.add_template_global(app.config["POLL_SECONDS"], "poll_seconds")
    app.add_template_filter(formats.iso)
    app.add_template_filter(formats.day_and_time)
    app.add_template_filter(formats.hours)
    app.add_template_filter(format_datetime, "rfc822")
    app.add_template_global(renditions.url_of, "picture_url")
    app.add_template_global(renditions.print_of)
    app.add_template_global(players.clock_of)
    host = host_of(app.config["PUBLIC_URL"])

    @app.template_global()
    def guid(card: Card) -> str:
        """The name of a story for feed readers; it never changes (RFC 4151)."""
        return f"tag:{host},{card.published_at:%Y-%m-%d}:story/{card.id}"
