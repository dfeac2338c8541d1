"""The wire: a card for each event, newest movement first, and what is done with cards."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

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
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Conflict, HTTPException
from werkzeug.wrappers import Response as Answer

from newsapp import clock
from newsapp.accounts.models import NotAllowed
from newsapp.desk.finding import me, tree
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.stories.forms import LANGUAGES
from newsapp.wire import cards, filing, queries, reading
from newsapp.wire.cards import Card, Page, Spot, Wanted
from newsapp.wire.filters import WireFilter
from newsapp.wire.models import Item

bp = Blueprint("wire", __name__, url_prefix="/wire")
MOST = 50  # cards joined, or items split off, at once


@bp.get("")
def index() -> Answer | str | tuple[str, int]:
    """The cards, newest movement first; the address says of which."""
    form = _filter(request.args)
    if "" in request.args.values():  # a form sends its empty fields, an address to keep has none
        return redirect(url_for("desk.wire.index", **form.address()))
    if not form.validate():
        return _list(form, None), 422
    return _list(form, _wanted(form), _before())


@bp.get("/new")
def arrivals() -> str | Response:
    """The line that says how many cards that fit came or moved since; 204 when none did."""
    after, form = _number("after"), _filter(request.args)
    if after is None or not form.validate():
        abort(400, "“after” is missing." if after is None else "There is no such list.")
    count = cards.count_after(db.session(), _wanted(form), after)
    if not count:
        return Response(status=204)
    return render_template("desk/wire/_arrivals.html", count=count, after=after, form=form)


@bp.get("/cards/<int:cluster_id>")
def show(cluster_id: int) -> str:
    """A card with all its items."""
    return _whole(_card(cluster_id))


@bp.post("/cards/<int:cluster_id>/ignored")
def ignore(cluster_id: int) -> Answer:
    """Takes a card off the list, until something new comes to it."""
    card = _card(cluster_id)
    filing.ignore(db.session(), card.cluster.id)
    db.session.commit()
    return _back(card.cluster.id, ignored=card.cluster.id)


@bp.post("/cards/<int:cluster_id>/ignored/end")
@bp.delete("/cards/<int:cluster_id>/ignored")
def bring_back(cluster_id: int) -> Answer:
    """Puts a card that was ignored on the list again."""
    card = _card(cluster_id)
    filing.bring_back(db.session(), card.cluster.id)
    db.session.commit()
    flash("It waits again.")
    return _back(card.cluster.id)


@bp.post("/items/<int:item_id>/ignored")
def ignore_item(item_id: int) -> Answer:
    """Sets one item of a card aside."""
    filing.begin(db.session())
    item = _item(item_id)
    item.ignore()
    db.session.commit()
    flash(f"Ignored: “{item.headline}”.")
    return _back(item.cluster_id or 0)


@bp.post("/items/<int:item_id>/ignored/end")
@bp.delete("/items/<int:item_id>/ignored")
def bring_item_back(item_id: int) -> Answer:
    """Puts one item before the desk again."""
    filing.begin(db.session())
    item = _item(item_id)
    item.bring_back()
    db.session.commit()
    flash(f"It waits again: “{item.headline}”.")
    return _back(item.cluster_id or 0)


@bp.post("/joins")
def join() -> Answer:
    """Makes one card of those that are chosen; the fullest takes the others' items."""
    numbers = _numbers("card")
    if len(numbers) < 2:
        abort(422, "Tick two cards or more that are of one event, then join them.")
    session, at = db.session(), clock.now()
    found = {known.id: known for n in numbers if (known := queries.cluster(session, n))}
    if len(found) < 2:
        abort(409, "These are one card already, or are not there any more.")
    fullest, *others = sorted(found.values(), key=lambda cluster: (-cluster.items, cluster.id))
    for other in others:
        filing.join(session, fullest, other, me(), at)
    session.commit()
    flash("Joined. What comes later of either comes to this card.")
    return _back(fullest.id, to="card")


@bp.post("/cards/<int:cluster_id>/splits")
def split(cluster_id: int) -> Answer:
    """Makes a card of its own of the items that are chosen."""
    numbers = _numbers("item")
    chosen = [item for item in queries.items(db.session(), numbers)
              if item.cluster_id == cluster_id]  # fmt: skip
    if not chosen:
        abort(422, "Tick the items that are of another event, then split them off.")
    new = filing.split(db.session(), chosen, me(), clock.now())
    db.session.commit()
    flash("Split off; what no story was made of waits. What comes later goes to the card that it "
          "is more like.")  # fmt: skip
    return _back(new.id, to="card")


@bp.post("/reading")
def read() -> Answer | Response:
    """Notes which cards somebody has seen, each up to its newest item: `seen=7-1234`."""
    told = [re.fullmatch(r"(\d{1,9})-(\d{1,9})", text) for text in request.form.getlist("seen")]
    seen = {int(pair[1]): int(pair[2]) for pair in told if pair}
    if not all(told) or len(told) > MOST:
        abort(422, f"What was seen is told by card and item, at most {MOST} at once.")
    reading.mark(db.session(), me(), seen)
    db.session.commit()
    return Response(status=204) if "quietly" in request.form else _back(next(iter(seen), 0))


@bp.post("/reading/end")
def unread() -> Answer:
    """Makes a card unread again."""
    numbers = _numbers("unseen")
    for number in numbers:
        reading.unmark(db.session(), me(), number)
    db.session.commit()
    return _back(next(iter(numbers), 0))


@bp.post("/reading/all")
def read_all() -> Answer:
    """Notes that all that the list holds was seen, up to the newest that it showed."""
    form, newest = _filter(kept()), request.form.get("newest", type=int)
    if newest is None or not 0 <= newest <= NUMBER_MAX or not form.validate():
        abort(422, "Which list is that? Open the wire again, then mark it as read.")
    many = reading.mark_all(db.session(), me(), _wanted(form), newest)
    db.session.commit()
    return _back(read=many)


@bp.post("/reading/all/end")
@bp.delete("/reading/all")
def unread_all() -> Answer:
    """Makes unread again what was marked as read all at once, the last time."""
    many = reading.unmark_all(db.session(), me())
    db.session.commit()
    again = f"{many:,} card{'s are' if many != 1 else ' is'} unread again."
    flash(again if many else "There was nothing to take back.")
    return _back()


@bp.errorhandler(409)
@bp.errorhandler(422)
def refused(error: HTTPException) -> tuple[str, int]:
    """Why something was not done, over the card or the list that it was asked on; what was ticked
    stays ticked."""
    why, number = error.description or "", (request.view_args or {}).get("cluster_id", 0)
    asked = number if request.form.get("then") == "card" else 0
    if asked and (card := _found(asked)):
        return _whole(card, why), error.code or 422
    form = _filter(kept())
    wanted = _wanted(form) if form.validate() else None
    return _list(form, wanted, _spot(kept().get("before", "")), why), error.code or 422


@bp.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """The same, in the words of the verb that was asked."""
    db.session.rollback()
    return refused(Conflict(str(error)))


def kept() -> MultiDict[str, str]:
    """What the list is narrowed to that is looked at, or that a form stands in."""
    told = parse_qsl(request.form.get("list", "")[:2000])
    args = request.args if request.method == "GET" else MultiDict(told)
    names = ("before", *WireFilter()._fields)
    return MultiDict({name: args[name] for name in names if name in args})


@bp.app_template_filter()
def spoken(tag: str) -> str:
    """A language by its name; by its tag, where we have none for it."""
    return LANGUAGES.get(tag) or LANGUAGES.get(tag.partition("-")[0].lower()) or tag


def _filter(args: MultiDict[str, str]) -> WireFilter:
    form = WireFilter(args)
    form.offer(tree(), queries.names_of_sources(db.session()))
    return form


def _wanted(form: WireFilter) -> Wanted:
    after = cards.unread_since(db.session(), clock.now()) if form.show.data == "unread" else 0
    return form.wanted(me().id, after)


def _list(
    form: WireFilter, wanted: Wanted | None, before: Spot | None = None, refusal: str = ""
) -> str:
    session = db.session()
    newest = cards.newest_item(session)  # first: what comes meanwhile is told as new
    page = cards.page(session, wanted, me(), tree(), before) if wanted else Page((), None, False)
    return render_template(
        "desk/wire/index.html",
        form=form,
        page=page,
        newest=newest,
        first=before is None,
        ignored=_ignored(),
        read=_number("read"),
        window=cards.WINDOW,
        whole=False,
        kept=kept().to_dict(),
        args=urlencode(kept()),
        ticked=_ticked(),
        refusal=refusal,
        feeds=queries.any_feed(session),
    )


def _whole(card: Card, refusal: str = "") -> str:
    return render_template(
        "desk/wire/show.html",
        card=card,
        whole=True,
        earlier=queries.earlier_words(db.session(), card.items),
        kept=kept().to_dict(),
        args=urlencode(kept()),
        ticked=_ticked(),
        refusal=refusal,
    )


def _ticked() -> frozenset[tuple[str, int]]:
    """What was ticked in the form that was sent."""
    names = ("card", "item")
    return frozenset((n, one) for n in names for one in request.form.getlist(n, type=int))


def _ignored() -> Card | None:
    """The card that was ignored a moment ago, to be brought back."""
    number = _number("ignored")
    return _found(number) if number else None


def _card(cluster_id: int) -> Card:
    return _found(cluster_id) or abort(404)


def _found(number: int) -> Card | None:
    return cards.card(db.session(), number, me(), tree()) if number <= NUMBER_MAX else None


def _item(item_id: int) -> Item:
    return (queries.item(db.session(), item_id) if item_id <= NUMBER_MAX else None) or abort(404)


def _back(card: int = 0, to: str = "", **told: int) -> Answer:
    """To the card that was changed, where that is asked for; else to the list that it stood in."""
    args: dict[str, Any] = kept().to_dict()
    if card and request.form.get("then", to) == "card":
        return redirect(url_for("desk.wire.show", cluster_id=card, **args), 303)
    args |= told
    return redirect(url_for("desk.wire.index", **args), 303)


def _numbers(name: str) -> list[int]:
    found = dict.fromkeys(request.form.getlist(name, type=int))
    numbers = [number for number in found if 0 < number <= NUMBER_MAX]
    if len(numbers) > MOST:
        abort(422, f"At most {MOST} at once, please.")
    return numbers


def _before() -> Spot | None:
    """The last card of the page before; 400 for what is none."""
    text = request.args.get("before")
    if text is None:
        return None
    return _spot(text) or abort(400, "“before” must name a card.")


def _spot(text: str) -> Spot | None:
    fits = re.fullmatch("[0-9]{1,9}-[0-9]{1,9}", text)
    return Spot(*map(int, text.split("-"))) if fits else None


def _number(name: str) -> int | None:
    """A number of an item or a card in the address; 400 for what is none."""
    text = request.args.get(name)
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        abort(400, f"“{name}” must be a number.")
    return int(text)
