"""A process that has all loaded and bears workers: they begin at once, so many can be killed.

Each line of its input asks for one: `fetch` fetches all feeds over and over without a rest, `work
15` is `flask worker` with so many seconds to stop. The answer is its number, then how it ended.
"""

import os
import sys
import threading
import time
from datetime import timedelta

import click
from flask import Flask

from newsapp import create_app, tasks
from newsapp.extensions import db
from newsapp.wire import copytaster, turns
from newsapp.wire.models import feeds


def main() -> None:
    """Bears one worker after another until the input ends; workers may outlive each other."""
    app = create_app()
    warm(app)
    click.echo("ready")
    for line in sys.stdin:
        kind, *grace = line.split()
        if (number := os.fork()) == 0:
            sys.stdin.close()
            if kind == "fetch":
                fetch(app)
            tasks.GRACE = int(grace[0])
            tasks.work(app)
            sys.exit(0)
        click.echo(number)
        threading.Thread(target=tell, args=(number,)).start()


def warm(app: Flask) -> None:
    """Fetches what is due, so that all is loaded and compiled, and leaves nothing open."""
    with app.app_context():
        while tasks.fetch_next(app):
            pass
        db.engine.dispose()
    copytaster.close()


def fetch(app: Flask) -> None:
    """What a worker does with feeds, on three threads; each is due again as soon as it was read."""
    feeds.LONGEST = turns.REST = timedelta()

    def on_and_on() -> None:
        while True:
            with app.app_context():
                if tasks.fetch_next(app) is None:
                    time.sleep(0.01)

    threads = [threading.Thread(target=on_and_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    threads[0].join()


def tell(number: int) -> None:
    """Says that a worker ended, and how."""
    _, status = os.waitpid(number, 0)
    click.echo(f"ended {number} {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
