"""The controllers of a case at the desk: whom they affect, where they are, who decides; corrected there."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import RuleBroken, Stale, Unsure
from tracker.reference.names import place_name
from tracker.rules import days
from tracker.services import cases, cases_controllers, cases_opening
from tracker.services import controllers as register
from tracker.services.cases_controllers import Said
from tracker.web.desk import views
from tracker.web.desk.amending import saved_words
from tracker.web.desk.case_page import affected_words, words
from tracker.web.desk.further import further_lines, matters
from tracker.web.desk.register_lookup import looked_up
from tracker.web.forms import sure_of
from tracker.web.forms.cases import use
from tracker.web.forms.controllers import ControllersForm
from tracker.web.guard import act


@views.route("/cases/<case:number>/controllers", methods=["GET", "POST"])
@act("case.amend", post="case.amend")
def case_controllers(number: str) -> Any:
    """Correct the controllers of a case; its filings are routed again."""
    found = cases.get_case(number)
    now = [cases_controllers.said_of(it) for it in found.controllers]
    form = ControllersForm.of(now, cases_controllers.seen_in(found))
    do, compared = request.form.get("do", ""), None
    asked: Sequence[Any] = ()
    looked: dict[int, Any] = {}
    if do.startswith("more-"):
        form.more(do.removeprefix("more-"))
    elif do.startswith("find-"):
        looked = looked_up(form.added, do.removeprefix("find-"))
    elif do.startswith("use-"):
        use(form.added, do.removeprefix("use-"), register.get_controller)
    elif request.method == "POST" and form.validate():
        try:
            with transaction():
                added = form.new(register.named)
                asked = cases_opening.twins(added)
                if asked and form.sure.data != sure_of(asked):
                    raise Unsure(asked)
                done = cases_controllers.amend_controllers(
                    cases.get_case(number),
                    form.said(),
                    added,
                    seen=form.seen.data,
                    by=g.actor,
                )
                told = [
                    saved_words(done.anew),
                    *cases_opening.consequences(done.learned, done.rerouted),
                ]
        except Stale as refusal:
            asked, found = (), cases.get_case(number)
            now = [cases_controllers.said_of(it) for it in found.controllers]
            compared = _compared(found, now, form.said())
            form = form.beside(now, cases_controllers.seen_in(found))
            form.form_errors.append(str(refusal))
        except Unsure:
            found = cases.get_case(number)
        except RuleBroken as refusal:
            asked, found = (), cases.get_case(number)
            form.refuse(refusal)
        else:
            flash(told[0], "success")
            for words_of_it in told[1:]:
                flash(words_of_it, "warning")
            return redirect(url_for("desk.case", number=number) + "#controllers", 303)
    code = 409 if compared else 422 if asked or (form.errors and not do.startswith("more-")) else 200
    return render_template(
        "desk/case_controllers.html",
        case=found,
        form=form,
        compared=compared,
        asked=asked,
        sure=sure_of(asked),
        names={it.controller_id: it.controller.name for it in found.controllers},
        origins={each.id: each.origin for it in found.controllers for each in it.controller.establishments},
        presumed={it.controller_id for it in found.controllers if it.affected_presumed},
        known=register.names_offered(),
        found=looked,
    ), code


def _compared(case: Any, theirs: list[Said], ours: list[Said]) -> list[dict[str, Any]]:
    """Return what is saved now beside what was typed, one row for each thing said of a controller."""
    names = {it.controller_id: it.controller.name for it in case.controllers}
    saved, typed = ({it.controller: _lines(it) for it in each} for each in (theirs, ours))
    rows = []
    for key in dict.fromkeys([*saved, *typed]):
        left, right = saved.get(key, {}), typed.get(key, {})
        for label in dict.fromkeys([*left, *right]):
            one, other = left.get(label, "not there"), right.get(label, "not there")
            named = f"{names.get(key, 'A controller that was taken out')}: {label}"
            rows.append({"label": named, "left": one, "right": other, "changed": one != other})
    return rows


def _lines(said: Said) -> dict[str, str]:
    lines = {
        "people affected": affected_words(said.affected),
        "decided outside the EEA": words(said.decided_outside_eea),
        "offers to people in the EEA": words(said.targets_eea),
        **{f"{it[:1].lower()}{it[1:]}": value for it, value in further_lines(said.further).items()},
    }
    for it in said.places:
        span = [f"since {days.words(it.since)}"] if it.since else []
        span += [f"until {days.words(it.until)}"] if it.until else []
        main = [f"main processing {words(it.main_processing)}"] if matters(said, it) else []
        parts = [f"decides {words(it.decides)}", f"head office {words(it.central)}", *main, *span]
        lines[place_name(it.place)] = "entered by mistake" if it.mistake else ", ".join(parts)
    if not said.places:
        lines["establishments"] = "none in the EEA" if said.none.value == "no" else "not known"
    if said.out:
        lines["in the case"] = "to be taken out"
    return lines
