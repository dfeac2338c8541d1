"""No header of a request changes what readers are given."""

import pytest
from flask.testing import FlaskClient

from newsapp.stories.models import Story
from tests.newsroom import Writer

EVIL = "evil.example"


@pytest.fixture(autouse=True)
def story(make_story: Writer) -> Story:
    return make_story("Ferry sinks off Cebu")


@pytest.mark.parametrize("header", [
    "Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-Rewrite-URL",
    "Forwarded", "Accept-Language", "HX-Request", "HX-Current-URL", "Referer", "User-Agent",
])  # fmt: skip
@pytest.mark.parametrize("url", ["/", "/latest", "/feeds/latest.rss", "/sitemap.xml", "/nowhere"])
def test_it_is_the_same_page_for_everyone(client: FlaskClient, url: str, header: str) -> None:
    past_the_edge = {"Authorization": "none"}
    plain = client.get(url, headers=past_the_edge)
    forged = client.get(url, headers={**past_the_edge, header: EVIL})
    assert forged.data == plain.data
    assert EVIL not in str(forged.headers)
