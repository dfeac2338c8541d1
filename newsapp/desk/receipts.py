"""Receipts: after a change, the desk looks at the site as a reader and says where it is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsapp import clock, streams
from newsapp.desk.finding import me, publisher, story_or_404, tree
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.front.queries import arranging
from newsapp.live import receipts
from newsapp.live.models import Receipt
from newsapp.live.receipts import Place
from newsapp.stories.flow import BreakingForm
from newsapp.stories.models import RIVER, Story

bp = Blueprint("receipts", __name__, url_prefix="/receipts")
SHOWN = timedelta(minutes=2)  # for which a receipt stands on the story's page
UNDO = timedelta(seconds=10)  # in which breaking news is undone with one click
PUBLISHED, BROKEN, CHANGED, TAKEN_DOWN = "published", "broken", "changed", "taken down"
LAUNCHED = "launched"
TURNS = BoundedSemaphore(2)  # looks at the same time


@dataclass(frozen=True, slots=True)
class Shown:
    """A receipt as the desk shows it."""

    id: int
    act: str
    story_id: int | None
    leaves_in: int  # seconds until a story that was sent out is out; 0 when it is
    can_undo: bool
    places: tuple[Place, ...]
    seconds: float  # since readers should have it
    called_back: bool

    @property
    def waiting(self) -> bool:
        """Whether it is still on its way out."""
        return self.leaves_in > 0 or (self.can_undo and self.act == PUBLISHED)

    @property
    def there(self) -> int:
        """In how many places it is there."""
        return sum(place.seconds is not None for place in self.places)

    @property
    def slowest(self) -> float:
        """The seconds after which the last of them had it."""
        return max((place.seconds for place in self.places if place.seconds is not None), default=0)

    @property
    def late(self) -> bool:
        """Whether what is missing is told as a fault."""
        return self.seconds > receipts.LATE

    @property
    def over(self) -> bool:
        """Whether nobody looks any more."""
        complete = bool(self.places) and self.there == len(self.places)
        return self.called_back or complete or self.seconds > receipts.GIVE_UP


@bp.get("/<int:receipt_id>")
def show(receipt_id: int) -> str:
    """The receipt as it was last seen."""
    receipt, story = _find(receipt_id)
    return render_template("desk/receipts/show.html", receipt=_shown(receipt, story), story=story)


@bp.post("/<int:receipt_id>/looks")
def look(receipt_id: int) -> Response | str:
    """Looks once more, as a reader, wherever the change was not there yet."""
    receipt, story = _find(receipt_id)
    # Whoever finds others looking is shown what they saw: a site that hangs takes few threads.
    if TURNS.acquire(blocking=False):
        try:
            _look(receipt, story)
            db.session.commit()
        finally:
            TURNS.release()
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        shown = _shown(receipt, story)
        return render_template("desk/receipts/_look.html", receipt=shown, story=story,
                               breaking_form=BreakingForm())  # fmt: skip
    return redirect(url_for("desk.receipts.show", receipt_id=receipt_id), 303)


def write(story: Story, act: str, at: datetime) -> None:
    """Begins a receipt with the change itself; who commits the one commits the other."""
    db.session.add(Receipt(story=story, act=act, at=at, by_id=me().id))


def write_of_front(section_id: int, at: datetime) -> None:
    """Begins the receipt of a front that is launched."""
    db.session.add(Receipt(section_id=section_id, act=LAUNCHED, at=at, by_id=me().id))


def of(story: Story) -> Shown | None:
    """The story's last receipt, while it is news."""
    receipt = receipts.recent(db.session(), story.id, None, clock.now() - SHOWN)
    return _shown(receipt, story) if receipt else None


def of_front(section_id: int) -> Shown | None:
    """The last receipt of a front, while it is news."""
    receipt = receipts.recent(db.session(), None, section_id, clock.now() - SHOWN)
    return _shown(receipt, None) if receipt else None


def _find(receipt_id: int) -> tuple[Receipt, Story | None]:
    publisher()
    found = receipts.receipt(db.session(), receipt_id) if receipt_id <= NUMBER_MAX else None
    if found is None:
        abort(404)
    return found, story_or_404(found.story_id) if found.story_id else None


def _look(receipt: Receipt, story: Story | None) -> None:
    now = clock.now()
    if now < receipt.at or _shown(receipt, story).over:
        return
    if receipt.places is None and story is None:
        receipts.keep(receipt, _places_of_front(receipt.section_id or RIVER, now))
    elif receipt.places is None and story:
        if receipt.act in (PUBLISHED, BROKEN) and not story.live:
            # Whoever asks for a revision releases what is due; this look may be the first.
            streams.release(db.engine, now, current_app.config["NEWSROOM_ZONE"])
            db.session.expire_all()
            story = story_or_404(story.id)
        if story.path and not story.held_until:
            receipts.keep(receipt, _places(story))
    seconds = (now - receipt.at).total_seconds()
    seen = receipts.look(receipts.places(receipt), current_app.config["PUBLIC_URL"], seconds)
    receipts.keep(receipt, seen)


def _places(story: Story) -> list[Place]:
    filed = {section.id for section in story.sections}
    regions = {section.parent_id for section in story.sections if section.parent_id}
    sections = tree().named({RIVER} | filed | regions)
    names = receipts.streams_of(story, sections)
    revisions, _ = streams.read(db.session(), sorted(set(names)))
    month = story.published_at or story.changed_at
    here = month.astimezone(current_app.config["NEWSROOM_ZONE"])
    return receipts.expected(db.session(), story, sections, revisions, f"{here:%Y-%m}")


def _places_of_front(section_id: int, at: datetime) -> list[Place]:
    session, section = db.session(), tree().get(section_id)
    revisions, _ = streams.read(session, [streams.FRONT, streams.of_section(section_id)])
    paths = arranging.paths_launched(session, section_id, at)
    return receipts.expected_of_front(section, paths, revisions)


def _shown(receipt: Receipt, story: Story | None) -> Shown:
    now = clock.now()
    live = story is not None and story.live
    held = story is not None and story.held_until is not None and not live
    out = receipt.act in (PUBLISHED, BROKEN)
    fresh = receipt.act == BROKEN and live and now < receipt.at + UNDO
    return Shown(
        id=receipt.id,
        act=receipt.act,
        story_id=receipt.story_id,
        leaves_in=max(0, -int((now - receipt.at).total_seconds() // 1)) if held else 0,
        can_undo=held or fresh,
        places=tuple(receipts.places(receipt)),
        seconds=(now - receipt.at).total_seconds(),
        called_back=out and not held and not live,
    )
