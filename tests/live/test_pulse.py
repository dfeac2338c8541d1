"""The pulse: what an open page is told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.stories.models import Story
from tests.counting import selects
from tests.newsroom import Writer

PULSE = re.compile(r'data-hx-get="(/pulse/[^"]+)" data-hx-trigger="pulse"')
Opened = Callable[[str], "OpenPage"]


class OpenPage:
    """A page in a reader's browser: polls at the address it was given last."""

    def __init__(self, client: FlaskClient, url: str) -> None:
        self._client = client
        self._pulse = self._next(self._get(url))

    def poll(self) -> str:
        """What is new; empty for 204."""
        answer = self._client.get(self._pulse, headers={"Authorization": "none"})
        assert answer.status_code in (200, 204)
        if answer.status_code == 200:
            self._pulse = self._next(answer.text)
        return answer.text

    def click_pill(self, told: str) -> str:
        """The stories that the pill in `told` brings."""
        found = re.search(r'data-hx-get="(/pulse/[^"]+/stories[^"]+)"', told)
        assert found is not None
        arrivals = self._get(found[1].replace("&amp;", "&"))
        self._pulse = self._next(arrivals)
        return arrivals

    def _get(self, url: str) -> str:
        answer = self._client.get(url, headers={"Authorization": "none"})
        assert answer.status_code == 200
        return answer.text

    @staticmethod
    def _next(text: str) -> str:
        found = PULSE.search(text)
        assert found is not None
        return found[1].replace("&amp;", "&")


@pytest.fixture
def opened(client: FlaskClient) -> Opened:
    """Opens a page and keeps it open: `opened("/japan")`."""
    return lambda url: OpenPage(client, url)


@pytest.fixture
def story(make_story: Writer) -> Story:
    return make_story("Ferry sinks off Cebu", sections=["philippines"])


def test_nothing_new_is_nothing_at_all(opened: Opened, story: Story) -> None:
    page = opened("/")
    assert [page.poll() for _ in range(3)] == ["", "", ""]


@pytest.mark.parametrize("url", ["/", "/philippines", "/southeast-asia", "/latest"])
def test_a_list_counts_what_arrived_and_brings_it(
    opened: Opened, story: Story, make_story: Writer, url: str
) -> None:
    page = opened(url)
    make_story("Two saved in Bohol", sections=["philippines"])
    assert "1 new story<" in page.poll()
    make_story("Three saved in Leyte", sections=["philippines"])
    told = page.poll()
    assert "2 new stories<" in told
    arrivals = page.click_pill(told)
    assert arrivals.index("Three saved in Leyte") < arrivals.index("Two saved in Bohol")
    assert "Ferry sinks" not in arrivals.partition("hx-partial")[2].partition("</hx-partial>")[0]
    assert page.poll() == ""


def test_a_list_hears_nothing_of_another_places_story(
    opened: Opened, story: Story, make_story: Writer
) -> None:
    page = opened("/philippines")
    make_story("Snow in Sapporo", sections=["japan"])
    assert "new stor" not in page.poll()


def test_a_story_that_was_taken_back_is_no_longer_counted(
    opened: Opened, story: Story, make_story: Writer, session: Session
) -> None:
    page = opened("/")
    late = make_story("Two saved in Bohol")
    page.poll()
    late.unpublish(None, clock.now())
    session.commit()
    assert 'data-count="0"' in page.poll()


@pytest.mark.parametrize("url", ["/", "/philippines", "/latest"])
def test_an_open_list_hears_what_became_of_its_stories(
    opened: Opened, story: Story, make_story: Writer, session: Session, url: str
) -> None:
    page = opened(url)
    story.headline = "Ferry sinks off Bohol"
    story.saved(None, clock.now())
    session.commit()
    assert f'data-of="/{story.path}">Ferry sinks off Bohol</p>' in page.poll()
    story = make_story.again(story.id)
    story.unpublish(None, clock.now())
    session.commit()
    assert f'data-of="/{story.path}" data-gone></p>' in page.poll()
    story = make_story.again(story.id)
    story.publish(None, clock.now(), "")
    session.commit()
    assert f'data-of="/{story.path}">Ferry sinks off Bohol</p>' in page.poll()


def test_what_was_never_live_is_told_to_nobody(
    opened: Opened, story: Story, make_story: Writer
) -> None:
    page = opened("/")
    make_story("A draft of ours", live=False)
    make_story("Out now", sections=["philippines"])
    assert "A draft of ours" not in page.poll()


def test_an_address_that_tells_a_made_up_state_is_nobody_s_to_keep(
    client: FlaskClient, story: Story
) -> None:
    url = f"/{story.path}"
    seen = re.search(r"seen=([0-9.]+)", client.get(url).text)
    assert seen is not None
    assert "s-maxage" in client.get(f"{url}?seen={seen[1]}").headers["Cache-Control"]
    assert client.get(f"{url}?seen=999.999").headers["Cache-Control"] == "no-store"
    assert client.get(f"{url}?seen=<script>").status_code == 400


@pytest.mark.parametrize("url", ["/", "/japan", "/about", "/archive/today", "story"])
def test_every_page_hears_of_breaking_news(
    opened: Opened, story: Story, make_story: Writer, url: str
) -> None:
    assert story.path is not None
    today = f"/archive/{story.path[:10]}"
    page = opened({"story": f"/{story.path}", "/archive/today": today}.get(url, url))
    make_story("Quake off Hualien", breaking=True)
    told = page.poll()
    assert 'hx-target="#ticker"' in told
    assert "Quake off Hualien" in told


def test_the_ticker_has_the_breaking_newest_first(client: FlaskClient, make_story: Writer) -> None:
    now = clock.now()
    for n in range(3):
        make_story(f"Breaking {n}", breaking=True, at=now - timedelta(minutes=n))
    make_story("Not breaking", at=now + timedelta(minutes=1))
    ticker = client.get("/about").text.partition('id="ticker"')[2].partition("</section>")[0]
    found = re.findall(r">(Breaking \d|Not breaking)<", ticker.partition("<ol")[2])
    assert found == ["Breaking 0", "Breaking 1", "Breaking 2"]


def change_words(story: Story) -> None:
    story.headline = "Ferry sinks off Bohol"
    story.saved(None, clock.now())


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        (change_words, "This story was updated"),
        (lambda story: story.correct("correction", "Tuesday.", None, clock.now()),
         "This story was corrected"),
        (lambda story: story.withdraw(None, clock.now(), "Wrong."), "This story was withdrawn"),
        (lambda story: story.unpublish(None, clock.now()), "no longer published"),
    ],
)  # fmt: skip
def test_an_open_story_page_tells_what_became_of_it(
    opened: Opened, story: Story, session: Session, change: Callable[[Story], None], notice: str
) -> None:
    page = opened(f"/{story.path}")
    change(story)
    session.commit()
    assert notice in page.poll()
    assert page.poll() == ""


def test_after_a_correction_an_update_is_an_update(
    opened: Opened, story: Story, session: Session, make_story: Writer
) -> None:
    story.correct("correction", "Tuesday.", None, clock.now())
    session.commit()
    page = opened(f"/{story.path}")
    change_words(make_story.again(story.id))
    session.commit()
    assert "This story was updated" in page.poll()


@pytest.mark.parametrize("query", ["", "?after=x", "?after=1-1-1", "?after=%00", "?after=9999999"])
def test_arrivals_after_nonsense_get_400(client: FlaskClient, query: str) -> None:
    assert client.get(f"/pulse/front/stories{query}").status_code == 400


@pytest.mark.parametrize(
    "url", ["/pulse/ticker/stories?after=1-1", "/pulse/story:1/stories?after=1-1"]
)
def test_what_lists_nothing_brings_nothing(client: FlaskClient, story: Story, url: str) -> None:
    assert client.get(url).status_code == 404


def test_a_flood_of_arrivals_is_bounded(opened: Opened, story: Story, make_story: Writer) -> None:
    page = opened("/")
    for n in range(101):
        make_story(f"Story {n}")
    told = page.poll()
    assert "99 or more new stories" in told
    assert page.click_pill(told).count("data-arrived") == 30


def test_the_notice_leads_past_every_older_copy(
    client: FlaskClient, opened: Opened, story: Story, session: Session
) -> None:
    address = f"/{story.path}"
    page = opened(address)
    client.get(address)  # now the edge has a copy of what is about to change
    change_words(story)
    session.commit()
    link = re.search(r'href="(\?seen=[0-9.]+)">Read the new version', page.poll())
    assert link is not None
    assert "Ferry sinks off Bohol" in client.get(address + link[1]).text
    with selects() as sent:
        client.get(f"{address}?seen=999.999", headers={"Authorization": "none"})
    assert sent == []
