"""Streets: flats at night, a market, a crowd in the rain."""

from __future__ import annotations

import math
from collections.abc import Callable

from newsapp.demo.pictures.figures import (
    lantern,
    person,
    towers,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def city_night(sheet: Sheet) -> None:
    """Lit flats at night above a rooftop with its tank and washing."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(900)
    moon = (rng.uniform(620, 980), rng.uniform(130, 190))
    sheet.glow(*moon, 260, inks.light, 0.35)
    sheet.disc(*moon, 46, inks.light)
    x = -20.0
    while x < WIDTH:
        wide = rng.uniform(70, 140)
        top = rng.uniform(340, 560)
        ink = mix(inks.far, inks.sky[2], 0.15)
        sheet.rect(x, top, wide, HEIGHT - top, ink)
        _panes(sheet, (x + 6, top + 10, wide - 12, 480), (15, 19), 0.22)
        x += wide + rng.uniform(-2, 12)
    sheet.veil(420, 900, inks.sky[2], 0.35)
    x = -60.0
    while x < WIDTH:
        wide = rng.uniform(150, 250)
        inside = 1 - min(1.0, abs(x + wide / 2 - 800) / 800)
        top = 300 + 230 * inside + rng.uniform(-120, 90)
        face = rng.choice((inks.mid, inks.near, mix(inks.mid, inks.near, 0.5)))
        sheet.rect(x, top, wide, HEIGHT - top, face)
        sheet.rect(x + wide * 0.76, top, wide * 0.24, HEIGHT - top, mix(face, inks.ink, 0.45))
        _panes(
            sheet,
            (x + 12, top + 24, wide * 0.7, 760),
            (rng.choice((22, 27, 34)), rng.choice((30, 36))),
            0.46,
        )
        sheet.rect(x + wide * 0.2, top - 26, wide * 0.3, 26, face)
        x += wide + rng.choice((0, 0, 34, 60))
    _rooftop(sheet)


def _panes(sheet: Sheet, box: tuple[float, float, float, float], cell: Point, share: float) -> None:
    """Lit windows in a grid."""
    x, y, wide, high = box
    rng, inks = sheet.rng, sheet.inks
    lit = (inks.warm, inks.light, mix(inks.warm, inks.near, 0.5))
    for row in range(int(high // cell[1])):
        for column in range(int(wide // cell[0])):
            if rng.random() < share:
                sheet.rect(
                    x + column * cell[0] + cell[0] * 0.24,
                    y + row * cell[1] + cell[1] * 0.22,
                    cell[0] * 0.52,
                    cell[1] * 0.5,
                    rng.choice(lit),
                )


def _rooftop(sheet: Sheet) -> None:
    rng, inks = sheet.rng, sheet.inks
    sheet.graded(
        [(-20, 930), (1640, 930), (1640, 1100), (-20, 1100)],
        mix(inks.near, inks.ink, 0.6),
        inks.ink,
    )
    sheet.rect(0, 916, WIDTH, 18, inks.ink)
    x = rng.uniform(330, 430)
    sheet.rect(x, 760, 120, 108, inks.ink)
    sheet.polygon([(x - 10, 764), (x + 60, 712), (x + 130, 764)], inks.ink)
    for leg in (8, 56, 104):
        sheet.stroke((x + leg, 860), (x + leg, 930), 8, 8, inks.ink)
    sheet.line([(x + 8, 870), (x + 110, 926)], 4, inks.ink)
    left, right = rng.uniform(700, 760), rng.uniform(1180, 1260)
    for post in (left, right):
        sheet.rect(post, 790, 8, 130, inks.ink)
    sheet.line([(left, 800), ((left + right) / 2, 818), (right, 800)], 3, inks.ink)
    cloths = (inks.light, inks.mid, inks.warm, inks.light, inks.far, inks.accent, inks.mid)
    at = left + 24
    for cloth in cloths:
        wide = rng.uniform(34, 58)
        sheet.rect(at, 810, wide, rng.uniform(48, 80), mix(cloth, inks.near, 0.25))
        at += wide + 10
        if at > right - 60:
            break
    person(sheet, right + 70, 926, 150, inks.ink)
    for aerial in (130, 1480):
        sheet.line([(aerial, 920), (aerial, 700)], 4, inks.ink)
        for bar in range(4):
            sheet.line(
                [(aerial - 44 + bar * 7, 716 + bar * 20), (aerial + 44 - bar * 7, 716 + bar * 20)],
                3,
                inks.ink,
            )


def market(sheet: Sheet) -> None:
    """A market street in the evening: awnings, lanterns, people, wet stones."""
    rng, inks = sheet.rng, sheet.inks
    vanish = (rng.uniform(720, 880), 520.0)
    sheet.sky(560)
    towers(sheet, 560, 40, 180, mix(inks.far, inks.mid, 0.4), vanish[0])
    sheet.glow(*vanish, 300, inks.warm, 0.75)
    sheet.polygon(
        [(vanish[0] - 30, vanish[1]), (vanish[0] + 30, vanish[1]), (1900, 1100), (-300, 1100)],
        mix(inks.near, inks.warm, 0.2),
    )
    sheet.fade(560, HEIGHT, inks.ink, 0.0, 0.7)
    depths = [0.12, 0.17, 0.24, 0.33, 0.46, 0.64, 0.9]
    for near, far in zip(depths[1:], depths, strict=False):
        for side in (-1, 1):
            _stall(sheet, vanish, side, far, near)
    for depth in (0.14, 0.2, 0.3, 0.45):
        for _ in range(5):
            at = vanish[0] + rng.uniform(-0.8, 0.8) * 760 * depth
            person(
                sheet,
                at,
                vanish[1] + 560 * depth + 26,
                330 * depth,
                mix(inks.ink, inks.near, 0.5 - depth),
            )
    for depth in (0.3, 0.42, 0.58, 0.8):
        _string(sheet, vanish, depth)
    for x, high in (
        (vanish[0] - rng.uniform(170, 260), 330),
        (vanish[0] + rng.uniform(130, 240), 300),
    ):
        person(sheet, x, 960, high, inks.ink)
        sheet.beam([(x - 40, 956), (x + 40, 956), (x + 70, 1067), (x - 70, 1067)], inks.ink, 0.45)


def _stall(sheet: Sheet, vanish: Point, side: int, far: float, near: float) -> None:
    rng, inks = sheet.rng, sheet.inks

    def at(depth: float, out: float, up: float) -> Point:
        return vanish[0] + side * 900 * depth * out, vanish[1] + (560 - 1000 * up) * depth

    wall = mix(inks.near, inks.ink, rng.uniform(0.1, 0.7))
    sheet.polygon(
        [at(far, 1.55, 0), at(near, 1.55, 0), at(near, 1.55, 1.5), at(far, 1.55, 1.5)], wall
    )
    for level in (0.95, 1.2):
        for pane in (0.2, 0.6):
            a, b = far + (near - far) * pane, far + (near - far) * (pane + 0.22)
            if rng.random() < 0.6:
                sheet.polygon(
                    [
                        at(a, 1.54, level),
                        at(b, 1.54, level),
                        at(b, 1.54, level + 0.14),
                        at(a, 1.54, level + 0.14),
                    ],
                    rng.choice((inks.warm, mix(inks.warm, inks.near, 0.5))),
                )
    _counter(sheet, at, far, near)
    cloth = rng.choice(
        (inks.mid, inks.leaf, mix(inks.light, inks.warm, 0.4), mix(inks.warm, inks.near, 0.4))
    )
    stripes = 6
    for stripe in range(stripes):
        a = far + (near - far) * stripe / stripes
        b = far + (near - far) * (stripe + 1) / stripes
        ink = cloth if stripe % 2 else mix(inks.light, inks.near, 0.2)
        sheet.polygon(
            [at(a, 1.56, 0.86), at(b, 1.56, 0.86), at(b, 0.82, 0.62), at(a, 0.82, 0.62)], ink
        )
        sheet.polygon(
            [
                at(a, 0.82, 0.62),
                at(b, 0.82, 0.62),
                at(b, 0.82, 0.56),
                at((a + b) / 2, 0.82, 0.54),
                at(a, 0.82, 0.56),
            ],
            mix(ink, inks.ink, 0.25),
        )


def _counter(
    sheet: Sheet, at: Callable[[float, float, float], Point], far: float, near: float
) -> None:
    """The lit inside of a stall: shelves, somebody selling, heaped goods."""
    rng, inks = sheet.rng, sheet.inks
    glow = mix(inks.warm, inks.near, 0.25)
    sheet.polygon(
        [at(far, 1.5, 0.1), at(near, 1.5, 0.1), at(near, 1.5, 0.62), at(far, 1.5, 0.62)], glow
    )
    sheet.polygon(
        [at(far, 1.5, 0.4), at(near, 1.5, 0.4), at(near, 1.5, 0.62), at(far, 1.5, 0.62)],
        mix(glow, inks.light, 0.3),
    )
    goods = (
        inks.leaf,
        inks.warm,
        mix(inks.warm, inks.ink, 0.5),
        mix(inks.light, inks.warm, 0.3),
        inks.near,
    )
    step = (near - far) / 9
    for level in (0.34, 0.46):
        sheet.polygon(
            [
                at(far, 1.49, level),
                at(near, 1.49, level),
                at(near, 1.49, level + 0.012),
                at(far, 1.49, level + 0.012),
            ],
            inks.ink,
        )
        for index in range(9):
            depth = far + step * (index + 0.5)
            x, y = at(depth, 1.49, level + 0.012)
            size = rng.uniform(22, 44) * depth
            sheet.rect(x - size * 0.6, y - size, size * 1.2, size, rng.choice(goods))
    middle = far + (near - far) * rng.uniform(0.35, 0.65)
    x, y = at(middle, 1.3, 0.0)
    person(sheet, x, y, 360 * middle, inks.ink)
    sheet.polygon(
        [at(far, 0.95, 0), at(near, 0.95, 0), at(near, 0.95, 0.2), at(far, 0.95, 0.2)],
        mix(inks.ink, inks.near, 0.3),
    )
    sheet.polygon(
        [at(far, 0.95, 0.2), at(near, 0.95, 0.2), at(near, 1.3, 0.23), at(far, 1.3, 0.23)],
        mix(inks.warm, inks.ink, 0.5),
    )
    for out in (1.2, 1.02):
        for index in range(9):
            depth = far + step * (index + 0.5)
            heap = goods[(index // 2 + round(out * 10)) % 4]
            hx, hy = at(depth, out, 0.215)
            for ball in range(5):
                sheet.disc(
                    hx + (ball - 2) * 15 * depth,
                    hy - (26 if ball % 2 else 13) * depth,
                    17 * depth,
                    mix(heap, inks.ink, 0.25 if ball % 2 else 0.0),
                )


def _string(sheet: Sheet, vanish: Point, depth: float) -> None:
    inks = sheet.inks
    y = vanish[1] + (560 - 1000 * 0.98) * depth
    left, right = vanish[0] - 1200 * depth, vanish[0] + 1200 * depth
    sag = 90 * depth
    rope = [
        (left + (right - left) * t / 20, y + sag * math.sin(math.pi * t / 20)) for t in range(21)
    ]
    sheet.line(rope, 1 + 2 * depth, inks.ink)
    for x, at in rope[1:-1:2]:
        size = 40 * depth
        sheet.glow(x, at + size, size * 3.4, inks.warm, 0.6)
        lantern(sheet, x, at + size, size, inks.accent if x == rope[9][0] else inks.warm, inks.ink)


def umbrellas(sheet: Sheet) -> None:
    """A crowd under umbrellas in the monsoon."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(560)
    centre = rng.uniform(600, 1000)
    towers(sheet, 600, 150, 420, mix(inks.far, inks.sky[2], 0.3), centre)
    sheet.veil(300, 640, inks.sky[2], 0.8)
    towers(sheet, 640, 60, 240, mix(inks.far, inks.mid, 0.5), centre + 300)
    sheet.veil(440, 700, inks.sky[2], 0.7)
    sheet.wash(620, HEIGHT, [(0.0, mix(inks.sky[2], inks.far, 0.4)), (1.0, inks.near)])
    cloths = (
        inks.mid,
        inks.near,
        inks.ink,
        inks.leaf,
        inks.warm,
        mix(inks.light, inks.far, 0.3),
        mix(inks.warm, inks.near, 0.5),
    )
    chosen = rng.choice((10, 11, 12, 13))
    count = 0
    for row in range(6):
        y, size = 600.0 + row * 62 + row * row * 7, 44.0 + row * 23
        x = -60.0 + (row % 2) * size
        while x < WIDTH + 80:
            cloth = rng.choice(cloths)
            if row == 3:
                count += 1
                cloth = inks.accent if count == chosen // 2 else cloth
            shade = mix(cloth, inks.sky[2], max(0.0, 0.55 - row * 0.13))
            at = (x + rng.uniform(-14, 14), y + rng.uniform(-18, 18))
            person(
                sheet,
                at[0],
                at[1] + size * 2.3,
                size * 2.5,
                mix(inks.ink, inks.sky[2], max(0.0, 0.6 - row * 0.13)),
            )
            _umbrella(sheet, at[0], at[1], size, shade)
            x += size * rng.uniform(1.7, 2.3)
    for _ in range(240):
        x, y, fall = rng.uniform(-100, 1650), rng.uniform(-60, 1040), rng.uniform(24, 90)
        sheet.line(
            [(x, y), (x - fall * 0.22, y + fall)],
            rng.choice((1.0, 1.0, 1.6)),
            mix(inks.light, inks.sky[1], rng.uniform(0.1, 0.6)),
        )


def _umbrella(sheet: Sheet, x: float, y: float, size: float, ink: Ink) -> None:
    tilt = sheet.rng.uniform(-0.16, 0.16)

    def turn(px: float, py: float) -> Point:
        return (
            x + size * (px * math.cos(tilt) - py * math.sin(tilt)),
            y + size * (px * math.sin(tilt) + py * math.cos(tilt)),
        )

    rim = [turn(-1 + 2 * t / 16, -0.1 * abs(math.sin(math.pi * t / 4))) for t in range(17)]
    top = [turn(math.cos(math.pi * t / 16), -0.74 * math.sin(math.pi * t / 16)) for t in range(17)]
    sheet.polygon([*rim, *top], ink)
    sheet.polygon([turn(0, -0.74), *rim[8:13]], mix(ink, sheet.inks.ink, 0.28))
    sheet.polygon([turn(0, -0.74), *rim[0:5], turn(-0.86, -0.38)], mix(ink, sheet.inks.light, 0.16))
    sheet.stroke(
        turn(0, -0.72), turn(0, -0.9), size * 0.05, size * 0.02, mix(ink, sheet.inks.ink, 0.5)
    )
