"""The front page and each region's top, laid out by hand: a draft that the desk shares, launched
at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import audit, clock
from newsapp.accounts.queries import names_of
from newsapp.desk import receipts
from newsapp.desk.finding import publisher, story_or_404, tree
from newsapp.desk.retrying import retried
from newsapp.desk.times import desk_time
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, Stamp
from newsapp.front.forms import FOREVER, UntilForm, number
from newsapp.front.models import LEAD, Arrangement, Slot, places_of
from newsapp.front.queries import arranging, page, reasons
from newsapp.front.queries.page import NO_DRAFT, Front, Region
from newsapp.live.queries import ticker
from newsapp.stories import clean
from newsapp.stories.models import RIVER, Kind, NotAllowed, Story
from newsapp.stories.queries import sections
from newsapp.stories.queries.listings import Card
from newsapp.stories.queries.sections import Place

bp = Blueprint("front", __name__, url_prefix="/front")
FRONT_PAGE = "front-page"
DAY = timedelta(hours=24)
FOUND = 30
ASKED = ("words", "region", "before")  # of the list beside the front
LAUNCHES = 50


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a front: what stands in it, and why."""

    position: int
    card: Card | None
    slot: Slot | None  # None: it is filled by the newest
    why: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A front as the desk sees it: the draft, or what readers have while there is none."""

    place: Place
    arrangement: Arrangement
    page: Front | Region
    spots: tuple[Spot, ...]
    now: datetime

    @property
    def name(self) -> str:
        """What its address calls it."""
        return FRONT_PAGE if self.place.id == RIVER else self.place.slug

    @property
    def title(self) -> str:
        """What it is called."""
        return _title(self.place)

    @property
    def slots(self) -> dict[int, Slot]:
        """What is filled by hand, by position."""
        return {spot.position: spot.slot for spot in self.spots if spot.slot}


@bp.get("", defaults={"name": FRONT_PAGE})
@bp.get("/<slug:name>")
def show(name: str) -> str:
    """A front in its real shape, what can be put there, and why that is not there."""
    publisher()
    return _page(_desk(name))


@bp.post("/<slug:name>/slots")
@retried
def put(name: str) -> Any:
    """Puts a story into a place of the draft, or moves the one that stands there."""
    by, place, now = publisher(), _place(name), clock.now()
    story = story_or_404(number(request.form, "story"))
    position, origin = number(request.form, "place"), number(request.form, "from")
    arrangement = _arrangement(place)
    heir = _heir(name) if origin == LEAD < position else None

    def verb() -> None:
        arrangement.put(story, position, by, now, origin=origin)
        if heir:
            arrangement.put(heir, LEAD, by, now, origin=LEAD + 1)

    said = f"Moved to place {position} of {arrangement.places}."
    return _changed(name, arrangement, verb, said, f"place-{position}")


@bp.post("/<slug:name>/slots/<int:position>")
def keep(name: str, position: int) -> Any:
    """Says until when a slot of the draft stands."""
    by, place, now = publisher(), _place(name), clock.now()
    form = UntilForm(request.form)
    form.offer_ends(now, current_app.config["NEWSROOM_ZONE"])
    if not form.validate():
        return _page(_desk(name), forms={position: form}), 422
    arrangement, until = _arrangement(place), form.moment()
    said = f"Place {position} stands " + (f"until {desk_time(until)}." if until else
                                          "until somebody ends it.")  # fmt: skip
    return _changed(name, arrangement, lambda: arrangement.keep_until(position, until, by, now),
                    said, f"place-{position}")  # fmt: skip


@bp.post("/<slug:name>/slots/<int:position>/end")
@bp.delete("/<slug:name>/slots/<int:position>")
def free(name: str, position: int) -> Any:
    """Leaves a place of the draft to the newest again."""
    by, place, now = publisher(), _place(name), clock.now()
    arrangement = _arrangement(place)
    return _changed(name, arrangement, lambda: arrangement.free(position, by, now),
                    f"Place {position} is left to the newest.", f"place-{position}")  # fmt: skip


@bp.post("/<slug:name>/draft/end")
@bp.delete("/<slug:name>/draft")
def discard(name: str) -> Any:
    """Throws the draft away."""
    by, place, now = publisher(), _place(name), clock.now()
    arrangement = _arrangement(place)
    if _overtaken(arrangement):
        return _page(_desk(name), problem=_told_overtaken(arrangement, "thrown away")), 409
    return _changed(name, arrangement, lambda: arrangement.discard(by, now),
                    "The draft is gone. This is what readers have.", "main")  # fmt: skip


@bp.get("/<slug:name>/launches")
def launches(name: str) -> str:
    """What was launched on a front, when and by whom, the last first."""
    publisher()
    place, session = _place(name), db.session()
    found = arranging.launches(session, place.id, LAUNCHES)
    now_called = arranging.headlines(session, {p["story"] for one in found for p in one.picks})
    return render_template(
        "desk/front/launches.html",
        desk=_desk(name),
        launches=found,
        stories=now_called,
        people=names_of(session, [launch.by_id for launch in found]),
        limit=LAUNCHES,
    )


@bp.post("/<slug:name>/launches")
def launch(name: str) -> Any:
    """Puts the draft, or with `again` what was launched once, before readers."""
    by, place, now = publisher(), _place(name), clock.now()
    session, arrangement = db.session(), _arrangement(place)
    if _overtaken(arrangement):
        return _page(_desk(name), problem=_told_overtaken(arrangement, "launched")), 409
    once = number(request.form, "again")
    former = (arranging.launch(session, place.id, once) or abort(404)) if once else None
    picks = [pick["story"] for pick in former.picks] if former else [
        slot.story_id for slot in arrangement.draft(now)
    ]  # fmt: skip
    live = arranging.live_on(session, place.id, picks)
    gone = len(set(picks) - set(live))
    said = "Launched. Readers have it within seconds." + (
        f" {gone} of its stories {'is' if gone == 1 else 'are'} no longer published and fell out."
        if gone else ""
    )  # fmt: skip

    def verb() -> None:
        if former:
            arrangement.launch_again(former, live, by, now)
        else:
            arrangement.launch(live, by, now)
        receipts.write_of_front(place.id, now)

    return _changed(name, arrangement, verb, said, "main", noticed=False)


@bp.get("/<slug:name>/company")
def company(name: str) -> str:
    """Whether somebody changed the front since `?version=`, as a fragment."""
    publisher()
    place = _place(name)
    arrangement = arranging.arrangement(db.session(), place.id)
    seen = number(request.args, "version")
    moved = arrangement if arrangement and arrangement.version != seen else None
    return render_template("desk/front/_company.html", moved=moved, name=name,
                           who=_who(moved) if moved else "")  # fmt: skip


@bp.get("/<slug:name>/preview")
def preview(name: str) -> str:
    """The readers' own page with the draft in it."""
    publisher()
    desk = _desk(name)
    if isinstance(desk.page, Front):
        return render_template("desk/front/preview.html", desk=desk, front=desk.page, pulse=None)
    children = tree().children(desk.place.id)
    totals = sections.counts(db.session(), [child.id for child in children])
    return render_template(
        "desk/front/preview_region.html",
        desk=desk,
        place=desk.place,
        parent=None,
        children=tuple((child, totals.get(child.id, 0)) for child in children),
        top=desk.page.top,
        listing=desk.page.listing,
        first=True,
        pulse=None,
    )


def stale_lead() -> tuple[Card, datetime] | None:
    """The front page's lead and since when, where it stands for too long."""
    session, now = db.session(), clock.now()
    breaking = ticker(session)
    lead = page.lead(session, breaking.cards if breaking.breaking else (), now)
    if lead is None:
        return None
    arrangement = arranging.arrangement(session, RIVER)
    slots = arrangement.launched(now) if arrangement else []
    picked = [slot.since for slot in slots if slot.position == LEAD and slot.story_id == lead.id]
    # What leads by itself is as old as its news.
    since = picked[0] if picked else lead.updated_at or lead.published_at
    allowed = timedelta(hours=current_app.config["STALE_LEAD_HOURS"])
    return (lead, since) if since + allowed <= now else None


def _title(place: Place) -> str:
    return "Front page" if place.id == RIVER else place.name


def _place(name: str) -> Place:
    """The section that a front is laid out from."""
    if name == FRONT_PAGE:
        return tree().get(RIVER)
    place = tree().find(name)
    return place if place and place.kind == Kind.REGION else abort(404)


def _arrangement(place: Place) -> Arrangement:
    """How a front is laid out; a new one where nobody ever did it."""
    found = arranging.arrangement(db.session(), place.id)
    return found or Arrangement(section_id=place.id, changed_at=clock.now(), version=0)


def _desk(name: str) -> Desk:
    session, now, place = db.session(), clock.now(), _place(name)
    arrangement = _arrangement(place)
    drafted = place.id if arrangement.drafted else NO_DRAFT
    slots = {slot.position: slot for slot in arrangement.draft(now)}
    if place.id == RIVER:
        breaking = ticker(session)
        now_breaking = breaking.cards if breaking.breaking else ()
        front = page.front(session, tree(), now_breaking, drafted, now)
        pins, cards = front.pins.get(RIVER, {}), (*filter(None, [front.lead]), *front.seconds)
        spots = _spots(place, pins, cards, slots)
        return Desk(place, arrangement, front, spots, now)
    region = page.region(session, place.id, drafted, now)
    spots = _spots(place, region.pins, reasons.standing_at(region), slots)
    return Desk(place, arrangement, region, spots, now)


def _heir(name: str) -> Story | None:
    """The story behind the lead, which leads when the lead is moved down: left to itself, the front
    would be led by what is breaking."""
    behind = _desk(name).spots[LEAD]
    return story_or_404(behind.card.id) if behind.card and not behind.slot else None


def _spots(
    place: Place, pins: Mapping[int, Card], cards: Sequence[Card], slots: Mapping[int, Slot]
) -> tuple[Spot, ...]:
    """The places of a front with what stands in each."""
    automatic = iter([card for card in cards if card not in pins.values()])
    region = None if place.id == RIVER else place
    spots = []
    for position in range(LEAD, places_of(place.id) + 1):
        card = pins.get(position) or next(automatic, None)
        slot = slots.get(position) if position in pins else None
        why = reasons.why_automatic(card, position, region, pins) if card and not slot else ""
        spots.append(Spot(position, card, slot, why))
    return tuple(spots)


def _changed(
    name: str,
    arrangement: Arrangement,
    verb: Callable[[], None],
    said: str,
    anchor: str,
    noticed: bool = True,
) -> Any:
    """Does it and says so, also that a colleague changed the draft since the form was drawn."""
    overtaken = noticed and _overtaken(arrangement)
    before = _told_overtaken(arrangement, "") if overtaken else ""
    try:
        verb()
    except NotAllowed as refusal:
        db.session.rollback()
        return _page(_desk(name), problem=str(refusal)), 409
    db.session.add(arrangement)
    audit.note(db.session(), _title(_place(name)))
    db.session.commit()
    flash(f"{said} {before}".strip())
    return _back(name, anchor)


def _back(name: str, anchor: str) -> Response:
    # With what was looked for, so that the list beside it stays.
    asked = {key: request.args[key] for key in ASKED if key in request.args}
    query = f"?{urlencode(asked)}" if asked else ""
    return redirect(f"{url_for('desk.front.show', name=name)}{query}#{anchor}", 303)


def _overtaken(arrangement: Arrangement) -> bool:
    return number(request.form, "version") != (arrangement.version or 0)


def _told_overtaken(arrangement: Arrangement, verb: str) -> str:
    """Who was faster, and when."""
    changed = f"{_who(arrangement)} changed this front at {desk_time(arrangement.changed_at)}"
    if not verb:
        return f"{changed}; that stays."
    return f"Not {verb}: {changed}. Below is how it stands now: look at it, then do it again."


def _who(arrangement: Arrangement) -> str:
    number = arrangement.changed_by_id
    return names_of(db.session(), [number]).get(number or 0, "Somebody")


def _page(desk: Desk, forms: Mapping[int, UntilForm] | None = None, problem: str = "") -> str:
    session, words = db.session(), clean.line(request.args.get("words"))[:200]
    region = _region_asked(desk)
    found = arranging.found(session, region.id, words, _before(), FOUND)
    off = {card.id: _why_off(card, desk) for card in found.cards}
    arrangement = desk.arrangement
    people = names_of(session, [
        arrangement.changed_by_id, arrangement.launched_by_id,
        *(spot.slot.by_id for spot in desk.spots if spot.slot),
    ])  # fmt: skip
    standing = {spot.card.id for spot in desk.spots if spot.card}
    return render_template(
        "desk/front/show.html",
        desk=desk,
        forms=_until_forms(desk) | dict(forms or {}),
        problem=problem,
        receipt=receipts.of_front(desk.place.id),
        fallen=_fallen(desk),
        stale=stale_lead() if desk.place.id == RIVER else None,
        regions=tree().regions,
        region=region,
        words=words,
        cards=[card for card in found.cards if words or card.id not in standing],
        older=found.older,
        off=off,
        taken_down=arranging.taken_down(session, desk.place.id, desk.now - DAY),
        people=people,
        choices=len(desk.spots),
    )


def _until_forms(desk: Desk) -> dict[int, UntilForm]:
    zone, forms = current_app.config["NEWSROOM_ZONE"], {}
    for position, slot in desk.slots.items():
        forms[position] = form = UntilForm()
        form.offer_ends(desk.now, zone)
        form.choice.data = "typed" if slot.until else FOREVER
        if slot.until:
            form.end.data = f"{slot.until.astimezone(zone):%Y-%m-%dT%H:%M}"
    return forms


def _region_asked(desk: Desk) -> Place:
    """Where the list of what can be put looks: in all, or in one region."""
    if desk.place.id != RIVER:
        return desk.place
    asked = tree().find(clean.line(request.args.get("region")))
    return asked if asked and asked.kind == Kind.REGION else desk.place


def _before() -> Stamp | None:
    text = request.args.get("before")
    if not text:
        return None
    try:
        stamp = Stamp.parse(text)
    except (ValueError, OverflowError):
        abort(404)
    return stamp if stamp.id <= NUMBER_MAX else abort(404)


def _why_off(card: Card, desk: Desk) -> tuple[str, list[str]]:
    """Where a story stands, or nowhere, and then why not."""
    if isinstance(desk.page, Front):
        where = reasons.on_the_front(desk.page).get(card.id, "")
        in_river = card in desk.page.river
        told = reasons.off_the_front(card, desk.page, tree(), desk.slots, desk_time)
        return (where, [] if where else [*told, *(["in Latest only"] if in_river else [])])
    top = reasons.standing_at(desk.page)
    if card in top:
        return (f"in place {top.index(card) + 1}", [])
    return ("", reasons.off_the_region(card, top, desk.place, desk.slots, desk_time))


def _fallen(desk: Desk) -> list[tuple[str, str]]:
    """What an editor put here and what fell out since: its headline, and what became of it."""
    slots = {slot.story_id for slot in desk.arrangement.draft(desk.now)}
    gone = slots - {spot.card.id for spot in desk.spots if spot.card}
    told = {"withdrawn": "was withdrawn", "published": "is not filed here any more"}
    return [
        (headline, told.get(status, "is not published any more"))
        for headline, status in arranging.headlines(db.session(), gone).values()
    ]
