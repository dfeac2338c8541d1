"""Corrections: what readers are told of a change."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk import receipts
from newsapp.desk.finding import publisher, story_or_404
from newsapp.extensions import db
from newsapp.stories.flow import CorrectionForm
from newsapp.stories.models import Story

bp = Blueprint("corrections", __name__, url_prefix="/stories/<int:story_id>/corrections")


@bp.get("/new")
def new(story_id: int) -> str:
    """The form, and the corrections that the story has."""
    return _page(_live(story_id), CorrectionForm())


@bp.post("")
def create(story_id: int) -> Response | tuple[str, int]:
    """Puts the correction on the story."""
    story, form = _live(story_id), CorrectionForm(request.form)
    if not form.validate():
        return _page(story, form), 422
    if not _is_last(story, form):
        now = clock.now()
        story.correct(form.kind.data, form.text.data, publisher(), now)
        receipts.write(story, receipts.CHANGED, now)
        db.session.commit()
    flash("The correction stands on the story.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _is_last(story: Story, form: CorrectionForm) -> bool:
    """Whether the form was sent twice: nobody tells readers the same thing two times."""
    return any(
        (last.kind, last.text) == (form.kind.data, form.text.data) for last in story.corrections[:1]
    )


def _live(story_id: int) -> Story:
    publisher()
    story = story_or_404(story_id)
    return story if story.live else abort(409, "Only a published story can carry a correction.")


def _page(story: Story, form: CorrectionForm) -> str:
    return render_template("desk/stories/correct.html", story=story, form=form)
