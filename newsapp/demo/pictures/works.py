"""Works: a train, a chip, a yard, solar panels, machines."""

from __future__ import annotations

import math
from collections.abc import Callable

from newsapp.demo.pictures.figures import (
    every,
    ground,
    person,
    pine,
    ridge,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def train(sheet: Sheet) -> None:
    """A fast train on a viaduct below a snow-capped cone."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(760)
    peak = (rng.uniform(880, 1120), rng.uniform(190, 250))
    sun = (peak[0] - rng.uniform(380, 520), rng.uniform(200, 300))
    sheet.sun(*sun, 52)
    if rng.random() < 0.5:
        _cone(sheet, peak)
    else:
        for base, height, share in ((560, 300, 0.0), (640, 240, 0.35)):
            ink = mix(inks.far, inks.mid, share)
            sheet.graded(ground(ridge(rng, base, height, 0.46)), ink, inks.sky[2], 0.5)
    sheet.veil(500, 760, inks.sky[2], 0.85)
    sheet.graded(ground(ridge(rng, 690, 90, 0.45)), mix(inks.far, inks.leaf, 0.3), inks.sky[2], 0.3)
    sheet.wash(
        745,
        HEIGHT,
        [
            (0.0, mix(inks.leaf, inks.sky[2], 0.55)),
            (0.5, inks.leaf),
            (1.0, mix(inks.near, inks.leaf, 0.4)),
        ],
    )
    y, step = 752.0, 9.0
    while y < HEIGHT:
        sheet.polygon(
            [(-20, y), (1620, y + step * 0.3), (1620, y + step * 0.62), (-20, y + step * 0.4)],
            mix(inks.leaf, rng.choice((inks.warm, inks.light, inks.near)), 0.35),
        )
        y += step
        step *= 1.22
    deck = 690.0
    for x in every(-60, 1700, 200):
        sheet.beam([(x + 66, 885), (x + 96, 885), (x + 290, 960), (x + 180, 960)], inks.ink, 0.28)
        sheet.polygon(
            [
                (x + 56, deck + 20),
                (x + 120, deck + 20),
                (x + 98, deck + 64),
                (x + 98, 888),
                (x + 78, 888),
                (x + 78, deck + 64),
            ],
            mix(inks.light, inks.mid, 0.55),
        )
        sheet.rect(x + 90, deck + 50, 8, 838 - deck, inks.mid)
    sheet.rect(0, deck, WIDTH, 34, mix(inks.light, inks.mid, 0.35))
    sheet.rect(0, deck + 24, WIDTH, 10, inks.near)
    for x in every(60, 1600, 170):
        sheet.rect(x, deck - 128, 5, 128, inks.near)
        sheet.rect(x - 36, deck - 122, 76, 4, inks.near)
    for level in (-104, -122):
        sheet.line([(0, deck + level), (1600, deck + level)], 1.6, inks.near)
    _carriages(sheet, rng.uniform(230, 330), deck)
    for x in every(-20, 1620, 60):
        pine(sheet, x + rng.uniform(-30, 30), 1090, rng.uniform(90, 180), inks.ink)


def _cone(sheet: Sheet, peak: Point) -> None:
    rng, inks = sheet.rng, sheet.inks

    def side(sign: float) -> list[Point]:
        return [
            (peak[0] + sign * (30 + 760 * t**1.35), peak[1] + 540 * t)
            for t in (0.0, 0.15, 0.3, 0.5, 0.75, 1.0)
        ]

    left, right = side(-1), side(1)
    sheet.graded([*left, *reversed(right)], mix(inks.mid, inks.far, 0.3), inks.sky[2], 0.85)
    hem: list[Point] = [(peak[0] - 100, peak[1] + 92)]
    for step in range(1, 14):
        reach = (66 if step % 2 else 6) * rng.uniform(0.6, 1.1)
        hem.append((peak[0] - 100 + 200 * step / 14, peak[1] + 92 + reach))
    hem.append((peak[0] + 100, peak[1] + 92))
    cap = [(px, py) for px, py in left if py < peak[1] + 84]
    other = [(px, py) for px, py in right if py < peak[1] + 84]
    sheet.polygon([*reversed(cap), *other, *reversed(hem)], inks.light)
    sheet.polygon(
        [(peak[0] + 12, peak[1]), *other, *reversed(hem[8:])], mix(inks.light, inks.mid, 0.25)
    )


def _carriages(sheet: Sheet, nose: float, deck: float) -> None:
    inks = sheet.inks
    top = deck - 92
    body = [
        (nose, deck - 16),
        (nose + 26, deck - 34),
        (nose + 110, deck - 62),
        (nose + 190, top + 6),
        (nose + 240, top),
        (1640, top),
        (1640, deck - 8),
        (nose + 12, deck - 8),
    ]
    sheet.polygon(body, inks.light)
    sheet.polygon(
        [
            (nose + 4, deck - 22),
            (nose + 40, deck - 30),
            (1640, deck - 30),
            (1640, deck - 8),
            (nose + 12, deck - 8),
        ],
        mix(inks.light, inks.mid, 0.4),
    )
    sheet.polygon(
        [
            (nose + 10, deck - 30),
            (nose + 60, deck - 40),
            (1640, deck - 40),
            (1640, deck - 32),
            (nose + 6, deck - 26),
        ],
        inks.near,
    )
    sheet.polygon(
        [
            (nose + 112, deck - 60),
            (nose + 172, top + 14),
            (nose + 204, top + 14),
            (nose + 178, deck - 58),
        ],
        inks.ink,
    )
    for x in every(int(nose) + 270, 1640, 46):
        sheet.rect(x, top + 20, 27, 19, inks.ink)
    for x in every(int(nose) + 470, 1640, 330):
        sheet.rect(x, top, 4, 84, inks.mid)
        sheet.rect(x - 40, top + 16, 17, 44, mix(inks.light, inks.mid, 0.55))
    sheet.rect(nose + 12, deck - 10, 1640 - nose, 10, inks.ink)
    sheet.disc(nose + 30, deck - 28, 5, inks.accent)
    for level in (0.25, 0.5, 0.75):
        sheet.line(
            [(nose - 150, deck - 80 * level), (nose - 30 + 40 * level, deck - 80 * level)],
            2,
            mix(inks.light, inks.far, 0.3),
        )


def circuit(sheet: Sheet) -> None:
    """A chip on its board, seen from above."""
    rng, inks = sheet.rng, sheet.inks
    board = mix(inks.near, inks.leaf, 0.25)
    sheet.wash(0, HEIGHT, [(0.0, mix(board, inks.mid, 0.3)), (1.0, mix(board, inks.ink, 0.4))])
    cx, cy, half = rng.uniform(730, 870), rng.uniform(500, 560), rng.uniform(190, 225)
    trace = mix(inks.warm, board, 0.25)
    for side in range(4):
        count = 17
        for index in range(count):
            _trace(sheet, (cx, cy), half, side, (index - count // 2) / (count // 2), trace)
    for _ in range(70):
        x, y = rng.uniform(0, 1600), rng.uniform(0, 1067)
        if max(abs(x - cx), abs(y - cy)) > half + 120:
            _part(sheet, x, y)
    sheet.beam(
        [
            (cx - half + 26, cy - half + 30),
            (cx + half + 34, cy - half + 30),
            (cx + half + 34, cy + half + 40),
            (cx - half + 26, cy + half + 40),
        ],
        inks.ink,
        0.5,
    )
    for side in range(4):
        for index in range(17):
            at = (index - 8) / 8 * half * 0.9
            pin = mix(inks.light, inks.warm, 0.35)
            if side % 2:
                sheet.rect(cx + at - 5, cy - half - 20, 10, half * 2 + 40, pin)
            else:
                sheet.rect(cx - half - 20, cy + at - 5, half * 2 + 40, 10, pin)
    sheet.rect(cx - half, cy - half, half * 2, half * 2, inks.ink)
    lid = half * 0.7
    sheet.graded(
        [(cx - lid, cy - lid), (cx + lid, cy - lid), (cx + lid, cy + lid), (cx - lid, cy + lid)],
        mix(inks.light, inks.mid, 0.12),
        mix(inks.mid, inks.light, 0.35),
    )
    _die(sheet, cx, cy, lid * 0.74)
    sheet.disc(cx - half * 0.84, cy - half * 0.84, 9, inks.accent)


def _trace(sheet: Sheet, centre: Point, half: float, side: int, at: float, ink: Ink) -> None:
    """A conductor that leaves the chip, turns by 45 degrees and runs on to the edge or a hole."""
    rng = sheet.rng
    first, bend = (
        40 + 150 * (1 - abs(at)),
        (70 + 130 * rng.random()) * (1 if at >= 0 else -1) * (0.25 + abs(at)),
    )
    rest = rng.choice((60, 170, 900, 900, 900))
    path = [
        (half, at * half * 0.9),
        (half + first, at * half * 0.9),
        (half + first + abs(bend), at * half * 0.9 + bend),
        (half + first + abs(bend) + rest, at * half * 0.9 + bend),
    ]
    turned = [((a, b), (-b, a), (-a, -b), (b, -a))[side] for a, b in path]
    points = [(centre[0] + a, centre[1] + b) for a, b in turned]
    sheet.line(points, 5, ink)
    if rest < 900:
        sheet.disc(*points[-1], 11, ink)
        sheet.disc(*points[-1], 5, sheet.inks.ink)


def _part(sheet: Sheet, x: float, y: float) -> None:
    """A small part soldered to the board."""
    rng, inks = sheet.rng, sheet.inks
    wide, high = rng.choice(((44, 22), (22, 44), (30, 30), (84, 40), (26, 60)))
    sheet.beam(
        [
            (x + 7, y + 8),
            (x + wide + 7, y + 8),
            (x + wide + 7, y + high + 8),
            (x + 7, y + high + 8),
        ],
        inks.ink,
        0.45,
    )
    if wide == high:
        sheet.disc(x + 15, y + 15, 21, mix(inks.light, inks.mid, 0.4))
        sheet.disc(x + 15, y + 15, 16, inks.near)
        return
    sheet.rect(x, y, wide, high, mix(inks.light, inks.warm, 0.4))
    inset = 8
    if wide > high:
        sheet.rect(
            x + inset,
            y,
            wide - 2 * inset,
            high,
            rng.choice((inks.ink, inks.mid, mix(inks.warm, inks.ink, 0.4))),
        )
    else:
        sheet.rect(
            x,
            y + inset,
            wide,
            high - 2 * inset,
            rng.choice((inks.ink, inks.mid, mix(inks.warm, inks.ink, 0.4))),
        )


def _die(sheet: Sheet, cx: float, cy: float, half: float) -> None:
    """The die: blocks of fine structure in two inks."""
    rng, inks = sheet.rng, sheet.inks
    sheet.rect(cx - half, cy - half, half * 2, half * 2, inks.mid)
    cells = 8
    size = half * 2 / cells
    for row in range(cells):
        for column in range(cells):
            x, y = cx - half + column * size, cy - half + row * size
            ink = rng.choice(
                (inks.near, inks.far, mix(inks.warm, inks.mid, 0.3), inks.ink, inks.mid)
            )
            sheet.rect(x + 1.5, y + 1.5, size - 3, size - 3, ink)
            for bar in range(rng.choice((0, 2, 4))):
                sheet.rect(x + 4, y + 4 + bar * size / 5, size - 8, 1.6, mix(ink, inks.light, 0.45))


def containers(sheet: Sheet) -> None:
    """A container yard from straight above."""
    rng, inks = sheet.rng, sheet.inks
    angle = rng.choice((-1, 1)) * rng.uniform(0.28, 0.5)
    cos, sin, centre = math.cos(angle), math.sin(angle), (800.0, 533.0)

    def turn(x: float, y: float) -> Point:
        return centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos

    def block(x: float, y: float, wide: float, high: float, ink: Ink) -> None:
        sheet.polygon(
            [turn(x, y), turn(x + wide, y), turn(x + wide, y + high), turn(x, y + high)], ink
        )

    tarmac = mix(inks.far, inks.mid, 0.35)
    sheet.wash(0, HEIGHT, [(0.0, mix(tarmac, inks.light, 0.18)), (1.0, tarmac)])
    paints = (
        inks.near,
        inks.warm,
        inks.leaf,
        mix(inks.light, inks.far, 0.25),
        inks.ink,
        mix(inks.warm, inks.near, 0.55),
        inks.mid,
    )
    red = (rng.choice((-2, -1, 0, 1)), rng.randrange(3, 8), rng.randrange(1, 4))
    for bay in range(-4, 4):
        y0 = bay * 262 + 24
        for dash in range(-14, 14):
            block(dash * 86, y0 - 40, 44, 3, mix(inks.light, tarmac, 0.25))
        for column in range(-9, 9):
            if rng.random() < 0.09:
                continue
            for row in range(5):
                if rng.random() < 0.07:
                    continue
                x, y = column * 116.0 + 6, y0 + row * 41.0
                stack = rng.choice((1, 2, 3))
                is_red = (bay, column + 5, row) == red
                ink = inks.accent if is_red else rng.choice(paints)
                shadow = 7 * stack
                sheet.polygon(
                    [
                        turn(x + shadow, y + 35),
                        turn(x + 108 + shadow, y + 35 + shadow),
                        turn(x + 108, y + 36),
                        turn(x, y + 36),
                    ],
                    mix(tarmac, inks.ink, 0.55),
                )
                sheet.polygon(
                    [
                        turn(x + 108, y),
                        turn(x + 108 + shadow, y + shadow),
                        turn(x + 108 + shadow, y + 35 + shadow),
                        turn(x, y + 35),
                    ],
                    mix(tarmac, inks.ink, 0.55),
                )
                block(x, y, 108, 36, ink)
                block(x, y, 108, 3, mix(ink, inks.light, 0.35))
                for rib in range(1, 12):
                    block(x + rib * 9, y + 4, 1.4, 30, mix(ink, inks.ink, 0.3))
    for _ in range(4):
        bay, x = rng.choice((-2, -1, 0, 1)), rng.uniform(-480, 420)
        y = bay * 262 - 30
        block(x + 5, y + 6, 120, 24, mix(tarmac, inks.ink, 0.5))
        block(x, y, 84, 24, rng.choice(paints))
        block(x + 90, y + 1, 28, 22, inks.light)
        block(x + 108, y + 3, 6, 18, inks.ink)
    _yard_crane(sheet, turn, rng.uniform(-260, 160))


def _yard_crane(sheet: Sheet, turn: Callable[[float, float], Point], x: float) -> None:
    inks = sheet.inks

    def block(x0: float, y0: float, wide: float, high: float, ink: Ink, strength: float) -> None:
        sheet.beam(
            [turn(x0, y0), turn(x0 + wide, y0), turn(x0 + wide, y0 + high), turn(x0, y0 + high)],
            ink,
            strength,
        )

    block(x + 46, -30, 60, 290, inks.ink, 0.4)
    for beam in (0, 46):
        block(x + beam, -40, 14, 290, mix(inks.warm, inks.light, 0.3), 1)
        block(x + beam + 9, -40, 5, 290, inks.warm, 1)
    for end in (-44, 234):
        block(x - 14, end, 88, 18, mix(inks.warm, inks.ink, 0.3), 1)
    block(x - 6, 92, 72, 44, inks.light, 1)
    block(x + 4, 102, 52, 24, inks.near, 1)


def solar(sheet: Sheet) -> None:
    """Rows of panels running to the hills."""
    rng, inks = sheet.rng, sheet.inks
    horizon = 380.0
    sheet.sky(horizon + 40)
    sun = (rng.uniform(620, 980), rng.uniform(170, 230))
    sheet.glow(*sun, 400, inks.light, 0.7)
    sheet.sun(*sun, 58)
    sheet.graded(ground(ridge(rng, horizon + 6, 130, 0.46)), inks.far, inks.sky[2], 0.2)
    sand = mix(inks.warm, inks.light, 0.35)
    sheet.wash(
        horizon, HEIGHT, [(0.0, mix(sand, inks.sky[2], 0.6)), (1.0, mix(sand, inks.near, 0.3))]
    )
    vanish = rng.uniform(420, 1180)
    depth = 24.0
    while depth < 620:
        _panels(sheet, vanish, horizon, depth, depth * 1.19)
        depth *= 1.36
    x = vanish + rng.choice((-1, 1)) * 96
    person(sheet, x, 640, 92, inks.ink)
    sheet.beam([(x - 8, 638), (x + 10, 638), (x + 120, 668), (x + 86, 668)], inks.ink, 0.4)


def _panels(sheet: Sheet, vanish: float, horizon: float, far: float, near: float) -> None:
    """One row between two depths below the horizon; its columns run to the vanishing point."""
    inks = sheet.inks
    haze = max(0.0, 0.55 - far / 420)
    glass, sheen = mix(inks.ink, inks.near, 0.55), mix(inks.near, inks.sky[0], 0.55)
    glass, sheen = mix(glass, inks.sky[2], haze), mix(sheen, inks.sky[2], haze)
    frame = mix(inks.light, inks.far, 0.25 + haze * 0.4)
    lift = (near - far) * 0.55
    back, front = horizon + far - lift, horizon + near - lift * 0.2
    for column in range(-11, 11):
        left, right = column * 2.1 + 0.33, column * 2.1 + 2.27
        edges = [
            vanish + left * near,
            vanish + right * near,
            vanish + right * far,
            vanish + left * far,
        ]
        if max(edges) < -20 or min(edges) > WIDTH + 20:
            continue
        shade = horizon + near + lift * 0.35
        sheet.beam(
            [
                (edges[0], front),
                (edges[1], front),
                (edges[1] + lift, shade),
                (edges[0] + lift, shade),
            ],
            inks.ink,
            0.38,
        )
        for post in (0.2, 0.8):
            sheet.rect(
                edges[0] + (edges[1] - edges[0]) * post,
                front,
                max(1.5, near * 0.018),
                lift * 0.5,
                inks.ink,
            )
        corners = [(edges[0], front), (edges[1], front), (edges[2], back), (edges[3], back)]
        sheet.graded(corners, sheen, glass)
        for cell in range(7):
            t = cell / 6
            sheet.line(
                [
                    (edges[0] + (edges[1] - edges[0]) * t, front),
                    (edges[3] + (edges[2] - edges[3]) * t, back),
                ],
                max(0.6, near * (0.012 if cell % 6 else 0.02)),
                frame,
            )
        for level in (0.0, 0.52, 1.0):
            y = back + (front - back) * level
            a, b = (
                edges[3] + (edges[0] - edges[3]) * level,
                edges[2] + (edges[1] - edges[2]) * level,
            )
            sheet.line([(a, y), (b, y)], max(0.6, near * 0.012), frame)


def robots(sheet: Sheet) -> None:
    """Jointed arms at work along a line."""
    rng, inks = sheet.rng, sheet.inks
    floor = 860.0
    sheet.wash(0, floor, [(0.0, inks.sky[0]), (0.6, inks.sky[1]), (1.0, inks.sky[2])])
    for x in every(-40, 1640, 210):
        sheet.rect(x, 90, 168, 440, mix(inks.sky[2], inks.light, 0.6))
        for bar in (56, 112):
            sheet.rect(x + bar, 90, 4, 440, mix(inks.far, inks.mid, 0.4))
        for bar in (110, 220, 330):
            sheet.rect(x, 90 + bar, 168, 4, mix(inks.far, inks.mid, 0.4))
    sun = (rng.uniform(640, 960), 240)
    sheet.sun(*sun, 46)
    for x in every(-40, 1640, 210):
        sheet.rect(x - 42, 60, 42, 500, mix(inks.far, inks.mid, 0.5))
        for bar in (56, 112):
            sheet.rect(x + bar, 90, 4, 440, mix(inks.far, inks.mid, 0.5))
    sheet.rect(0, 40, WIDTH, 36, inks.mid)
    sheet.wash(floor - 150, HEIGHT, [(0.0, inks.far), (0.35, inks.mid), (1.0, inks.near)])
    for x in (180, 520, 860, 1200, 1540):
        _arm(
            sheet,
            x + rng.uniform(-40, 40),
            floor - 110,
            260,
            mix(inks.mid, inks.near, 0.3),
            inks.far,
        )
    sheet.rect(0, floor - 90, WIDTH, 30, inks.near)
    for x in every(20, 1600, 190):
        sheet.rect(x, floor - 142, 118, 52, mix(inks.light, inks.mid, 0.35))
        sheet.rect(x + 10, floor - 132, 98, 16, inks.mid)
    for x, size in ((rng.uniform(330, 440), 560), (rng.uniform(1010, 1130), 520)):
        _arm(sheet, x, HEIGHT - 20, size, inks.ink, inks.warm)
    sheet.rect(0, HEIGHT - 40, WIDTH, 60, inks.ink)


def _arm(sheet: Sheet, x: float, base: float, size: float, ink: Ink, joint: Ink) -> None:
    rng = sheet.rng
    side = rng.choice((-1, 1))
    shoulder = (x, base - size * 0.3)
    elbow = (x - side * size * rng.uniform(0.1, 0.28), base - size * rng.uniform(0.86, 1.04))
    wrist = (
        elbow[0] + side * size * rng.uniform(0.5, 0.64),
        elbow[1] + size * rng.uniform(0.02, 0.2),
    )
    tool = (wrist[0] + side * size * 0.08, wrist[1] + size * 0.2)
    sheet.polygon(
        [
            (x - size * 0.2, base),
            (x + size * 0.2, base),
            (x + size * 0.12, shoulder[1]),
            (x - size * 0.12, shoulder[1]),
        ],
        ink,
    )
    sheet.stroke(shoulder, elbow, size * 0.17, size * 0.12, ink)
    sheet.stroke(elbow, wrist, size * 0.13, size * 0.075, ink)
    sheet.stroke(wrist, tool, size * 0.06, size * 0.045, ink)
    for point, radius in ((shoulder, 0.13), (elbow, 0.1), (wrist, 0.055)):
        sheet.disc(*point, size * radius, ink)
        sheet.disc(*point, size * radius * 0.52, joint)
    for claw in (-1, 1):
        sheet.stroke(
            tool,
            (tool[0] + claw * size * 0.05, tool[1] + size * 0.08),
            size * 0.03,
            size * 0.015,
            ink,
        )
    sheet.line(
        [
            (shoulder[0] + side * size * 0.1, shoulder[1]),
            (elbow[0] + side * size * 0.14, elbow[1] + size * 0.3),
            (elbow[0] + side * size * 0.1, elbow[1] - size * 0.06),
        ],
        size * 0.018,
        ink,
    )
