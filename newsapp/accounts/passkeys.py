"""Passkeys: what a browser is asked, and whether its answer is true (WebAuthn)."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from newsapp.accounts.codes import ISSUER
from newsapp.accounts.models import Passkey, User
from newsapp.accounts.queries import passkey_by_credential, use_challenge

LONGEST = 20_000  # characters of a browser's answer
MOST = 20  # passkeys of a person
_NAME = re.compile("[A-Za-z0-9_-]{1,1400}")


class Untrue(Exception):  # noqa: N818  # a refusal, not a fault
    """A browser's answer that does not show what it should; the message says what to do."""


def offered() -> bool:
    """Whether this site can have passkeys: browsers give none to an address in numbers."""
    try:
        ip_address(_host())
    except ValueError:
        return True
    return False


def to_make(user: User, known: Sequence[Passkey]) -> tuple[str, str]:
    """What a browser is told to make a passkey: JSON, and the challenge to be remembered."""
    options = generate_registration_options(
        rp_id=_host(), rp_name=ISSUER, user_id=_handle(user), user_name=user.email,
        user_display_name=user.name or user.email,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(known),
    )  # fmt: skip
    return options_to_json(options), bytes_to_base64url(options.challenge)


def made(
    session: Session, user: User, answer: str, challenge: str, name: str, at: datetime
) -> Passkey:
    """The passkey that a browser made, kept; Untrue when it shows none."""
    with _judged():
        parsed = _parsed(answer)
        verified = verify_registration_response(
            credential=parsed, expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(), expected_origin=current_app.config["PUBLIC_URL"],
            require_user_verification=True,
        )  # fmt: skip
        credential = bytes_to_base64url(verified.credential_id)
        if credential != parsed["id"]:
            raise ValueError("two names")
    passkey = Passkey(
        user_id=user.id, credential=credential, uses=verified.sign_count, name=name,
        public_key=verified.credential_public_key, created_at=at,
    )  # fmt: skip
    _use(session, challenge, at)
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError:
        raise Untrue("This passkey has a name here already. Make another one.") from None
    return passkey


def to_show(known: Sequence[Passkey] = ()) -> tuple[str, str]:
    """What a browser is told to show a passkey, one of `known` or any: JSON and the challenge."""
    options = generate_authentication_options(
        rp_id=_host(), allow_credentials=_named(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return options_to_json(options), bytes_to_base64url(options.challenge)


def shown(session: Session, answer: str, challenge: str, at: datetime) -> User:
    """Whose passkey it is that a browser showed, noted as used; Untrue when it shows none."""
    with _judged():
        parsed = _parsed(answer)
    found = passkey_by_credential(session, parsed["id"])
    if found is None:
        raise Untrue("This passkey opens no account here. It may have been removed.")
    passkey, user = found
    with _judged():
        verified = verify_authentication_response(
            credential=parsed, expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(), expected_origin=current_app.config["PUBLIC_URL"],
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses, require_user_verification=True,
        )  # fmt: skip
    _use(session, challenge, at)
    passkey.uses, passkey.used_at = verified.new_sign_count, at
    return user


@contextmanager
def _judged() -> Iterator[None]:
    """Calls untrue whatever an answer makes the library stumble over: it raises anything."""
    try:
        yield
    except Exception as error:
        raise Untrue("This device did not show a passkey. Try again.") from error


def _use(session: Session, challenge: str, at: datetime) -> None:
    # The cookie that holds it can be sent again; only we can say that it was used.
    if not challenge or not use_challenge(session, challenge, at):
        raise Untrue("This was sent before, or took too long. Try again.")


def _parsed(answer: str) -> dict[str, Any]:
    try:
        parsed = json.loads(answer) if len(answer) <= LONGEST else None
    except RecursionError:  # brackets in brackets
        parsed = None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("id"), str):
        raise ValueError("no credential")
    if not _NAME.fullmatch(parsed["id"]):
        raise ValueError("no name of a credential")
    return parsed


def _named(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(k.credential)) for k in known]


def _handle(user: User) -> bytes:
    # Names the person to their device, and says nothing of them.
    return hashlib.blake2b(f"{_host()} {user.id}".encode(), digest_size=32).digest()


def _host() -> str:
    return urlsplit(current_app.config["PUBLIC_URL"]).hostname or ""
