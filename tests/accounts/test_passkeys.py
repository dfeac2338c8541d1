"""Passkeys: what a device signed is taken once, and what none signed never."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url as letters
from webauthn.helpers import encode_cbor

from newsapp import clock
from newsapp.accounts.models import Passkey, UsedChallenge, User
from newsapp.accounts.queries import use_challenge
from tests.newsroom import Desk

SECOND = "/desk/account/second-step"


class Device:
    """Makes a passkey and shows it; like most, it doesn't count how often."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_numbers()
        self.cose: Any = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        self.credential = hashlib.sha256(self.cose[-2]).digest()

    def makes(self, options: dict[str, Any]) -> str:
        """Its answer to whoever wants a passkey made."""
        name = len(self.credential).to_bytes(2) + self.credential
        data = self._data(0x45) + bytes(16) + name + encode_cbor(self.cose)
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(self._client("create", options), attestationObject=attested)

    def shows(self, options: dict[str, Any]) -> str:
        """Its answer to whoever asks for the passkey."""
        client, data = self._client("get", options), self._data(5)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(client, authenticatorData=data, signature=signature)

    def _client(self, what: str, options: dict[str, Any]) -> bytes:
        said = {"type": f"webauthn.{what}", "challenge": options["challenge"], "origin": self.site}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        host = urlsplit(self.site).hostname or ""
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + bytes(4)

    def _answer(self, client: bytes, **parts: bytes) -> str:
        name = letters(self.credential)
        response = {part: letters(value) for part, value in parts.items()}
        response["clientDataJSON"] = letters(client)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


@pytest.fixture
def device(app: Flask) -> Device:
    """A device with a passkey that the site does not know yet."""
    return Device(app.config["PUBLIC_URL"])


@pytest.fixture
def owner(device: Device, desk: Desk) -> Device:
    """The editor's device; the site knows its passkey."""
    assert add(desk, device).status_code == 200
    return device


def token_in(client: FlaskClient, at: str) -> str:
    return client.get(at).text.partition('csrf_token" value="')[2].partition('"')[0]


def add(desk: Desk, device: Device) -> Any:
    token = token_in(desk.client, SECOND)
    headers = {"X-CSRFToken": token}
    options = desk.client.post(f"{SECOND}/passkeys/challenge", headers=headers).get_json()
    form = {"credential": device.makes(options), "name": "Mine", "csrf_token": token}
    return desk.client.post(f"{SECOND}/passkeys", data=form)


def copies(app: Flask, device: Device, count: int) -> list[tuple[FlaskClient, dict[str, str]]]:
    """Browsers with the very same cookie, and the form that each of them sends."""
    first = app.test_client()
    token = token_in(first, "/desk/login")
    options = first.post("/desk/login/challenge", headers={"X-CSRFToken": token}).get_json()
    form = {"credential": device.shows(options), "csrf_token": token}
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = first.get_cookie(name, path="/desk")
    assert cookie is not None
    browsers = [app.test_client() for _ in range(count)]
    for browser in browsers:
        browser.set_cookie(name, cookie.value, path=cookie.path)
    return [(browser, form) for browser in browsers]


def come_in(browser: FlaskClient, form: dict[str, str]) -> int:
    return browser.post("/desk/login/passkey", data=form).status_code


def test_what_a_passkey_signed_signs_nobody_in_again(app: Flask, owner: Device) -> None:
    first, second = copies(app, owner, 2)
    assert [come_in(*first), come_in(*second)] == [302, 422]
    assert second[0].get("/desk/stories").status_code == 302
    assert come_in(*copies(app, owner, 1)[0]) == 302


def test_of_two_who_send_it_at_once_one_comes_in(app: Flask, owner: Device) -> None:
    barrier = Barrier(2)

    def send(copy: tuple[FlaskClient, dict[str, str]]) -> int:
        barrier.wait()
        return come_in(*copy)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, copies(app, owner, 2))) == [302, 422]


def test_used_challenges_are_forgotten_when_no_cookie_is_good_any_more(session: Session) -> None:
    assert use_challenge(session, "a", clock.now())
    session.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=59)):
        assert not use_challenge(session, "a", clock.now())
        session.rollback()
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert use_challenge(session, "b", clock.now())
    assert session.scalar(select(func.count()).select_from(UsedChallenge)) == 1


@pytest.mark.parametrize("key", [[1], {}, {1: 2, 3: -7}, 0, "x", {1: 99}, {1: 2, 3: -7, -1: []}])
def test_a_key_that_is_none_is_refused_in_a_sentence(
    desk: Desk, device: Device, session: Session, key: Any
) -> None:
    device.cose = key
    answer = add(desk, device)
    assert (answer.status_code, "did not show a passkey" in answer.text) == (422, True)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_a_passkey_of_a_boundless_name_is_refused(desk: Desk, device: Device) -> None:
    device.credential = b"x" * 3000
    assert add(desk, device).status_code == 422


def test_a_passkey_is_somebodys_once(desk: Desk, owner: Device) -> None:
    answer = add(desk, owner)
    assert (answer.status_code, "has a name here already" in answer.text) == (422, True)


@pytest.mark.parametrize("kept", [b"", b"\x81\x01", b"\xa0", b"\xff"])
def test_a_key_that_was_kept_broken_opens_nothing(
    app: Flask, owner: Device, editor: User, session: Session, kept: bytes
) -> None:
    session.scalars(select(Passkey)).one().public_key = kept
    session.commit()
    assert come_in(*copies(app, owner, 1)[0]) == 422
