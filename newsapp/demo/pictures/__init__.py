"""The demonstration edition's pictures: prints in flat ink, drawn by code.

`draw(motif, seed)` always gives the same picture for the same two values. The seed chooses the
light (dawn to night, monsoon, dust), which way round the picture stands, and every detail.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image

from newsapp.demo.pictures import (
    city,
    gatherings,
    land,
    ports,
    rooms,
    sky,
    sport,
    streets,
    water,
    works,
)
from newsapp.demo.pictures.inks import LIGHTS
from newsapp.demo.pictures.sheet import Sheet

_Plate = tuple[Callable[[Sheet], None], str]

# Each motif with the lights it may be printed in; one seed after another takes the next light.
_PLATES: dict[str, _Plate] = {
    "airfield": (sky.airfield, "dawn dusk frost"),
    "arena": (sport.arena, "dusk dust night"),
    "ballpark": (sport.ballpark, "night dusk"),
    "boats": (ports.boats, "dawn dust dusk noon"),
    "bridge": (city.bridge, "frost dawn monsoon dusk"),
    "circuit": (works.circuit, "noon night dust moss"),
    "city-night": (streets.city_night, "night dusk"),
    "containers": (works.containers, "noon dust frost dawn"),
    "delta": (water.delta, "dawn moss dust noon"),
    "dish": (sky.dish, "night dusk"),
    "dunes": (land.dunes, "dust dawn dusk noon"),
    "glacier": (land.glacier, "frost dawn noon"),
    "gongs": (gatherings.gongs, "dusk night dust"),
    "harbour": (ports.harbour, "dawn dusk noon monsoon"),
    "kites": (water.kites, "noon dawn dust"),
    "lanterns": (water.lanterns, "night dusk"),
    "library": (rooms.library, "dust moss dusk"),
    "market": (streets.market, "dusk night"),
    "microphones": (gatherings.microphones, "dust frost dusk moss"),
    "minarets": (city.minarets, "dusk dust dawn"),
    "mountains": (land.mountains, "moss dawn frost dusk"),
    "pagoda": (city.pagoda, "moss dusk frost dawn"),
    "parliament": (gatherings.parliament, "dust moss frost"),
    "peaks": (land.peaks, "noon dawn frost dusk"),
    "pots": (rooms.pots, "dust moss dawn"),
    "robots": (works.robots, "frost dust dusk"),
    "rocket": (sky.rocket, "dusk night dawn"),
    "shore": (water.shore, "night dusk"),
    "skyline": (city.skyline, "dusk frost dawn monsoon"),
    "solar": (works.solar, "dust noon dawn"),
    "stadium": (sport.stadium, "dusk night noon"),
    "steppe": (land.steppe, "noon dust dawn"),
    "stilts": (water.stilts, "dawn dusk moss"),
    "tea": (land.tea, "moss noon monsoon"),
    "terraces": (land.terraces, "moss dawn noon dust"),
    "train": (works.train, "noon frost dawn dusk"),
    "turbines": (ports.turbines, "frost noon dawn dusk"),
    "umbrellas": (streets.umbrellas, "monsoon frost dusk"),
    "window": (rooms.window, "dawn frost dust dusk"),
}

MOTIFS: tuple[str, ...] = tuple(_PLATES)


def draw(motif: str, seed: int) -> Image.Image:
    """The picture of a motif, 1600 x 1067, the same each time for the same seed."""
    plate, lights = _PLATES[motif]
    names = lights.split()
    rng = Random(f"{motif}:{seed}")
    sheet = Sheet(LIGHTS[names[seed % len(names)]], rng)
    plate(sheet)
    return sheet.finish(mirrored=rng.random() < 0.5)
