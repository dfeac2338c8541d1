"""Renditions: a picture in its widths, at addresses that never change."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from newsapp.media import renditions


@pytest.fixture
def rendered(app: Flask) -> tuple[str, int, int]:
    """The hash, width and height of a picture that was rendered."""
    image = Image.radial_gradient("L").resize((1000, 500)).convert("RGB")
    return renditions.render(image, Path(app.config["MEDIA_FOLDER"]))


def test_it_comes_in_every_width_that_it_has(
    client: FlaskClient, rendered: tuple[str, int, int]
) -> None:
    name, *size = rendered
    assert size == [1000, 500]
    for width in (320, 640, 960):
        for kind, form in (("webp", "WEBP"), ("jpg", "JPEG")):
            answer = client.get(f"/media/{name}/{width}.{kind}")
            image = Image.open(io.BytesIO(answer.data))
            assert (image.format, image.size) == (form, (width, width // 2))
            assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(f"/media/{name}/1280.jpg").status_code == 404


def test_the_same_picture_has_the_same_address(app: Flask, rendered: tuple[str, int, int]) -> None:
    image = Image.radial_gradient("L").resize((1000, 500)).convert("RGB")
    assert renditions.render(image, Path(app.config["MEDIA_FOLDER"])) == rendered


@pytest.mark.parametrize("path", [
    "{}/640.png", "{}/0640.jpg", "{}/641.jpg", "{}/640.jpg/", "{}/../{}/640.jpg%00",
    "%2e%2e/640.jpg",
    "{}/..%2f..%2fsecret", "../secret",
])  # fmt: skip
def test_nothing_else_is_given_out(
    client: FlaskClient, rendered: tuple[str, int, int], path: str
) -> None:
    assert client.get("/media/" + path.replace("{}", rendered[0])).status_code == 404
