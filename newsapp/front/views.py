"""The front page."""

from flask import Blueprint, render_template

from newsapp import caching, shell
from newsapp.extensions import db
from newsapp.front import queries
from newsapp.streams import FRONT

bp = Blueprint("front", __name__)


@bp.get("/")
@caching.page(lambda: (FRONT, *shell.SHELL))
def front() -> str:
    """The front page."""
    ticker = shell.ticker()
    breaking = ticker.cards if ticker.breaking else ()
    page = queries.front(db.session(), shell.tree(), breaking)
    return render_template("front/front.html", front=page, pulse=shell.pulse(FRONT, page.newest))
