"""flask sections seed."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.extensions import db
from newsapp.stories.models import RIVER, Kind, Section
from newsapp.stories.queries.sections import section_by_slug

group = AppGroup("sections", help="The places where stories are listed.")
FILE = Path(__file__).with_name("sections.toml")


@group.command()
def seed() -> None:
    """Bring the sections up to date with sections.toml; adds and renames, never deletes."""
    click.echo(f"{seed_sections(db.session())} sections.")
    db.session.commit()


def seed_sections(session: Session) -> int:
    """Brings the sections up to date with the file; how many it names."""
    position = 0
    parents: dict[str | None, int | None] = {None: None}
    for position, (kind, parent, fields) in enumerate(_named(tomllib.loads(FILE.read_text()))):
        section = section_by_slug(session, fields["slug"])
        if section is None:
            section = Section(slug=fields["slug"])
            session.add(section)
        if kind == Kind.RIVER:
            section.id = RIVER
        section.kind = kind
        section.name = fields["name"]
        section.code, section.zone = fields.get("code"), fields.get("zone")
        section.position = position
        section.parent_id = parents[parent]
        session.flush()
        if kind == Kind.RIVER and session.get_bind().dialect.name == "postgresql":
            # PostgreSQL's own count does not notice a number that was given to it.
            number = func.pg_get_serial_sequence("sections", "id")
            highest = select(func.max(Section.id)).scalar_subquery()
            session.execute(select(func.setval(number, highest)))
        parents[section.slug] = section.id
    return position + 1


def _named(file: dict[str, Any]) -> Iterator[tuple[Kind, str | None, dict[str, str]]]:
    yield Kind.RIVER, None, {"slug": "latest", "name": "Latest"}
    for region in file["region"]:
        yield Kind.REGION, None, region
        for country in region["countries"]:
            yield Kind.COUNTRY, region["slug"], country
    for kind in (Kind.TOPIC, Kind.FORMAT):
        for section in file[kind]:
            yield kind, None, section
