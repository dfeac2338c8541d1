"""Revisions: what a story said before, what changed, and going back to it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.accounts.queries import names_of
from newsapp.desk.comparing import differences
from newsapp.desk.finding import me, publisher, shown_in, story_or_404
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.media.queries import photos_for_desk
from newsapp.stories.fields import names
from newsapp.stories.forms import StoryForm
from newsapp.stories.models import NotAllowed, Revision, Story
from newsapp.stories.queries import editing, history, sections

bp = Blueprint("revisions", __name__, url_prefix="/stories/<int:story_id>/revisions")
MOST = 200


@bp.get("")
def index(story_id: int) -> str:
    """Every save of the story: when, who, why."""
    story = story_or_404(story_id)
    saves = history.saves(db.session(), story_id, MOST)
    return render_template(
        "desk/stories/revisions.html",
        story=story,
        saves=saves,
        people=names_of(db.session(), [save.by_id for save in saves]),
        most=MOST,
    )


@bp.get("/comparison")
def compare_two(story_id: int) -> str:
    """What changed between two saves, field by field."""
    story = story_or_404(story_id)
    older, newer = (_found(story_id, n) for n in sorted((_asked("older"), _asked("newer"))))
    return render_template(
        "desk/stories/comparison.html",
        story=story,
        older=older,
        newer=newer,
        people=names_of(db.session(), [older.by_id, newer.by_id]),
        differences=differences(older.words, newer.words),
    )


@bp.post("/<int:revision_id>/restoration")
def restore(story_id: int, revision_id: int) -> Response:
    """Puts the words of an earlier save back; that is a save, too, so nothing gets lost."""
    story = story_or_404(story_id)
    if story.decided:
        publisher()
    if request.form.get("version", type=int) != story.version:
        raise NotAllowed("Somebody saved the story meanwhile. Look at what changed, then restore.")
    earlier = _found(story_id, revision_id)
    here = earlier.at.astimezone(current_app.config["NEWSROOM_ZONE"])
    seen = story.shown
    _put_back(story, earlier.words)
    if story.decided and (bar := story.barred(clock.now(), seen)):
        raise NotAllowed(bar)
    story.saved(me(), clock.now(), f"Went back to the version of {here:%-d %B %Y, %H:%M}")
    db.session.commit()
    flash("The earlier version stands again.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _asked(name: str) -> int:
    number = request.args.get(name, type=int)
    if number is None or not 0 < number <= NUMBER_MAX:
        abort(400, "Choose two versions to compare.")
    return number


def _found(story_id: int, revision_id: int) -> Revision:
    if revision_id > NUMBER_MAX:
        abort(404)
    return history.revision(db.session(), story_id, revision_id) or abort(404)


def _put_back(story: Story, words: Mapping[str, Any]) -> None:
    session = db.session()
    form = StoryForm(data=words)
    photos = photos_for_desk(session, [words["photo"]])  # some may be gone since
    form.offer(photos, (), None, *shown_in(form.text, [form.video.data]))
    with session.no_autoflush:
        filed = sections.sections_by_slug(session, words["sections"])
        form.write(story, filed, editing.tags_named(session, names(words["tags"])))
