"""The guard: nobody in without signing in, nothing changed without a token, nothing kept."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from newsapp.accounts.models import User
from tests.newsroom import Desk, Writer

DOOR = {"/desk/login", "/desk/forgotten", "/desk/link", "/desk/password", "/desk/login/second"}


def addresses(app: Flask, method: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk") and method in (rule.methods or ()):
            yield filled(rule)


def filled(rule: Rule) -> str:
    return re.sub("<[^>]+>", "1", rule.rule.replace("<day:day>", "2024/06/19"))


def test_a_stranger_is_sent_to_the_door(app: Flask, client: FlaskClient) -> None:
    for url in set(addresses(app, "GET")) - DOOR:
        answer = client.get(url)
        assert answer.status_code == 302 and answer.location.startswith("/desk/login"), url


def test_a_poll_of_a_stranger_sends_the_page_to_the_door(client: FlaskClient) -> None:
    answer = client.get("/desk/wire/new?after=1", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/desk/login")


def test_who_was_signed_out_gets_back_what_was_typed(
    app: Flask, client: FlaskClient, editor: User, typed: Callable[..., Any]
) -> None:
    form = typed(body="<div>Every <b>word</b>.</div>")
    answer = client.post("/desk/stories", data=form)  # no session at all
    assert answer.status_code == 400
    desk = Desk(client, editor.email)
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get("/desk/stories/new").text)
    Desk(app.test_client(), editor.email).post("/desk/account/sign-ins/end", {})
    assert token is not None
    ended = client.post("/desk/stories", data={**form, "csrf_token": token[1]})
    assert ended.status_code == 401
    for page in (answer.text, ended.text):
        assert "You were signed out" in page
        assert "Ferry sinks off Cebu</textarea>" in page and "Every word.</textarea>" in page


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_nothing_happens_without_a_token(
    app: Flask, client: FlaskClient, editor: User, make_story: Writer, method: str
) -> None:
    story = make_story()
    version = story.version
    Desk(client, editor.email)
    for url in addresses(app, method):
        answer = client.open(url, method=method, data={"headline": "x", "csrf_token": "made up"})
        assert answer.status_code == 400, url
    assert make_story.again(story.id).version == version
    assert client.get("/desk/stories").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403), ({"Origin": ""}, 403),
     ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
     ({"Origin": "http://localhost"}, 303), ({"Origin": "https://News.Asia:8443"}, 303),
     ({"Sec-Fetch-Site": "same-origin"}, 303), ({}, 303)],
)  # fmt: skip
def test_what_another_site_sends_is_refused_also_with_a_token(
    app: Flask, desk: Desk, make_story: Writer, headers: dict[str, str], status: int
) -> None:
    app.config["PUBLIC_URL"] = "https://news.asia:8443"
    story = make_story(live=False)
    desk.post("/desk/account", {})  # it has a token now
    form, url = {"csrf_token": desk._token}, f"/desk/stories/{story.id}/publication"
    assert desk.client.post(url, data=form, headers=headers).status_code == status
    assert make_story.again(story.id).live == (status == 303)


def test_delete_unpublishes_as_the_button_does(
    client: FlaskClient, editor: User, make_story: Writer
) -> None:
    story = make_story()
    Desk(client, editor.email)
    token = client.get("/desk/stories").text.partition('csrf_token" value="')[2].partition('"')[0]
    client.delete(f"/desk/stories/{story.id}/publication", headers={"X-CSRFToken": token})
    assert make_story.again(story.id).status == "draft"


def test_every_answer_is_private_and_kept_by_nobody(app: Flask, desk: Desk) -> None:
    for url in addresses(app, "GET"):
        headers = desk.get(url).headers
        assert headers["Cache-Control"] == "private, no-store", url
        assert "'unsafe" not in headers["Content-Security-Policy"]


def test_each_answer_has_a_word_of_its_own_for_the_editor(desk: Desk) -> None:
    first, second = desk.get("/desk/stories/new"), desk.get("/desk/stories/new")
    policies = [answer.headers["Content-Security-Policy"] for answer in (first, second)]
    assert policies[0] != policies[1]
    word = policies[0].partition("'nonce-")[2].partition("'")[0]
    assert f'<meta name="csp-nonce" content="{word}">' in first.text


@pytest.mark.parametrize(
    "url", ["/desk/stories/999", "/desk/stories/99999999999999999999", "/desk/stories?status=lost",
            "/desk/stories/new?item=7", "/desk/stories/new?item=99999999999", "/desk/nowhere"],
)  # fmt: skip
def test_what_is_not_there_is_404(desk: Desk, url: str) -> None:
    assert desk.get(url).status_code == 404


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=1e400", "before=" + "9" * 40])
def test_a_place_that_is_none_is_400(desk: Desk, query: str) -> None:
    assert desk.get(f"/desk/wire?{query}").status_code == 400


def test_public_pages_never_meet_the_session(
    desk: Desk, make_story: Writer, reads: Callable[[str], Any]
) -> None:
    make_story()
    for url in ("/", "/latest", "/nowhere"):
        answer = reads(url)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
