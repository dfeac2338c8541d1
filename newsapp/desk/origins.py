"""Originals: what became of them after our excerpts went out, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import publisher
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.origins import queries
from newsapp.origins.models import Finding, Kind
from newsapp.origins.queries import PAGE
from newsapp.stories.differences import Mark, Run, compare, shared
from newsapp.stories.models import Story
from newsapp.wire import clean
from newsapp.wire.terms import tells

bp = Blueprint("origins", __name__, url_prefix="/wire/originals")
LABELS = {
    Kind.PULLED: ("Its feed said", "Now"),
    Kind.GONE: ("Our link", "Its server says"),
    Kind.MOVED: ("Our link", "Where it is now"),
    Kind.HEADLINE: ("It said", "It says now"),
    Kind.CORRECTION: ("Our excerpt", "Its correction"),
}


class Side(NamedTuple):
    """One of two texts that are looked at, marked."""

    label: str
    language: str  # empty where it is ours to say
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Task:
    """A finding as it is looked at: two texts, side by side."""

    finding: Finding
    sides: tuple[Side, Side]


@bp.get("")
def index() -> str:
    """What waits for somebody, newest first."""
    session = db.session()
    return render_template(
        "desk/origins/index.html",
        tasks=[_task(finding) for finding in queries.open_findings(session)],
        count=queries.count_open(session),
        page=PAGE,
    )


@bp.post("/<int:finding_id>/end")
@bp.delete("/<int:finding_id>")
def end(finding_id: int) -> Response:
    """Takes it off the list: somebody has dealt with it."""
    by = publisher()
    _finding_or_404(finding_id).settle(by, clock.now())
    db.session.commit()
    flash("Done.")
    return redirect(url_for("desk.origins.index"), 303)


@bp.post("/<int:finding_id>/follow")
def follow(finding_id: int) -> Response:
    """Has our excerpt lead to where its original has moved."""
    by = publisher()
    _finding_or_404(finding_id).follow(by, clock.now())
    db.session.commit()
    flash("Our story leads to the new address.")
    return redirect(url_for("desk.origins.index"), 303)


def waiting() -> int:
    """How many findings wait for somebody."""
    return queries.count_open(db.session())


def found_of(story: Story) -> Sequence[Finding]:
    """What became of a story's original, as far as nobody has dealt with it."""
    return queries.findings_of(db.session(), story.id) if story.source_url else ()


def _finding_or_404(finding_id: int) -> Finding:
    found = queries.finding(db.session(), finding_id) if finding_id <= NUMBER_MAX else None
    return found or abort(404)


def _task(finding: Finding) -> Task:
    story, (left, right) = finding.story, LABELS[Kind(finding.kind)]
    theirs = story.original_language or story.language
    if finding.kind == Kind.HEADLINE:
        runs = [run for line in compare([finding.before], [finding.after]) for run in line]
        before, after = ([run for run in runs if run.mark != m] for m in (Mark.NEW, Mark.GONE))
        return Task(finding, (Side(left, theirs, before), Side(right, theirs, after)))
    ours, spoken, told = finding.before, "", ""
    if finding.kind == Kind.PULLED:
        spoken = theirs
    if finding.kind == Kind.CORRECTION:
        ours, spoken, told = clean.text(story.body) or story.headline, story.language, theirs
    sides = _kept(ours), _kept(finding.after)
    if finding.kind == Kind.CORRECTION:
        sides = shared(ours, finding.after, tells)
    return Task(finding, (Side(left, spoken, sides[0]), Side(right, told, sides[1])))


def _kept(words: str) -> list[Run]:
    return [Run(Mark.KEPT, words)]
