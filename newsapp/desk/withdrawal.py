"""Withdrawing a story: it is taken down for good, and its address says why."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk import receipts
from newsapp.desk.finding import publisher, story_or_404, tree
from newsapp.extensions import db
from newsapp.stories.flow import WithdrawalForm
from newsapp.stories.models import Story

bp = Blueprint("withdrawal", __name__, url_prefix="/stories/<int:story_id>/withdrawal")


@bp.get("")
def new(story_id: int) -> str:
    """What withdrawing means for this story, and the form."""
    return _page(_live(story_id), WithdrawalForm())


@bp.post("")
def create(story_id: int) -> Response | tuple[str, int]:
    """Withdraws it."""
    story, form = _live(story_id), WithdrawalForm(request.form)
    if not form.validate():
        return _page(story, form), 422
    now = clock.now()
    story.withdraw(publisher(), now, form.note.data)
    receipts.write(story, receipts.TAKEN_DOWN, now)
    db.session.commit()
    flash("Withdrawn. Its address now shows your note.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)


def _live(story_id: int) -> Story:
    publisher()
    story = story_or_404(story_id)
    return story if story.live else abort(409, "Only a published story can be withdrawn.")


def _page(story: Story, form: WithdrawalForm) -> str:
    places = tree().named(placement.section_id for placement in story.placements)
    return render_template("desk/stories/withdraw.html", story=story, form=form, places=places)
