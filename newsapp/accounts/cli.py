"""flask accounts create, flask accounts password."""

import secrets
import sys

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from flask_security.utils import hash_password

from newsapp import clock
from newsapp.accounts.models import ROLES, User
from newsapp.accounts.queries import role as role_named
from newsapp.accounts.queries import user_by_email
from newsapp.extensions import db

group = AppGroup("accounts", help="The people of the newsroom.")
SHORTEST = 12  # characters of a password


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


@group.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def new_password(email: str, password_stdin: bool) -> None:
    """Give a person a new password, and end their sessions; prints a random one, once."""
    user = user_by_email(db.session(), email.strip().lower())
    if user is None:
        raise click.ClickException(f"{email!r} has no account.")
    password = _given() if password_stdin else random_password()
    user.password = hash_password(password)
    user.end_sessions()
    db.session.commit()
    click.echo(f"{user.email} has a new password and is signed out everywhere.")
    _show(None if password_stdin else password)


def new_user(email: str, role: str, name: str, password: str) -> User:
    """Adds a person; ClickException with a sentence for a bad or known address."""
    session = db.session()
    address = _address(email)
    if user_by_email(session, address):
        raise click.ClickException(f"{address} has an account already.")
    user = User(
        email=address,
        name=name.strip()[:120],
        password=hash_password(password),
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
        checked = validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as reason:
        raise click.ClickException(f"{email!r} is no e-mail address: {reason}") from None
    return checked.normalized.lower()


def _given() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST <= len(password) <= 128:
        raise click.ClickException(f"A password has {SHORTEST} to 128 characters.")
    return password
