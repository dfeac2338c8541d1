"""Sign-in and sign-out: a session is made and ended."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response

from newsapp.accounts import guard
from newsapp.accounts.forms import SignInForm
from newsapp.desk.finding import me
from newsapp.extensions import db

bp = Blueprint("session", __name__)
WRONG = "This e-mail address and password don’t go together."


@bp.get("/login")
def form() -> Response | str:
    """The sign-in form; whoever is signed in goes on."""
    wanted = guard.local(request.args.get("next", ""))
    if guard.current_editor():
        return redirect(wanted)
    return _page(SignInForm(), wanted)


@bp.post("/login")
@guard.limited
def create() -> Response | tuple[str, int]:
    """Signs in; says no more than that it was wrong."""
    form = SignInForm(request.form)
    wanted = guard.local(request.form.get("next", ""))
    if not form.validate():
        return _page(form, wanted), 422
    user = guard.recognised(form.email.data, form.password.data)
    if user is None:
        form.form_errors.append(WRONG)
        return _page(form, wanted), 422
    guard.come_in(user, "password")
    db.session.commit()
    return guard.remember(redirect(wanted))


@bp.post("/logout")
def end() -> Response:
    """Signs out, here; what is open elsewhere goes on."""
    me()
    guard.sign_out()
    db.session.commit()
    flash("You are signed out.")
    return redirect(url_for("desk.session.form"))


@bp.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    """Too many wrong passwords: wait, and for how long."""
    seconds = guard.seconds_to_wait()
    form = SignInForm(request.form)
    form.form_errors.append(f"Too many wrong passwords. Try again in {guard.minutes(seconds)}.")
    page = _page(form, guard.local(request.form.get("next", "")))
    return page, 429, {"Retry-After": str(seconds)}


def _page(form: SignInForm, wanted: str) -> str:
    return render_template("accounts/login.html", form=form, wanted=wanted)
