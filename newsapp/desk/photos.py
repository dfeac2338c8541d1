"""Pictures: the library, sending new ones in, and what is said of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from newsapp import clock
from newsapp.accounts.guard import admits
from newsapp.clock import day_of
from newsapp.desk.finding import me, publisher
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX
from newsapp.media import darkroom, queries, tidying
from newsapp.media.forms import PhotoForm, end_of, last_day
from newsapp.media.models import Photo
from newsapp.media.queries import PAGE, SOON, Show
from newsapp.stories import clean
from newsapp.stories.queries import editing

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]
bp = Blueprint("photos", __name__, url_prefix="/photos")
AT_ONCE = 20
TOO_LARGE = (
    "That is larger than 40 MB, as one file or together. We take JPEG, PNG, WebP, AVIF, GIF and "
    "HEIC, up to 40 MB each: send fewer at a time, or smaller ones."
)
MINUTE = 60  # seconds
A_MINUTE = 60  # pictures that one person may send in within a minute, fit or not


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was sent and not taken, whether it may be another time, and after how many
    seconds without asking."""

    name: str
    reason: str
    later: bool = False
    after: int = 0


@dataclass(frozen=True, slots=True)
class Rights:
    """When our rights in a photo end, in words, and whether they have."""

    words: str
    ended: bool


@bp.url_value_preprocessor
def _allow_size(endpoint: str | None, values: Any) -> None:
    # Before anything reads the form: only here it may be this large.
    if endpoint == "desk.photos.create":
        request.max_content_length = current_app.config["UPLOAD_BYTES"]


@bp.get("")
def index() -> str:
    """The library, newest first; `?words=` in what is said of them, `?show=` what asks for work."""
    words = clean.line(request.args.get("words", ""))[:200]
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before <= NUMBER_MAX:
        abort(404)
    if "choose" in request.args:
        found = queries.library(db.session(), words, limit=24)
        several = request.args["choose"] == "several"
        name = "poster" if request.args["choose"] == "poster" else "photo"
        return render_template(
            "desk/photos/_choices.html", photos=found, chosen=0, several=several, field_name=name
        )
    shown = request.args.get("show", "")
    return _page(words, before, Show(shown) if shown in list(Show) else abort(404))


@bp.get("/<int:photo_id>/choice")
def choice(photo_id: int) -> str:
    """A picture as the chooser of the story form shows it, as a fragment."""
    photo = _photo_or_404(photo_id)
    return render_template("desk/photos/_choices.html", photos=[photo], chosen=0, several=True)


@bp.post("")
def create() -> Answer:
    """Takes in what was sent; each file for itself, so that one that is unfit stops no other."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        return _page(refused=[Refusal("", "Choose at least one picture.")]), 422
    taken, refused = list[Photo](), list[Refusal]()
    try:
        admit(min(len(files), AT_ONCE))
    except darkroom.NotNow as why:
        return _come_again([Refusal("", str(why), later=True, after=why.after)], ())
    for file in files[:AT_ONCE]:
        try:
            taken.append(take_in(file))
        except darkroom.Refused as why:
            refused.append(_refusal(file, why))
    refused += [
        Refusal(clean.line(file.filename)[:120], f"At most {AT_ONCE} at a time.")
        for file in files[AT_ONCE:]
    ]
    if refused:
        if any(refusal.later for refusal in refused):
            return _come_again(refused, taken)
        return _page(refused=refused, taken=taken), 422
    if len(taken) == 1:
        flash("It is in the library. Say what it shows and whose it is.")
        return redirect(url_for("desk.photos.edit", photo_id=taken[0].id), 303)
    flash(f"{len(taken)} pictures are in the library. Say of each what it shows and whose it is.")
    return redirect(url_for("desk.photos.index"), 303)


def too_large() -> tuple[str, int]:
    """The library, and that what was sent is larger than we take."""
    return _page(refused=[Refusal("", TOO_LARGE)]), 413


@bp.get("/<int:photo_id>")
def edit(photo_id: int) -> str:
    """What is said of a picture, and where the eye falls."""
    photo = _photo_or_404(photo_id)
    return _form(photo, PhotoForm.of(photo, _zone()))


@bp.post("/<int:photo_id>")
def save(photo_id: int) -> Response | tuple[str, int]:
    """Saves what is said; stories that show the picture change for readers at once."""
    photo, form = _photo_or_404(photo_id), PhotoForm(request.form)
    if seen := editing.live_with_photo(db.session(), photo_id):
        publisher()
    if not form.validate():
        return _form(photo, form), 422
    form.write(photo, _zone())
    if photo.lacks and seen:
        lacking = photo.lacks
        db.session.rollback()
        form.form_errors.append(f"Readers see it in a story: it can’t be without {lacking}.")
        return _form(_photo_or_404(photo_id), form), 422
    db.session.commit()
    flash(_said(photo, seen=seen))
    return redirect(url_for("desk.photos.edit", photo_id=photo_id), 303)


@bp.post("/<int:photo_id>/end")
@bp.delete("/<int:photo_id>")
def end(photo_id: int) -> Response | tuple[str, int]:
    """Deletes a picture that no story has, with its files; an editor's, or whoever sent it."""
    session, room, photo = db.session(), darkroom.of(current_app.config), _photo_or_404(photo_id)
    if photo.by_id != me().id:
        publisher()
    form = PhotoForm.of(photo, _zone())
    if used := editing.uses_of_photo(session, photo_id):
        form.form_errors.append(
            f"{_stories(used)} it: give {'it' if used == 1 else 'them'} another picture first."
        )
    elif room.media.away:
        form.form_errors.append("The store of pictures does not answer. Try again in a moment.")
    if form.form_errors:
        return _form(photo, form), 409
    name, original = photo.hash, photo.original
    session.delete(photo)
    session.commit()
    tidying.clear(session, room, name, original)
    flash("Deleted, with its files.")
    return redirect(url_for("desk.photos.index"), 303)


def _stories(count: int) -> str:
    return "A story has" if count == 1 else f"{count} stories have"


def _said(photo: Photo, *, seen: bool) -> str:
    if photo.lacks:
        return f"Saved. Before readers see it, it needs {photo.lacks}."
    if seen and photo.ended(clock.now()):
        return (
            "Saved. The rights in it have ended, and readers still see it: give the stories "
            "below another picture."
        )
    return "Saved."


def _refusal(file: FileStorage, why: darkroom.Refused) -> Refusal:
    name = clean.line(file.filename)[:120]
    if isinstance(why, darkroom.NotNow):
        return Refusal(name, str(why), later=True, after=why.after)
    return Refusal(name, str(why))


def _come_again(refused: Sequence[Refusal], taken: Sequence[Photo]) -> Answer:
    """Tells a script that the same file may be sent again, and when; no 422, which says never."""
    after = max(refusal.after for refusal in refused)
    headers = {"Retry-After": str(after)} if after else {}
    return _page(refused=refused, taken=taken), 503, headers


def admit(count: int) -> None:
    """Counts pictures before anything is made of them; NotNow when they are too many."""
    if not admits(f"{A_MINUTE} per minute", "pictures", count):
        raise darkroom.NotNow(
            f"You have sent {A_MINUTE} pictures within a minute. "
            "Wait a moment, then send the rest.",
            after=MINUTE,
        )


def take_in(file: FileStorage) -> Photo:
    """The photo of a file that was sent: a new one, or the one that it is already."""
    session, room = db.session(), darkroom.of(current_app.config)
    name = clean.line(Path(file.filename or "").name)[:200]
    with room.at_work() as place:
        source = place / "sent"
        try:
            file.save(source)
            file.close()
        except OSError as error:
            raise darkroom.NotNow(f"There is no room to keep it ({error.strerror}).") from None
        made = room.take_in(source, place)
        if known := queries.photo_by_hash(session, made.hash):
            return known
        photo = Photo(hash=made.hash, width=made.width, height=made.height, colour=made.colour,
                      alt=clean.line(made.alt), caption=clean.line(made.caption),
                      credit=clean.line(made.credit)[:200],
                      licence=clean.line(made.licence)[:200], rights=clean.line(made.rights),
                      rights_end_at=end_of(made.ends_on, _zone()),
                      name=name, by_id=me().id)  # fmt: skip
        session.add(photo)
        try:
            # The row first: whoever has its name alone keeps files under it or takes them away.
            session.flush()
        except IntegrityError:  # somebody sent the same picture at the same moment
            session.rollback()
            if known := queries.photo_by_hash(session, made.hash):
                return known
            raise
        try:
            photo.original = room.keep(made, source, name, place)
        except darkroom.NotNow:
            room.remove(made.hash, "")  # nothing names what was kept of it
            session.rollback()
            raise
        session.commit()
    return photo


def _photo_or_404(photo_id: int) -> Photo:
    found = queries.photo(db.session(), photo_id) if photo_id <= NUMBER_MAX else None
    return found or abort(404)


def _page(
    words: str = "",
    before: int | None = None,
    show: Show = Show.ALL,
    refused: Sequence[Refusal] = (),
    taken: Sequence[Photo] = (),
) -> str:
    session, now = db.session(), clock.now()
    limit = 500 if show == Show.RIGHTS else PAGE  # a list of work is seen whole
    found = queries.library(session, words, before, limit + 1, show=show, at=now)
    return render_template(
        "desk/photos/index.html",
        photos=found[:limit],
        older=found[limit - 1].id if len(found) > limit else None,
        words=words,
        show=show,
        counts=queries.counts(session, words, now),
        seen=editing.photos_seen(session, [photo.id for photo in found if photo.ended(now)]),
        rights=_rights,
        refused=refused,
        taken=taken,
        away=darkroom.of(current_app.config).media.away,
    )


def _form(photo: Photo, form: PhotoForm) -> str:
    session = db.session()
    return render_template(
        "desk/photos/edit.html",
        photo=photo,
        form=form,
        stories=editing.stories_with_photo(session, photo.id, by=me()),
        used=editing.uses_of_photo(session, photo.id),
        rights=_rights(photo),
        mine=me().may_publish or not editing.live_with_photo(session, photo.id),
    )


def _rights(photo: Photo) -> Rights | None:
    """When the rights in a photo end, in the newsroom's days; None when they don't."""
    last, today = last_day(photo.rights_end_at, _zone()), day_of(clock.now(), _zone())
    if last is None:
        return None
    days = (last - today).days
    if days < 0:
        return Rights(f"Rights ended on {last.day} {last:%b %Y}", ended=True)
    if days < 2:
        return Rights("Rights end tomorrow" if days else "Rights end today", ended=False)
    if days <= SOON.days:
        return Rights(f"Rights end in {days} days", ended=False)
    return Rights(f"Rights until {last.day} {last:%b %Y}", ended=False)


def _zone() -> ZoneInfo:
    zone: ZoneInfo = current_app.config["NEWSROOM_ZONE"]
    return zone
