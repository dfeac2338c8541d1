"""flask wire add, fetch, import, list, move, read."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.extensions import db
from newsapp.formats import line
from newsapp.stories.models import NotAllowed
from newsapp.wire import about, adding, ingest, opml, queries
from newsapp.wire.addresses import check_url, typed_url
from newsapp.wire.fetch import agent
from newsapp.wire.look import look_at
from newsapp.wire.models import Feed

group = AppGroup("wire", help="The feeds that bring headlines in.")
OVERTAKEN = "Somebody added one of them at the same moment, and nothing is added. Try again."
MOST = 10_000  # due feeds that one run takes


@group.command()
@click.argument("url")
@click.option("--section", "slug", help="What its stories are filed under, such as japan.")
@click.option("--title", default="", help="The outlet's name, as excerpts give it.")
@click.option("--site", default="", help="The outlet's own address, where its feed is elsewhere.")
@click.option("--zone", help="Of the outlet's dates that name none, such as Asia/Tokyo.")
@click.option("--anyway", is_flag=True, help="Also where no feed answers just now.")
def add(url: str, slug: str | None, title: str, site: str, zone: str | None, anyway: bool) -> None:
    """Add a feed that answers; its outlet is made where it is new."""
    if zone and zone not in available_timezones():
        raise click.ClickException(f"There is no time zone {zone[:60]!r}; one is Asia/Tokyo.")
    session, allowed = db.session(), _allowed()
    try:
        site, title = check_url(site) if site else "", line(title)
        outline = opml.Outline(title[:200], typed_url(url, allowed), slug, site, outlet=title[:120])
        address, _ = adding.check(session, outline, allowed)
        if not anyway:
            outline = _seen(session, outline, address, zone or "UTC")
        feed = adding.add(session, outline, allowed)
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from None
    except IntegrityError:
        raise click.ClickException(OVERTAKEN) from None
    feed.source.zone = zone or feed.source.zone
    session.commit()
    click.echo(f"Feed {feed.id} is added: {feed.url}")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add the feeds of an OPML file; those known already and those refused are told."""
    try:
        outlines = opml.feeds(file.read_bytes())
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from None
    try:
        report = adding.add_all(db.session(), outlines, _allowed())
    except IntegrityError:
        raise click.ClickException(OVERTAKEN) from None
    for outline in report.known:
        click.echo(f"Left out {outline.url[:200]!r}: {adding.KNOWN}")
    for feed, other in report.apart:
        click.echo(f"{feed.url!r} is of {feed.source.name}, not of {other.name}: {adding.APART}")
    for feed in report.claimed:
        click.echo(f"{feed.url!r} is taken for one of {feed.source.name}: {adding.CLAIMED}")
    for outline, reason in report.refused:
        click.echo(f"Left out {outline.url[:200]!r}: {reason}")
    db.session.commit()
    click.echo(f"{len(report.added)} of {len(outlines)} feeds added.")


@group.command()
@click.argument("feed", required=False)
@click.option("--all", "everything", is_flag=True, help="All active feeds, due or not.")
def fetch(feed: str | None, everything: bool) -> None:
    """Fetch the feeds that are due, or all, or the one with this number or address."""
    session = db.session()
    wanted = _wanted(session, feed, everything)
    session.commit()  # nothing stays open while strangers take their time
    for number in wanted:
        count = ingest.check(
            session,
            number,
            clock.now(),
            current_app.config["WIRE_ALLOWED_HOSTS"],
            called=agent(current_app.config["PUBLIC_URL"]),
        )
        session.commit()
        done = session.get_one(Feed, number)
        brought = "somebody is asking its host just now" if count is None else f"{count} new"
        click.echo(f"{done.title or done.url}: {done.error or brought}")
        session.commit()
    if not wanted:
        click.echo("No feed is due.")


@group.command("list")
def list_() -> None:
    """List the feeds and how they do."""
    at, zone = clock.now(), current_app.config["NEWSROOM_ZONE"]
    for feed in queries.feeds(db.session()):
        click.echo(f"{feed.id}  {feed.title or feed.url}  {feed.state(at, zone)}")


@group.command()
@click.argument("feed")
def move(feed: str) -> None:
    """Take the new address that a feed's server gave for good."""
    found = queries.feed_by(db.session(), feed)
    if found is None:
        raise click.ClickException(f"There is no feed {feed[:200]!r}.")
    if found.moved_to and queries.feed_by_url(db.session(), found.moved_to):
        raise click.ClickException("There is a feed at its new address already.")
    try:
        found.follow()
    except NotAllowed as refusal:
        raise click.ClickException(str(refusal)) from None
    db.session.commit()
    click.echo(f"Feed {found.id} is at {found.url} now.")


@group.command()
@click.option("--days", default=7, show_default=True, help="Of how many days.")
def read(days: int) -> None:
    """Find anew what items are about: they came before this could, or its words are better now."""
    session, before, count = db.session(), None, 0
    since = clock.now() - timedelta(days=min(days, 36_500))
    while items := queries.items_since(session, since, before):
        about.read(session, items)
        before, count = items[-1].id, count + len(items)
        session.commit()
    click.echo(f"{count} item{'s' if count != 1 else ''} read.")


def _seen(session: Session, outline: opml.Outline, url: str, zone: str) -> opml.Outline:
    """The same, called as the feed there calls itself, unless it has a name; ValueError says what
    there is instead of a feed."""
    session.rollback()  # nothing stays open while a stranger takes his time
    called = agent(current_app.config["PUBLIC_URL"])
    look = look_at(db.engine, url, zone, _allowed(), called)
    if look.feed is None:
        named = "".join(f"\n  {offer.url}  {offer.title}".rstrip() for offer in look.feeds)
        raise ValueError(f"{look.trouble}{named}")
    name = outline.title or look.feed.title
    return outline._replace(title=name, outlet=name[:120])


def _allowed() -> frozenset[str]:
    allowed: frozenset[str] = current_app.config["WIRE_ALLOWED_HOSTS"]
    return allowed


def _wanted(session: Session, name: str | None, everything: bool) -> list[int]:
    if name is not None:
        feed = queries.feed_by(session, name)
        if feed is None:
            raise click.ClickException(f"There is no feed {name[:200]!r}.")
        return [feed.id]
    if everything:
        return [feed.id for feed in queries.feeds(session) if feed.active]
    return [feed.id for feed in queries.due_feeds(session, clock.now(), MOST)]
