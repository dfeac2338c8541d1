"""Background work: what runs, how often, on which queue.

No task is needed for anything but its own minute: a queue that is lost, or full of what another
worker has done, costs time alone. What is due stands in the database.
"""

import ctypes
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from flask import Flask
from huey import Huey, PriorityRedisHuey, crontab
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy.exc import IntegrityError, OperationalError

from newsapp import audit, clock, rota, streams
from newsapp.accounts import mail
from newsapp.accounts.guard import REDIS_PATIENCE
from newsapp.accounts.queries import drop_outdated_links, drop_outdated_sign_ins
from newsapp.extensions import db
from newsapp.media import darkroom, printing, tidying
from newsapp.origins import queries as origins
from newsapp.origins import watch
from newsapp.queue import QueueFile
from newsapp.stories.queries import copies
from newsapp.wire import ingest, queries, reading, thinning
from newsapp.wire.fetch import agent
from newsapp.wire.turns import put_right, writing

log = logging.getLogger(__name__)
WORKERS = 32  # most of them wait for strangers; each is cut off after half a minute
GRACE = 15  # seconds for what is being done when the worker is told to stop
SPELL = 50.0  # seconds after which what takes its time takes up nothing more
MOST = 2_000  # tasks that wait in the queue, whoever takes them or nobody
ORIGINS = 200  # of excerpts that one minute has asked
URGENT = 10  # before any feed
ARENA_MAX, MMAP_THRESHOLD = -8, -3  # as malloc.h numbers them
AWAY = (RedisError, OperationalError, sqlite3.OperationalError)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def init_app(app: Flask) -> None:
    """Binds the queue, in Redis or in a file of the instance folder, and its tasks."""
    huey = app.extensions["huey"] = _queue(app)

    def duty(name: str, when: Callable[..., bool], every: timedelta) -> Callable[..., None]:
        """Work of each minute or hour, done once however many workers and hosts there are."""

        def bind(work: Callable[[], None]) -> None:
            @huey.periodic_task(when, name=name, priority=URGENT, expires=every)
            def once() -> None:
                with app.app_context():
                    if rota.take_up(db.engine, name, clock.now(), every):
                        work()

        return bind

    # It names no feed: the one that is due longest when its time comes is fetched.
    @huey.task(name="fetch_feed")
    def fetch_feed() -> None:
        with app.app_context():
            host = fetch_next(app)
            if host and queries.due_at(db.session(), host, clock.now()):
                fetch_feed.schedule(delay=1)  # its next, after a rest

    @duty("fetch_due_feeds", crontab(), MINUTE)
    def fetch_due_feeds() -> None:
        put_right(db.engine, clock.now())
        due = queries.due_hosts(db.session(), clock.now())
        waiting = sum(task.name == "fetch_feed" for task in huey.pending())
        for _ in range(min(due, MOST) - waiting):
            fetch_feed()

    # It names no original, either.
    @huey.task(name="ask_origin")
    def ask_origin() -> None:
        with app.app_context():
            ask_next_origin(app)

    @duty("watch_origins", crontab(), MINUTE)
    def watch_origins() -> None:
        watch.take_up(db.session(), clock.now())
        watch.follow_feeds(db.session(), clock.now())
        db.session.commit()
        due = origins.count_due(db.session(), clock.now())
        waiting = sum(task.name == "ask_origin" for task in huey.pending())
        for _ in range(min(due, ORIGINS) - waiting):
            ask_origin()

    # Readers' requests release what is due; this serves a site that nobody is reading.
    @duty("release", crontab(), MINUTE)
    def release() -> None:
        streams.release(db.engine, clock.now(), app.config["NEWSROOM_ZONE"])

    @duty("clear_the_desk", crontab(minute="17"), HOUR)
    def clear_the_desk() -> None:
        for copy in copies.outdated(db.session(), clock.now()):
            db.session.delete(copy)
        drop_outdated_links(db.session(), clock.now())
        drop_outdated_sign_ins(db.session(), clock.now())
        audit.forget_failed(db.session(), clock.now())
        reading.forget(db.session(), clock.now())
        db.session.commit()

    @duty("thin_the_wire", crontab(minute="*/10"), 10 * MINUTE)
    def thin_the_wire() -> None:
        thin(app.config["WIRE_KEEP_DAYS"])

    # Asked for by anybody, for any address: whoever asks waits as long for one that nobody has.
    @huey.task(name="help_in", retries=5, retry_delay=60, priority=URGENT)
    def help_in(email: str) -> None:
        with app.app_context():
            found = mail.help_in(db.session(), email, clock.now())
            if found:
                db.session.commit()
                mail.send_reset(*found)

    def ask_for_help(email: str) -> None:
        # Without a worker nobody reads what is asked, but anybody may go on asking.
        if huey.storage.queue_size() < 2 * MOST:
            help_in(email)

    app.extensions["help_in"] = ask_for_help

    @duty("finish_photos", crontab(), MINUTE)
    def _finish_photos() -> None:
        finish_photos(darkroom.of(app.config))

    @duty("tidy_pictures", crontab(minute="37"), HOUR)
    def tidy_pictures() -> None:
        tidying.tidy(db.session(), darkroom.of(app.config), clock.now())


def fetch_next(app: Flask) -> str | None:
    """Fetches the feed that is due longest and stores what it brought; its host, or None."""
    allowed, called = app.config["WIRE_ALLOWED_HOSTS"], agent(app.config["PUBLIC_URL"])
    asked = ingest.ask_next(db.engine, allowed, called=called)
    if asked is None:
        return None
    while _store(asked):
        pass
    return asked.turn.host


def _store(asked: ingest.Asked) -> bool:
    """Stores a part of what a feed brought, or the rest of it; whether there is more."""
    session, more = db.session(), False
    with writing(db.engine):
        try:
            more = ingest.store_part(session, asked)
            if not more:
                ingest.store(session, asked)
            session.commit()
        except OperationalError:
            raise  # the database is away: the feed stays due
        except Exception:  # whatever it is that it sent, no other feed waits for it
            log.exception("Feed %s can't be stored.", asked.feed_id)
            session.rollback()
            ingest.give_up(session, asked)
            session.commit()
            return False
    return more


def ask_next_origin(app: Flask) -> None:
    """Asks the original of an excerpt that is due longest, and notes what became of it."""
    allowed, called = app.config["WIRE_ALLOWED_HOSTS"], agent(app.config["PUBLIC_URL"])
    asked = watch.ask_next(db.engine, allowed, called=called)
    if asked is None:
        return
    session = db.session()
    with writing(db.engine):
        try:
            watch.store(session, asked)
            session.commit()
        except OperationalError:
            raise  # the database is away: its lease ends, and it is asked again
        except Exception:  # whatever a page holds, no other original waits for it
            log.exception("The original of story %s can't be noted.", asked.story_id)
            session.rollback()
            watch.give_up(session, asked)
            session.commit()


def thin(days: int) -> None:
    """Thins what is older than so many days, for most of a minute, a little at a time."""
    session, until, more = db.session(), time.monotonic() + SPELL, 1
    while more and time.monotonic() < until:
        with writing(db.engine):
            more = thinning.thin(session, clock.now(), days)
            session.commit()


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
    """Runs the queue's worker until it is told to stop; what it can't finish is rolled back."""
    _give_memory_back()
    for speaker in ("huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler"):
        logging.getLogger(speaker).addFilter(Seldom())
    app.extensions["huey"].create_consumer(
        workers=WORKERS, max_delay=2.0, graceful_signal="TERM", shutdown_timeout=GRACE
    ).run()


class Seldom(logging.Filter):
    """Lets a line that is always the same through once a minute: 32 threads say it at a time while
    the queue's store is away. That a store is away is told in one line."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now, said = time.monotonic(), str(record.msg)
        if not record.args and now - self._said.get(said, -60.0) < 60.0:
            return False
        self._said[said] = now
        trouble = record.exc_info[1] if record.exc_info else None
        if isinstance(trouble, AWAY):
            why = f"{type(trouble).__name__}: {trouble}".splitlines()[0]
            record.msg, record.args = f"{record.getMessage()} {why}", ()
            record.exc_info = None
        return True


def _give_memory_back() -> None:
    """Has all threads take memory from the same two places; large pieces go back when freed.

    Else the C library (glibc) gives each thread a place of its own, which never shrinks again.
    """
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(ARENA_MAX, 2)
        library.mallopt(MMAP_THRESHOLD, 128 * 1024)


def _queue(app: Flask) -> Huey:
    if url := app.config["REDIS_URL"]:
        # A worker asks in turns, as it does the file: no answer takes longer than patience.
        pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **REDIS_PATIENCE)
        return PriorityRedisHuey("newsapp", results=False, connection_pool=pool, blocking=False)
    folder = Path(app.config["INSTANCE_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    filename = str(folder / "jobs.db")
    return Huey("newsapp", results=False, storage_class=QueueFile, filename=filename)
