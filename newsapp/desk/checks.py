"""What is looked at before a story goes out, and whether the addresses in it answer."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, render_template, request

from newsapp import clock
from newsapp.clock import day_of
from newsapp.desk.finding import me, tree
from newsapp.extensions import db
from newsapp.media.queries import photos_of, videos_of
from newsapp.stories import clean
from newsapp.stories.checks import Check, Terms, checks
from newsapp.stories.models import NotAllowed, Story
from newsapp.wire.fetch import FetchError, agent, reach
from newsapp.wire.models import Source
from newsapp.wire.outlets import source_of_excerpt

bp = Blueprint("checks", __name__)
LINKS = 20  # addresses of one story that are asked
PATIENCE = 5.0  # seconds for all of them together
ASKERS = ThreadPoolExecutor(10, thread_name_prefix="links")
TURNS = BoundedSemaphore(2)  # stories whose links are asked at the same time: the rest come again


@bp.post("/links")
def links() -> str:
    """Those of the addresses in `url` that don't answer, and why, as a fragment."""
    me()
    if not TURNS.acquire(blocking=False):
        abort(503, "The links of other stories are being asked. Try again in a moment.")
    try:
        return _asked()
    finally:
        TURNS.release()


def _asked() -> str:
    own = urlsplit(current_app.config["PUBLIC_URL"]).netloc
    asked = [url for url in dict.fromkeys(request.form.getlist("url")) if _outside(url, own)]
    allowed = current_app.config["WIRE_ALLOWED_HOSTS"]
    called = agent(current_app.config["PUBLIC_URL"])
    asking = {url: ASKERS.submit(_trouble, url, allowed, called) for url in asked[:LINKS]}
    wait(asking.values(), timeout=PATIENCE)
    dead = []
    for url, answer in asking.items():
        answer.cancel()  # nobody waits for it any more
        why = "It did not answer in time." if not answer.done() else ""
        if answer.cancelled() or not (why or (why := answer.result())):
            continue  # what was not even asked is not called dead
        dead.append((url, why))
    return render_template("desk/stories/_dead_links.html", dead=dead)


def found(
    words: Mapping[str, Any], story: Story | None, out: datetime | None = None
) -> list[Check]:
    """What stops a story with these words that is to be `out` now, or then, first; and what is
    worth another look."""
    at = out or clock.now()
    inside = clean.pictures(words["body"])
    photos = photos_of(db.session(), [words["photo"], *inside])
    films = clean.videos(words["body"])
    videos = videos_of(db.session(), [words["video"], *films])
    film = videos.get(words["video"])
    return checks(
        words,
        photo=photos.get(words["photo"]) or (film.poster if film else None),
        pictures=[photos[number] for number in inside if number in photos],
        video=film,
        videos=[videos[number] for number in films if number in videos],
        kinds={place.kind for place in tree().places if place.slug in words["sections"]},
        embargo_until=story.embargo_until if story else None,
        at=at,
        terms=terms(outlet_of(words, story), at),
        seen=story.shown if story and story.decided else (),
    )


def outlet_of(words: Mapping[str, Any], story: Story | None) -> Source | None:
    """The outlet that a story with these words is an excerpt of, if we know anything of it."""
    url, made = words["source_url"], story.id if story else None
    return source_of_excerpt(db.session(), url, words.get("item"), made) if url else None


def terms(outlet: Source | None, at: datetime) -> Terms:
    """What may be published of an outlet then; of one nobody knows, what the house allows."""
    if outlet is None:
        return Terms(current_app.config["EXCERPT_WORDS"])
    day = day_of(at, current_app.config["NEWSROOM_ZONE"])
    over = None if outlet.licensed(day) else outlet.licence_ends
    return Terms(outlet.most_words, outlet.name, over, outlet.pictures_allowed)


def refuse(story: Story, out: datetime | None = None) -> None:
    """Raises NotAllowed with what stops the story that is to be `out` now, or then."""
    for check in found(story.words(), story, out):
        if check.stops:
            raise NotAllowed(check.words)


def _outside(url: str, own: str) -> bool:
    try:
        return url.startswith(("http://", "https://")) and urlsplit(url).netloc != own
    except ValueError:
        return True  # asked, so that it is told


def _trouble(url: str, allowed: frozenset[str], called: str) -> str:
    try:
        reach(url, allowed_hosts=allowed, total=PATIENCE, called=called)
    except FetchError as error:
        return error.reason
    return ""
