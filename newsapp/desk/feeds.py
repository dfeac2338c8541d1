"""The feed desk: how each feed does, adding and pausing them, lists of them in and out."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from newsapp import audit, clock
from newsapp.accounts.models import User
from newsapp.desk.finding import publisher, tree
from newsapp.desk.retrying import retried
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, discreet, line
from newsapp.stories.models import NotAllowed
from newsapp.wire import adding, feed_list, opml, queries
from newsapp.wire.feed_forms import FeedForm, NewFeedForm
from newsapp.wire.feed_list import PAGE
from newsapp.wire.fetch import agent
from newsapp.wire.look import Look, look_at
from newsapp.wire.models import Feed, How
from newsapp.wire.opml import Outline

bp = Blueprint("feeds", __name__, url_prefix="/wire")
MOST = 2_000  # feeds of a list that are taken at once
OURS = Path(__file__).parents[2] / "deploy/feeds.opml"
TOLD = 20  # of what a list held, or of the feeds that fail, that are named


@bp.get("/feeds")
def index() -> str:
    """Every feed with how it does, what asks for somebody first; `?how=`, `?words=`, `?page=`."""
    how, words, page = request.args.get("how", ""), _words(), _page()
    if how and how not in list(How):
        abort(404)
    session, at = db.session(), clock.now()
    feeds = feed_list.feeds_of(session, How(how) if how else None, words, page, PAGE + 1)
    return _page_of(
        "desk/feeds/index.html",
        at,
        feeds=feeds[:PAGE],
        counts=feed_list.count_feeds(session, words),
        hourly=feed_list.hourly(session, [feed.id for feed in feeds[:PAGE]], at),
        ended=feed_list.ended(session, feeds[:PAGE], at),
        how=how,
        words=words,
        page=page,
        more=len(feeds) > PAGE,
        hows=list(How),
        idle_since=feed_list.idle_since(session, at),
    )


@bp.get("/feeds/new")
def new() -> str:
    """The forms of new feeds: one by its address, many by a list."""
    publisher()
    return _adding(_offered(NewFeedForm(data={"url": line(request.args.get("url"))[:2000]})))


@bp.post("/feeds")
@retried
def create() -> Answer | tuple[str, int]:
    """Adds the feed at an address; of a page it offers the feeds that the page names."""
    publisher()
    form = _offered(NewFeedForm(request.form))
    look = _seen(form)
    if look.feeds and not form.errors:
        return render_template("desk/feeds/offers.html", form=form, offers=look.feeds), 200
    feed = None if form.errors else _added(form, look)
    if feed is None:
        return _adding(form, look), 422
    return _done(feed, f"Added. The worker fetches it within a minute{_brings(look)}.")


@bp.get("/feeds/<int:feed_id>")
def show(feed_id: int) -> str:
    """A feed: how it does, its settings, its last items."""
    feed = _feed_or_404(feed_id)
    return _feed(feed, _settings(feed))


@bp.post("/feeds/<int:feed_id>")
def save(feed_id: int) -> Answer | tuple[str, int]:
    """Saves name and section."""
    publisher()
    feed, form = _feed_or_404(feed_id), _offered(FeedForm(request.form))
    if not form.validate():
        return _feed(feed, form), 422
    form.write(feed)
    return _done(feed, "Saved.")


@bp.post("/feeds/<int:feed_id>/test")
def test(feed_id: int) -> str:
    """Asks the feed now and shows what it would bring; the worker then fetches it soon."""
    publisher()
    feed = _feed_or_404(feed_id)
    look = _look(feed.url, feed.source.zone)
    feed = _feed_or_404(feed_id)
    if look.feed and feed.active:
        feed.hurry(clock.now())
        db.session.commit()
        feed = _feed_or_404(feed_id)
    return _feed(feed, _settings(feed), look=look)


@bp.post("/feeds/<int:feed_id>/pause")
def pause(feed_id: int) -> Answer:
    """Has it fetched no more."""
    publisher()
    feed = _feed_or_404(feed_id)
    feed.pause()
    return _done(feed, "Paused. What it brought stays on the wire.")


@bp.post("/feeds/<int:feed_id>/pause/end")
@bp.delete("/feeds/<int:feed_id>/pause")
def resume(feed_id: int) -> Answer:
    """Has it fetched again."""
    publisher()
    feed = _feed_or_404(feed_id)
    feed.resume(clock.now())
    return _done(feed, "It is fetched again, for the first time within a minute.")


@bp.post("/feeds/<int:feed_id>/address")
@retried
def follow(feed_id: int) -> Answer:
    """Takes the address that its server gave for good."""
    publisher()
    feed = _feed_or_404(feed_id)
    if feed.moved_to and queries.feed_by_url(db.session(), feed.moved_to):
        raise NotAllowed("There is a feed at its new address already. Pause or remove this one.")
    audit.note(db.session(), f"{feed.url} → {feed.moved_to}")
    feed.follow()
    return _done(feed, "It is fetched from its new address now.")


@bp.post("/feeds/<int:feed_id>/end")
@bp.delete("/feeds/<int:feed_id>")
def remove(feed_id: int) -> Answer:
    """Removes a feed that never brought anything."""
    publisher()
    feed = _feed_or_404(feed_id)
    if not feed_list.brought_nothing(db.session(), feed):
        raise NotAllowed("It has brought items, which stay with it. Pause it instead.")
    name = feed.name
    adding.take_back(db.session(), feed)
    db.session.commit()
    flash(f"{name} is removed.")
    return redirect(url_for("desk.feeds.index"), 303)


@bp.get("/feeds.opml")
def export() -> Response:
    """All feeds as OPML 2.0, sections as folders; an address may hold a key, so for editors."""
    publisher()
    places = {place.id: place for place in tree().places}
    folders = [
        (places[number].name if number else "", [_outline(feed) for feed in feeds])
        for number, feeds in groupby(feed_list.all_feeds(db.session()), lambda f: f.section_id)
    ]
    body = opml.listed("Asian-News.net: feeds", clock.now(), folders)
    answer = Response(body, content_type="text/x-opml; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="feeds.opml"'
    return answer


@bp.post("/feeds.opml")
@retried
def import_() -> str | tuple[str, int]:
    """Adds the feeds of an OPML file, and tells which were added, known and refused."""
    publisher()
    try:
        outlines = _uploaded()
    except ValueError as reason:
        return _adding(_offered(NewFeedForm()), unfit=str(reason)), 422
    ours = "ours" in request.form
    report = adding.add_all(db.session(), outlines, _allowed(), ours=ours)
    audit.note(db.session(), f"{len(report.added)} of {len(outlines)}")
    page = render_template("desk/feeds/report.html", report=report, total=len(outlines), told=TOLD)
    db.session.commit()
    return page


@bp.app_template_filter()
def known_to(url: str, editor: User) -> str:
    """A feed's address, as far as it is for somebody's eyes: it may hold a key."""
    return url if editor.may_publish else discreet(url)


def too_large() -> tuple[str, int]:
    """The forms of new feeds, and that the list which was sent is larger than we take."""
    return _adding(_offered(NewFeedForm()), unfit=opml.LARGE), 413


def alarms() -> dict[str, Any]:
    """What the wire's page says of feeds that are silent or fail: how many, and the worst."""
    if "alarms" not in g:
        session = db.session()
        counts = feed_list.count_feeds(session)
        silent, fails = counts.get(How.SILENT, 0), counts.get(How.FAILS, 0)
        g.alarms = {
            "silent": silent,
            "fails": fails,
            "feeds": feed_list.alarming(session, TOLD) if silent + fails else (),
            "at": clock.now(),
            "zone": current_app.config["NEWSROOM_ZONE"],
        }
    found: dict[str, Any] = g.alarms
    return found


def _seen(form: NewFeedForm) -> Look:
    """What is at the address that was typed; what speaks against it is said at its field."""
    if not form.validate():
        return Look()
    form.known = queries.feed_by_url(db.session(), form.url.data)
    ask = form.known is None and "anyway" not in request.form
    look = _look(form.url.data) if ask else Look()
    problem = adding.KNOWN if form.known else "" if look.feeds else look.trouble
    form.url.errors = [problem] if problem else []
    return look


def _added(form: NewFeedForm, look: Look) -> Feed | None:
    """The new feed; None where somebody was faster, which is said at its address."""
    # Whose feed it is is called as it calls itself, until somebody names it.
    name = form.title.data or (look.feed.title if look.feed else "")
    outline = Outline(name, form.url.data, None, outlet=name[:120])
    try:
        feed = adding.add(db.session(), outline, _allowed())
    except ValueError as reason:
        form.known = queries.feed_by_url(db.session(), form.url.data)
        form.url.errors = [str(reason)]
        return None
    form.write(feed)
    feed.title = feed.title or name
    return feed


def _uploaded() -> Sequence[Outline]:
    """The feeds of the list that was sent, or of ours; ValueError says what is wrong with it."""
    if "ours" in request.form:
        return opml.feeds(OURS.read_bytes())
    file = request.files.get("file")
    if file is None or not file.filename:
        raise ValueError("Choose an OPML file.")
    file.seek(0)  # a view that runs again has read it before
    outlines = opml.feeds(file.read())
    if not 0 < len(outlines) <= MOST:
        raise ValueError(f"A list has between 1 and {MOST:,} feeds.")
    return outlines


def _look(url: str, zone: str = "UTC") -> Look:
    allowed, called = _allowed(), agent(current_app.config["PUBLIC_URL"])
    engine = db.engine
    db.session.rollback()  # no transaction stays open while a stranger takes his time
    return look_at(engine, url, zone, allowed, called)


def _brings(look: Look) -> str:
    count = len(look.feed.entries) if look.feed else 0
    return f": it has {count} item{'s' if count != 1 else ''} just now" if look.feed else ""


def _feed(feed: Feed, form: FeedForm, look: Look | None = None) -> str:
    session, at = db.session(), clock.now()
    found = look.feed.entries if look and look.feed else ()
    return _page_of(
        "desk/feeds/show.html",
        at,
        feed=feed,
        form=form,
        look=look,
        known=feed_list.known_hashes(session, feed, [entry.guid_hash for entry in found]),
        items=feed_list.newest_items(session, feed),
        hours=feed_list.hourly(session, [feed.id], at)[feed.id],
        ended=feed_list.ended(session, [feed], at),
    )


def _page_of(name: str, at: datetime, **shown: Any) -> str:
    zone = current_app.config["NEWSROOM_ZONE"]
    return render_template(name, at=at, zone=zone, **shown)


def _adding(form: NewFeedForm, look: Look | None = None, unfit: str = "") -> str:
    return render_template("desk/feeds/new.html", form=form, look=look, unfit=unfit, most=MOST)


def _done(feed: Feed, words: str) -> Answer:
    number = feed.id
    db.session.commit()
    flash(words)
    return redirect(url_for("desk.feeds.show", feed_id=number), 303)


def _offered(form: Any) -> Any:
    form.offer(tree().places)
    form.allowed_hosts = _allowed()
    return form


def _settings(feed: Feed) -> FeedForm:
    form: FeedForm = _offered(FeedForm(data={"title": feed.title, "section": feed.section_id or 0}))
    return form


def _outline(feed: Feed) -> Outline:
    slug = feed.section.slug if feed.section else None
    source = feed.source
    named = source.name if source.name != source.host else ""
    return Outline(feed.title, feed.url, slug, source.home, paused=not feed.active, outlet=named)


def _feed_or_404(feed_id: int) -> Feed:
    found = feed_list.feed(db.session(), feed_id) if feed_id <= NUMBER_MAX else None
    return found or abort(404)


def _allowed() -> frozenset[str]:
    allowed: frozenset[str] = current_app.config["WIRE_ALLOWED_HOSTS"]
    return allowed


def _words() -> str:
    return line(request.args.get("words"))[:100]


def _page() -> int:
    text = request.args.get("page", "1")
    return int(text) if re.fullmatch("[1-9][0-9]{0,2}", text) else abort(404)
