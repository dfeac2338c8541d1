"""The audit log: who did what, when, to what, from where; in the transaction of the change itself.

A session that changes something writes a line before it commits, for whoever `begin` named, or for
the command that runs. Nobody writes a line by hand but for what changed nothing: a failed sign-in.
"""

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import click
from flask.cli import ScriptInfo
from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from newsapp import clock
from newsapp.accounts.models import Role, User
from newsapp.clock import UtcDateTime
from newsapp.extensions import Model
from newsapp.formats import Stamp
from newsapp.live.models import Receipt
from newsapp.media.models import Printing
from newsapp.stories.models import Story, WorkingCopy

FAILED = "desk.session.failed"
PUBLISHED, HANDED_IN = "desk.publication.create", "desk.review.begin"
MOST_FAILED = 300  # failed sign-ins that an hour's log holds
KEPT_FAILED = timedelta(days=90)
BATCH = 500

# What is done at the desk, by the endpoint that does it.
VERBS = {
    FAILED: "failed to sign in",
    "desk.session.create": "signed in",
    "desk.session.prove": "signed in with a code",
    "desk.session.passkey": "signed in with a passkey",
    "desk.session.end": "signed out",
    "desk.access.choose": "chose a password by a link",
    "desk.account.save": "changed their name",
    "desk.account.change_password": "changed their password",
    "desk.account.prove": "gave the password again",
    "desk.account.end_sign_in": "ended a sign-in of theirs",
    "desk.account.end_other_sign_ins": "ended all their other sign-ins",
    "desk.second.begin_app": "set up an authenticator app",
    "desk.second.end_app": "removed the authenticator app",
    "desk.second.add_passkey": "added a passkey",
    "desk.second.rename_passkey": "renamed a passkey",
    "desk.second.end_passkey": "removed a passkey",
    "desk.second.renew_codes": "made new recovery codes",
    "desk.people.create": "invited",
    "desk.people.invite": "invited again",
    "desk.people.uninvite": "took an invitation back",
    "desk.people.save": "changed a person",
    "desk.people.suspend": "shut out",
    "desk.people.readmit": "let in again",
    "desk.people.end_sign_in": "ended a person’s sign-in",
    "desk.people.end_sign_ins": "ended a person’s sign-ins",
    "desk.people.end_second_step": "took a second step away",
    "desk.stories.create": "wrote",
    "desk.stories.save": "saved",
    PUBLISHED: "published",
    "desk.publication.end": "unpublished",
    "desk.publication.undo": "called a publication back",
    "desk.withdrawal.create": "withdrew",
    "desk.corrections.create": "corrected",
    "desk.revisions.restore": "restored an older version",
    HANDED_IN: "handed in",
    "desk.review.end": "sent back",
    "desk.schedule.save": "scheduled",
    "desk.schedule.end": "took off the schedule",
    "desk.embargo.save": "put under embargo",
    "desk.embargo.end": "lifted an embargo",
    "desk.breaking.create": "broke news",
    "desk.breaking.mark": "marked breaking",
    "desk.breaking.move": "ordered the ticker",
    "desk.breaking.end": "ended breaking",
    "desk.batches.create": "changed several at once",
    "desk.front.put": "placed on a front’s draft",
    "desk.front.keep": "timed a slot of a front’s draft",
    "desk.front.free": "freed a slot of a front’s draft",
    "desk.front.discard": "threw a front’s draft away",
    "desk.front.launch": "launched a front",
    "desk.photos.create": "sent a picture in",
    "desk.photos.end": "took a picture away",
    "desk.photos.save": "described a picture",
    "desk.videos.create": "took a video in",
    "desk.videos.save": "described a video",
    "desk.wire.ignore": "ignored a card",
    "desk.wire.bring_back": "brought a card back",
    "desk.wire.ignore_item": "ignored an item",
    "desk.wire.bring_item_back": "brought an item back",
    "desk.wire.join": "joined cards",
    "desk.wire.split": "split a card",
    "desk.feeds.create": "added a feed",
    "desk.feeds.import_": "added feeds by a list",
    "desk.feeds.save": "changed a feed",
    "desk.feeds.test": "tested a feed",
    "desk.feeds.pause": "paused a feed",
    "desk.feeds.resume": "had a feed fetched again",
    "desk.feeds.follow": "took a feed’s new address",
    "desk.feeds.remove": "removed a feed",
    "desk.sources.create": "added a source",
    "desk.sources.save": "changed a source",
    "desk.sources.bring": "gave a feed to another source",
    "desk.sources.withdraw": "took down all of a source",
    "desk.origins.follow": "had an excerpt lead to where its original has moved",
    "desk.origins.end": "dealt with a change of an original",
    "desk.rules.create": "added a rule",
    "desk.rules.save": "changed a rule",
    "desk.rules.move": "ordered the rules",
    "desk.rules.pause": "paused a rule",
    "desk.rules.go_on": "had a rule go on",
    "desk.rules.remove": "removed a rule",
    "desk.rules.stop": "stopped what a rule was about to publish",
    "rule": "scheduled by a rule",
    "clock": "published or ended by the clock",
}
# What changes nothing that lasts: unsaved words, questions, looks.
QUIET = {
    "desk.access.ask", "desk.session.challenge", "desk.second.challenge", "desk.copies.keep",
    "desk.copies.leave", "desk.copies.restore", "desk.copies.end", "desk.checks.links",
    "desk.receipts.look", "desk.wire.read", "desk.wire.unread", "desk.wire.read_all",
    "desk.wire.unread_all",
}  # fmt: skip


class Deed(Model):
    """One line of the log; it stays when the person or the story goes."""

    __tablename__ = "deeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(String(254))
    verb: Mapped[str] = mapped_column(String(80))
    story_id: Mapped[int | None] = mapped_column()  # no reference: it stays when the story goes
    what: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(300))
    network: Mapped[str] = mapped_column(String(50))

    __table_args__ = (
        Index("ix_deeds_at", at, id),
        Index("ix_deeds_person", by_id, at, id),
        Index("ix_deeds_verb", verb, at, id),
        Index("ix_deeds_story", story_id, at, id),
    )

    @property
    def words(self) -> str:
        """What was done, as people say it; of a command, the command."""
        return VERBS.get(self.verb, self.verb)


# Whose changes leave no line of their own.
SILENT: tuple[type[Model], ...] = (Deed, WorkingCopy, Receipt, Printing, Role)


@dataclass
class Doing:
    """What a session is about to do, for whom."""

    verb: str
    who: str = ""
    by_id: int | None = None
    network: str = ""
    notes: list[str] = field(default_factory=list)


def begin(session: Session, verb: str, by: User | None = None, network: str = "") -> None:
    """Says who is at work in this session, at what; each commit of it that changes something
    writes its lines."""
    session.info["doing"] = Doing(verb, who="The clock" if verb == "clock" else "", network=network)
    if by is not None:
        name(session, by)


def name(session: Session, by: User) -> None:
    """Says who it is, once that is known: whoever has just signed in."""
    doing: Doing | None = session.info.get("doing")
    if doing:
        doing.who, doing.by_id = by.name or by.email, by.id


def does(session: Session, verb: str) -> None:
    """Says what is done where an address stands for several things: a save that publishes."""
    doing: Doing | None = session.info.get("doing")
    if doing:
        doing.verb = verb


def note(session: Session, words: str) -> None:
    """Adds what a reader of the log wants to know: from which role to which."""
    doing: Doing | None = session.info.get("doing")
    if doing:
        doing.notes.append(words)


def failed(session: Session, typed: str, by: User | None, network: str) -> None:
    """Notes a failed sign-in; only so many an hour, so that nobody fills the log."""
    now = clock.now()
    recent = select(Deed.id).where(Deed.verb == FAILED, Deed.at > now - timedelta(hours=1))
    if session.scalar(select(func.count()).select_from(recent.limit(MOST_FAILED).subquery())) == (
        MOST_FAILED
    ):
        return
    session.info.pop("done", None)  # looking for the code to use up has changed nothing
    # What is no address may be a password, typed into the wrong field.
    who = typed[:254] if "@" in typed else "somebody"
    session.add(Deed(at=now, by_id=by.id if by else None, who=who, verb=FAILED, what="", note="",
                     network=network))  # fmt: skip


def forget_failed(session: Session, at: datetime) -> None:
    """Drops the failed sign-ins that nobody looks into any more."""
    session.execute(delete(Deed).where(Deed.verb == FAILED, Deed.at < at - KEPT_FAILED))


# --- writing ------------------------------------------------------------------------------------


@event.listens_for(Session, "after_flush")
def _collect(session: Session, context: Any) -> None:
    changed = filter(session.is_modified, session.dirty)
    for row in (*session.new, *changed, *session.deleted):
        if isinstance(row, SILENT):
            continue
        done: dict[tuple[int | None, str], str] = session.info.setdefault("done", {})
        if isinstance(row, Story):
            done[row.id, row.headline] = " → ".join(_change(row))
        elif getattr(row, "story_id", None) is None:
            done.setdefault((None, _called(row)), "")
        else:
            done.setdefault((row.story_id, ""), "")


@event.listens_for(Session, "do_orm_execute")
def _notice(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        mapper = state.bind_mapper
        if mapper and not issubclass(mapper.class_, SILENT):
            state.session.info.setdefault("done", {}).setdefault((None, ""), "")


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    session.flush()
    done, ruled = session.info.pop("done", None), session.info.pop("ruled", {})
    doing = session.info.get("doing") or _command()
    if not done or not (doing or ruled):
        return
    now, rows = clock.now(), []
    for story_id, what, changed in _lines(done):
        # A rule of the wire made it (wire/obeying.py), whoever had the feed fetched.
        rule = Doing("rule", who=ruled[story_id]) if story_id in ruled else None
        if one := rule or doing:
            rows.append({
                "at": now, "by_id": one.by_id, "who": one.who[:254], "verb": one.verb[:80],
                "story_id": story_id, "what": what[:300], "network": one.network,
                "note": "; ".join(filter(None, (changed, *one.notes)))[:300],
            })  # fmt: skip
    if rows:
        session.connection().execute(insert(Deed), rows)
    if doing:
        doing.notes.clear()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("done", None)
    session.info.pop("ruled", None)


def _lines(done: dict[tuple[int | None, str], str]) -> Iterator[tuple[int | None, str, str]]:
    """A line for each story that was changed; without one, a line for the first that was."""
    stories: dict[int, tuple[str, str]] = {}
    for (story_id, what), changed in done.items():
        if story_id is not None and (what or story_id not in stories):
            stories[story_id] = (what, changed or stories.get(story_id, ("", ""))[1])
    if stories:
        yield from ((number, *words) for number, words in stories.items())
        return
    named = [what for _, what in done if what]
    yield None, named[0] if named else "", ""


def _change(story: Story) -> Sequence[str]:
    """The status before and after, if it changed."""
    past = inspect(story).attrs.status.history.deleted
    return (str(past[0]), str(story.status)) if past and past[0] else ()


def _called(row: Model) -> str:
    names = ("email", "name", "headline", "url", "caption")
    return next((str(getattr(row, n)) for n in names if getattr(row, n, None)), "")


def _command() -> Doing | None:
    """The command of `flask` that runs in this thread, and who runs it on the server."""
    context = click.get_current_context(silent=True)
    if context is None or not isinstance(context.find_root().obj, ScriptInfo):
        return None
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        user = "somebody"
    path = context.command_path.partition(" ")[2] or context.command_path
    return Doing(f"flask {path}", who=f"{user} on the server")


# --- reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Which lines of the log: all that fit what is given."""

    by_id: int | None = None
    verb: str = ""
    story_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def deeds(
    session: Session, wanted: Wanted, before: Stamp | None = None, limit: int = 51
) -> Sequence[Deed]:
    """Lines of the log, newest first, older than `before`: one range scan of one index."""
    query = select(Deed).order_by(Deed.at.desc(), Deed.id.desc()).limit(limit)
    if wanted.by_id is not None:
        query = query.where(Deed.by_id == wanted.by_id)
    if wanted.verb:
        query = query.where(Deed.verb == wanted.verb)
    if wanted.story_id is not None:
        query = query.where(Deed.story_id == wanted.story_id)
    if wanted.since is not None:
        query = query.where(Deed.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Deed.at < wanted.until)
    if before is not None:
        query = query.where(Deed.at <= before.at, tuple_(Deed.at, Deed.id) < (before.at, before.id))
    return session.scalars(query).all()


def every_deed(session: Session, wanted: Wanted) -> Iterator[Deed]:
    """All lines that fit, newest first, fetched a batch at a time."""
    before = None
    while batch := deeds(session, wanted, before, BATCH):
        yield from batch
        before = Stamp(batch[-1].at, batch[-1].id)
        session.expunge_all()
