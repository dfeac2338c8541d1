"""What the site is measured against: the same answer from a bare function and a bare Flask route.

`BARE` names a JSON file with the answer: status, headers, and the body as a file beside it.
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

_file = Path(os.environ["BARE"])
_answer = json.loads(_file.read_text("utf-8"))
_headers = [(name, value) for name, value in _answer["headers"]]
_body = _file.with_suffix(".body").read_bytes()


def function(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI function that does nothing but answer."""
    start_response(_answer["status"], _headers)
    return (_body,)


route = Flask(__name__)


@route.get("/")
def answer() -> Response:
    """A Flask route that does nothing but answer."""
    return Response(_body, _answer["status"], _headers)
