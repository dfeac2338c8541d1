"""Originals: what became of them after our excerpts went out, side by side."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import publisher
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.origins import queries
from newsapp.origins.models import Finding, Kind
from newsapp.origins.queries import PAGE
from newsapp.stories import clean
from newsapp.stories.differences import Mark, Run, compare

bp = Blueprint("origins", __name__, url_prefix="/wire/originals")
LABELS = {
    Kind.GONE: ("Our link", "Its server says"),
    Kind.MOVED: ("Our link", "Where it is now"),
    Kind.HEADLINE: ("It said", "It says now"),
    Kind.CORRECTION: ("Our excerpt", "Its correction"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """A finding as it is looked at: two texts, side by side."""

    finding: Finding
    labels: tuple[str, str]
    sides: tuple[list[Run], list[Run]]


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


def _finding_or_404(finding_id: int) -> Finding:
    found = queries.finding(db.session(), finding_id) if finding_id <= NUMBER_MAX else None
    return found or abort(404)


def _task(finding: Finding) -> Task:
    labels = LABELS[Kind(finding.kind)]
    if finding.kind == Kind.HEADLINE:
        runs = [run for line in compare([finding.before], [finding.after]) for run in line]
        left, right = ([run for run in runs if run.mark != mark] for mark in (Mark.NEW, Mark.GONE))
        return Task(finding, labels, (left, right))
    ours = finding.before
    if finding.kind == Kind.CORRECTION:
        ours = " ".join(clean.plain(finding.story.body)) or finding.story.headline
    return Task(finding, labels, ([Run(Mark.KEPT, ours)], [Run(Mark.KEPT, finding.after)]))
