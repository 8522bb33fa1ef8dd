"""Where a case may be lodged, for each complainant: the places of Art 77(1) and what follows from them."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from tracker import clock
from tracker.services import cases, where_to_lodge
from tracker.web.desk import views
from tracker.web.desk.rows import authority_cell
from tracker.web.guard import act


@dataclass(frozen=True, slots=True)
class Start:
    """A link that starts the lodging with these authorities chosen, and the complainants that it leaves out.

    For `waiting` the complaint goes to an authority that is chosen for somebody else: one lodging takes one
    complainant per authority. For `open_yet` no single authority at a known place can be named.
    """

    href: str
    count: int
    waiting: tuple[str, ...]
    open_yet: tuple[str, ...]


@views.get("/cases/<case:number>/where")
@act("case.read")
def where(number: str) -> Any:
    """Show where the complaint may be lodged, for each complainant: why there, how, in which languages."""
    case = cases.get_case(number)
    people = where_to_lodge.for_case(case, on=clock.today())
    return render_template(
        "desk/where.html",
        case=case,
        people=people,
        start=_start(case.number, people),
        cell=authority_cell,
        lodge_href=lambda slug, person: _lodge_href(case.number, {slug: person}),
        today=clock.today(),
    )


def _start(number: str, people: list[where_to_lodge.ForPerson]) -> Start | None:
    """Return the link for all complainants at once, None where nobody is left to lodge for."""
    chosen: dict[str, str | None] = {}
    waiting, open_yet = [], []
    for it in people:
        if it.complainant is None or it.lies_at_a_place:
            continue
        pseudonym = it.complainant.pseudonym
        if it.first is None:
            open_yet.append(pseudonym)
        elif it.first in chosen:
            waiting.append(pseudonym)
        else:
            chosen[it.first] = pseudonym
    if not chosen:
        return None
    return Start(_lodge_href(number, chosen), len(chosen), tuple(waiting), tuple(open_yet))


def _lodge_href(number: str, chosen: dict[str, str | None]) -> str:
    """Return the address of the lodging with these authorities ticked, each for its complainant."""
    people: dict[str, Any] = {f"complainant-{slug}": person for slug, person in chosen.items() if person}
    return url_for("desk.lodge", number=number, authorities=list(chosen), **people, _anchor="authorities")
