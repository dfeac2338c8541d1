"""Water: a delta, lanterns, a village on stilts, kites, a night shore."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    crown,
    every,
    ground,
    hills,
    palm,
    person,
    ridge,
    sampan,
)
from newsapp.demo.pictures.inks import LIGHTS, Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def delta(sheet: Sheet) -> None:
    """A river winding to the sea through fields, boats on it."""
    rng, inks = sheet.rng, sheet.inks
    horizon = 300
    # In the dry palette the river is one of the steppe: no palms, no cone hats.
    green = inks is not LIGHTS["dust"]
    sheet.sky(horizon + 10)
    sun = (rng.uniform(640, 960), horizon - rng.uniform(70, 110))
    sheet.glow(*sun, 300, inks.light, 0.6)
    sheet.sun(*sun, 40)
    sheet.wash(
        horizon,
        HEIGHT,
        [
            (0.0, mix(inks.leaf, inks.sky[2], 0.6)),
            (0.4, inks.leaf),
            (1.0, mix(inks.near, inks.leaf, 0.3)),
        ],
    )
    _fields(sheet, horizon)
    phase = rng.uniform(0, math.tau)
    for start, lean, wide in (
        (sun[0] + 330, 520, 0.5),
        (sun[0] - 300, -620, 0.4),
        (sun[0], 40, 1.0),
    ):
        _river(sheet, start, horizon, lean, wide, phase)
    sheet.veil(horizon - 40, horizon + 90, inks.sky[2], 0.8)
    for _ in range(16):
        y = 400 + 640 * rng.random() ** 1.2
        side = rng.choice((-1, 1))
        x = _course(sun[0], 40, phase, y, horizon) + side * (
            _reach(y, horizon) + rng.uniform(20, 90) * y / 500
        )
        (palm if green and rng.random() < 0.6 else crown)(
            sheet, x, y, 24 + (y - 380) * 0.19, mix(inks.ink, inks.leaf, 0.22)
        )
    for y in (430, 520, 640, 800, 950):
        x = _course(sun[0], 40, phase, y, horizon) + rng.uniform(-0.5, 0.5) * _reach(y, horizon)
        length = 24 + (y - 400) * 0.32
        sheet.polygon(
            [
                (x - length * 1.4, y + length * 0.05),
                (x, y - 2),
                (x + length * 0.5, y + 3),
                (x, y + length * 0.07),
            ],
            mix(inks.light, inks.water, 0.25),
        )
        sampan(sheet, x, y, length, inks.ink)
        person(
            sheet,
            x - length * 0.3,
            y - length * 0.05,
            length * 0.42,
            inks.ink,
            inks.warm if green else None,
        )


def _course(start: float, lean: float, phase: float, y: float, horizon: float) -> float:
    t = (y - horizon) / (HEIGHT - horizon)
    sway: float = math.sin(phase + 9 * t**0.55) * 330 * t**1.1
    return start + lean * t + sway


def _reach(y: float, horizon: float) -> float:
    t = max(0.0, (y - horizon) / (HEIGHT - horizon))
    wide: float = 240 * t**1.7
    return 14 + wide


def _river(
    sheet: Sheet, start: float, horizon: float, lean: float, wide: float, phase: float
) -> None:
    inks = sheet.inks
    levels = [horizon + (HEIGHT + 30 - horizon) * (step / 60) ** 1.5 for step in range(61)]
    for grow, top, low in (
        (1.13, mix(inks.warm, inks.sky[2], 0.3), mix(inks.warm, inks.near, 0.4)),
        (1.0, mix(inks.sky[2], inks.light, 0.5), mix(inks.sky[0], inks.water, 0.5)),
    ):
        left = [
            (_course(start, lean, phase, y, horizon) - _reach(y, horizon) * wide * grow, y)
            for y in levels
        ]
        right = [
            (_course(start, lean, phase, y, horizon) + _reach(y, horizon) * wide * grow, y)
            for y in levels
        ]
        sheet.graded([*left, *reversed(right)], top, low)


def _fields(sheet: Sheet, horizon: float) -> None:
    """Paddies in perspective: rows that grow towards the viewer, each cut into plots."""
    rng, inks = sheet.rng, sheet.inks
    y, step = horizon + 16.0, 9.0
    while y < HEIGHT:
        x = -200.0
        while x < WIDTH + 200:
            width = step * rng.uniform(3, 8)
            spread, low = 1 + step / 700, min(y + step * 0.9, HEIGHT + 40)
            plot = [(x, y), (x + width * 0.96, y)]
            plot += [(800 + (px - 800) * spread, low) for px, _ in reversed(plot)]
            shade = rng.choice((inks.leaf, inks.leaf, inks.warm, inks.water, inks.near))
            base = mix(inks.leaf, inks.near, (y - horizon) / 1400)
            sheet.polygon(
                plot, mix(mix(base, shade, 0.35), inks.sky[2], max(0.0, 0.5 - (y - horizon) / 500))
            )
            x += width
        y += step
        step *= 1.2


def lanterns(sheet: Sheet) -> None:
    """Lanterns set on a river at a festival."""
    rng, inks = sheet.rng, sheet.inks
    bank = 430
    sheet.sky(bank + 20)
    moon = (rng.uniform(420, 1180), rng.uniform(150, 210))
    sheet.glow(*moon, 220, inks.light, 0.4)
    sheet.disc(*moon, 40, inks.light)
    sheet.graded(ground(ridge(rng, bank - 20, 150, 0.42)), inks.far, inks.mid, 0.3)
    x = -20.0
    while x < WIDTH:
        wide, high = rng.uniform(70, 150), rng.uniform(46, 110)
        sheet.rect(x, bank - high, wide, high, inks.near)
        sheet.polygon(
            [
                (x - 16, bank - high),
                (x + wide * 0.2, bank - high - 34),
                (x + wide * 0.8, bank - high - 34),
                (x + wide + 16, bank - high),
            ],
            inks.ink,
        )
        for window in range(int(wide // 30)):
            if rng.random() < 0.7:
                sheet.rect(x + 12 + window * 28, bank - high * 0.62, 13, 20, inks.warm)
        x += wide + rng.uniform(-4, 30)
    for x in every(20, 1600, 64):
        sheet.glow(x, bank - 8, 26, inks.warm, 0.6)
        sheet.disc(x, bank - 8, 6, inks.light)
    sheet.reflect(bank, 420, inks.ink, 0.62)
    sheet.fade(bank, HEIGHT, inks.ink, 0.1, 0.72)
    spots = [(rng.uniform(20, 1580), bank + 40 + 560 * rng.random() ** 1.25) for _ in range(76)]
    for x, y in sorted(spots, key=lambda spot: spot[1]):
        size = 5 + (y - bank) * 0.062
        sheet.glow(x, y, size * 4.4, inks.warm, 0.6)
        for ripple in range(3):
            wide = size * (1.1 - 0.25 * ripple)
            drop = y + size * (1.1 + ripple * 0.7)
            sheet.disc(
                x + rng.uniform(-2, 2),
                drop,
                wide,
                mix(inks.warm, inks.ink, 0.35 + 0.2 * ripple),
                0.14,
            )
        sheet.disc(x, y + size * 0.62, size * 1.2, inks.near, 0.3)
        sheet.polygon(
            [
                (x - size * 0.8, y + size * 0.5),
                (x - size * 0.62, y - size),
                (x + size * 0.62, y - size),
                (x + size * 0.8, y + size * 0.5),
            ],
            inks.warm,
        )
        sheet.disc(x, y - size * 0.1, size * 0.42, inks.light, 1.2)
    _bather(sheet, rng.uniform(420, 620), 1030)
    _bather(sheet, rng.uniform(980, 1180), 1050)


def _bather(sheet: Sheet, x: float, y: float) -> None:
    """Somebody crouching at the water with a lantern in both hands, seen from the side."""
    inks = sheet.inks
    sheet.glow(x + 118, y - 84, 120, inks.warm, 0.7)
    sheet.polygon(
        [
            (x - 92, y + 50),
            (x - 88, y - 30),
            (x - 70, y - 96),
            (x - 34, y - 132),
            (x + 6, y - 128),
            (x + 26, y - 92),
            (x + 30, y - 46),
            (x + 74, y - 40),
            (x + 88, y - 8),
            (x + 84, y + 50),
        ],
        inks.ink,
    )
    sheet.stroke((x - 4, y - 108), (x + 54, y - 62), 30, 22, inks.ink)
    sheet.stroke((x + 54, y - 62), (x + 112, y - 66), 21, 12, inks.ink)
    sheet.stroke((x - 8, y - 126), (x + 8, y - 158), 24, 22, inks.ink)
    sheet.disc(x + 14, y - 172, 28, inks.ink, 1.14)
    sheet.disc(x - 14, y - 178, 14, inks.ink)
    sheet.polygon(
        [(x + 98, y - 66), (x + 103, y - 104), (x + 137, y - 104), (x + 142, y - 66)], inks.warm
    )
    sheet.disc(x + 120, y - 84, 10, inks.light, 1.2)


def stilts(sheet: Sheet) -> None:
    """A village on stilts over still water."""
    rng, inks = sheet.rng, sheet.inks
    line = 660
    sheet.sky(line)
    sun = (rng.uniform(680, 920), rng.uniform(210, 300))
    sheet.glow(*sun, 320, inks.light, 0.5)
    sheet.sun(*sun, 46)
    sheet.graded(ground(ridge(rng, 560, 210, 0.45)), inks.far, inks.sky[2], 0.42)
    sheet.graded(
        ground(hills(rng, line - 10, 80, 2)), mix(inks.leaf, inks.mid, 0.5), inks.sky[2], 0.2
    )
    for x in (90.0, 240.0, 1380.0, 1500.0):
        palm(sheet, x + rng.uniform(-30, 30), line, rng.uniform(230, 330), inks.near)
    for index, x in enumerate((170, 400, 660, 930, 1170, 1420)):
        size = rng.uniform(92, 124)
        _house(sheet, x + rng.uniform(-24, 24), line - 46, size, index)
    sheet.rect(-20, line - 54, 1660, 10, inks.ink)
    for x in every(20, 1600, 58):
        sheet.rect(x, line - 50, 6, 52, inks.ink)
    person(sheet, rng.uniform(520, 600), line - 54, 66, inks.ink)
    person(sheet, rng.uniform(1020, 1080), line - 54, 60, inks.ink, inks.warm)
    sheet.reflect(line, HEIGHT - line, inks.water, 0.62)
    sheet.fade(line, HEIGHT, inks.near, 0.0, 0.45)
    for x, y, length in ((rng.uniform(430, 640), 800, 200), (rng.uniform(900, 1150), 920, 300)):
        sampan(sheet, x, y, length, inks.ink)
        person(sheet, x - length * 0.3, y - 6, length * 0.44, inks.ink, inks.light)
        sheet.line(
            [(x - length * 0.22, y - length * 0.28), (x - length * 0.5, y + length * 0.08)],
            4,
            inks.ink,
        )
        sheet.disc(x + length * 0.12, y - length * 0.04, length * 0.13, inks.warm, 0.5)


def _house(sheet: Sheet, x: float, y: float, size: float, index: int) -> None:
    inks = sheet.inks
    wall = (mix(inks.warm, inks.near, 0.5), inks.mid, mix(inks.leaf, inks.near, 0.4))[index % 3]
    sheet.rect(x - size * 0.7, y - size * 0.7, size * 1.4, size * 0.7, wall)
    for plank in range(6):
        sheet.rect(
            x - size * 0.7 + plank * size * 0.24,
            y - size * 0.7,
            2,
            size * 0.7,
            mix(wall, inks.ink, 0.4),
        )
    sheet.polygon(
        [
            (x - size * 0.98, y - size * 0.6),
            (x - size * 0.5, y - size * 1.3),
            (x + size * 0.5, y - size * 1.3),
            (x + size * 0.98, y - size * 0.6),
        ],
        inks.ink,
    )
    sheet.rect(
        x - size * 0.14,
        y - size * 0.52,
        size * 0.28,
        size * 0.52,
        inks.warm if index % 2 else inks.ink,
    )


def kites(sheet: Sheet) -> None:
    """Kites over a beach."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(820)
    for _ in range(6):
        x, y = rng.uniform(0, 1600), rng.uniform(420, 700)
        for puff in range(5):
            sheet.disc(
                x + puff * 60,
                y + rng.uniform(-8, 8),
                rng.uniform(60, 130),
                mix(inks.sky[2], inks.light, 0.5),
                0.16,
            )
    sheet.wash(800, 880, [(0.0, inks.far), (1.0, inks.water)])
    sheet.graded(
        ground(hills(rng, 900, 40, 1)),
        mix(inks.warm, inks.light, 0.5),
        mix(inks.warm, inks.near, 0.35),
    )
    papers = (inks.near, inks.warm, inks.leaf, inks.light, inks.mid, inks.near)
    hands = [rng.uniform(240, 1360) for _ in range(9)]
    spots = [
        (190, 300),
        (420, 170),
        (520, 430),
        (760, 240),
        (960, 470),
        (1060, 160),
        (1290, 320),
        (1440, 540),
        (700, 560),
    ]
    for index, ((x, y), hand) in enumerate(zip(spots, sorted(hands), strict=True)):
        kx, ky = x + rng.uniform(-40, 40), y + rng.uniform(-30, 30)
        foot = 930 + (index * 37) % 80
        sag = [
            (kx + (hand - kx) * t, ky + (foot - 96 - ky) * t**1.25)
            for t in (0, 0.2, 0.4, 0.6, 0.8, 1.0)
        ]
        sheet.line(sag, 1.2, inks.mid)
        size = 44 + 30 * rng.random()
        _kite(sheet, kx, ky, size, papers[index % 6], inks.accent if index == 3 else inks.ink)
        person(sheet, hand, foot, 108, inks.ink)
        sheet.stroke((hand, foot - 84), (hand + (kx - hand) * 0.05, foot - 108), 10, 6, inks.ink)


def _kite(sheet: Sheet, x: float, y: float, size: float, paper: Ink, mark: Ink) -> None:
    tilt = sheet.rng.uniform(-0.35, 0.35)

    def turn(px: float, py: float) -> Point:
        return (
            x + size * (px * math.cos(tilt) - py * math.sin(tilt)),
            y + size * (px * math.sin(tilt) + py * math.cos(tilt)),
        )

    if sheet.rng.random() < 0.5:
        sheet.polygon([turn(0, -1.2), turn(0.85, -0.2), turn(0, 1.2), turn(-0.85, -0.2)], paper)
        sheet.polygon(
            [turn(0, -1.2), turn(0.85, -0.2), turn(0, 1.2)], mix(paper, sheet.inks.ink, 0.25)
        )
        sheet.disc(*turn(0, -0.2), size * 0.24, mark)
    else:
        sheet.polygon(
            [
                turn(-1.5, -0.5),
                turn(-0.5, -0.1),
                turn(0, -0.35),
                turn(0.5, -0.1),
                turn(1.5, -0.5),
                turn(0.9, 0.3),
                turn(0, 0.15),
                turn(-0.9, 0.3),
            ],
            paper,
        )
        sheet.polygon(
            [turn(-0.5, 0.7), turn(0, 0.15), turn(0.5, 0.7), turn(0, 1.15)],
            mix(paper, sheet.inks.ink, 0.25),
        )
        sheet.disc(*turn(0, -0.08), size * 0.18, mark)
    tail = [turn(0.12 * math.sin(t), 1.15 + 0.24 * t) for t in range(8)]
    sheet.line(tail, 2.2, mix(paper, sheet.inks.ink, 0.35))


def shore(sheet: Sheet) -> None:
    """A dark beach under stars, young turtles on their way to the sea."""
    rng, inks = sheet.rng, sheet.inks
    horizon = 470.0
    sheet.sky(horizon + 30)
    for _ in range(260):
        x, y = rng.uniform(0, 1600), 440 * rng.random() ** 1.2
        sheet.disc(
            x,
            y,
            rng.choice((0.9, 1.2, 1.2, 2.1)),
            mix(inks.sky[0], inks.light, rng.uniform(0.4, 0.95)),
        )
    moon = (rng.uniform(700, 900), rng.uniform(170, 240))
    sheet.glow(*moon, 330, inks.light, 0.4)
    sheet.disc(*moon, 42, inks.light)
    sheet.graded(ground(ridge(rng, horizon, 90, 0.42)), inks.mid, inks.near, 0.4)
    sheet.wash(
        horizon, 740, [(0.0, mix(inks.sky[2], inks.light, 0.25)), (0.35, inks.far), (1.0, inks.mid)]
    )
    sheet.glints(moon[0], horizon + 6, 690, 70, mix(inks.light, inks.warm, 0.15), 110)
    sand = mix(mix(inks.far, inks.light, 0.34), inks.warm, 0.12)
    for lift, ink in (
        (26, mix(inks.light, inks.far, 0.35)),
        (14, mix(inks.mid, inks.ink, 0.1)),
        (0, sand),
    ):
        edge = [
            (x, 712 - lift + 20 * math.sin(x / 190) + 9 * math.sin(x / 71))
            for x in every(-40, 1641, 20)
        ]
        if lift:
            sheet.polygon(ground(edge), ink)
        else:
            sheet.graded(ground(edge), sand, mix(inks.mid, inks.far, 0.4))
    for index in range(26):
        y = 745 + 290 * (index / 26) ** 1.1
        _turtle(sheet, 800 + rng.gauss(0, 260) * (0.5 + index / 26), y, 9 + (y - 740) * 0.075)


def _turtle(sheet: Sheet, x: float, y: float, size: float) -> None:
    """A hatchling seen from above and behind, its track in the sand."""
    inks = sheet.inks
    lean = sheet.rng.uniform(-0.35, 0.35)
    for step in range(9):
        drift = lean * step * size * 0.7
        for side in (-1, 1):
            print_at = (x - drift + side * size, y + size * (1.3 + step * 0.8))
            sheet.disc(*print_at, size * 0.24, mix(inks.mid, inks.near, 0.3), 0.6)
    for side in (-1, 1):
        flipper = [(0.55, -0.75), (1.25, -0.95), (2.1, -0.1), (2.2, 0.3), (1.6, 0.0), (0.8, -0.2)]
        sheet.polygon([(x + side * size * px, y + size * py) for px, py in flipper], inks.ink)
        foot = [(0.5, 0.7), (1.15, 0.95), (1.25, 1.45), (0.75, 1.15)]
        sheet.polygon([(x + side * size * px, y + size * py) for px, py in foot], inks.ink)
    sheet.disc(x + lean * size * 0.5, y - size * 1.4, size * 0.36, inks.ink, 1.15)
    sheet.disc(x, y, size, inks.ink, 1.18)
    plate = mix(inks.ink, inks.mid, 0.5)
    for row, wide in ((-0.62, 0.2), (-0.1, 0.26), (0.44, 0.22)):
        sheet.disc(x, y + row * size, size * wide, plate, 0.95)
        for side in (-1, 1):
            sheet.disc(x + side * size * 0.55, y + (row + 0.1) * size, size * wide * 0.8, plate)
