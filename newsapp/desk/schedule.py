"""The schedule: when a story comes out and comes down by itself, on three clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk import checks
from newsapp.desk.finding import publisher, story_or_404, tree
from newsapp.extensions import db
from newsapp.stories.flow import OnClocks, ScheduleForm
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


@bp.get("/stories/<int:story_id>/schedule/clocks")
def typed(story_id: int) -> str:
    """The clocks beside the form: what they show at the times typed so far."""
    story = _schedulable(story_id)
    form = _offered(ScheduleForm(request.args), story)
    return render_template("desk/stories/_clocks.html", moments=on_clocks(story, form))


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
            checks.refuse(story, start)
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


def zones_of(story: Story) -> list[tuple[str, str]]:
    """Whose clocks count for a story, each with its zone: the newsroom's, its places', UTC."""
    countries = tree().pick((section.id for section in story.sections), Kind.COUNTRY)
    places = [(place.zone, place.name) for place in countries[:3] if place.zone]
    return [(current_app.config["NEWSROOM_ZONE"].key, "Newsroom"), *places, ("UTC", "UTC")]


def choices(story: Story) -> dict[str, str]:
    """The clocks to choose from, by zone."""
    names: dict[str, list[str]] = {}
    for key, name in zones_of(story):
        names.setdefault(key, []).append(name)
    return {key: _all(found) if key in found else f"{_all(found)} ({key})"
            for key, found in names.items()}  # fmt: skip


def clocks(story: Story, at: datetime) -> list[tuple[str, str]]:
    """The same moment on each of these clocks: whose, and what it shows, with the year when that
    is another one. Clocks that show the same are named together."""
    now, shown = clock.now(), dict[str, list[str]]()
    for key, name in zones_of(story):
        zone = ZoneInfo(key)
        here = at.astimezone(zone)
        year = f" {here.year}" if here.year != now.astimezone(zone).year else ""
        shown.setdefault(f"{here:%a} {here.day} {here:%b}{year}, {here:%H:%M}", []).append(name)
    return [(_all(names), words) for words, names in shown.items()]


def on_clocks(story: Story, form: OnClocks) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the clocks show now, and at what was typed so far."""
    moments = [("Now", clock.now()), *form.typed()]
    return [(what, clocks(story, at)) for what, at in moments]


def _all(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _offered(form: ScheduleForm, story: Story) -> ScheduleForm:
    form.offer(choices(story), live=story.live)
    return form


def _page(story: Story, form: ScheduleForm) -> str:
    return render_template("desk/stories/schedule.html", story=story, form=form,
                           moments=on_clocks(story, form))  # fmt: skip
