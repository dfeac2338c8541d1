"""The commands of `flask`."""

import click
from flask import Flask, current_app

from newsapp import tasks
from newsapp.accounts.cli import group as accounts
from newsapp.demo.cli import group as demo
from newsapp.stories.cli import group as sections
from newsapp.wire.cli import group as wire


def init_app(app: Flask) -> None:
    """Registers them."""
    for group in (accounts, demo, sections, wire):
        app.cli.add_command(group)
    app.cli.add_command(worker)


@click.command()
def worker() -> None:
    """Do the background work until stopped: fetch feeds, publish on time."""
    tasks.work(current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
