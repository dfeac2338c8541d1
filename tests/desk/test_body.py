"""The body of a story: what is left of what comes in."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newsapp.stories.clean import TAGS, body

PLAIN = ("http://", "https://", "mailto:", "/", "#")


class Found(HTMLParser):
    """The elements and attributes of some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name == "href"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<div>One<br><br>Two</div>", "<p>One</p><p>Two</p>"),
        ("<div><strong>a<br><br>b</strong></div>",
         "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<h1>Cross</h1><p><b>bold</b> <i>it</i></p>",
         "<h2>Cross</h2><p><strong>bold</strong> <em>it</em></p>"),
        ("Plain\n\ntext & <more", "<p>Plain</p>\n<p>text &amp;</p>"),
        ("<p>a</p><p><br></p><p>&nbsp;</p>", "<p>a</p>"),
        ("<div>ab&nbsp;<strong>cd</strong>&nbsp;ef 5&nbsp;km</div>",
         "<p>ab <strong>cd</strong> ef 5&nbsp;km</p>"),
        ("<p>H<sub>2</sub>O <img src=x onerror=y> m<sup>2</sup></p>",
         "<p>H<sub>2</sub>O  m<sup>2</sup></p>"),
        ('<p style="position:fixed" hx-get="/x">a</p>', "<p>a</p>"),
        ('<p><a href="https://x.example/?a=1&b=2" title="t">x</a></p>',
         '<p><a rel="nofollow noopener" href="https://x.example/?a=1&amp;b=2" title="t">x</a></p>'),
        ('<p><a href="/japan">ours</a></p>', '<p><a href="/japan">ours</a></p>'),
        ('<p><a href=" java\tscript:alert(1)">x</a></p>', "<p>x</p>"),
        ("<svg><text>a</text></svg><math></math><style>p{}</style><iframe>b</iframe>", ""),
        ("", ""),
        # Pictures, by their numbers; nothing else of a figure, and none inside another element.
        ('<p>a</p><figure data-photos="12 15"></figure><p>b</p>',
         '<p>a</p><figure data-photos="12 15"></figure><p>b</p>'),
        ('<ul><li>a <b>x<figure data-photos="12" onclick="x"><img src=y>z</figure>y</b></li></ul>',
         '<ul><li>a <strong>x</strong></li></ul><figure data-photos="12"></figure>'
         '<ul><li><strong>y</strong></li></ul>'),
        ('Plain\n<figure data-photos="7"></figure>\n\ntext',
         '<p>Plain</p><figure data-photos="7"></figure>\n<p>text</p>'),
        ('<figure data-photos="0 7 7 99999999999"></figure>', '<figure data-photos="7"></figure>'),
        ('<figure data-photos="1;2">a</figure><figure><img src=x onerror=y></figure>', ""),
        ("<p>a \ue00012\ue001</p>", "<p>a 12</p>"),
        ('<p title="x">a</p>', "<p>a</p>"),
    ],
)  # fmt: skip
def test_what_is_kept(typed: str, kept: str) -> None:
    assert body(typed) == kept


# Each took minutes, or grew with every save.
HEAVY = {
    "spaces": "x" + " " * 300_000 + "y",
    "spaces in a paragraph": "<p>x" + " " * 300_000 + "y</p>",
    "wide spaces": "<p>x" + "\u3000" * 300_000 + "y</p>",
    "breaks": "<p>x" + "<br> " * 50_000 + "y</p>",
    "empty in each other": "<em>" * 20_000 + "</em>" * 20_000,
    "quotes in each other": "<blockquote>" * 20_000,
    "lists in each other": "<ul><li>" * 20_000,
    "marks across paragraphs": "<b><i>" * 10_000 + "<p>" * 10_000,
    "ampersands": "&" * 300_000,
    "unclosed": "<" * 300_000,
    "pictures deep inside": "<blockquote>" * 900 + 'x<figure data-photos="1"></figure>' * 5_000,
    "pictures in each other": '<figure data-photos="1">' * 15_000,
}


@pytest.mark.parametrize("typed", HEAVY.values(), ids=HEAVY)
def test_heavy_markup_is_cleaned_like_any_other(typed: str) -> None:
    kept = body(typed)
    assert body(kept) == kept


def test_what_is_left_empty_goes_with_what_it_emptied() -> None:
    assert body("<p>a</p><ul><li><b> </b></li><li></li></ul><p><i><br></i></p>") == "<p>a</p>"
    assert body("<ul><li></li><li>b <em></em></li></ul>") == "<ul><li>b</li></ul>"


def test_attacks_die_and_cleaning_again_changes_nothing(shared_data: Path) -> None:
    lines = (shared_data / "security" / "xss_payloads.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        kept = body(json.loads(line)["payload"])
        found = Found(kept)
        assert body(kept) == kept
        assert found.tags <= TAGS
        assert found.attributes <= {"href", "title", "rel"}
        assert all(link.lower().startswith(PLAIN) for link in found.links), kept
