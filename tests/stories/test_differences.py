"""What two texts say differently."""

import pytest

from newsapp.stories import clean
from newsapp.stories.differences import MOST_PAIRS, compare, shared


def told(older: str, newer: str) -> str:
    """The comparison on one line: [-gone-], {+new+}, … for what is left out."""
    signs = {"kept": "{}", "gone": "[-{}-]", "new": "{{+{}+}}", "skipped": "…{}"}
    return " / ".join(
        "".join(signs[run.mark].format(run.words) for run in runs)
        for runs in compare(older.split("/"), newer.split("/"))
    )


def test_a_changed_word_is_marked_in_its_sentence() -> None:
    assert told("All 12 aboard were saved.", "All 14 aboard were saved.") == (
        "All [-12-] {+14+} aboard were saved."
    )


def test_signs_of_unspaced_scripts_are_compared_one_by_one() -> None:
    assert told("台北捷運多開一班車", "台北捷運多開兩班車") == "台北捷運多開[-一-]{+兩+}班車"
    assert told("ฝนตกหนัก", "ฝนตกเบา").startswith("ฝนตก")


@pytest.mark.parametrize(
    ("older", "newer", "marked"),
    [
        # A vowel stays with its letter; half a word that both have by chance is no word.
        ("เรือล่มที่เซบู", "เรือจมที่เซบู", "เรือ[-ล่-]{+จ+}มที่เซบู"),
        ("ครมประกาศยุบสภา", "รมตประกาศลาออก", "[-ครม-]{+รมต+}ประกาศ[-ยุบสภา-]{+ลาออก+}"),
        ("日本首相辞职了", "日本外相解职了", "日本[-首相辞-]{+外相解+}职了"),
        ("प्रधानमंत्री दिल्ली पहुंचे", "प्रधानमंत्री मुंबई पहुंचे", "प्रधानमंत्री [-दिल्ली-] {+मुंबई+} पहुंचे"),
        ("မြန်မာနိုင်ငံ", "မြန်မာ", "မြန်မာ[-နိုင်ငံ-]"),
        ("ថ្ងៃនេះនៅកម្ពុជា", "ថ្ងៃនេះនៅថៃ", "ថ្ងៃនេះនៅ[-កម្ពុជា-]{+ថៃ+}"),
    ],
)
def test_nothing_is_parted_that_no_reader_parts(older: str, newer: str, marked: str) -> None:
    assert told(older, newer) == marked


def test_paragraphs_come_and_go_whole() -> None:
    assert told("One.", "One./Two.") == "One. / {+Two.+}"
    assert told("One./Two.", "Two.") == "[-One.-] / Two."


def test_what_is_far_from_a_change_is_counted_only() -> None:
    assert told("a/b/c/d/e", "a/b/c/d/f") == "…3 / d / [-e-] {+f+}"


def test_a_text_written_anew_stands_whole_beside_the_old_one() -> None:
    assert told("Rain in Dhaka", "Seoul votes today again") == (
        "[-Rain in Dhaka-] {+Seoul votes today again+}"
    )


def test_the_same_is_no_difference() -> None:
    assert compare(["One."], ["One."]) == []


def test_texts_too_long_to_compare_by_word_are_shown_whole() -> None:
    older, newer = "word " * MOST_PAIRS, "words"
    assert [run.words for run in compare([older], [newer])[0]] == [older, " ", newer]


def test_a_comparison_marks_words_as_long_as_that_is_cheap() -> None:
    long = " ".join(["rain and wind"] * 100)
    many = MOST_PAIRS // 300**2 + 2
    older, newer = ([f"{long} {n} {word}" for n in range(many)] for word in ("here", "there"))
    compared = compare(older, newer)
    assert [run.words for run in compared[0]][-2:] == ["here", "there"]
    assert [run.words for run in compared[-1]] == [older[-1], " ", newer[-1]]


def test_a_changed_link_is_a_difference() -> None:
    first, second = (
        clean.plain(f'<p>See <a href="https://a.example/{n}">this &amp; that</a>.</p><p>End</p>')
        for n in (1, 2)
    )
    assert first == ["See this & that (https://a.example/1).", "End"]
    assert compare(first, second)


def test_two_texts_are_marked_where_they_speak_of_the_same() -> None:
    left, _ = shared("首相访问东京 12 人", "更正：东京有 12 人", lambda _: True)
    assert [run.words for run in left if run.mark == "shared"] == ["东京 12"]
