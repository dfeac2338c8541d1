"""What the tests of fronts share."""

import pytest
from sqlalchemy.orm import Session

from newsapp.media.models import Photo


@pytest.fixture
def photo(session: Session) -> Photo:
    """A picture for stories."""
    photo = Photo(hash="0" * 32, width=1600, height=900, alt="A ferry")
    session.add(photo)
    return photo
