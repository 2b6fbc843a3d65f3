#!/usr/bin/env python3
"""Draws the icons in App/Assets.xcassets and Officer/Assets.xcassets from the vectors of Android's, so that both look
the same.

    ios/draw-icon.py        after a change of an ic_launcher_foreground.xml or an icon_ground

It knows of a vector what this one has: filled paths, and lines of one width with round ends.
"""

import math
import pathlib
import re
import struct
import xml.etree.ElementTree
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ANDROIDS = HERE.parent / "android"
ICON = "Assets.xcassets/AppIcon.appiconset/AppIcon.png"
SIDE = 1024
# Of an adaptive icon's 108 units a launcher shows the 72 in the middle. The system rounds the corners itself.
FIRST, SHOWN = 18, 72
SCALE = SIDE / SHOWN
# Lines that are looked at in each row of pixels; along a line the edge is where it is.
LINES = 8
ANDROID = "{http://schemas.android.com/apk/res/android}"


def color(text):
    """Red, green and blue of an opaque #AARRGGBB."""
    alpha, *rgb = bytes.fromhex(text.removeprefix("#"))
    assert alpha == 255, f"{text} can be looked through"
    return rgb


def polylines(path):
    """The lines of a path's data, in pixels; each as points, and whether it is closed."""
    words = re.findall(r"[A-Za-z]|-?[0-9.]+", path)
    found, points, at, command = [], [], (0.0, 0.0), ""

    def number():
        return float(words.pop(0))

    while words:
        if words[0].isalpha():
            command = words.pop(0)
        if command == "z":
            found.append((points, True))
            at, points = points[0], []
            continue
        if command == "M":
            if points:
                found.append((points, False))
            at = (number(), number())
            points = [at]
            continue
        match command:
            case "l":
                arc = [(at[0] + number(), at[1] + number())]
            case "h":
                arc = [(at[0] + number(), at[1])]
            case "v":
                arc = [(at[0], at[1] + number())]
            case "a":
                arc = list(of_circle(at, *(number() for _ in range(7))))
            case _:
                raise SystemExit(f"a path has the unknown command {command}")
        points += arc
        at = points[-1]
    if points:
        found.append((points, False))
    return [([((x - FIRST) * SCALE, (y - FIRST) * SCALE) for x, y in line], closed) for line, closed in found]


def of_circle(at, radius, other, _, large, sweep, dx, dy):
    """Points along an arc of a circle, but for its first."""
    assert radius == other, "an arc is of no circle"
    half = math.hypot(dx, dy) / 2
    off = math.sqrt(max(0, radius**2 - half**2)) * (1 if large != sweep else -1)
    center = at[0] + dx / 2 - off * dy / (2 * half), at[1] + dy / 2 + off * dx / (2 * half)
    start = math.atan2(at[1] - center[1], at[0] - center[0])
    turn = math.atan2(at[1] + dy - center[1], at[0] + dx - center[0]) - start
    turn = turn % (2 * math.pi) if sweep else -(-turn % (2 * math.pi))
    steps = 64
    for step in range(1, steps + 1):
        angle = start + turn * step / steps
        yield center[0] + radius * math.cos(angle), center[1] + radius * math.sin(angle)


def filled(lines):
    """How much of each pixel lies inside, by row and column; what overlaps is outside again."""
    rows = {}
    for row in range(SIDE):
        for line in range(LINES):
            y = row + (line + 0.5) / LINES
            edges = sorted(
                x0 + (y - y0) * (x1 - x0) / (y1 - y0)
                for points, _ in lines
                for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1])
                if (y0 <= y) != (y1 <= y)
            )
            for left, right in zip(edges[::2], edges[1::2]):
                for x in range(max(0, int(left)), min(SIDE, math.ceil(right))):
                    part = min(right, x + 1) - max(left, x)
                    cover = rows.setdefault(row, {})
                    cover[x] = cover.get(x, 0) + part / LINES
    return rows


def stroked(lines, width):
    """How much of each pixel lies on a line with round ends and corners."""
    rows, reach = {}, width * SCALE / 2
    pieces = [piece for points, _ in lines for piece in zip(points, points[1:])]
    ys = [y for piece in pieces for _, y in piece]
    xs = [x for piece in pieces for x, _ in piece]
    for row in range(int(min(ys) - reach) - 1, int(max(ys) + reach) + 2):
        for x in range(int(min(xs) - reach) - 1, int(max(xs) + reach) + 2):
            near = min(distance(x + 0.5, row + 0.5, *piece) for piece in pieces)
            if near < reach + 0.5:
                rows.setdefault(row, {})[x] = min(1, reach + 0.5 - near)
    return rows


def distance(x, y, start, end):
    """From a point to a piece of a line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy)
    along = min(1, max(0, along))
    return math.hypot(x - start[0] - along * dx, y - start[1] - along * dy)


def png(picture):
    """A PNG of red, green and blue, without an alpha channel: the store takes no other icon."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    # Each row as what is other than in the row above: of flat colours hardly anything is left.
    above, rows = bytes(3 * SIDE), bytearray()
    for row in picture:
        rows += b"\x02" + bytes((byte - up) & 255 for byte, up in zip(row, above))
        above = row
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def draw(android, app):
    resources = ANDROIDS / android / "src/main/res"
    colors = xml.etree.ElementTree.parse(resources / "values/colors.xml").getroot()
    ground = color(next(found.text for found in colors if found.get("name") == "icon_ground"))
    picture = [bytearray(ground * SIDE) for _ in range(SIDE)]
    for path in xml.etree.ElementTree.parse(resources / "drawable/ic_launcher_foreground.xml").getroot():
        lines = polylines(path.get(ANDROID + "pathData"))
        fill, stroke = path.get(ANDROID + "fillColor"), path.get(ANDROID + "strokeColor")
        cover = filled(lines) if fill else stroked(lines, float(path.get(ANDROID + "strokeWidth")))
        ink = color(fill or stroke)
        for row, parts in cover.items():
            for x, part in parts.items():
                for place, value in enumerate(ink, 3 * x):
                    before = picture[row][place]
                    picture[row][place] = round(before + (value - before) * min(1, part))
    (HERE / app / ICON).write_bytes(png(picture))


def main():
    draw("app", "App")
    draw("officer", "Officer")


main()
