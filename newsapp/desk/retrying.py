"""Views that run again when another request was faster to what only one can have."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError

from newsapp.extensions import db

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 12  # each time at least one of those who want the same goes through


def retried(view: Callable[P, R]) -> Callable[P, R]:
    """Runs the view again where an address or a form's token was taken meanwhile.

    The second run finds what the first of the same form made, or the next free address;
    IntegrityError after the last try.
    """

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return view(*args, **kwargs)
            except IntegrityError:
                db.session.rollback()
        return view(*args, **kwargs)

    return wrapped
