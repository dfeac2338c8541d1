"""What machines read: RSS and Atom of each section, sitemaps, robots.txt."""

from datetime import date, timedelta

from flask import Blueprint, Flask, abort, current_app, render_template
from werkzeug.routing import BaseConverter

from newsapp import caching, clock, shell
from newsapp.extensions import db
from newsapp.formats import EPOCH, Stamp
from newsapp.stories.models import RIVER
from newsapp.stories.queries.listings import listing
from newsapp.streams import SECTIONS, of_section
from newsapp.syndication import queries

bp = Blueprint("syndication", __name__)
FEED = 50
NEWS = 1000
NEWS_SPAN = timedelta(hours=48)


class Month(BaseConverter):
    """A month of the calendar in an address: 2024-06."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        try:
            month = date.fromisoformat(f"{value}-01")
        except ValueError:
            abort(404)
        # Beyond these the calendar, or its zones, come to an end.
        return month if 1970 < month.year < date.max.year else abort(404)

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


def init_app(app: Flask) -> None:
    """Teaches the address map months."""
    app.url_map.converters["month"] = Month


@bp.get("/feeds/<slug:slug>.rss")
@caching.page(lambda slug: _streams(slug), mimetype="application/rss+xml")
def rss(slug: str) -> str:
    """A section as RSS 2.0."""
    return _feed("syndication/rss.xml", slug)


@bp.get("/feeds/<slug:slug>.atom")
@caching.page(lambda slug: _streams(slug), mimetype="application/atom+xml")
def atom(slug: str) -> str:
    """A section as Atom 1.0."""
    return _feed("syndication/atom.xml", slug)


@bp.get("/sitemap.xml")
@caching.page(lambda: (of_section(RIVER), SECTIONS), mimetype="application/xml")
def sitemap() -> str:
    """The index of the sitemaps: sections, and a month of stories each."""
    months = queries.months(db.session(), current_app.config["NEWSROOM_ZONE"])
    return render_template("syndication/sitemap_index.xml", months=months)


@bp.get("/sitemap/sections.xml")
@caching.page(lambda: (SECTIONS,), mimetype="application/xml")
def sitemap_of_sections() -> str:
    """The sitemap of what is always there."""
    return render_template("syndication/sitemap_sections.xml", places=shell.tree().places)


@bp.get("/sitemap/<month:month>.xml")
@caching.page(lambda month: (of_section(RIVER),), mimetype="application/xml")
def sitemap_of_month(month: date) -> str:
    """The sitemap of a month's stories."""
    start, end = queries.month_bounds(month, current_app.config["NEWSROOM_ZONE"])
    found = queries.addresses(db.session(), start, end) or abort(404)
    return render_template("syndication/sitemap_stories.xml", addresses=found)


@bp.get("/news-sitemap.xml")
@caching.page(lambda: (of_section(RIVER),), mimetype="application/xml")
def news_sitemap() -> str:
    """The stories of the last 48 hours, 1,000 at most, as news search engines want them."""
    after = Stamp(clock.now() - NEWS_SPAN, 0)
    found = listing(db.session(), RIVER, after=after, limit=NEWS)
    hidden = queries.kept_out(db.session(), [card.id for card in found.cards])
    cards = [card for card in found.cards if card.id not in hidden]
    return render_template("syndication/news_sitemap.xml", cards=cards)


@bp.get("/robots.txt")
@caching.page(lambda: (), mimetype="text/plain")
def robots() -> str:
    """What crawlers should leave alone, and where the sitemaps are."""
    return render_template("syndication/robots.txt")


def _streams(slug: str) -> tuple[str, ...]:
    return (of_section(shell.place_or_404(slug).id), SECTIONS)


def _feed(template: str, slug: str) -> str:
    place = shell.place_or_404(slug)
    cards = listing(db.session(), place.id, limit=FEED).cards
    # An empty feed has never changed; a fixed moment keeps its bytes the same.
    changed = max((card.updated_at or card.published_at for card in cards), default=EPOCH)
    pictures = queries.pictures_of(db.session(), [card.id for card in cards])
    return render_template(template, place=place, cards=cards, changed=changed, pictures=pictures)
