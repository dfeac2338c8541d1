"""The second step of one's own sign-in: an app, passkeys, recovery codes."""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from newsapp import clock
from newsapp.accounts import codes, guard, passkeys, queries
from newsapp.accounts.forms import CodeForm, PasskeyForm
from newsapp.accounts.models import Passkey
from newsapp.desk.finding import me
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX

bp = Blueprint("second", __name__, url_prefix="/account/second-step")


@bp.get("")
@guard.proven
def show() -> str:
    """What this person has besides a password, and what they may add."""
    return _page()


@bp.get("/app")
@guard.proven
def app() -> str:
    """A secret for an authenticator app, as a picture and in letters."""
    session["totp"] = codes.new_secret()
    return _app(CodeForm())


@bp.post("/app")
@guard.proven
@guard.own_limited
def begin_app() -> str | Answer | tuple[str, int]:
    """Takes the app's first code: from now on it is asked for."""
    form, user = CodeForm(request.form), me()
    secret = session.get("totp")
    if secret is None:
        return redirect(url_for("desk.second.app"), 303)
    if not form.validate():
        return _app(form), 422
    if not codes.fits_app(user, secret, form.code.data):
        form.code.errors = ["This is not the app’s code of now. Wait for the next one."]
        return _app(form), 422
    user.totp = secret
    session.pop("totp")
    return _begun("Your app is set up. From now on you are asked for its code.")


@bp.post("/app/end")
@bp.delete("/app")
@guard.proven
def end_app() -> Answer:
    """The app's codes are asked for no more."""
    me().totp = None
    return _ended("The app is no longer asked for.")


@bp.post("/passkeys/challenge")
@guard.proven
def challenge() -> Response:
    """What the browser needs to make a passkey."""
    options, words = passkeys.to_make(me(), queries.passkeys(db.session(), me()))
    guard.challenge(words)
    return Response(options, mimetype="application/json")


@bp.post("/passkeys")
@guard.proven
def add_passkey() -> str | Answer | tuple[str, int]:
    """Takes the passkey that the browser made, and what it is called."""
    form, words = PasskeyForm(request.form), guard.challenged()
    if not form.validate():
        return _page(form), 422
    if len(queries.passkeys(db.session(), me())) >= passkeys.MOST:
        abort(409, f"At most {passkeys.MOST} passkeys. Remove one that you no longer use.")
    try:
        answer, now = request.form.get("credential", ""), clock.now()
        passkey = passkeys.made(db.session(), me(), answer, words, form.name.data, now)
    except passkeys.Untrue as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _page(form), 422
    return _begun(f"The passkey “{passkey.name}” is yours. It signs you in without a password.")


@bp.post("/passkeys/<int:number>")
@guard.proven
def rename_passkey(number: int) -> Answer | tuple[str, int]:
    """Calls a passkey something else."""
    passkey, form = _passkey_or_404(number), PasskeyForm(request.form)
    if not form.validate():
        return _page(form), 422
    passkey.name = form.name.data
    db.session.commit()
    flash("Saved.")
    return redirect(url_for("desk.second.show"), 303)


@bp.post("/passkeys/<int:number>/end")
@bp.delete("/passkeys/<int:number>")
@guard.proven
def end_passkey(number: int) -> Answer:
    """Removes a passkey: it opens nothing any more."""
    passkey = _passkey_or_404(number)
    db.session.delete(passkey)
    return _ended(f"The passkey “{passkey.name}” is removed.")


@bp.post("/recovery-codes")
@guard.proven
def renew_codes() -> str:
    """New recovery codes instead of the old ones, shown once."""
    if not queries.has_second_step(db.session(), me()):
        abort(409, "Set up an app or a passkey first.")
    return _codes("The codes that you had before are dead.")


def _begun(words: str) -> str | Answer:
    """A second step is set up: this sign-in has it, and there are codes for the day it is lost."""
    guard.current_sign_in().two_steps = True
    db.session.flush()
    if queries.count_recovery_codes(db.session(), me()):
        db.session.commit()
        flash(words)
        return redirect(url_for("desk.second.show"), 303)
    return _codes(words)


def _codes(words: str) -> str:
    new = codes.new_recovery_codes(db.session(), me())
    db.session.commit()
    return render_template("accounts/recovery_codes.html", codes=new, words=words)


def _ended(words: str) -> Answer:
    """A second step is taken away; the last one only where nobody demands one."""
    db.session.flush()
    if not queries.has_second_step(db.session(), me()):
        if current_app.config["TWO_STEPS"] == "YES" and me().may_publish:
            db.session.rollback()
            abort(409, "This newsroom asks for a second step. Add another one before this goes.")
        queries.drop_recovery_codes(db.session(), me())
    db.session.commit()
    flash(words)
    return redirect(url_for("desk.second.show"), 303)


def _passkey_or_404(number: int) -> Passkey:
    found = queries.passkey(db.session(), me(), number) if number <= NUMBER_MAX else None
    return found or abort(404)


def _page(form: PasskeyForm | None = None) -> str:
    return render_template(
        "accounts/second_step.html",
        person=me(),
        form=form or PasskeyForm(),
        passkeys=queries.passkeys(db.session(), me()),
        offered=passkeys.offered(),
        codes_left=queries.count_recovery_codes(db.session(), me()),
        demanded=guard.lacks_second_step(),
    )


def _app(form: CodeForm) -> str:
    secret = session["totp"]
    return render_template(
        "accounts/app.html",
        form=form,
        person=me(),
        key=codes.key_of(secret),
        picture=codes.picture_of(secret, me().email),
    )
