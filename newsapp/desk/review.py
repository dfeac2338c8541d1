"""The review of a story: begun by handing it in with the story form, ended by sending it back."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import publisher, story_or_404
from newsapp.extensions import db
from newsapp.stories.flow import review_note

bp = Blueprint("review", __name__, url_prefix="/stories/<int:story_id>/review")


@bp.post("/end")
@bp.delete("")
def end(story_id: int) -> Response:
    """Sends it back to whoever wrote it, with a note; it is a draft again."""
    story, note = story_or_404(story_id), review_note(request.form)
    story.send_back(publisher(), clock.now(), note)
    db.session.commit()
    flash(f"Sent back. It is a draft again{', with your note' if note else ''}.")
    return redirect(url_for("desk.stories.edit", story_id=story_id), 303)
