"""Secure connections: whose certificate is good, and HTTP/2 where it is offered."""

import contextlib
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newsapp import clock
from newsapp.wire import connection
from newsapp.wire.fetch import FetchError, fetch


class Secure(socketserver.ThreadingTCPServer):
    """Answers over TLS, in HTTP/2 where both sides want it."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, context: ssl.SSLContext, flood: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.context, self.flood = context, flood
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who does not trust this server is no error."""


class _Visit(socketserver.BaseRequestHandler):
    server: Secure

    def handle(self) -> None:
        with self.server.context.wrap_socket(self.request, server_side=True) as secured:
            if secured.selected_alpn_protocol() != "h2":
                secured.recv(65536)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
                return
            speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            speaker.initiate_connection()
            secured.sendall(speaker.data_to_send())
            while data := secured.recv(65536):
                for event in speaker.receive_data(data):
                    if isinstance(event, h2.events.StreamEnded):
                        speaker.send_headers(event.stream_id, [(":status", "200")])
                        secured.sendall(speaker.data_to_send() + self.server.flood)
                        speaker.send_data(event.stream_id, b"<rss/>", end_stream=True)
                secured.sendall(speaker.data_to_send())


def certificate(folder: Path, days: int) -> Path:
    """A self-signed certificate of news.asia that ends so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.asia")]), clock.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.asia")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    path = folder / "news.asia.pem"
    path.write_bytes(
        key.private_bytes(*pem, serialization.NoEncryption()) + made.public_bytes(pem[0])
    )
    return path


@contextlib.contextmanager
def secure(pem: Path, *protocols: str, flood: bytes = b"") -> Iterator[tuple[str, ssl.SSLContext]]:
    """The address of a server with this certificate, and what trusts it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    context.set_alpn_protocols([*protocols])
    with Secure(context, flood) as server:
        yield (
            f"https://news.asia:{server.server_address[1]}/feed",
            ssl.create_default_context(cafile=pem),
        )
        server.shutdown()


def plenty() -> connection.Allowance:
    return connection.Allowance(1_000_000, "sends too much")


@pytest.mark.parametrize(
    ("protocols", "version"), [(("h2", "http/1.1"), "HTTP/2"), (("http/1.1",), "HTTP/1.1")]
)
def test_http2_is_spoken_where_it_is_offered(
    tmp_path: Path, protocols: tuple[str, ...], version: str
) -> None:
    with secure(certificate(tmp_path, days=30), *protocols) as (url, trust):
        client = connection.client(["127.0.0.1"], time.monotonic() + 5, plenty(), trust)
        with client, client.stream("GET", url) as answer:
            assert (answer.http_version, answer.read()) == (version, b"<rss/>")


EMPTY, PING = b"\0\0\0\0\0\0\0\0\1", b"\0\0\x08\6\0\0\0\0\0ping-me!"
WINDOW, SETTING = b"\0\0\4\x08\0\0\0\0\0\0\0\0\1", b"\0\0\6\4\0\0\0\0\0\0\4\0\0\1\0"


@pytest.mark.parametrize(
    "frame", [EMPTY, PING, WINDOW, SETTING], ids=["data", "pings", "windows", "settings"]
)
def test_frames_without_end_that_hold_nothing_are_cut(tmp_path: Path, frame: bytes) -> None:
    pem, allowance = certificate(tmp_path, days=30), connection.Allowance(20_000_000, "more")
    with secure(pem, "h2", flood=frame * 50_000) as (url, trust):
        client = connection.client(["127.0.0.1"], time.monotonic() + 20, allowance, trust)
        with client, pytest.raises(connection.TooMuchError, match="too many pieces"):
            client.get(url)


@pytest.mark.parametrize("frames", [1, 15_000])
def test_frames_are_counted_however_they_are_cut(tmp_path: Path, frames: int) -> None:
    allowance = connection.Allowance(20_000_000, "more")
    with secure(certificate(tmp_path, days=30), "h2", flood=EMPTY * frames) as (url, trust):
        client = connection.client(["127.0.0.1"], time.monotonic() + 20, allowance, trust)
        with client:
            assert client.get(url).content == b"<rss/>"


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    with secure(certificate(tmp_path, days=30), "h2") as (url, _):
        host = frozenset({httpx.URL(url).netloc.decode()})
        with pytest.raises(FetchError, match=r"^news\.asia has no valid certificate\.$"):
            fetch(url, allowed_hosts=host, resolve=lambda *_: ["127.0.0.1"])


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    with secure(certificate(tmp_path, days=-1), "h2") as (url, trust):
        client = connection.client(["127.0.0.1"], time.monotonic() + 5, plenty(), trust)
        with client, pytest.raises(httpx.ConnectError, match="expired"):
            client.get(url)
