"""What readers read: a section, a story, the river, a day, and who we are."""

from datetime import date, datetime, timedelta

from flask import Blueprint, Flask, abort, current_app, render_template, request
from werkzeug.routing import BaseConverter

from newsapp import caching, clock, headers, shell
from newsapp.extensions import db
from newsapp.formats import Stamp
from newsapp.front.queries import page as fronts
from newsapp.stories import structured
from newsapp.stories.models import RIVER, Kind
from newsapp.stories.queries import listings, pages, sections
from newsapp.stories.queries.corrections import corrections as corrections_of
from newsapp.stories.queries.pages import Ended, Withdrawn
from newsapp.streams import TICKER, of_section, of_story

bp = Blueprint("stories", __name__)
FIRST_DAY = date(1970, 1, 2)


class Day(BaseConverter):
    """A day of the calendar in an address: 2024/06/19; 2024/02/30 is no address."""

    regex = r"[0-9]{4}/[0-9]{2}/[0-9]{2}"
    part_isolating = False

    def to_python(self, value: str) -> date:
        try:
            day = date.fromisoformat(value.replace("/", "-"))
        except ValueError:
            abort(404)
        return day if FIRST_DAY <= day < date.max else abort(404)

    def to_url(self, value: date) -> str:
        return f"{value:%Y/%m/%d}"


class Slug(BaseConverter):
    """A slug: short, plain words joined by hyphens."""

    regex = r"[a-z0-9][a-z0-9-]{0,119}"


def init_app(app: Flask) -> None:
    """Teaches the address map days and slugs."""
    app.url_map.converters.update(day=Day, slug=Slug)


@bp.get("/<slug:slug>")
@caching.page(lambda slug: (of_section(shell.place_or_404(slug).id), *shell.SHELL),
              args=("before",), mark="seen")  # fmt: skip
def section(slug: str) -> str:
    """A section: its stories, newest first."""
    place = shell.place_or_404(slug)
    before = before_of_request()
    laid_out = None
    if place.kind == Kind.REGION and before is None:
        laid_out = fronts.region(db.session(), place.id)
        listing, newest, top = laid_out.listing, laid_out.newest, laid_out.mark
    else:
        listing = listings.listing(db.session(), place.id, before=before)
        newest, top = listing.cards[:1], ""
    tree = shell.tree()
    children = tree.children(place.id)
    totals = sections.counts(db.session(), [child.id for child in children]) if children else {}
    return render_template(
        "stories/section.html",
        place=place,
        parent=tree.get(place.parent_id) if place.parent_id else None,
        children=tuple((child, totals.get(child.id, 0)) for child in children),
        top=laid_out.top if laid_out else (),
        listing=listing,
        first=before is None,
        pulse=shell.pulse(of_section(place.id), newest, top=top) if before is None
        else shell.pulse(TICKER, counts=False),
    )  # fmt: skip


@bp.get("/latest")
@caching.page(lambda: (of_section(RIVER), *shell.SHELL), args=("before",))
def latest() -> str:
    """The river: every live story, newest first."""
    before = before_of_request()
    listing = listings.listing(db.session(), RIVER, before=before)
    zone = current_app.config["NEWSROOM_ZONE"]
    return render_template(
        "stories/latest.html",
        listing=listing,
        day=clock.day_of(listing.cards[0].published_at, zone) if listing.cards else None,
        first=before is None,
        pulse=shell.pulse(of_section(RIVER), listing.cards) if before is None
        else shell.pulse(TICKER, counts=False),
    )  # fmt: skip


@bp.get("/archive/<day:day>")
@caching.page(lambda day: (of_section(RIVER), *shell.SHELL), args=("before",))
def archive(day: date) -> str:
    """One day of the newsroom's calendar, newest first."""
    zone = current_app.config["NEWSROOM_ZONE"]
    first = _oldest()
    # Days without a newsroom are no pages: nobody fills a cache with them.
    if first is None or not clock.day_of(first, zone) <= day <= clock.day_of(clock.now(), zone):
        abort(404)
    start, end = clock.bounds_of(day, zone)
    before = before_of_request() or Stamp(end, 0)
    if not Stamp(start, 0) < before <= Stamp(end, 0):
        abort(400, "“before” must be a stamp of this day.")
    listing = listings.listing(db.session(), RIVER, before=before, after=Stamp(start, 0), limit=100)
    return render_template(
        "stories/archive.html",
        day=day,
        listing=listing,
        previous=day - timedelta(days=1) if start > first else None,
        next=day + timedelta(days=1),
        pulse=shell.pulse(TICKER, counts=False),
    )


@bp.get("/<day:day>/<slug:slug>")
@caching.page(lambda day, slug: (of_story(story_or_404(f"{day:%Y/%m/%d}/{slug}")), *shell.SHELL),
              mark="seen")  # fmt: skip
def story(
    day: date, slug: str
) -> tuple[str, int] | tuple[str, int, dict[str, str]] | caching.Elsewhere:
    """A story, also from an address that it had before; a withdrawn one answers 410 with its note,
    one that came down in time until when it was here."""
    story_id = story_or_404(f"{day:%Y/%m/%d}/{slug}")
    page = pages.page(db.session(), story_id)
    pulse = shell.pulse(of_story(story_id), counts=False)
    if isinstance(page, Withdrawn):
        return render_template("errors/410.html", withdrawn=page, ended=None, pulse=pulse), 410
    if isinstance(page, Ended):
        return render_template("errors/410.html", withdrawn=None, ended=page, pulse=pulse), 410
    if page is None:
        abort(404)
    if page.card.url != request.path:
        return caching.Elsewhere(page.card.url)
    tree = shell.tree()
    breadcrumb = tree.breadcrumb(page.card.section_ids)
    html = render_template(
        "stories/story.html",
        page=page,
        breadcrumb=breadcrumb,
        sections=tree.named(page.card.section_ids),
        json_ld=structured.news_article(page, breadcrumb, current_app.config["PUBLIC_URL"]),
        pulse=pulse,
    )
    policy = headers.policy(headers.CSP, *page.played())
    return html, 200, {"Content-Security-Policy": policy}


@bp.get("/corrections")
@caching.page(lambda: (of_section(RIVER), *shell.SHELL), args=("before",))
def corrections() -> str:
    """What we had wrong, newest first. A correction moves the river, where its story stands."""
    before = before_of_request()
    return render_template(
        "stories/corrections.html",
        page=corrections_of(db.session(), before),
        first=before is None,
        pulse=shell.pulse(TICKER, counts=False),
    )


@bp.get("/about")
@caching.page(lambda: shell.SHELL)
def about() -> str:
    """What this site is."""
    return render_template("stories/about.html", pulse=shell.pulse(TICKER, counts=False))


@bp.get("/contact")
@caching.page(lambda: shell.SHELL)
def contact() -> str:
    """Who owns this site and where to write."""
    return render_template("stories/contact.html", pulse=shell.pulse(TICKER, counts=False))


def before_of_request() -> Stamp | None:
    """Where the page of a listing begins; 400 for what is no stamp."""
    text = request.args.get("before")
    if text is None:
        return None
    try:
        return Stamp.parse(text)
    except (ValueError, OverflowError):
        abort(400, "“before” must be a stamp as the “older stories” link carries it.")


@caching.result(of_section(RIVER))
def _oldest() -> datetime | None:
    return listings.oldest(db.session(), RIVER)


@caching.result()
def _story_at(path: str) -> int | None:
    return pages.story_id_at(db.session(), path)


def story_or_404(path: str) -> int:
    """The number of the story that was published at this address."""
    return _story_at(path) or abort(404)
