"""Pages with nothing cached: milliseconds and SELECTs, in a small and in a large newsroom."""

import time
from collections.abc import Mapping
from statistics import median

import redis
from flask import Flask, render_template

from newsapp import shell
from newsapp.extensions import cache, db
from newsapp.front.queries import page as front
from newsapp.stories.queries import pages
from newsapp.streams import FRONT
from tests.counting import selects

PAST_THE_EDGE = {"Authorization": "none"}
REPEATS = 60
OLD = 500  # the story, counted from the oldest, before which the deep page begins
SECTION = "/politics"
TEMPLATE = "front's template alone"


def measure(sizes: Mapping[int, Flask]) -> None:
    """Prints the table, and the front page's cost as so many times its template's."""
    urls = {size: _urls(app) for size, app in sizes.items()}
    names = list(next(iter(urls.values())))
    times: dict[str, dict[int, list[float]]] = {
        name: {size: [] for size in sizes} for name in (*names, TEMPLATE)
    }
    # Interleaved, so that whatever else the machine does falls on all alike.
    for _ in range(REPEATS + 1):
        for size, app in sizes.items():
            times[TEMPLATE][size].append(_template_ms(app))
        for name in names:
            for size, app in sizes.items():
                times[name][size].append(_cold_ms(app, urls[size][name]))
    # The first of each compiled its templates and its statements.
    ms = {name: {size: median(measured[1:]) for size, measured in by_size.items()}
          for name, by_size in times.items()}  # fmt: skip

    least, most = min(sizes), max(sizes)
    print(f"| cold, ms | {least:,} stories | {most:,} stories | ratio | SELECTs cold | warm |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, of in ms.items():
        counts = _selects(sizes[most], urls[most][name]) if name in names else ("", "")
        print(f"| {name} | {of[least]:.2f} | {of[most]:.2f} | {of[most] / of[least]:.2f} "
              f"| {counts[0]} | {counts[1]} |")  # fmt: skip
    shares = {size: ms["front"][size] / ms[TEMPLATE][size] for size in sizes}
    print(f"\nCold front / its template: {shares[least]:.2f} at {least:,}, "
          f"{shares[most]:.2f} at {most:,}.")  # fmt: skip
    print("Targets: cold front / template at most 3.00; front's ratio at most 1.10; "
          "front's SELECTs at most 5, warm 0.\n")  # fmt: skip


def _urls(app: Flask) -> dict[str, str]:
    with app.app_context():
        old = pages.draft(db.session(), OLD)
        assert old is not None
        return {
            "front": "/",
            "section": SECTION,
            "section, deep page": f"{SECTION}?before={old.card.stamp}",
            "story": old.card.url,
        }


def _forget(app: Flask) -> None:
    """Empties every cache of the site."""
    with app.app_context():
        cache.clear()
    if url := app.config["REDIS_URL"]:
        with redis.Redis.from_url(url) as client:
            client.flushdb()
    app.extensions["revisions"]._own.clear()


def _cold_ms(app: Flask, url: str) -> float:
    _forget(app)
    client = app.test_client()
    began = time.perf_counter()
    answer = client.get(url, headers=PAST_THE_EDGE)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, url
    return took


def _template_ms(app: Flask) -> float:
    """The front page's template, all its values ready."""
    with app.test_request_context("/"):
        shell.ticker()
        page = front.front(db.session(), shell.tree(), ())
        pulse = shell.pulse(FRONT, page.newest)
        began = time.perf_counter()
        render_template("front/front.html", front=page, pulse=pulse)
        took = (time.perf_counter() - began) * 1000
        db.session.remove()
    return took


def _selects(app: Flask, url: str) -> tuple[str, str]:
    """The SELECTs of this page with nothing cached, and at once again."""
    with selects() as cold:
        _cold_ms(app, url)
    with selects() as warm:
        app.test_client().get(url, headers=PAST_THE_EDGE)
    # A page of older stories is kept by the edge alone, where it costs none.
    return str(len(cold)), "edge" if "?" in url else str(len(warm))
