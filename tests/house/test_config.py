"""Settings: documented, checked at start, refused in one sentence."""

import stat
from pathlib import Path

import pytest

from newsapp import config
from newsapp.config import SETTINGS, SettingError
from newsapp.wire.addresses import check_url

GOOD = {
    "SECRET_KEY": "thirty-two characters or more of secret",
    "DATABASE_URL": "postgresql://news@db/news",
    "REDIS_URL": "redis://cache:6379/0",
}


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("DATABASE_URL", "mysql://news@db/news", "postgresql://"),
        ("DATABASE_URL", "news.db", "sqlite://"),
        ("REDIS_URL", "http://cache", "redis://"),
        ("PUBLIC_URL", "asian-news.net", "https://"),
        ("PUBLIC_URL", "ftp://asian-news.net", "https://"),
        ("PUBLIC_URL", "https://asian-news.net/en", "without a path"),
        ("NEWSROOM_TIMEZONE", "Asia/Atlantis", "Asia/Singapore"),
        ("NEWSROOM_TIMEZONE", "../../etc/passwd", "Asia/Singapore"),
        ("POLL_SECONDS", "soon", "2 to 300"),
        ("POLL_SECONDS", "1", "2 to 300"),
        ("POLL_SECONDS", "1e3", "2 to 300"),
        ("EDGE_MEGABYTES", "-1", "1 to 4096"),
        ("TRUSTED_PROXIES", "all", "0 to 5"),
        ("LOG_LEVEL", "LOUD", "WARNING"),
        (
            "WIRE_ALLOWED_HOSTS",
            "http://news.intranet:8080",
            "news.intranet:8080, separated by comma",
        ),
        ("WIRE_ALLOWED_HOSTS", "10.0.0.5:8080, news.intranet:0", "10.0.0.5 or news.intranet:8080"),
        ("SECRET_KEY", "short", "32 characters"),
    ],
)
def test_a_bad_value_stops_with_a_sentence_that_names_it(
    name: str, value: str, accepted: str
) -> None:
    with pytest.raises(SettingError) as stopped:
        config.load({**GOOD, name: value})
    sentence = str(stopped.value)
    assert sentence.startswith(name)
    assert accepted in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_production_needs_its_secret(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="SECRET_KEY is missing"):
        config.load({"INSTANCE_FOLDER": str(tmp_path), name: GOOD[name]})
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_site_makes_its_own_secret_once(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = config.load({"INSTANCE_FOLDER": str(folder)})["SECRET_KEY"]
    assert len(first) >= 32
    assert config.load({"INSTANCE_FOLDER": str(folder)})["SECRET_KEY"] == first
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    settings = {setting.name: "" for setting in SETTINGS} | {"INSTANCE_FOLDER": str(tmp_path)}
    assert config.load(settings)["POLL_SECONDS"] == 10


@pytest.mark.parametrize(
    ("written", "urls"),
    [
        ("10.0.0.5", ["http://10.0.0.5/feed", "https://10.0.0.5/feed"]),
        ("News.Intranet:8090, [::1]:81", ["http://news.intranet:8090/", "https://[::1]:81/feed"]),
        ("127.0.0.1:9 127.0.0.2:9", ["http://127.0.0.1:9/", "http://127.0.0.2:9/"]),
    ],
)
def test_hosts_of_the_own_network_are_named_with_or_without_a_port(
    written: str, urls: list[str]
) -> None:
    allowed = config.load({**GOOD, "WIRE_ALLOWED_HOSTS": written})["WIRE_ALLOWED_HOSTS"]
    assert [check_url(url, allowed) for url in urls] == urls


def test_every_setting_tells_what_it_is_for() -> None:
    assert all(setting.meaning for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_https_makes_the_desks_cookie_secure() -> None:
    assert config.load({**GOOD, "PUBLIC_URL": "https://asian-news.net"})["SESSION_COOKIE_SECURE"]
    assert config.load(GOOD)["SESSION_COOKIE_PATH"] == "/desk"


def test_a_site_on_the_open_net_knows_its_name() -> None:
    assert (
        "asian-news.net" in config.load({**GOOD, "PUBLIC_URL": "https://asian-news.net"})["HOSTS"]
    )
    assert not config.load(GOOD)["HOSTS"]
