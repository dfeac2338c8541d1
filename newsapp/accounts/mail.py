"""Letters to people of the newsroom: an invitation, a way to a new password."""

import smtplib
import ssl
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, render_template
from flask_mailman import EmailMessage
from flask_mailman.backends.smtp import EmailBackend
from sqlalchemy.orm import Session

from newsapp.accounts.models import Purpose, User
from newsapp.accounts.queries import drop_links, user_by_email
from newsapp.extensions import mail
from newsapp.formats import host_of

PATIENCE = 10  # seconds for a mail server


class Server(smtplib.SMTP):
    """A mail server that must show who it is before it is told a password."""

    def starttls(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        """Goes on encrypted, once the certificate is checked (the library checks none here)."""
        return super().starttls(context=ssl.create_default_context())


class Post(EmailBackend):  # type: ignore[misc]  # untyped
    """Flask-Mailman's way to a mail server, with that check."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return smtplib.SMTP_SSL if self.use_ssl else Server


def init_app(app: Flask) -> None:
    """Letters go to the server that SMTP_URL names, without one to the console."""
    url = urlsplit(app.config["SMTP_URL"])
    site = host_of(app.config["PUBLIC_URL"])
    app.config.update(
        MAIL_BACKEND=Post if url.hostname else "console",
        MAIL_SERVER=url.hostname or "localhost",
        MAIL_PORT=url.port or {"smtps": 465, "smtp+tls": 587}.get(url.scheme, 25),
        MAIL_USERNAME=unquote(url.username or "") or None,
        MAIL_PASSWORD=unquote(url.password or "") or None,
        MAIL_USE_SSL=url.scheme == "smtps",
        MAIL_USE_TLS=url.scheme == "smtp+tls",
        MAIL_TIMEOUT=PATIENCE,
        MAIL_DEFAULT_SENDER=app.config["MAIL_FROM"] or f"Asian-News.net desk <desk@{site}>",
    )
    mail.init_app(app)


def renewed(session: Session, user: User, purpose: Purpose, at: datetime) -> str:
    """A new link for this person instead of those they held: its whole address, told only now."""
    drop_links(session, user, purpose)
    link, token = user.link(purpose, at)
    session.add(link)
    return f"{current_app.config['PUBLIC_URL']}/desk/link?token={token}"


def invite(user: User, by: str, address: str) -> None:
    """Sends an invitation; OSError when no server takes it."""
    _send(user, "Come to the desk of Asian-News.net", "mail/invitation.txt",
          by=by, address=address)  # fmt: skip


def help_in(session: Session, email: str, at: datetime) -> tuple[User, str] | None:
    """A way to a new password for who has this address: the person, the link's whole address.

    None for whoever has none, is shut out, or has not come yet.
    """
    user = user_by_email(session, email)
    if user is None or not user.active or user.invited:
        return None
    return user, renewed(session, user, Purpose.RESET, at)


def send_reset(user: User, address: str) -> None:
    """Sends the way to a new password; OSError when no server takes it."""
    _send(user, "A new password for the desk", "mail/reset.txt", address=address)


def _send(user: User, subject: str, template: str, **values: object) -> None:
    words = render_template(template, user=user, **values)
    EmailMessage(subject, words, to=[user.email]).send()
