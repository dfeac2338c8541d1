"""flask demo load, flask demo remove."""

import click
from flask import current_app
from flask.cli import AppGroup

from newsapp import clock
from newsapp.demo import load as edition
from newsapp.extensions import db
from newsapp.media import darkroom
from newsapp.stories.queries.editing import demo_stories

group = AppGroup("demo", help="The demonstration edition.")


@group.command()
def load() -> None:
    """Load the edition, unless it is there."""
    if demo_stories(db.session()):
        raise click.ClickException("The demo edition is loaded already.")
    click.echo(f"{load_edition()} stories.")


@group.command()
def remove() -> None:
    """Take the edition away: its stories, its pictures, its files."""
    count = edition.remove(db.session(), darkroom.of(current_app.config))
    db.session.commit()
    click.echo(f"{count} stories removed.")


def load_edition() -> int:
    """Loads and commits the edition; how many stories."""
    config = current_app.config
    count = edition.load(
        db.session(), darkroom.of(config), clock.now(), config["NEWSROOM_ZONE"],
        click.echo,
    )  # fmt: skip
    db.session.commit()
    return count
