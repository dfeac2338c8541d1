"""The schedule: when a story comes out by itself, on three clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import publisher, story_or_404, tree
from newsapp.extensions import db
from newsapp.stories.forms import ScheduleForm
from newsapp.stories.models import Kind, NotAllowed, Status, Story
from newsapp.stories.queries import editing

bp = Blueprint("schedule", __name__)
DAY = timedelta(hours=24)


@bp.get("/schedule")
def index() -> str:
    """What comes out by itself, soonest first: overdue, within 24 hours, later."""
    now = clock.now()
    stories = editing.scheduled_for_desk(db.session(), by=publisher())
    return render_template(
        "desk/stories/schedule_list.html", stories=stories, now=now, day=now + DAY, clocks=_clocks
    )


@bp.get("/stories/<int:story_id>/schedule")
def edit(story_id: int) -> str:
    """The form: a day, a time, and whose clock it is on."""
    story = _to_come(story_id)
    zone = current_app.config["NEWSROOM_ZONE"]
    form = _offered(ScheduleForm(zone=zone.key), story)
    if story.publish_at:
        form.when.data = f"{story.publish_at.astimezone(zone):%Y-%m-%dT%H:%M}"
    return _page(story, form)


@bp.post("/stories/<int:story_id>/schedule")
def save(story_id: int) -> Response | tuple[str, int]:
    """Has the story come out by itself then; what can't be is said at the field."""
    story = _to_come(story_id)
    form = _offered(ScheduleForm(request.form), story)
    if not form.validate():
        return _page(story, form), 422
    now, at = clock.now(), form.moment()
    if at <= now:
        form.when.errors = ["That is past. Choose a time that lies ahead, or publish it now."]
        return _page(story, form), 422
    try:
        story.schedule(publisher(), now, at)
    except NotAllowed as refusal:
        form.form_errors.append(str(refusal))
        return _page(story, form), 422
    shown = "; ".join(f"{name} {time}" for name, time in _clocks(story, at))
    db.session.commit()
    flash(f"Scheduled. It comes out by itself: {shown}.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/stories/<int:story_id>/schedule/end")
@bp.delete("/stories/<int:story_id>/schedule")
def end(story_id: int) -> Response:
    """Takes the story off the schedule; it is a draft again."""
    story = _to_come(story_id)
    story.unschedule(publisher(), clock.now())
    db.session.commit()
    flash("Off the schedule. It is a draft again.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _to_come(story_id: int) -> Story:
    publisher()
    story = story_or_404(story_id)
    if story.status not in (Status.DRAFT, Status.REVIEW, Status.SCHEDULED):
        abort(409, "Only a story that is not out yet can be scheduled.")
    return story


def _zones_of(story: Story) -> dict[str, str]:
    """Whose clocks count for a story, by zone: the newsroom's, its place's, UTC."""
    zones = {current_app.config["NEWSROOM_ZONE"].key: "Newsroom"}
    countries = tree().pick((section.id for section in story.sections), Kind.COUNTRY)
    for place in countries[:3]:
        if place.zone:
            zones.setdefault(place.zone, place.name)
    zones.setdefault("UTC", "UTC")
    return zones


def _clocks(story: Story, at: datetime) -> list[tuple[str, str]]:
    """The same moment on each of these clocks: whose, and what it shows."""
    shown = []
    for key, name in _zones_of(story).items():
        here = at.astimezone(ZoneInfo(key))
        shown.append((name, f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"))
    return shown


def _offered(form: ScheduleForm, story: Story) -> ScheduleForm:
    form.offer({key: f"{name} ({key})" if key != name else name
                for key, name in _zones_of(story).items()})  # fmt: skip
    return form


def _page(story: Story, form: ScheduleForm) -> str:
    return render_template("desk/stories/schedule.html", story=story, form=form,
                           clocks=_clocks(story, clock.now()))  # fmt: skip
