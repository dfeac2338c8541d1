"""The publication of a story: made by publishing, ended by unpublishing."""

from flask import Blueprint, current_app, flash, redirect, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import publisher, story_or_404
from newsapp.desk.retrying import retried
from newsapp.extensions import db
from newsapp.stories.models import Story
from newsapp.stories.queries.releases import free_path

bp = Blueprint("publication", __name__, url_prefix="/stories/<int:story_id>/publication")


@bp.post("")
@retried
def create(story_id: int) -> Response:
    """Publishes the story as it was last saved; once, however often it is asked."""
    story = story_or_404(story_id)
    if not story.live:
        _publish(story)
    flash("Published. Open pages show it within seconds.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


@bp.post("/end")
@bp.delete("")
def end(story_id: int) -> Response:
    """Takes the story back to the desk as a draft."""
    story = story_or_404(story_id)
    story.unpublish(publisher(), clock.now())
    db.session.commit()
    flash("Unpublished. It is a draft again; open pages drop it within seconds.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _publish(story: Story) -> None:
    session, now, story_id = db.session(), clock.now(), story.id
    path = free_path(session, story, now, current_app.config["NEWSROOM_ZONE"])
    story.publish(publisher(), now, path)
    try:
        session.commit()
    except StaleDataError:
        session.rollback()
        if not story_or_404(story_id).live:
            raise
