"""A new password by mail, and one's own account."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from huey import Huey
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from newsapp import clock
from newsapp.accounts.models import AccessLink, User
from tests import newsroom
from tests.newsroom import PASSWORD, Desk

EDITOR = "editor@example.org"
SITE = "http://127.0.0.1:8000"
CHOSEN = "four words at random"
Ask = Callable[..., TestResponse]


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Asks for a new password: `ask("mei@example.org")`."""

    def ask(email: str, address: str = "192.0.2.1") -> TestResponse:
        data = {"email": email, "csrf_token": token(client.get("/desk/forgotten").text)}
        where = {"REMOTE_ADDR": address}
        return client.post("/desk/forgotten", data=data, environ_overrides=where)

    return ask


@pytest.fixture
def post(app: Flask) -> Callable[[], list[str]]:
    """Has the worker send what is to be sent; the links in the letters of this test."""
    app.extensions["mailman"].backend, app.extensions["mailman"].outbox = "locmem", []
    queue: Huey = app.extensions["huey"]

    def send() -> list[str]:
        while (task := queue.dequeue()) is not None:
            queue.execute(task)
        bodies = [str(letter.body) for letter in app.extensions["mailman"].outbox]
        return [re.findall(r"http\S+", body)[0] for body in bodies]

    return send


def choose(client: FlaskClient, address: str, new: str = CHOSEN) -> TestResponse:
    page = client.get(address.removeprefix(SITE), follow_redirects=True)
    if page.status_code != 200:
        return page
    data = {"new_password": new, "csrf_token": token(page.text)}
    return client.post("/desk/password", data=data)


def test_a_link_in_a_letter_leads_to_a_new_password(
    app: Flask, client: FlaskClient, editor: User, ask: Ask, post: Callable[[], list[str]]
) -> None:
    assert ask(EDITOR).status_code == 200
    [address] = post()
    assert choose(client, address).location == "/desk/login"
    Desk(app.test_client(), EDITOR, CHOSEN)


def test_known_and_unknown_addresses_get_the_same(
    ask: Ask, editor: User, post: Callable[[], list[str]], session: Session
) -> None:
    let_go = newsroom.hire(session, "gone@example.org", "editor")
    let_go.active = False
    session.commit()
    answers = [ask(email) for email in (EDITOR, "no@example.org", "gone@example.org")]
    blind = {re.sub(r"<strong>\S+</strong>|(value|nonce)=\S+", "", a.text) for a in answers}
    assert [a.status_code for a in answers] == [200] * 3
    assert len(blind) == 1
    assert len(post()) == 1


def test_asking_does_no_other_work_for_a_known_address(
    app: Flask, editor: User, ask: Ask, computed: Callable[[], list[str]]
) -> None:
    ask(EDITOR)
    known = computed()
    ask("nobody@example.org")
    assert computed() == known


@pytest.fixture
def computed(app: Flask) -> Callable[[], list[str]]:
    """The statements sent to the database and the tasks queued since it was asked last."""
    sent: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)

    def since() -> list[str]:
        queued = [str(task.name) for task in app.extensions["huey"].pending()]
        app.extensions["huey"].flush()
        seen, sent[:] = sent[:] + queued, []
        return seen

    return since


def test_a_link_works_once(
    app: Flask, client: FlaskClient, editor: User, ask: Ask, post: Callable[[], list[str]]
) -> None:
    ask(EDITOR)
    [address] = post()
    choose(client, address)
    again = choose(app.test_client(), address, "another four words here")
    assert (again.status_code, "no longer good" in again.text) == (410, True)
    Desk(app.test_client(), EDITOR, CHOSEN)


def test_a_link_works_for_one_of_those_who_use_it_at_once(
    app: Flask, editor: User, ask: Ask, post: Callable[[], list[str]]
) -> None:
    ask(EDITOR)
    [address] = post()
    browsers = [app.test_client() for _ in range(6)]
    pages = [b.get(address[len(SITE) :], follow_redirects=True).text for b in browsers]

    def send(number: int) -> int:
        data = {"new_password": f"{CHOSEN} {number}", "csrf_token": token(pages[number])}
        return browsers[number].post("/desk/password", data=data).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(send, range(6))) == [303] + [410] * 5


def test_a_link_is_over_after_an_hour(
    client: FlaskClient, editor: User, ask: Ask, post: Callable[[], list[str]]
) -> None:
    ask(EDITOR)
    [address] = post()
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert choose(client, address).status_code == 410


def test_a_newer_link_and_a_password_change_kill_a_link(
    app: Flask, editor: User, ask: Ask, post: Callable[[], list[str]]
) -> None:
    ask(EDITOR)
    ask(EDITOR)
    first, second = post()
    assert choose(app.test_client(), first).status_code == 410
    desk = Desk(app.test_client(), EDITOR)
    change(desk)
    assert choose(app.test_client(), second).status_code == 410


def test_a_new_password_ends_every_session(
    client: FlaskClient, desk: Desk, ask: Ask, post: Callable[[], list[str]]
) -> None:
    ask(EDITOR)
    [address] = post()
    choose(client, address)
    assert desk.get("/desk/stories").status_code == 302


def test_the_token_is_kept_nowhere_and_told_to_nobody(
    client: FlaskClient,
    editor: User,
    ask: Ask,
    post: Callable[[], list[str]],
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(EDITOR)
    [address] = post()
    secret = address.partition("token=")[2]
    followed = client.get(f"/desk/link?token={secret}")
    assert followed.location == "/desk/password"
    assert followed.headers["Referrer-Policy"] == "no-referrer"
    page = client.get("/desk/password").text
    kept = str([vars(row) for row in session.query(AccessLink)])
    assert secret not in kept + page + caplog.text


def test_links_never_name_the_host_that_was_asked(
    client: FlaskClient, editor: User, post: Callable[[], list[str]]
) -> None:
    page = client.get("/desk/forgotten", headers={"Host": "evil.example"})
    client.set_cookie("desk", page.headers["Set-Cookie"].split("=", 1)[1].split(";")[0],
                      domain="evil.example", path="/desk")  # fmt: skip
    data = {"email": EDITOR, "csrf_token": token(page.text)}
    sent = client.post("/desk/forgotten", data=data, base_url="http://evil.example")
    assert sent.status_code == 200
    assert [address.startswith("http://127.0.0.1:8000/desk/link?") for address in post()] == [True]


def test_letters_are_few(ask: Ask, editor: User) -> None:
    assert [ask(EDITOR).status_code for _ in range(6)] == [200] * 5 + [429]
    many = [ask(f"{n}@example.org", "198.51.100.1").status_code for n in range(21)]
    assert many == [200] * 20 + [429]


@pytest.mark.parametrize("made_up", ["", "x", "../..", "%00", "a" * 5000, "%ed%a0%80"])
def test_a_made_up_link_is_a_dead_one(client: FlaskClient, made_up: str) -> None:
    answer = client.get(f"/desk/link?token={made_up}", follow_redirects=True)
    assert (answer.status_code, "no longer good" in answer.text) == (410, True)


def change(desk: Desk, **typed: str) -> TestResponse:
    form = {"password": PASSWORD, "new_password": CHOSEN, **typed}
    return desk.post("/desk/account/password", form, at="/desk/account/password")


def test_a_password_is_changed_by_who_knows_it(app: Flask, desk: Desk) -> None:
    elsewhere = Desk(app.test_client(), EDITOR)
    assert change(desk).status_code == 303
    assert desk.get("/desk/account").status_code == 200
    assert elsewhere.get("/desk/account").status_code == 302
    Desk(app.test_client(), EDITOR, CHOSEN)


def test_who_does_not_know_it_changes_nothing(app: Flask, desk: Desk) -> None:
    wrong = change(desk, password="wrong")
    assert (wrong.status_code, "not your current password" in wrong.text) == (422, True)
    assert [change(desk, password="wrong").status_code for _ in range(11)][-1] == 429
    Desk(app.test_client(), EDITOR)


def test_a_person_changes_their_name(desk: Desk, editor: User, session: Session) -> None:
    desk.post("/desk/account", {"name": " Rosa\x00  Lim ", "role": "admin", "email": "x@y.org"})
    session.expire_all()
    assert (editor.name, editor.role, editor.email) == ("Rosa Lim", "editor", EDITOR)
    assert desk.post("/desk/account", {"name": ""}).status_code == 422


@pytest.mark.parametrize("typed", ["x", "rosa@", "@example.org", "rosa example.org", "a@b@c.org"])
def test_what_mail_can_not_go_to_is_said_at_the_field(ask: Ask, typed: str) -> None:
    answer = ask(typed)
    assert answer.status_code == 422
    assert "That is no e-mail address." in answer.text
