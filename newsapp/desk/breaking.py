"""Breaking news: the one-line form on every page, and the ticker's lines: order and end."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk import receipts
from newsapp.desk.finding import me, publisher, story_or_404, tree
from newsapp.desk.retrying import retried, retried_on
from newsapp.extensions import db
from newsapp.stories.flow import BREAKING_HOURS, BreakingForm, BreakNewsForm
from newsapp.stories.models import Kind, NotAllowed, Story, move_line
from newsapp.stories.queries import editing, releases, sections

bp = Blueprint("breaking", __name__)


@bp.get("/breaking")
def index() -> str:
    """The ticker's lines as readers have them, to put in order and to end."""
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
def mark(story_id: int) -> Response | tuple[str, int]:
    """Puts a published story into the ticker for some hours from now, or gives its line another
    end."""
    by, story, form = publisher(), story_or_404(story_id), BreakingForm(request.form)
    if not form.validate():
        if _from_list():
            return _page(line(), {story_id: form.hours}), 422
        abort(422, "Not marked breaking: say for how long, from 1 to 24 hours.")
    now = clock.now()
    story.break_news(now + timedelta(hours=form.hours.data))
    story.changed_at, story.changed_by_id = now, by.id
    receipts.write(story, receipts.CHANGED, now)
    db.session.commit()
    flash(f"Breaking for {form.hours.data} hour{'s' * (form.hours.data != 1)}.")
    return _back(story_id)


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
    return _back(story_id)


@bp.post("/stories/<int:story_id>/breaking/place")
@retried_on(StaleDataError)
def move(story_id: int) -> Response:
    """Puts a line before or after another one, as the editor saw them; whatever happened to the
    rest meanwhile stays."""
    publisher()
    lines = [story.line for story in editing.breaking_for_desk(db.session()) if story.line]
    form, above = request.form, "before" in request.form
    other_id = form.get("before" if above else "after", 0, int)
    try:
        number = move_line(lines, story_id, other_id, above=above)
    except NotAllowed as refusal:
        flash(f"{refusal} This is the ticker now.", "error")
        return redirect(url_for("desk.breaking.index"), 303)
    db.session.commit()
    flash(f"Now line {number} of {len(lines)}. Open pages follow within seconds.")
    return redirect(url_for("desk.breaking.index", moved=story_id, up=int(above)), 303)


def _from_list() -> bool:
    return request.form.get("then") == "list"


def _back(story_id: int) -> Response:
    """To where the button stood: the list of lines, or the story."""
    if _from_list():
        return redirect(url_for("desk.breaking.index"), 303)
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


def _page(form: BreakNewsForm, wrong: Mapping[int, Any] = MappingProxyType({})) -> str:
    """The lines; `wrong` are the fields that say for how long, by story, with what is wrong."""
    return render_template(
        "desk/breaking/index.html",
        break_form=form,
        stories=editing.breaking_for_desk(db.session()),
        wrong=wrong,
        moved=request.args.get("moved", type=int),
        up=request.args.get("up") == "1",
        now=clock.now(),
    )
