"""What the documents say is so."""

import re

import pytest
from flask import Flask

from newsapp.config import ROOT, SETTINGS
from tests.guards.test_layers import PACKAGE

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "bench/README.md")


def words(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_readme_lists_every_setting_with_its_meaning() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \| [^|]+ \| ([^|]+) \|$", words("README.md"), re.M)
    assert table == [(setting.name, setting.meaning) for setting in SETTINGS]


def test_the_commands_that_the_readme_names_exist(app: Flask) -> None:
    for group, command in re.findall(r"flask (accounts|wire|demo) ([a-z]+)", words("README.md")):
        assert command in app.cli.commands[group].commands, command  # type: ignore[attr-defined]  # groups


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name: str) -> None:
    folders = "bin|deploy|bench|newsapp|tests|static|templates|migrations"
    for path in re.findall(rf"`((?:{folders})/[\w./-]*)`", words(name)):
        assert (ROOT / path).exists(), f"{name}: {path}"
    for path in re.findall(r"\]\(([^):#]+)\)", words(name)):
        assert ((ROOT / name).parent / path).exists(), f"{name}: {path}"


def test_the_architecture_has_a_line_for_every_room_and_module() -> None:
    text = words("ARCHITECTURE.md")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    modules = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py"}
    assert [name for name in rooms if f"{name}/" not in text] == []
    assert [name for name in modules if name not in text] == []


@pytest.mark.parametrize(("name", "most"), [("ARCHITECTURE.md", 140), ("CONTRIBUTING.md", 120)])
def test_a_document_stays_short_enough_to_be_read(name: str, most: int) -> None:
    assert len(words(name).splitlines()) <= most
