"""How soon a publication shows: from the commit in one process to an open page of another."""

import random
import threading
import time
from queue import Queue
from statistics import median

from flask import Flask
from sqlalchemy.orm import Session

from bench.site import Server, poll_in, poll_of
from newsapp import clock
from newsapp.extensions import db
from newsapp.stories.models import Story
from newsapp.stories.queries import sections

TRIES = 20
TARGET = 2.0  # seconds


def measure(site: Server, app: Flask) -> None:
    """Prints the seconds, median and worst."""
    page, others = _OpenPage(site), _Others(site)
    page.start()
    others.start()
    try:
        with app.app_context():
            times = [_publish(db.session(), number, page) for number in range(1, TRIES + 1)]
    finally:
        page.close.set()
        others.close.set()
        page.join()
        others.join()
    print(f"Publish to visible, {TRIES} tries: median {median(times):.2f} s, "
          f"worst {max(times):.2f} s. Target: {TARGET:.0f} s.\n")  # fmt: skip


def _publish(session: Session, number: int, page: "_OpenPage") -> float:
    """Seconds from the commit until the page was told of it."""
    time.sleep(random.uniform(0.2, 2.2))  # at any moment of the caches' lives
    story = Story(headline=f"Published {number}")
    story.file_under(sections.sections_by_slug(session, ["japan", "news"]))
    session.add(story)
    at = clock.now()
    story.publish(None, at, f"{at:%Y/%m/%d}/published-{number}")
    committed = time.monotonic()
    session.commit()
    while True:
        told, answer = page.told.get(timeout=60)
        # The ticker alone may move first; readers see the story when the pill counts it.
        if f"{number} new stor" in answer:
            return told - committed


class _OpenPage(threading.Thread):
    """A front page that polls without a pause and notes when it is told of something."""

    def __init__(self, site: Server) -> None:
        super().__init__()
        self.close = threading.Event()
        self.told: Queue[tuple[float, str]] = Queue()
        self._connection = site.connect()
        self._poll = poll_of(site)

    def run(self) -> None:
        while not self.close.is_set():
            self._connection.request("GET", self._poll)
            answer = self._connection.getresponse()
            body = answer.read().decode()
            if answer.status == 200:
                self.told.put((time.monotonic(), body))
                self._poll = poll_in(body) or self._poll
        self._connection.close()


class _Others(threading.Thread):
    """Readers elsewhere, so that what the server remembers is of any age."""

    def __init__(self, site: Server) -> None:
        super().__init__()
        self.close = threading.Event()
        self._site = site

    def run(self) -> None:
        while not self.close.wait(random.uniform(0.05, 0.5)):
            path = random.choice(("/", "/japan", "/latest"))
            self._site.get(path, Authorization="past the edge")
