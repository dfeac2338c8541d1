"""Reads of people, roles and links."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from newsapp.accounts.models import (
    ADMIN,
    ROLES,
    AccessLink,
    Passkey,
    Purpose,
    RecoveryCode,
    Role,
    SignIn,
    UsedChallenge,
    User,
    digest,
)

MOST = 500  # people of a newsroom
MOST_SIGN_INS = 50  # of a person, in a list
IDLE = timedelta(days=7)  # without a sign of life a sign-in is over
LONGEST = timedelta(days=30)  # and after so long in any case
REMEMBERED = timedelta(hours=1)  # a used challenge, for much longer than it is good


def user_by_email(session: Session, email: str) -> User | None:
    """The person with this address, however it is capitalised."""
    return session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def user_by_mark(session: Session, mark: str) -> User | None:
    """The person whose fs_uniquifier this is, unless they are shut out."""
    return session.scalar(select(User).where(User.fs_uniquifier == mark, User.active))


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


def use_link(session: Session, link: AccessLink) -> bool:
    """Uses up a link; False when somebody was faster."""
    used = session.scalar(
        delete(AccessLink)
        .where(AccessLink.id == link.id)
        .returning(AccessLink.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


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


def signed_in(session: Session, token: str, mark: str, at: datetime) -> tuple[User, SignIn] | None:
    """Whose sign-in this token is, while it lasts: one SELECT."""
    row = session.execute(
        select(User, SignIn)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == digest(token), User.fs_uniquifier == mark, _lasting(at))
    ).first()
    return (row[0], row[1]) if row else None


def sign_ins(session: Session, user: User, at: datetime) -> Sequence[SignIn]:
    """The sign-ins of this person that last, the one seen last first."""
    return session.scalars(
        select(SignIn)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.user_id == user.id, _lasting(at))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(MOST_SIGN_INS)
    ).all()


def sign_in_of(session: Session, user: User, number: int) -> SignIn | None:
    """A sign-in of this person, by its number."""
    return session.scalar(select(SignIn).where(SignIn.id == number, SignIn.user_id == user.id))


def note_seen(engine: Engine, number: int, at: datetime) -> None:
    """Notes a sign of life of a sign-in, outside of what the request itself does."""
    with engine.begin() as connection:
        connection.execute(
            update(SignIn).where(SignIn.id == number, SignIn.seen_at < at).values(seen_at=at)
        )


def drop_outdated_sign_ins(session: Session, at: datetime) -> None:
    """Forgets the sign-ins that are over."""
    theirs = exists().where(User.id == SignIn.user_id, User.fs_uniquifier == SignIn.mark)
    session.execute(
        delete(SignIn)
        .where(or_(SignIn.seen_at <= at - IDLE, SignIn.at <= at - LONGEST, ~theirs))
        .execution_options(synchronize_session=False)
    )


def passkeys(session: Session, user: User) -> Sequence[Passkey]:
    """The passkeys of this person, oldest first."""
    return session.scalars(
        select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)
    ).all()


def passkey(session: Session, user: User, number: int) -> Passkey | None:
    """A passkey of this person, by its number."""
    return session.scalar(select(Passkey).where(Passkey.id == number, Passkey.user_id == user.id))


def passkey_by_credential(session: Session, credential: str) -> tuple[Passkey, User] | None:
    """The passkey with this name among devices, and whose it is, unless they are shut out."""
    row = session.execute(
        select(Passkey, User)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential == credential, User.active)
    ).first()
    return (row[0], row[1]) if row else None


def use_challenge(session: Session, challenge: str, at: datetime) -> bool:
    """Uses up what a passkey was to sign; False when it was used, also just now.

    After False the session can only be rolled back.
    """
    session.execute(delete(UsedChallenge).where(UsedChallenge.at <= at - REMEMBERED))
    session.add(UsedChallenge(challenge_hash=digest(challenge), at=at))
    try:
        session.flush()
    except IntegrityError:
        return False
    return True


def has_second_step(session: Session, user: User) -> bool:
    """Whether this person is asked for more than a password."""
    theirs = select(Passkey.id).where(Passkey.user_id == user.id).limit(1)
    return bool(user.totp) or session.scalar(theirs) is not None


def use_totp(session: Session, user: User, counter: int) -> bool:
    """Uses up an app's code and those before it; False when it was used, also just now."""
    used = session.scalar(
        update(User)
        .where(User.id == user.id, or_(User.totp_used.is_(None), User.totp_used < counter))
        .values(totp_used=counter)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def count_recovery_codes(session: Session, user: User) -> int:
    """How many recovery codes this person has left."""
    theirs = select(func.count()).where(RecoveryCode.user_id == user.id)
    return session.scalar(theirs) or 0


def use_recovery_code(session: Session, user: User, code: str) -> bool:
    """Uses up a recovery code; False when this person has none like it."""
    used = session.scalar(
        delete(RecoveryCode)
        .where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == digest(code))
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def drop_recovery_codes(session: Session, user: User) -> None:
    """Forgets the recovery codes of this person."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def drop_second_step(session: Session, user: User) -> None:
    """Takes app, passkeys and recovery codes from a person who has lost them."""
    user.totp = user.totp_used = None
    drop_recovery_codes(session, user)
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))


def _lasting(at: datetime) -> ColumnElement[bool]:
    return and_(
        SignIn.mark == User.fs_uniquifier, User.active,
        SignIn.seen_at > at - IDLE, SignIn.at > at - LONGEST,
    )  # fmt: skip
