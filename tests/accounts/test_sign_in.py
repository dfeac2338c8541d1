"""Signing in and out."""

import re
from pathlib import Path
from typing import Any

import pytest
from argon2 import extract_parameters, low_level
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from newsapp.accounts.models import User
from tests import newsroom
from tests.newsroom import PASSWORD, Desk

EDITOR = "editor@example.org"


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/login").text)
    assert found is not None
    return found[1]


def try_to(
    client: FlaskClient, email: str, password: str, address: str = "192.0.2.1", goal: str = ""
) -> TestResponse:
    data = {"email": email, "password": password, "next": goal, "csrf_token": token(client)}
    return client.post("/desk/login", data=data, environ_overrides={"REMOTE_ADDR": address})


def blind(answer: TestResponse, email: str) -> str:
    return re.sub(r'(value|nonce)="[^"]*"', "", answer.text.replace(email, ""))


def test_the_right_password_opens_the_desk(client: FlaskClient, editor: User) -> None:
    assert try_to(client, EDITOR, PASSWORD).location == "/desk/stories"
    assert client.get("/desk/stories").status_code == 200


def test_an_address_may_be_written_in_capitals(client: FlaskClient, editor: User) -> None:
    assert try_to(client, " Editor@Example.ORG ", PASSWORD).status_code == 302


def test_unknown_and_wrong_get_the_same_answer(client: FlaskClient, editor: User) -> None:
    wrong = try_to(client, EDITOR, "wrong")
    unknown = try_to(client, "nobody@example.org", "wrong")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert blind(wrong, EDITOR) == blind(unknown, "nobody@example.org")


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """The costs of each password hash that argon2 computes: passes, memory, lanes."""
    costs: list[tuple[int, int, int]] = []
    hash_secret, verify_secret = low_level.hash_secret, low_level.verify_secret

    def hashing(**given: Any) -> bytes:
        costs.append((given["time_cost"], given["memory_cost"], given["parallelism"]))
        return hash_secret(**given)

    def verifying(hash: bytes, *given: Any, **named: Any) -> bool:
        known = extract_parameters(hash.decode())
        costs.append((known.time_cost, known.memory_cost, known.parallelism))
        return verify_secret(hash, *given, **named)

    monkeypatch.setattr(low_level, "hash_secret", hashing)
    monkeypatch.setattr(low_level, "verify_secret", verifying)
    return costs


def test_unknown_and_wrong_take_the_same_work(
    client: FlaskClient, editor: User, session: Session, computed: list[tuple[int, int, int]]
) -> None:
    editor.password = hash_password(PASSWORD)  # at the site's own cost
    session.commit()
    computed.clear()
    try_to(client, EDITOR, "wrong")
    try_to(client, "nobody@example.org", "wrong")
    wrong, unknown = computed  # one each: nearly all the time that an answer takes
    assert wrong == unknown


def test_what_is_missing_is_said_at_the_field(client: FlaskClient) -> None:
    answer = try_to(client, EDITOR, "")
    assert answer.status_code == 422
    assert 'href="#password">Enter your password.' in answer.text
    assert f'value="{EDITOR}"' in answer.text


def test_guessing_one_account_is_throttled_but_its_owner_comes_in(
    client: FlaskClient, editor: User
) -> None:
    answers = [try_to(client, EDITOR, "wrong") for _ in range(12)]
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 901  # rounded up
    assert "Too many wrong passwords. Try again in" in answers[-1].text
    assert try_to(client, EDITOR, PASSWORD).status_code == 429
    assert try_to(client, EDITOR, PASSWORD, "198.51.100.7").status_code == 302


def test_an_account_is_one_however_its_address_is_typed(client: FlaskClient, editor: User) -> None:
    written = (f"edi{chr(0x200B) * number}tor@example.org" for number in range(12))
    answers = [try_to(client, address, "wrong").status_code for address in written]
    assert answers == [422] * 10 + [429] * 2


def test_one_guess_on_each_of_many_accounts_is_throttled(client: FlaskClient) -> None:
    answers = [try_to(client, f"{n}@example.org", "wrong").status_code for n in range(31)]
    assert answers == [422] * 30 + [429]


def test_signing_in_often_is_no_guessing(client: FlaskClient, editor: User) -> None:
    for _ in range(12):
        client.delete_cookie("desk", path="/desk")
        assert try_to(client, EDITOR, PASSWORD).status_code == 302


def test_the_session_is_a_new_one_after_signing_in(client: FlaskClient, editor: User) -> None:
    before = token(client)
    try_to(client, EDITOR, PASSWORD)
    answer = client.post("/desk/logout", data={"csrf_token": before})
    assert answer.status_code == 400


def test_signing_out_ends_this_session_and_no_other(desk: Desk, second_client: Desk) -> None:
    desk.post("/desk/logout", {})
    assert desk.get("/desk/stories").status_code == 302
    assert second_client.get("/desk/stories").status_code == 200


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, desk: Desk) -> None:
    copied = desk.client.get_cookie("desk", path="/desk")
    assert copied is not None
    desk.post("/desk/logout", {})
    thief = app.test_client()
    thief.set_cookie("desk", copied.value, path="/desk")
    assert thief.get("/desk/stories").status_code == 302
    assert thief.get("/desk/wire/new?after=1", headers={"HX-Request": "true"}).status_code == 401


def test_a_person_who_was_let_go_is_out_at_once(desk: Desk, editor: User, session: Session) -> None:
    editor.active = False
    session.commit()
    assert desk.get("/desk/stories").status_code == 302


def test_signing_out_takes_a_post(desk: Desk) -> None:
    assert desk.get("/desk/logout").status_code == 405
    assert desk.get("/desk/stories").status_code == 200


def test_the_cookies_are_for_the_desk_alone(client: FlaskClient, editor: User) -> None:
    cookies = try_to(client, EDITOR, PASSWORD).headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"desk", "desk_known"}
    for cookie in cookies:
        assert {"HttpOnly", "Path=/desk", "SameSite=Lax"} <= set(cookie.split("; "))


def test_on_the_open_net_the_cookies_travel_encrypted_only(app: Flask, editor: User) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True  # as with a PUBLIC_URL that begins with https
    client, net = app.test_client(), {"base_url": "https://127.0.0.1:8000"}
    page = client.get("/desk/login", **net).text
    form = {"email": EDITOR, "password": PASSWORD,
            "csrf_token": page.partition('csrf_token" value="')[2].partition('"')[0]}  # fmt: skip
    referrer = {"Referer": "https://127.0.0.1:8000/desk/login"}
    answer = client.post("/desk/login", data=form, headers=referrer, **net)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/desk", "SameSite=Lax"} <= set(cookie.split("; "))


def test_an_owner_comes_in_while_many_guess_the_password(
    app: Flask, client: FlaskClient, editor: User
) -> None:
    try_to(client, EDITOR, PASSWORD, "198.51.100.7")  # some day before
    stranger = app.test_client()
    for n in range(12):
        for _ in range(9):
            last = try_to(stranger, EDITOR, "wrong", f"203.0.113.{n}")
    assert last.status_code == 429
    assert try_to(stranger, EDITOR, PASSWORD, "203.0.113.99").status_code == 429
    client.delete_cookie("desk", path="/desk")
    assert try_to(client, EDITOR, PASSWORD, "198.51.100.7").status_code == 302


def test_a_browser_is_known_for_the_account_that_signed_in_there(
    app: Flask, client: FlaskClient, editor: User, session: Session
) -> None:
    newsroom.hire(session, "mei@example.org", "editor")
    try_to(client, "mei@example.org", PASSWORD)
    stranger = app.test_client()
    for n in range(12):
        for _ in range(9):
            try_to(stranger, EDITOR, "wrong", f"203.0.113.{n}")
    client.delete_cookie("desk", path="/desk")
    assert try_to(client, EDITOR, PASSWORD, "198.51.100.7").status_code == 429


def test_the_addresses_of_one_subscriber_count_as_one(client: FlaskClient, editor: User) -> None:
    answers = [try_to(client, EDITOR, "wrong", f"2001:db8::{n}").status_code for n in range(11)]
    assert answers[-1] == 429
    assert try_to(client, EDITOR, PASSWORD, "2001:db8:0:1::1").status_code == 302


@pytest.mark.parametrize("email", ["\x00", "a\x00b@example.org", "\ud800@example.org"])
def test_an_address_that_no_database_takes_is_a_wrong_one(client: FlaskClient, email: str) -> None:
    answer = try_to(client, email.encode("utf-8", "replace").decode(), "wrong")
    assert answer.status_code == 422


def test_it_goes_on_where_one_wanted_to_be(client: FlaskClient, editor: User) -> None:
    asked = client.get("/desk/stories?status=draft&words=a%20b")
    assert try_to(client, EDITOR, PASSWORD, goal="/desk/stories?status=draft").location == (
        "/desk/stories?status=draft"
    )
    assert "next=/desk/stories?status%3Ddraft%26words%3Da%2520b" in asked.location


def test_it_never_goes_on_to_another_site(
    client: FlaskClient, editor: User, shared_data: Path
) -> None:
    lines = (shared_data / "security" / "open_redirects.txt").read_text("utf-8").splitlines()
    try_to(client, EDITOR, PASSWORD)
    for line in filter(None, lines):
        answer = client.get("/desk/login", query_string={"next": line})
        assert answer.location == "/desk/stories", line


@pytest.fixture
def second_client(app: object, editor: User) -> Desk:
    return Desk(app.test_client(), EDITOR)  # type: ignore[attr-defined]
