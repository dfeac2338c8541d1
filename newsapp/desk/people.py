"""People: who works at the desk, asked in, given a role, shut out; for admins."""

import logging
import uuid
from smtplib import SMTPException

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from newsapp import audit, clock
from newsapp.accounts import guard, mail, queries
from newsapp.accounts.forms import InvitationForm, PersonForm
from newsapp.accounts.models import EDITOR, NotAllowed, Purpose, User
from newsapp.desk.finding import admin, person_or_404
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX

log = logging.getLogger(__name__)
bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
def index() -> str:
    """Everybody, with what they may do."""
    admin()
    return render_template("desk/people/index.html", people=queries.people(db.session()))


@bp.get("/new")
@guard.proven
def new() -> str:
    """The form of an invitation."""
    admin()
    return _invitation(InvitationForm(data={"role": EDITOR}))


@bp.post("")
@guard.proven
def create() -> Response | tuple[str, int]:
    """Asks somebody in: sends a link, and shows it once."""
    admin()
    form = InvitationForm(request.form)
    if not form.validate():
        return _invitation(form), 422
    known = queries.user_by_email(db.session(), form.email.data)
    if known:
        form.email.errors = [f"{known.name or known.email} has this address already."]
        return _invitation(form), 422
    user = User(email=form.email.data, name=form.name.data, created_at=clock.now(),
                fs_uniquifier=uuid.uuid4().hex, roles=[])  # fmt: skip
    user.change_role(queries.role(db.session(), form.role.data), last_admin=False)
    audit.note(db.session(), f"as {form.role.data}")
    db.session.add(user)
    return _invite(user)


@bp.get("/<int:user_id>")
@guard.proven
def edit(user_id: int) -> str:
    """A person: their name, their role, and what else can be done."""
    user = person_or_404(user_id)
    return _person(user, PersonForm(obj=user))


@bp.post("/<int:user_id>")
@guard.proven
def save(user_id: int) -> Response | tuple[str, int]:
    """Saves name and role; another role begins with a new sign-in. The last admin stays one."""
    user, form = person_or_404(user_id), PersonForm(request.form)
    if not user.invited and not form.validate():
        return _person(user, form), 422
    if user.invited and not form.role.validate(form):
        return _person(user, form), 422
    last = queries.is_last_admin(db.session(), user)
    before = user.fs_uniquifier
    if form.role.data != user.role:
        audit.note(db.session(), f"{user.role} → {form.role.data}")
    try:
        user.change_role(queries.role(db.session(), form.role.data), last_admin=last)
    except NotAllowed as refusal:
        form.role.errors = [str(refusal)]
        return _person(user, form), 422
    user.name = form.name.data
    db.session.commit()
    out = " They are signed out everywhere, and sign in again with the new role."
    flash(f"Saved.{out if user.fs_uniquifier != before else ''}")
    return redirect(url_for("desk.people.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/invitation")
@guard.proven
def invite(user_id: int) -> Response:
    """Sends a new invitation; the one before is dead."""
    user = person_or_404(user_id)
    if not user.invited:
        abort(409, "They have come in already.")
    return _invite(user)


@bp.post("/<int:user_id>/invitation/end")
@bp.delete("/<int:user_id>/invitation")
@guard.proven
def uninvite(user_id: int) -> Response:
    """Takes the invitation back: the link is dead, the person off the list."""
    user = person_or_404(user_id)
    if not user.invited:
        abort(409, "They have come in already. Shut them out instead.")
    db.session.delete(user)
    db.session.commit()
    flash(f"{user.email} is no longer invited.")
    return redirect(url_for("desk.people.index"), 303)


@bp.post("/<int:user_id>/sign-ins/<int:number>/end")
@bp.delete("/<int:user_id>/sign-ins/<int:number>")
@guard.proven
def end_sign_in(user_id: int, number: int) -> Response:
    """Ends one sign-in of somebody else's."""
    user = person_or_404(user_id)
    found = queries.sign_in_of(db.session(), user, number) if number <= NUMBER_MAX else None
    db.session.delete(found or abort(404))
    db.session.commit()
    flash("Signed out there.")
    return redirect(url_for("desk.people.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/sign-ins/end")
@bp.delete("/<int:user_id>/sign-ins")
@guard.proven
def end_sign_ins(user_id: int) -> Response:
    """Ends everything that a person has open; they may sign in again."""
    user = person_or_404(user_id)
    user.end_sessions()
    db.session.commit()
    flash(f"{user.name or user.email} is signed out everywhere.")
    return redirect(url_for("desk.people.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/second-step/end")
@bp.delete("/<int:user_id>/second-step")
@guard.proven
def end_second_step(user_id: int) -> Response:
    """Helps somebody who lost app and passkeys: their password alone lets them in again."""
    user = person_or_404(user_id)
    queries.drop_second_step(db.session(), user)
    user.end_sessions()
    db.session.commit()
    flash(f"{user.name or user.email} signs in with the password alone, and is signed out now.")
    return redirect(url_for("desk.people.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/suspension")
@guard.proven
def suspend(user_id: int) -> Response:
    """Shuts somebody out, at once and on every device; what they wrote stays."""
    user = person_or_404(user_id)
    user.suspend(last_admin=queries.is_last_admin(db.session(), user))
    db.session.commit()
    flash(f"{user.name or user.email} is shut out, on every device.")
    return redirect(url_for("desk.people.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/suspension/end")
@bp.delete("/<int:user_id>/suspension")
@guard.proven
def readmit(user_id: int) -> Response:
    """Lets somebody in again."""
    user = person_or_404(user_id)
    user.readmit()
    db.session.commit()
    flash(f"{user.name or user.email} may sign in again.")
    return redirect(url_for("desk.people.edit", user_id=user_id), 303)


def _invite(user: User) -> Response:
    """Commits the invitation, then sends it; an unsent one is still there to be copied."""
    db.session.flush()
    address = mail.renewed(db.session(), user, Purpose.INVITATION, clock.now())
    db.session.commit()
    try:
        mail.invite(user, admin().name or admin().email, address)
        flash(f"A letter to {user.email} is on its way.")
    except (OSError, SMTPException) as reason:
        log.error("an invitation could not be sent: %s", type(reason).__name__)
        flash("The letter could not be sent. Copy the link and send it yourself.", "error")
    session["invitation"] = [user.id, address]
    return redirect(url_for("desk.people.edit", user_id=user.id), 303)


def _invitation(form: InvitationForm) -> str:
    return render_template("desk/people/new.html", form=form)


def _person(user: User, form: PersonForm) -> str:
    now = clock.now()
    found, address = session.pop("invitation", None) or (None, None)
    return render_template(
        "desk/people/edit.html",
        person=user,
        form=form,
        address=address if found == user.id else None,
        invitation=queries.invitation_of(db.session(), user) if user.invited else None,
        now=now,
        sign_ins=queries.sign_ins(db.session(), user, now),
        own=guard.current_sign_in(),
        second_step=queries.has_second_step(db.session(), user),
    )
