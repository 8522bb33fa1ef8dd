"""Filings at the desk: lodged with many authorities in one act, and shown."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from wtforms.fields import SelectChoice

from tracker import clock
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken
from tracker.reference.authorities import ONE_PER_STATE, authorities, short_name
from tracker.reference.names import country_name
from tracker.services import cases, cases_list, evidence, filings, journal, status, updates
from tracker.services.accounts import names_of
from tracker.web.desk import case_page, rows, views
from tracker.web.forms import choices
from tracker.web.forms.filings import LodgeForm
from tracker.web.guard import act


@views.route("/cases/<case:number>/lodge", methods=["GET", "POST"])
@act("filing.lodge", post="filing.lodge")
def lodge(number: str) -> Any:
    """Lodge a case with n authorities: choose, look at what would be made, do it."""
    case = cases.get_case(number)
    do = request.form.get("do", "")
    form = LodgeForm()
    pseudonyms = [it.pseudonym for it in case.complainants]
    form.complainant.choices = choices(
        ((it, it) for it in pseudonyms), empty="by where they live, else nobody named"
    )
    form.authorities.choices = _choices()
    form.authorities.flags.required = True
    if request.method == "GET":
        form.lodged_on.data = clock.today()
        form.authorities.data = []
    elif do.startswith("pick-"):
        form.authorities.data = _picked(do, form.authorities.data or [])
    planned = None
    if do in ("preview", "lodge") and form.validate():
        residences = {it.residence.split("-")[0]: it.pseudonym for it in case.complainants if it.residence}
        wanted = form.wanted(request.form, pseudonyms, residences)
        try:
            if do == "lodge":
                with transaction():
                    made = filings.lodge_complaint(
                        cases.get_case(number), wanted, lodged_on=form.lodged_on.data, by=g.actor
                    )
                    count = len(made)
                flash(f"Lodged with {count} {'authority' if count == 1 else 'authorities'}.", "success")
                return redirect(url_for("desk.case", number=number), 303)
            planned = filings.plan_lodging(case, wanted, lodged_on=form.lodged_on.data)
        except RuleBroken as refusal:
            case = cases.get_case(number)
            form.refuse(refusal)
    if do.startswith("pick-"):
        form.form_errors.clear()
    code = 422 if form.errors and not do.startswith("pick-") else 200
    return render_template(
        "desk/lodge.html",
        case=case,
        form=form,
        planned=planned,
        shared=_shared_warnings(planned or []),
        earlier=[it for it in cases_list.find_cases(size=200)[0] if it.filings and it.number != number],
    ), code


def _choices() -> dict[str, list[SelectChoice]]:
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
                f"{country_name(it.country)}{', ' + it.region if it.region else ''} · "
                f"{short_name(it.abbr, it.name_en, it.country)}",
                render_kw={"words": f"{it.slug} {it.name} {it.name_en} {it.abbr}"},
            )
            for it in members
        ]
    return groups


def _shared_warnings(planned: list[filings.Planned]) -> list[tuple[str, str]]:
    """Return the warnings that every planned filing has, to be said once instead of on every line."""
    each = [{it for route in plan.routes for it in route.warnings} for plan in planned]
    everywhere = set.intersection(*each) if len(each) > 1 else set()
    return sorted(everywhere)


def _picked(do: str, chosen: list[str]) -> list[str]:
    """Return the choice after a button: none, one authority per EEA state, or those of an earlier case."""
    if do == "pick-none":
        return []
    if do == "pick-eea":
        return [*chosen, *(it.slug for it in authorities().values() if it.scope in ONE_PER_STATE)]
    try:
        earlier = cases.get_case(request.form.get("earlier", "")[:20])
    except NotFound:
        return chosen
    return [*chosen, *(it.authority_slug for it in earlier.filings if it.authority_slug)]


@views.get("/filings/<filing:number>")
@act("filing.read")
def filing(number: str) -> Any:
    """Show a filing: where it stands, its route and why, its protocol, evidence, references."""
    if number != number.upper():
        return redirect(url_for("desk.filing", number=number.upper()), 301)
    found = filings.get_filing(number)
    told = status.described(found, status.actors(found.case_id))
    entries = updates.protocol(found.case_id, filing_id=found.id)
    exhibits = evidence.exhibits(found.case_id, filing_id=found.id)
    lines = journal.about(found.number)
    names = names_of([it.recorded_by for it in entries] + [it.actor for it in lines])
    return render_template(
        "desk/filing.html",
        filing=found,
        case=found.case,
        row=told,
        outcome_words=case_page.outcome_words(found.outcome),
        readable=case_page.readable,
        tone=rows.TONES.get(found.outcome, "neutral"),
        route_facts=[case_page.route_facts(it) for it in told.routes],
        filing_facts=case_page.filing_facts(found),
        protocol=entries,
        exhibits=exhibits,
        exhibit_rows=rows.exhibit_rows(exhibits, found.case.number),
        next_steps=updates.possible_steps([found]),
        names=names,
        journal_rows=case_page.journal_rows(lines, names),
    )
