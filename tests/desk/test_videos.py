"""Videos: taken in by their address, over a story and in its text, quiet until somebody plays."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.media.models import Photo, Video
from newsapp.stories.models import Story
from tests.counting import selects
from tests.far_end import FarEnd
from tests.newsroom import Desk, Writer

Saved = Callable[[], list[Story]]
Typed = Callable[..., dict[str, Any]]
Reads = Callable[[str], Any]
ADDRESS = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
FRAME = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"


@pytest.fixture
def provider(app: Flask) -> Iterator[FarEnd]:
    """YouTube's far end; what it does not know it answers with 404."""
    with FarEnd() as far_end:
        app.config["WIRE_ALLOWED_HOSTS"] = frozenset({far_end.host})
        app.config["OEMBED_ENDPOINTS"] = {"youtube": far_end.url("/oembed")}
        yield far_end
        far_end.shutdown()


def tells(provider: FarEnd, body: bytes, status: str = "200 OK") -> None:
    """Has it answer whatever it is asked about a video."""
    asked = "/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ&format=json"
    provider.serve(body, asked, status, Content_Type="application/json")


def videos(session: Session) -> list[Video]:
    session.expire_all()
    return list(session.scalars(select(Video).order_by(Video.id)))


@pytest.fixture
def video(session: Session) -> Video:
    poster = Photo(hash="0" * 32, width=1600, height=900, alt="A ferry", credit="Rosa Lim")
    video = Video(kind="youtube", key="dQw4w9WgXcQ", address=ADDRESS, title="Ferry <1>",
                  seconds=185, transcript="Waves.", poster=poster)  # fmt: skip
    session.add(video)
    session.commit()
    return video


def test_it_comes_with_title_and_still_picture(
    desk: Desk, session: Session, provider: FarEnd
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (480, 360), "teal").save(picture, "JPEG")
    still = provider.serve(picture.getvalue(), "/still.jpg", Content_Type="image/jpeg")
    tells(provider, json.dumps({
        "title": "Ferry <1>", "author_name": "Rosa", "thumbnail_url": still, "duration": 185,
        "html": "<script>alert(1)</script>",
    }).encode())  # fmt: skip
    answer = desk.post("/desk/videos", {"address": "https://youtu.be/dQw4w9WgXcQ"})
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert re.search(r'name="poster" value="[1-9][0-9]*" checked', page)  # saved again, it stays
    assert "Ferry &lt;1&gt;" in page and "3:05" in page
    photo = session.scalars(select(Photo)).one()
    assert (photo.credit, photo.alt) == ("Rosa / YouTube", "From the video “Ferry <1>”")
    assert videos(session)[0].poster_id == photo.id


@pytest.mark.parametrize("body", [b"", b"nonsense", b'{"thumbnail_url": "http://169.254.1.1/x"}'])
def test_without_an_answer_it_comes_all_the_same(
    desk: Desk, session: Session, provider: FarEnd, body: bytes
) -> None:
    tells(provider, body, "200 OK" if body else "503 Oh")
    assert desk.post("/desk/videos", {"address": ADDRESS}).status_code == 303
    video = videos(session)[0]
    url = f"/desk/videos/{video.id}"
    assert desk.post(url, {"title": "Typed", "length": "1:02:07", "poster": "0"}).status_code == 303
    assert (videos(session)[0].title, videos(session)[0].seconds) == ("Typed", 3727)


@pytest.mark.parametrize("address", [
    "", "javascript:alert(1)", "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
    "https://evil.example/video", "x" * 10_000, "\x00", "\ud800",
])  # fmt: skip
def test_what_cannot_be_shown_is_refused_at_its_field(
    desk: Desk, session: Session, address: str
) -> None:
    answer = desk.post("/desk/videos", {"address": address.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 422
    assert 'id="address-error"' in answer.text
    assert "<iframe" not in answer.text
    assert videos(session) == []


def test_the_same_video_is_one(desk: Desk, session: Session, video: Video) -> None:
    answer = desk.post("/desk/videos", {"address": "https://youtu.be/dQw4w9WgXcQ"})
    assert answer.location.endswith(f"/desk/videos/{video.id}")
    assert len(videos(session)) == 1


@pytest.mark.parametrize(
    ("field", "typed"), [("length", "soon"), ("title", "x" * 301), ("poster", "99")]
)
def test_bad_words_come_back_with_a_sentence(
    desk: Desk, session: Session, video: Video, field: str, typed: str
) -> None:
    form = {"title": "Ferry", "length": "3:05", "poster": "0", field: typed}
    answer = desk.post(f"/desk/videos/{video.id}", form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert videos(session)[0].title == "Ferry <1>"


def test_an_older_picture_is_found_for_the_still_without_a_script(
    desk: Desk, session: Session, video: Video
) -> None:
    many = [Photo(hash=f"{n:032x}", width=9, height=9, alt=f"Crowd {n}") for n in range(1, 30)]
    session.add_all([Photo(hash="f" * 32, width=9, height=9, alt="A lighthouse"), *many])
    session.commit()
    url, typed = f"/desk/videos/{video.id}", {"title": "Typed <2>", "poster": str(video.poster_id)}
    assert "A lighthouse" not in desk.get(url).text
    page = desk.post(url, typed | {"pictures": "lighthouse", "then": "pictures"}).text
    assert "A lighthouse" in page and "Crowd" not in page and "Typed &lt;2&gt;" in page
    assert videos(session)[0].title == "Ferry <1>"


def test_what_its_still_picture_lacks_is_said_in_words(
    desk: Desk, typed: Typed, video: Video, session: Session
) -> None:
    [poster] = session.scalars(select(Photo))
    poster.alt = poster.credit = ""
    session.commit()
    assert (
        "it needs a description in words and a credit for its still picture."
        in desk.get(f"/desk/videos/{video.id}").text
    )
    refused = desk.post("/desk/stories", typed(video=video.id, then="publication")).text
    assert "lacks its description in words and its credit. Add it under Pictures." in refused


def test_readers_get_a_still_picture_and_nothing_of_others(
    desk: Desk, typed: Typed, saved: Saved, video: Video, reads: Reads
) -> None:
    text = f'<p>Before.</p><figure data-video="{video.id}"></figure><p>After.</p>'
    desk.post("/desk/stories", typed(body=text, video=video.id, then="publication"))
    answer = reads(f"/{saved()[0].path}")
    page = answer.text
    assert page.count(f'href="{ADDRESS}" rel="nofollow noopener" data-film-frame="{FRAME}') == 2
    assert "<iframe" not in page and "<video" not in page
    assert "Play video" in page and "3:05" in page and "Waves." in page
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("; frame-src https://www.youtube-nocookie.com")
    assert '"@type": "VideoObject", "name": "Ferry \\u003c1\\u003e"' in page
    assert '"duration": "PT185S"' in page


def test_a_page_without_a_video_allows_no_frame(make_story: Writer, reads: Reads) -> None:
    policy = reads(f"/{make_story().path}").headers["Content-Security-Policy"]
    assert "frame-src" not in policy and "media-src" not in policy


@pytest.mark.parametrize(("kind", "ending", "allowed"), [
    ("file", "mp4", "; media-src https://cdn.example.org"),
    ("hls", "m3u8", "; media-src https: blob:"),
])  # fmt: skip
def test_files_are_played_by_the_browser_and_not_before(
    make_story: Writer, session: Session, reads: Reads, kind: str, ending: str, allowed: str
) -> None:
    address = f"https://cdn.example.org/a.{ending}"
    story = make_story(video=Video(kind=kind, address=address, title="Waves"))
    answer = reads(f"/{story.path}")
    assert '<video class="film__file" preload="none" controls' in answer.text
    assert f'<source src="{address}"' in answer.text
    assert answer.headers["Content-Security-Policy"].endswith(allowed)


def test_a_video_without_a_title_stays_at_the_desk(
    desk: Desk, typed: Typed, saved: Saved, video: Video, session: Session
) -> None:
    video.title = ""
    session.commit()
    lead = typed(video=video.id, then="publication")
    refused = desk.post("/desk/stories", lead)
    assert refused.status_code == 422
    assert 'id="video-error"' in refused.text and "lacks its title" in refused.text
    text = f'<figure data-video="{video.id}"></figure>'
    assert "lacks its title" in desk.post("/desk/stories", lead | {"video": 0, "body": text}).text
    assert saved() == []


def test_what_is_said_of_it_changes_for_readers_at_once(
    make_story: Writer, desk: Desk, video: Video, reads: Reads
) -> None:
    story = make_story(videos=[video], body=f'<figure data-video="{video.id}"></figure>')
    url, said = f"/{story.path}", {"title": "Said anew", "length": "", "poster": "0"}
    assert "Ferry &lt;1&gt;" in reads(url).text
    desk.post(f"/desk/videos/{video.id}", said)
    assert "Said anew" in reads(url).text
    assert desk.post(f"/desk/videos/{video.id}", said | {"title": ""}).status_code == 422


def test_cards_say_how_long_it_plays_and_the_page_keeps_its_budget(
    make_story: Writer, video: Video, reads: Reads
) -> None:
    photo = Photo(hash="1" * 32, width=1600, height=900, alt="A pier", credit="Rosa Lim")
    story = make_story(video=video, photo=photo, sections=["japan", "video"])
    assert '<span class="card__length">3:05</span>' in reads("/video").text
    with selects() as sent:
        reads(f"/{story.path}")
    assert len(sent) <= 5


def test_lists_show_the_still_of_a_video_where_no_picture_is_chosen(
    desk: Desk, typed: Typed, saved: Saved, video: Video
) -> None:
    desk.post("/desk/stories", typed(video=video.id, then="publication"))
    assert saved()[0].photo_id == video.poster_id
