"""The audit log: a line for each change, never a change without its line."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from newsapp import audit, clock, streams
from newsapp.accounts.models import User
from newsapp.audit import FAILED, Deed, Wanted
from newsapp.extensions import db
from newsapp.formats import Stamp
from newsapp.stories.models import Story
from tests import newsroom
from tests.newsroom import Desk, Writer

Typed = Callable[..., dict[str, Any]]
Log = Callable[[], list[tuple[str, str, str, str]]]


@pytest.fixture
def log(session: Session) -> Log:
    """The log, oldest first: who, verb, what, note."""

    def read() -> list[tuple[str, str, str, str]]:
        session.expire_all()
        lines = reversed(audit.deeds(session, Wanted(), limit=500))
        return [(deed.who, deed.verb, deed.what, deed.note) for deed in lines]

    return read


@pytest.fixture
def admin_desk(app: Flask, session: Session) -> Desk:
    """An admin's browser, signed in."""
    newsroom.hire(session, "admin@example.org", "admin")
    return Desk(app.test_client(), "admin@example.org")


def test_a_storys_way_is_told_line_by_line(
    desk: Desk, typed: Typed, saved: Callable[..., list[Story]], log: Log
) -> None:
    desk.post("/desk/stories", typed())
    story = saved()[0]
    desk.post(f"/desk/stories/{story.id}/publication", {})
    desk.post(f"/desk/stories/{story.id}/publication/end", {})
    assert [line[:3] for line in log()] == [
        ("Editor", "desk.session.create", ""),
        ("Editor", "desk.stories.create", "Ferry sinks off Cebu"),
        ("Editor", "desk.publication.create", "Ferry sinks off Cebu"),
        ("Editor", "desk.publication.end", "Ferry sinks off Cebu"),
    ]
    assert [line[3] for line in log()][2:] == ["draft → published", "published → draft"]


def test_a_save_that_publishes_or_hands_in_is_told_as_that(
    desk: Desk, typed: Typed, log: Log
) -> None:
    desk.post("/desk/stories", typed(then="publication"))
    desk.post("/desk/stories", typed(headline="Calm returns", then="review"))
    assert [line[:3] for line in log()][1:] == [
        ("Editor", audit.PUBLISHED, "Ferry sinks off Cebu"),
        ("Editor", audit.HANDED_IN, "Calm returns"),
    ]


def test_what_is_typed_and_not_saved_leaves_no_line(desk: Desk, typed: Typed, log: Log) -> None:
    form = typed()
    desk.post(f"/desk/working-copies/{form['token']}", {**form, "typed": "1"})
    desk.post(f"/desk/working-copies/{form['token']}/absence", {})
    assert [line[1] for line in log()] == ["desk.session.create"]


def test_what_is_refused_leaves_no_line(desk: Desk, typed: Typed, log: Log) -> None:
    assert desk.post("/desk/stories", typed(headline="")).status_code == 422
    assert desk.post("/desk/account", {"name": ""}).status_code == 422
    assert [line[1] for line in log()] == ["desk.session.create"]


def test_a_line_goes_where_its_change_goes(session: Session, editor: User, log: Log) -> None:
    audit.begin(session, "desk.account.save", editor)
    editor.name = "Somebody else"
    session.flush()
    session.rollback()
    assert log() == []
    editor.name = "Rosa Lim"
    session.commit()
    assert log() == [("Editor", "desk.account.save", "editor@example.org", "")]


def test_a_change_in_bulk_has_its_line_too(session: Session, editor: User, log: Log) -> None:
    audit.begin(session, "desk.account.save", editor)
    session.execute(text("SELECT 1"))
    session.query(User).update({"name": "x"})
    session.commit()
    assert [line[1] for line in log()] == ["desk.account.save"]


def test_a_change_of_role_tells_from_what_to_what(admin_desk: Desk, editor: User, log: Log) -> None:
    admin_desk.post(f"/desk/people/{editor.id}", {"name": "Ed", "role": "reporter"})
    assert log()[-1] == ("Admin", "desk.people.save", "editor@example.org", "editor → reporter")


def test_sign_ins_and_failed_ones_are_told(
    app: Flask, client: FlaskClient, editor: User, log: Log, session: Session
) -> None:
    for email in (editor.email, "nobody@example.org", "my secret password"):
        with pytest.raises(AssertionError):
            Desk(client, email, "wrong")
    Desk(client, editor.email)
    assert [line[:2] for line in log()] == [
        ("editor@example.org", FAILED), ("nobody@example.org", FAILED), ("somebody", FAILED),
        ("Editor", "desk.session.create"),
    ]  # fmt: skip
    assert {deed.network for deed in session.query(Deed)} == {"127.0.0.0/24"}


def test_nobody_fills_the_log_with_failures(session: Session, log: Log) -> None:
    for n in range(audit.MOST_FAILED + 5):
        audit.failed(session, f"{n}@example.org", None, "")
    session.commit()
    assert session.query(Deed).count() == audit.MOST_FAILED
    audit.forget_failed(session, clock.now() + timedelta(days=91))
    assert session.query(Deed).count() == 0


def test_commands_leave_lines(runner: FlaskCliRunner, log: Log) -> None:
    runner.invoke(args=["accounts", "create", "mei@example.org", "--role", "editor"])
    [(who, verb, what, _)] = log()
    assert who.endswith(" on the server")
    assert (verb, what) == ("flask accounts create", "mei@example.org")


def test_the_clock_is_named(
    app: Flask, make_story: Writer, session: Session, editor: User, log: Log
) -> None:
    story = make_story("Due", live=False)
    story.schedule(editor, clock.now(), clock.now() + timedelta(minutes=5))
    session.commit()
    at = clock.now() + timedelta(minutes=6)
    with time_machine.travel(at):
        streams.release(db.engine, at, app.config["NEWSROOM_ZONE"])
    assert log() == [("The clock", "clock", "Due", "scheduled → published")]


def test_a_line_stays_when_the_person_goes(admin_desk: Desk, log: Log, session: Session) -> None:
    admin_desk.post("/desk/people", {"email": "mei@example.org", "role": "editor"})
    mei = session.query(User).filter_by(email="mei@example.org").one()
    admin_desk.post(f"/desk/people/{mei.id}/invitation/end", {})
    assert [line[1:3] for line in log()][1:] == [
        ("desk.people.create", "mei@example.org"), ("desk.people.uninvite", "mei@example.org"),
    ]  # fmt: skip


@pytest.fixture
def filled(session: Session, editor: User) -> None:
    """Three hundred lines, a minute apart."""
    now = clock.now()
    verbs = ("desk.stories.save", "desk.publication.create", "desk.stories.create")
    session.add_all(
        Deed(at=now - timedelta(minutes=n), by_id=editor.id if n % 2 else None, who=f"Who {n}",
             verb=verbs[n % 3], story_id=n % 10, what=f"Story {n % 10}", note="", network="")
        for n in range(300)
    )  # fmt: skip
    session.commit()


def shown(page: str) -> list[str]:
    return re.findall(r"<bdi>(Who \d+)</bdi>", page)


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 300), ("person={editor}", 150), ("verb=desk.stories.save", 100), ("story=7", 30),
     ("person={editor}&verb=desk.stories.save", 50), ("verb=nothing", 0), ("since=2000-01-01", 300),
     ("until=2000-01-01", 0), ("since=2099-01-01", 0)],
)  # fmt: skip
def test_it_is_filtered_and_read_page_by_page(
    admin_desk: Desk, filled: None, editor: User, query: str, count: int
) -> None:
    url: str | None = "/desk/audit?" + query.format(editor=editor.id)
    seen: list[str] = []
    while url:
        page = admin_desk.get(url).text
        seen += shown(page)
        older = re.search(r'href="(/desk/audit\?[^"]*)" rel="next"', page)
        url = older[1].replace("&amp;", "&") if older else None
    assert len(seen) == len(set(seen)) == count


@pytest.mark.parametrize("query", ["person=x", "story=-1", "story=99999999999", "since=yesterday",
                                   "since=9999-12-31", "until=0001-01-01", "before=x",
                                   "before=99999999999999999-1", "person=%00",
                                   "story=٣"])  # fmt: skip
def test_what_can_not_be_asked_is_told(admin_desk: Desk, query: str) -> None:
    answer = admin_desk.get(f"/desk/audit?{query}")
    assert answer.status_code == 422


@pytest.mark.parametrize("query", ["verb=%00", "verb=" + "x" * 10_000, "verb=%ED%A0%80"])
def test_what_nobody_does_is_an_empty_page(admin_desk: Desk, query: str) -> None:
    assert admin_desk.get(f"/desk/audit?{query}").status_code == 200


def test_it_is_saved_as_a_file_for_spreadsheets(
    admin_desk: Desk, filled: None, session: Session
) -> None:
    wide = ("＝1+1", "＋1", "－1", "＠SUM(A1)")
    for formula in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", *wide, 'a "quoted", name'):
        session.add(Deed(at=clock.now(), who=formula, verb="x", what="", note="", network=""))
    session.commit()
    answer = admin_desk.get("/desk/audit.csv", buffered=True)
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(rows) == 1 + 1 + 300 + 10  # the head, the sign-in
    whos = {row[1] for row in rows}
    assert {"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", 'a "quoted", name'} <= whos
    assert {f"'{formula}" for formula in wide} <= whos
    part = admin_desk.get("/desk/audit.csv?verb=desk.stories.save", buffered=True).get_data(
        as_text=True
    )
    assert part.count("\n") == 101


@pytest.mark.parametrize("url", ["/desk/audit", "/desk/audit.csv"])
def test_it_is_for_admins(desk: Desk, url: str) -> None:
    assert desk.get(url).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(Wanted(), "ix_deeds_at"), (Wanted(by_id=1), "ix_deeds_person"),
     (Wanted(verb="x"), "ix_deeds_verb"), (Wanted(story_id=1), "ix_deeds_story")],
)  # fmt: skip
def test_a_page_is_one_range_scan_of_an_index(
    session: Session, filled: None, wanted: Wanted, index: str
) -> None:
    sent: list[Any] = []
    engine = session.get_bind()
    sqlite = engine.dialect.name == "sqlite"
    event.listen(engine, "before_cursor_execute",
                 lambda c, u, statement, given, *_: sent.append((statement, given)))  # fmt: skip
    audit.deeds(session, wanted, Stamp(clock.now(), 5))
    statement, given = sent[-1]
    connection = session.connection()
    if not sqlite:
        # Of three hundred rows it would rather sort a few: asked is what it does with a million.
        for other in ("seqscan", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{other} = off"))
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    plan = "\n".join(map(str, connection.exec_driver_sql(explain + statement, given)))
    assert index in plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan


def test_every_change_at_the_desk_has_a_word_in_the_log(app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    named = set(audit.VERBS) - {FAILED, audit.HANDED_IN, "clock", "rule"}
    assert changing - named - audit.QUIET == set()
    assert (named | audit.QUIET) - changing == set()
