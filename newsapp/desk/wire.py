"""The wire: items that nobody has dealt with, and feeds that fail."""

import re

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from newsapp.extensions import db
from newsapp.wire import queries
from newsapp.wire.queries import PAGE

bp = Blueprint("wire", __name__, url_prefix="/wire")


@bp.get("")
def index() -> str:
    """The new items, newest arrival first; `?before=` for older ones."""
    before = _number("before")
    items = queries.new_items(db.session(), before, PAGE + 1)
    return render_template(
        "desk/wire/index.html",
        items=items[:PAGE],
        older=items[PAGE - 1].id if len(items) > PAGE else None,
        newest=items[0].id if items else 0,
        first=before is None,
        feeds=queries.feeds(db.session()),
    )


@bp.get("/new")
def arrivals() -> str | Response:
    """The line that says how many came since; 204 when none did."""
    after = _number("after")
    if after is None:
        abort(400, "“after” is missing.")
    count = queries.count_new_after(db.session(), after)
    if not count:
        return Response(status=204)
    return render_template("desk/wire/_arrivals.html", count=count, after=after)


@bp.post("/<int:item_id>/ignored")
def ignore(item_id: int) -> Answer:
    """Takes an item off the list."""
    item = queries.item(db.session(), item_id) if item_id < 2**31 else None
    if item is None:
        abort(404)
    item.ignore()
    db.session.commit()
    flash("Ignored.")
    return redirect(url_for("desk.wire.index", before=_number("before")), 303)


def _number(name: str) -> int | None:
    """A number of an item in the address; 400 for what is none."""
    text = request.args.get(name)
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        abort(400, f"“{name}” must be the number of an item.")
    return int(text)
