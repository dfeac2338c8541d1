"""Reads of people, roles and links."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from newsapp.accounts.models import ADMIN, ROLES, AccessLink, Purpose, Role, User, digest

MOST = 500  # people of a newsroom


def user_by_email(session: Session, email: str) -> User | None:
    """The person with this address, however it is capitalised."""
    return session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def person(session: Session, user_id: int) -> User | None:
    """The person with this number."""
    return session.get(User, user_id)


def people(session: Session) -> Sequence[User]:
    """Everybody: who works here, then who is invited, then who was shut out; by name."""
    return session.scalars(
        select(User)
        .order_by(
            User.active.desc(),
            User.password.is_(None),
            func.lower(func.coalesce(func.nullif(User.name, ""), User.email)),
        )
        .limit(MOST)
    ).all()


def anyone(session: Session) -> bool:
    """Whether anybody has an account."""
    return session.scalar(select(User.id).limit(1)) is not None


def role(session: Session, name: str) -> Role:
    """The role of this name, made when it is missing."""
    found = session.scalar(select(Role).where(Role.name == name))
    return found or Role(name=name, description=ROLES[name])


def is_last_admin(session: Session, user: User) -> bool:
    """Whether nobody but this person could admit people; holds until the commit.

    Whoever asks this at the same moment waits: two admins can't take each other away.
    """
    session.execute(update(Role).where(Role.name == ADMIN).values(name=ADMIN))
    session.refresh(user)
    if not user.is_admin or not user.active or user.invited:
        return False
    others = (
        select(User.id)
        .join(User.roles)
        .where(Role.name == ADMIN, User.id != user.id, User.active, User.password.is_not(None))
    )
    return session.scalar(others.limit(1)) is None


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """What these people are called at the desk, by number."""
    users = select(User.id, User.name, User.email).where(User.id.in_({i for i in user_ids if i}))
    return {number: name or email for number, name, email in session.execute(users)}


def opened_by(session: Session, token: str, at: datetime) -> tuple[AccessLink, User] | None:
    """The link with this token and whose it is, while it is good."""
    row = session.execute(
        select(AccessLink, User)
        .join(User, User.id == AccessLink.user_id)
        .where(
            AccessLink.token_hash == digest(token),
            AccessLink.expires_at > at,
            AccessLink.mark == User.fs_uniquifier,
            User.active,
        )
    ).first()
    return (row[0], row[1]) if row else None


def invitation_of(session: Session, user: User) -> AccessLink | None:
    """The invitation that this person holds; it may be over."""
    return session.scalar(
        select(AccessLink)
        .where(AccessLink.user_id == user.id, AccessLink.purpose == Purpose.INVITATION)
        .order_by(AccessLink.id.desc())
        .limit(1)
    )


def drop_links(session: Session, user: User, purpose: Purpose) -> None:
    """Takes back the links of this kind that the person holds."""
    session.execute(
        delete(AccessLink).where(AccessLink.user_id == user.id, AccessLink.purpose == purpose)
    )


def drop_outdated_links(session: Session, at: datetime) -> None:
    """Forgets the links that are over."""
    session.execute(delete(AccessLink).where(AccessLink.expires_at <= at))
