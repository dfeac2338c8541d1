"""The schedule: when a story comes out and comes down by itself, on three clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk import checks
from newsapp.desk.finding import publisher, story_or_404, tree
from newsapp.extensions import db
from newsapp.stories.flow import ScheduleForm
from newsapp.stories.models import Kind, NotAllowed, Status, Story
from newsapp.stories.queries import editing

bp = Blueprint("schedule", __name__)
DAY = timedelta(hours=24)


@bp.get("/schedule")
def index() -> str:
    """What comes out and what comes down by itself, soonest first: overdue, within 24 hours,
    later."""
    now, by = clock.now(), publisher()
    moves = editing.scheduled_for_desk(db.session(), by) + editing.ending_for_desk(db.session(), by)
    return render_template(
        "desk/stories/schedule_list.html",
        moves=sorted(moves, key=lambda move: (move.at, move.story.id)),
        now=now,
        day=now + DAY,
        clocks=clocks,
    )


@bp.get("/stories/<int:story_id>/schedule")
def edit(story_id: int) -> str:
    """The form: when it comes out, when it comes down, and whose clock that is on."""
    story = _schedulable(story_id)
    zone = current_app.config["NEWSROOM_ZONE"]
    form = _offered(ScheduleForm(zone=zone.key), story)
    for field, at in ((form.when, story.publish_at), (form.end, story.unpublish_at)):
        field.data = f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" if at else ""
    return _page(story, form)


@bp.post("/stories/<int:story_id>/schedule")
def save(story_id: int) -> Response | tuple[str, int]:
    """Has the story come out and come down by itself then; what can't be is said at the field."""
    story = _schedulable(story_id)
    form = _offered(ScheduleForm(request.form), story)
    if not form.validate():
        return _page(story, form), 422
    now, start, end_at = clock.now(), form.start_moment(), form.end_moment()
    try:
        if start:
            checks.refuse(story)
            story.schedule(publisher(), now, start, end_at)
        else:
            story.schedule_end(publisher(), now, end_at)
    except NotAllowed as refusal:
        form.form_errors.append(str(refusal))
        return _page(story, form), 422
    told = [_told("comes out", story, start), _told("comes down", story, end_at)]
    db.session.commit()
    flash(f"Scheduled. It {', and '.join(filter(None, told))}.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/stories/<int:story_id>/schedule/end")
@bp.delete("/stories/<int:story_id>/schedule")
def end(story_id: int) -> Response:
    """Takes the story off the schedule: a draft again, or what is live stays up."""
    story = _schedulable(story_id)
    if story.live:
        story.schedule_end(publisher(), clock.now(), None)
        flash("It stays published: it no longer comes down by itself.")
    else:
        story.unschedule(publisher(), clock.now())
        flash("Off the schedule. It is a draft again.")
    db.session.commit()
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _schedulable(story_id: int) -> Story:
    publisher()
    story = story_or_404(story_id)
    if story.status == Status.WITHDRAWN:
        abort(409, "A withdrawn story stays down; it can’t be scheduled.")
    return story


def _told(what: str, story: Story, at: datetime | None) -> str:
    if at is None:
        return ""
    return f"{what} by itself: {'; '.join(f'{name} {time}' for name, time in clocks(story, at))}"


def zones_of(story: Story) -> dict[str, str]:
    """Whose clocks count for a story, by zone: the newsroom's, its place's, UTC."""
    zones = {current_app.config["NEWSROOM_ZONE"].key: "Newsroom"}
    countries = tree().pick((section.id for section in story.sections), Kind.COUNTRY)
    for place in countries[:3]:
        if place.zone:
            zones.setdefault(place.zone, place.name)
    zones.setdefault("UTC", "UTC")
    return zones


def choices(story: Story) -> dict[str, str]:
    """The clocks to choose from, by zone."""
    return {key: f"{name} ({key})" if key != name else name
            for key, name in zones_of(story).items()}  # fmt: skip


def clocks(story: Story, at: datetime) -> list[tuple[str, str]]:
    """The same moment on each of these clocks: whose, and what it shows."""
    shown = []
    for key, name in zones_of(story).items():
        here = at.astimezone(ZoneInfo(key))
        shown.append((name, f"{here:%a} {here.day} {here:%b}, {here:%H:%M}"))
    return shown


def _offered(form: ScheduleForm, story: Story) -> ScheduleForm:
    form.offer(choices(story), live=story.live)
    return form


def _page(story: Story, form: ScheduleForm) -> str:
    return render_template("desk/stories/schedule.html", story=story, form=form,
                           clocks=clocks(story, clock.now()))  # fmt: skip
