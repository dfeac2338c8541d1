"""The publication of a story: made by publishing, undone for moments, ended by unpublishing."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.desk import checks, receipts
from newsapp.desk.finding import publisher, story_or_404
from newsapp.desk.retrying import retried
from newsapp.extensions import db
from newsapp.stories.models import Story
from newsapp.stories.queries import history
from newsapp.stories.queries.releases import free_path

bp = Blueprint("publication", __name__, url_prefix="/stories/<int:story_id>/publication")
MISTAKE = "This was published by mistake and has been withdrawn."


@bp.post("")
@retried
def create(story_id: int) -> Response:
    """Publishes the story as it was last saved; once, however often it is asked."""
    by, story = publisher(), story_or_404(story_id)
    if not story.live and not story.held_until:
        _check_seen(story)
        send_out(story, by, clock.now())
        _commit(story_id)
    if words := said(story_or_404(story_id)):
        flash(words)
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/undo")
def undo(story_id: int) -> Response:
    """Calls a story back that is on its way out; withdraws breaking news of a moment ago."""
    by, story, now = publisher(), story_or_404(story_id), clock.now()
    if not story.live:
        story.call_back(by, now)
        flash("Called back. No reader has seen it.")
    elif story.breaking_until and story.published_at and now < story.published_at + 6 * UNDO:
        story.withdraw(by, now, MISTAKE)
        receipts.write(story, receipts.TAKEN_DOWN, now)
        flash("Withdrawn. Open pages drop it within seconds; its address says that it is gone.")
    else:
        abort(409, "It is out already. Unpublish it, or withdraw it, on its own page.")
    db.session.commit()
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/end")
@bp.delete("")
def end(story_id: int) -> Response:
    """Takes the story back to the desk as a draft."""
    by, story, now = publisher(), story_or_404(story_id), clock.now()
    story.unpublish(by, now)
    receipts.write(story, receipts.TAKEN_DOWN, now)
    db.session.commit()
    flash("Unpublished. It is a draft again; open pages drop it within seconds.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _check_seen(story: Story) -> None:
    """Refuses to publish words that whoever pressed the button on a page has not seen there."""
    seen = request.form.get("version", type=int)
    if seen is not None and history.overtaken(db.session(), story, seen):
        abort(409, "Somebody changed this story after you looked. Look again, then publish.")


UNDO = receipts.UNDO


def send_out(story: Story, by: User, at: datetime) -> None:
    """Publishes it, after the moments in which that can be undone."""
    checks.refuse(story)
    config = current_app.config
    hold = timedelta(seconds=config["HOLD_SECONDS"])
    if hold:
        story.hold(by, at, at + hold)
    else:
        story.publish(by, at, free_path(db.session(), story, at, config["NEWSROOM_ZONE"]))
    receipts.write(story, receipts.PUBLISHED, at + hold)


def said(story: Story) -> str:
    """What an editor is told of a story that was just sent out; of one that can still be called
    back, its receipt says all."""
    return "Published. Open pages show it within seconds." if story.live else ""


def _commit(story_id: int) -> None:
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        story = story_or_404(story_id)
        if not story.live and not story.held_until:
            raise
