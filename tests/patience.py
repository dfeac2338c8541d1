"""Waiting for what is promised to happen, no longer than promised."""

import time
from collections.abc import Callable


def eventually(happened: Callable[[], bool], within: float = 10.0) -> bool:
    """Whether it happens within so many seconds; looks every 20 ms."""
    deadline = time.monotonic() + within
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
