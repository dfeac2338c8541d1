"""What operators are told."""

from flask import Flask
from flask.testing import FlaskClient


def test_the_process_answers_without_its_stores(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_its_stores_are_told_one_by_one(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    stores = ["database ok"] + (["redis ok"] if app.config["REDIS_URL"] else [])
    assert (answer.status_code, answer.text.splitlines()) == (200, stores)
