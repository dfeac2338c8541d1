"""Sources: the outlets behind the feeds, what each allows, and all of its excerpts taken down."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from newsapp import audit, clock
from newsapp.accounts.models import User
from newsapp.clock import day_of
from newsapp.desk import receipts
from newsapp.desk.finding import me, publisher, tree
from newsapp.desk.retrying import retried, retried_on
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, line
from newsapp.stories.flow import WithdrawalForm
from newsapp.stories.models import Kind, Status, Story
from newsapp.stories.queries import sections
from newsapp.wire import filing, outlets
from newsapp.wire.feed_forms import BringForm
from newsapp.wire.models import Source, Trust
from newsapp.wire.profile import Says, SourceForm

bp = Blueprint("sources", __name__, url_prefix="/wire/sources")
PART = 50  # stories taken down in one go: whoever saves meanwhile waits no longer than that
LISTED = 200  # excerpts that are named before they are taken down; the others are counted
Refused = tuple[str, int]


@bp.get("")
def index() -> str:
    """All outlets, by name, `?words=` of them; those whose licence ends on top."""
    me()
    words = line(request.args.get("words"))[:100]
    return render_template(
        "desk/sources/index.html",
        entries=outlets.sources(db.session(), words),
        words=words,
        ending=outlets.ending(db.session(), today()),
        today=today(),
    )


@bp.get("/new")
def new() -> str:
    """The form of an outlet that no feed has brought."""
    publisher()
    return _page(_offered(SourceForm()))


@bp.post("")
@retried
def create() -> Response | Refused:
    """Adds an outlet."""
    publisher()
    return _save(_offered(SourceForm(request.form)), Source(sections=[]))


@bp.get("/<int:source_id>")
def edit(source_id: int) -> str:
    """What an outlet is and allows; its feeds."""
    me()
    found = source_or_404(source_id)
    return _page(_offered(SourceForm.of(found)), found)


@bp.post("/<int:source_id>")
@retried_on(StaleDataError)
def save(source_id: int) -> Response | Refused:
    """Saves it; what is out, or waits for the clock, follows at once."""
    publisher()
    return _save(_offered(SourceForm(request.form)), source_or_404(source_id, hold=True))


@bp.post("/<int:source_id>/feeds")
def bring(source_id: int) -> Response | Refused:
    """Says that a feed is this outlet's."""
    publisher()
    found, form = source_or_404(source_id), BringForm(request.form)
    form.offer(outlets.feeds_to_bring(db.session(), found))
    if not form.validate():
        return _page(_offered(SourceForm.of(found)), found, bringing=form), 422
    filing.hand_over(db.session(), form.chosen, found, clock.now())
    db.session.commit()
    flash(f"{form.chosen.name} is a feed of {found.name} now.")
    return redirect(url_for("desk.sources.edit", source_id=source_id), 303)


@bp.get("/<int:source_id>/withdrawal")
def confirm(source_id: int) -> str:
    """All that taking down would take, and the form."""
    publisher()
    return _confirmation(source_or_404(source_id), WithdrawalForm())


@bp.post("/<int:source_id>/withdrawal")
@retried_on(StaleDataError)
def withdraw(source_id: int) -> Response | Refused:
    """Takes down all excerpts of an outlet, with one note; what waits for the clock stays here."""
    by, found, form = publisher(), source_or_404(source_id), WithdrawalForm(request.form)
    if not form.validate():
        return _confirmation(found, form), 422
    if "licence" in request.form:
        found.licence_ends = min(found.licence_ends or date.max, today() - timedelta(days=1))
        db.session.commit()
    taken, again = _take_all_down(found, by, form.note.data)
    told = f"{taken} excerpt{'s' if taken != 1 else ''} of {found.name} taken down."
    if again:
        told += f" {again} card{'s wait' if again != 1 else ' waits'} again: others have the news."
    flash(told)
    return redirect(url_for("desk.sources.edit", source_id=source_id), 303)


def warnings() -> int:
    """How many licences end, or have ended, so that somebody should look."""
    return len(outlets.ending(db.session(), today()))


def source_or_404(source_id: int, *, hold: bool = False) -> Source:
    """An outlet, with its sections; held until it is saved."""
    if source_id > NUMBER_MAX:
        abort(404)
    return outlets.source(db.session(), source_id, hold=hold) or abort(404)


def today() -> date:
    """The day in the newsroom."""
    return day_of(clock.now(), current_app.config["NEWSROOM_ZONE"])


def _save(form: SourceForm, source: Source) -> Response | Refused:
    if not form.validate():
        return _page(form, source), 422
    if theirs := form.overwrites(source):
        return _page(form, source, theirs), 409
    same = outlets.source_at(db.session(), form.host.data)
    if same is not None and same is not source:
        form.host.errors = [f"{same.name} has this host already."]
        return _page(form, source), 422
    before, called = source.unindexed, source.name
    form.write(source, sections.sections_by_slug(db.session(), form.sections.data))
    db.session.add(source)
    db.session.flush()
    doubtful = source.trust == Trust.DOUBTFUL
    touched = before != source.unindexed or source.licence_ends or doubtful
    back = _follow(source, outlets.excerpts_of(db.session(), source) if touched else ())
    named = _name_anew(source, called) if called else 0
    db.session.commit()
    what = f" {back} of its excerpts came off the schedule." if back else ""
    what += f" {named} excerpt{'s name' if named != 1 else ' names'} it so now." if named else ""
    flash(f"Saved.{what}")
    return redirect(url_for("desk.sources.edit", source_id=source.id), 303)


def _follow(source: Source, excerpts: Sequence[Story]) -> int:
    """Has its excerpts obey what it allows now; how many no longer go out by themselves."""
    zone, back = current_app.config["NEWSROOM_ZONE"], 0
    for story in excerpts:
        story.noindex = source.unindexed
        at = story.publish_at if story.status == Status.SCHEDULED else None
        unasked = source.trust == Trust.DOUBTFUL and story.created_by_id is None  # by a rule
        if at and (unasked or not source.licensed(day_of(at, zone))):
            story.unschedule(publisher(), clock.now())
            back += 1
    return back


def _name_anew(source: Source, called: str) -> int:
    """Has the stories that called a source as it was called until now, or by its host as before
    its feeds answered, call it as it is called now; how many."""
    if source.name == called:
        return 0
    by, at = publisher(), clock.now()
    stories = outlets.excerpts_named(db.session(), source, {called, source.host} - {source.name})
    for story in stories:
        story.credit(source.name, by, at)
    return len(stories)


def _take_all_down(source: Source, by: User, note: str) -> tuple[int, int]:
    """Takes all of its excerpts down; how many, and how many cards wait again for that."""
    session, taken, again = db.session(), 0, 0
    while part := outlets.excerpts_of(session, source, PART):
        numbers = [story.id for story in part]
        for story in part:
            _take_down(story, by, note)
        audit.note(session, f"all of {source.name}")
        session.commit()
        # Apart: whoever files holds the filing before any story.
        again += filing.reopen(session, numbers, source)
        session.commit()
        taken += len(part)
    return taken, again


def _take_down(story: Story, by: User, note: str) -> None:
    now = clock.now()
    if story.live:
        story.withdraw(by, now, note)
        receipts.write(story, receipts.TAKEN_DOWN, now)
    elif story.status == Status.SCHEDULED:
        story.unschedule(by, now)
    else:
        story.call_back(by, now)


def _offered(form: SourceForm) -> SourceForm:
    form.offer([place for place in tree().places if place.kind != Kind.RIVER])
    return form


def _page(
    form: SourceForm,
    source: Source | None = None,
    theirs: Sequence[Says] = (),
    bringing: BringForm | None = None,
) -> str:
    known = source if source and source.id else None
    if known and not bringing:
        bringing = BringForm()
        bringing.offer(outlets.feeds_to_bring(db.session(), known))
    zones = sorted({place.zone for place in tree().places if place.zone} | {"UTC"})
    return render_template(
        "desk/sources/edit.html",
        form=form,
        source=known,
        theirs=theirs,
        feeds=outlets.feeds_of(db.session(), known) if known else (),
        bringing=bringing,
        tree=tree(),
        zones=zones,
        today=today(),
    )


def _confirmation(source: Source, form: WithdrawalForm) -> str:
    taken = outlets.excerpts_of(db.session(), source)
    return render_template(
        "desk/sources/withdraw.html",
        source=source,
        form=form,
        live=[story for story in taken if story.live][:LISTED],
        count=sum(story.live for story in taken),
        waiting=[story for story in taken if not story.live],
        ends="licence" in request.form or request.method == "GET",
    )
