"""The front page: what leads, what stands where, and nothing twice above the river."""

import re
from collections import Counter
from datetime import timedelta

from flask.testing import FlaskClient

from newsapp import clock
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests.newsroom import Writer

LINK = re.compile(r'<h\d class="card__headline[^>]*><a href="([^"]+)"')


def front(client: FlaskClient) -> str:
    answer = client.get("/", headers={"Authorization": "none"})
    assert answer.status_code == 200
    return answer.text


def cards(client: FlaskClient) -> list[str]:
    """The stories above and beside the river, in the page's order."""
    return LINK.findall(front(client))


def test_an_empty_newsroom_has_a_front_page(client: FlaskClient) -> None:
    assert cards(client) == []
    assert "Nothing has been published yet." in front(client)


def test_the_newest_with_a_picture_leads(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    now = clock.now()
    pictured = make_story("With a picture", photo=photo, at=now - timedelta(hours=2))
    make_story("Newer, without one", at=now - timedelta(hours=1))
    assert cards(client)[0] == f"/{pictured.path}"


def test_breaking_leads_before_any_picture(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    now = clock.now()
    make_story("With a picture", photo=photo, at=now)
    breaking = make_story("Quake off Hualien", breaking=True, at=now - timedelta(hours=1))
    assert cards(client)[0] == f"/{breaking.path}"


def test_the_newest_of_several_breaking_leads_even_without_a_picture(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    now = clock.now()
    make_story("Older", breaking=True, photo=photo, at=now - timedelta(hours=1))
    newest = make_story("Newer", breaking=True, at=now)
    assert cards(client)[0] == f"/{newest.path}"


def test_breaking_leads_however_much_came_in_since(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    now = clock.now()
    breaking = make_story("Quake off Hualien", breaking=True, at=now - timedelta(hours=2))
    for n in range(40):
        make_story(f"Story {n}", photo=photo, at=now - timedelta(minutes=n))
    assert cards(client)[0] == f"/{breaking.path}"


def test_without_pictures_the_newest_leads(client: FlaskClient, make_story: Writer) -> None:
    now = clock.now()
    make_story("Older", at=now - timedelta(hours=1))
    newest = make_story("Newest", at=now)
    assert cards(client)[0] == f"/{newest.path}"


def full_paper(make_story: Writer, photo: Photo) -> list[Story]:
    """Eighty stories of all places and formats, a third of them with a picture."""
    places = ("japan", "china", "vietnam", "indonesia", "india", "nepal", "kazakhstan", "iran")
    formats = ("news", "analysis", "interview", "opinion", "photos", "video")
    start = clock.now() - timedelta(days=1)
    return [
        make_story(
            f"Story {n}", sections=[places[n % 8], formats[n % 6]], photo=photo if n % 3 else None,
            at=start + timedelta(minutes=n),
        )
        for n in range(80)
    ]  # fmt: skip


def test_nothing_stands_twice_above_the_river(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    full_paper(make_story, photo)
    standing = Counter(cards(client))
    assert len(standing) >= 40
    assert [path for path, times in standing.items() if times > 1] == []


def test_every_region_and_strip_has_its_block(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    full_paper(make_story, photo)
    page = front(client)
    for url in ("/east-asia", "/southeast-asia", "/south-asia", "/central-asia", "/west-asia"):
        assert re.search(rf'<h2[^>]*>\s*<a href="{url}"', page), url
    for url in ("/analysis", "/interview", "/photos", "/video"):
        assert f'href="{url}"' in page


def test_the_river_has_the_newest_that_do_not_open_the_page_with_times(
    client: FlaskClient, make_story: Writer, photo: Photo
) -> None:
    stories = full_paper(make_story, photo)
    lines = re.findall(r'<li class="river__line[^>]*><time[^>]*datetime="([^"]+)"[^>]*>.*?'
                       r'<a href="([^"]+)"', front(client))  # fmt: skip
    newest = [f"/{story.path}" for story in reversed(stories)]
    opening = cards(client)[:4]
    assert [path for _, path in lines] == [path for path in newest if path not in opening][:24]
    assert [at for at, _ in lines] == sorted((at for at, _ in lines), reverse=True)


def test_the_tagline_stands_in_the_head(client: FlaskClient) -> None:
    assert "critical insights from every corner of the continent" in front(client)
