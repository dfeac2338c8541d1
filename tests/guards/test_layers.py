"""Who may import whom (DESIGN, section 3): read from the imports, never run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "newsapp"
ROOMS = ("accounts", "media", "stories", "front", "live", "wire", "origins")
# Modules by name, else by their file's name in a room: their layer, lowest first.
LAYERS = {
    "extensions": 1, "config": 1, "clock": 1, "formats": 1, "edge": 1,
    "bodies": 1, "postgres": 1, "queue": 1, "subjects": 1,
    "models": 2, "rota": 2,
    "audit": 4, "streams": 4, "caching": 4, "errors": 4, "headers": 4, "assets": 4,
    "health": 5,
    "shell": 5, "receipts": 5,
    "views": 6,
    "desk": 7,
    "cli": 8, "tasks": 8, "demo": 8, "": 8,
}  # fmt: skip
FILES = sorted(path for path in PACKAGE.rglob("*.py"))


def layer_of(module: str) -> int:
    """The layer of a module below newsapp; whatever else a room has is its third layer."""
    parts = module.split(".")
    if parts[0] in ("desk", "demo", "subjects"):
        return LAYERS[parts[0]]
    if "models" in parts:  # a file, or a package of several
        return LAYERS["models"]
    return LAYERS.get(parts[-1] if len(parts) > 1 else parts[0], 3)


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports_of(path: Path) -> Iterator[str]:
    """The modules below newsapp that a file imports, dotted, without the package's name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name[8:] for a in node.names if a.name.startswith("newsapp."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("newsapp"):
            base = (node.module or "")[8:]
            for alias in node.names:
                inner = f"{base}.{alias.name}".strip(".")
                is_module = (PACKAGE / inner.replace(".", "/")).with_suffix(".py").exists() or (
                    PACKAGE / inner.replace(".", "/")
                ).is_dir()
                yield inner if is_module else base


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_imports_from_its_own_layer_or_below(path: Path) -> None:
    own = layer_of(module_of(path))
    above = [name for name in imports_of(path) if layer_of(name) > own]
    assert above == []


@pytest.mark.parametrize("room", ROOMS)
def test_models_know_only_the_rooms_to_their_left(room: str) -> None:
    left = ROOMS[: ROOMS.index(room)] if room in ROOMS[:3] else ROOMS[:3]
    here = PACKAGE / room
    for path in (*here.glob("models.py"), *here.glob("models/*.py")):
        rooms = {name.split(".")[0] for name in imports_of(path) if "." in name}
        assert rooms <= {*left, room}


def test_views_never_import_another_rooms_views() -> None:
    for path in PACKAGE.glob("*/views.py"):
        others = [n for n in imports_of(path) if n.endswith(".views") and n != module_of(path)]
        assert others == [], path


def test_the_desk_knows_neither_caches_nor_reader_views() -> None:
    for path in (PACKAGE / "desk").glob("*.py"):
        assert not [n for n in imports_of(path) if n in ("caching", "shell") or "views" in n], path


def test_only_caching_knows_the_caches() -> None:
    theirs = re.compile(r"from newsapp\.extensions import .*\b(cache|spare)\b|flask_caching")
    knowing = {p.name for p in FILES if theirs.search(p.read_text("utf-8"))}
    assert knowing == {"caching.py", "extensions.py"}


def test_subjects_know_texts_alone() -> None:
    for path in (PACKAGE / "subjects").glob("*.py"):
        assert [n for n in imports_of(path) if not n.startswith("subjects")] == [], path
        assert not re.search(r"^(from|import) (flask|sqlalchemy)", path.read_text(), re.M), path


def test_views_and_desk_hold_no_queries() -> None:
    files = [*PACKAGE.glob("*/views.py"), *(PACKAGE / "desk").glob("*.py")]
    assert [p for p in files if re.search(r"\b(select|execute|scalars?)\(", p.read_text())] == []


def test_models_and_queries_see_no_request() -> None:
    files = [p for p in FILES if p.stem == "models" or "queries" in module_of(p).split(".")]
    seen = r"\b(request|current_user|current_app)\b"
    assert [p for p in files if re.search(rf"^from flask.*{seen}", p.read_text(), re.M)] == []


def test_only_the_outermost_callers_commit() -> None:
    allowed = ("desk", "demo", "cli", "tasks", "streams")
    committing = [p for p in FILES if ".commit()" in p.read_text()]
    assert [p for p in committing if not any(word in module_of(p) for word in allowed)] == []


def test_nothing_is_imported_inside_a_function() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert inner == [], f"{path}:{node.lineno}"


def test_the_top_level_has_only_its_names() -> None:
    allowed = {
        "wsgi.py", "newsapp", "templates", "static", "instance", "tests", "requirements.txt",
        "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "pyproject.toml", "package.json",
        "package-lock.json", "requirements-dev.txt", "bin", "bench", "deploy", "migrations",
        "node_modules", "__pycache__",
    }  # fmt: skip
    names = {path.name for path in PACKAGE.parent.iterdir() if not path.name.startswith(".")}
    assert names - allowed == set()


def test_no_room_has_a_drawer_without_a_meaning() -> None:
    assert not [p for p in FILES if re.search(r"utils?|helpers?|common|misc", p.stem)]
