"""The whole site as `bin/run` starts it: prepared, served by Granian, reached through its port."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.patience import eventually
from tests.stores import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PAST_THE_EDGE = {"Authorization": "none"}
GRANIAN = (
    "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "8",
    "--backlog", "4096", "--backpressure", "4096", "--no-ws", "--workers-kill-timeout", "15",
    "--log-level", "error",
)  # fmt: skip


class Site:
    """A site with these settings, on a port of its own; started and stopped as often as needed."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        # What the person who runs the tests has set is not for this site.
        unset = {"DATABASE_URL": "", "REDIS_URL": ""}
        own = {"PUBLIC_URL": self.url, "POLL_SECONDS": "2", "LOG_LEVEL": "ERROR"}
        self._environment = {**os.environ, **unset, **own, **settings}
        self._server: subprocess.Popen[bytes] | None = None

    def beside(self, **settings: str) -> "Site":
        """The same newsroom served by another process, set otherwise."""
        own = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "INSTANCE_FOLDER")
        return Site({**{name: self._environment[name] for name in own}, **settings})

    def set(self, **settings: str) -> None:
        """Sets it otherwise, before it starts."""
        self._environment |= settings

    def command(self, *words: str, typed: str = "", **settings: str) -> None:
        """Runs `flask …` as an operator does."""
        subprocess.run(
            [BIN / "flask", "--app", "wsgi", *words],
            cwd=ROOT, env={**self._environment, **settings}, input=typed, text=True, check=True,
            capture_output=True,
        )  # fmt: skip

    def start(self) -> None:
        """Serves, and returns once it answers."""
        self._server = subprocess.Popen(
            [BIN / "granian", *GRANIAN, "--port", str(self._port), "wsgi:app"],
            cwd=ROOT, env=self._environment,
        )  # fmt: skip
        assert eventually(self._answers, within=60), "the site does not answer"

    def stop(self) -> None:
        """Stops serving; what is stored stays."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=30)
            self._server = None

    def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        """Status, entity tag and text of what a plain client gets, without following redirects."""
        try:
            with urlopen(Request(self.url + path, headers=headers), timeout=15) as answer:
                return answer.status, answer.headers.get("ETag", ""), answer.read().decode()
        except HTTPError as refusal:
            return refusal.code, refusal.headers.get("ETag", ""), refusal.read().decode()

    def catches_up(self, path: str) -> None:
        """Returns once readers are given what the newsroom has now: pages are kept for seconds."""

        def caught_up() -> bool:
            newest = self.get(path, **PAST_THE_EDGE)[:2]
            # Each process keeps pages of its own, and any of them may answer.
            return all(self.get(path)[:2] == newest for _ in range(12))

        assert eventually(caught_up, within=15), f"{path} stays as it was"

    def _answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except URLError:
            return False
