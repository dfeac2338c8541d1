"""The front page."""

from flask import Blueprint, render_template

from newsapp import caching, shell
from newsapp.extensions import db
from newsapp.front.queries import page
from newsapp.streams import FRONT

bp = Blueprint("front", __name__)


@bp.get("/")
@caching.page(lambda: (FRONT, *shell.SHELL), mark="seen")
def front() -> str:
    """The front page."""
    ticker = shell.ticker()
    breaking = tuple(card for card in ticker.cards if card.breaking)
    found = page.front(db.session(), shell.tree(), breaking)
    pulse = shell.pulse(FRONT, found.newest, top=found.mark)
    return render_template("front/front.html", front=found, pulse=pulse)
