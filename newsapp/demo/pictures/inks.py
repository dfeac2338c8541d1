"""The inks: a few printed palettes, one for each light of the day."""

from __future__ import annotations

from dataclasses import dataclass

Ink = tuple[int, int, int]


@dataclass(frozen=True)
class Inks:
    """One light: a sky of three stops and the plates that are printed over it."""

    sky: tuple[Ink, Ink, Ink]
    far: Ink
    mid: Ink
    near: Ink
    ink: Ink
    light: Ink
    warm: Ink
    leaf: Ink
    water: Ink
    accent: Ink = (206, 66, 40)


def tone(code: str) -> Ink:
    """The ink of a hex code."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def mix(a: Ink, b: Ink, share: float) -> Ink:
    """Ink `a` with a share (0 to 1) of ink `b`."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def _inks(sky: str, plates: str, accent: str = "ce4228") -> Inks:
    top, middle, low = (tone(code) for code in sky.split())
    far, mid, near, ink, light, warm, leaf, water = (tone(code) for code in plates.split())
    return Inks((top, middle, low), far, mid, near, ink, light, warm, leaf, water, tone(accent))


# Plates in order: far, mid, near, ink, light, warm, leaf, water.
LIGHTS: dict[str, Inks] = {
    "dawn": _inks(
        "7f9aa3 dcc7a8 efc9a0",
        "b3ab9f 7b8688 46565f 1e2a34 f7ecd9 d29a49 717a51 a9b0a6",
    ),
    "noon": _inks(
        "5f8fa3 b9cdc3 f1e7cf",
        "a3b5ae 69857f 3b5653 1c2b2f f8f0dd d8a340 7d8a47 86a5a4",
    ),
    "dusk": _inks(
        "37466a b37b6a efbd80",
        "93717a 5d5168 353852 191f33 f8e3b7 e0a04c 58604a 8d7275",
    ),
    "night": _inks(
        "0d1930 1d3252 4d667c",
        "304965 1f334e 14243b 0a1322 f3dfa9 e4b35b 2d4643 1a2e4a",
        "d9502f",
    ),
    "monsoon": _inks(
        "5c6c75 97a4a3 cfd0c2",
        "98a4a1 677a7d 41545a 202e38 ece7d5 bd9250 566a50 8b9997",
    ),
    "dust": _inks(
        "cfa468 e6cb99 f5e6c8",
        "d1a66d a87542 6d4932 2d2320 f9eed6 c9812d 7b753f c0a77c",
    ),
    "frost": _inks(
        "93a5b3 cdd3d3 efeadf",
        "b4bfc5 7b8c98 48596a 202b39 f6f2e8 c79a55 66725f a7b5bc",
    ),
    "moss": _inks(
        "8fa08a cfd0ac f2e8c9",
        "a8b190 74835d 45583f 1f2c24 f7f0d8 d09a3e 6f8143 93a58f",
    ),
}
