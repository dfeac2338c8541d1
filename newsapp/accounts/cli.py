"""flask accounts create, invite, password."""

import secrets
import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security.utils import hash_password

from newsapp import clock
from newsapp.accounts import mail
from newsapp.accounts.forms import LONGEST, SHORTEST, checked_address
from newsapp.accounts.models import ROLES, Purpose, User
from newsapp.accounts.queries import role as role_named
from newsapp.accounts.queries import user_by_email
from newsapp.extensions import db

group = AppGroup("accounts", help="The people of the newsroom.")


@group.command()
@click.argument("email")
@click.option("--role", type=click.Choice(list(ROLES)), required=True, help="What they may do.")
@click.option("--name", default="", help="What they are called at the desk.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Let a person in; prints a random password, once."""
    password = _given() if password_stdin else random_password()
    user = new_user(email, role, name, password)
    db.session.commit()
    click.echo(f"{user.email} can sign in at /desk/login.")
    _show(None if password_stdin else password)


@group.command()
@click.argument("email")
@click.option("--role", type=click.Choice(list(ROLES)), required=True, help="What they may do.")
@click.option("--name", default="", help="What they are called at the desk.")
def invite(email: str, role: str, name: str) -> None:
    """Ask a person in; prints a link, once, with which they choose their password."""
    session = db.session()
    user = new_user(email, role, name, None)
    session.flush()
    address = mail.renewed(session, user, Purpose.INVITATION, clock.now())
    session.commit()
    click.echo(f"{user.email} comes in here, once, within seven days (shown only now):\n{address}")
    click.echo(
        f"The link begins with PUBLIC_URL as this command has it, "
        f"{current_app.config['PUBLIC_URL']}.\nIf the site is served elsewhere, open it there, "
        "and give PUBLIC_URL to commands as well.",
        err=True,
    )


@group.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def new_password(email: str, password_stdin: bool) -> None:
    """Give a person a new password, and end their sessions; prints a random one, once."""
    user = user_by_email(db.session(), email.strip().lower())
    if user is None:
        raise click.ClickException(f"{email!r} has no account.")
    password = _given() if password_stdin else random_password()
    user.change_password(hash_password(password))
    db.session.commit()
    click.echo(f"{user.email} has a new password and is signed out everywhere.")
    _show(None if password_stdin else password)


def new_user(email: str, role: str, name: str, password: str | None) -> User:
    """Adds a person, without a password one who is invited.

    ClickException with a sentence for a bad or known address.
    """
    session = db.session()
    address = _address(email)
    if user_by_email(session, address):
        raise click.ClickException(f"{address} has an account already.")
    user = User(
        email=address,
        name=name.strip()[:120],
        password=hash_password(password) if password else None,
        created_at=clock.now(),
        roles=[role_named(session, role)],
    )
    user.end_sessions()
    session.add(user)
    return user


def random_password() -> str:
    """A password that nobody guesses, in 20 characters."""
    return secrets.token_urlsafe(15)


def _show(password: str | None) -> None:
    if password is not None:
        click.echo(f"Password, shown only now: {password}")


def _address(email: str) -> str:
    try:
        return checked_address(email)
    except ValueError as reason:
        raise click.ClickException(str(reason)) from None


def _given() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST <= len(password) <= LONGEST:
        raise click.ClickException(f"A password has {SHORTEST} to {LONGEST} characters.")
    return password
