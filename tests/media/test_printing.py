"""The renditions that take time: made by a worker, missed by nobody until then."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock, tasks
from newsapp.media import darkroom
from newsapp.media.models import Photo, Printing
from tests.newsroom import Desk, Writer

Works = Callable[[], None]
Reads = Callable[[str], str]


@pytest.fixture
def works(app: Flask, session: Session) -> Works:
    """A minute of the worker."""

    def work() -> None:
        with app.app_context():
            tasks.finish_photos(darkroom.of(app.config))
        session.expire_all()

    return work


@pytest.fixture
def reads(client: FlaskClient) -> Reads:
    """A page as a reader gets it past the edge, which may keep an answer for two seconds."""
    return lambda url: client.get(url, headers={"Authorization": "none"}).text


@pytest.fixture
def photo(desk: Desk, session: Session, tmp_path: Path) -> Photo:
    """An upright picture, described, that was just sent in."""
    path = tmp_path / "tower.png"
    Image.new("RGB", (700, 1000), "teal").save(path)
    with path.open("rb") as file:
        desk.post("/desk/photos", {"files": [(file, "tower.png")]}, at="/desk/photos")
    photo = session.scalars(select(Photo)).one()
    photo.alt, photo.credit = "A tower", "Rosa Lim"
    session.commit()
    return photo


def test_pages_name_the_slow_ones_once_they_are_there(
    desk: Desk, photo: Photo, works: Works, make_story: Writer, reads: Reads
) -> None:
    story = make_story(photo_id=photo.id)
    before = reads("/")
    assert f"/media/{photo.hash}/640.webp" in before and "image/avif" not in before
    works()
    address = f"/media/{photo.hash}/3x2-50-50/640.avif"
    assert address in reads("/")
    assert f"/media/{photo.hash}/640.avif" in reads(f"/{story.path}")
    assert desk.get(address).mimetype == "image/avif"


def test_a_moved_focal_point_shows_at_once_and_is_cut_anew(
    desk: Desk, photo: Photo, works: Works, make_story: Writer, reads: Reads
) -> None:
    make_story(photo_id=photo.id)
    works()
    old = f"/media/{photo.hash}/3x2-50-50/640.webp"
    desk.post(f"/desk/photos/{photo.id}", {"alt": "A", "credit": "B", "focus_y": "0"})
    assert 'class="picture fy0' in reads("/") and old not in reads("/")
    works()
    assert f"/media/{photo.hash}/3x2-50-0/640.webp" in reads("/")
    assert desk.get(old).status_code == 200  # an open page may still ask for it


def test_without_a_worker_a_reader_misses_nothing(
    desk: Desk, photo: Photo, make_story: Writer, reads: Reads
) -> None:
    make_story(photo_id=photo.id)
    named = set(re.findall(r"/media/[0-9a-z/.-]+", reads("/")))
    assert named and all(desk.get(address).status_code == 200 for address in named)


def test_an_old_photo_without_an_original_is_made_from_what_there_is(
    app: Flask, photo: Photo, works: Works, session: Session
) -> None:
    photo.original, photo.colour = "", ""
    session.commit()
    works()
    assert (photo.cut_x, photo.cut_y, photo.colour) == (50, 50, "088")
    assert (Path(app.config["MEDIA_FOLDER"]) / photo.hash / "640.avif").exists()


def test_what_fails_is_tried_again_later_and_later(
    app: Flask, photo: Photo, works: Works, session: Session
) -> None:
    original = Path(app.config["ORIGINALS_FOLDER"]) / photo.original
    good = original.read_bytes()
    original.write_bytes(b"damaged")
    works()
    [printing] = session.scalars(select(Printing))
    assert (printing.tries, "no picture that we know" in printing.reason) == (1, True)
    original.write_bytes(good)
    works()  # not due yet
    assert photo.cut_x is None
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        works()
    assert photo.cut_x == 50
    assert session.scalars(select(Printing)).all() == []


def test_a_photo_that_was_taken_up_by_a_worker_that_died_is_taken_up_again(
    photo: Photo, works: Works, session: Session
) -> None:
    printing = Printing(photo_id=photo.id)
    printing.begin(clock.now())
    session.add(printing)
    session.commit()
    works()
    assert photo.cut_x is None  # it may still be at it
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        works()
    assert photo.cut_x == 50


def test_nothing_half_made_is_left(app: Flask, photo: Photo, works: Works) -> None:
    works()
    room = darkroom.of(app.config)
    assert list(room.table.iterdir()) == []
    media = Path(app.config["MEDIA_FOLDER"])
    left = media / ".coming-dead"
    left.write_bytes(b"half")
    room.tidy()
    assert left.exists()  # somebody may be writing it
    os.utime(left, (0, 0))
    room.tidy()
    assert [path.name for path in media.iterdir()] == [photo.hash]
