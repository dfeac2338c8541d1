"""The sections that a story's text suggests, with the words that do."""

from collections.abc import Mapping
from typing import Any

from newsapp.desk.finding import tree
from newsapp.stories import clean
from newsapp.stories.models import Kind
from newsapp.stories.queries.sections import Place
from newsapp.subjects.where import countries

MOST = 5
EVIDENCE = 3  # of the words that say why


def suggested(words: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """The countries that these words are about and that are not chosen, with the reason."""
    dateline = f"{words['dateline']} — " if words["dateline"] else ""
    text = dateline + "\n".join((words["standfirst"], *clean.plain(words["body"])))
    places = {place.code: place for place in tree().of_kind(Kind.COUNTRY)}
    return [
        (places[match.code], ", ".join(match.evidence[:EVIDENCE]))
        for match in countries(words["headline"], text, words["language"])
        if match.code in places and places[match.code].slug not in words["sections"]
    ][:MOST]
