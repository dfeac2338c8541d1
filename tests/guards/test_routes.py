"""Every address is listed in routes.txt, which changes only on purpose."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.newsroom import Desk

LIST = Path(__file__).with_name("routes.txt")
OPEN = {"/desk/login", "/desk/forgotten", "/desk/link", "/desk/password", "/desk/login/second"}


def rules(app: Flask) -> list[str]:
    """The address map: address, methods, endpoint, a line each."""
    return sorted(
        f"{rule.rule} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} "
        f"{rule.endpoint}"
        for rule in app.url_map.iter_rules()
    )


def desk_calls(app: Flask, verbs: set[str]) -> list[tuple[str, str]]:
    """A method and an address for every route below /desk with one of these verbs."""
    return [
        (verb, re.sub(r"<[^>]+>", "1", rule.rule.replace("<day:day>", "2024/06/19")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk")
        for verb in sorted((rule.methods or set()) & verbs)
    ]


def test_the_address_map_is_the_listed_one(app: Flask) -> None:
    assert rules(app) == LIST.read_text().splitlines()


def test_a_stranger_is_sent_to_the_door_from_every_desk_address(
    app: Flask, client: FlaskClient
) -> None:
    for verb, url in desk_calls(app, {"GET"}):
        if url not in OPEN:
            answer = client.open(url, method=verb)
            assert answer.status_code == 302, url
            assert answer.headers["Location"].startswith("/desk/login"), url


def test_every_desk_answer_may_be_kept_by_nobody(app: Flask, desk: Desk) -> None:
    for _, url in desk_calls(app, {"GET"}):
        assert "no-store" in desk.get(url).headers["Cache-Control"], url


def test_every_change_at_the_desk_needs_the_token(app: Flask, desk: Desk) -> None:
    for verb, url in desk_calls(app, {"POST", "PUT", "PATCH", "DELETE"}):
        answer = desk.client.open(url, method=verb)
        assert answer.status_code == 400, f"{verb} {url}"


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
def test_public_addresses_change_nothing(app: Flask, client: FlaskClient, verb: str) -> None:
    for url in ("/", "/latest", "/japan", "/about", "/pulse/front", "/robots.txt"):
        assert client.open(url, method=verb).status_code == 405
