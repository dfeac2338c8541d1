"""Shelves: the files of pictures, in folders or in a bucket of a real S3-protocol server."""

import io
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import boto3
import pytest
from flask import Flask
from flask.testing import FlaskClient
from moto.server import ThreadedMotoServer
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock, config, tasks
from newsapp.media import darkroom, shelf, tidying
from newsapp.media.models import Photo, Printing
from newsapp.media.shelf import Away
from tests.newsroom import Desk
from tests.stores import free_port

Sends = Callable[[], Any]
Keys = Callable[[], set[str]]


class Far:
    """An S3 server that can be away for a while; its bucket comes back as it was."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"s3://pictures/ours?endpoint=http://127.0.0.1:{self.port}&region=us-east-1"
        self.back()

    def back(self) -> None:
        """Answers from now on."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()

    def leave(self) -> None:
        """Answers nobody."""
        self._server.stop()

    @property
    def client(self) -> Any:
        """What an administrator sees of it."""
        endpoint = f"http://127.0.0.1:{self.port}"
        return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[Far]:
    """A bucket, and a site that keeps its pictures there."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "our-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "our-secret")
    far = Far()
    urlopen(f"http://127.0.0.1:{far.port}/moto-api/reset", b"").close()  # of the test before
    far.client.create_bucket(Bucket="pictures")
    monkeypatch.setenv("MEDIA_STORE", far.url)
    yield far
    far.leave()


@pytest.fixture(params=["folder", "bucket"])
def keys(request: pytest.FixtureRequest, instance: Path) -> Keys:
    """What lies on the shelves, in folders and in a bucket."""
    if request.param == "folder":
        return lambda: {
            str(path.relative_to(instance)) for name in ("media", "originals")
            for path in (instance / name).rglob("*.*") if path.is_file()
        }  # fmt: skip
    far = request.getfixturevalue("far")
    return lambda: {
        found["Key"].removeprefix("ours/")
        for found in far.client.list_objects_v2(Bucket="pictures").get("Contents", ())
    }


@pytest.fixture
def sends(desk: Desk) -> Sends:
    """Sends a picture in."""

    def send() -> Any:
        data = io.BytesIO()
        Image.new("RGB", (400, 600), "teal").save(data, "PNG")
        data.seek(0)
        return desk.post("/desk/photos", {"files": [(data, "tower.png")]}, at="/desk/photos")

    return send


def test_a_picture_is_kept_made_whole_and_deleted(
    keys: Keys, app: Flask, sends: Sends, desk: Desk, client: FlaskClient, session: Session
) -> None:
    assert sends().status_code == 303
    photo = session.scalars(select(Photo)).one()
    quick = {f"originals/{photo.hash}.png", f"media/{photo.hash}/320.webp",
             f"media/{photo.hash}/320.jpg"}  # fmt: skip
    assert keys() == quick
    with app.app_context():
        tasks.finish_photos(darkroom.of(app.config))
    assert f"media/{photo.hash}/3x2-50-50/320.avif" in keys()
    answer = client.get(f"/media/{photo.hash}/320.avif")
    assert (answer.status_code, answer.mimetype) == (200, "image/avif")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(f"/media/originals/{photo.original}").status_code == 404
    assert desk.post(f"/desk/photos/{photo.id}/end", {}).status_code == 303
    assert keys() == set()


def test_files_that_no_photo_has_are_gone_a_day_later(
    keys: Keys, app: Flask, sends: Sends, session: Session, tmp_path: Path
) -> None:
    sends()
    kept, room, now = keys(), darkroom.of(app.config), clock.now()
    (tmp_path / "left").write_bytes(b"of a picture whose process was killed")
    for key in (f"{'0' * 32}/320.webp", f"{'f' * 32}/3x2-50-50/320.jpg", "note/of-the-house.txt"):
        room.media.add(key, tmp_path / "left")
    room.originals.add(f"{'0' * 32}.tar.jpg", tmp_path / "left")
    tidying.tidy(session, room, now + timedelta(hours=23))
    assert len(keys() - kept) == 4
    tidying.tidy(session, room, now + timedelta(hours=25))
    assert keys() - kept == {"media/note/of-the-house.txt"} and kept <= keys()


def test_a_shelf_is_looked_through_a_part_at_a_time(
    keys: Keys, app: Flask, desk: Desk, tmp_path: Path
) -> None:
    media, ahead = darkroom.of(app.config).media, clock.now() + timedelta(hours=1)
    (tmp_path / "left").touch()
    for name in ("a0", "b0", "c0", "c1"):
        media.add(f"{name}/320.webp", tmp_path / "left")
        media.add(f"{name}/640.webp", tmp_path / "left")
    assert media.old(ahead, "b", 2) == {"b0", "c0"}
    assert media.old(ahead, "c1", 2) == {"c1"}
    assert media.old(clock.now() - timedelta(hours=1), "", 9) == set()


def test_the_same_picture_twice_is_kept_once(keys: Keys, sends: Sends, session: Session) -> None:
    assert (sends().status_code, sends().status_code) == (303, 303)
    assert len(keys()) == 3


def test_a_bucket_that_is_away_is_said_and_readers_keep_what_is_cached(
    far: Far, sends: Sends, desk: Desk, client: FlaskClient, session: Session
) -> None:
    sends()
    photo = session.scalars(select(Photo)).one()
    seen, unseen = f"/media/{photo.hash}/320.webp", f"/media/{photo.hash}/320.jpg"
    assert client.get(seen).mimetype == "image/webp"
    far.leave()
    assert client.get(seen).mimetype == "image/webp"
    stand_in = client.get(unseen)
    assert (stand_in.status_code, stand_in.mimetype) == (200, "image/svg+xml")
    assert "immutable" not in stand_in.headers["Cache-Control"]
    refused = sends_another(desk)
    assert refused.status_code == 503
    assert "The store of pictures does not answer." in refused.text
    assert "nothing can be sent in until it does" in desk.get("/desk/photos").text
    assert desk.post(f"/desk/photos/{photo.id}/end", {}).status_code == 409
    session.expire_all()
    assert len(session.scalars(select(Photo)).all()) == 1


def sends_another(desk: Desk) -> Any:
    data = io.BytesIO()
    Image.new("RGB", (40, 60), "red").save(data, "PNG")
    data.seek(0)
    return desk.post("/desk/photos", {"files": [(data, "red.png")]}, at="/desk/photos")


def test_what_takes_time_waits_for_a_bucket_that_is_away(
    far: Far, app: Flask, sends: Sends, session: Session
) -> None:
    sends()
    far.leave()
    with app.app_context():
        tasks.finish_photos(darkroom.of(app.config))
    session.rollback()
    [printing] = session.scalars(select(Printing))
    assert "does not answer" in printing.reason
    assert session.scalars(select(Photo)).one().cut_x is None


def test_a_bucket_that_hangs_holds_up_few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "our-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "our-secret")
    monkeypatch.setattr(shelf, "READING", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        bucket = shelf.Bucket(f"s3://pictures?endpoint=http://127.0.0.1:{port}", "media")
        with pytest.raises(Away):
            bucket.read("a/320.jpg")
        assert bucket.away
        with pytest.raises(Away):  # at once: it is left alone
            bucket.read("b/320.jpg")


def test_credentials_are_never_told(caplog: pytest.LogCaptureFixture, far: Far) -> None:
    bucket = shelf.Bucket(far.url, "media")
    far.leave()
    with pytest.raises(Away) as told:
        bucket.read("a/320.jpg")
    assert "our-secret" not in str(told.value) + caplog.text
    far.back()
    with pytest.raises(config.SettingError) as refused:
        config.load({"MEDIA_STORE": "s3://key:our-secret@pictures?region=eu-west-1"})
    assert "our-secret" not in str(refused.value)


@pytest.mark.parametrize("value", [
    "https://pictures.example", "s3://", "s3://pictures", "s3://Pictures?region=x",
    "s3://pictures?region=x&secret=y", "s3://pictures?endpoint=ftp://x",
])  # fmt: skip
def test_an_address_that_is_no_bucket_is_refused_in_words(value: str) -> None:
    with pytest.raises(config.SettingError, match="MEDIA_STORE"):
        config.load({"MEDIA_STORE": value})
