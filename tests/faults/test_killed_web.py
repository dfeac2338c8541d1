"""Web processes are killed: readers are served by the others, and nobody keeps the port."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from newsapp.config import ROOT, SETTINGS
from tests.patience import eventually
from tests.stores import free_port

PORT = free_port()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """bin/run with two web processes; the number of its process."""
    own = {"INSTANCE_FOLDER": str(tmp_path_factory.mktemp("run")), "WEB_PROCESSES": "2"}
    unset = {setting.name: "" for setting in SETTINGS}
    command = [str(ROOT / "bin/run"), "--port", str(PORT), "--no-demo"]
    with subprocess.Popen(command, env={**os.environ, **unset, **own}) as process:
        try:
            assert eventually(both_serve, within=120), "the site does not answer"
            yield process.pid
        finally:
            process.terminate()
    assert (process.returncode, is_free()) == (0, True)


def answers() -> bool:
    with suppress(OSError), urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=10) as answer:
        return bool(answer.status == 200)
    return False


def both_serve() -> bool:
    """Whether both processes listen on the port, each with a socket of its own."""
    sockets = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
    listening = [one for one in sockets if one[1].endswith(f":{PORT:04X}") and one[3] == "0A"]
    return len(listening) == 2 and answers()


def is_free() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) != 0


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def children(parent: int) -> list[int]:
    """The processes of Granian that this one began."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found if "granian" in Path(f"/proc/{pid}/cmdline").read_text()]


def web(run: int) -> tuple[int, list[int]]:
    """The web server's process, and those that serve."""
    server = children(run)[0]
    return server, children(server)


def test_readers_are_served_while_a_web_process_is_killed(run: int) -> None:
    server, (one, other) = web(run)
    os.kill(one, signal.SIGKILL)
    assert eventually(lambda: is_gone(one))
    # One that the kernel had for the killed one already may be lost with it.
    assert sum(answers() for _ in range(20)) >= 19
    assert eventually(both_serve, within=60)
    assert (web(run)[0], other in web(run)[1]) == (server, True)


def test_a_web_server_that_is_killed_leaves_no_process_and_is_started_again(run: int) -> None:
    server, serving = web(run)
    os.kill(server, signal.SIGKILL)
    assert eventually(lambda: all(map(is_gone, serving)))
    assert eventually(both_serve, within=60)
