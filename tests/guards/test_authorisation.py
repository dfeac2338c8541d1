"""Who may do what: every address of the desk, tried as everybody, against authorisation.txt."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from newsapp import clock
from newsapp.accounts.models import Passkey, SignIn, User
from newsapp.audit import Deed
from newsapp.live.models import Receipt
from newsapp.media.models import Photo, Video
from newsapp.origins.models import Finding
from newsapp.stories.forms import StoryForm
from newsapp.stories.models import Revision, WorkingCopy
from newsapp.wire.models import Cluster, Item
from newsapp.wire.rules import Rule as WireRule
from tests import newsroom
from tests.newsroom import Desk, Writer

TABLE = Path(__file__).with_name("authorisation.txt")
ROLES = ("reporter", "editor", "admin")
# What an address needs to be asked anything at all.
ASKED = {"/desk/stories/batch": "?deed=hand-in&story=1", "/desk/wire/new": "?after=1"}
FORMS = {
    "/desk/stories/batch": {"deed": "hand-in", "story": "1"},
    "/desk/front/<slug:name>/slots": {"story": "{story_id}"},
    "/desk/wire/sources/<int:source_id>/feeds": {"feed": "{feed_id}"},
    "/desk/wire/reading": {"seen": "1-1"},
    "/desk/wire/reading/all": {"newest": "1"},
}
REFUSED = (401, 403, 404)


def table() -> dict[tuple[str, str], list[str]]:
    """Verb and address, and what each of anonymous, reporter, editor and admin may."""
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines()]
    rows = [line for line in lines if line and line[0] != "#"]
    return {(verb, address): cells for verb, address, *cells in rows}


def desk_routes(app: Flask) -> dict[tuple[str, str], Rule]:
    """Every verb and address of the desk."""
    return {
        (verb, rule.rule): rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk")
        for verb in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


def test_every_address_of_the_desk_is_in_the_table(app: Flask) -> None:
    assert set(table()) == set(desk_routes(app))
    assert {len(cells) for cells in table().values()} == {4}


class Newsroom:
    """Something new of each kind, by number, of one person's own."""

    def __init__(self, session: Session, make_story: Writer) -> None:
        self._session = session
        self._make_story = make_story
        self._address = make_story().path or ""  # of a story that readers have

    def belongings(self, owner: User) -> dict[str, str]:
        """What stands in an address that names something of this person's."""
        now, session = clock.now(), self._session
        owner_id = owner.id
        story_id = self._make_story(live=False, created_by_id=owner_id).id
        feed = newsroom.subscribe(session, f"https://{uuid.uuid4().hex}.example/rss")
        somebody = newsroom.hire(session, f"{uuid.uuid4().hex}@example.org", "reporter")
        feed_id, source_id, mark = feed.id, feed.source_id, uuid.uuid4().hex
        card = Cluster(items=1, sources=1, started_at=now, moved_at=now)
        session.add(card)
        session.flush()
        rows: dict[str, Any] = {
            "cluster_id": card,
            "revision_id": Revision(story_id=story_id, at=now, words={}, by_id=owner_id),
            "receipt_id": Receipt(story_id=story_id, act="published", at=now, by_id=owner_id),
            "photo_id": Photo(hash=mark, width=1600, height=900, by_id=owner_id),
            "video_id": Video(kind="file", key=mark, address=f"https://v.example/{mark}.mp4",
                              by_id=owner_id),
            "item_id": Item(feed_id=feed_id, cluster_id=card.id, guid=mark, guid_hash=mark,
                            headline="x", url="https://wire.example/1", published_at=now,
                            fetched_at=now),
            "finding_id": Finding(story_id=story_id, kind="gone", at=now),
            "passkey": Passkey(user_id=owner_id, credential=mark, public_key=b"", uses=0, name="x",
                               created_at=now),
            "rule_id": WireRule(name="x", action="ignore", words=mark),
            "own": self._sign_in(owner_id),
            "theirs": self._sign_in(somebody.id),
        }  # fmt: skip
        words = StoryForm(data={"sections": []}).typed()
        copy = WorkingCopy(user_id=owner_id, token=uuid.uuid4().hex, seen_at=now, words=words,
                           typed_at=now)  # fmt: skip
        session.add_all((*rows.values(), copy))
        session.commit()
        return {
            **{name: str(row.id) for name, row in rows.items()},
            "feed_id": str(feed_id), "source_id": str(source_id), "story_id": str(story_id),
            "user_id": str(somebody.id), "token": copy.token, "name": "east-asia", "position": "1",
            "day": self._address[:10], "slug": self._address[11:],
        }  # fmt: skip

    def _sign_in(self, user_id: int) -> SignIn:
        now, mark = clock.now(), uuid.uuid4().hex
        return SignIn(user_id=user_id, token_hash=mark, mark=mark, at=now, seen_at=now, how="x",
                      proven_at=now, browser="", network="")  # fmt: skip


def filled(address: str, things: dict[str, str]) -> str:
    """The address of these things."""
    kind = "passkey" if "passkeys" in address else "theirs" if "people" in address else "own"
    named = {**things, "number": things.get(kind, "")}
    url = re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda found: named[found[1]], address)
    return url + ASKED.get(address, "")


@pytest.fixture
def people(session: Session) -> dict[str, User]:
    """One of each role, and a colleague whose things are somebody else's."""
    names = {role: role for role in ROLES} | {"colleague": "editor"}
    return {who: newsroom.hire(session, f"{who}@example.org", role) for who, role in names.items()}


@pytest.fixture
def newsroom_of(session: Session, make_story: Writer) -> Newsroom:
    return Newsroom(session, make_story)


def form_of(address: str, things: dict[str, str]) -> dict[str, str]:
    """What is typed there, if an answer needs it."""
    return {name: text.format(**things) for name, text in FORMS.get(address, {}).items()}


def token_on(page: str) -> str:
    """The word of this session that lets it change something."""
    return page.partition('csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("role", "htmx"),
    [*((role, False) for role in ROLES), (ROLES[0], True)],  # who is refused most, by htmx, too
)
def test_each_does_what_the_table_says_and_nothing_else(
    app: Flask, session: Session, people: dict[str, User], newsroom_of: Newsroom, role: str,
    htmx: bool,
) -> None:  # fmt: skip
    column = ROLES.index(role) + 1
    wrong: list[str] = []
    desk = Desk(app.test_client(), f"{role}@example.org")
    headers = {"X-CSRFToken": token_on(desk.get("/desk/account").text)}
    headers |= {"HX-Request": "true"} if htmx else {}
    everyone = {"own": people[role], "others'": people["colleague"]}
    new: dict[str, dict[str, str]] = {}  # things that nobody has changed yet
    for (verb, address), cells in table().items():
        if address == "/desk/logout":
            continue  # it would end the walk
        for whose in everyone if "<" in address else ["own"]:
            if "<" in address and whose not in new:
                new[whose] = newsroom_of.belongings(everyone[whose])
            things = new.get(whose, {})
            before = session.query(Deed).count()
            answer = desk.client.open(
                filled(address, things), method=verb, headers=headers, buffered=True,
                data=form_of(address, things) if verb == "POST" else None,
            )  # fmt: skip
            session.expire_all()
            status = answer.status_code
            refused = status in REFUSED
            may = cells[column] == "yes" or (cells[column] == "own" and whose == "own")
            if status >= 500 or refused is may:
                wrong.append(f"{verb} {address} {whose}: {status}, but {cells[column]}")
            if verb != "GET" and not refused:
                new.clear()
            if refused and session.query(Deed).count() != before:
                wrong.append(f"{verb} {address} {whose}: refused, but something changed")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_a_stranger_gets_to_the_door_and_no_further(
    app: Flask, session: Session, people: dict[str, User], newsroom_of: Newsroom, htmx: bool
) -> None:
    things = newsroom_of.belongings(people["colleague"])
    before = session.query(Deed).count()
    for (verb, address), (anonymous, *_) in table().items():
        client = app.test_client()
        headers = {"X-CSRFToken": token_on(client.get("/desk/login").text)}
        headers |= {"HX-Request": "true"} if htmx else {}
        answer = client.open(filled(address, things), method=verb, headers=headers)
        door = answer.status_code == 401 or (answer.location or "").startswith("/desk/login?next=")
        assert door is (anonymous == "door"), f"{verb} {address}: {answer.status_code}"
        assert answer.status_code < 500
    assert session.query(Deed).count() == before
