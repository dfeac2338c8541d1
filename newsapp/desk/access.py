"""Ways in without a password: a link asked for by mail, the link itself, the password chosen."""

import logging
import sqlite3

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import RateLimitExceeded
from flask_security.utils import hash_password
from redis import RedisError
from werkzeug.wrappers import Response as Answer

from newsapp import audit, clock
from newsapp.accounts import guard, queries
from newsapp.accounts.forms import ForgottenForm, NewPasswordForm, WelcomeForm
from newsapp.accounts.models import AccessLink, Purpose, User
from newsapp.extensions import db

log = logging.getLogger(__name__)
bp = Blueprint("access", __name__)


@bp.get("/forgotten")
def forgotten() -> str:
    """Asks where a way to a new password is to be sent."""
    return render_template("accounts/forgotten.html", form=ForgottenForm(), asked=False)


@bp.post("/forgotten")
@guard.few
def ask() -> str | tuple[str, int]:
    """Sends it, if somebody has this address; who has one is not told.

    The queue finds that out: here everything is the same for each address, the time too.
    """
    form = ForgottenForm(request.form)
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form, asked=False), 422
    try:
        current_app.extensions["help_in"](form.email.data)
    except (RedisError, OSError, sqlite3.Error) as error:
        log.error("no letter can be sent: the queue is away: %s", type(error).__name__)
        form.form_errors.append("No letter can be sent just now. Try again in a minute.")
        return render_template("accounts/forgotten.html", form=form, asked=False), 503
    return render_template("accounts/forgotten.html", form=form, asked=True)


@bp.get("/link")
def follow() -> Answer:
    """Takes the token of a link out of the address, where it could be seen and be passed on."""
    session["link"] = request.args.get("token", "")[:100]
    answer = redirect(url_for("desk.access.form"))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/password")
def form() -> str | tuple[str, int]:
    """Asks whoever came by a good link for their password, and who was invited for their name."""
    found = _opened()
    if found is None:
        return _dead()
    link, user = found
    return _page(link, user, _form_of(link, user))


@bp.post("/password")
def choose() -> Answer | tuple[str, int]:
    """Sets the password. The link is used up; whoever was invited is in."""
    found = _opened()
    if found is None:
        return _dead()
    link, user = found
    chosen = _form_of(link, user, typed=True)
    if not chosen.validate():
        return _page(link, user, chosen), 422
    hashed = hash_password(chosen.new_password.data)
    if not queries.use_link(db.session(), link):
        db.session.rollback()
        return _dead()
    audit.name(db.session(), user)
    user.change_password(hashed)
    newcomer = link.purpose == Purpose.INVITATION
    if newcomer:
        user.name = chosen.name.data
    session.clear()
    if newcomer:
        guard.come_in(user, "invitation")
    db.session.commit()
    if newcomer:
        flash(f"Welcome, {user.name}. Next time sign in with your e-mail address.")
        return redirect(url_for("desk.stories.index"), 303)
    flash("Your new password is set. Sign in with it.")
    return redirect(url_for("desk.session.form"), 303)


@bp.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    """Too many letters: wait, and for how long."""
    seconds = guard.seconds_to_wait()
    form = ForgottenForm(request.form)
    form.form_errors.append(f"That was asked too often. Try again in {guard.minutes(seconds)}.")
    page = render_template("accounts/forgotten.html", form=form, asked=False)
    return page, 429, {"Retry-After": str(seconds)}


def _opened() -> tuple[AccessLink, User] | None:
    token = session.get("link", "")
    return queries.opened_by(db.session(), token, clock.now()) if token else None


def _form_of(link: AccessLink, user: User, *, typed: bool = False) -> NewPasswordForm:
    kind = WelcomeForm if link.purpose == Purpose.INVITATION else NewPasswordForm
    return kind(request.form if typed else None, email=user.email, data={"name": user.name})


def _page(link: AccessLink, user: User, form: NewPasswordForm) -> str:
    return render_template("accounts/password.html", link=link, person=user, form=form)


def _dead() -> tuple[str, int]:
    session.pop("link", None)
    return render_template("accounts/dead_link.html"), 410
