"""The audit log at the desk: who did what, filtered, a page at a time or as a file; for admins."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask import stream_with_context as streamed

from newsapp import audit, clock, formats
from newsapp.accounts.queries import people
from newsapp.audit import VERBS, Deed, Wanted
from newsapp.desk.finding import admin
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, Stamp

bp = Blueprint("audit", __name__)
PAGE = 50
COLUMNS = ("when", "who", "did", "story", "what", "note", "network")
# A spreadsheet takes what begins so for a formula, some in East Asia the wide signs as well.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@bp.get("/audit")
def index() -> str:
    """The log, newest first; `?person=`, `verb=`, `story=`, `since=`, `until=`, `before=`."""
    admin()
    found = audit.deeds(db.session(), _wanted(), _before(), PAGE + 1)
    asked = {name: request.args.get(name, "") for name in ("person", "verb", "story", "since",
                                                           "until")}  # fmt: skip
    last = found[PAGE - 1] if len(found) > PAGE else None
    return render_template(
        "desk/audit/index.html",
        deeds=found[:PAGE],
        older=str(Stamp(last.at, last.id)) if last else None,
        asked=asked,
        filtered={name: text for name, text in asked.items() if text},
        people=people(db.session()),
        verbs=sorted(VERBS.items(), key=lambda verb: verb[1]),
    )


@bp.get("/audit.csv")
def export() -> Response:
    """The lines that fit as a file for spreadsheets, sent while it is read."""
    admin()
    answer = Response(streamed(_file(_wanted())), mimetype="text/csv")
    name = f"audit-{clock.now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file(wanted: Wanted) -> Iterator[str]:
    yield "\ufeff"  # or some take it for another encoding
    yield _row(COLUMNS)
    for deed in audit.every_deed(db.session(), wanted):
        yield _row(_cells(deed))


def _cells(deed: Deed) -> tuple[str, ...]:
    story = str(deed.story_id or "")
    return (formats.iso(deed.at), deed.who, deed.words, story, deed.what, deed.note, deed.network)


def _row(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(f"'{c}" if c.startswith(DANGEROUS) else c for c in cells)
    return line.getvalue()


def _wanted() -> Wanted:
    """What the address asks for; 422 for what can't be asked."""
    zone = current_app.config["NEWSROOM_ZONE"]
    since, until = _day("since"), _day("until")
    return Wanted(
        by_id=_number("person"),
        verb=request.args.get("verb", "").replace("\x00", "")[:80],
        story_id=_number("story"),
        since=clock.bounds_of(since, zone)[0] if since else None,
        until=clock.bounds_of(until, zone)[1] if until else None,
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > NUMBER_MAX:
        abort(422, f"“{name}” must be a number.")
    return int(text)


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        abort(422, f"“{name}” must be a day such as 2026-11-25.")
    if not 1971 <= day.year <= 9000:
        abort(422, f"“{name}” must be a day of our time.")
    return day


def _before() -> Stamp | None:
    text = request.args.get("before", "")
    try:
        return Stamp.parse(text) if text else None
    except (ValueError, OverflowError):
        abort(422, "“before” must be a place in the log.")
