"""Sections that the text suggests, while it is written."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.newsroom import Desk

Typed = Callable[..., dict[str, Any]]


def suggested(desk: Desk, form: dict[str, Any]) -> list[str]:
    answer = desk.post(f"/desk/working-copies/{uuid.uuid4().hex}", {**form, "typed": "1"}).text
    return [part.partition('"')[0] for part in answer.split('data-section="')[1:]]


@pytest.mark.parametrize(("headline", "country"), [
    ("Tokyo shuts two stations", "japan"), ("Thai farmers sow early", "thailand"),
    ("北京下了第一场雪", "china"), ("Президент Казахстана подписал закон", "kazakhstan"),
])  # fmt: skip
def test_capitals_demonyms_and_other_scripts_suggest_their_country(
    desk: Desk, typed: Typed, headline: str, country: str
) -> None:
    form = typed(headline=headline, body="<p>More later.</p>", sections=["news"])
    assert suggested(desk, form) == [country]


def test_the_dateline_counts(desk: Desk, typed: Typed) -> None:
    form = typed(headline="Rain stops play", dateline="Dhaka", body="", sections=["news"])
    assert suggested(desk, form) == ["bangladesh"]


def test_what_is_chosen_is_not_suggested_again(desk: Desk, typed: Typed) -> None:
    assert suggested(desk, typed(headline="Tokyo shuts two stations", sections=["japan"])) == []


def test_it_says_why(desk: Desk, typed: Typed) -> None:
    address = f"/desk/working-copies/{uuid.uuid4().hex}"
    form = typed(headline="Tokyo shuts two stations", sections=["news"], typed="1")
    assert 'title="Because of: Tokyo"' in desk.post(address, form).text
