"""A person's own account: what they are called, their password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_security.utils import hash_password
from werkzeug.wrappers import Response

from newsapp.accounts import guard
from newsapp.accounts.forms import ChangePasswordForm, NameForm
from newsapp.accounts.models import ROLES
from newsapp.desk.finding import me
from newsapp.extensions import db

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
    user.change_password(hash_password(form.new_password.data))
    guard.come_in(user)
    db.session.commit()
    flash("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for("desk.account.show"), 303)


@bp.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    """Too many wrong passwords: wait, and for how long."""
    seconds = guard.seconds_to_wait()
    form = ChangePasswordForm(request.form)
    form.form_errors.append(f"Too many wrong tries. Try again in {guard.minutes(seconds)}.")
    return _password(form), 429, {"Retry-After": str(seconds)}


def _page(name: NameForm | None = None) -> str:
    return render_template("accounts/account.html", name=name or NameForm(obj=me()),
                           person=me(), roles=ROLES)  # fmt: skip


def _password(form: ChangePasswordForm) -> str:
    return render_template("accounts/change_password.html", form=form, person=me())
