"""The demo edition on SQLite: drawn once in a run, however many workers it has, and copied."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.journeys.site import Site
from tests.stores import SECRET


def copied(factory: pytest.TempPathFactory, folder: Path) -> Path:
    """An instance folder whose newsroom has the edition and nothing else."""
    shared = factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    drawn = shared / "edition"
    with (shared / "edition.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (drawn / "whole").exists():
            shutil.rmtree(drawn, ignore_errors=True)
            site = Site({"SECRET_KEY": SECRET, "INSTANCE_FOLDER": str(drawn)})
            site.command("prepare", "--demo")
            (drawn / "whole").touch()
    return Path(shutil.copytree(drawn, folder, dirs_exist_ok=True))
