"""Batches: one thing done to several stories, after a look at what it means for each.

Each story is a transaction of its own. What can be done is done, and what can't is said with its
reason: of ten stories that must come down, nine are not left up for the sake of the tenth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from newsapp import audit, clock
from newsapp.accounts.queries import names_of
from newsapp.desk import publication, receipts
from newsapp.desk.finding import me, publisher, tree
from newsapp.desk.retrying import TRIES
from newsapp.desk.times import desk_time
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.stories.batches import BatchForm
from newsapp.stories.forms import TAGS_MAX
from newsapp.stories.models import Kind, NotAllowed, Story
from newsapp.stories.queries import editing, sections

bp = Blueprint("batches", __name__, url_prefix="/stories/batch")
MOST = 100  # stories at once


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done to several stories."""

    name: str
    label: str  # of its choice and its button
    will: str  # before: what happens to each
    done: str  # after: what happened to each
    run: Callable[[Story, BatchForm], None]  # raises NotAllowed with the reason
    publishes: bool = True  # asks for an editor
    asks: str = ""  # the field of the form that it needs
    note: str = "Note"
    must: bool = False  # whether the note must say something


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one story, or why it doesn't."""

    id: int
    headline: str
    language: str
    version: int
    why_not: str = ""


@bp.get("")
def new() -> Response | str:
    """What the change means for each of the chosen stories, and the button that does it."""
    deed, numbers = _deed(request.args), _numbers(request.args)
    if not numbers or len(numbers) > MOST:
        flash(f"{len(numbers)} stories are too many: at most {MOST} at once." if numbers
              else "Choose the stories first, then what to do with them.", "error")  # fmt: skip
        return _back(request.args)
    return _page(deed, numbers, _form(deed), request.args)


@bp.post("")
def create() -> str | tuple[str, int]:
    """Does it to each, and tells to which it was done and to which not."""
    deed, numbers = _deed(request.form), _numbers(request.form)
    if not 0 < len(numbers) <= MOST:
        abort(422, f"Between 1 and {MOST} stories at once, please.")
    form = _form(deed, request.form)
    if not form.validate():
        return _page(deed, numbers, form, request.form), 422
    fates = [_do(deed, number, form) for number in numbers]
    return render_template(
        "desk/stories/batch_done.html",
        deed=deed,
        done=[fate for fate in fates if not fate.why_not],
        left=[fate for fate in fates if fate.why_not],
        back=_list_of(request.form),
    )


def deeds() -> list[Deed]:
    """What the person who is signed in may do to several stories."""
    return [deed for deed in DEEDS.values() if me().may_publish or not deed.publishes]


def _deed(args: Mapping[str, str]) -> Deed:
    deed = DEEDS.get(args.get("deed", "")) or abort(404)
    if deed.publishes:
        publisher()
    return deed


def _numbers(args: MultiDict[str, str]) -> list[int]:
    found = dict.fromkeys(args.getlist("story", type=int))
    return [number for number in found if 0 < number <= NUMBER_MAX]


def _form(deed: Deed, typed: MultiDict[str, str] | None = None) -> BatchForm:
    form = BatchForm(typed)
    places = (place for place in tree().places if place.kind != Kind.RIVER)
    form.offer(places, deed.asks, deed.note, must=deed.must)
    return form


def _page(deed: Deed, numbers: list[int], form: BatchForm, args: MultiDict[str, str]) -> str:
    fates = _foresee(deed, numbers, form)
    return render_template(
        "desk/stories/batch.html",
        deed=deed,
        form=form,
        can=[fate for fate in fates if not fate.why_not],
        cannot=[fate for fate in fates if fate.why_not],
        back=_list_of(args),
    )


def _foresee(deed: Deed, numbers: list[int], form: BatchForm) -> list[Fate]:
    """What would become of each: it is done, and nothing of it is kept."""
    session = db.session()
    fates = []
    with session.no_autoflush:
        for story in editing.stories_of_batch(session, numbers, me()):
            fate = (story.id, story.headline, story.language, story.version)
            try:
                deed.run(story, form)
                fates.append(Fate(*fate))
            except NotAllowed as refusal:
                fates.append(Fate(*fate, why_not=str(refusal)))
    session.rollback()
    return fates


def _do(deed: Deed, number: int, form: BatchForm) -> Fate:
    session, seen = db.session(), request.form.get(f"seen-{number}", 0, int)
    fate = Fate(number, f"Story {number}", "en", seen)
    for _ in range(TRIES):
        story = editing.story_for_desk(session, number, by=me())
        if story is None:
            return _left(fate, "It is not there, or it is a colleague’s.")
        fate = Fate(number, story.headline, story.language, seen)
        if story.version != seen:
            return _left(fate, _overtaken(story))
        try:
            deed.run(story, form)
            audit.note(session, deed.label)
            session.commit()
            return replace(fate, version=story.version)
        except NotAllowed as refusal:
            session.rollback()
            return _left(fate, str(refusal))
        except StaleDataError:
            session.rollback()
            return _left(fate, "Somebody changed it at the same moment.")
        except IntegrityError:  # its address was taken meanwhile: the next free one
            session.rollback()
    return _left(fate, "Its address could not be made. Publish it from its own page.")


def _left(fate: Fate, why: str) -> Fate:
    return Fate(fate.id, fate.headline, fate.language, fate.version, why)


def _overtaken(story: Story) -> str:
    who = names_of(db.session(), [story.changed_by_id]).get(story.changed_by_id or 0, "Somebody")
    return f"{who} changed it at {desk_time(story.changed_at)}, after you looked."


def _list_of(args: Mapping[str, str]) -> str:
    """The address of the list that the stories were chosen on."""
    asked = urlencode(parse_qsl(args.get("list", "")[:2000]))
    return url_for("desk.stories.index") + (f"?{asked}" if asked else "")


def _back(args: Mapping[str, str]) -> Response:
    return redirect(_list_of(args), 303)


# --- what can be done ---------------------------------------------------------------------------


def _publish(story: Story, form: BatchForm) -> None:
    if story.live or story.held_until:
        raise NotAllowed("It is published already.")
    publication.send_out(story, publisher(), clock.now())


def _call_back(story: Story, form: BatchForm) -> None:
    story.call_back(publisher(), clock.now())


def _unpublish(story: Story, form: BatchForm) -> None:
    now = clock.now()
    story.unpublish(publisher(), now)
    receipts.write(story, receipts.TAKEN_DOWN, now)


def _withdraw(story: Story, form: BatchForm) -> None:
    now = clock.now()
    story.withdraw(publisher(), now, form.note.data)
    receipts.write(story, receipts.TAKEN_DOWN, now)


def _unschedule(story: Story, form: BatchForm) -> None:
    story.unschedule(publisher(), clock.now())


def _hand_in(story: Story, form: BatchForm) -> None:
    story.hand_in(me(), clock.now(), form.note.data)


def _send_back(story: Story, form: BatchForm) -> None:
    story.send_back(publisher(), clock.now(), form.note.data)


def _file_also(story: Story, form: BatchForm) -> None:
    _may_change(story)
    if form.section.data:
        [section] = sections.sections_by_slug(db.session(), [form.section.data])
        story.file_also(section)
    _changed(story)


def _move(story: Story, form: BatchForm) -> None:
    _may_change(story)
    if form.section.data:
        [section] = sections.sections_by_slug(db.session(), [form.section.data])
        story.move_to(section)
    _changed(story)


def _tag(story: Story, form: BatchForm) -> None:
    _may_change(story)
    if len(story.tags) >= TAGS_MAX:
        raise NotAllowed(f"It has {TAGS_MAX} tags already.")
    if form.tag.data:
        [tag] = editing.tags_named(db.session(), [form.tag.data])
        if tag in story.tags:
            raise NotAllowed("It has this tag already.")
        story.tags.append(tag)
    _changed(story)


def _may_change(story: Story) -> None:
    if story.decided and not me().may_publish:
        raise NotAllowed("An editor sent it to readers: ask an editor to change it.")


def _changed(story: Story) -> None:
    now = clock.now()
    story.saved(me(), now)
    if story.live:
        receipts.write(story, receipts.CHANGED, now)


DEEDS = {deed.name: deed for deed in (
    Deed("publish", "Publish", "Goes out to readers", "Sent out", _publish),
    Deed("call-back", "Call back", "Is a draft again; no reader has seen it", "Called back",
         _call_back),
    Deed("hand-in", "Hand in", "Waits for an editor", "Handed in", _hand_in,
         publishes=False, asks="note", note="Note to the editor"),
    Deed("send-back", "Send back", "Is a draft again", "Sent back", _send_back,
         asks="note", note="Note to the reporters"),
    Deed("unschedule", "Take off the schedule", "Is a draft again", "Taken off", _unschedule),
    Deed("file", "Add a section", "Stands in one section more", "Added", _file_also,
         publishes=False, asks="section"),
    Deed("move", "Move to a section", "Leaves the other sections of this kind", "Moved", _move,
         publishes=False, asks="section"),
    Deed("tag", "Add a tag", "Has one tag more", "Tagged", _tag, publishes=False, asks="tag"),
    Deed("unpublish", "Unpublish", "Is a draft again", "Unpublished", _unpublish),
    Deed("withdraw", "Withdraw for good", "Is taken down for good, with your note", "Withdrawn",
         _withdraw, asks="note", note="Note to readers", must=True),
)}  # fmt: skip
