"""Where the marks of states stand on the map of Europe, static/map.svg."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tracker.reference import tables
from tracker.reference.tables import Row

#: The frame of static/map.svg. On a phone of 360 px two of its units are one pixel.
WIDTH, HEIGHT = 656, 679


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A state on the map: the middle of its largest part, and the middle of its mark.

    Marks with a radius of 24 units touch nowhere, so each can be hit with a finger.
    """

    code: str
    x: int
    y: int
    mark_x: int
    mark_y: int


@cache
def map_points() -> Mapping[str, MapPoint]:
    """Return the states that the map shows, by country code. Raises BadFile."""

    def make(row: Row) -> MapPoint:
        return MapPoint(
            code=row["code"],
            x=row.number("x", highest=WIDTH),
            y=row.number("y", highest=HEIGHT),
            mark_x=row.number("mark_x", highest=WIDTH),
            mark_y=row.number("mark_y", highest=HEIGHT),
        )

    columns = ("code", "x", "y", "mark_x", "mark_y")
    return tables.by_code(tables.rows("map_points.csv", columns), "code", make)
