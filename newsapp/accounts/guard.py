"""The guard of the desk: who is signed in, sessions, and how often a password may be tried."""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    flash,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_security import SQLAlchemyUserDatastore, current_user
from flask_security.utils import hash_password, login_user, logout_user, verify_password
from itsdangerous import BadSignature, URLSafeSerializer
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response as Answer

from newsapp import clock
from newsapp.accounts.devices import browser_in_words, network_of
from newsapp.accounts.forms import typed_address
from newsapp.accounts.models import Role, SignIn, User
from newsapp.accounts.queries import note_seen, signed_in, user_by_email, user_by_mark
from newsapp.extensions import csrf, db, limiter, security
from newsapp.formats import subscriber_of

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
MINUTE = timedelta(minutes=1)
PROVEN = timedelta(minutes=15)  # for so long after a password nobody is asked for it again
HALF_IN = 600  # seconds between the password and the second step
FORM_OPEN = timedelta(minutes=30)  # that a form opened in time may take to fill

# Failed tries: of an address; of an account from one address; of an account from everywhere,
# which shuts nobody out who has signed in with the same browser before.
PER_ADDRESS = "30 per 15 minutes"
PER_ACCOUNT_AND_ADDRESS = "10 per 15 minutes"
PER_ACCOUNT = "100 per hour"
LETTERS_PER_ACCOUNT = "5 per hour"
LETTERS_PER_ADDRESS = "20 per hour"
_spare = FixedWindowRateLimiter(MemoryStorage())
REDIS_PATIENCE = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}

SETTINGS = {
    "PERMANENT_SESSION_LIFETIME": timedelta(days=7),  # of a session that nothing changes
    "WTF_CSRF_TIME_LIMIT": None,  # a form left open over lunch must still be saved
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,  # argon2 salts by itself
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_CLI_USERS_NAME": "",  # `flask accounts` is ours
    "SECURITY_CLI_ROLES_NAME": "",
}
KNOWN = "desk_known"  # the cookie of a browser in which somebody has signed in
KNOWN_LIFE = 365 * 86400  # seconds
# An address on the desk: no host, no backslash, no control character, no "//".
_LOCAL = re.compile(r"/desk(?:/[A-Za-z0-9_.-]+)*/?(?:\?[A-Za-z0-9_.~%&=+:-]*)?")


def init_app(app: Flask) -> None:
    """Sets up CSRF protection for every form, sign-in, and the limits on guessing."""
    redis = app.config["REDIS_URL"]
    app.config.update(
        SETTINGS,
        RATELIMIT_STORAGE_URI=redis or "memory://",
        RATELIMIT_STORAGE_OPTIONS=REDIS_PATIENCE if redis else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(redis),
        RATELIMIT_KEY_PREFIX="limit",
    )
    app.session_interface = DeskSessions()
    csrf.init_app(app)
    limiter.init_app(app)
    # Our own sign-in page stands at the desk, so none of Flask-Security's addresses exist.
    security.init_app(app, SQLAlchemyUserDatastore(db, User, Role), register_blueprint=False)
    security.login_manager.user_loader(_load)
    # The session alone signs somebody in, no token in an address or a header.
    security.login_manager.request_loader(None)


class DeskSessions(SecureCookieSessionInterface):
    """Sessions below /desk; public pages have none, so that they are the same for everyone."""

    def open_session(self, app: Flask, request: Request) -> Any:
        if not request.path.startswith("/desk"):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Any) -> None:
        if request.path.startswith("/desk"):
            super().save_session(app, session, response)


def recogniser(app: Flask) -> Callable[[Mapping[str, Any]], bool]:
    """Tells, from a WSGI environment alone, whether a request comes with the signed session of
    somebody who signed in; whether that still goes on, the guard asks."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name, life = app.config["SESSION_COOKIE_NAME"], app.permanent_session_lifetime

    def recognised(environ: Mapping[str, Any]) -> bool:
        cookie = parse_cookie(str(environ.get("HTTP_COOKIE", ""))).get(name, "")
        try:
            return "sign_in" in signer.loads(cookie, max_age=int(life.total_seconds()))
        except BadSignature:
            return False

    return recognised


def current_editor() -> User | None:
    """The person who is signed in."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def current_sign_in() -> SignIn:
    """The sign-in that this request belongs to; behind the guard there is always one."""
    found: SignIn = g.sign_in
    return found


def recognised(email: str, password: str) -> User | None:
    """The person with this address and password; None if wrong.

    Takes the same time for an unknown address as for a wrong password.
    """
    user = user_by_email(db.session(), email)
    if user is None or not user.password:
        hash_password(password)
        return None
    return user if verify_password(password, user.password) and user.active else None


def come_half_in(user: User, wanted: str) -> None:
    """Notes that this person gave the right password; their second step is still to come."""
    session.clear()
    session["half"] = {"mark": user.fs_uniquifier, "at": int(time.time()), "wanted": wanted}


def half_in() -> tuple[User, str] | None:
    """Who gave the right password a moment ago, and where they want to be."""
    half = session.get("half")
    if not half or not 0 <= time.time() - half["at"] <= HALF_IN:
        return None
    user = user_by_mark(db.session(), half["mark"])
    return (user, half["wanted"]) if user else None


def come_in(user: User, how: str, *, two_steps: bool = False) -> None:
    """Begins a new session of this person, a row of its own; the caller commits it."""
    _end_own()
    session.clear()  # with whatever somebody may have put there before
    browser = browser_in_words(request.user_agent.string)
    network = network_of(str(request.remote_addr))
    sign_in, token = user.come_in(clock.now(), how, browser, network, two_steps=two_steps)
    db.session.add(sign_in)
    login_user(user, remember=False)
    session["sign_in"], g.sign_in = token, sign_in


def sign_out() -> None:
    """Ends this sign-in, for whoever has a copy of its cookie too; the others go on."""
    _end_own()
    logout_user()
    session.clear()


def lacks_second_step() -> bool:
    """Whether whoever is signed in must set up a second step before anything else."""
    editor = current_editor()
    if editor is None or current_app.config["TWO_STEPS"] == "NO" or not editor.may_publish:
        return False
    return not current_sign_in().two_steps


def challenge(words: str) -> None:
    """Remembers what a browser's passkey is to sign."""
    session["challenge"] = [words, int(time.time())]


def challenged() -> str:
    """What it was to sign; good for a few minutes, and once: of that the database keeps count."""
    words, at = session.pop("challenge", None) or ("", 0)
    return words if 0 <= time.time() - at <= HALF_IN else ""


def end_others(user: User) -> None:
    """Ends every sign-in of this person but this one."""
    user.end_sessions()
    current_sign_in().mark = session["_user_id"] = user.fs_uniquifier


def proven(view: View) -> View:
    """Asks whoever has been here for a while for the password again, before this view.

    A form that was opened in time may be sent for another while.
    """

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        patience = PROVEN if request.method == "GET" else PROVEN + FORM_OPEN
        if clock.now() - current_sign_in().proven_at <= patience:
            return view(*args, **kwargs)
        asked = request.path if request.method == "GET" else urlsplit(request.referrer or "").path
        flash("Show once more that it is you. Then go on.")
        return redirect(url_for("desk.account.proof", next=local(asked)), 303)

    return cast(View, wrapped)


def _end_own() -> None:
    if "sign_in" in session and current_user.is_authenticated:
        db.session.delete(current_sign_in())


def _load(mark: str) -> User | None:
    """Flask-Login's question who this is: one SELECT, and a note of it once a minute."""
    now = clock.now()
    found = signed_in(db.session(), session.get("sign_in", ""), mark, now)
    if found is None:
        return None
    user, g.sign_in = found
    if now - g.sign_in.seen_at >= MINUTE:
        try:
            note_seen(db.engine, g.sign_in.id, now)
        except SQLAlchemyError as error:  # the database is busy: the next request notes it
            log.info("a sign of life was not noted: %s", type(error).__name__)
    return user


def local(address: str) -> str:
    """The address if it is one of the desk, else the desk's first page."""
    return address if len(address) <= 500 and _LOCAL.fullmatch(address) else "/desk/stories"


def limited(view: View) -> View:
    """Counts the failures of a sign-in view; RateLimitExceeded when there were too many."""
    counted: Any = view
    for limit, key, exempt in (
        (PER_ACCOUNT, _account, _known),
        (PER_ACCOUNT_AND_ADDRESS, lambda: f"{_account()} {_place()}", None),
        (PER_ADDRESS, _place, None),
    ):
        counted = limiter.limit(
            limit, key_func=key, methods=["POST"], deduct_when=_failed, exempt_when=exempt
        )(counted)
    return cast(View, counted)


def own_limited(view: View) -> View:
    """Counts the failures of a view that asks the signed-in person for a password or a code."""
    own: Any = limiter.limit(
        PER_ACCOUNT_AND_ADDRESS, key_func=lambda: f"own {current_user.id} {_place()}",
        methods=["POST"], deduct_when=_failed,
    )(view)  # fmt: skip
    return cast(View, own)


def passkeys_limited(view: View) -> View:
    """Counts the failures of a view that takes a passkey; an account is not known before."""
    counted: Any = limiter.limit(
        PER_ADDRESS, key_func=_place, methods=["POST"], deduct_when=_failed
    )(view)  # fmt: skip
    return cast(View, counted)


def codes_limited(view: View) -> View:
    """Counts the wrong codes of whoever gave the right password, wherever they come from."""
    half: Any = view
    for limit in ("10 per 15 minutes", "30 per day"):
        half = limiter.limit(
            limit, key_func=lambda: f"half {session.get('half', {}).get('mark', _place())}",
            methods=["POST"], deduct_when=_failed,
        )(half)  # fmt: skip
    return cast(View, half)


def is_password(user: User, typed: str) -> bool:
    """Whether this is the person's password."""
    return bool(user.password and verify_password(typed, user.password))


def few(view: View) -> View:
    """Counts every letter that a view sends; RateLimitExceeded when there were too many."""
    counted: Any = view
    for limit, key in ((LETTERS_PER_ACCOUNT, _account), (LETTERS_PER_ADDRESS, _place)):
        counted = limiter.limit(limit, key_func=key, methods=["POST"])(counted)
    return cast(View, counted)


def remember(response: Answer) -> Answer:
    """Lets this browser sign in here again, also while others guess the password.

    The cookie names the account, signed, and opens nothing (OWASP: device cookies).
    """
    response.set_cookie(
        KNOWN, _signer().dumps(_account()), max_age=KNOWN_LIFE, path="/desk", httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"], samesite="Lax",
    )  # fmt: skip
    return response


def seconds_to_wait() -> int:
    """How long until the limit that was just exceeded lets somebody try again."""
    exceeded = limiter.current_limit
    return max(1, exceeded.reset_at - int(time.time())) if exceeded else 60


def minutes(seconds: int) -> str:
    """So many seconds in words, in whole minutes."""
    whole = -(-seconds // 60)
    return f"{whole} minute{'s' * (whole != 1)}"


def admits(limit: str, what: str, cost: int = 1) -> bool:
    """Counts what the signed-in person tries, at once; whether they may. Failures count, too."""
    of = (parse(limit), "tries", what, str(current_user.id))
    try:
        return bool(limiter.limiter.hit(*of, cost=cost))
    except RedisError:  # away: each process counts for itself
        return _spare.hit(*of, cost=cost)


def _account() -> str:
    # Hashed: a key of any length, and no address of a person in the limiter's store.
    email = typed_address(request.form.get("email"))
    return hashlib.blake2b(email.encode(), digest_size=12).hexdigest()


def _place() -> str:
    return subscriber_of(str(request.remote_addr))


def _known() -> bool:
    try:
        return bool(_signer().loads(request.cookies.get(KNOWN, "")) == _account())
    except BadSignature:
        return False


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known browser")


def _failed(response: Response) -> bool:
    return response.status_code == 422
