"""Working copies: what is typed and not saved, kept while it is typed and found again."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as Answer
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.accounts.queries import names_of
from newsapp.desk import checks
from newsapp.desk.comparing import differences
from newsapp.desk.finding import me, story_or_404
from newsapp.desk.retrying import retried
from newsapp.desk.suggestions import suggested
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.stories import clean
from newsapp.stories.fields import is_token, new_token
from newsapp.stories.forms import StoryForm, differing
from newsapp.stories.models import Story, WorkingCopy
from newsapp.stories.queries import copies, editing, history

bp = Blueprint("copies", __name__, url_prefix="/working-copies")


@bp.get("")
def index() -> str:
    """What is left unsaved in other forms than `?but=`, of `?story=` or of any, as a fragment."""
    story = request.args.get("story", type=int)
    if story is not None and not 0 <= story <= NUMBER_MAX:
        abort(404)
    unsaved = copies.unsaved(db.session(), me(), clean.line(request.args.get("but")), story)
    return render_template("desk/stories/_unsaved.html", unsaved=unsaved, asked=request.full_path)


@bp.post("/<token>")
@retried
def keep(token: str) -> str:
    """A sign of life of an open form, with what is typed in it; answers who else is here."""
    session, now, by = db.session(), clock.now(), me()
    form = StoryForm(request.form)
    story = _story(_checked(token))
    copy = copies.copy(session, by, token)
    if copy is None:
        copy = WorkingCopy(user_id=by.id, token=token)
        session.add(copy)
    copy.seen_at, copy.story_id = now, story.id if story else None
    copy.version = min(max(form.version.data or 0, 0), NUMBER_MAX)
    if "typed" in request.form:
        words = form.typed()
        beside = words["note"] or words["review_note"]
        nothing_new = story is not None and not differing(words, story) and not beside
        copy.keep(None if nothing_new else words, now)
    session.commit()
    typed = form.typed() if "typed" in request.form else None
    return _answer(story, copy, typed)


@bp.post("/<token>/absence")
def leave(token: str) -> Answer:
    """The window is closing: its writer is here no more; what is unsaved stays."""
    session = db.session()
    copy = copies.copy(session, me(), _checked(token))
    if copy is not None:
        copy.seen_at = clock.now() - copies.HERE
        session.commit()
    return Answer(status=204)


@bp.get("/<token>")
def show(token: str) -> str:
    """What the unsaved words change of the story as it is saved now."""
    copy = _copy_or_404(token)
    story = story_or_404(copy.story_id) if copy.story_id else None
    before = story.words() if story else StoryForm(data={"sections": []}).typed()
    words = StoryForm.of_copy(copy).typed()
    return render_template(
        "desk/stories/unsaved.html", copy=copy, story=story, differences=differences(before, words)
    )


@bp.post("/<token>/restoration")
def restore(token: str) -> Response:
    """Opens the form with these words; a window that still has them open becomes another one."""
    copy = _copy_or_404(token)
    copy.token = new_token()
    db.session.commit()
    if copy.story_id:
        return redirect(url_for("desk.stories.edit", story_id=copy.story_id, copy=copy.token), 303)
    return redirect(url_for("desk.stories.new", copy=copy.token), 303)


@bp.post("/<token>/end")
@bp.delete("/<token>")
def end(token: str) -> Response:
    """Throws the unsaved words away."""
    copy = _copy_or_404(token)
    story_id = copy.story_id
    db.session.delete(copy)
    db.session.commit()
    flash("The unsaved words are gone.")
    if story_id:
        return redirect(url_for("desk.stories.edit", story_id=story_id), 303)
    return redirect(url_for("desk.stories.index"), 303)


def _checked(token: str) -> str:
    return token if is_token(token) else abort(404)


def _copy_or_404(token: str) -> WorkingCopy:
    copy = copies.copy(db.session(), me(), _checked(token))
    return copy if copy is not None and copy.words is not None else abort(404)


def _story(token: str) -> Story | None:
    """The story whose form it is; of a new one's, what it may have made already."""
    number = request.form.get("story", type=int)
    if number and number > 0:
        return story_or_404(number)
    return editing.story_by_token(db.session(), token, me())


def _answer(story: Story | None, copy: WorkingCopy, typed: Mapping[str, Any] | None) -> str:
    session, by = db.session(), me()
    here = copies.company(session, story.id, by, copy.token, clock.now()) if story else []
    overtaken = story is not None and history.overtaken(session, story, copy.version)
    return render_template(
        "desk/stories/_kept.html",
        checks=checks.found(typed, story) if typed else None,
        suggested=suggested(typed) if typed else [],
        company=here,
        me=by,
        overtaken=story if overtaken else None,
        people=names_of(session, [story.changed_by_id] if story else []),
    )
