"""What the first visit to the front page costs a reader."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from tests.journeys.browsing import PHONE, WIDE
from tests.journeys.reader import Reader

# Sums up what moved by itself while the page was built.
SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
both_sizes = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@both_sizes
def test_hardly_anything_moves_while_it_loads(
    make_reader: Callable[..., Reader], size: tuple[int, int]
) -> None:
    reader = make_reader(size=size)
    reader.context.add_init_script(SHIFTS)
    reader.opens("/")
    page = reader.page
    page.wait_for_load_state("networkidle")
    # Pictures further down load as they come near.
    for _ in range(20):
        page.mouse.wheel(0, size[1])
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_load_state("networkidle")
    expect(reader.live).to_contain_text("Live")
    assert page.evaluate("shift") < 0.05


@both_sizes
def test_it_takes_no_more_than_100_kb_without_its_pictures(
    make_reader: Callable[..., Reader], size: tuple[int, int]
) -> None:
    reader = make_reader(size=size)
    answers: list[Response] = []
    reader.page.on("response", lambda answer: answers.append(answer))
    reader.opens("/")
    reader.page.wait_for_load_state("networkidle")
    weights = {
        answer.url: answer.request.sizes()["responseBodySize"]
        for answer in answers
        if answer.request.resource_type != "image"
    }
    assert len(weights) > 5
    assert sum(weights.values()) <= 100_000, weights
