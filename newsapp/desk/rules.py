"""Rules of the wire: their order, each one's form, and what they would have done."""

from collections.abc import Sequence
from threading import BoundedSemaphore

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.desk.finding import me, publisher, tree
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.stories.models import Story
from newsapp.wire import filing, obeying, queries, rehearsal, rules
from newsapp.wire.models import Item
from newsapp.wire.rehearsal import Part, Rehearsal
from newsapp.wire.rule_form import RuleForm
from newsapp.wire.rules import Going, Rule

bp = Blueprint("rules", __name__, url_prefix="/wire/rules")
MOST = 100  # rules: every item that comes in is held against each
GOING = 20  # excerpts that go out by a rule and are shown on top of the wire
TURN = BoundedSemaphore(1)  # of rehearsals: each keeps a processor busy for seconds
BUSY = "Another dry run is going on. Try again in a moment."
Refused = tuple[str, int]


@bp.get("")
def index() -> str:
    """All rules, in the order in which they are asked."""
    me()
    return render_template("desk/rules/index.html", rules=rules.all_rules(db.session()))


@bp.get("/rehearsal")
def rehearse() -> str:
    """What the rules that are at work would have done with the last days' items."""
    publisher()
    wanted = [rule for rule in rules.all_rules(db.session()) if not rule.paused]
    played = _rehearsed(wanted) or abort(503, BUSY)
    return render_template("desk/rules/rehearsal.html", played=played)


@bp.get("/new")
def new() -> str:
    """The form of a new rule."""
    publisher()
    return _page(_offered(RuleForm()))


@bp.post("")
def create() -> str | Response | Refused:
    """Adds a rule, the last to be asked; or tells what it would have done, and adds nothing."""
    publisher()
    form, known = _offered(RuleForm(request.form)), rules.all_rules(db.session())
    if len(known) >= MOST:
        form.form_errors.append(f"There are {MOST} rules. Remove one first.")
    if not form.validate() or len(known) >= MOST:
        return _page(form), 422
    rule = Rule(place=max((one.place for one in known), default=0) + 1, paused=False)
    form.write(rule)
    if form.tries:
        return _tried(form, rule, [*known, rule])
    db.session.add(rule)
    db.session.commit()
    flash("Saved. It counts for what comes in from now on.")
    return redirect(url_for("desk.rules.index"), 303)


@bp.get("/<int:rule_id>")
def edit(rule_id: int) -> str:
    """The form of a rule."""
    publisher()
    rule = _rule_or_404(rule_id)
    return _page(_offered(RuleForm.of(rule)), rule)


@bp.post("/<int:rule_id>")
def save(rule_id: int) -> str | Response | Refused:
    """Changes a rule; or tells what it would have done so, and changes nothing."""
    publisher()
    rule, form = _rule_or_404(rule_id), _offered(RuleForm(request.form))
    if not form.validate():
        return _page(form, rule), 422
    if form.tries:
        tried = Rule(place=rule.place, paused=False)
        form.write(tried)
        order = [tried if one is rule else one for one in rules.all_rules(db.session())]
        return _tried(form, tried, order, rule)
    form.write(rule)
    db.session.commit()
    flash("Saved. It counts for what comes in from now on.")
    return redirect(url_for("desk.rules.index"), 303)


@bp.post("/<int:rule_id>/place")
def move(rule_id: int) -> Response:
    """Asks a rule one place earlier, or later."""
    publisher()
    rule = _rule_or_404(rule_id)
    rules.move(rules.all_rules(db.session()), rule, up=request.form.get("to") == "up")
    db.session.commit()
    return _back()


@bp.post("/<int:rule_id>/pause")
def pause(rule_id: int) -> Response:
    """Has a rule do nothing until it goes on."""
    publisher()
    _rule_or_404(rule_id).pause()
    db.session.commit()
    return _back("Paused.")


@bp.post("/<int:rule_id>/pause/end")
@bp.delete("/<int:rule_id>/pause")
def go_on(rule_id: int) -> Response:
    """Has a rule do its work again."""
    publisher()
    _rule_or_404(rule_id).go_on()
    db.session.commit()
    return _back("At work again, for what comes in from now on.")


@bp.post("/<int:rule_id>/end")
@bp.delete("/<int:rule_id>")
def remove(rule_id: int) -> Response:
    """Removes a rule; what it did stays done."""
    publisher()
    db.session.delete(_rule_or_404(rule_id))
    db.session.commit()
    return _back("Removed. What it did stays as it is.")


@bp.post("/going-out/<int:story_id>/end")
@bp.delete("/going-out/<int:story_id>")
def stop(story_id: int) -> Response:
    """Keeps from readers what a rule is about to publish: its item waits again."""
    by, session = publisher(), db.session()
    if story_id > NUMBER_MAX:
        abort(404)
    filing.begin(session)
    item = obeying.stop(session, story_id, by, clock.now())
    waits = "It waits again" if item.story_id is None else "Somebody has it open: it is a draft now"
    session.commit()
    flash(f"Stopped. {waits}: “{item.headline}”.")
    return redirect(url_for("desk.wire.index"), 303)


def going_out() -> tuple[Sequence[Going], bool]:
    """What rules are about to publish, soonest first, and whether there is more."""
    found = rules.going_out(db.session(), GOING + 1)
    return found[:GOING], len(found) > GOING


def that_made(story: Story) -> str | None:
    """The name of the rule that made a story, if one did."""
    return rules.that_made(db.session(), story.id)


def flagged() -> Sequence[Item]:
    """What rules put on top of the wire, until somebody deals with it."""
    return queries.flagged_items(db.session())


def _rule_or_404(rule_id: int) -> Rule:
    if rule_id > NUMBER_MAX:
        abort(404)
    return rules.rule(db.session(), rule_id) or abort(404)


def _tried(
    form: RuleForm, tried: Rule, order: Sequence[Rule], rule: Rule | None = None
) -> str | Refused:
    """The form with what a rule would have done in this order; a paused one is asked as if it were
    not."""
    wanted = [one for one in order if one is tried or not one.paused]
    played = _rehearsed(wanted)
    if played is None:
        form.form_errors.append(BUSY)
        return _page(form, rule), 503
    part = next(part for part in played.parts if part.rule is tried)
    return _page(form, rule, played, part)


def _rehearsed(wanted: Sequence[Rule]) -> Rehearsal | None:
    """What these rules would have done; None while somebody else asks."""
    if not TURN.acquire(blocking=False):
        return None
    try:
        with db.session.no_autoflush:
            return rehearsal.rehearse(db.session(), wanted, clock.now())
    finally:
        TURN.release()


def _offered(form: RuleForm) -> RuleForm:
    named = queries.names_of_sources(db.session())
    form.offer(tree(), named)
    return form


def _page(
    form: RuleForm,
    rule: Rule | None = None,
    played: Rehearsal | None = None,
    tried: Part | None = None,
) -> str:
    return render_template("desk/rules/edit.html", form=form, rule=rule, played=played, tried=tried)


def _back(words: str = "") -> Response:
    if words:
        flash(words)
    return redirect(url_for("desk.rules.index"), 303)
