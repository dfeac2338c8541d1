"""Sport: grounds under floodlights, seen from the stand."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    every,
    ground,
    person,
    ridge,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import WIDTH, Sheet


def stadium(sheet: Sheet) -> None:
    """A floodlit football ground from the upper stand."""
    inks = sheet.inks
    _stands(sheet)
    turf = mix(inks.leaf, inks.near, 0.2)
    _field(sheet, turf)
    chalk = mix(inks.light, turf, 0.15)
    sheet.line([(230, 640), (1370, 640)], 4, chalk)
    sheet.line([(800, 640), (800, 1067)], 5, chalk)
    ring = [
        (800 + 170 * math.cos(a) * (1 + 0.12 * math.sin(a)), 800 + 74 * math.sin(a))
        for a in (math.tau * t / 40 for t in range(41))
    ]
    sheet.line(ring, 5, chalk)
    for index in range(15):
        x, y = sheet.rng.uniform(300, 1300), sheet.rng.uniform(690, 960)
        _player(sheet, x, y, inks.light if index % 2 else inks.ink)
    sheet.disc(800 + sheet.rng.uniform(-90, 90), sheet.rng.uniform(820, 880), 6, inks.accent)
    _evening(sheet)


def ballpark(sheet: Sheet) -> None:
    """A floodlit baseball ground from behind the plate."""
    inks = sheet.inks
    _stands(sheet)
    turf = mix(inks.leaf, inks.near, 0.2)
    _field(sheet, turf)
    clay, chalk = mix(inks.warm, inks.near, 0.35), mix(inks.light, turf, 0.1)
    home, first, second, third = (800.0, 985.0), (1150.0, 815.0), (800.0, 716.0), (450.0, 815.0)
    fan = [
        (800 + 640 * math.cos(a), 850 - 190 * math.sin(a))
        for a in (math.pi * t / 30 for t in range(31))
    ]
    sheet.polygon([(800, 1060), *fan], clay)
    sheet.polygon([(800, 940), (1072, 815), (800, 738), (528, 815)], turf)
    sheet.disc(800, 824, 46, clay, 0.32)
    sheet.disc(800, 1000, 120, clay, 0.34)
    for end in ((1470.0, 646.0), (130.0, 646.0)):
        sheet.line([home, end], 5, chalk)
    for x, y in (first, second, third):
        sheet.polygon([(x, y - 7), (x + 18, y), (x, y + 7), (x - 18, y)], inks.light)
    sheet.polygon([(786, 976), (814, 976), (814, 988), (800, 998), (786, 988)], inks.light)
    spots = [
        (800, 828),
        (1180, 800),
        (930, 738),
        (640, 742),
        (430, 800),
        (300, 700),
        (820, 668),
        (1290, 690),
    ]
    for x, y in spots:
        _player(sheet, x + sheet.rng.uniform(-20, 20), y, inks.light)
    _player(sheet, 744, 992, inks.ink)
    sheet.stroke((752, 952), (792, 908), 5, 8, inks.warm)
    sheet.disc(790, sheet.rng.uniform(700, 760), 6, inks.light)
    _evening(sheet)


def arena(sheet: Sheet) -> None:
    """A mat in an indoor arena: two sides of seven, and one who has crossed the line."""
    rng, inks = sheet.rng, sheet.inks
    _stands(sheet)
    sheet.wash(0, 430, [(0.0, inks.ink), (1.0, mix(inks.near, inks.ink, 0.4))])
    for beam in range(0, 1700, 200):
        sheet.line(
            [(800 + (beam - 800) * 1.4, 0), (800 + (beam - 800) * 0.8, 430)],
            9,
            mix(inks.ink, inks.mid, 0.3),
        )
    for level in (70, 180, 270, 340):
        sheet.rect(0, level, WIDTH, 7, mix(inks.ink, inks.mid, 0.3))
    floor = mix(inks.warm, inks.near, 0.45)
    sheet.rect(0, 636, WIDTH, 440, floor)
    mat = [(340.0, 668.0), (1260.0, 668.0), (1480.0, 1010.0), (120.0, 1010.0)]
    sheet.polygon(
        [(280, 652), (1320, 652), (1580, 1046), (20, 1046)], mix(inks.leaf, inks.near, 0.45)
    )
    sheet.polygon(mat, mix(inks.light, inks.warm, 0.3))
    chalk = mix(inks.near, inks.ink, 0.3)
    sheet.line([*mat, mat[0]], 7, chalk)
    for share in (0.17, 0.32, 0.5, 0.68, 0.83):
        top, low = 340 + 920 * share, 120 + 1360 * share
        sheet.line([(top, 668), (low, 1010)], 9 if share == 0.5 else 5, chalk)
    for index in range(7):
        y = 720 + 260 * abs(math.sin(0.5 + index * 0.44))
        _player(sheet, 300 + 60 * math.cos(index) + rng.uniform(-20, 20), y, inks.ink, 1.5)
    for index in range(6):
        _player(sheet, 1260 + 70 * math.cos(index * 2), 720 + index * 46, inks.near, 1.5)
    _player(sheet, rng.uniform(560, 640), 850, mix(inks.accent, inks.near, 0.15), 1.7)
    for x, side in ((250, 1), (1350, -1)):
        sheet.glow(x, 110, 190, inks.light, 0.7)
        sheet.beam(
            [(x - 40, 90), (x + 40, 90), (x + side * 420 + 320, 900), (x + side * 420 - 320, 900)],
            inks.light,
            0.14,
        )
        sheet.rect(x - 70, 76, 140, 26, inks.light)
    _crowd(sheet)


def _stands(sheet: Sheet) -> None:
    """Sky, the far stand under its roof and the people in it."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(560)
    sheet.graded(ground(ridge(rng, 470, 110, 0.45)), inks.far, inks.sky[2], 0.5)
    stand = mix(inks.near, inks.mid, 0.3)
    sheet.polygon([(-20, 470), (1620, 470), (1620, 640), (-20, 640)], stand)
    clothes = (inks.light, inks.warm, inks.ink, inks.far)
    for _ in range(1500):
        ink = mix(stand, rng.choice(clothes), rng.uniform(0.3, 0.8))
        sheet.rect(rng.uniform(0, 1600), rng.uniform(486, 628), 5, 5, ink)
    sheet.polygon([(-20, 420), (1620, 420), (1620, 474), (-20, 474)], inks.ink)
    for x in every(0, 1600, 100):
        sheet.line([(x, 474), (x + 50, 424), (x + 100, 474)], 3, mix(inks.ink, inks.mid, 0.5))


def _field(sheet: Sheet, turf: Ink) -> None:
    """Mown stripes that run to the far stand."""
    inks = sheet.inks
    sheet.rect(0, 636, WIDTH, 440, mix(inks.near, inks.warm, 0.28))
    sheet.rect(0, 628, WIDTH, 14, mix(inks.light, inks.mid, 0.5))
    sheet.polygon([(210, 630), (1390, 630), (1800, 1100), (-200, 1100)], turf)
    for stripe in range(0, 12, 2):
        a, b = stripe / 12, (stripe + 1) / 12
        far = [(210 + 1180 * a, 630.0), (210 + 1180 * b, 630.0)]
        near = [(-200 + 2000 * b, 1100.0), (-200 + 2000 * a, 1100.0)]
        sheet.polygon([*far, *near], mix(turf, inks.light, 0.12))


def _player(sheet: Sheet, x: float, y: float, ink: Ink, grow: float = 1.0) -> None:
    """Somebody on the field, with a shadow from either floodlight."""
    size = (30 + (y - 640) * 0.16) * grow
    for lean in (-1, 1):
        foot = [(x - 3, y), (x + 3, y)]
        tip = [(x + lean * size * 0.9, y + size * 0.3), (x + lean * size * 0.7, y + size * 0.32)]
        sheet.beam([*foot, *tip], sheet.inks.ink, 0.3)
    person(sheet, x, y, size, ink)


def _evening(sheet: Sheet) -> None:
    """Floodlights on both sides and the crowd in front."""
    for x, side in ((250, 1), (1350, -1)):
        _mast(sheet, x + sheet.rng.uniform(-30, 30), 430, side)
    _crowd(sheet)


def _mast(sheet: Sheet, x: float, base: float, side: int) -> None:
    inks = sheet.inks
    sheet.stroke((x, base), (x, 130), 20, 10, inks.ink)
    head = (x + side * 14, 120)
    sheet.beam(
        [
            (head[0] - 40, 100),
            (head[0] + 40, 100),
            (head[0] + side * 420 + 300, 860),
            (head[0] + side * 420 - 300, 860),
        ],
        inks.light,
        0.13,
    )
    sheet.glow(*head, 190, inks.light, 0.75)
    sheet.polygon(
        [
            (head[0] - 84, 70),
            (head[0] + 84, 70 + side * 8),
            (head[0] + 84, 168),
            (head[0] - 84, 160),
        ],
        inks.ink,
    )
    for row in range(3):
        for column in range(6):
            sheet.disc(head[0] - 68 + column * 27, 90 + row * 27, 10, inks.light)


def _crowd(sheet: Sheet) -> None:
    """Heads and raised arms along the lower edge."""
    rng, inks = sheet.rng, sheet.inks
    for x in every(-20, 1640, 66):
        at, y = x + rng.uniform(-14, 14), rng.uniform(1000, 1030)
        sheet.disc(at, y, 25, inks.ink, 1.12)
        sheet.polygon(
            [(at - 44, 1080), (at - 34, y + 34), (at + 34, y + 34), (at + 44, 1080)], inks.ink
        )
        if rng.random() < 0.3:
            for arm in (-1, 1):
                sheet.stroke((at + arm * 34, y + 44), (at + arm * 52, y - 52), 19, 12, inks.ink)
    x = rng.uniform(420, 1150)
    sheet.stroke((x, 1060), (x + 30, 850), 5, 4, inks.ink)
    sheet.polygon([(x + 30, 850), (x + 150, 866), (x + 138, 936), (x + 20, 920)], inks.warm)
