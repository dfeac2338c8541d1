"""Rooms: a conversation, a library, a workshop."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    ground,
    person,
    ridge,
)
from newsapp.demo.pictures.inks import mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def window(sheet: Sheet) -> None:
    """Two people in conversation before a wide window."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(760)
    sun = (rng.uniform(700, 900), rng.uniform(220, 300))
    sheet.glow(*sun, 340, inks.light, 0.5)
    sheet.sun(*sun, 48)
    rng.choice((_hills_outside, _city_outside, _sea_outside))(sheet)
    frame = inks.ink
    panes = rng.choice((2, 3, 4))
    for pane in range(1, panes):
        sheet.rect(150 + 1300 * pane / panes - 8, 0, 16, 800, frame)
    for x in (0, 1450):
        sheet.rect(x, 0, 150, 800, frame)
    sheet.rect(0, 0, WIDTH, 92, frame)
    if panes > 2:
        sheet.rect(0, 330, WIDTH, 10, frame)
    sheet.graded(
        [(0, 770), (1600, 770), (1600, 1080), (0, 1080)], mix(inks.near, inks.ink, 0.55), inks.ink
    )
    sheet.rect(0, 764, WIDTH, 14, inks.ink)
    sheet.polygon(
        [(620, 800), (990, 800), (1190, 1070), (440, 1070)], mix(inks.near, inks.warm, 0.28)
    )
    sheet.beam([(620, 800), (760, 800), (660, 1070), (440, 1070)], inks.light, 0.1)
    hair = rng.sample(range(4), 2)
    _sitter(sheet, rng.uniform(450, 500), 1, hair[0])
    _sitter(sheet, rng.uniform(1100, 1150), -1, hair[1])
    x = 800
    sheet.disc(x, 842, 128, mix(inks.warm, inks.ink, 0.35), 0.17)
    sheet.disc(x, 837, 128, mix(inks.warm, inks.near, 0.2), 0.17)
    sheet.rect(x - 10, 850, 20, 150, inks.ink)
    sheet.disc(x, 1000, 74, inks.ink, 0.18)
    for cup in (-54, 52):
        sheet.polygon(
            [(x + cup - 20, 796), (x + cup + 20, 796), (x + cup + 13, 834), (x + cup - 13, 834)],
            inks.light,
        )
        sheet.disc(x + cup, 796, 20, mix(inks.light, inks.warm, 0.5), 0.24)
    if rng.random() < 0.6:
        sheet.rect(x - 18, 774, 30, 60, inks.near)
        for stem in (-16, 0, 18):
            sheet.line([(x - 3, 780), (x - 3 + stem, 690 + abs(stem))], 3, inks.ink)
            sheet.disc(x - 3 + stem, 688 + abs(stem), 11, inks.leaf)


def _hills_outside(sheet: Sheet) -> None:
    inks = sheet.inks
    for layer, base in enumerate((560, 650, 730)):
        ink = mix(inks.far, inks.mid, layer / 2.6)
        sheet.graded(
            ground(ridge(sheet.rng, base, 190, 0.46)), ink, mix(ink, inks.sky[2], 0.7), 0.5
        )
        sheet.veil(base - 30, base + 120, inks.sky[2], 0.5)


def _city_outside(sheet: Sheet) -> None:
    rng, inks = sheet.rng, sheet.inks
    for share, low, high in ((0.0, 160, 400), (0.7, 60, 260)):
        ink = mix(mix(inks.far, inks.sky[2], 0.3), inks.mid, share)
        x = 100.0
        while x < 1500:
            wide, tall = rng.uniform(50, 120), rng.uniform(low, high)
            sheet.rect(x, 780 - tall, wide, tall, ink)
            for _ in range(4):
                sheet.rect(
                    x + rng.uniform(6, wide - 14),
                    790 - tall + rng.uniform(4, tall * 0.8),
                    7,
                    10,
                    inks.warm,
                )
            x += wide + rng.uniform(-8, 14)
        sheet.veil(500, 800, inks.sky[2], 0.45)


def _sea_outside(sheet: Sheet) -> None:
    rng, inks = sheet.rng, sheet.inks
    sheet.graded(ground(ridge(rng, 590, 110, 0.45)), inks.far, inks.sky[2], 0.3)
    sheet.wash(590, 800, [(0.0, mix(inks.water, inks.light, 0.3)), (1.0, inks.mid)])
    sheet.glints(rng.uniform(700, 900), 596, 790, 120, mix(inks.light, inks.water, 0.2), 60)
    for x in (rng.uniform(250, 600), rng.uniform(950, 1350)):
        sheet.polygon([(x - 40, 622), (x + 44, 620), (x + 32, 636), (x - 30, 636)], inks.near)
        sheet.polygon([(x, 618), (x + 4, 540), (x + 44, 612)], inks.light)


def _sitter(sheet: Sheet, x: float, side: int, hair: int) -> None:
    """Somebody in an armchair, seen against the light, looking towards `side`."""
    rng, inks = sheet.rng, sheet.inks
    ink = inks.ink

    def at(dx: float, y: float) -> Point:
        return x + side * dx, y

    chair = mix(inks.near, inks.leaf, 0.3)
    sheet.polygon(
        [at(-150, 610), at(-84, 590), at(-60, 880), at(40, 880), at(60, 1000), at(-150, 1000)],
        mix(chair, ink, 0.35),
    )
    sheet.polygon([at(-150, 840), at(56, 840), at(70, 872), at(-150, 872)], chair)
    for leg in (-130, 40):
        sheet.stroke(at(leg, 1000), at(leg, 1046), 16, 9, ink)
    sheet.polygon(
        [
            at(-86, 880),
            at(-92, 650),
            at(-66, 580),
            at(-22, 548),
            at(24, 560),
            at(52, 610),
            at(58, 700),
            at(44, 830),
            at(150, 836),
            at(182, 860),
            at(190, 1010),
            at(150, 1012),
            at(132, 900),
            at(20, 906),
        ],
        ink,
    )
    sheet.stroke(at(20, 610), at(78, 724), 54, 40, ink)
    sheet.stroke(at(78, 724), at(158, rng.uniform(668, 730)), 38, 26, ink)
    sheet.polygon([at(150, 1012), at(192, 1004), at(246, 1036), at(150, 1040)], ink)
    sheet.stroke(at(0, 560), at(8, 500), 46, 40, ink)
    sheet.disc(*at(14, 462), 56, ink, 1.16)
    sheet.polygon([at(56, 440), at(82, 478), at(62, 486), at(60, 514), at(20, 520)], ink)
    if hair == 0:
        sheet.disc(*at(-44, 440), 30, ink)
    elif hair == 1:
        sheet.polygon([at(-46, 440), at(-30, 402), at(20, 396), at(-30, 560), at(-66, 590)], ink)
    elif hair == 2:
        sheet.polygon(
            [
                at(-54, 470),
                at(-40, 398),
                at(30, 384),
                at(76, 420),
                at(40, 432),
                at(-20, 480),
                at(-44, 520),
            ],
            mix(ink, inks.near, 0.75),
        )
    sheet.line([at(-20, 560), at(16, 590), at(30, 562)], 4, inks.warm)


def library(sheet: Sheet) -> None:
    """Shelves to the ceiling, a ladder and a reader."""
    rng, inks = sheet.rng, sheet.inks
    wood = mix(inks.warm, inks.ink, 0.6)
    sheet.wash(0, HEIGHT, [(0.0, mix(wood, inks.ink, 0.5)), (1.0, wood)])
    spines = (
        inks.mid,
        inks.near,
        inks.leaf,
        inks.warm,
        mix(inks.light, inks.warm, 0.3),
        inks.far,
        mix(inks.warm, inks.near, 0.5),
    )
    for row in range(8):
        y = 20 + row * 118
        for bay in range(5):
            left = -20 + bay * 330
            x = left + 16.0
            while x < left + 300:
                wide, high = rng.uniform(10, 27), rng.uniform(66, 98)
                ink = rng.choice(spines)
                if rng.random() < 0.08:
                    x += wide * 1.6
                    continue
                sheet.rect(x, y + 104 - high, wide, high, ink)
                sheet.rect(x, y + 104 - high * 0.8, wide, 4, mix(ink, inks.light, 0.45))
                sheet.rect(x, y + 104 - high * 0.2, wide, 3, mix(ink, inks.ink, 0.4))
                x += wide + 1.5
        sheet.rect(0, y + 104, WIDTH, 14, mix(wood, inks.ink, 0.35))
    for bay in range(6):
        sheet.rect(-26 + bay * 330, 0, 22, 980, mix(wood, inks.ink, 0.2))
    sheet.glow(800, 520, 620, inks.light, 0.5)
    sheet.fade(0, 330, inks.ink, 0.55, 0.0)
    x = rng.uniform(470, 560)
    for rail in (0, 92):
        sheet.stroke((x + rail, 1000), (x + 150 + rail * 0.8, 60), 13, 10, inks.ink)
    for rung in range(13):
        t = rung / 13
        sheet.line(
            [(x + 150 * t + 4, 980 - 910 * t), (x + 92 + 132 * t, 980 - 910 * t)], 8, inks.ink
        )
    person(sheet, x + 104, 690, 230, inks.ink)
    sheet.stroke((x + 120, 520), (x + 180, 470), 20, 12, inks.ink)
    sheet.rect(0, 960, WIDTH, 120, inks.ink)
    _desk(sheet, rng.uniform(940, 1020))


def _desk(sheet: Sheet, x: float) -> None:
    inks = sheet.inks
    sheet.rect(x - 220, 860, 470, 18, mix(inks.warm, inks.ink, 0.3))
    for leg in (-200, 224):
        sheet.rect(x + leg, 878, 14, 120, inks.ink)
    sheet.glow(x + 130, 800, 210, inks.light, 0.8)
    sheet.stroke((x + 150, 860), (x + 150, 760), 8, 6, inks.ink)
    sheet.polygon(
        [(x + 90, 790), (x + 124, 736), (x + 176, 736), (x + 210, 790)],
        inks.accent if sheet.rng.random() < 0.4 else inks.warm,
    )
    sheet.polygon(
        [(x - 96, 992), (x - 104, 850), (x - 70, 770), (x - 10, 766), (x + 22, 850), (x + 10, 992)],
        inks.ink,
    )
    sheet.disc(x - 26, 716, 37, inks.ink, 1.15)
    sheet.rect(x - 42, 740, 30, 40, inks.ink)
    sheet.stroke((x - 4, 800), (x + 60, 850), 32, 20, inks.ink)
    sheet.polygon([(x + 30, 856), (x + 74, 838), (x + 118, 852), (x + 76, 860)], inks.light)
    for pile in range(5):
        sheet.rect(
            x - 190 + pile % 2 * 8,
            846 - pile * 14,
            84,
            13,
            (inks.mid, inks.warm, inks.leaf, inks.light, inks.near)[pile],
        )


def pots(sheet: Sheet) -> None:
    """A workshop's shelf of pots and the potter at the wheel."""
    rng, inks = sheet.rng, sheet.inks
    wall = mix(inks.sky[2], inks.light, 0.3)
    sheet.wash(
        0, HEIGHT, [(0.0, mix(wall, inks.far, 0.4)), (0.6, wall), (1.0, mix(wall, inks.warm, 0.3))]
    )
    sheet.rect(930, 120, 400, 420, mix(inks.sky[1], inks.light, 0.4))
    sun = (rng.uniform(1050, 1220), rng.uniform(230, 300))
    sheet.sun(*sun, 36)
    sheet.polygon(
        [(930, 540), (930, 430), (1010, 390), (1100, 420), (1210, 370), (1330, 420), (1330, 540)],
        inks.far,
    )
    for bar in (0, 128, 262, 388):
        sheet.rect(930 + bar, 120, 12, 420, inks.ink)
    for bar in (108, 312, 528):
        sheet.rect(916, bar, 428, 12, inks.ink)
    sheet.beam([(930, 540), (1330, 540), (900, 1067), (380, 1067)], inks.light, 0.28)
    for shelf in range(4):
        y = 250 + shelf * 165
        sheet.rect(120, y, 640, 14, inks.ink)
        x = 160.0
        while x < 730:
            size = rng.uniform(28, 48)
            _pot(sheet, x + size, y, size, rng.uniform(1.2, 2.5))
            x += size * 2 + rng.uniform(6, 22)
    sheet.graded(
        [(-20, 950), (1640, 950), (1640, 1090), (-20, 1090)],
        mix(inks.near, inks.warm, 0.25),
        inks.ink,
    )
    _potter(sheet, rng.uniform(960, 1010))


def _pot(sheet: Sheet, x: float, base: float, size: float, tall: float) -> None:
    rng, inks = sheet.rng, sheet.inks
    glaze = rng.choice(
        (
            inks.near,
            inks.warm,
            inks.leaf,
            inks.mid,
            mix(inks.warm, inks.ink, 0.45),
            mix(inks.light, inks.far, 0.35),
        )
    )
    high, neck, belly = size * tall, rng.uniform(0.3, 0.7), rng.uniform(0.45, 0.7)
    left: list[Point] = []
    for step in range(13):
        t = step / 12
        swell = 0.5 + 0.5 * math.sin(math.pi * min(1.0, t / (belly * 1.35)))
        wide = size * (
            swell
            if t < belly
            else neck + (swell - neck) * max(0.0, 1 - (t - belly) / (1 - belly) * 1.5)
        )
        left.append((max(wide, size * neck), high * t))
    shape = [(x - dx, base - up) for dx, up in left] + [
        (x + dx, base - up) for dx, up in reversed(left)
    ]
    sheet.polygon(shape, glaze)
    lit = [(x - dx * 0.66, base - up) for dx, up in left[2:10]] + [
        (x - dx * 0.36, base - up) for dx, up in reversed(left[2:10])
    ]
    sheet.polygon(lit, mix(glaze, inks.light, 0.3))
    shade = [(x + dx, base - up) for dx, up in left] + [
        (x + dx * 0.58, base - up) for dx, up in reversed(left)
    ]
    sheet.polygon(shade, mix(glaze, inks.ink, 0.3))


def _potter(sheet: Sheet, x: float) -> None:
    inks = sheet.inks
    sheet.polygon(
        [
            (x - 30, 1060),
            (x - 60, 860),
            (x - 40, 700),
            (x + 20, 640),
            (x + 90, 650),
            (x + 140, 740),
            (x + 160, 900),
            (x + 150, 1060),
        ],
        inks.ink,
    )
    sheet.disc(x + 10, 584, 54, inks.ink, 1.12)
    sheet.polygon(
        [(x - 46, 570), (x - 34, 526), (x + 40, 518), (x + 70, 560), (x + 66, 600), (x + 20, 560)],
        inks.warm,
    )
    sheet.stroke((x + 60, 710), (x - 50, 850), 58, 40, inks.ink)
    sheet.stroke((x - 50, 850), (x - 158, 830), 38, 24, inks.ink)
    sheet.polygon([(x - 60, 930), (x - 180, 930), (x - 200, 1062), (x - 60, 1062)], inks.ink)
    sheet.disc(x - 206, 906, 130, mix(inks.warm, inks.ink, 0.55), 0.2)
    sheet.rect(x - 226, 906, 40, 160, inks.ink)
    _pot(sheet, x - 206, 900, 64, 1.7)
    sheet.disc(x - 206, 900 - 64 * 1.7, 34, mix(inks.warm, inks.ink, 0.5), 0.25)
