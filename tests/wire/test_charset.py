"""Feeds in the encodings of Asia, declared, undeclared and declared wrongly."""

import json
from pathlib import Path

import pytest

from newsapp.wire.charset import decode

TEXTS = {
    "gb18030": "zh", "big5": "zh", "euc_kr": "ko", "tis_620": "th", "windows-1256": "ar",
    "windows-1254": "tr",
}  # fmt: skip
OTHERS = {
    "shift_jis": "ロシアのプーチン大統領は十九日、北朝鮮の平壌を訪問し、金正恩総書記と会談した。",
    "euc_jp": "ロシアのプーチン大統領は十九日、北朝鮮の平壌を訪問し、金正恩総書記と会談した。",
    "windows-1251": "В Астане прошли переговоры о поставках газа, сообщил президент.",
    "koi8_r": "В Астане прошли переговоры о поставках газа, сообщил президент.",
    "windows-1252": "Le Président a reçu à l’Élysée « son homologue » de Corée; déjà vu.",
}


@pytest.fixture(params=[*TEXTS, *OTHERS])
def written(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, str]:
    """An encoding, and news that can be written in it."""
    encoding = request.param
    if encoding in OTHERS:
        return encoding, OTHERS[encoding]
    lines = (shared_data / "i18n/pud_news_parallel.jsonl").read_text("utf-8").splitlines()
    text = " ".join(json.loads(line)[TEXTS[encoding]] for line in lines[:8])
    return encoding, text.encode(encoding, "ignore").decode(encoding)


def feed(text: str, declared: str = "") -> str:
    """A feed with this title, which says that it is encoded so."""
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    return f"{declaration}<rss><channel><title>{text}</title></channel></rss>"


def test_a_declared_encoding_is_read(written: tuple[str, str]) -> None:
    encoding, text = written
    body = feed(text, encoding)
    assert decode(body.encode(encoding)) == body
    assert decode(body.encode(encoding), "text/xml; charset=ISO-8859-1") == body
    assert decode(body.encode(encoding), "text/xml; charset=utf-8") == body


def test_an_encoding_in_the_header_is_read(written: tuple[str, str]) -> None:
    encoding, text = written
    for declared in ("", "utf-8"):
        body = feed(text, declared)
        assert decode(body.encode(encoding), f'text/xml; charset="{encoding}"') == body


def test_an_undeclared_encoding_is_guessed(written: tuple[str, str]) -> None:
    encoding, text = written
    assert decode(feed(text).encode(encoding)) == feed(text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-8-sig"])
def test_unicode_is_told_by_its_bytes(encoding: str) -> None:
    body = feed("北京 Пекин", "iso-8859-1")
    assert decode(body.encode(encoding), "text/xml; charset=gbk").lstrip("\ufeff") == body


def test_utf8_is_utf8_whatever_it_says() -> None:
    body = feed("東京で大雨 – Tōkyō", "iso-8859-1")
    assert decode(body.encode(), "text/xml; charset=windows-1252") == body


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("x-sjis", "cp932"), ("windows-31j", "cp932"), ("X-GBK", "gb18030"), ("gb_2312-80", "gbk"),
        ("ks_c_5601-1987", "cp949"), ("windows-949", "cp949"), ("x-x-big5", "big5"),
        ("windows-874", "cp874"), ("x-cp1251", "cp1251"), ("iso-8859-8-i", "iso8859-8"),
        ("koi8-ru", "koi8_u"),
    ],
)  # fmt: skip
def test_names_are_read_as_browsers_read_them(name: str, encoding: str) -> None:
    words = {"cp932": "東京㈱", "gb18030": "北京", "gbk": "北京", "cp949": "서울똠", "big5": "臺北",
             "cp874": "กรุงเทพ", "iso8859-8": "שלום"}  # fmt: skip
    text = feed(words.get(encoding, "Київ" if encoding == "koi8_u" else "Пекин"), name)
    assert decode(text.encode(encoding)) == text


def test_a_character_cut_in_two_spoils_nothing_else() -> None:
    body = feed("東京で大雨" * 20).encode() + "京".encode()[:2]
    assert decode(body).startswith(feed("東京で大雨" * 20))


@pytest.mark.parametrize("name", ["rot13", "zip", "no-such", "utf-16", "idna", "x" * 40])
def test_a_name_that_is_no_charset_is_ignored(name: str) -> None:
    assert "Élan" in decode(feed("Élan vital").encode("latin-1"), f"text/xml; charset={name}")
