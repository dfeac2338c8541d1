"""Gatherings: a press conference, an assembly, a shadow play."""

from __future__ import annotations

import math

from newsapp.demo.pictures.inks import mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def microphones(sheet: Sheet) -> None:
    """A cluster of microphones before an empty rostrum."""
    rng, inks = sheet.rng, sheet.inks
    sheet.wash(
        0,
        HEIGHT,
        [
            (0.0, mix(inks.sky[0], inks.near, 0.35)),
            (0.6, mix(inks.sky[1], inks.mid, 0.25)),
            (1.0, inks.sky[2]),
        ],
    )
    fold = 0
    x = -30.0
    while x < WIDTH:
        wide = rng.uniform(46, 86)
        tint = inks.near if fold % 2 else inks.mid
        sheet.beam(
            [(x, 0), (x + wide, 0), (x + wide * 1.04, 1067), (x - wide * 0.04, 1067)], tint, 0.42
        )
        fold += 1
        x += wide
    centre = rng.uniform(740, 860)
    sheet.beam(
        [(centre - 90, 0), (centre + 90, 0), (centre + 560, 940), (centre - 560, 940)],
        inks.light,
        0.26,
    )
    sheet.glow(centre, 500, 480, inks.light, 0.4)
    for side in (-1, 1):
        _banner(sheet, centre + side * 500, side)
    _lectern(sheet, centre)
    count = 9
    order = sorted(range(count), key=lambda i: -abs(i - count // 2))
    for index in order:
        t = (index - count // 2) / (count // 2)
        foot = (centre + t * 360, 800.0)
        reach = 400 - 120 * abs(t) + rng.uniform(-50, 50) + 56 * (index % 2)
        head = (foot[0] - t * rng.uniform(10, 60), foot[1] - reach)
        _mic(sheet, foot, head, index)
    for at in (-10, 190, 1410, 1610):
        _reporter(sheet, at + rng.uniform(-30, 30), rng.uniform(930, 980))


def _reporter(sheet: Sheet, x: float, y: float) -> None:
    """Somebody in the front row, seen from behind."""
    ink = sheet.inks.ink
    sheet.disc(x, y, 46, ink, 1.2)
    sheet.rect(x - 20, y + 30, 40, 60, ink)
    sheet.polygon(
        [
            (x - 122, 1100),
            (x - 112, y + 104),
            (x - 70, y + 76),
            (x - 18, y + 62),
            (x + 18, y + 62),
            (x + 70, y + 76),
            (x + 112, y + 104),
            (x + 122, 1100),
        ],
        ink,
    )


def _banner(sheet: Sheet, x: float, side: int) -> None:
    inks = sheet.inks
    sheet.stroke((x, 860), (x, 190), 9, 7, inks.ink)
    sheet.disc(x, 184, 12, inks.warm)
    cloth = [
        (x, 214),
        (x + side * 66, 236),
        (x + side * 118, 420),
        (x + side * 92, 640),
        (x + side * 40, 700),
        (x, 640),
    ]
    sheet.graded(cloth, mix(inks.leaf, inks.near, 0.3), inks.near)
    sheet.polygon(
        [(x, 214), (x + side * 34, 226), (x + side * 52, 430), (x + side * 30, 690), (x, 640)],
        mix(inks.warm, inks.near, 0.45),
    )


def _lectern(sheet: Sheet, x: float) -> None:
    inks = sheet.inks
    sheet.polygon(
        [(x - 420, 790), (x + 420, 790), (x + 380, 860), (x - 380, 860)],
        mix(inks.warm, inks.ink, 0.45),
    )
    sheet.graded(
        [(x - 380, 860), (x + 380, 860), (x + 340, 1090), (x - 340, 1090)],
        mix(inks.warm, inks.ink, 0.66),
        inks.ink,
    )
    sheet.rect(x - 420, 786, 840, 9, inks.warm)
    sheet.ring(x, 985, 70, 7, mix(inks.warm, inks.ink, 0.25))
    sheet.ring(x, 985, 54, 3, mix(inks.warm, inks.ink, 0.25))


def _mic(sheet: Sheet, foot: Point, head: Point, index: int) -> None:
    inks = sheet.inks
    neck = (head[0] + (foot[0] - head[0]) * 0.34, head[1] + (foot[1] - head[1]) * 0.34)
    sheet.line(
        [foot, (foot[0] + (neck[0] - foot[0]) * 0.3, (foot[1] + neck[1]) / 2), neck], 10, inks.ink
    )
    dx, dy = head[0] - neck[0], head[1] - neck[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    sheet.stroke(neck, (neck[0] + ux * 70, neck[1] + uy * 70), 26, 38, inks.ink)
    ball = (neck[0] + ux * 100, neck[1] + uy * 100)
    if index % 3 == 0:
        sheet.stroke(
            (neck[0] + ux * 62, neck[1] + uy * 62),
            (neck[0] + ux * 150, neck[1] + uy * 150),
            56,
            62,
            inks.ink,
        )
        sheet.disc(neck[0] + ux * 150, neck[1] + uy * 150, 31, inks.ink)
        sheet.stroke(
            (neck[0] + ux * 86, neck[1] + uy * 86),
            (neck[0] + ux * 92, neck[1] + uy * 92),
            60,
            60,
            inks.mid,
        )
    else:
        sheet.disc(*ball, 43, inks.ink)
        sheet.disc(ball[0] - 12, ball[1] - 14, 22, mix(inks.ink, inks.mid, 0.55))
    cube = inks.accent if index == 4 else (inks.light, inks.warm, inks.mid, inks.far)[index % 4]
    at = (neck[0] + ux * 34, neck[1] + uy * 34)
    sheet.polygon(
        [
            (at[0] - 32, at[1] - 25),
            (at[0] + 32, at[1] - 25),
            (at[0] + 30, at[1] + 25),
            (at[0] - 30, at[1] + 25),
        ],
        cube,
    )
    sheet.rect(at[0] - 20, at[1] - 3, 40, 6, mix(cube, inks.ink, 0.6))


def parliament(sheet: Sheet) -> None:
    """A chamber from above: rings of seats around the floor."""
    rng, inks = sheet.rng, sheet.inks
    floor = mix(inks.warm, inks.light, 0.5)
    sheet.wash(0, HEIGHT, [(0.0, mix(inks.near, inks.ink, 0.3)), (1.0, inks.near)])
    cx, cy = 800.0, 930.0
    for ring in range(8, 0, -1):
        radius = 150 + ring * 92
        sheet.disc(cx, cy, radius + 46, mix(floor, inks.near, 0.3 + 0.055 * ring), 0.86)
        sheet.disc(cx, cy, radius + 34, mix(floor, inks.near, 0.16 + 0.055 * ring), 0.86)
    sheet.disc(cx, cy, 196, mix(floor, inks.light, 0.35), 0.86)
    taken = rng.uniform(0.2, 0.42)
    marked = (3, rng.randrange(9, 15))
    for ring in range(1, 9):
        radius = 150 + ring * 92
        count = 12 + ring * 5
        for index in range(count + 1):
            angle = (
                math.pi * (1.04 + 0.92 * index / count)
                if ring < 3
                else math.pi * (0.97 + 1.06 * index / count)
            )
            if index in {count // 4, count // 2, count - count // 4}:
                continue
            _seat(
                sheet, (cx, cy), radius, angle, ring, (ring, index) == marked, rng.random() < taken
            )
    sheet.polygon(
        [(cx - 170, 880), (cx + 170, 880), (cx + 210, 960), (cx - 210, 960)],
        mix(inks.warm, inks.ink, 0.5),
    )
    sheet.polygon([(cx - 170, 872), (cx + 170, 872), (cx + 176, 890), (cx - 176, 890)], inks.warm)
    for at in (-100, 0, 100):
        sheet.disc(cx + at, 858, 23, inks.ink)
        sheet.polygon(
            [(cx + at - 40, 884), (cx + at - 27, 868), (cx + at + 27, 868), (cx + at + 40, 884)],
            inks.ink,
        )
        sheet.rect(cx + at - 20, 902, 40, 26, inks.light)
    sheet.rect(0, 1010, WIDTH, 60, mix(inks.near, inks.ink, 0.5))
    sheet.beam([(500, 0), (760, 0), (1250, 1010), (430, 1010)], inks.light, 0.10)
    sheet.beam([(980, 0), (1180, 0), (1700, 1010), (1130, 1010)], inks.light, 0.08)


def _seat(
    sheet: Sheet, centre: Point, radius: float, angle: float, ring: int, marked: bool, taken: bool
) -> None:
    inks = sheet.inks
    flat = 0.86
    desk, chair, half = radius - 16, radius + 10, 15.0 + ring * 0.8

    def at(r: float, side: float) -> Point:
        a = angle + side * half / r
        return centre[0] + r * math.cos(a), centre[1] + r * math.sin(a) * flat

    wood = mix(inks.warm, inks.near, 0.45)
    sheet.polygon([at(desk, -1), at(desk, 1), at(desk + 14, 1), at(desk + 14, -1)], wood)
    sheet.polygon(
        [at(desk + 3, -0.5), at(desk + 3, 0.4), at(desk + 11, 0.4), at(desk + 11, -0.5)], inks.light
    )
    seat = inks.accent if marked else mix(inks.leaf, inks.near, 0.4)
    x, y = at(chair + 9, 0)
    sheet.disc(x, y, half * 0.84, seat)
    if taken or marked:
        sheet.disc(x, y - 7, half * 0.9, mix(inks.ink, inks.near, 0.2), 0.62)
        sheet.disc(x, y - 15, half * 0.46, inks.ink)


def gongs(sheet: Sheet) -> None:
    """Hanging gongs and their players before a lit screen."""
    rng, inks = sheet.rng, sheet.inks
    sheet.wash(0, HEIGHT, [(0.0, mix(inks.ink, inks.near, 0.3)), (1.0, inks.ink)])
    screen = [(250.0, 150.0), (1350.0, 150.0), (1330.0, 760.0), (270.0, 760.0)]
    sheet.graded(screen, mix(inks.light, inks.warm, 0.55), inks.light)
    lamp = (800.0, 300.0)
    sheet.glow(*lamp, 430, inks.light, 0.85)
    _puppet(sheet, rng.uniform(540, 600), 700, 1)
    _puppet(sheet, rng.uniform(1000, 1060), 700, -1)
    _tree_of_life(sheet, 800, 720)
    for side in (-1, 1):
        x = 800 + side * 620
        sheet.rect(x - 90, 120, 180, 800, mix(inks.near, inks.ink, 0.4))
        for fold in range(4):
            sheet.rect(x - 90 + fold * 48, 120, 16, 800, mix(inks.near, inks.warm, 0.3))
    sheet.rect(180, 100, 1240, 56, mix(inks.warm, inks.ink, 0.4))
    for swag in range(11):
        sheet.disc(
            240 + swag * 112, 156, 54, mix(inks.warm, inks.ink, 0.25 if swag % 2 else 0.45), 0.6
        )
    sheet.rect(180, 92, 1240, 34, mix(inks.warm, inks.ink, 0.55))
    sheet.rect(0, 770, WIDTH, 300, mix(inks.ink, inks.near, 0.25))
    sheet.rect(0, 766, WIDTH, 7, inks.warm)
    for x, radius in ((330, 120), (560, 84), (1270, 120), (1040, 84)):
        _gong(sheet, x, 860, radius)
    for x in (430, 800, 1165):
        _musician(sheet, x + rng.uniform(-20, 20))


def _puppet(sheet: Sheet, x: float, y: float, side: int) -> None:
    """A shadow puppet: crown, long arms on rods, patterned skirt."""
    inks = sheet.inks
    ink = mix(inks.ink, inks.near, 0.15)

    def at(dx: float, up: float) -> Point:
        return x + side * dx, y - up

    sheet.stroke(at(0, -40), at(0, 220), 8, 8, ink)
    sheet.polygon(
        [
            at(-70, 0),
            at(-52, 110),
            at(-24, 190),
            at(20, 190),
            at(46, 120),
            at(84, 10),
            at(30, 26),
            at(8, 4),
            at(-20, 26),
        ],
        ink,
    )
    sheet.polygon(
        [at(-24, 186), at(-44, 280), at(-20, 306), at(26, 304), at(42, 280), at(18, 186)], ink
    )
    sheet.stroke(at(6, 300), at(14, 340), 15, 13, ink)
    sheet.polygon(
        [
            at(-22, 352),
            at(-20, 392),
            at(6, 412),
            at(34, 402),
            at(46, 378),
            at(84, 346),
            at(50, 350),
            at(40, 334),
            at(0, 328),
        ],
        ink,
    )
    curl = [
        (-8, 396),
        (-44, 388),
        (-70, 410),
        (-74, 446),
        (-52, 474),
        (-20, 474),
        (-8, 452),
        (-22, 438),
    ]
    sheet.line([at(*point) for point in curl], 17, ink)
    sheet.disc(*at(-22, 438), 12, ink)
    sheet.disc(*at(-30, 366), 22, ink, 1.3)
    for spike in range(4):
        sheet.polygon(
            [
                at(-6 + spike * 12, 398),
                at(0 + spike * 12, 424 - spike * 4),
                at(8 + spike * 12, 398 - spike * 3),
            ],
            ink,
        )
    sheet.stroke(at(34, 290), at(112, 230), 14, 9, ink)
    sheet.stroke(at(112, 230), at(168, 318), 9, 6, ink)
    sheet.stroke(at(168, 318), at(190, 330), 7, 2, ink)
    sheet.line([at(168, 318), at(120, -40)], 2.5, ink)
    sheet.stroke(at(-38, 288), at(-80, 190), 14, 9, ink)
    sheet.stroke(at(-80, 190), at(-34, 130), 9, 5, ink)
    # Cut-outs through which the lamp shines.
    glow = mix(inks.light, inks.warm, 0.3)
    for row in range(4):
        for column in range(-1, 2 + row):
            sheet.disc(*at(-34 + column * 24 - row * 4 + 14, 150 - row * 34), 5, glow)
    for dot in range(4):
        sheet.disc(*at(-16 + dot * 14, 262 - dot % 2 * 14), 4, glow)
    sheet.line([at(26, 378), at(42, 374)], 4, glow)
    sheet.line([at(-36, 340), at(-34, 386)], 4, glow)


def _tree_of_life(sheet: Sheet, x: float, y: float) -> None:
    """The leaf-shaped figure that opens and closes a shadow play."""
    inks = sheet.inks
    ink, glow = mix(inks.ink, inks.near, 0.1), mix(inks.light, inks.warm, 0.35)
    outline: list[Point] = []
    for step in range(21):
        t = step / 20
        outline.append((118 * math.sin(math.pi * t**0.72) * (1 - 0.15 * t), 470 * t))
    shape = [(x - dx, y - up) for dx, up in outline] + [
        (x + dx, y - up) for dx, up in reversed(outline)
    ]
    sheet.polygon(shape, ink)
    sheet.stroke((x, y - 20), (x, y - 400), 12, 4, glow)
    for branch in range(6):
        up, reach = 120 + branch * 46, 74 - branch * 8
        for side in (-1, 1):
            sheet.line(
                [
                    (x, y - up),
                    (x + side * reach * 0.6, y - up - 12),
                    (x + side * reach, y - up - 40),
                ],
                4,
                glow,
            )
            sheet.disc(x + side * reach, y - up - 44, 7, glow)
    sheet.polygon(
        [(x - 46, y - 30), (x - 46, y - 84), (x, y - 112), (x + 46, y - 84), (x + 46, y - 30)], glow
    )
    sheet.polygon(
        [(x - 12, y - 30), (x - 12, y - 70), (x + 12, y - 70), (x + 12, y - 30)], inks.accent
    )


def _gong(sheet: Sheet, x: float, y: float, radius: float) -> None:
    inks = sheet.inks
    wood = mix(inks.warm, inks.ink, 0.62)
    top = y - radius * 1.3
    for side in (-1, 1):
        sheet.stroke(
            (x + side * radius * 1.22, y + radius * 1.25),
            (x + side * radius * 1.16, top),
            20,
            14,
            wood,
        )
    sheet.rect(x - radius * 1.4, top - 16, radius * 2.8, 20, wood)
    sheet.polygon(
        [(x - radius * 1.4, top - 16), (x - radius * 1.56, top - 40), (x - radius * 1.2, top - 16)],
        wood,
    )
    sheet.polygon(
        [(x + radius * 1.4, top - 16), (x + radius * 1.56, top - 40), (x + radius * 1.2, top - 16)],
        wood,
    )
    for cord in (-0.4, 0.4):
        sheet.line(
            [(x + cord * radius, top), (x + cord * radius * 0.9, y - radius * 0.86)], 4, inks.ink
        )
    sheet.disc(x, y, radius, mix(inks.warm, inks.ink, 0.35))
    sheet.disc(x, y, radius * 0.88, inks.warm)
    sheet.ring(x, y, radius * 0.62, 4, mix(inks.warm, inks.ink, 0.35))
    sheet.disc(x, y, radius * 0.26, mix(inks.warm, inks.ink, 0.3))
    sheet.disc(
        x - radius * 0.05, y - radius * 0.06, radius * 0.19, mix(inks.warm, inks.light, 0.45)
    )


def _musician(sheet: Sheet, x: float) -> None:
    inks = sheet.inks
    coat = mix(inks.mid, inks.ink, 0.35)
    sheet.polygon(
        [
            (x - 130, 1090),
            (x - 104, 990),
            (x - 70, 958),
            (x - 18, 942),
            (x + 18, 942),
            (x + 70, 958),
            (x + 104, 990),
            (x + 130, 1090),
        ],
        coat,
    )
    sheet.disc(x, 900, 44, mix(coat, inks.ink, 0.4), 1.1)
    sheet.polygon(
        [(x - 46, 892), (x - 40, 858), (x + 20, 846), (x + 58, 862), (x + 46, 894)],
        mix(inks.warm, inks.ink, 0.4),
    )
    sheet.stroke((x - 96, 1010), (x - 140, 940), 26, 18, coat)
    sheet.line([(x - 140, 940), (x - 176, 884)], 7, inks.warm)
    sheet.disc(x - 178, 880, 13, inks.light)
