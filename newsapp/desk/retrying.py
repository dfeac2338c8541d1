"""Views that run again when another request was faster to what only one can have."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError

from newsapp.extensions import db

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 12  # each time at least one of those who want the same goes through


def retried_on(*overtaken: type[Exception]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Runs the view again after one of these; it is raised after the last try."""

    def decorated(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            for _ in range(TRIES - 1):
                try:
                    return view(*args, **kwargs)
                except overtaken:
                    db.session.rollback()
            return view(*args, **kwargs)

        return wrapped

    return decorated


# Where an address or a form's token was taken meanwhile: the second run finds what the first of
# the same form made, or the next free address.
retried = retried_on(IntegrityError)
