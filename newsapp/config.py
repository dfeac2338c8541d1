"""Every setting: its name, its meaning, its default; read from the environment and checked."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent.parent


class SettingError(SystemExit):
    """A setting has a value that can't be used; the message names it and what is accepted."""


@dataclass(frozen=True)
class Setting:
    """One setting: `parse` turns its text into its value or raises ValueError saying what fits."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any]


def _text(value: str) -> str:
    return value


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def _url(*schemes: str, empty: bool = False) -> Callable[[str], str]:
    def parse(value: str) -> str:
        scheme, separator, rest = value.partition("://")
        if (value or not empty) and not (separator and rest and scheme in schemes):
            raise ValueError(
                "an address that begins with " + " or ".join(f"{s}://" for s in schemes)
            )
        return value.rstrip("/") if scheme.startswith("http") else value

    return parse


def _bucket(value: str) -> str:
    fitting = "an address such as s3://bucket/prefix?region=eu-west-1 or ?endpoint=https://host"
    parts = urlsplit(value)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if value and (
        parts.scheme != "s3"
        or not re.fullmatch(r"[a-z0-9][a-z0-9.-]+", parts.netloc)  # no credentials either
        or not asked
        or asked.keys() - {"endpoint", "region"}
        or not asked.get("endpoint", "https://").startswith(("https://", "http://"))
    ):
        raise ValueError(fitting)
    return value


def _public_url(value: str) -> str:
    url = _url("http", "https")(value)
    if urlsplit(url).path or not urlsplit(url).hostname:
        raise ValueError("an address such as https://asian-news.net, without a path")
    return url


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone name such as Asia/Singapore or UTC") from None


def _mail_server(value: str) -> str:
    url = urlsplit(_url("smtp", "smtp+tls", "smtps", empty=True)(value))
    if value and (not url.hostname or (url.scheme == "smtp" and url.password)):
        raise ValueError(
            "an address such as smtp+tls://name:password@mail.example.org:587 or "
            "smtps://…:465; smtp:// is not encrypted and takes no password"
        )
    return value


_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)*)(?::([0-9]{1,5}))?")


def _hosts_and_ports(value: str) -> frozenset[str]:
    pairs: set[str] = set()
    for word in value.lower().replace(",", " ").split():
        found = _HOST.fullmatch(word)
        if not found or not 0 < int(found[2] or 80) < 65536:
            raise ValueError("hosts such as 10.0.0.5 or news.intranet:8080, separated by commas")
        ports = (found[2],) if found[2] else ("80", "443")
        pairs |= {f"{found[1].strip('[]')}:{int(port)}" for port in ports}
    return frozenset(pairs)


def _one_of(*names: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.upper() not in names:
            raise ValueError("one of " + ", ".join(names))
        return value.upper()

    return parse


SETTINGS = (
    Setting("INSTANCE_FOLDER", str(ROOT / "instance"),
            "where the embedded database, the secret and the pictures live", _text),
    Setting("DATABASE_URL", "",
            "the database; empty: SQLite in the instance folder", _url(
                "sqlite", "postgresql", "postgresql+psycopg", empty=True)),
    Setting("REDIS_URL", "",
            "cache, jobs and limits; empty: in this process", _url(
                "redis", "rediss", "unix", empty=True)),
    Setting("SECRET_KEY", "",
            "signs editors' sessions, 32 characters or more; required with a URL above", _text),
    Setting("PUBLIC_URL", "http://127.0.0.1:8000",
            "the address readers use; the only one that absolute links ever name", _public_url),
    Setting("SMTP_URL", "",
            "the mail server for invitations and new passwords; empty: letters are printed",
            _mail_server),
    Setting("MAIL_FROM", "",
            "who those letters are from; empty: desk@ and the site's name", _text),
    Setting("TWO_STEPS", "NO",
            "whether editors and admins must sign in with more than a password; YES or NO",
            _one_of("YES", "NO")),
    Setting("NEWSROOM_TIMEZONE", "UTC",
            "the newsroom's wall clock: days of the archive and of story addresses", _zone),
    Setting("HOLD_SECONDS", "10",
            "how long a story that is sent out can be called back; breaking news never waits",
            _number(0, 60)),
    Setting("EXCERPT_WORDS", "60",
            "how many words an excerpt may have where no source at the desk says it",
            _number(0, 2000)),
    Setting("POLL_SECONDS", "10",
            "how often an open page asks for news", _number(2, 300)),
    Setting("STALE_LEAD_HOURS", "6",
            "how long the front page's lead may stand before editors are warned", _number(1, 168)),
    Setting("MEDIA_FOLDER", "",
            "where renditions of pictures are kept; empty: media in the instance folder", _text),
    Setting("MEDIA_STORE", "",
            "a bucket for pictures instead of folders, s3://bucket/prefix?endpoint=https://…"
            "&region=…; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY open it", _bucket),
    Setting("DISK_FLOOR_MEGABYTES", "500",
            "what pictures leave free on a disk; below it none is taken in", _number(0, 10**7)),
    Setting("EDGE_MEGABYTES", "64",
            "memory that each web process may fill with finished answers", _number(1, 4096)),
    Setting("HOST", "127.0.0.1",
            "the address of this machine that bin/run listens on", _text),
    Setting("WEB_PROCESSES", "1",
            "web processes of bin/run", _number(1, 64)),
    Setting("WEB_THREADS", "8",
            "threads of each web process; six of eight may wait for what is sent",
            _number(2, 256)),
    Setting("TRUSTED_PROXIES", "0",
            "how many proxies of yours stand in front and set X-Forwarded-For", _number(0, 5)),
    Setting("WIRE_KEEP_DAYS", "90",
            "after how many days an item that no story was made of goes; never to come back as new",
            _number(14, 3650)),
    Setting("WIRE_ALLOWED_HOSTS", "",
            "hosts inside your own network that the wire may fetch from, host:port or a host alone "
            "for its ports 80 and 443, separated by commas", _hosts_and_ports),
    Setting("LOG_LEVEL", "INFO",
            "how much is logged", _one_of("DEBUG", "INFO", "WARNING", "ERROR")),
)  # fmt: skip


def load(environment: Mapping[str, str]) -> dict[str, Any]:
    """Flask's configuration from the environment; SettingError says in a sentence what's wrong."""
    values = {setting.name: _read(setting, environment) for setting in SETTINGS}
    instance = Path(values["INSTANCE_FOLDER"]).resolve()
    embedded = not values["DATABASE_URL"] and not values["REDIS_URL"]
    https = values["PUBLIC_URL"].startswith("https://")
    return {
        **values,
        "INSTANCE_FOLDER": str(instance),
        "MEDIA_FOLDER": values["MEDIA_FOLDER"] or str(instance / "media"),
        "UPLOAD_BYTES": 41 * 1024 * 1024,  # of a form with a picture
        "ORIGINALS_FOLDER": str(instance / "originals"),
        "OEMBED_ENDPOINTS": {},  # of providers of videos, by kind, where not their own
        "BODIES_AT_ONCE": values["WEB_THREADS"] // 2,
        "HOSTS": _hosts(values["PUBLIC_URL"]) if https else (),
        "NEWSROOM_ZONE": values["NEWSROOM_TIMEZONE"],
        "SECRET_KEY": _secret(values["SECRET_KEY"], instance, embedded=embedded),
        "SQLALCHEMY_DATABASE_URI": _database(values["DATABASE_URL"], instance),
        "SQLALCHEMY_ENGINE_OPTIONS": _engine(values["DATABASE_URL"]),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 200,
        # No `__Host-` name: browsers take that only with Path=/, and readers get no cookie.
        "SESSION_COOKIE_NAME": "desk",
        "SESSION_COOKIE_PATH": "/desk",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
    }


def _hosts(public_url: str) -> tuple[str, ...]:
    """The names that a site on the open net answers to: its own, and this machine's for probes."""
    return (urlsplit(public_url).hostname or "", "127.0.0.1", "localhost")


def _read(setting: Setting, environment: Mapping[str, str]) -> Any:
    value = environment.get(setting.name, "").strip() or setting.default
    try:
        return setting.parse(value)
    except ValueError as accepted:
        raise SettingError(
            f"{setting.name} is {_harmless(value)!r}, but must be {accepted} ({setting.meaning})."
        ) from None


def _harmless(value: str) -> str:
    """The value without a password that may stand in an address: this is shown and logged."""
    return re.sub(r"//[^/@]*@", "//…@", value)


def _secret(given: str, instance: Path, *, embedded: bool) -> str:
    if given and len(given) < 32:
        raise SettingError("SECRET_KEY must have 32 characters or more (it signs sessions).")
    if given:
        return given
    if not embedded:
        raise SettingError(
            "SECRET_KEY is missing: with DATABASE_URL or REDIS_URL set it must be given, "
            "32 random characters or more, the same on every host."
        )
    return _own_secret(instance / "secret")


def _own_secret(path: Path) -> str:
    """The embedded mode's own secret, made once; two first starts at a time agree on one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingError(
            f"INSTANCE_FOLDER is {str(path.parent)!r}, but must be a folder that can be written "
            f"({error.strerror})."
        ) from None
    return path.read_text("ascii")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _database(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'asian-news.db'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _engine(url: str) -> dict[str, Any]:
    if url.startswith("postgresql"):
        # A full pool answers within two seconds with an error instead of hanging (R16).
        return {"pool_size": 10, "max_overflow": 10, "pool_timeout": 2, "pool_pre_ping": True,
                "hide_parameters": True, "connect_args": {"connect_timeout": 2}}  # fmt: skip
    # Errors are logged: with neither the keys in feeds' addresses nor what somebody typed.
    return {"hide_parameters": True, "connect_args": {"timeout": 5}}
