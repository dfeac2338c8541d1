"""The longest story: 20,000 words and 60 pictures, through the desk's own forms.

.venv/bin/python -m bench.long [--on embedded|production]
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import flask_migrate

from newsapp import create_app
from newsapp.extensions import db
from newsapp.media.models import Photo
from newsapp.stories.cli import seed_sections
from newsapp.stories.queries import history
from tests import newsroom
from tests.stores import Stores

WORDS, PICTURES, TIMES = 20_000, 60, 7


def text(changed: str = "") -> str:
    """Paragraphs of 80 words; between them, evenly, the pictures."""
    paragraphs = WORDS // 80
    parts = []
    for n in range(paragraphs):
        parts.append(f"<p>{changed} {' '.join(f'word{(7 * n + w) % 997}' for w in range(79))}.</p>")
        if n * PICTURES // paragraphs != (n + 1) * PICTURES // paragraphs:
            number = n * PICTURES // paragraphs + 1
            parts.append(f'<figure data-photos="{number}"></figure>')
    return "".join(parts)


def measured(name: str, work: Callable[[int], Any]) -> None:
    """Says how long the work takes, in the middle and at worst."""
    taken = []
    for n in range(TIMES):
        begun = time.perf_counter()
        work(n)
        taken.append(time.perf_counter() - begun)
    print(f"{name:28} median {1000 * median(taken):6.0f} ms   worst {1000 * max(taken):6.0f} ms")


def main() -> None:
    """Fills an empty newsroom, then measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["embedded", "production"], default="embedded")
    folder = Path(tempfile.mkdtemp(prefix="long-"))
    folder.chmod(0o755)  # PostgreSQL may run as somebody else
    stores = Stores.start(parser.parse_args().on, folder)
    app = create_app(stores.settings)
    with app.app_context():
        flask_migrate.upgrade()
        seed_sections(db.session())
        newsroom.hire(db.session(), "editor@example.org", "editor")
        db.session.add_all(
            Photo(hash=f"{n:032}", width=1600, height=900, alt=f"Picture {n}", credit="Bench")
            for n in range(PICTURES)
        )
        db.session.commit()
    desk = newsroom.Desk(app.test_client(), "editor@example.org")
    form = {"headline": "The longest", "language": "en", "sections": ["japan"], "photo": "0"}
    page = desk.get("/desk/stories/new").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    common = {**form, "csrf_token": token[1], "video": "0"}

    def send(url: str, wanted: int, **fields: Any) -> None:
        answer = desk.client.post(url, data={**common, **fields})
        assert answer.status_code == wanted, (answer.status_code, answer.text[:500])

    send("/desk/stories", 303, body=text(), token="a" * 32)
    version = iter(range(1, 1000))
    measured("save", lambda n: send("/desk/stories/1", 303, body=text(f"s{n}"),
                                    version=next(version), token="a" * 32))  # fmt: skip
    measured("autosave", lambda n: send(f"/desk/working-copies/{'b' * 32}", 200, typed="1",
                                        story="1", body=text(f"a{n}"), version="1"))  # fmt: skip
    with app.app_context():
        saves = [save.id for save in history.saves(db.session(), 1, 2)]
        db.session.remove()
    compared = f"/desk/stories/1/revisions/comparison?older={saves[1]}&newer={saves[0]}"
    measured("compare two versions", lambda n: desk.get(compared).data)
    measured("open the form", lambda n: desk.get("/desk/stories/1").data)
    measured("preview (as readers see it)", lambda n: desk.get("/desk/stories/1/preview").data)
    with app.app_context():
        db.engine.dispose()
    stores.stop()


if __name__ == "__main__":
    main()
