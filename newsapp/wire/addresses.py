"""Which addresses the wire may fetch: web ports of hosts on the public internet."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from urllib.parse import unquote

import httpx

URL_MAX = 2000
PORTS = (80, 443, 8000, 8080, 8443)
# Networks inside an IPv6 address that carries an IPv4 one.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Not the public internet, whatever this Python's tables say: protocol assignments, relays,
# addresses for documentation (RFC 9637).
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_INSIDE = (
    "localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain",
    "arpa", "test", "invalid", "onion",
)  # fmt: skip
# Services that answer any name with the address it spells.
_SPELLED = ("nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me")
# Numbers in disguise: 2130706433, 0x7f.1, 017700000001 and 127.1 are addresses too.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_BARE = re.compile(r"[^:@\\\s]+\.[^:@\\\s]+(?::[0-9]+)?")  # a host that no scheme stands before
_NAME = re.compile(r"[^\W\d_][\w-]*")  # one word, which may be an outlet's name
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]+")  # a name as DNS has it, or IPv6
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")


def check_url(url: str, allowed_hosts: frozenset[str] = frozenset()) -> str:
    """The address of a feed, tidied; ValueError says in a sentence why it can't be one.

    `allowed_hosts` names host:port pairs inside the own network that may be fetched all the same.
    """
    parsed = parsed_url(url.strip())
    if host_and_port(parsed) not in allowed_hosts:
        if port_of(parsed) not in PORTS:
            raise ValueError(f"Only the ports {_listed(PORTS)} of a host are asked.")
        _check_host(parsed.host)
        _check_errands(parsed)
    return str(parsed)


def typed_url(typed: str, allowed_hosts: frozenset[str] = frozenset()) -> str:
    """An address as somebody types it, such as scmp.com: https:// is taken for granted, http:// for
    a host of the own network; ValueError where only a name is typed, such as scmp."""
    typed = typed.strip()
    host = re.split(r"[/?#]", typed, maxsplit=1)[0].lower()
    if _NAME.fullmatch(host) and host not in allowed_hosts:
        raise ValueError(f"{host[:40]} is no address. Give one such as {host[:40]}.com.")
    if allowed_hosts & {host, f"{host}:80"}:
        return f"http://{typed}"
    return f"https://{typed}" if _BARE.fullmatch(host) else typed


def parsed_url(url: str) -> httpx.URL:
    """The parts of an http(s) address, as the client will read them; ValueError if it is none."""
    if not url or len(url) > URL_MAX:
        raise ValueError(f"An address has between 1 and {URL_MAX} characters.")
    if _UNFIT.search(url):
        raise ValueError("The address contains a space, a backslash or a control character.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise ValueError("This is not a valid address.") from None
    if parsed.scheme not in ("http", "https"):
        raise ValueError("The address must begin with https:// or http://.")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise ValueError("The address must not contain a user name or password.")
    host = parsed.raw_host.decode("ascii").rstrip(".")
    if not _HOST.fullmatch(host) or len(str(parsed)) > URL_MAX:
        raise ValueError("This is not a valid address.")
    return parsed.copy_with(host=host, fragment=None)


def port_of(url: httpx.URL) -> int:
    """The port, given or the scheme's own."""
    return url.port or (443 if url.scheme == "https" else 80)


def host_and_port(url: httpx.URL) -> str:
    """The pair as the setting WIRE_ALLOWED_HOSTS writes it: 127.0.0.1:8080."""
    return f"{url.host}:{port_of(url)}"


def turn_of(url: httpx.URL) -> str:
    """The host whose turn a request needs: one for http and https, one for each other port."""
    name, port = url.raw_host.decode("ascii"), port_of(url)
    return name if port in (80, 443) else f"{name}:{port}"


def is_public(address: str) -> bool:
    """Whether an IP address is a global unicast one, also the IPv4 one that an IPv6 one carries."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if any(parsed in network for network in _SPECIAL):
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not parsed.is_multicast
    if inner := _carried(parsed):
        return is_public(str(inner))
    return parsed in _GLOBAL_UNICAST and parsed.is_global


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, by the system's resolver."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _check_host(host: str) -> None:
    inside = ValueError(f"{host[:80]} is not a host of the public internet.")
    name = host.rstrip(".").lower()
    try:
        public = is_public(name)
    except ValueError:
        labels = name.split(".")
        public = (
            len(labels) > 1
            and labels[-1] not in _INSIDE
            and not _NUMBER.fullmatch(labels[-1])
            and not name.endswith(tuple(f".{spelled}" for spelled in _SPELLED))
            and name not in _SPELLED
        )
    if not public:
        raise inside


def _check_errands(url: httpx.URL) -> None:
    """Refuses redirectors that are told to lead inside: https://hop.example/?url=http://localhost."""
    rest = unquote(url.raw_path.decode("ascii", "replace"))
    for target in re.findall(r"\b[a-z]{2,10}:/+([^/?#&\s]+)", unquote(rest), re.IGNORECASE):
        host = target.rpartition("@")[2]
        _check_host(host.strip("[]") if host.count(":") > 1 else host.partition(":")[0])


def _listed(ports: Iterable[int]) -> str:
    *first, last = map(str, ports)
    return f"{', '.join(first)} and {last}"
