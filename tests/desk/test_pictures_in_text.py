"""Pictures in a text: kept by number, shown as their rows say, gated like the lead photo."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from newsapp.stories.queries import history
from tests.counting import selects
from tests.newsroom import Desk, Writer

Saved = Callable[[], list[Story]]
Typed = Callable[..., dict[str, Any]]
Reads = Callable[[str], Any]


@pytest.fixture
def photos(session: Session) -> list[Photo]:
    """Three whole ones, and one that lacks its credit."""
    whole = [
        Photo(hash=f"{n}" * 32, width=1600, height=900, alt=f"Ferry <{n}>", credit="Rosa Lim",
              caption=f"Caption {n}.")
        for n in range(3)
    ]  # fmt: skip
    bare = Photo(hash="b" * 32, width=900, height=1600, alt="A pier", name="pier.jpg")
    session.add_all((*whole, bare))
    session.commit()
    return [*whole, bare]


def figure(*photos: Photo) -> str:
    return f'<figure data-photos="{" ".join(str(photo.id) for photo in photos)}"></figure>'


def body(*photos: Photo) -> str:
    return f"<p>Before.</p>{figure(*photos)}<p>After.</p>"


def test_readers_see_pictures_and_galleries_where_they_stand(
    desk: Desk, typed: Typed, saved: Saved, photos: list[Photo], reads: Reads
) -> None:
    text = body(photos[0]) + figure(*photos[1:3])
    desk.post("/desk/stories", typed(body=text, then="publication"))
    page = reads(f"/{saved()[0].path}").text
    parts = ("Before.", 'alt="Ferry &lt;0&gt;"', "Caption 0.", "After.", "Gallery of 2 pictures",
             'alt="Ferry &lt;1&gt;"', "Caption 2.", "Rosa Lim")  # fmt: skip
    places = [page.index(part) for part in parts[:-1]]
    assert places == sorted(places)
    assert "data-photos" not in page
    assert f'/media/{"2" * 32}/1600.jpg"' in page  # for machines


def test_a_story_with_a_bare_picture_stays_at_the_desk(
    desk: Desk, typed: Typed, saved: Saved, photos: list[Photo]
) -> None:
    form = typed(body=body(photos[0], photos[3]), then="publication")
    refused = desk.post("/desk/stories", form)
    assert refused.status_code == 422
    assert "The picture “A pier” in the text lacks its credit" in refused.text
    assert saved() == []
    desk.post("/desk/stories", form | {"then": "save"})
    story = saved()[0]
    answer = desk.post(f"/desk/stories/{story.id}/publication", {})
    assert answer.status_code == 409
    assert "“A pier”" in answer.text
    when = {"when": "2099-01-01T06:30", "zone": "UTC"}
    assert "“A pier”" in desk.post(f"/desk/stories/{story.id}/schedule", when).text
    assert not saved()[0].live


def test_a_live_story_takes_no_bare_picture_in(
    desk: Desk, typed: Typed, saved: Saved, photos: list[Photo]
) -> None:
    desk.post("/desk/stories", typed(then="publication"))
    story = saved()[0]
    url = f"/desk/stories/{story.id}"
    answer = desk.post(url, typed(body=body(photos[3]), version=story.version))
    assert answer.status_code == 422
    assert "pier" not in saved()[0].body
    assert saved()[0].pictures == []


def test_a_picture_that_is_not_there_is_named(
    desk: Desk, typed: Typed, saved: Saved
) -> None:  # fmt: skip
    answer = desk.post("/desk/stories", typed(body='<figure data-photos="77"></figure>'))
    assert answer.status_code == 422
    assert "Picture 77 is not in the library" in answer.text
    assert "data-photos=&#34;77&#34;" in answer.text
    assert saved() == []


def test_what_is_said_of_a_picture_changes_for_readers_at_once(
    desk: Desk, typed: Typed, saved: Saved, photos: list[Photo], reads: Reads
) -> None:
    desk.post("/desk/stories", typed(body=body(photos[0]), then="publication"))
    url, photo = f"/{saved()[0].path}", f"/desk/photos/{photos[0].id}"
    before = reads(url).headers["ETag"]
    said = {"alt": "A ferry", "credit": "Rosa Lim", "caption": "Said anew."}
    desk.post(photo, said)
    assert "Said anew." in reads(url).text
    assert reads(url).headers["ETag"] != before
    refused = desk.post(photo, said | {"credit": ""})
    assert refused.status_code == 422
    assert "Ferry sinks off Cebu" in desk.get(photo).text  # where it is used


def test_a_comparison_names_the_pictures(
    desk: Desk, typed: Typed, saved: Saved, photos: list[Photo], session: Session
) -> None:
    desk.post("/desk/stories", typed(body="<p>Before.</p><p>After.</p>"))
    story = saved()[0]
    url = f"/desk/stories/{story.id}"
    desk.post(url, typed(body=body(photos[0]) + figure(*photos[1:3]), version=story.version))
    newer, older = (save.id for save in history.saves(session, story.id, 2))
    page = desk.get(f"{url}/revisions/comparison?older={older}&newer={newer}").text
    assert "Picture: Ferry &lt;0&gt;</ins>" in page
    assert "Gallery of 2: Ferry &lt;1&gt;; Ferry &lt;2&gt;</ins>" in page


def test_what_is_restored_brings_its_pictures_back(
    desk: Desk, typed: Typed, saved: Saved, photos: list[Photo], session: Session
) -> None:
    desk.post("/desk/stories", typed(body=body(photos[0])))
    story = saved()[0]
    desk.post(f"/desk/stories/{story.id}", typed(version=story.version))
    assert saved()[0].pictures == []
    first = history.saves(session, story.id, 9)[-1]
    desk.post(
        f"/desk/stories/{story.id}/revisions/{first.id}/restoration",
        {"version": saved()[0].version},
    )
    assert [photo.id for photo in saved()[0].pictures] == [photos[0].id]


def test_feeds_carry_the_pictures(
    make_story: Writer, photos: list[Photo], reads: Reads
) -> None:  # fmt: skip
    make_story(body=body(photos[0]), pictures=[photos[0]])
    address = f"http://127.0.0.1:8000/media/{'0' * 32}/1280.jpg"
    assert f'<media:content url="{address}" medium="image"' in reads("/feeds/latest.rss").text
    assert re.search(
        f'<link rel="enclosure" [^>]*href="{address}"', reads("/feeds/latest.atom").text
    )


def test_sixty_pictures_cost_no_select_more_than_one(
    make_story: Writer, session: Session, reads: Reads
) -> None:
    photos = [Photo(hash=f"{n:032}", width=1600, height=900, alt=f"No. {n}.") for n in range(60)]
    session.add_all(photos)
    session.flush()
    text = "".join(body(photo) for photo in photos)
    story = make_story(body=text, pictures=photos, bylines=["Rosa Lim"], tags=["ferries"])
    story.correct("correction", "It was Tuesday.", None, clock.now())
    session.commit()
    url = f"/{story.path}"
    with selects() as sent:
        page = reads(url).text
    assert len(sent) <= 5
    assert all(f'alt="No. {n}."' in page for n in range(60))
