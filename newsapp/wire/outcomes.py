"""Items follow the stories that were made of them: taken while it is written, published while it
is out, however that came about."""

from typing import Any

from sqlalchemy import case, event, exists, inspect, update
from sqlalchemy.orm import Session

from newsapp.stories.models import Status, Story
from newsapp.wire.models import Item, State


def moved(session: Session, story_id: int) -> None:
    """Notes a story whose items are to follow it before the commit."""
    session.info.setdefault("moved stories", set()).add(story_id)


@event.listens_for(Session, "after_flush")
def _collect(session: Session, context: Any) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Story) and inspect(row).attrs.status.history.has_changes():
            moved(session, row.id)


@event.listens_for(Session, "before_commit")
def _follow(session: Session) -> None:
    session.flush()
    if numbers := sorted(session.info.pop("moved stories", ())):
        out = exists().where(Story.id == Item.story_id, Story.status == Status.PUBLISHED)
        state = case((out, State.PUBLISHED), else_=State.TAKEN)
        made = Item.story_id.in_(numbers), Item.state.in_((State.TAKEN, State.PUBLISHED))
        session.connection().execute(update(Item).where(*made).values(state=state))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("moved stories", None)
