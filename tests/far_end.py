"""The network's far end: a real server on loopback that answers as it is told, also badly."""

import socketserver
import threading
from collections.abc import Callable, Iterable
from typing import Any

Answer = Callable[[], Iterable[bytes]]


class FarEnd(socketserver.ThreadingTCPServer):
    """Serves raw answers by path and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), _Visit)
        self.answers: dict[str, Answer] = {}
        self.asked: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def host(self) -> str:
        """host:port, as WIRE_ALLOWED_HOSTS writes it."""
        return f"{self.server_address[0]!s}:{self.server_address[1]}"

    def url(self, path: str = "/feed") -> str:
        """The address of a path here."""
        return f"http://{self.host}{path}"

    def serve(
        self, body: bytes = b"", path: str = "/feed", status: str = "200 OK", **headers: str
    ) -> str:
        """Answers a path with this from now on; its address."""
        headers = {"Content_Length": str(len(body)), "Connection": "close", **headers}
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")
        return self.stream(lambda: (head, body), path)

    def stream(self, answer: Answer, path: str = "/feed") -> str:
        """Answers a path with these bytes, head and all, as they come; its address."""
        self.answers[path] = answer
        return self.url(path)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up is no error."""


class _Visit(socketserver.StreamRequestHandler):
    server: FarEnd

    def handle(self) -> None:
        path = self.rfile.readline().split()[1].decode()
        asked = {"path": path}
        while (line := self.rfile.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(": ")
            asked[name.lower()] = value
        self.server.asked.append(asked)
        for part in self.server.answers[path]():
            self.wfile.write(part)
            self.wfile.flush()
