"""Breaking news: the one-line form on every page, and a story's time in the ticker."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk import receipts
from newsapp.desk.finding import me, publisher, story_or_404, tree
from newsapp.desk.retrying import retried
from newsapp.extensions import db
from newsapp.stories.forms import BREAKING_HOURS, BreakingForm, BreakNewsForm
from newsapp.stories.models import Kind, Story
from newsapp.stories.queries import editing, releases, sections

bp = Blueprint("breaking", __name__)


@bp.get("/breaking")
def index() -> str:
    """What is breaking now."""
    publisher()
    return _page(line())


@bp.post("/breaking")
@retried
def create() -> Response | tuple[str, int]:
    """Writes and publishes a story of one line, at once, into the ticker."""
    publisher()
    form = line(request.form)
    if not form.validate():
        return _page(form), 422
    story = editing.story_by_token(db.session(), form.token.data, me()) or _break(form)
    flash("On readers’ screens within seconds, breaking for four hours. Now write the story.")
    return redirect(url_for("desk.stories.edit", story_id=story.id), 303)


@bp.post("/stories/<int:story_id>/breaking")
def mark(story_id: int) -> Response:
    """Puts a published story into the ticker for some hours."""
    by, story, form = publisher(), story_or_404(story_id), BreakingForm(request.form)
    if form.validate():
        now = clock.now()
        story.break_news(now + timedelta(hours=form.hours.data))
        story.changed_at, story.changed_by_id = now, by.id
        receipts.write(story, receipts.CHANGED, now)
        db.session.commit()
        flash(f"Breaking for {form.hours.data} hour{'s' * (form.hours.data != 1)}.")
    else:
        flash("Not marked breaking: say for how long, from 1 to 24 hours.", "error")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/stories/<int:story_id>/breaking/end")
@bp.delete("/stories/<int:story_id>/breaking")
def end(story_id: int) -> Response:
    """Takes a story out of the ticker; it stays published."""
    by, story, now = publisher(), story_or_404(story_id), clock.now()
    story.end_breaking()
    story.changed_at, story.changed_by_id = now, by.id
    receipts.write(story, receipts.CHANGED, now)
    db.session.commit()
    flash("No longer breaking. The story stays published.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def line(typed: Any = None) -> BreakNewsForm:
    """The one-line form with the places it knows."""
    form = BreakNewsForm(typed)
    form.offer(sorted(tree().of_kind(Kind.COUNTRY), key=lambda place: place.name))
    return form


def _break(form: BreakNewsForm) -> Story:
    session, now, by = db.session(), clock.now(), me()
    story = Story(headline=form.headline.data, token=form.token.data, created_by_id=by.id)
    story.file_under(sections.sections_by_slug(session, (form.place.data, "news")))
    zone = current_app.config["NEWSROOM_ZONE"]
    story.publish(by, now, releases.free_path(session, story, now, zone))
    story.break_news(now + timedelta(hours=BREAKING_HOURS))
    session.add(story)
    receipts.write(story, receipts.BROKEN, now)
    session.commit()
    return story


def _page(form: BreakNewsForm) -> str:
    stories = editing.breaking_for_desk(db.session())
    return render_template("desk/breaking/index.html", break_form=form, stories=stories)
