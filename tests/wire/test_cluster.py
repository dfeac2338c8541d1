"""Which items speak of the same event, without any store."""

import time
from pathlib import Path

import pytest

from bench import cluster as bench
from newsapp.wire.cluster import Choice, Memory, read


def filed(*items: tuple[str, ...]) -> list[int]:
    """The gists of items (headline, text, url, author) that come one after another."""
    shelf = Memory()
    return [shelf.file(read(*item))[0] for item in items]


def last(*items: tuple[str, ...]) -> Choice | None:
    """Why the last of these items belongs to what came before."""
    shelf = Memory()
    return [shelf.file(read(*item))[1] for item in items][-1]


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        (
            "Quake of magnitude 7.1 hits Hualien in Taiwan",
            "Taiwan: strong 7.1 earthquake shakes Hualien",
            "Taiwan votes for a new president in January",
        ),
        (
            "台湾花莲发生7.1级强烈地震",
            "花莲强烈地震已致台湾多人受伤",
            "日本央行宣布维持利率不变",
        ),
        (
            "台湾・花蓮で震度6強の地震、津波警報を発表",
            "花蓮の地震で津波警報、沖縄にも避難指示",
            "プーチン大統領が訪朝、金正恩総書記と会談",
        ),
        (
            "대만 화롄 강진으로 건물 붕괴",
            "화롄 강진, 건물 붕괴로 수십 명 갇혀",
            "윤석열 대통령 일본 방문해 정상회담",
        ),
        (
            "แผ่นดินไหวรุนแรงเขย่าฮวาเหลียน ไต้หวัน",
            "ไต้หวันแผ่นดินไหว ฮวาเหลียนตึกถล่ม",
            "นายกรัฐมนตรีเยือนกรุงโตเกียวเจรจาการค้า",
        ),
        (
            "Gempa kuat guncang Hualien, Taiwan, gedung runtuh",
            "Gedung runtuh akibat gempa Hualien di Taiwan",
            "Prabowo bertemu Xi Jinping di Beijing",
        ),
        (
            "Động đất mạnh tại Hoa Liên, Đài Loan làm sập nhiều tòa nhà",
            "Đài Loan: nhiều tòa nhà sập vì động đất ở Hoa Liên",
            "Thủ tướng Phạm Minh Chính thăm Nhật Bản",
        ),
        (
            "ताइवान के हुआलिएन में तेज भूकंप, इमारतें गिरीं",
            "हुआलिएन भूकंप: ताइवान में इमारतें गिरीं",
            "प्रधानमंत्री मोदी जापान दौरे पर रवाना",
        ),
        (
            "زلزال قوي يضرب هوالين في تايوان وانهيار مبان",
            "تايوان: انهيار مبان في هوالين بعد الزلزال القوي",
            "الرئيس الصيني يزور موسكو",
        ),
        (
            "Сильное землетрясение на Тайване разрушило здания в Хуаляне",
            "В Хуаляне на Тайване рухнули здания после землетрясения",
            "Путин прибыл с визитом в Пхеньян",
        ),
    ],
    ids=["en", "zh", "ja", "ko", "th", "id", "vi", "hi", "ar", "ru"],
)
def test_an_event_is_one_in_each_script(first: str, same: str, other: str) -> None:
    assert filed((first,), (other,), (same,)) == [0, 1, 0]


def test_the_same_link_is_the_same_event_in_any_language() -> None:
    url = "https://www.nhk.example/news/20240403/k1001"
    choice = last(("Quake in Hualien", "", url), ("花蓮で地震", "", url + "/"))
    assert choice and choice.why == "link"


def test_a_front_page_s_address_says_nothing() -> None:
    assert filed(("Quake in Hualien", "", "https://a.example/"),
                 ("Prabowo in Beijing", "", "https://a.example/")) == [0, 1]  # fmt: skip


def test_an_agency_s_headline_is_known_again_in_another_paper() -> None:
    choice = last(
        ("Toyota recalls a million cars over faulty airbags", "TOKYO, April 3 (Reuters) - Toyota"),
        ("Toyota recalls million cars over airbags", "Buyers of older models … Source: Reuters"),
    )
    assert choice and (choice.why, choice.words[0]) == ("agency", "Toyota")


def test_it_is_told_why_items_are_together_in_their_own_words() -> None:
    choice = last(
        ("習近平主席とプーチン大統領が北京で会談",), ("北京で習近平主席がプーチン氏と会談",)
    )
    assert choice and {"習近平主席", "プーチン"} <= set(choice.words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Citizens of South Korea vote for a president", "South Korea opens a kimchi museum"),
        ("AI writes a film in Tokyo", "AI finds a new medicine"),
        (
            "Bank of Japan holds rates, Prime Minister Takaichi is pleased",
            "Takaichi will be reappointed as Japan's prime minister",
        ),
        ("China's president warns America", "China's government buys America's soya"),
        ("韩国总统访问美国", "韩国政府批准新的经济计划"),
        ("日本の首相が米国を訪問", "日本の経済、米国の関税で打撃"),
        ("한국 대통령 미국 방문", "한국 정부 새 경제 정책 발표"),
        ("भारत के प्रधानमंत्री अमेरिका दौरे पर", "भारत सरकार ने चुनाव की तारीख घोषित की"),
    ],
    ids=["place", "word", "leader", "powers", "zh", "ja", "ko", "hi"],
)
def test_a_country_its_leader_or_a_word_of_the_day_is_no_event(one: str, other: str) -> None:
    assert filed((one,), (other,)) == [0, 1]


def test_looking_alike_is_not_being_the_same() -> None:
    """Two stars in the same clinic."""
    assert filed(
        ("Tara Reid enters rehab at Promises", "The American Pie star checked in, People says."),
        ("Lindsay Lohan enters rehab at Betty Ford", "A Newport Beach judge had ordered it."),
        ("Reid in rehab, her spokesman tells People", "The star of American Pie is at Promises."),
        ("Lohan moves to Betty Ford", "The judge agrees, Newport Beach is out."),
    ) == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "text",
    ["", "\0", "\ud800", "中" * 100_000, "a" * 100_000, "a " * 50_000, "ア" * 100_000,
     "ที่" * 30_000, "1,2." * 25_000, "ﷺ" * 100_000, "a." * 50_000, "'" * 100_000, "Ê\u0323" * 50_000,
     "(ap" * 30_000],
    ids=range(14),
)  # fmt: skip
def test_no_text_takes_a_second(text: str) -> None:
    shelf, start = Memory(), time.perf_counter()
    for _ in range(3):
        shelf.file(read(text, text, text, text))
    assert time.perf_counter() - start < 1


def test_marked_events_are_told_apart(shared_data: Path) -> None:
    """A part of what bench/cluster measures; it knows of no event how many there are."""
    score = bench.score(bench.marked(shared_data, "held out")[:150])
    assert score.f1 > 0.85
    assert min(score.precision, score.recall) > 0.8
