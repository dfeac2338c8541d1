"""What views of the desk begin with: who is there, the places, a story they may work on."""

from collections.abc import Iterable

from flask import abort, g

from newsapp.accounts import queries as accounts
from newsapp.accounts.guard import current_editor
from newsapp.accounts.models import User
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, Stamp
from newsapp.media.models import Photo, Video
from newsapp.media.queries import photos_of, videos_for_desk
from newsapp.stories import clean
from newsapp.stories.models import Story
from newsapp.stories.queries import editing, sections
from newsapp.stories.queries.sections import Tree


def me() -> User:
    """The person who is signed in; behind the guard there is always one."""
    return current_editor() or abort(401)


def publisher() -> User:
    """The person who is signed in, if they may change what readers see; else 403."""
    person = me()
    return person if person.may_publish else abort(403, "Ask an editor: only editors do this.")


def admin() -> User:
    """The person who is signed in, if they look after people; else 403."""
    person = me()
    return person if person.is_admin else abort(403, "Ask an admin: only admins do this.")


def person_or_404(user_id: int) -> User:
    """A person of the newsroom, for an admin."""
    admin()
    if user_id > NUMBER_MAX:
        abort(404)
    return accounts.person(db.session(), user_id) or abort(404)


def story_or_404(story_id: int) -> Story:
    """A story that this person works on."""
    if story_id > NUMBER_MAX:  # more than a database's number holds
        abort(404)
    return editing.story_for_desk(db.session(), story_id, by=me()) or abort(404)


def shown_in(
    text: str, videos: Iterable[int | None] = ()
) -> tuple[dict[int, Photo], dict[int, Video]]:
    """The photos in a clean text, and its videos with these and the newest ones, by number."""
    session = db.session()
    wanted = {*clean.videos(text), *(n for n in videos if n and 0 < n <= NUMBER_MAX)}
    found = {video.id: video for video in videos_for_desk(session, chosen=wanted)}
    return photos_of(session, clean.pictures(text)), found


def tree() -> Tree:
    """The section tree, read once a request."""
    if "tree" not in g:
        g.tree = sections.tree(db.session())
    found: Tree = g.tree
    return found


def stamp_of(text: str | None) -> Stamp | None:
    """Where an older page of a list begins; 400 for what is no stamp."""
    try:
        return Stamp.parse(text) if text else None
    except (ValueError, OverflowError):
        abort(400, "“before” must be a stamp as the list gave it.")
