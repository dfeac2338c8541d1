"""Every template compiles, is reachable, and holds no script or style of its own."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

TEMPLATES = Path(__file__).parents[2] / "templates"
PACKAGE = TEMPLATES.parent / "newsapp"
FILES = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
NAMES = [str(path.relative_to(TEMPLATES)) for path in FILES]


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


def test_every_template_is_reachable_from_the_code(app: Flask) -> None:
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    reached: set[str] = set()
    waiting = [name for name in NAMES if f'"{name}"' in code]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        source = (TEMPLATES / name).read_text("utf-8")
        named = meta.find_referenced_templates(app.jinja_env.parse(source))
        waiting += [other for other in named if other and other not in reached]
    assert set(NAMES) - reached == set()


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_inline_script_or_style(name: str) -> None:
    source = (TEMPLATES / name).read_text("utf-8")
    scripts = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/ld\+json)[^>]*>", source)
    assert scripts == []
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-on|hx-vals=.js:",
                         source)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_it_imports_it_uses(name: str) -> None:
    source = (TEMPLATES / name).read_text("utf-8")
    for names in re.findall(r"{% from [^%]+ import ([^%]+?) %}", source):
        for imported in names.split(","):
            used = imported.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{used}\(", source)) >= 1, f"{name}: {used}"
