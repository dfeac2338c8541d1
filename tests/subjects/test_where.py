"""Which countries a text is about."""

import threading
import tomllib
from pathlib import Path

import pytest

from bench.where import EVENTS, PLACES, codes, held_out, read, rows, score
from newsapp.subjects import gazetteer
from newsapp.subjects.where import MOST, countries, named

LANGUAGES = {"en", "zh", "ja", "ko", "hi", "id", "th", "vi", "ar", "ru"}


def told(headline: str, text: str = "", language: str | None = None) -> str:
    return " ".join(sorted(match.code for match in countries(headline, text, language)))


@pytest.mark.parametrize(
    ("headline", "codes"),
    [
        ("Turkey and Jordan sign pact", "JO TR"),
        ("INDIA WINS THE CUP", "IN"),
        ("Seoul says North Korea’s test failed", "KP KR"),
        ("Korea to cut rates", "KR"),
        ("U.A.E. and N. Korea", "AE KP"),
        ("Chinese Taipei beat Hong Kong", "HK TW"),
        ("Georgian Dream claims victory in Tbilisi", "GE"),
        ("Blue House denies report", "KR"),
        ("Violence in Papua, says Jakarta", "ID"),
        ("Inner Mongolia mine collapses", "CN"),
        ("Blast in Mazar-i-Sharif", "AF"),
        ("中国外交部:朝鲜", "CN KP"),
        ("印尼與馬來西亞", "ID MY"),
        ("日中首脳会談、北京で", "CN JP"),
        ("タイでクーデター", "TH"),
        ("이란 대통령, 중국을 방문", "CN IR"),
        ("भारतीय सेना और चीन", "CN IN"),
        ("Menlu RI temui Presiden Jepang", "ID JP"),
        ("จีนและอินเดีย", "CN IN"),
        ("Nhật Bản và Ấn Độ", "IN JP"),
        ("وزير الخارجية الإيراني يزور بغداد وللصين", "CN IQ IR"),
        ("Президент Ирана прибыл в Пекин", "CN IR"),
    ],
)
def test_a_country_is_told_by_name_people_place_and_office(headline: str, codes: str) -> None:
    assert told(headline) == codes


@pytest.mark.parametrize(
    "headline",
    [
        "How to roast a turkey for Thanksgiving",
        "Turkey Prices Soar Before Thanksgiving",
        "Michael Jordan sells his house",
        "Georgia: Atlanta police arrest two",
        "Quake in Indian Ocean",
        "Indiana governor signs bill",
        "Papua New Guinea votes",
        "Nigeria and Niger close border",
        "Her fine china",
        "South China Morning Post wins prize",
        "Fire in East Palestine, Ohio",
        "インド洋で地震",
        "シリアルとタイトル",
        "ジョージア州で竜巻",
        "29日朝、震度5",
        "ソウル・ミュージックの帝王",
        "인도적 지원",
        "มหาสมุทรอินเดีย",
        "Động đất ở Ấn Độ Dương",
        "زلزال في المحيط الهندي",
        "Землетрясение в Индийском океане",
        "今日本报讯",
        "喬治亞州選舉",
    ],
)
def test_what_only_looks_like_a_country_is_none(headline: str) -> None:
    assert told(headline) == ""


def test_a_hint_counts_only_beside_a_firm_word() -> None:
    assert told("Floods in Punjab") == ""
    assert told("Floods in Punjab, says Islamabad") == "PK"


def test_the_headline_and_the_dateline_weigh_more_than_a_late_mention() -> None:
    first, second, *_ = named("Seoul lowers rates", "KABUL, Nov 25 (AP) — " + "x " * 3000 + "Nepal")
    assert (first.code, second.code) == ("AF", "KR")
    assert told("Seoul lowers rates", "x " * 3000 + "Nepal") == "KR"


def test_the_words_found_say_why() -> None:
    (match,) = countries("Tokyo court rules", "Japan’s top court on Friday … Tokyo … Japanese law")
    assert match.evidence == ("Tokyo", "Japan", "Japanese")


def test_language_tells_chinese_from_japanese() -> None:
    assert told("河内方面", language="zh-Hans") == "VN"
    assert told("河内方面", language="ja") == ""


def test_every_section_has_names_in_every_language() -> None:
    files = {file.stem: file.read_text("utf-8") for file in gazetteer.FOLDER.glob("*.toml")}
    assert set(files) == LANGUAGES
    for language in LANGUAGES - {"id", "vi"}:  # these say many as English does
        assert set(tomllib.loads(files[language])["names"]) == codes(), language


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_name_in_the_files_is_found(language: str) -> None:
    file = gazetteer.FOLDER / f"{language}.toml"
    tables = tomllib.loads(file.read_text("utf-8"))
    assert set(tables) <= {*gazetteer.KINDS, "none", "unless"}
    lost = [
        (kind, code, phrase)
        for kind in gazetteer.KINDS[:-1]
        for code, phrases in tables.get(kind, {}).items()
        for phrase in phrases
        if code not in told(phrase.replace("*", ""), language=language)
    ]
    assert lost == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_only_sections_are_told(language: str) -> None:
    tables = tomllib.loads((gazetteer.FOLDER / f"{language}.toml").read_text("utf-8"))
    assert {code for kind in gazetteer.KINDS for code in tables.get(kind, {})} <= codes()


HOSTILE = [
    "a", "中", "タ", "中国", "South ", "South Korea ", "People's Republic of ", "ال", "للصين ",
    "\u064b", "\x00", "\ud800", " ", "(", "【", "A ", "A.", "—", "ﷺ", "के ", "Саудовск ", "e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_no_text_is_too_much(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert countries(text, text) == countries(text, text)


def test_only_so_much_of_a_text_is_read() -> None:
    assert named("", " " * MOST + "Japan") == ()


def test_threads_share_one_gazetteer() -> None:
    gazetteer.gazetteer.cache_clear()
    heard: list[str] = []
    threads = [threading.Thread(target=lambda: heard.append(told("Tokyo"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == ["JP"] * 8


def test_real_items_are_told_as_by_a_reader(shared_data: Path) -> None:
    marked = score(read(shared_data))
    assert marked.precision >= 0.95
    assert marked.recall >= 0.95


def test_no_linked_country_is_missed(shared_data: Path) -> None:
    linked = score([item for item in rows(shared_data, EVENTS) if held_out(item)])
    assert linked.recall >= 0.97


def test_real_articles_are_told_by_their_marked_places(shared_data: Path) -> None:
    places = score(rows(shared_data, PLACES))
    assert places.precision >= 0.90
    assert places.recall >= 0.80
