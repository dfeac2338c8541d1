"""flask accounts create, flask accounts password."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from newsapp.accounts.models import User
from tests.newsroom import Desk

MEI = ["accounts", "create", "Mei@Example.org", "--role", "editor", "--name", "Mei Tanaka"]


def test_a_password_is_printed_that_opens_the_desk(app: Flask, runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=MEI).output
    password = re.search(r"shown only now: (\S{20,})", said)
    assert password is not None
    desk = Desk(app.test_client(), "mei@example.org", password[1])
    assert "Mei Tanaka" in desk.get("/desk/stories").text


def test_a_password_may_come_from_a_pipe(app: Flask, runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=[*MEI, "--password-stdin"], input="a rather long password\n")
    assert "shown only now" not in said.output
    Desk(app.test_client(), "mei@example.org", "a rather long password")


def test_a_short_password_is_refused(runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=[*MEI, "--password-stdin"], input="short\n")
    assert (said.exit_code, "12 to 128 characters" in said.output) == (1, True)


@pytest.mark.parametrize("address", ["mei", "mei@", "a b@example.org", "mei@localhost"])
def test_what_is_no_address_is_refused_in_a_sentence(runner: FlaskCliRunner, address: str) -> None:
    said = runner.invoke(args=["accounts", "create", address, "--role", "editor"])
    assert (said.exit_code, "is no e-mail address" in said.output) == (1, True)


def test_an_address_has_one_account(runner: FlaskCliRunner, editor: User) -> None:
    said = runner.invoke(args=["accounts", "create", "EDITOR@example.org", "--role", "admin"])
    assert (said.exit_code, said.output) == (
        1, "Error: editor@example.org has an account already.\n",
    )  # fmt: skip


def test_an_unknown_role_is_refused(runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["accounts", "create", "mei@example.org", "--role", "owner"])
    assert said.exit_code == 2


def test_a_new_password_opens_the_desk_and_ends_what_was_open(
    app: Flask, runner: FlaskCliRunner, desk: Desk
) -> None:
    said = runner.invoke(args=["accounts", "password", "Editor@example.org"]).output
    password = re.search(r"shown only now: (\S{20,})", said)
    assert password is not None
    assert desk.get("/desk/stories").status_code == 302
    assert Desk(app.test_client(), "editor@example.org", password[1])


def test_nobody_unknown_gets_a_password(runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["accounts", "password", "nobody@example.org"])
    assert (said.exit_code, "has no account" in said.output) == (1, True)
