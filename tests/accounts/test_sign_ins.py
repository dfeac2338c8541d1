"""Where a person is signed in: seen, and ended one by one."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.devices import browser_in_words, network_of
from newsapp.accounts.models import SignIn, User
from newsapp.accounts.queries import drop_outdated_sign_ins
from tests import newsroom
from tests.counting import selects
from tests.newsroom import PASSWORD, Desk

EDITOR = "editor@example.org"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"


@pytest.fixture
def phone(app: Flask, editor: User) -> Desk:
    """The editor's other browser, signed in."""
    return Desk(app.test_client(), EDITOR)


def numbers(desk: Desk, page: str = "/desk/account") -> list[str]:
    return re.findall(r"sign-ins/(\d+)/end", desk.get(page).text)


def test_each_is_listed_with_its_browser_and_network(app: Flask, desk: Desk) -> None:
    client = app.test_client()
    client.environ_base |= {"HTTP_USER_AGENT": FIREFOX, "REMOTE_ADDR": "203.0.113.77"}
    Desk(client, EDITOR)
    page = desk.get("/desk/account").text
    assert "Firefox on Linux" in page and "203.0.113.0/24" in page and "203.0.113.77" not in page
    assert page.count("This one") == 1


def test_one_is_ended_alone(app: Flask, desk: Desk, phone: Desk) -> None:
    laptop = Desk(app.test_client(), EDITOR)
    [number, _] = numbers(desk)  # the laptop's, seen last
    assert desk.post(f"/desk/account/sign-ins/{number}/end", {}).status_code == 303
    seen = [browser.get("/desk/stories").status_code for browser in (desk, phone, laptop)]
    assert seen == [200, 200, 302]


def test_all_others_are_ended_and_this_one_goes_on(desk: Desk, phone: Desk) -> None:
    desk.post("/desk/account/sign-ins/end", {})
    assert desk.get("/desk/stories").status_code == 200
    assert phone.get("/desk/stories").status_code == 302


def test_nobody_ends_another_persons(app: Flask, desk: Desk, session: Session) -> None:
    newsroom.hire(session, "mei@example.org", "editor")
    mei = Desk(app.test_client(), "mei@example.org")
    theirs = session.query(SignIn).order_by(SignIn.id.desc()).first()
    assert theirs is not None
    assert desk.post(f"/desk/account/sign-ins/{theirs.id}/end", {}).status_code == 404
    assert desk.post("/desk/account/sign-ins/99999999999/end", {}).status_code == 404
    assert mei.get("/desk/stories").status_code == 200


def test_an_admin_ends_anybodys(app: Flask, desk: Desk, phone: Desk, session: Session) -> None:
    newsroom.hire(session, "admin@example.org", "admin")
    admin = Desk(app.test_client(), "admin@example.org")
    editor = session.query(User).filter_by(email=EDITOR).one()
    page = f"/desk/people/{editor.id}"
    [number, _] = numbers(admin, page)
    admin.post(f"{page}/sign-ins/{number}/end", {})
    assert [b.get("/desk/stories").status_code for b in (desk, phone)] in ([302, 200], [200, 302])
    admin.post(f"{page}/sign-ins/end", {})
    assert [b.get("/desk/stories").status_code for b in (desk, phone)] == [302, 302]


def test_it_is_over_after_a_week_without_a_sign_of_life(desk: Desk) -> None:
    with time_machine.travel(clock.now() + timedelta(days=6)):
        assert desk.get("/desk/stories").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=13, minutes=1)):
        assert desk.get("/desk/stories").status_code == 302


def test_it_is_over_after_a_month_in_any_case(desk: Desk) -> None:
    # The cookie itself is renewed by what is told at the desk.
    for day in range(5, 30, 5):
        with time_machine.travel(clock.now() + timedelta(days=day)):
            desk.post("/desk/account", {"name": f"Ed {day}"})
    with time_machine.travel(clock.now() + timedelta(days=30, minutes=1)):
        assert desk.get("/desk/stories").status_code == 302


def test_what_is_over_is_forgotten(desk: Desk, phone: Desk, session: Session) -> None:
    desk.post("/desk/account/sign-ins/end", {})
    drop_outdated_sign_ins(session, clock.now())
    session.commit()
    assert session.query(SignIn).count() == 1
    drop_outdated_sign_ins(session, clock.now() + timedelta(days=8))
    assert session.query(SignIn).count() == 0


def test_it_is_noted_once_a_minute_not_at_each_request(desk: Desk, session: Session) -> None:
    before = session.query(SignIn).one().seen_at
    desk.get("/desk/stories")
    session.expire_all()
    assert session.query(SignIn).one().seen_at == before
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        desk.get("/desk/stories")
        session.expire_all()
        assert session.query(SignIn).one().seen_at == clock.now()


def test_who_it_is_costs_two_selects(desk: Desk) -> None:
    with selects() as sent:
        assert desk.get("/desk/wire/new?after=1").status_code == 204
    # The person with the sign-in, their roles.
    assert len([said for said in sent if "users" in said or "roles" in said]) == 2


def test_a_readers_page_asks_for_no_sign_in(desk: Desk) -> None:
    with selects() as sent:
        desk.get("/latest")
    assert not [statement for statement in sent if "sign_ins" in statement]


def test_the_password_is_asked_for_again_after_a_while(app: Flask, session: Session) -> None:
    newsroom.hire(session, "admin@example.org", "admin")
    admin = Desk(app.test_client(), "admin@example.org")
    assert admin.get("/desk/people/new").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        asked = admin.get("/desk/people/new")
        assert asked.location == "/desk/account/proof?next=/desk/people/new"
        wrong = admin.post("/desk/account/proof", {"password": "x"}, at=asked.location)
        assert (wrong.status_code, "not your password" in wrong.text) == (422, True)
        form = {"password": PASSWORD, "next": "/desk/people/new"}
        right = admin.post("/desk/account/proof", form, at=asked.location)
        assert right.location == "/desk/people/new"
        assert admin.get("/desk/people/new").status_code == 200


def test_a_form_that_lay_open_too_long_changes_nothing(app: Flask, session: Session) -> None:
    newsroom.hire(session, "admin@example.org", "admin")
    admin = Desk(app.test_client(), "admin@example.org")
    form = {"email": "mei@example.org", "role": "editor"}
    with time_machine.travel(clock.now() + timedelta(minutes=46)):
        assert "/desk/account/proof" in admin.post("/desk/people", form).location
    assert session.query(User).filter_by(email="mei@example.org").count() == 0


def test_guessing_the_password_of_an_open_session_is_throttled(desk: Desk) -> None:
    form = {"password": "wrong"}
    answers = [desk.post("/desk/account/proof", form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>alert(1)</script>", "Another browser"),
        ("", "Another browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"),
     ("::ffff:203.0.113.9", "203.0.113.0/24"), ("fe80::1%eth0", "fe80::/48"), ("None", "")],
)  # fmt: skip
def test_an_address_is_told_by_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_session_from_before_is_asked_to_sign_in_again(client: FlaskClient, desk: Desk) -> None:
    with desk.client.session_transaction(path="/desk/") as kept:
        del kept["sign_in"]
    assert desk.get("/desk/stories").status_code == 302
