"""A small newsroom for tests: people, stories, and an editor's browser."""

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from newsapp import clock
from newsapp.accounts.models import Role, User
from newsapp.front.models import Arrangement
from newsapp.front.queries import arranging
from newsapp.stories.models import Story
from newsapp.stories.queries import editing, releases
from newsapp.stories.queries.sections import section_by_slug, sections_by_slug
from newsapp.wire.models import Feed
from newsapp.wire.queries import source_for

PASSWORD = "correct horse battery staple"
# As the site's own, at the least cost: a quarter of a second less for every editor of a test.
CHEAP_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
UTC = ZoneInfo("UTC")


class Writer:
    """Writes stories into the database, live unless told otherwise."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(
        self,
        headline: str = "Rain stops play in Dhaka",
        *,
        sections: Iterable[str] = ("bangladesh", "sport", "news"),
        at: datetime | None = None,
        live: bool = True,
        breaking: bool = False,
        tags: Iterable[str] = (),
        bylines: Iterable[str] = (),
        **fields: Any,
    ) -> Story:
        at = at or clock.now()
        story = Story(headline=headline, changed_at=at, **fields)
        story.file_under(sections_by_slug(self._session, sections))
        story.tags = editing.tags_named(self._session, tags)
        story.sign(bylines)
        self._session.add(story)
        if live:
            story.publish(None, at, releases.free_path(self._session, story, at, UTC))
        if breaking:
            story.break_news(clock.now() + timedelta(hours=2), at)
        self._session.commit()
        return self.again(story.id)

    def again(self, story_id: int) -> Story:
        """The story as the database has it now, with what its verbs need."""
        self._session.expire_all()
        story = editing.story_for_desk(self._session, story_id)
        assert story is not None
        return story


def lay_out(
    session: Session,
    by: User,
    front: str,
    stories: Mapping[int, Story],
    until: datetime | None = None,
) -> None:
    """Puts these stories into these places of a front, until then, and launches them; the front
    page is called `latest`."""
    section = section_by_slug(session, front)
    assert section is not None
    now = clock.now()
    found = arranging.arrangement(session, section.id)
    arrangement = found or Arrangement(section_id=section.id)
    session.add(arrangement)
    for position, story in stories.items():
        arrangement.put(editing.story_for_desk(session, story.id) or story, position, by, now)
        if until:
            arrangement.keep_until(position, until, by, now)
    arrangement.launch({story.id: story.headline for story in stories.values()}, by, now)
    session.commit()


def hire(session: Session, email: str, *roles: str) -> User:
    """A person with these roles and the PASSWORD."""
    known = {role.name: role for role in session.scalars(select(Role))}
    user = User(
        email=email,
        name=email.partition("@")[0].title(),
        password=CHEAP_HASH,
        fs_uniquifier=uuid.uuid4().hex,
        roles=[known.get(name) or Role(name=name) for name in roles],
    )
    session.add(user)
    session.commit()
    return user


def subscribe(session: Session, url: str, **fields: Any) -> Feed:
    """A feed at this address, of the outlet there, which has its title if it is new."""
    source = source_for(session, url, fields.get("title", ""))
    feed = Feed(url=url, source=source, **fields)
    session.add(feed)
    session.commit()
    session.refresh(feed, ["source"])
    return feed


class Desk:
    """An editor's browser: knows the sign-in and puts the CSRF token into every form."""

    def __init__(self, client: FlaskClient, email: str, password: str = PASSWORD) -> None:
        self.client = client
        self._token = ""
        answer = self.post("/desk/login", {"email": email, "password": password}, at="/desk/login")
        assert answer.status_code == 302, answer.text
        self._token = ""  # a session of its own begins

    def get(self, url: str, **options: Any) -> TestResponse:
        """Opens a page."""
        return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, Any], at: str = "/desk/account") -> TestResponse:
        """Sends a form with the token that the page `at` carries; it is good for a while."""
        if self._token:
            answer = self.client.post(url, data={**data, "csrf_token": self._token})
            if answer.status_code != 400:
                return answer
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(at).text)
        assert token is not None
        self._token = token[1]
        return self.client.post(url, data={**data, "csrf_token": self._token})
