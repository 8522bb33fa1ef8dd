"""Lodging at the desk: choose authorities, look at what would be made, do it in one act."""

from dataclasses import dataclass, field
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from wtforms.fields import SelectChoice

from tracker import clock
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken
from tracker.reference.authorities import ONE_PER_STATE, authorities, label
from tracker.reference.names import country_name
from tracker.reference.receiving import ChosenWords
from tracker.rules import days, routing
from tracker.services import cases, cases_list, filings, routing_changes, where_to_lodge
from tracker.web.desk import views
from tracker.web.desk.rows import authority_cell
from tracker.web.forms import choices
from tracker.web.forms.filings import LodgeForm
from tracker.web.guard import act
from tracker.web.route_shown import Shown, shown

OUTSIDE_77 = routing.warning_text(routing.RouteWarning.W_LODGED_OUTSIDE_77)
#: Numbers up to this one begin a sentence as words.
IN_WORDS = "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()


@views.route("/cases/<case:number>/lodge", methods=["GET", "POST"])
@act("filing.lodge", post="filing.lodge")
def lodge(number: str) -> Any:
    """Lodge a case with n authorities: choose, look at what would be made, do it."""
    case = cases.get_case(number)
    do = request.form.get("do", "")
    form = LodgeForm()
    pseudonyms = [it.pseudonym for it in case.complainants]
    residences = {it.residence.split("-")[0]: it.pseudonym for it in case.complainants if it.residence}
    form.complainant.choices = choices(
        ((it, it) for it in pseudonyms), empty="by where they live, else nobody named"
    )
    form.authorities.choices = _choices(_present(case))
    form.authorities.flags.required = True
    told = ""
    if request.method == "GET":
        form.lodged_on.data = clock.today()
        # A link of the page "Where to lodge" begins with a choice.
        form.authorities.data = [it for it in request.args.getlist("authorities") if it in authorities()]
        told = _ticked(len(form.authorities.data)) if form.authorities.data else ""
    elif do.startswith("pick-"):
        form.authorities.data, told = _picked(do, form.authorities.data or [], _present(case))
    planned = None
    if do in ("preview", "lodge") and form.validate():
        wanted = form.wanted(request.form, pseudonyms, residences)
        try:
            if do == "lodge":
                with transaction():
                    made = filings.lodge_complaint(
                        cases.get_case(number), wanted, lodged_on=form.lodged_on.data, by=g.actor
                    )
                    count, waits = len(made), len(routing_changes.waiting(numbers=[number]))
                look = f" On {waits} {'filing' if waits == 1 else 'filings'} the lead may have changed."
                done = f"Lodged with {count} {'authority' if count == 1 else 'authorities'}."
                flash(done + (look if waits else ""), "success")
                return redirect(url_for("desk.case", number=number), 303)
            planned = filings.plan_lodging(case, wanted, lodged_on=form.lodged_on.data)
        except RuleBroken as refusal:
            case = cases.get_case(number)
            form.refuse(refusal)
    looking = request.method == "GET" or do.startswith("pick-") or do == "choose"
    if looking:
        form.form_errors.clear()
    return render_template(
        "desk/lodge.html",
        case=case,
        form=form,
        planned=planned,
        preview=_preview(planned) if planned else None,
        told=told,
        own_choices=form.own_choices(
            request.args if request.method == "GET" else request.form, pseudonyms, residences
        ),
        earlier=cases_list.lodged_cases(without=number),
    ), 422 if form.errors and not looking else 200


def _present(case: Any) -> dict[str, str]:
    """Return slug -> the numbers of the filings with which the case already lies there."""
    found: dict[str, list[str]] = {}
    for it in case.filings:
        if it.authority_slug:
            found.setdefault(it.authority_slug, []).append(it.number)
    return {slug: ", ".join(numbers) for slug, numbers in found.items()}


def _choices(present: dict[str, str]) -> dict[str, list[SelectChoice]]:
    """Return the directory as groups to choose from: one authority per EEA state, then the others."""
    kinds = (
        ("EEA states", lambda it: it.scope in ONE_PER_STATE),
        ("Germany", lambda it: it.scope in ("federal", "land")),
        ("Spanish regions (public sector)", lambda it: it.scope == "regional"),
        ("German churches and broadcasters", lambda it: it.scope in ("church", "broadcasting")),
        ("EU institutions", lambda it: it.scope == "eu-institutions"),
        ("Outside the EEA", lambda it: it.scope == "third-country"),
    )
    groups: dict[str, list[SelectChoice]] = {}
    for words, test in kinds:
        members = sorted(
            (it for it in authorities().values() if test(it)),
            key=lambda it: (country_name(it.country), it.region),
        )
        groups[words] = [
            SelectChoice(
                it.slug,
                f"{label(it.slug)}{', ' + it.region if it.region else ''}",
                render_kw={
                    "words": f"{it.slug} {it.name} {it.name_en} {it.abbr}",
                    "hint": f"already {present[it.slug]}" if it.slug in present else "",
                },
            )
            for it in members
        ]
    return groups


def _picked(do: str, chosen: list[str], present: dict[str, str]) -> tuple[list[str], str]:
    """Return the choice after a button, and what the button did in words.

    Where the case already lies is left out: a second filing there is somebody's decision, not a button's.
    """
    if do == "pick-none":
        return [], "None is ticked."
    unknown = 0
    if do == "pick-eea":
        wanted = [it.slug for it in authorities().values() if it.scope in ONE_PER_STATE]
    else:
        try:
            earlier = cases.get_case(request.form.get("earlier", "")[:20])
        except NotFound:
            return chosen, ""
        wanted = [it.authority_slug for it in earlier.filings if it.authority_slug]
        unknown = len(earlier.filings) - len(wanted)
    fresh = [it for it in dict.fromkeys(wanted) if it not in present]
    left_out = len(set(wanted)) - len(fresh)
    ticked = list(dict.fromkeys([*chosen, *fresh]))
    told = [_ticked(len(ticked))]
    if left_out:
        lies = "where the case already lies"
        told.append(f"{left_out} {'was' if left_out == 1 else 'were'} left out, {lies}.")
    if unknown:
        several = "1 filing" if unknown == 1 else f"{unknown} filings"
        told.append(f"{several} of {earlier.number} had to be left out: the authority is not known.")
    return ticked, " ".join(told)


def _ticked(count: int) -> str:
    return f"{count} {'is' if count == 1 else 'are'} ticked."


@dataclass(slots=True)
class Explanation:
    """One answer to who leads and why, with the filings and controllers that it holds for."""

    anchor: str
    sentence: str
    #: The steps and articles of the first of them.
    why: Shown
    numbers: dict[str, None] = field(default_factory=dict)
    controllers: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A filing of the preview: who leads, with a short reason and where it is explained; what to look at.

    `place` is how the authority stands to Art 77(1), and how it takes complaints.
    """

    plan: filings.Planned
    authority: dict[str, Any]
    place: ChosenWords
    leads: list[dict[str, Any]]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What lodging would make. What is the same for all filings is said once, before them.

    `outside` says of which authorities it is not known that they stand at a place of Art 77(1).
    """

    lines: list[Line]
    explanations: list[Explanation]
    for_all: list[str]
    outside: str
    will_be_made: str


def _preview(planned: list[filings.Planned]) -> Preview:
    """Return the preview of filings that are not stored yet."""
    explanations: dict[str, Explanation] = {}
    warned: list[list[str]] = []
    chosen = [
        where_to_lodge.chosen(it.authority.slug, [(run.facts, run.route) for run in it.routes])
        for it in planned
    ]
    leads: list[list[dict[str, Any]]] = []
    for plan in planned:
        cells: dict[tuple[str | None, str], dict[str, Any]] = {}
        for it in plan.routes:
            sentence = it.sentence
            if sentence not in explanations:
                anchor = f"why-{len(explanations) + 1}"
                why = shown(it.facts, it.route, sentence, _authority)
                explanations[sentence] = Explanation(anchor, sentence, why)
            told = explanations[sentence]
            told.numbers[plan.number] = None
            told.controllers[it.controller.controller.name] = None
            reason = routing.reason_words(it.route, it.facts)
            cell = {**_lead(it.route), "reason": reason, "why": told.anchor}
            cells.setdefault((it.route.lead, reason), cell)
        leads.append(list(cells.values()))
        # That an authority stands outside Art 77(1) is said beside it, once.
        warned.append(
            list(
                dict.fromkeys(
                    " ".join(it) for route in plan.routes for it in route.warnings if it != OUTSIDE_77
                )
            )
        )
    for_all = [it for it in warned[0] if len(planned) > 1 and all(it in each for each in warned)]
    return Preview(
        lines=[
            Line(
                *(plan, authority_cell(plan.authority.slug), place, cells),
                [it for it in words if it not in for_all],
            )
            for plan, place, cells, words in zip(planned, chosen, leads, warned, strict=True)
        ],
        explanations=list(explanations.values()),
        for_all=for_all,
        outside=_outside(
            [it.number for it, place in zip(planned, chosen, strict=True) if place.warning], len(planned)
        ),
        will_be_made=_will_be_made(planned),
    )


def _authority(slug: str) -> str:
    return url_for("desk.authority", slug=slug)


def _outside(numbers: list[str], planned: int) -> str:
    """Return for which filings the authority is not known to be at a place of Art 77(1), and what to do."""
    if not numbers:
        return ""
    first = ", ".join(numbers[:3])
    more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    whom = "For all" if len(numbers) == planned > 1 else f"{first}{more}"
    return f"{whom}: {' '.join(OUTSIDE_77)}"


def _lead(route: routing.Route) -> dict[str, Any]:
    """Return who leads as a label with its role, or the words that nobody does or it is not known."""
    if route.lead:
        role = "presumed lead" if route.reason in routing.UNDETERMINED else "lead"
        until = f" until {days.words(route.lead_until)}" if route.lead_until else ""
        return {**authority_cell(route.lead), "role": f"{role}{until}"}
    words = "lead not known" if route.reason in routing.UNDETERMINED else "no lead authority"
    return {"short": words, "country": None, "href": None, "role": None}


def _will_be_made(planned: list[filings.Planned]) -> str:
    """Return what lodging makes: "Five filings will be made, C101-01 to C101-05, and one entry ..."."""
    count = len(planned)
    number = IN_WORDS[count] if count < len(IN_WORDS) else str(count)
    if count == 1:
        return f"One filing will be made, {planned[0].number}, and one entry in the protocol."
    return (
        f"{number} filings will be made, {planned[0].number} to {planned[-1].number}, and one entry in the "
        "protocol."
    )
