"""Draw the map of Europe from Natural Earth: static/map.svg and tracker/reference/map_points.csv.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/map_of_europe.py package/countries-50m.json

The result is committed, so nobody needs this to run the program. The package carries Natural Earth 4.1, which
is in the public domain; its own files are under the ISC licence.

The projection is that of the statistics of the Union (Lambert azimuthal equal area around 52 N 10 E), on a
sphere. What lies outside of the frame (Svalbard, the Azores, Madeira, the Canaries, all that is overseas) is
left out.
"""

import csv
import heapq
import json
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "static" / "map.svg"
POINTS = ROOT / "tracker" / "reference" / "map_points.csv"

Point = tuple[float, float]
Ring = list[Point]

#: The states of the EEA, and two neighbours that have authorities of their own, by their ISO 3166-1 numbers.
STATES = {
    "040": "AT", "056": "BE", "100": "BG", "191": "HR", "196": "CY", "203": "CZ", "208": "DK", "233": "EE",
    "246": "FI", "250": "FR", "276": "DE", "300": "GR", "348": "HU", "352": "IS", "372": "IE", "380": "IT",
    "428": "LV", "438": "LI", "440": "LT", "442": "LU", "470": "MT", "528": "NL", "578": "NO", "616": "PL",
    "620": "PT", "642": "RO", "703": "SK", "705": "SI", "724": "ES", "752": "SE", "756": "CH", "826": "GB",
}  # fmt: skip
#: Parts of a state that the source has as features of their own. Cyprus is a member as a whole.
PARTS = {"N. Cyprus": "CY", "Åland": "FI"}
#: The four that nobody hits with a finger; their marks stand as near to their place as can be.
SMALL = ("MT", "CY", "LI", "LU")

#: Width of the drawing. A phone of 360 px shows it on 328 px, so two units are one pixel there.
WIDTH = 656
#: The frame in degrees: each of these must lie inside, and the frame is no larger than they ask.
CORNERS = ((-24.3, 65.3), (-9.6, 38.6), (34.7, 35.2), (25.0, 71.3), (31.6, 63.0), (24.5, 34.7), (-5.6, 35.9))
MARGIN = 14
RADIUS = 6371007.0
CENTRE = (10.0, 52.0)
#: A corner is left out when the triangle that it makes with its neighbours is smaller, in square units.
SMALLEST_TRIANGLE = 2.6
#: The outline of a small state keeps more of them, and is written in tenths of a unit.
SMALLEST_OF_SMALL = 0.1
#: A state is small below so many square units.
SMALL_AREA = 60.0
#: So is an island, unless it is the largest part of its state.
SMALLEST_ISLAND = 6.0
#: How far apart the middles of two marks must be: a circle of 24 px on a phone, and a little air.
APART = 50.0
#: How far a mark keeps from the frame.
INSIDE = 26.0
#: Room below, for the diamond around the mark of Malta.
BELOW = 12


def projected(longitude: float, latitude: float) -> Point:
    """Return metres to the right of the centre, and below it."""
    turn = math.radians(longitude - CENTRE[0])
    here, there = math.radians(latitude), math.radians(CENTRE[1])
    near = 1 + math.sin(there) * math.sin(here) + math.cos(there) * math.cos(here) * math.cos(turn)
    scale = RADIUS * math.sqrt(2 / max(near, 1e-9))
    up = math.cos(there) * math.sin(here) - math.sin(there) * math.cos(here) * math.cos(turn)
    return scale * math.cos(here) * math.sin(turn), -scale * up


def area(ring: Ring) -> float:
    """Return the area inside a ring, negative where it runs against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def simplified(line: Ring, smallest: float) -> Ring:
    """Return the line without corners that make a smaller triangle (Visvalingam); its ends stay."""
    left, right = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))

    def triangle(at: int) -> float:
        return abs(area([line[left[at]], line[at], line[right[at]]]))

    size = {at: triangle(at) for at in range(1, len(line) - 1)}
    heap = [(value, at) for at, value in size.items()]
    heapq.heapify(heap)
    while heap:
        value, at = heapq.heappop(heap)
        if size.get(at) != value:
            continue
        if value >= smallest:
            break
        del size[at]
        right[left[at]], left[right[at]] = right[at], left[at]
        for side in (left[at], right[at]):
            if side in size:
                # What stands beside a corner that went is never smaller than it was: order is kept.
                size[side] = max(triangle(side), value)
                heapq.heappush(heap, (size[side], side))
    return [point for at, point in enumerate(line) if at in size or at in (0, len(line) - 1)]


def clipped(ring: Ring, height: float) -> Ring:
    """Return the part of a ring inside the frame, with a margin that the frame hides."""
    for axis, limit, sign in ((0, -8.0, 1), (0, WIDTH + 8.0, -1), (1, -8.0, 1), (1, height + 8.0, -1)):
        kept: Ring = []
        for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
            one, two = sign * (here[axis] - limit), sign * (there[axis] - limit)
            if one >= 0:
                kept.append(here)
            if (one >= 0) != (two >= 0):
                part = one / (one - two)
                kept.append(
                    (here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])),
                )
        ring = kept
        if not ring:
            break
    return ring


class Atlas:
    """The source: borders, each once, and the states that they enclose."""

    def __init__(self, path: Path) -> None:
        """Read, project and simplify every border; what two states share stays shared."""
        source = json.loads(path.read_text(encoding="utf-8"))
        (across, up), (west, south) = source["transform"]["scale"], source["transform"]["translate"]
        corners = [projected(*it) for it in CORNERS]
        least, most = min(x for x, _ in corners), max(x for x, _ in corners)
        scale = (WIDTH - 2 * MARGIN) / (most - least)
        top = min(y for _, y in corners)
        self.height = round((max(y for _, y in corners) - top) * scale + 2 * MARGIN) + BELOW
        self.shapes = source["objects"]["countries"]["geometries"]
        small = {
            max(number, ~number)
            for shape in self.shapes
            if STATES.get(shape.get("id", "")) in SMALL
            for number in self._numbers(shape)
        }
        self.borders = []
        for number, arc in enumerate(source["arcs"]):
            x = y = 0
            line = []
            for right, above in arc:
                x, y = x + right, y + above
                east, north = projected(x * across + west, y * up + south)
                line.append((MARGIN + (east - least) * scale, MARGIN + (north - top) * scale))
            self.borders.append(simplified(line, SMALLEST_OF_SMALL if number in small else SMALLEST_TRIANGLE))

    def near(self, shape: dict[str, object]) -> bool:
        """Say whether any of a state lies in the frame; what lies behind the globe has no place."""
        return any(
            0 < x < WIDTH and 0 < y < self.height
            for number in self._numbers(shape)
            for x, y in self.borders[number if number >= 0 else ~number]
        )

    def _numbers(self, shape: dict[str, object]) -> Iterator[int]:
        for ring in self._rings(shape):
            yield from ring

    def _rings(self, shape: dict[str, object]) -> list[list[int]]:
        arcs = shape["arcs"]
        polygons = arcs if shape["type"] == "MultiPolygon" else [arcs]
        return [ring for polygon in polygons for ring in polygon]  # type: ignore[attr-defined]

    def rings(self, shapes: Iterable[dict[str, object]]) -> list[Ring]:
        """Return the outlines of states as one: a border between two of them falls away."""
        rings = [ring for shape in shapes for ring in self._rings(shape)]
        used = {number for ring in rings for number in ring}
        pieces = [[it for it in ring if ~it not in used] for ring in rings]
        lines = [self._line(it) for ring in pieces for it in ring]
        return list(joined(lines))

    def _line(self, number: int) -> Ring:
        return self.borders[number] if number >= 0 else self.borders[~number][::-1]


def joined(lines: list[Ring]) -> Iterator[Ring]:
    """Give the rings that lines make, each of which goes on where another one ends."""
    waiting: dict[Point, list[Ring]] = {}
    for line in lines:
        waiting.setdefault(line[0], []).append(line)
    for line in lines:
        if line not in waiting.get(line[0], []):
            continue
        waiting[line[0]].remove(line)
        ring = list(line)
        while ring[-1] != ring[0]:
            following = waiting[ring[-1]].pop()
            ring += following[1:]
        yield ring[:-1]


def path(rings: Iterable[Ring]) -> str:
    """Return rings as the data of an SVG path: steps from point to point, in whole units or in tenths."""
    parts = []
    rings = list(rings)
    tenths = max((abs(area(it)) for it in rings), default=0.0) < SMALL_AREA
    times = 10 if tenths else 1
    for ring in rings:
        whole: list[tuple[int, int]] = []
        for x, y in ring:
            point = (round(x * times), round(y * times))
            if not whole or whole[-1] != point:
                whole.append(point)
        if len(whole) < 3:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(whole, whole[1:], strict=False)]
        numbers = "".join(f"{' ' if it >= 0 else ''}{it / times:g}" for step in steps for it in step).strip()
        parts.append(f"M{whole[0][0] / times:g} {whole[0][1] / times:g}l{numbers}z")
    return "".join(parts)


def worth_drawing(rings: list[Ring], height: float) -> list[Ring]:
    """Return the rings that can be seen, the largest first; the largest always."""
    inside = sorted((clipped(it, height) for it in rings), key=lambda it: -abs(area(it)))
    return [it for at, it in enumerate(inside) if it and (at == 0 or abs(area(it)) >= SMALLEST_ISLAND)]


def depth(point: Point, ring: Ring) -> float:
    """Return how far a point lies from the edge of a ring, negative outside."""
    x, y = point
    nearest, inside = math.inf, False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        part = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
        nearest = min(nearest, math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay)))
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return nearest if inside else -nearest


def middle(ring: Ring) -> Point:
    """Return the point of a ring that lies farthest from its edge."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    best = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    step = max(max(xs) - min(xs), max(ys) - min(ys)) / 12
    while step > 0.2:
        around = [(best[0] + i * step, best[1] + j * step) for i in range(-6, 7) for j in range(-6, 7)]
        best = max(around, key=lambda it: depth(it, ring))
        step /= 3
    return best


def spread(middles: dict[str, Point], height: float) -> dict[str, Point]:
    """Return where marks stand: at the middle of each state, moved just so far that none covers another.

    The four small states stay where they are as long as others can make room.
    """
    at = dict(middles)
    codes = sorted(at)
    for turn in range(4000):
        moved = False
        for code in codes:
            # Early on each is drawn back to its place, so that the marks that were pushed too far come home.
            home, pull = middles[code], 0.02 if turn < 2500 else 0.0
            at[code] = (
                at[code][0] + pull * (home[0] - at[code][0]),
                at[code][1] + pull * (home[1] - at[code][1]),
            )
        for i, one in enumerate(codes):
            for two in codes[i + 1 :]:
                dx, dy = at[two][0] - at[one][0], at[two][1] - at[one][1]
                far = math.hypot(dx, dy)
                if far >= APART:
                    continue
                moved = True
                share = (one not in SMALL) * 1.0 + 0.12 * (one in SMALL)
                other = (two not in SMALL) * 1.0 + 0.12 * (two in SMALL)
                push = (APART + 0.2 - far) / far / (share + other)
                at[one] = (at[one][0] - dx * push * share, at[one][1] - dy * push * share)
                at[two] = (at[two][0] + dx * push * other, at[two][1] + dy * push * other)
        for code, (x, y) in at.items():
            at[code] = (min(max(x, INSIDE), WIDTH - INSIDE), min(max(y, INSIDE), height - INSIDE))
        if not moved and turn > 2500:
            break
    return at


def main() -> None:
    """Read the atlas named in the call, and write the drawing and the points."""
    atlas = Atlas(Path(sys.argv[1]))
    groups: dict[str, list[dict[str, object]]] = {}
    rest: list[list[Ring]] = []
    for shape in atlas.shapes:
        code = STATES.get(shape.get("id", "")) or PARTS.get(shape["properties"]["name"])
        if code:
            groups.setdefault(code, []).append(shape)
        elif atlas.near(shape):
            rest.append(worth_drawing(atlas.rings([shape]), atlas.height))
    drawn = {code: worth_drawing(atlas.rings(groups[code]), atlas.height) for code in sorted(groups)}
    middles = {code: middle(rings[0]) for code, rings in drawn.items()}
    marks = spread(middles, atlas.height)
    quiet = path(ring for rings in rest for ring in rings if len(ring) > 2)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {atlas.height}">',
        "<!-- Natural Earth 4.1, public domain, by world-atlas 2.0.2; see scripts/map_of_europe.py. -->",
        f'<path id="others" d="{quiet}"/>',
        '<g id="states">',
        *(f'<path id="{code}" d="{path(rings)}"/>' for code, rings in drawn.items()),
        "</g>",
        "</svg>",
    ]
    DRAWING.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with POINTS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["code", "x", "y", "mark_x", "mark_y"])
        for code in sorted(drawn):
            table.writerow([code, *(round(it) for it in (*middles[code], *marks[code]))])
    print(f"{len(drawn)} states, {WIDTH} x {atlas.height}, {DRAWING.stat().st_size} bytes")


if __name__ == "__main__":
    main()
