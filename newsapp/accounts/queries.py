"""Reads of people and roles."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.accounts.models import ROLES, Role, User


def user_by_email(session: Session, email: str) -> User | None:
    """The person with this address, however it is capitalised."""
    return session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def anyone(session: Session) -> bool:
    """Whether anybody has an account."""
    return session.scalar(select(User.id).limit(1)) is not None


def role(session: Session, name: str) -> Role:
    """The role of this name, made when it is missing."""
    found = session.scalar(select(Role).where(Role.name == name))
    return found or Role(name=name, description=ROLES[name])


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """What these people are called at the desk, by number."""
    users = select(User.id, User.name, User.email).where(User.id.in_({i for i in user_ids if i}))
    return {number: name or email for number, name, email in session.execute(users)}
