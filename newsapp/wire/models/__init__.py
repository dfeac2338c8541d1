"""The wire's rows: outlets and their feeds, what came, and of which event it is."""

from newsapp.wire.models.clusters import (
    Cluster,
    ClusterChoice,
    ClusterPlacement,
    ReadingMark,
    Tray,
)
from newsapp.wire.models.feeds import INTERVAL, LONGEST, OBEYED, Feed, Host, How
from newsapp.wire.models.gists import Gist, GistTerm, TermCount
from newsapp.wire.models.items import (
    AGED,
    VERSIONS,
    Item,
    ItemSection,
    ItemVersion,
    Sighting,
    Spiked,
    State,
)
from newsapp.wire.models.sources import EXCERPT, Indexing, Source, Trust, outlet_of

__all__ = [
    "AGED",
    "EXCERPT",
    "INTERVAL",
    "LONGEST",
    "OBEYED",
    "VERSIONS",
    "Cluster",
    "ClusterChoice",
    "ClusterPlacement",
    "Feed",
    "Gist",
    "GistTerm",
    "Host",
    "How",
    "Indexing",
    "Item",
    "ItemSection",
    "ItemVersion",
    "ReadingMark",
    "Sighting",
    "Source",
    "Spiked",
    "State",
    "TermCount",
    "Tray",
    "Trust",
    "outlet_of",
]
