"""The commands of `flask`."""

import click
import flask_migrate
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from newsapp import tasks
from newsapp.accounts.cli import group as accounts
from newsapp.accounts.cli import new_user, random_password
from newsapp.accounts.queries import anyone
from newsapp.demo.cli import group as demo
from newsapp.demo.cli import load_edition
from newsapp.extensions import db
from newsapp.stories.cli import group as sections
from newsapp.stories.cli import seed_sections
from newsapp.stories.queries.editing import any_story
from newsapp.wire.cli import group as wire

FIRST_EDITOR = "editor@example.org"


def init_app(app: Flask) -> None:
    """Registers them."""
    for command in (accounts, demo, sections, wire, prepare, worker):
        app.cli.add_command(command)


@click.command()
@click.option("--demo/--no-demo", "with_demo", default=False, help="Fill an empty newsroom.")
def prepare(with_demo: bool) -> None:
    """Make everything ready to serve: tables, sections, a first editor, the demo edition."""
    session = db.session()
    try:
        flask_migrate.upgrade()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(f"DATABASE_URL can't be used: {reason}.") from None
    seed_sections(session)
    session.commit()
    if not anyone(session):
        password = random_password()
        new_user(FIRST_EDITOR, "admin", "First editor", password)
        session.commit()
        click.echo(f"First editor: {FIRST_EDITOR}, password (shown only now): {password}")
    if with_demo and not any_story(session):
        click.echo(f"Demo edition: {load_edition()} stories. `flask demo remove` takes it away.")


@click.command()
def worker() -> None:
    """Do the background work until stopped: fetch feeds, publish on time."""
    tasks.work(current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
