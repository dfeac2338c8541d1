"""The program of the copytaster's process: reads feeds and pages from its input, one at a time.

Called as a file with the level of the log. A line of JSON says what follows and how many bytes of
it; a line of JSON is the answer.
"""

import dataclasses
import importlib
import json
import logging
import os
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

SECONDS = 4.0  # of the processor, for one feed; 10 MB take two at worst, real ones a tenth of one
MEMORY = 256 * 1024 * 1024  # bytes of address space, the interpreter's own included


def work(source: BinaryIO, target: BinaryIO) -> None:
    """Answers for each feed until the input ends; a feed that takes too long ends the process."""
    parse = importlib.import_module("newsapp.wire.parse")
    page = importlib.import_module("newsapp.wire.page")
    readers = {"feed": parse.parse, "page": page.read}
    while line := source.readline():
        about = json.loads(line)
        body, read = source.read(about.pop("size")), readers[about.pop("kind")]
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            answer = dataclasses.asdict(read(body, **about))
        except parse.ParseError as refusal:
            answer = {"refused": str(refusal), "feeds": refusal.feeds}
        signal.setitimer(signal.ITIMER_PROF, 0)
        target.write(json.dumps(answer, default=datetime.isoformat).encode() + b"\n")
        target.flush()
        del body, answer  # not kept while it waits


def _alone() -> None:
    """Makes the package's modules known without what the package loads: the whole site."""
    package = ModuleType("newsapp")
    package.__path__ = [str(Path(__file__).parents[1])]
    sys.modules["newsapp"] = package


if __name__ == "__main__":
    logging.basicConfig(level=int(sys.argv[1]))
    _alone()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Told to stop together with the worker: that ends it once it needs no more feeds read.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    try:
        work(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(1)  # whoever asked was killed: nothing is left to flush to
