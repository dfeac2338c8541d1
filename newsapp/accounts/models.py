"""Who works at the desk, what they may do, and the links that let them in."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from flask_security import RoleMixin, UserMixin
from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model

REPORTER, EDITOR, ADMIN = "reporter", "editor", "admin"
# What the holders of each role do, most able last.
ROLES = {
    REPORTER: "writes stories of their own and hands them in",
    EDITOR: "writes, corrects and publishes every story",
    ADMIN: "does all that editors do, and looks after people and the site",
}
PUBLISHERS = frozenset({EDITOR, ADMIN})


class NotAllowed(Exception):  # noqa: N818  # a refusal, not a fault
    """A verb was asked that can't be done now; the message says why, to whoever asked."""


user_roles = Table(
    "user_roles",
    Model.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Model, RoleMixin):
    """A role: what its holders may do at the desk."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(200), default="")


class User(Model, UserMixin):
    """A person of the newsroom; without a password one who is invited and has not come yet."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # A new value ends every session of this person, and every link that was sent to them.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The secret that an authenticator app shares, encrypted; the last of its codes that was used.
    totp: Mapped[str | None] = mapped_column(String(400))
    totp_used: Mapped[int | None] = mapped_column(BigInteger)

    # Flask-Security reads roles on every request of a signed-in person, so they come along.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # the mixin's own list
        secondary=user_roles, lazy="selectin"
    )

    @property
    def role(self) -> str:
        """The most able of their roles; a reporter's without any."""
        held = {role.name for role in self.roles}
        return next((name for name in reversed(ROLES) if name in held), REPORTER)

    @property
    def may_publish(self) -> bool:
        """Whether this person may change what readers see; reporters write, editors publish."""
        return self.role in PUBLISHERS

    @property
    def is_admin(self) -> bool:
        """Whether this person looks after the people of the newsroom."""
        return self.role == ADMIN

    @property
    def invited(self) -> bool:
        """Whether they have been asked in and have not come yet."""
        return not self.password

    def change_role(self, role: Role, *, last_admin: bool) -> None:
        """Gives them this role instead of what they had, and ends every session of theirs if it is
        another; NotAllowed for the last admin."""
        if last_admin and role.name != ADMIN:
            raise NotAllowed("Nobody else is an admin. Make somebody else one first.")
        if not self.invited and self.role != role.name:
            self.end_sessions()  # and no invitation
        self.roles = [role]

    def suspend(self, *, last_admin: bool) -> None:
        """Shuts them out, at once and everywhere; NotAllowed for the last admin."""
        if last_admin:
            raise NotAllowed("Nobody else is an admin. Make somebody else one first.")
        self.active = False
        self.end_sessions()

    def readmit(self) -> None:
        """Lets them in again, with the password that they had."""
        self.active = True

    def change_password(self, hashed: str) -> None:
        """Sets the password, hashed; every session ends, and every link that was sent."""
        self.password = hashed
        self.end_sessions()

    def end_sessions(self) -> None:
        """Ends every session of this person, on every device."""
        self.fs_uniquifier = uuid.uuid4().hex

    def come_in(
        self, at: datetime, how: str, browser: str, network: str, *, two_steps: bool
    ) -> tuple["SignIn", str]:
        """A new sign-in of this person, and its token, which only their browser keeps."""
        token = secrets.token_urlsafe(32)
        sign_in = SignIn(
            user_id=self.id, token_hash=digest(token), mark=self.fs_uniquifier, at=at, seen_at=at,
            proven_at=at, how=how, browser=browser, network=network, two_steps=two_steps,
        )  # fmt: skip
        return sign_in, token

    def link(self, purpose: "Purpose", at: datetime) -> tuple["AccessLink", str]:
        """A new link that lets them in once, and its token, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        link = AccessLink(
            user_id=self.id, purpose=purpose, token_hash=digest(token),
            mark=self.fs_uniquifier, expires_at=at + LIFE[purpose],
        )  # fmt: skip
        return link, token


class Purpose(StrEnum):
    """What a link is for: coming in for the first time, or with a new password."""

    INVITATION = "invitation"
    RESET = "reset"


LIFE = {Purpose.INVITATION: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}


class AccessLink(Model):
    """A link that was sent to a person: good once, for a while, until their password changes."""

    __tablename__ = "access_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The person's fs_uniquifier when it was made: with another one the link is dead.
    mark: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignIn(Model):
    """One time that a person came in, with one browser; it lasts until somebody ends it."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The person's fs_uniquifier: with another one this sign-in is over.
    mark: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # When they showed last who they are: changes of accounts and people ask for it again.
    proven_at: Mapped[datetime] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(40))
    # Whether more than a password was asked for.
    two_steps: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(String(60))
    network: Mapped[str] = mapped_column(String(50))


class Passkey(Model):
    """A key that a person's device keeps; it opens the desk without a password."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger, default=0)  # as the device counts them
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedChallenge(Model):
    """What a passkey has signed: it signs nobody in a second time."""

    __tablename__ = "used_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RecoveryCode(Model):
    """A code for who has lost device or app; good once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


def digest(token: str) -> str:
    """What is kept of a secret that nobody guesses."""
    return hashlib.sha256(token.encode()).hexdigest()
