"""The pulse: the one poll of an open page, and the stories that its pill brings."""

import re
from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Flask, abort, render_template, request
from werkzeug.routing import BaseConverter

from newsapp import caching, clock, shell
from newsapp.extensions import db
from newsapp.formats import Stamp
from newsapp.front.queries import page as fronts
from newsapp.live.queries import Pulse
from newsapp.stories.models import RIVER
from newsapp.stories.queries import listings, pages
from newsapp.stories.queries.listings import Change
from newsapp.stories.queries.pages import Ended, Withdrawn
from newsapp.streams import FRONT, TICKER

bp = Blueprint("live", __name__)
REMEMBERED = timedelta(days=1)  # for which open lists are told of changes
_MARK = re.compile("[0-9a-f]{8}")
ARRIVALS = 30  # stories that a click on the pill inserts at most


class StreamName(BaseConverter):
    """The name of a stream that a page may poll."""

    regex = r"front|ticker|section:[0-9]{1,9}|story:[0-9]{1,15}"


def init_app(app: Flask) -> None:
    """Teaches the address map the names of streams."""
    app.url_map.converters["stream"] = StreamName


def _names(stream: str) -> Sequence[str]:
    """The streams behind a poll; 404 for one that nothing on this site shows."""
    kind, _, number = stream.partition(":")
    if kind == "section" and not shell.tree().has(int(number)):
        abort(404)
    # A story that was ever live has moved its stream.
    if kind == "story" and not caching.revisions([stream])[stream]:
        abort(404)
    return (stream,) if stream == TICKER else (stream, TICKER)


@bp.get("/pulse/<stream:stream>")
@caching.poll(_names, args=("seen", "after", "top"))
def pulse(stream: str, moved: Sequence[str]) -> str:
    """What changed on an open page since it was drawn, and the next poll."""
    after, top = after_of_request(), top_of_request()
    section_id = listed_by(stream)
    following = Pulse(stream, caching.seen(_names(stream)), str(after) if after else "", top)
    return render_template(
        "live/pulse.html",
        pulse=following,
        ticker_moved=TICKER in moved,
        changes=_changes() if section_id and stream in moved else (),
        count=listings.count_after(db.session(), section_id, after)
        if section_id and after and stream in moved else None,
        notice=_notice(int(stream.partition(":")[2]))
        if stream.startswith("story:") and stream in moved else None,
        laid_out=_page_of(section_id)
        if section_id and top and stream in moved and top != _mark(section_id) else "",
        story_moved=stream.startswith("story:") and stream in moved,
    )  # fmt: skip


@bp.get("/pulse/<stream:stream>/stories")
@caching.page(lambda stream: (*_names(stream), *shell.SHELL), args=("after", "top"))
def stories(stream: str) -> str:
    """The stories that came since, to stand at the top of the list, and the next poll."""
    section_id = listed_by(stream) or abort(404)
    after = after_of_request() or abort(400, "“after” is missing.")
    listing = listings.listing(db.session(), section_id, after=after, limit=ARRIVALS)
    newest = str(listing.cards[0].stamp) if listing.cards else str(after)
    return render_template(
        "live/arrivals.html",
        cards=listing.cards,
        river=stream == FRONT,
        pulse=Pulse(stream, caching.seen(_names(stream)), newest, top_of_request()),
    )


def listed_by(stream: str) -> int | None:
    """The section whose stories a page with this stream lists at its top."""
    if stream == FRONT:
        return RIVER
    kind, _, number = stream.partition(":")
    return int(number) if kind == "section" else None


def after_of_request() -> Stamp | None:
    """The newest story that the page shows; 400 for what is no stamp."""
    text = request.args.get("after")
    if not text:
        return None
    try:
        return Stamp.parse(text)
    except (ValueError, OverflowError):
        abort(400, "“after” must be a stamp as the page was given it.")


def top_of_request() -> str:
    """The mark of what is laid out by hand on the page; 400 for what is none."""
    text = request.args.get("top", "")
    if text and not _MARK.fullmatch(text):
        abort(400, "“top” must be the mark that the page was given.")
    return text


def _mark(section_id: int) -> str:
    return _mark_of_front() if section_id == RIVER else _mark_of_region(section_id)


@caching.result(FRONT)
def _mark_of_front() -> str:
    return fronts.mark(db.session(), RIVER)


@caching.result("section:{0}")
def _mark_of_region(section_id: int) -> str:
    return fronts.mark(db.session(), section_id)


def _page_of(section_id: int) -> str:
    """The address of a front."""
    return "/" if section_id == RIVER else shell.tree().get(section_id).url


@caching.result(FRONT)
def _changes() -> tuple[Change, ...]:
    return tuple(listings.changes(db.session(), clock.now() - REMEMBERED))


def _notice(story_id: int) -> str:
    page = pages.page(db.session(), story_id)
    if page is None or isinstance(page, Ended):
        return "gone"
    if isinstance(page, Withdrawn):
        return "withdrawn"
    corrected = page.corrections and page.corrections[0].at == page.card.updated_at
    return "corrected" if corrected else "updated"
