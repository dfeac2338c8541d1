"""Codes: those of an authenticator app, and recovery codes for who has lost it."""

import hashlib
import re
import secrets
from functools import cache
from typing import cast

import segno
from flask import current_app
from flask_security import UserMixin
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch
from sqlalchemy.orm import Session

from newsapp.accounts.models import RecoveryCode, User, digest
from newsapp.accounts.queries import drop_recovery_codes, use_recovery_code, use_totp
from newsapp.extensions import db

ISSUER = "Asian-News.net"
DRIFT = 30  # seconds that a phone's clock may be off
MANY = 10  # recovery codes


class AppCodes(Totp):
    """Flask-Security's codes of an app; each is good once."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        return cast(User, user).totp_used

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Uses the code up; UsedTokenError when another request was faster."""
        if not use_totp(db.session(), cast(User, user), tmatch.counter):
            raise UsedTokenError


def new_secret() -> str:
    """A secret for an app, encrypted with a key made of SECRET_KEY."""
    return str(_codes(current_app.config["SECRET_KEY"]).generate_totp_secret())


def key_of(secret: str) -> str:
    """The secret as somebody types it into an app, in groups of four."""
    return str(_codes(current_app.config["SECRET_KEY"]).get_totp_pretty_key(secret))


def picture_of(secret: str, email: str) -> str:
    """The secret as an app's camera reads it: a data address of an SVG picture."""
    uri = _codes(current_app.config["SECRET_KEY"]).get_totp_uri(email, secret)
    return str(segno.make(uri, error="m").svg_data_uri(scale=4, border=2, light="white"))


def fits_app(user: User, secret: str, typed: str) -> bool:
    """Whether this is the app's code of now, not used before; uses it up."""
    code = "".join(typed.split())
    if not re.fullmatch("[0-9]{6}", code):
        return False
    codes = _codes(current_app.config["SECRET_KEY"])
    return bool(codes.verify_totp(code, secret, user, window=DRIFT))


def fits(session: Session, user: User, typed: str) -> str | None:
    """What kind of code of this person it is, once used up; None when it is none."""
    if user.totp and fits_app(user, user.totp, typed):
        return "app"
    return "recovery code" if use_recovery_code(session, user, _plain(typed)) else None


def new_recovery_codes(session: Session, user: User) -> list[str]:
    """Recovery codes instead of those that the person had; kept as hashes, told only now."""
    drop_recovery_codes(session, user)
    # Longer than the library's: 80 bits, so that their hashes tell nothing.
    raw = (secrets.token_hex(10) for _ in range(MANY))
    codes = ["-".join(re.findall("....", code)) for code in raw]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=digest(_plain(c))) for c in codes)
    return codes


def _plain(typed: str) -> str:
    return re.sub("[^0-9a-f]", "", typed.lower()[:60])


@cache
def _codes(secret_key: str) -> AppCodes:
    key = hashlib.blake2b(secret_key.encode(), digest_size=32, person=b"desk totp").hexdigest()
    return AppCodes({"1": key}, ISSUER)
