"""What is looked at before a story goes out, and whether the addresses in it answer."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template, request

from newsapp import clock
from newsapp.desk.finding import me, tree
from newsapp.extensions import db
from newsapp.media.queries import photos_of, videos_of
from newsapp.stories import clean
from newsapp.stories.checks import Check, checks
from newsapp.stories.models import NotAllowed, Story
from newsapp.wire.fetch import FetchError, reach

bp = Blueprint("checks", __name__)
LINKS = 20  # addresses of one story that are asked
AT_ONCE = 5
PATIENCE = 5.0  # seconds for each


@bp.post("/links")
def links() -> str:
    """Those of the addresses in `url` that don't answer, and why, as a fragment."""
    me()
    own = urlsplit(current_app.config["PUBLIC_URL"]).netloc
    asked = [url for url in dict.fromkeys(request.form.getlist("url")) if _outside(url, own)]
    allowed = current_app.config["WIRE_ALLOWED_HOSTS"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        troubles = pool.map(lambda url: _trouble(url, allowed), asked[:LINKS])
        dead = [(url, why) for url, why in zip(asked, troubles, strict=False) if why]
    return render_template("desk/stories/_dead_links.html", dead=dead)


def found(words: Mapping[str, Any], story: Story | None) -> list[Check]:
    """What stops a story with these words, first, and what is worth another look."""
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
        at=clock.now(),
        excerpt_words=current_app.config["EXCERPT_WORDS"],
        seen=story.shown if story and story.decided else (),
    )


def refuse(story: Story) -> None:
    """Raises NotAllowed with what stops the story, if anything does."""
    for check in found(story.words(), story):
        if check.stops:
            raise NotAllowed(check.words)


def _outside(url: str, own: str) -> bool:
    try:
        return url.startswith(("http://", "https://")) and urlsplit(url).netloc != own
    except ValueError:
        return True  # asked, so that it is told


def _trouble(url: str, allowed: frozenset[str]) -> str:
    try:
        reach(url, allowed_hosts=allowed, total=PATIENCE)
    except FetchError as error:
        return error.reason
    return ""
