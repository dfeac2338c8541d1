"""The embargo of a story: until when it must not go out, whoever presses what."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import me, publisher, story_or_404
from newsapp.desk.schedule import choices, clocks, on_clocks
from newsapp.extensions import db
from newsapp.stories.flow import EmbargoForm
from newsapp.stories.models import NotAllowed, Story

bp = Blueprint("embargo", __name__, url_prefix="/stories/<int:story_id>/embargo")


@bp.get("")
def edit(story_id: int) -> str:
    """The form: until when, and whose clock that is on."""
    story, zone = _to_come(story_id), current_app.config["NEWSROOM_ZONE"]
    form = EmbargoForm(zone=zone.key)
    if story.embargo_until:
        form.until.data = f"{story.embargo_until.astimezone(zone):%Y-%m-%dT%H:%M}"
    return _page(story, form)


@bp.get("/clocks")
def typed(story_id: int) -> str:
    """The clocks beside the form: what they show at the time typed so far."""
    story, form = _to_come(story_id), EmbargoForm(request.args)
    form.offer(choices(story))
    return render_template("desk/stories/_clocks.html", moments=on_clocks(story, form))


@bp.post("")
def save(story_id: int) -> Response | tuple[str, int]:
    """Keeps the story from going out before then; what can't be is said at the field."""
    story, form = _to_come(story_id), EmbargoForm(request.form)
    form.offer(choices(story))
    if not form.validate():
        return _page(story, form), 422
    at = form.moment()
    if story.embargo_until and at and at < story.embargo_until:
        publisher()
    try:
        story.embargo(me(), clock.now(), at)
    except NotAllowed as refusal:
        form.form_errors.append(str(refusal))
        return _page(story, form), 422
    told = "; ".join(f"{name} {time}" for name, time in clocks(story, at)) if at else ""
    db.session.commit()
    flash(f"Under embargo until {told}.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/end")
@bp.delete("")
def end(story_id: int) -> Response:
    """Lifts the embargo; only an editor makes one shorter."""
    by, story = publisher(), _to_come(story_id)
    story.embargo(by, clock.now(), None)
    db.session.commit()
    flash("The embargo is lifted.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _to_come(story_id: int) -> Story:
    story = story_or_404(story_id)
    return story if not story.live else abort(409, "This story is out already.")


def _page(story: Story, form: EmbargoForm) -> str:
    form.offer(choices(story))
    moments = on_clocks(story, form)
    return render_template("desk/stories/embargo.html", story=story, form=form, moments=moments)
