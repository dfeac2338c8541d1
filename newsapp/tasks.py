"""Background work: what runs, how often, on which queue."""

import logging
import time
from datetime import datetime
from pathlib import Path

from flask import Flask
from huey import Huey, PriorityRedisHuey, SqliteHuey, crontab
from sqlalchemy.exc import IntegrityError

from newsapp import audit, clock, streams
from newsapp.accounts import mail
from newsapp.accounts.queries import drop_outdated_links, drop_outdated_sign_ins
from newsapp.extensions import db
from newsapp.formats import host_of
from newsapp.media import darkroom, printing
from newsapp.stories.queries import copies
from newsapp.wire import ingest
from newsapp.wire.fetch import agent
from newsapp.wire.models import LEASE
from newsapp.wire.queries import due_feeds

log = logging.getLogger(__name__)
WORKERS = 8  # feeds that are fetched at a time; each is cut off after half a minute
SPELL = 50.0  # seconds of each minute after which no further photo is taken up
BATCH = 500  # feeds that one minute's look hands out at most


def init_app(app: Flask) -> None:
    """Binds the queue, in Redis or in a file of the instance folder, and its tasks."""
    huey = app.extensions["huey"] = _queue(app)

    # The feeds of one host, one after the other: whoever hangs holds up nobody else.
    @huey.task(name="fetch_feeds")
    def fetch_feeds(handed_out: list[tuple[int, datetime]]) -> None:
        (number, lease), *rest = handed_out
        with app.app_context():
            called = agent(app.config["PUBLIC_URL"])
            allowed = app.config["WIRE_ALLOWED_HOSTS"]
            ingest.check(db.session(), number, clock.now(), allowed, lease=lease, called=called)
            db.session.commit()
        if rest:
            fetch_feeds.schedule((rest,), delay=1)

    @huey.periodic_task(crontab(), name="fetch_due_feeds")
    def fetch_due_feeds() -> None:
        with app.app_context():
            by_host: dict[str, list[tuple[int, datetime]]] = {}
            for feed in due_feeds(db.session(), at := clock.now(), BATCH):
                feed.hand_out(at)
                by_host.setdefault(host_of(feed.url), []).append((feed.id, at + LEASE))
            db.session.commit()
            for handed_out in by_host.values():
                fetch_feeds(handed_out)

    # Readers' requests release what is due; this serves a site that nobody is reading.
    @huey.periodic_task(crontab(), name="release")
    def release() -> None:
        with app.app_context():
            streams.release(db.engine, clock.now(), app.config["NEWSROOM_ZONE"])

    @huey.periodic_task(crontab(minute="17"), name="clear_the_desk")
    def clear_the_desk() -> None:
        with app.app_context():
            for copy in copies.outdated(db.session(), clock.now()):
                db.session.delete(copy)
            drop_outdated_links(db.session(), clock.now())
            drop_outdated_sign_ins(db.session(), clock.now())
            audit.forget_failed(db.session(), clock.now())
            db.session.commit()

    # Asked for by anybody, for any address: whoever asks waits as long for one that nobody has.
    @huey.task(name="help_in", retries=5, retry_delay=60)
    def help_in(email: str) -> None:
        with app.app_context():
            found = mail.help_in(db.session(), email, clock.now())
            if found:
                db.session.commit()
                mail.send_reset(*found)

    app.extensions["help_in"] = help_in

    @huey.periodic_task(crontab(), name="finish_photos")
    def _finish_photos() -> None:
        with app.app_context():
            finish_photos(darkroom.of(app.config))

    @huey.periodic_task(crontab(minute="37"), name="tidy_pictures")
    def tidy_pictures() -> None:
        darkroom.of(app.config).tidy()


def finish_photos(room: darkroom.Darkroom) -> None:
    """Makes the slow renditions of one photo after another, for most of a minute."""
    until = time.monotonic() + SPELL
    while time.monotonic() < until and _finish_photo(room):
        pass


def _finish_photo(room: darkroom.Darkroom) -> bool:
    """Makes what the next photo lacks; whether there was one."""
    session = db.session()
    photo = printing.begin(session, clock.now())
    if photo is None:
        session.rollback()
        return False
    try:
        session.commit()
    except IntegrityError:  # another worker took it up first
        session.rollback()
        return True
    session.refresh(photo)
    session.expunge(photo)
    session.rollback()  # no transaction is open while it is made
    outcome = printing.make(room, photo)
    printing.end(session, photo, outcome)
    session.commit()
    return True


def work(app: Flask) -> None:
    """Runs the queue's worker until it is told to stop."""
    app.extensions["huey"].create_consumer(workers=WORKERS, max_delay=2.0).run()


def _queue(app: Flask) -> Huey:
    if url := app.config["REDIS_URL"]:
        return PriorityRedisHuey("newsapp", url=url)
    folder = Path(app.config["INSTANCE_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("newsapp", filename=str(folder / "jobs.db"))
