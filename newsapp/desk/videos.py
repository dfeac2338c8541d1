"""Videos that stand elsewhere: taken in by address, described, put over stories or into them."""

import io

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from newsapp.desk.finding import me, publisher
from newsapp.desk.photos import admit, take_in
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, line
from newsapp.media import darkroom, oembed, queries
from newsapp.media.forms import VideoForm, VideoLinkForm
from newsapp.media.models import Photo, Video
from newsapp.media.players import PLAYERS, Link
from newsapp.media.queries import photos_for_desk
from newsapp.stories.queries import editing
from newsapp.wire.fetch import FetchError, fetch

bp = Blueprint("videos", __name__, url_prefix="/videos")
PATIENCE = 3.0  # seconds for each question to a provider: an editor waits
LIST = 100


@bp.get("")
def index() -> str:
    """The videos, newest first; `?words=` in their titles."""
    return _list(VideoLinkForm())


@bp.post("")
def create() -> Response | tuple[str, int]:
    """Takes a video in by its address; one that is here already is found again."""
    form = VideoLinkForm(request.form)
    if not form.validate():
        return _list(form), 422
    video = queries.video_at(db.session(), form.link.address)
    if video is None:
        video = _ask(form.link)
        db.session.add(video)
        db.session.commit()
        flash("It is in the library. Look what is said of it.")
    return redirect(url_for("desk.videos.edit", video_id=video.id), 303)


@bp.get("/<int:video_id>")
def edit(video_id: int) -> str:
    """What is said of a video."""
    video = _video_or_404(video_id)
    return _form(video, VideoForm.of(video))


@bp.get("/<int:video_id>/choice")
def choice(video_id: int) -> str:
    """A video as the editor of a text shows it, as a fragment."""
    return render_template("desk/videos/_choices.html", videos=[_video_or_404(video_id)])


@bp.post("/<int:video_id>")
def save(video_id: int) -> Response | tuple[str, int] | str:
    """Saves what is said; stories that show the video change for readers at once."""
    video, form = _video_or_404(video_id), VideoForm(request.form)
    _offer(form, video)
    if request.form.get("then") == "pictures":
        return _form(video, form)  # with what is typed, and the pictures that were searched for
    if seen := editing.live_with_video(db.session(), video_id):
        publisher()
    if not form.validate():
        return _form(video, form), 422
    form.write(video)
    if video.lacks and seen:
        lacking = video.lacks
        db.session.rollback()
        form.form_errors.append(f"Readers see it in a story: it can’t be without {lacking}.")
        return _form(_video_or_404(video_id), form), 422
    db.session.commit()
    flash(f"Saved. Before readers see it, it needs {video.lacks}." if video.lacks else "Saved.")
    return redirect(url_for("desk.videos.edit", video_id=video_id), 303)


def _ask(link: Link) -> Video:
    """The video with what its provider says of it; where nobody answers, with nothing."""
    video = Video(kind=link.kind, key=link.key, address=link.address, by_id=me().id)
    player = PLAYERS.get(link.kind)
    if player is None:
        return video
    endpoint = current_app.config["OEMBED_ENDPOINTS"].get(link.kind, player.oembed)
    try:
        told = oembed.read(_fetched(oembed.question(endpoint, link.address)))
    except FetchError:
        flash(f"{player.name} did not answer. Type the title and the duration yourself.", "error")
        return video
    video.title, video.seconds = told.title, told.seconds
    video.poster = _still(told, player.name)
    return video


def _still(told: oembed.Told, provider: str) -> Photo | None:
    """The provider's still picture, from now on one of ours, credited; None where there is none."""
    if not told.still:
        return None
    try:
        admit(1)
        sent = FileStorage(io.BytesIO(_fetched(told.still)), filename=f"{provider}.jpg")
        photo = take_in(sent)
    except (FetchError, darkroom.Refused):
        return None
    photo.alt = photo.alt or line(f"From the video “{told.title}”")[:500]
    photo.credit = photo.credit or line(f"{told.author} / {provider}".lstrip(" /"))[:200]
    return photo


def _fetched(address: str) -> bytes:
    allowed = current_app.config["WIRE_ALLOWED_HOSTS"]
    return fetch(address, allowed_hosts=allowed, total=PATIENCE).body or b""


def _video_or_404(video_id: int) -> Video:
    found = queries.video(db.session(), video_id) if video_id <= NUMBER_MAX else None
    return found or abort(404)


def _list(form: VideoLinkForm) -> str:
    words = line(request.args.get("words", ""))[:200]
    videos = queries.videos_for_desk(db.session(), words, limit=LIST)
    return render_template("desk/videos/index.html", form=form, videos=videos, words=words)


def _offer(form: VideoForm, video: Video) -> None:
    wanted = {video.poster_id, form.poster.data}
    chosen = [number for number in wanted if number and 0 < number <= NUMBER_MAX]
    words = (form.pictures.data or "")[:200]
    form.offer(photos_for_desk(db.session(), chosen, words))


def _form(video: Video, form: VideoForm) -> str:
    _offer(form, video)
    return render_template(
        "desk/videos/edit.html",
        video=video,
        form=form,
        photos=form.photos.values(),
        used=editing.stories_with_video(db.session(), video.id, by=me()),
        mine=me().may_publish or not editing.live_with_video(db.session(), video.id),
    )
