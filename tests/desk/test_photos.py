"""Pictures at the desk: sent in, described, chosen, and shown to readers never without words."""

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.desk import photos
from newsapp.media import darkroom, intake
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer, hire
from tests.stores import Stores

Sends = Callable[..., Any]


def picture(colour: str = "teal", kind: str = "JPEG") -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(data, kind)
    data.seek(0)
    return data


@pytest.fixture
def sends(desk: Desk) -> Sends:
    """Sends files in: `sends((data, "name.jpg"), …)`."""

    def send(*files: tuple[io.BytesIO, str]) -> Any:
        return desk.post("/desk/photos", {"files": list(files)}, at="/desk/photos")

    return send


@pytest.fixture
def photo(sends: Sends, session: Session) -> Photo:
    """A picture that was sent in, with nothing said of it yet."""
    assert sends((picture(), "pier.jpg")).status_code == 303
    return session.scalars(select(Photo)).one()


def count(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Photo)) or 0


def test_a_picture_is_sent_in_and_asks_to_be_described(
    desk: Desk, sends: Sends, session: Session
) -> None:
    answer = sends((picture(), "pier.jpg"))
    [photo] = session.scalars(select(Photo))
    assert answer.location == f"/desk/photos/{photo.id}"
    assert (photo.width, photo.height, photo.name) == (400, 300, "pier.jpg")
    page = desk.get(answer.location).text
    assert "its description in words and its credit" in page
    assert desk.get(f"/media/{photo.hash}/320.webp").status_code == 200


def test_the_original_is_kept_for_nobody(app: Flask, desk: Desk, photo: Photo) -> None:
    kept = Path(app.config["ORIGINALS_FOLDER"]) / photo.original
    assert kept.read_bytes()[:3] == b"\xff\xd8\xff"
    assert [path.name for path in kept.parent.iterdir()] == [photo.original]
    for url in (f"/media/{photo.original}", f"/media/originals/{photo.original}",
                f"/media/{photo.hash}/{photo.original}"):  # fmt: skip
        assert desk.get(url).status_code == 404


def test_several_at_once_come_in_and_one_that_is_unfit_stops_no_other(
    sends: Sends, session: Session
) -> None:
    svg = io.BytesIO(b"<svg onload=alert(1)></svg>")
    answer = sends((picture("teal"), "a.jpg"), (svg, "<b>.jpg"), (picture("red", "PNG"), "c.png"))
    assert answer.status_code == 422
    assert "<bdi>&lt;b&gt;.jpg</bdi>: It is no picture that we know." in answer.text
    assert "The other 2 are in the library" in answer.text
    assert count(session) == 2


def test_the_same_picture_twice_is_one(sends: Sends, session: Session) -> None:
    for name in ("a.jpg", "b.jpg"):
        assert sends((picture(), name)).status_code == 303
    assert count(session) == 1


@pytest.mark.parametrize(
    "name", ["../../evil.jpg", "x" * 400 + ".jpg", "写真.jpg", ".jpg", "a\x00.jpg"]
)
def test_a_name_leads_nowhere(app: Flask, sends: Sends, session: Session, name: str) -> None:
    assert sends((picture(), name)).status_code == 303
    [photo] = session.scalars(select(Photo))
    assert re.fullmatch(r"[0-9a-f]{32}[a-z.]*", photo.original)
    assert (Path(app.config["ORIGINALS_FOLDER"]) / photo.original).exists()


def test_nothing_sent_is_said(sends: Sends) -> None:
    answer = sends()
    assert (answer.status_code, "Choose at least one picture." in answer.text) == (422, True)


def test_too_much_is_refused_before_it_is_read(desk: Desk) -> None:
    said = {"CONTENT_LENGTH": str(42 * 2**20)}
    answer = desk.client.post("/desk/photos", data={"a": "b"}, environ_overrides=said)
    assert answer.status_code == 413
    assert f"That is larger than {intake.BYTES // 2**20} MB" in answer.text
    assert '<form class="upload"' in answer.text


def test_what_is_said_is_saved_and_found(desk: Desk, photo: Photo, session: Session) -> None:
    said = {"alt": "A pier in  Kobe", "credit": "Rosa Lim", "caption": "At dawn.", "rights": "ours",
            "focus_x": "20", "focus_y": "80"}  # fmt: skip
    assert desk.post(f"/desk/photos/{photo.id}", said).status_code == 303
    session.expire_all()
    assert (photo.alt, photo.credit, photo.focus_x, photo.focus_y, photo.lacks) == (
        "A pier in Kobe", "Rosa Lim", 20, 80, "",
    )  # fmt: skip
    assert "A pier in Kobe" in desk.get("/desk/photos?words=kobe+DAWN").text
    assert "No picture has these words" in desk.get("/desk/photos?words=osaka").text
    assert "A pier in Kobe" in desk.get("/desk/photos?choose=1&words=pier").text


@pytest.mark.parametrize(("field", "value"), [
    ("alt", "x" * 501), ("credit", "x" * 201), ("caption", "x" * 1001), ("rights", "x" * 301),
    ("focus_x", "101"), ("focus_y", "-1"), ("focus_x", "left"),
])  # fmt: skip
def test_what_does_not_fit_is_said_at_the_field(
    desk: Desk, photo: Photo, field: str, value: str
) -> None:
    answer = desk.post(f"/desk/photos/{photo.id}", {"credit": "Rosa Lim", field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_story_is_not_published_with_a_picture_that_lacks_its_words(
    desk: Desk, photo: Photo, typed: Callable[..., Any], saved: Callable[[], list[Story]]
) -> None:
    form = typed(photo=str(photo.id))
    answer = desk.post("/desk/stories", {**form, "then": "publication"})
    assert answer.status_code == 422
    assert "The photo lacks its description in words and its credit." in answer.text
    desk.post("/desk/stories", form)  # a draft may
    [story] = saved()
    assert desk.post(f"/desk/stories/{story.id}/publication", {}).status_code == 409
    desk.post(f"/desk/photos/{photo.id}", {"decorative": "y", "credit": "Rosa Lim"})
    assert desk.post(f"/desk/stories/{story.id}/publication", {}).status_code == 303


def test_readers_see_it_cut_where_the_eye_falls(
    desk: Desk, photo: Photo, make_story: Writer, reads: Callable[[str], Any]
) -> None:
    said = {"alt": "A pier", "credit": "Rosa Lim", "focus_x": "20", "focus_y": "80"}
    desk.post(f"/desk/photos/{photo.id}", said)
    story = make_story(photo_id=photo.id)
    page = reads(f"/{story.path}").text
    assert 'class="picture fx2 fy8 ' in page and 'alt="A pier"' in page


def test_a_change_of_its_words_reaches_readers(
    desk: Desk, photo: Photo, make_story: Writer, reads: Callable[[str], Any]
) -> None:
    said = {"alt": "A pier", "credit": "Rosa Lim"}
    desk.post(f"/desk/photos/{photo.id}", said)
    story = make_story(photo_id=photo.id)
    reads(f"/{story.path}")
    desk.post(f"/desk/photos/{photo.id}", {**said, "alt": "A bridge"})
    assert 'alt="A bridge"' in reads(f"/{story.path}").text


def test_what_readers_see_keeps_its_words(
    desk: Desk, photo: Photo, make_story: Writer, session: Session
) -> None:
    desk.post(f"/desk/photos/{photo.id}", {"alt": "A pier", "credit": "Rosa Lim"})
    make_story(photo_id=photo.id)
    answer = desk.post(f"/desk/photos/{photo.id}", {"alt": "A pier", "credit": " "})
    assert answer.status_code == 422
    assert "can’t be without its credit" in answer.text
    session.expire_all()
    assert photo.credit == "Rosa Lim"


@pytest.mark.parametrize(
    "url", ["/999", "/99999999999999999999", "?before=0", "?before=9999999999"]
)
def test_what_is_not_there_is_404(desk: Desk, url: str) -> None:
    assert desk.get(f"/desk/photos{url}").status_code == 404


# --- rights --------------------------------------------------------------------------------------


def described(photo: Photo, **said: str) -> dict[str, str]:
    return {"alt": "A pier", "credit": "Rosa Lim", **said}


def test_licence_and_last_day_are_saved_and_come_back(
    desk: Desk, photo: Photo, session: Session
) -> None:
    form = described(photo, licence="CC BY 4.0", last_day="2030-12-31", rights="Not in print")
    assert desk.post(f"/desk/photos/{photo.id}", form).status_code == 303
    session.expire_all()
    assert (photo.licence, photo.rights) == ("CC BY 4.0", "Not in print")
    assert photo.rights_end_at == datetime(2031, 1, 1, tzinfo=UTC)
    page = desk.get(f"/desk/photos/{photo.id}").text
    assert 'value="2030-12-31"' in page and "Rights until 31 Dec 2030." in page


@pytest.mark.parametrize("day", ["31.12.2030", "2030-02-30", "0001-01-01", "9999-12-31", "x" * 999])
def test_what_is_no_day_is_said_at_the_field(desk: Desk, photo: Photo, day: str) -> None:
    answer = desk.post(f"/desk/photos/{photo.id}", described(photo, last_day=day))
    assert (answer.status_code, "Give a day such as 2026-12-31." in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Rights end today"), (1, "Rights end tomorrow"), (5, "Rights end in 5 days"),
     (-1, "Rights ended on"), (40, "Rights until")],
)  # fmt: skip
def test_the_library_says_when_rights_end(desk: Desk, photo: Photo, days: int, words: str) -> None:
    day = clock.now().date() + timedelta(days=days)
    desk.post(f"/desk/photos/{photo.id}", described(photo, last_day=str(day)))
    assert words in desk.get("/desk/photos").text
    listed = desk.get("/desk/photos?show=rights").text
    assert (words in listed) == (days < 14)


def test_a_picture_whose_rights_have_ended_is_not_newly_published(
    desk: Desk, photo: Photo, typed: Callable[..., Any], saved: Callable[[], list[Story]]
) -> None:
    desk.post(f"/desk/photos/{photo.id}", described(photo, last_day="2020-01-01"))
    form = typed(photo=str(photo.id))
    answer = desk.post("/desk/stories", {**form, "then": "publication"})
    assert (answer.status_code, "The rights in the photo end" in answer.text) == (422, True)
    desk.post("/desk/stories", form)  # a draft may
    [story] = saved()
    assert desk.post(f"/desk/stories/{story.id}/publication", {}).status_code == 409
    soon = f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    schedule = {"when": soon, "zone": "UTC"}
    assert desk.post(f"/desk/stories/{story.id}/schedule", schedule).status_code == 422


def test_what_readers_see_stays_when_its_rights_end_and_the_desk_is_told(
    desk: Desk, photo: Photo, make_story: Writer, reads: Callable[[str], Any],
    typed: Callable[..., Any],
) -> None:  # fmt: skip
    desk.post(f"/desk/photos/{photo.id}", described(photo))
    story = make_story(photo_id=photo.id)
    answer = desk.post(f"/desk/photos/{photo.id}", described(photo, last_day="2020-01-01"))
    told = desk.get(answer.location).text
    assert "readers still see it: give the stories below another picture" in told
    assert story.headline in told
    assert photo.hash in reads(f"/{story.path}").text
    assert "readers still see it" in desk.get("/desk/photos?show=rights").text
    corrected = typed(photo=str(photo.id), version=str(make_story.again(story.id).version))
    assert desk.post(f"/desk/stories/{story.id}", corrected).status_code == 303


def test_a_live_story_is_not_given_a_picture_whose_rights_have_ended(
    desk: Desk, photo: Photo, make_story: Writer, typed: Callable[..., Any]
) -> None:
    desk.post(f"/desk/photos/{photo.id}", described(photo, last_day="2020-01-01"))
    story = make_story()
    form = typed(photo=str(photo.id), version=str(story.version))
    assert desk.post(f"/desk/stories/{story.id}", form).status_code == 422


def test_what_the_file_says_of_its_rights_is_filled_in(sends: Sends, session: Session) -> None:
    xmp = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
      xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:LicenseEndDate="2031-05-04T00:00:00Z"
      xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Editorial use only</rdf:li>
      </rdf:Alt>
      </xmpRights:UsageTerms><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Rosa Lim</rdf:li>
      </rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>"""
    data = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(data, "JPEG", xmp=xmp.encode())
    data.seek(0)
    assert sends((data, "pier.jpg")).status_code == 303
    [photo] = session.scalars(select(Photo))
    assert (photo.licence, photo.rights) == ("Editorial use only", "© Rosa Lim")
    assert photo.rights_end_at == datetime(2031, 5, 5, tzinfo=UTC)


def test_the_library_lists_what_has_no_words_yet(desk: Desk, photo: Photo) -> None:
    assert "pier.jpg" in desk.get("/desk/photos?show=wordless").text
    desk.post(f"/desk/photos/{photo.id}", {"decorative": "y", "credit": "Rosa Lim"})
    assert "Nothing to do here" in desk.get("/desk/photos?show=wordless").text
    assert desk.get("/desk/photos?show=nonsense").status_code == 404


# --- guards --------------------------------------------------------------------------------------


@pytest.fixture
def six_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than in truth, for a process looks at each."""
    monkeypatch.setattr(photos, "A_MINUTE", 6)


def test_who_sends_very_many_is_asked_to_wait(
    sends: Sends, session: Session, stores: Stores, six_a_minute: None
) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(3):  # refused, and counted all the same
            unfit = [(io.BytesIO(b"<svg></svg>"), f"{n}.svg") for n in range(2)]
            assert sends(*unfit).status_code == 422
        answer = sends((picture(), "a.jpg"))
        assert answer.status_code == 503  # a script may send it again
        assert "You have sent 6 pictures within a minute." in answer.text
        assert answer.headers["Retry-After"] == "60"
        assert count(session) == 0
        moment.shift(timedelta(seconds=61))
        stores.forget(61)
        assert sends((picture(), "a.jpg")).status_code == 303


def test_while_others_are_opened_a_picture_is_told_when_to_come_again(
    app: Flask, sends: Sends, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(darkroom, "TURN", 0.01)
    turns = darkroom.of(app.config).turns
    with turns.turn(), turns.turn():
        answer = sends((picture(), "a.jpg"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "Busy with other pictures: try again in a moment." in answer.text
    assert count(session) == 0
    assert sends((picture(), "a.jpg")).status_code == 303


def test_who_sends_many_at_once_gets_no_more_in(
    app: Flask, desk: Desk, editor: User, six_a_minute: None
) -> None:
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', desk.get("/desk/photos").text)
    cookie = desk.client.get_cookie("desk", path="/desk")
    assert token and cookie

    def send(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie("desk", cookie.value, path="/desk")
        unfit = [(io.BytesIO(b"<svg></svg>"), "a.svg") for _ in range(2)]
        form = {"files": unfit, "csrf_token": token[1]}
        return browser.post("/desk/photos", data=form).status_code

    with time_machine.travel(clock.now(), tick=False), ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [422, 422, 422, 503]


@pytest.fixture
def small_disk(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB under the folder of renditions; only root may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("setting", ["MEDIA_FOLDER", "ORIGINALS_FOLDER", "INSTANCE_FOLDER"])
def test_a_full_disk_is_said_and_leaves_no_part_of_a_file(
    app: Flask, sends: Sends, session: Session, small_disk: Path, setting: str
) -> None:
    app.config[setting] = str(small_disk)
    app.config["DISK_FLOOR_MEGABYTES"] = 0
    noise = Image.effect_noise((390, 390), 90).convert("RGB")
    data = io.BytesIO()
    noise.save(data, "PNG")
    sent = data.getvalue()
    answer = sends((io.BytesIO(sent), "noise.png"))
    assert (answer.status_code, "There is no room to keep it" in answer.text) == (503, True)
    assert count(session) == 0
    assert [path for path in small_disk.rglob("*.*") if path.suffix != ".db"] == []
    app.config[setting] = str(small_disk.parent / "large")  # room again
    assert sends((io.BytesIO(sent), "noise.png")).status_code == 303


def test_a_lost_file_is_stood_in_for(
    app: Flask, client: FlaskClient, desk: Desk, photo: Photo
) -> None:
    address = f"/media/{photo.hash}/320.webp"
    (Path(app.config["MEDIA_FOLDER"]) / photo.hash / "320.webp").unlink()
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "public, max-age=10"
    assert client.get(f"/media/{'f' * 32}/320.webp").status_code == 404


def test_a_picture_that_no_story_has_is_deleted_with_its_files(
    app: Flask, desk: Desk, photo: Photo, session: Session
) -> None:
    number, name, original = photo.id, photo.hash, photo.original
    assert desk.post(f"/desk/photos/{number}/end", {}).status_code == 303
    assert count(session) == 0
    assert not (Path(app.config["MEDIA_FOLDER"]) / name).exists()
    assert not (Path(app.config["ORIGINALS_FOLDER"]) / original).exists()
    assert desk.get(f"/desk/photos/{number}").status_code == 404


def test_a_picture_that_stories_have_is_kept_and_they_are_named(
    desk: Desk, photo: Photo, make_story: Writer, session: Session
) -> None:
    draft = make_story("Ladybirds return", live=False, photo_id=photo.id)
    answer = desk.post(f"/desk/photos/{photo.id}/end", {})
    assert answer.status_code == 409
    assert "A story has it: give it another picture first." in answer.text
    assert f"/desk/stories/{draft.id}" in answer.text
    assert count(session) == 1


def test_a_reporter_deletes_what_they_sent_themselves(
    app: Flask, photo: Photo, session: Session
) -> None:
    hire(session, "reporter@example.org", "reporter")
    reporter = Desk(app.test_client(), "reporter@example.org")
    assert reporter.post(f"/desk/photos/{photo.id}/end", {}).status_code == 403
    assert count(session) == 1


def test_two_who_send_the_same_picture_at_once_share_it(app: Flask, session: Session) -> None:
    for name in ("a", "b"):
        hire(session, f"{name}@example.org", "editor")
    desks = [Desk(app.test_client(), f"{name}@example.org") for name in "ab"]

    def send(desk: Desk) -> int:
        form = {"files": [(picture(), "a.jpg")]}
        return desk.post("/desk/photos", form, at="/desk/photos").status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, desks)) == [303, 303]
    assert count(session) == 1


def test_what_is_sent_again_while_it_is_deleted_keeps_its_files(
    app: Flask, desk: Desk, photo: Photo, session: Session
) -> None:
    name, original = photo.hash, photo.original

    def again(deleting: Session) -> None:
        with Session(deleting.get_bind()) as other:
            other.add(Photo(hash=name, original=original, width=400, height=300))
            other.commit()

    address, page = f"/desk/photos/{photo.id}/end", desk.get(f"/desk/photos/{photo.id}").text
    token = page.partition('csrf_token" value="')[2].partition('"')[0]
    session.rollback()
    event.listen(Session, "after_commit", again, once=True)
    assert desk.client.post(address, data={"csrf_token": token}).status_code == 303
    assert count(session) == 1
    assert (Path(app.config["MEDIA_FOLDER"]) / name).exists()
    assert (Path(app.config["ORIGINALS_FOLDER"]) / original).exists()


def test_what_can_not_be_kept_whole_leaves_neither_row_nor_files(
    app: Flask, sends: Sends, session: Session, tmp_path: Path
) -> None:
    app.config["ORIGINALS_FOLDER"] = str(tmp_path / "a-file")
    (tmp_path / "a-file").touch()
    answer = sends((picture(), "a.jpg"))
    assert (answer.status_code, "There is no room to keep it" in answer.text) == (503, True)
    assert count(session) == 0
    assert list(Path(app.config["MEDIA_FOLDER"]).glob("*")) == []
