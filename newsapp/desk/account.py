"""A person's own account: what they are called, their password, where they are signed in."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_security.utils import hash_password
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.accounts import guard, queries
from newsapp.accounts.forms import ChangePasswordForm, NameForm, ProofForm
from newsapp.accounts.models import ROLES
from newsapp.desk.finding import me
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def show() -> str:
    """Everything that is this person's own."""
    return _page()


@bp.post("")
def save() -> Response | tuple[str, int]:
    """Saves what they are called."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(name=form), 422
    me().name = form.name.data
    db.session.commit()
    flash("Saved.")
    return redirect(url_for("desk.account.show"), 303)


@bp.get("/password")
def password() -> str:
    """The form of a new password."""
    return _password(ChangePasswordForm())


@bp.post("/password")
@guard.own_limited
def change_password() -> Response | tuple[str, int]:
    """Changes the password, for whoever knows the one that is; ends all other sessions."""
    user = me()
    form = ChangePasswordForm(request.form, email=user.email)
    if not form.validate():
        return _password(form), 422
    if not guard.is_password(user, form.password.data):
        form.password.errors = ["This is not your current password."]
        return _password(form), 422
    own = guard.current_sign_in()
    how, two_steps = own.how, own.two_steps
    user.change_password(hash_password(form.new_password.data))
    guard.come_in(user, how, two_steps=two_steps)
    db.session.commit()
    flash("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for("desk.account.show"), 303)


@bp.get("/proof")
def proof() -> str:
    """Asks for the password again."""
    return _proof(ProofForm())


@bp.post("/proof")
@guard.own_limited
def prove() -> Response | tuple[str, int]:
    """Takes the password again; then on to where it was asked."""
    form = ProofForm(request.form)
    if not form.validate():
        return _proof(form), 422
    if not guard.is_password(me(), form.password.data):
        form.password.errors = ["This is not your password."]
        return _proof(form), 422
    guard.current_sign_in().proven_at = clock.now()
    db.session.commit()
    return redirect(guard.local(request.form.get("next", "")), 303)


@bp.post("/sign-ins/<int:number>/end")
@bp.delete("/sign-ins/<int:number>")
def end_sign_in(number: int) -> Response:
    """Ends one sign-in of one's own: that browser is out at its next request."""
    found = queries.sign_in_of(db.session(), me(), number) if number <= NUMBER_MAX else None
    db.session.delete(found or abort(404))
    db.session.commit()
    flash("Signed out there.")
    return redirect(url_for("desk.account.show"), 303)


@bp.post("/sign-ins/end")
@bp.delete("/sign-ins")
def end_other_sign_ins() -> Response:
    """Ends every sign-in of one's own but this one."""
    guard.end_others(me())
    db.session.commit()
    flash("You are signed out everywhere else.")
    return redirect(url_for("desk.account.show"), 303)


@bp.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    """Too many wrong passwords: wait, and for how long."""
    seconds = guard.seconds_to_wait()
    form = ProofForm(request.form)
    form.form_errors.append(f"Too many wrong tries. Try again in {guard.minutes(seconds)}.")
    return _proof(form), 429, {"Retry-After": str(seconds)}


def _page(name: NameForm | None = None) -> str:
    return render_template("accounts/account.html", name=name or NameForm(obj=me()),
                           person=me(), roles=ROLES, own=guard.current_sign_in(),
                           second_step=queries.has_second_step(db.session(), me()),
                           sign_ins=queries.sign_ins(db.session(), me(), clock.now()))  # fmt: skip


def _password(form: ChangePasswordForm) -> str:
    return render_template("accounts/change_password.html", form=form, person=me())


def _proof(form: ProofForm) -> str:
    wanted = guard.local(request.values.get("next", ""))
    return render_template("accounts/proof.html", form=form, person=me(), wanted=wanted)
