"""People: asked in, given a role, shut out; for admins."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.accounts.queries import user_by_email
from tests import newsroom
from tests.newsroom import Desk

MEI = {"email": "Mei@Example.org", "name": "Mei Tanaka", "role": "editor"}
CHOSEN = "four words at random"


@pytest.fixture
def admin_desk(app: Flask, session: Session) -> Desk:
    """An admin's browser, signed in."""
    newsroom.hire(session, "admin@example.org", "admin")
    return Desk(app.test_client(), "admin@example.org")


@pytest.fixture
def letters(app: Flask) -> Callable[[], list[str]]:
    """What the mail server got, in words: `letters()`."""
    post = app.extensions["mailman"]
    post.backend, post.outbox = "locmem", []
    return lambda: [str(letter.body) for letter in post.outbox]


@pytest.fixture
def invited(admin_desk: Desk) -> str:
    """The link that Mei got."""
    return link(admin_desk.post("/desk/people", MEI).location, admin_desk)


def link(page: str, desk: Desk) -> str:
    found = re.search(r'value="(http[^"]+/desk/link\?token=[^"]+)"', desk.get(page).text)
    assert found is not None
    return found[1].removeprefix("http://127.0.0.1:8000")


def come(client: FlaskClient, url: str, **typed: str) -> str:
    """Follows a link and fills the form behind it; where that leads, or what it says."""
    page = client.get(url, follow_redirects=True).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        return page
    data = {"name": "Mei", "new_password": CHOSEN, **typed, "csrf_token": token[1]}
    answer = client.post("/desk/password", data=data)
    return answer.location or answer.text


def test_an_invitation_is_mailed_and_shown_once(
    admin_desk: Desk, letters: Callable[[], list[str]]
) -> None:
    page = admin_desk.post("/desk/people", MEI).location
    address = link(page, admin_desk)
    assert [address in letter for letter in letters()] == [True]
    assert "token=" not in admin_desk.get(page).text
    assert "Invited" in admin_desk.get("/desk/people").text


def test_who_is_invited_chooses_a_password_and_is_in(
    app: Flask, client: FlaskClient, invited: str
) -> None:
    assert come(client, invited, name="Mei T.") == "/desk/stories"
    assert "Mei T." in client.get("/desk/stories").text
    Desk(app.test_client(), "mei@example.org", CHOSEN)


def test_an_invitation_works_once(app: Flask, client: FlaskClient, invited: str) -> None:
    come(client, invited)
    assert "no longer good" in come(app.test_client(), invited)


def test_looking_at_an_invitation_does_not_use_it_up(
    app: Flask, client: FlaskClient, invited: str
) -> None:
    app.test_client().get(invited, follow_redirects=True)  # a mail server's look at every link
    assert come(client, invited) == "/desk/stories"


def test_another_invitation_kills_the_one_before(
    app: Flask, client: FlaskClient, admin_desk: Desk, invited: str, session: Session
) -> None:
    mei = user_by_email(session, "mei@example.org")
    assert mei is not None
    again = link(admin_desk.post(f"/desk/people/{mei.id}/invitation", {}).location, admin_desk)
    assert "no longer good" in come(app.test_client(), invited)
    assert come(client, again) == "/desk/stories"


def test_an_invitation_that_is_taken_back_is_dead(
    client: FlaskClient, admin_desk: Desk, invited: str, session: Session
) -> None:
    mei = user_by_email(session, "mei@example.org")
    assert mei is not None
    admin_desk.post(f"/desk/people/{mei.id}/invitation/end", {})
    assert "no longer good" in come(client, invited)
    admin_desk.get("/desk/people")  # which tells of it
    assert "mei@example.org" not in admin_desk.get("/desk/people").text


@pytest.mark.parametrize("typed", [
    {"email": "mei", "role": "editor"}, {"email": "editor@example.org", "role": "editor"},
    {"email": "mei@example.org", "role": "owner"}, {"email": "mei@example.org"}, {},
    {"email": "\x00", "role": "editor"}, {"email": "a" * 10_000 + "@example.org", "role": "editor"},
    {"email": "mei@example.org", "role": "editor", "name": "x" * 10_000},
])  # fmt: skip
def test_what_is_no_invitation_is_said_at_the_field(
    admin_desk: Desk, editor: User, typed: dict[str, str], session: Session
) -> None:
    answer = admin_desk.post("/desk/people", typed)
    assert (answer.status_code, "field__error" in answer.text) == (422, True)
    assert user_by_email(session, "mei@example.org") is None


@pytest.mark.parametrize("bad", ["short", "aaaaaaaaaaaaaaaa", "password1234!", "1234567890123",
                                 "mei@example.org", "x" * 129])  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(
    client: FlaskClient, invited: str, bad: str
) -> None:
    assert "field__error" in come(client, invited, new_password=bad)
    assert come(client, invited) == "/desk/stories"


def test_another_role_ends_what_was_begun_with_the_old_one(
    app: Flask, admin_desk: Desk, desk: Desk, editor: User
) -> None:
    url, form = f"/desk/people/{editor.id}", {"name": "Ed", "role": "reporter"}
    told = admin_desk.get(admin_desk.post(url, form).location).text
    assert "signed out everywhere" in told
    assert desk.get("/desk/stories").status_code == 302
    assert desk.get("/desk/stories", headers={"HX-Request": "true"}).status_code == 401
    again = Desk(app.test_client(), "editor@example.org")
    assert again.get("/desk/breaking").status_code == 403


def test_another_name_ends_nothing_and_an_invitation_outlives_another_role(
    client: FlaskClient, admin_desk: Desk, desk: Desk, editor: User, invited: str, session: Session
) -> None:
    admin_desk.post(f"/desk/people/{editor.id}", {"name": "Ed", "role": "editor"})
    assert desk.get("/desk/stories").status_code == 200
    mei = user_by_email(session, MEI["email"])
    assert mei is not None
    admin_desk.post(f"/desk/people/{mei.id}", {"name": "Mei", "role": "reporter"})
    assert come(client, invited) == "/desk/stories"


def test_the_last_admin_stays(app: Flask, admin_desk: Desk, desk: Desk, session: Session) -> None:
    admin = user_by_email(session, "admin@example.org")
    assert admin is not None
    url = f"/desk/people/{admin.id}"
    refused = admin_desk.post(url, {"name": "A", "role": "editor"})
    assert (refused.status_code, "Nobody else is an admin" in refused.text) == (422, True)
    assert admin_desk.post(f"{url}/suspension", {}).status_code == 409
    newsroom.hire(session, "second@example.org", "admin")
    assert admin_desk.post(f"{url}/suspension", {}, at=url).status_code == 303
    assert admin_desk.get("/desk/people").status_code == 302


def test_who_is_only_invited_is_no_second_admin(admin_desk: Desk, session: Session) -> None:
    admin_desk.post("/desk/people", {**MEI, "role": "admin"})
    admin = user_by_email(session, "admin@example.org")
    assert admin is not None
    assert admin_desk.post(f"/desk/people/{admin.id}/suspension", {}).status_code == 409


def test_who_is_shut_out_is_out_at_once_and_may_come_back(
    app: Flask, admin_desk: Desk, desk: Desk, editor: User
) -> None:
    admin_desk.post(f"/desk/people/{editor.id}/suspension", {})
    assert desk.get("/desk/stories").status_code == 302
    with pytest.raises(AssertionError):
        Desk(app.test_client(), editor.email)
    admin_desk.post(f"/desk/people/{editor.id}/suspension/end", {})
    Desk(app.test_client(), editor.email)


@pytest.mark.parametrize("url", ["/desk/people", "/desk/people/new", "/desk/people/1"])
def test_people_are_for_admins(desk: Desk, url: str) -> None:
    assert desk.get(url).status_code == 403
    assert "/desk/people" not in desk.get("/desk/stories").text


def test_nobody_is_shut_out_by_a_form_that_says_more(
    admin_desk: Desk, editor: User, session: Session
) -> None:
    form = {"name": "Ed", "role": "editor", "active": "", "email": "x@example.org", "password": "x"}
    admin_desk.post(f"/desk/people/{editor.id}", form)
    session.expire_all()
    assert (editor.active, editor.email) == (True, "editor@example.org")


def test_a_letter_that_no_server_takes_is_said(admin_desk: Desk, app: Flask) -> None:
    app.extensions["mailman"].backend = "smtp"
    app.extensions["mailman"].port = 9  # nobody listens
    page = admin_desk.post("/desk/people", MEI).location
    text = admin_desk.get(page).text
    assert "could not be sent" in text and "/desk/link?token=" in text


def test_a_colleague_is_invited_by_command_too(client: FlaskClient, runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["accounts", "invite", "mei@example.org", "--role", "reporter"])
    found = re.search(r"(/desk/link\?token=\S+)", said.output)
    assert found is not None
    assert come(client, found[1]) == "/desk/stories"
