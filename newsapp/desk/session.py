"""Sign-in and sign-out: a session is made and ended."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response as Answer

from newsapp import audit, clock
from newsapp.accounts import codes, guard, passkeys, queries
from newsapp.accounts.devices import network_of
from newsapp.accounts.forms import CodeForm, SignInForm
from newsapp.accounts.models import User
from newsapp.desk.finding import me
from newsapp.extensions import db

bp = Blueprint("session", __name__)
WRONG = "This e-mail address and password don’t go together."


@bp.get("/login")
def form() -> Answer | str:
    """The sign-in form; whoever is signed in goes on."""
    wanted = guard.local(request.args.get("next", ""))
    if guard.current_editor():
        return redirect(wanted)
    return _page(SignInForm(), wanted)


@bp.post("/login")
@guard.limited
def create() -> Answer | tuple[str, int]:
    """Signs in, or leads to the second step; says no more than that it was wrong."""
    form = SignInForm(request.form)
    wanted = guard.local(request.form.get("next", ""))
    if not form.validate():
        return _page(form, wanted), 422
    user = guard.recognised(form.email.data, form.password.data)
    if user is None:
        _failed(form.email.data)
        form.form_errors.append(WRONG)
        return _page(form, wanted), 422
    if queries.has_second_step(db.session(), user):
        guard.come_half_in(user, wanted)
        return guard.remember(redirect(url_for("desk.session.second")))
    _come_in(user, "password")
    db.session.commit()
    return guard.remember(redirect(wanted))


@bp.get("/login/second")
def second() -> Answer | str:
    """The second step: a code, or a passkey."""
    half = guard.half_in()
    return _second(CodeForm(), half[0]) if half else _begin_again()


@bp.post("/login/second")
@guard.codes_limited
def prove() -> Answer | tuple[str, int]:
    """Takes the code of an app or a recovery code; each is good once."""
    half, form = guard.half_in(), CodeForm(request.form)
    if half is None:
        return _begin_again()
    user, wanted = half
    if not form.validate():
        return _second(form, user), 422
    kind = codes.fits(db.session(), user, form.code.data)
    if kind is None:
        _failed(user.email)
        form.code.errors = ["This code is wrong, or was used already. Take the one of now."]
        return _second(form, user), 422
    _come_in(user, f"password and {kind}", two_steps=True)
    db.session.commit()
    if kind != "app":
        left = queries.count_recovery_codes(db.session(), user)
        flash(f"That recovery code is used up. You have {left} left.")
    return redirect(guard.local(wanted))


@bp.post("/login/challenge")
def challenge() -> Response:
    """What the browser is to ask of a passkey: of anybody's, or of who gave their password."""
    half = guard.half_in()
    known = queries.passkeys(db.session(), half[0]) if half else ()
    options, words = passkeys.to_show(known)
    guard.challenge(words)
    return Response(options, mimetype="application/json")


@bp.post("/login/passkey")
@guard.passkeys_limited
def passkey() -> Answer | tuple[str, int]:
    """Signs in whoever shows their passkey, without a password or after it."""
    half, words = guard.half_in(), guard.challenged()
    try:
        user = passkeys.shown(db.session(), request.form.get("credential", ""), words, clock.now())
        if half and user.id != half[0].id:
            raise passkeys.Untrue("This is the passkey of another account.")
    except passkeys.Untrue as refusal:
        db.session.rollback()
        form = SignInForm()
        form.form_errors.append(str(refusal))
        return _page(form, guard.local(request.form.get("next", ""))), 422
    wanted = half[1] if half else request.form.get("next", "")
    _come_in(user, "password and passkey" if half else "passkey", two_steps=True)
    db.session.commit()
    return redirect(guard.local(wanted))


@bp.post("/logout")
def end() -> Answer:
    """Signs out, here; what is open elsewhere goes on."""
    me()
    guard.sign_out()
    db.session.commit()
    flash("You are signed out.")
    return redirect(url_for("desk.session.form"))


@bp.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
    """Too many wrong passwords or codes: wait, and for how long."""
    seconds = guard.seconds_to_wait()
    wait = f"Try again in {guard.minutes(seconds)}."
    half = guard.half_in()
    form: SignInForm | CodeForm
    if half and request.endpoint == "desk.session.prove":
        form = CodeForm(request.form)
        form.form_errors.append(f"Too many wrong codes. {wait}")
        page = _second(form, half[0])
    else:
        form = SignInForm(request.form)
        form.form_errors.append(f"Too many wrong passwords. {wait}")
        page = _page(form, guard.local(request.form.get("next", "")))
    return page, 429, {"Retry-After": str(seconds)}


def _come_in(user: User, how: str, *, two_steps: bool = False) -> None:
    audit.name(db.session(), user)
    guard.come_in(user, how, two_steps=two_steps)


def _failed(email: str) -> None:
    """Notes it in the log; for an unknown address at the same cost."""
    session = db.session()
    by = queries.user_by_email(session, email)
    audit.failed(session, email, by, network_of(str(request.remote_addr)))
    session.commit()


def _page(form: SignInForm, wanted: str) -> str:
    return render_template(
        "accounts/login.html", form=form, wanted=wanted, passkeys=passkeys.offered()
    )


def _second(form: CodeForm, user: User) -> str:
    theirs = queries.passkeys(db.session(), user)
    return render_template(
        "accounts/second.html", form=form, person=user, passkeys=theirs and passkeys.offered()
    )


def _begin_again() -> Answer:
    flash("That took too long. Sign in again.")
    return redirect(url_for("desk.session.form"))
