"""The edge: an HTTP cache that does what the headers say, before a tiny application."""

import gzip
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from newsapp.edge import Edge
from tests.patience import eventually

Later = Callable[[float], None]
CAPACITY = 200_000


class Application:
    """Answers with what it is told; counts what reaches it."""

    def __init__(self) -> None:
        self.control = "public, max-age=0, s-maxage=2, stale-while-revalidate=10"
        self.body = "Ferry sinks off Cebu. " * 100
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = []
        self.reached: list[dict[str, Any]] = []
        self.open = threading.Event()
        self.open.set()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.reached.append(environ)
        self.open.wait(5)
        if self.status == "raise":
            raise RuntimeError("a fault")
        etag = f'"{abs(hash(self.body))}"'
        own = [("Content-Type", "text/html; charset=utf-8"), ("ETag", etag)]
        start_response(self.status, [("Cache-Control", self.control), *own, *self.headers])
        return [self.body.encode()]


@pytest.fixture
def behind() -> Application:
    """What stands behind the edge."""
    return Application()


@pytest.fixture
def edge(behind: Application) -> Edge:
    return Edge(behind, capacity=CAPACITY, arguments=lambda path: ("before", "after"),
                private="/desk")  # fmt: skip


@pytest.fixture
def reader(edge: Edge) -> Client:
    return Client(edge, use_cookies=False)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets seconds pass: `later(3)`."""
    real, passed = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + passed[0])
    return lambda seconds: passed.append(passed.pop() + seconds)


def changed(behind: Application, reader: Client) -> bool:
    """Whether readers get what the application says now."""
    return reader.get("/").text == behind.body


def test_a_fresh_answer_comes_from_memory(reader: Client, behind: Application) -> None:
    first, second = reader.get("/"), reader.get("/")
    assert first.data == second.data
    assert len(behind.reached) == 1


def test_a_stale_answer_is_given_while_one_request_fetches_anew(
    reader: Client, behind: Application, later: Later
) -> None:
    old = reader.get("/").text
    behind.body = "All aboard were saved. " * 100
    behind.open.clear()
    later(3)
    assert [reader.get("/").text for _ in range(5)] == [old] * 5
    behind.open.set()
    assert eventually(lambda: changed(behind, reader))
    assert len(behind.reached) == 2


def test_beyond_its_staleness_an_answer_is_never_given(
    reader: Client, behind: Application, later: Later
) -> None:
    reader.get("/")
    behind.body = "All aboard were saved. " * 100
    later(12.5)
    assert changed(behind, reader)


def test_simultaneous_misses_cost_one_fetch(reader: Client, behind: Application) -> None:
    behind.open.clear()
    with ThreadPoolExecutor(8) as readers:
        answers = [readers.submit(reader.get, "/") for _ in range(8)]
        assert eventually(lambda: len(behind.reached) == 1)
        behind.open.set()
        assert {answer.result().text for answer in answers} == {behind.body}
    assert len(behind.reached) == 1


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Unavailable", "raise"])
def test_a_failing_application_is_hidden_for_as_long_as_allowed(
    reader: Client, behind: Application, later: Later, status: str
) -> None:
    behind.control = "public, s-maxage=2, stale-if-error=3600"
    good = reader.get("/").text
    behind.status = status
    later(600)
    hidden = reader.get("/")
    assert (hidden.status_code, hidden.text) == (200, good)
    assert int(hidden.headers["Age"]) >= 600


def test_a_failure_is_told_when_nothing_may_hide_it(reader: Client, behind: Application) -> None:
    behind.status = "500 Internal Server Error"
    assert reader.get("/").status_code == 500
    behind.status = "200 OK"
    assert reader.get("/").status_code == 200


def test_a_known_etag_gets_304_without_a_body(reader: Client, behind: Application) -> None:
    etag = reader.get("/").headers["ETag"]
    answer = reader.get("/", headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.data) == (304, b"")
    assert "Content-Length" not in answer.headers
    assert answer.headers["Cache-Control"] == behind.control


def test_gzip_is_given_to_those_who_take_it(reader: Client, behind: Application) -> None:
    zipped = reader.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(zipped.data).decode() == behind.body
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Vary"] == "Accept-Encoding"
    assert zipped.headers["ETag"] != reader.get("/").headers["ETag"]
    refused = reader.get("/", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert refused.text == behind.body
    assert len(behind.reached) == 1


def test_head_is_get_without_the_body(reader: Client) -> None:
    answer = reader.head("/")
    assert answer.data == b""
    assert answer.headers["Content-Length"] == reader.get("/").headers["Content-Length"]


@pytest.mark.parametrize("options", [
    {"method": "POST"},
    {"headers": {"Cookie": "desk=x"}},
    {"headers": {"Authorization": "Bearer x"}},
    {"path": "/desk/stories"},
])  # fmt: skip
def test_what_is_not_a_strangers_reading_goes_through(
    reader: Client, behind: Application, options: dict[str, Any]
) -> None:
    for _ in range(2):
        reader.open(**{"path": "/", **options})
    assert len(behind.reached) == 2


@pytest.mark.parametrize(("control", "headers", "status"), [
    ("no-store", [], "200 OK"),
    ("private, max-age=60", [], "200 OK"),
    ("public, max-age=0", [], "200 OK"),
    ("public, s-maxage=2", [("Set-Cookie", "who=1")], "200 OK"),
    ("public, s-maxage=2", [], "404 Not Found"),
    ("public, s-maxage=2", [], "302 Found"),
])  # fmt: skip
def test_what_may_not_be_kept_is_not(
    reader: Client, behind: Application, control: str, headers: list[tuple[str, str]], status: str
) -> None:
    behind.control, behind.headers, behind.status = control, headers, status
    for _ in range(2):
        assert reader.get("/").text == behind.body
    assert len(behind.reached) == 2


def test_undeclared_arguments_are_cut_before_anyone_sees_them(
    reader: Client, behind: Application
) -> None:
    for url in ("/?utm_source=x&before=1&after=2", "/?after=2&before=1", "/?before=1&after=2&x=y"):
        reader.get(url)
    assert [environ["QUERY_STRING"] for environ in behind.reached] == ["before=1&after=2"]


def test_a_value_does_not_break_out_of_its_argument(reader: Client, behind: Application) -> None:
    reader.get("/?before=1%26after%3D2")
    reader.get("/?before=1&after=2")
    assert len(behind.reached) == 2


def test_memory_is_bounded_and_what_is_asked_for_stays(
    reader: Client, behind: Application, edge: Edge, later: Later
) -> None:
    for number in range(200):
        reader.get(f"/?before={number}")
    assert 0 < edge.size <= CAPACITY
    reader.get("/?before=199")
    assert len(behind.reached) == 200


def test_a_too_large_answer_passes_through(reader: Client, behind: Application) -> None:
    behind.body = "x" * (1024 * 1024 + 1)
    for _ in range(2):
        answer: TestResponse = reader.get("/")
        assert len(answer.data) == len(behind.body)
    assert len(behind.reached) == 2


def test_another_hosts_name_is_refused_where_hosts_are_given(behind: Application) -> None:
    named = Client(Edge(behind, capacity=CAPACITY, arguments=lambda path: (), private="/desk",
                        hosts=["asian-news.net"]), use_cookies=False)  # fmt: skip
    for host, status in (("asian-news.net", 200), ("asian-news.net:8000", 200),
                         ("evil.example", 400), ("asian-news.net.evil.example", 400)):  # fmt: skip
        assert named.get("/", headers={"Host": host}).status_code == status
        assert named.get("/desk/x", headers={"Host": host}).status_code == status


def test_who_names_two_hosts_is_refused(behind: Application) -> None:
    site = Client(Edge(behind, capacity=CAPACITY, arguments=lambda path: (), private="/desk"))
    assert site.get("/", headers={"Host": "asian-news.net,evil.example"}).status_code == 400
