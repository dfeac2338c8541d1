"""The second step: an app's codes and recovery codes."""

import base64
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from newsapp import audit, clock, create_app
from newsapp.accounts.models import Passkey, RecoveryCode, User
from newsapp.accounts.queries import use_recovery_code, use_totp
from tests import newsroom
from tests.newsroom import PASSWORD, Desk
from tests.stores import Stores

EDITOR = "editor@example.org"
SECOND = "/desk/account/second-step"


@pytest.fixture(autouse=True)
def half_hour() -> Iterator[time_machine.Traveller]:
    """The clock stands in the middle of a code's half minute."""
    at = clock.now().replace(second=10, microsecond=0)
    with time_machine.travel(at, tick=False) as moment:
        yield moment


def key_on(page: str) -> str:
    found = re.search(r'class="key">([A-Z2-7-]+)<', page)
    assert found is not None
    return found[1].replace("-", "")


def code(key: str) -> str:
    return str(TOTP(key=key, format="base32").generate(time=clock.now()).token)


def codes_on(page: str) -> list[str]:
    return re.findall(r"\b(?:[0-9a-f]{4}-){4}[0-9a-f]{4}\b", page)


@pytest.fixture
def key(desk: Desk, half_hour: time_machine.Traveller) -> str:
    """The editor has an app with this key; its first code is used up."""
    key = key_on(desk.get(f"{SECOND}/app").text)
    # The page that is read for the token must not be the one that makes another secret.
    assert desk.post(f"{SECOND}/app", {"code": code(key)}, at=SECOND).status_code == 200
    half_hour.shift(timedelta(seconds=60))
    return key


def half_in(client: FlaskClient, email: str = EDITOR) -> Callable[[str], object]:
    """Gives the right password; what then is typed as the second step leads where it leads."""
    page = client.get("/desk/login").text

    def token(page: str) -> str:
        return page.partition('csrf_token" value="')[2].partition('"')[0]

    form = {"email": email, "password": PASSWORD, "csrf_token": token(page)}
    assert client.post("/desk/login", data=form).location == "/desk/login/second"

    def type_(typed: str) -> object:
        page = client.get("/desk/login/second").text
        return client.post(
            "/desk/login/second", data={"code": typed, "csrf_token": token(page)}
        ).status_code

    return type_


def test_the_password_alone_no_longer_opens_the_desk(app: Flask, key: str) -> None:
    client = app.test_client()
    type_ = half_in(client)
    assert client.get("/desk/stories").status_code == 302
    assert type_("000000") == 422
    assert client.get("/desk/stories").status_code == 302
    assert type_(code(key)) == 302
    assert client.get("/desk/stories").status_code == 200


def test_the_log_tells_a_wrong_code_from_a_right_one(
    app: Flask, key: str, session: Session
) -> None:
    type_ = half_in(app.test_client())
    for typed in ("000000", "ABCD-EFGH", code(key)):
        type_(typed)
    verbs = [deed.words for deed in audit.deeds(session, audit.Wanted(), limit=3)]
    assert verbs == ["signed in with a code", "failed to sign in", "failed to sign in"]


def test_a_code_is_good_once(app: Flask, key: str) -> None:
    typed = code(key)
    assert half_in(app.test_client())(typed) == 302
    assert half_in(app.test_client())(typed) == 422


def test_a_code_is_good_once_also_for_two_at_the_same_moment(
    editor: User, session: Session
) -> None:
    assert use_totp(session, editor, 7)
    assert not use_totp(session, editor, 7)
    assert not use_totp(session, editor, 6)


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_of_another_time_is_wrong(app: Flask, key: str, seconds: int) -> None:
    token = TOTP(key=key, format="base32").generate(clock.now() + timedelta(seconds=seconds)).token
    assert half_in(app.test_client())(str(token)) == 422


def test_guessing_codes_is_throttled_wherever_from(app: Flask, key: str) -> None:
    answers = []
    for n in range(11):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{n}"
        answers.append(half_in(client)("000000"))
    assert answers == [422] * 10 + [429]


def test_half_of_a_sign_in_lasts_ten_minutes(
    app: Flask, key: str, half_hour: time_machine.Traveller
) -> None:
    client = app.test_client()
    half_in(client)
    half_hour.shift(timedelta(minutes=11))
    assert client.get("/desk/login/second").location == "/desk/login"


def test_recovery_codes_are_shown_once_and_kept_as_hashes(
    app: Flask, desk: Desk, session: Session, half_hour: time_machine.Traveller
) -> None:
    key = key_on(desk.get(f"{SECOND}/app").text)
    page = desk.post(f"{SECOND}/app", {"code": code(key)}, at=SECOND).text
    shown = codes_on(page)
    assert len(set(shown)) == 10
    assert codes_on(desk.get(SECOND).text) == []
    kept = {row.code_hash for row in session.query(RecoveryCode)}
    assert not kept & {shown[0], shown[0].replace("-", "")}
    assert half_in(app.test_client())(shown[0].upper()) == 302
    assert half_in(app.test_client())(shown[0]) == 422
    assert "<strong>9</strong>" in desk.get(SECOND).text


def test_new_codes_kill_the_old(app: Flask, desk: Desk, key: str) -> None:
    old = codes_on(desk.post(f"{SECOND}/recovery-codes", {}).text)
    new = codes_on(desk.post(f"{SECOND}/recovery-codes", {}).text)
    assert half_in(app.test_client())(old[0]) == 422
    assert half_in(app.test_client())(new[0]) == 302


def test_nobody_uses_anothers_recovery_code(desk: Desk, key: str, session: Session) -> None:
    mine = codes_on(desk.post(f"{SECOND}/recovery-codes", {}).text)
    mei = newsroom.hire(session, "mei@example.org", "editor")
    assert not use_recovery_code(session, mei, mine[0].replace("-", ""))


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "１２３４５６", "x" * 10_000, "\x00", "' OR 1"]
)
def test_what_is_no_code_is_said_at_the_field(app: Flask, key: str, typed: str) -> None:
    assert half_in(app.test_client())(typed) == 422


def test_the_secret_is_kept_encrypted(key: str, editor: User, session: Session) -> None:
    session.expire_all()
    assert editor.totp is not None
    raw = base64.b32decode(key)
    assert key not in editor.totp and base64.b64encode(raw).decode() not in editor.totp


def test_removing_the_app_leaves_the_password(app: Flask, desk: Desk, key: str) -> None:
    desk.post(f"{SECOND}/app/end", {})
    Desk(app.test_client(), EDITOR)


def test_an_admin_helps_who_lost_everything(
    app: Flask, desk: Desk, key: str, editor: User, session: Session
) -> None:
    newsroom.hire(session, "admin@example.org", "admin")
    admin = Desk(app.test_client(), "admin@example.org")
    admin.post(f"/desk/people/{editor.id}/second-step/end", {})
    assert desk.get("/desk/stories").status_code == 302
    Desk(app.test_client(), EDITOR)
    assert session.query(RecoveryCode).count() == 0


@pytest.fixture
def strict(app: Flask) -> Flask:
    """A newsroom that demands a second step."""
    app.config["TWO_STEPS"] = "YES"
    return app


def test_who_lacks_a_demanded_step_is_led_to_it_first(strict: Flask, desk: Desk) -> None:
    assert desk.get("/desk/stories").location == SECOND
    assert "Before anything else" in desk.get(SECOND).text
    assert desk.post("/desk/stories", {"headline": "x"}, at=SECOND).status_code == 403
    poll = desk.get("/desk/wire/new?after=1", headers={"HX-Request": "true"})
    assert poll.status_code == 403
    key = key_on(desk.get(f"{SECOND}/app").text)
    desk.post(f"{SECOND}/app", {"code": code(key)}, at=SECOND)
    assert desk.get("/desk/stories").status_code == 200


def test_a_demanded_step_is_not_taken_away(strict: Flask, key: str, desk: Desk) -> None:
    assert desk.post(f"{SECOND}/app/end", {}, at=SECOND).status_code == 409


def test_reporters_are_asked_for_a_password_only(strict: Flask, session: Session) -> None:
    newsroom.hire(session, "reporter@example.org", "reporter")
    desk = Desk(strict.test_client(), "reporter@example.org")
    assert desk.get("/desk/stories").status_code == 200


def test_the_setting_is_read_at_the_start(stores: Stores, tmp_path: object) -> None:
    settings = {**stores.settings, "INSTANCE_FOLDER": str(tmp_path), "TWO_STEPS": "yes"}
    assert create_app(settings).config["TWO_STEPS"] == "YES"


@pytest.mark.parametrize("answer", [
    "", "x", "[]", "{}", '{"id":5}', '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":'
    '{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA"}}', "x" * 50_000,
    '{"id":"\\u0000"}', "[" * 19_000,
])  # fmt: skip
def test_a_made_up_passkey_opens_nothing(
    client: FlaskClient, editor: User, session: Session, answer: str
) -> None:
    session.add(Passkey(user_id=editor.id, credential="AAAA", public_key=b"", uses=0, name="x",
                        created_at=clock.now()))  # fmt: skip
    session.commit()
    token = client.get("/desk/login").text.partition('csrf_token" value="')[2].partition('"')[0]
    client.post("/desk/login/challenge", headers={"X-CSRFToken": token})
    tried = client.post("/desk/login/passkey", data={"credential": answer, "csrf_token": token})
    assert (tried.status_code, "There is a problem" in tried.text) == (422, True)
    assert client.get("/desk/stories").status_code == 302
