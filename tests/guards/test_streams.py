"""Every model moves a stream or is known to be seen by no reader."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from newsapp import clock, streams
from newsapp.extensions import Model
from newsapp.stories.models import Story


def test_every_model_is_in_the_table_or_seen_by_no_reader() -> None:
    models = {mapper.class_ for mapper in Model.registry.mappers}
    assert models == set(streams.TABLE) | streams.UNSEEN
    assert not set(streams.TABLE) & streams.UNSEEN


def test_a_bulk_change_that_would_bypass_the_table_is_refused(session: Session) -> None:
    with pytest.raises(RuntimeError, match="through the session"):
        session.execute(update(Story).values(changed_at=clock.now() + timedelta(1)))
