"""Roles: reporters write their own stories, editors publish everyone's."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from newsapp.media.models import Photo, Video
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

Saved = Callable[..., list[Story]]
Typed = Callable[..., dict[str, Any]]


def test_a_reporter_writes_and_previews(reporter_desk: Desk, typed: Typed, saved: Saved) -> None:
    answer = reporter_desk.post("/desk/stories", typed(then="preview"))
    assert answer.location == f"/desk/stories/{saved()[0].id}/preview"
    assert reporter_desk.get(answer.location).status_code == 200


def test_a_reporter_is_offered_no_publishing(reporter_desk: Desk) -> None:
    page = reporter_desk.get("/desk/stories/new").text
    assert 'value="publication"' not in page and "/desk/breaking" not in page


def test_a_reporter_does_not_publish(reporter_desk: Desk, typed: Typed, saved: Saved) -> None:
    assert reporter_desk.post("/desk/stories", typed(then="publication")).status_code == 403
    assert saved() == []
    reporter_desk.post("/desk/stories", typed())
    [story] = saved()
    answer = reporter_desk.post(f"/desk/stories/{story.id}/publication", {})
    assert answer.status_code == 403
    assert not saved()[0].live


def test_a_reporter_breaks_no_news(reporter_desk: Desk, saved: Saved) -> None:
    form = {"headline": "Quake", "place": "japan"}
    assert reporter_desk.post("/desk/breaking", form).status_code == 403
    assert saved() == []


@pytest.mark.parametrize(
    "what", ["", "/preview", "/withdrawal", "/corrections/new", "/publication", "/breaking"]
)
def test_a_reporter_does_not_meet_others_drafts(
    reporter_desk: Desk, make_story: Writer, what: str
) -> None:
    url = f"/desk/stories/{make_story('Secret', live=False).id}{what}"
    assert reporter_desk.get(url).status_code in (403, 404, 405)
    assert reporter_desk.post(url, {"headline": "Mine now"}).status_code in (403, 404, 405)
    assert "Secret" not in reporter_desk.get("/desk/stories").text


def test_a_reporters_story_that_is_out_is_changed_by_editors(
    reporter_desk: Desk, desk: Desk, typed: Typed, saved: Saved
) -> None:
    reporter_desk.post("/desk/stories", typed())
    [story] = saved()
    desk.post(f"/desk/stories/{story.id}/publication", {})
    [story] = saved()
    change = typed(headline="Changed", version=story.version)
    assert reporter_desk.post(f"/desk/stories/{story.id}", change).status_code == 403
    assert saved()[0].headline == "Ferry sinks off Cebu"


def test_reporters_describe_pictures_until_readers_see_them(
    reporter_desk: Desk, make_story: Writer, session: Session
) -> None:
    photo = Photo(hash="a" * 32, width=1600, height=900)
    session.add(photo)
    session.commit()
    said, url = {"alt": "A pier at dawn", "credit": "Rosa Lim"}, f"/desk/photos/{photo.id}"
    assert reporter_desk.post(url, said).status_code == 303
    make_story(photo_id=photo.id)
    assert "Ask an editor" in reporter_desk.get(url).text
    assert reporter_desk.post(url, {**said, "alt": "Another"}).status_code == 403
    session.expire_all()
    assert photo.alt == "A pier at dawn"


def test_reporters_describe_videos_until_readers_see_them(
    reporter_desk: Desk, make_story: Writer, session: Session
) -> None:
    video = Video(kind="file", address="https://cdn.example.org/a.mp4")
    session.add(video)
    session.commit()
    said, url = {"title": "Waves", "length": "", "poster": "0"}, f"/desk/videos/{video.id}"
    assert reporter_desk.post(url, said).status_code == 303
    make_story(video=video)
    assert "Ask an editor" in reporter_desk.get(url).text
    assert reporter_desk.post(url, {**said, "title": "Another"}).status_code == 403


@pytest.mark.parametrize("sent", ["publication", "schedule"])
def test_what_an_editor_sent_to_readers_is_changed_by_editors_alone(
    app: Flask, desk: Desk, reporter_desk: Desk, typed: Typed, saved: Saved, sent: str
) -> None:
    app.config["HOLD_SECONDS"] = 10
    reporter_desk.post("/desk/stories", typed(headline="Seen by an editor"))
    [story] = saved()
    form = {"when": "2090-01-01T10:00", "zone": "UTC"} if sent == "schedule" else {}
    desk.post(f"/desk/stories/{story.id}/{sent}", form)
    [story] = saved()
    late = typed(headline="Seen by nobody", version=story.version)
    answer = reporter_desk.post(f"/desk/stories/{story.id}", late)
    assert answer.status_code == 403 and "Seen by nobody" in answer.text
    assert saved()[0].headline == "Seen by an editor"


def test_an_embargo_is_lifted_by_editors_alone(
    desk: Desk, reporter_desk: Desk, typed: Typed, saved: Saved
) -> None:
    reporter_desk.post("/desk/stories", typed())
    url = f"/desk/stories/{saved()[0].id}/embargo"
    desk.post(url, {"until": "2090-01-01T10:00", "zone": "UTC"})
    assert reporter_desk.post(f"{url}/end", {}).status_code == 403
    sooner = {"until": "2080-01-01T10:00", "zone": "UTC"}
    assert reporter_desk.post(url, sooner).status_code == 403
    later = {"until": "2095-01-01T10:00", "zone": "UTC"}
    assert reporter_desk.post(url, later).status_code == 303


def test_an_editor_publishes_what_the_preview_showed_and_nothing_else(
    desk: Desk, reporter_desk: Desk, typed: Typed, saved: Saved
) -> None:
    reporter_desk.post("/desk/stories", typed())
    [story] = saved()
    seen = {"version": story.version}
    changed = typed(headline="Changed since", version=story.version)
    reporter_desk.post(f"/desk/stories/{story.id}", changed)
    answer = desk.post(f"/desk/stories/{story.id}/publication", seen)
    assert answer.status_code == 409 and "after you looked" in answer.text
    assert not saved()[0].live
