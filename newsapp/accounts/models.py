"""User and Role: who works at the desk and what they may do."""

import uuid
from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model

REPORTER, EDITOR, ADMIN = "reporter", "editor", "admin"
# What the holders of each role do, most able last.
ROLES = {
    REPORTER: "writes stories of their own",
    EDITOR: "writes, corrects and publishes every story",
    ADMIN: "does all that editors do, and looks after the site",
}
PUBLISHERS = frozenset({EDITOR, ADMIN})

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
    """A person of the newsroom."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # A new value ends every session of this person.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Flask-Security reads roles on every request of a signed-in person, so they come along.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # the mixin's own list
        secondary=user_roles, lazy="selectin"
    )

    @property
    def may_publish(self) -> bool:
        """Whether this person may change what readers see; reporters write, editors publish."""
        return any(role.name in PUBLISHERS for role in self.roles)

    def end_sessions(self) -> None:
        """Ends every session of this person, on every device."""
        self.fs_uniquifier = uuid.uuid4().hex
