"""The docket: our own deadlines first and loudest, then what others owe; filters stand in the address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, render_template, request, url_for

from tracker import clock
from tracker.reference.authorities import authorities, label
from tracker.reference.periods import periods
from tracker.rules.calendars import with_weekday
from tracker.rules.deadlines import LATELY, State
from tracker.rules.text import shown
from tracker.services import accounts, docket, filings_assigning
from tracker.services.docket import Filter, Show
from tracker.services.docket_lines import Line
from tracker.web.desk import views
from tracker.web.desk.cases import small_number
from tracker.web.desk.docket_rows import rows, why_address
from tracker.web.forms import key_in
from tracker.web.guard import act

#: Lines of a list that has a page of its own; on the first page: ours, and of each list of others.
PAGE, OURS, FIRST = 50, 100, 20
#: For a filter by person, beside the key of one.
ME, NOBODY, ME_OR_NOBODY = "me", "nobody", "me-or-nobody"
NAMED = ((ME, "mine"), (ME_OR_NOBODY, "mine, and of nobody"), (NOBODY, "of nobody"))
#: What can be chosen as state; {near} stands for "within 14 days".
STATES = {
    Show.LATE: "late",
    Show.NEAR: "ends {near}",
    Show.RUNNING: "running",
    Show.PAUSED: "stopped",
    Show.UNKNOWN: "end not known",
    Show.CURRENT: f"open, without ours missed over {docket.LONG_AGO} days ago",
    Show.MISSED_LATELY: f"ours, missed within {docket.LONG_AGO} days",
    Show.LONG_AGO: f"ours, missed over {docket.LONG_AGO} days ago",
    Show.ENDED_LATELY: "right of ours ended lately, not used",
    Show.LAPSED: "right not used, or measure over",
    Show.MET: "met in time",
    Show.MISSED: "missed, or met too late",
    Show.WAIVED: "waived",
    Show.OPEN: "open",
}
SIDES = {"own": True, "owed": False}
#: The lists of what others owe: which, title, what stands in the address.
THEIRS = (
    (Show.LATE, "Late", "late"),
    (Show.RUNNING, "Running", "running"),
    (Show.PAUSED, "Stopped", "stopped"),
    (Show.UNKNOWN, "End not known", "unknown"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they stand in the address, cleaned; `typed` is what leads to the same list again.

    `refused` says in words which of them were not understood.
    """

    typed: dict[str, str]
    refused: str
    wanted: Filter
    show: Show | None
    page: int


def asked(people: Sequence[Any]) -> Asked:
    """Return what the address asks for; what nobody could have chosen narrows nothing, and is told."""
    names = ("person", "case", "authority", "side", "period", "state")
    typed = {name: request.args.get(name, "")[:80].replace("\x00", "").strip() for name in names}
    # Who types the number of a filing means its case; what is no number finds nothing, and stays to be seen.
    typed["case"] = typed["case"].upper().partition("-")[0]
    person = _person(typed["person"], {it.id for it in people})
    checks = {
        "person": person is not None or typed["person"] == NOBODY,
        "case": True,
        "authority": typed["authority"] in authorities(),
        "side": typed["side"] in SIDES,
        "period": typed["period"] in periods(),
        "state": typed["state"] in {it.value for it in STATES},
    }
    refused = [f"{name} {shown(value)}" for name, value in typed.items() if value and not checks[name]]
    typed = {name: value for name, value in typed.items() if value and checks[name]}
    wanted = Filter(
        person=person,
        nobody=typed.get("person") in (NOBODY, ME_OR_NOBODY),
        case=typed.get("case", ""),
        authority=typed.get("authority", ""),
        period=typed.get("period", ""),
        own=SIDES.get(typed.get("side", "")),
    )
    state = typed.get("state")
    show = Show(state) if state else None
    return Asked(typed, _refused(refused), wanted, show, small_number("page") or 1)


def _refused(filters: Sequence[str]) -> str:
    """Return what is said of filters that were not understood; nothing where all were."""
    if not filters:
        return ""
    which = " and ".join(filter(None, [", ".join(filters[:-1]), *filters[-1:]]))
    left_out, instead = ("they are", "values") if len(filters) > 1 else ("it is", "a value")
    return f"Not understood, so {left_out} left out: {which}. Choose {instead} under Filters."


def _person(typed: str, people: Collection[int]) -> int | None:
    """Return the key of the person who is meant, None where it is nobody's."""
    if typed in (ME, ME_OR_NOBODY):
        return g.actor.user_id or 0
    found = key_in(typed)
    return found if found in people else None


@views.get("/docket")
@act("docket.read")
def docket_page() -> str:
    """Show what we owe, then what others owe; or one list of them, page by page."""
    people = accounts.people()
    it = asked(people)
    return _all_parts(it, people) if it.show is None else _one_list(it, it.show, people)


def _all_parts(it: Asked, people: Sequence[Any]) -> str:
    """Return the first page: ours, and the beginning of every list of what others owe."""
    today = clock.today()
    counts = docket.count_open(it.wanted, today, near=near_days())
    ours = _find(it, True, Show.CURRENT, OURS) if counts[True, Show.CURRENT] else []
    theirs = [
        {
            "title": title,
            "anchor": f"owed-{name}",
            "total": counts[False, show],
            "rows": _rows(_find(it, False, show, FIRST)),
            "all": _address(it, side="owed", state=show.value),
        }
        for show, title, name in THEIRS
        if counts[False, show]
    ]
    owed = sum(counts[False, show] for show, _, _ in THEIRS)
    sides = {True, False} if it.wanted.own is None else {it.wanted.own}
    return render_template(
        "desk/docket.html",
        **_around(it, people),
        status=_status(it, counts, ours),
        ours=_rows(ours),
        ours_total=counts[True, Show.CURRENT],
        ours_all=_address(it, side="own", state=Show.CURRENT.value),
        long_ago=counts[True, Show.LONG_AGO],
        long_ago_all=_address(it, side="own", state=Show.LONG_AGO.value),
        unused=counts[True, Show.LAPSED],
        unused_all=_address(it, side="own", state=Show.LAPSED.value),
        theirs=theirs,
        theirs_links=[
            {"label": one["title"], "href": f"#{one['anchor']}", "total": one["total"]} for one in theirs
        ],
        owed=owed,
        lapsed=counts[False, Show.LAPSED],
        lapsed_all=_address(it, side="owed", state=Show.LAPSED.value),
        sides=sides,
    )


def _one_list(it: Asked, show: Show, people: Sequence[Any]) -> str:
    """Return one list, page by page."""
    total = docket.count(it.wanted, show, clock.today(), near=near_days())

    def place(number: int) -> str | None:
        there = number != it.page and 1 <= number <= max(1, -(-total // PAGE))
        return _address(it, page=str(number)) if there else None

    found = _find(it, it.wanted.own, show, PAGE, it.page)
    lines = list(zip(_rows(found), found, strict=True))
    return render_template(
        "desk/docket_list.html",
        **_around(it, people),
        title=STATES[show].format(near=near_words()),
        own=[row for row, line in lines if line.own],
        owed=[row for row, line in lines if not line.own],
        total=total,
        total_words="1 deadline" if total == 1 else f"{total} deadlines",
        # The pages of a list are not there in print, so what is cut off is said beside it.
        cut=f"{len(found)} of {total} stand on this page." if found and len(found) < total else "",
        previous=place(it.page - 1),
        next=place(it.page + 1),
    )


def _find(it: Asked, own: bool | None, show: Show, size: int, page: int = 1) -> list[Line]:
    wanted = it.wanted if own is None else docket.side(it.wanted, own)
    days = current_app.config["TRACKER"].internal_days
    return docket.find(
        wanted, show, clock.today(), internal_days=days, near=near_days(), size=size, page=page
    )


def near_days() -> int:
    """Return the days within which a deadline is near: the first of those at which is warned."""
    return max(current_app.config["TRACKER"].warn_days)


def near_words() -> str:
    """Return "within 14 days", with the days of the installation."""
    days = near_days()
    return f"within {days} day{'' if days == 1 else 's'}"


def _rows(lines: list[Line]) -> list[dict[str, Any]]:
    return rows(lines, current_app.config["TRACKER"].warn_days)


def _address(it: Asked, **other: str) -> str:
    """Return the address of the docket with the filters as they are, but for these."""
    return url_for("desk.docket_page", **{**it.typed, **other})


def _status(it: Asked, counts: dict[tuple[bool, Show], int], ours: list[Line]) -> dict[str, Any]:
    """Return in one sentence whether a deadline of ours is at risk, and which one is next."""
    # What was missed long ago cannot be saved by being loud; it stands in a group of its own.
    missed, near = counts[True, Show.MISSED_LATELY], counts[True, Show.NEAR]
    unknown, ended = counts[True, Show.UNKNOWN], counts[True, Show.ENDED_LATELY]
    parts = []
    if missed:
        parts.append(f"{_of_ours(missed)} {'is' if missed == 1 else 'are'} over")
    if ended:
        rights = "one right of ours was" if ended == 1 else f"{ended} rights of ours were"
        parts.append(f"{rights} not used and ended in the last {LATELY} days")
    if near:
        whose = f"{near} more" if missed else _of_ours(near)
        parts.append(f"{whose} {'ends' if near == 1 else 'end'} {near_words()}")
    if unknown:
        parts.append(
            f"of {_of_ours(unknown)[:1].lower()}{_of_ours(unknown)[1:]} nobody recorded the last day"
        )
    running = [one for one in ours if one.left is not None and one.state in (State.RUNNING, State.EXTENDED)]
    upcoming = running[0] if running else None
    next_one = None
    if upcoming and upcoming.ends.shown:
        day = with_weekday(upcoming.ends.shown)
        next_one = {
            "filing": upcoming.filing,
            "href": why_address(upcoming.filing, upcoming.period, upcoming.start_number),
            "words": f"{upcoming.label.rstrip('.')}, {upcoming.basis}: {day}, {upcoming.words}",
        }
    late = counts[False, Show.LATE]
    others = f"{late} {'period of others is' if late == 1 else 'periods of others are'} over and still owed."
    return {
        "mark": "warn" if parts else "full",
        "tone": "bad" if missed or ended else "mixed" if parts else "good",
        "sentence": f"{'; '.join(parts)[:1].upper()}{'; '.join(parts)[1:]}."
        if parts
        else f"No deadline of ours ends {near_words()}.",
        "next": next_one,
        "others": others if late else "",
        "ours": it.wanted.own is not False,
    }


def _of_ours(number: int) -> str:
    return "One deadline of ours" if number == 1 else f"{number} deadlines of ours"


def _around(it: Asked, people: Sequence[Any]) -> dict[str, Any]:
    """Return what both pages show around their lists: filters, what narrows, who can no longer sign in."""
    fields = _fields(it, people)
    narrowing = [f["label"].lower() for f in fields if f["value"]]
    return {
        "today_words": with_weekday(clock.today()),
        "fields": fields,
        "refused": it.refused,
        "narrowed": " and ".join(filter(None, [", ".join(narrowing[:-1]), *narrowing[-1:]])),
        "clear": url_for("desk.docket_page") if it.typed else None,
        "orphaned": orphaned_files(),
        "colleague": _colleague(it, people),
    }


def _colleague(it: Asked, people: Any) -> dict[str, str] | None:
    """Return whose docket it is, with where all of their filings are handed over; None for one's own."""
    found = next((one for one in people if str(one.id) == it.typed.get("person")), None)
    if found is None:
        return None
    return {"name": found.name, "href": url_for("desk.hand_over", key=found.id)}


def orphaned_files() -> list[dict[str, str]]:
    """Return, for each person who sees to open filings and can record nothing on them, what to say of it."""
    return [
        {"words": _orphaned(one), "href": url_for("desk.hand_over", key=one.user_id)}
        for one in filings_assigning.orphaned()
    ]


def _orphaned(one: Any) -> str:
    many = "one open filing" if one.filings == 1 else f"{one.filings} open filings"
    if one.active:
        return f"{one.name} has a role that records nothing, and still sees to {many}."
    return f"{one.name} is disabled, and still sees to {many}."


def _fields(it: Asked, people: Any) -> list[dict[str, Any]]:
    held = it.typed.get("person")
    colleagues = [
        (str(one.id), one.name if one.active else f"{one.name} (disabled)")
        for one in people
        if filings_assigning.can_see_to(one) or str(one.id) == held or not one.active
    ]
    by_name = sorted(((slug, label(slug)) for slug in authorities()), key=lambda pair: pair[1])
    states = [(one.value, text.format(near=near_words())) for one, text in STATES.items()]
    options = {
        "person": ("Person", "everybody", [*NAMED, *colleagues]),
        "side": ("Side", "both", [("own", "we owe"), ("owed", "they owe")]),
        "state": ("State", "open, list by list", states),
        "authority": ("Authority", "any", by_name),
        "period": ("Period", "any", [(one.id, f"{one.basis}: {one.label}") for one in periods().values()]),
    }
    case = {"name": "case", "label": "Case number", "kind": "search", "value": it.typed.get("case", "")}
    fields = [
        {
            "name": name,
            "label": words,
            "kind": "select",
            "value": it.typed.get(name, ""),
            "choices": [("", empty), *choices],
        }
        for name, (words, empty, choices) in options.items()
    ]
    return [fields[0], case, *fields[1:]]
