"""Renditions: a picture in its widths and shapes, at addresses that never change."""

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from newsapp.media import renditions
from newsapp.media.renditions import cut, print_of


@dataclass(frozen=True)
class Sent:
    """What is known of a picture."""

    hash: str = "0" * 32
    width: int = 1200
    height: int = 1600
    focus_x: int = 50
    focus_y: int = 50
    cut_x: int | None = None
    cut_y: int | None = None
    colour: str = ""


@pytest.fixture
def rendered(app: Flask) -> str:
    """The name of a picture that was rendered, 1000 x 500."""
    image = Image.radial_gradient("L").resize((1000, 500)).convert("RGB")
    name = renditions.name_of(image)
    folder = Path(app.config["MEDIA_FOLDER"]) / name
    renditions.render(image, folder)
    renditions.render_rest(image, folder, (0, 50))
    return name


def test_it_comes_in_every_width_and_kind(client: FlaskClient, rendered: str) -> None:
    for width in (320, 640, 960):
        for kind, form in (("avif", "AVIF"), ("webp", "WEBP"), ("jpg", "JPEG")):
            answer = client.get(f"/media/{rendered}/{width}.{kind}")
            image = Image.open(io.BytesIO(answer.data))
            assert (image.format, image.size) == (form, (width, width // 2))
            assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(f"/media/{rendered}/1280.jpg").status_code == 404


def test_it_comes_in_the_shape_of_cards(client: FlaskClient, rendered: str) -> None:
    for kind in ("avif", "webp", "jpg"):
        answer = client.get(f"/media/{rendered}/3x2-0-50/640.{kind}")
        assert Image.open(io.BytesIO(answer.data)).size == (640, 427)


def test_the_same_picture_has_the_same_name(rendered: str) -> None:
    image = Image.radial_gradient("L").resize((1000, 500)).convert("RGB")
    assert renditions.name_of(image) == rendered


@pytest.mark.parametrize("path", [
    "{}/640.png", "{}/0640.jpg", "{}/641.jpg", "{}/640.jpg/", "{}/../{}/640.jpg%00",
    "%2e%2e/640.jpg",
    "{}/..%2f..%2fsecret", "../secret",
    "{}/3x2-0-050/640.jpg", "{}/3x2-0-101/640.jpg", "{}/4x3-0-50/640.jpg", "{}/../640.jpg",
])  # fmt: skip
def test_nothing_else_is_given_out(client: FlaskClient, rendered: str, path: str) -> None:
    assert client.get("/media/" + path.replace("{}", rendered)).status_code == 404


# --- what pages name ----------------------------------------------------------------------------


def test_pages_name_only_what_exists() -> None:
    shown = print_of(Sent(), "3x2")
    assert shown.kinds == ("webp", "jpg")
    assert shown.url(640, "webp") == f"/media/{'0' * 32}/640.webp"


def test_a_card_shows_the_cut_once_it_is_there() -> None:
    shown = print_of(Sent(cut_x=50, cut_y=50), "3x2")
    assert (shown.kinds, shown.width, shown.height) == (("avif", "webp", "jpg"), 1200, 800)
    assert shown.url(9999, "avif") == f"/media/{'0' * 32}/3x2-50-50/960.avif"


def test_another_focal_point_has_another_address() -> None:
    sent = Sent(cut_x=50, cut_y=50)
    moved = replace(sent, focus_y=10)
    assert print_of(moved, "3x2").url(640, "avif") == f"/media/{'0' * 32}/640.avif"
    made = replace(moved, cut_y=10)
    assert print_of(made, "3x2").url(640, "avif") == f"/media/{'0' * 32}/3x2-50-10/640.avif"


def test_a_picture_of_that_shape_needs_no_cutting() -> None:
    sent = Sent(width=1600, height=1067, cut_x=50, cut_y=50)
    assert print_of(sent, "3x2") == print_of(sent)


@pytest.mark.parametrize(
    ("size", "focus", "box"),
    [
        ((1200, 1600), (50, 50), (0, 400, 1200, 1200)),
        ((1200, 1600), (50, 0), (0, 0, 1200, 800)),
        ((1200, 1600), (0, 100), (0, 800, 1200, 1600)),
        ((1600, 900), (100, 50), (250, 0, 1600, 900)),
        ((1, 500), (50, 50), (0, 250, 1, 251)),
    ],
)
def test_a_cut_keeps_what_the_eye_falls_on(
    size: tuple[int, int], focus: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    assert cut(size, "3x2", focus) == box


def test_the_focal_point_stays_where_it_was_within_the_cut() -> None:
    top = print_of(Sent(focus_y=5, cut_x=50, cut_y=5), "3x2")
    assert (top.focus, top.classes) == ((50, 10), "picture fy1")


def test_its_colour_stands_in_without_an_inline_style() -> None:
    assert print_of(Sent(colour="5b0")).classes == "picture tint r5 gb b0"
