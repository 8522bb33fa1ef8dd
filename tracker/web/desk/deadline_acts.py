"""What happens to a deadline, recorded: extended, stopped, fixed, done, waived; one begun by hand."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker import clock
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.reference.authorities import authorities, label
from tracker.reference.periods import periods
from tracker.rules.access import may
from tracker.rules.days import Day, words
from tracker.rules.deadlines import State
from tracker.rules.happened import Act
from tracker.rules.vocabulary import Precision
from tracker.services import cases, docket_why, filings, updates, updates_deadlines
from tracker.services.docket_why import Entry, Explained
from tracker.services.updates_deadlines import NewAct
from tracker.web.desk import views
from tracker.web.desk.docket_rows import act_address, why_address
from tracker.web.forms import is_small
from tracker.web.forms.deadlines import ACTS, DeadlineForm, by_hand
from tracker.web.guard import act

#: What can be recorded of a deadline, by how it stands.
_RUNNING = ("extend", "pause", "fix", "meet", "waive")
_STANDING = ("restart", "fix", "meet", "waive")


def acts_of(it: Explained) -> list[tuple[str, str]]:
    """Return what this person can record of a deadline now, as words and address."""
    if not it.line.is_open or it.row.gone or not may(g.actor, "deadline.record"):
        return []
    codes = _STANDING if it.line.state is State.PAUSED else _RUNNING
    here = (it.line.filing, it.line.period, it.line.start_number)
    return [(ACTS[code].label, act_address(*here, code)) for code in codes]


def correct_address(entry: Entry) -> str:
    """Return the address at which an entry that says something of a deadline is corrected."""
    said, number = entry.said, entry.update.number
    if said.act == Act.BEGIN.value:
        return url_for("desk.deadline_begin", number=entry.filings[0].number, corrects=number)
    start = said.start_number or 0
    return act_address(entry.filings[0].number, said.period, start, said.act, corrects=number)


@views.route(
    "/filings/<filing:number>/deadlines/<period>/<act_code>",
    defaults={"start": 0},
    methods=["GET", "POST"],
)
@views.route(
    "/filings/<filing:number>/deadlines/<period>/<small:start>/<act_code>",
    methods=["GET", "POST"],
)
@act("deadline.record", post="deadline.record")
def deadline_act(number: str, period: str, start: int, act_code: str) -> Any:
    """Record an extension, a stop, a restart, a fixed day, that it was done, or that it is waived."""
    if act_code not in ACTS:
        raise NotFound("There is no such act on a deadline.")
    number = number.upper()
    here = docket_why.explained(number, period, start, clock.today(), internal_days=0)
    it, law = ACTS[act_code], periods().get(period)
    form = DeadlineForm()
    old = _to_correct(here.filing.case_id, form)
    offered = old.filings if old else docket_why.sharing(number, period, start)
    named = ((one.number, label(one.authority_slug, one.country)) for one in offered)
    form.ask(it, law, [(each, f"{each} {where}") for each, where in named])
    code = 200
    if request.method == "GET":
        _propose(form, here, act_code, old)
    elif form.validate():
        new = NewAct(Act(act_code), period, start, form.until.data, form.more.data or None)
        code, entry = _record(here.filing.case.number, offered, new, form)
        if entry is not None:
            return redirect(why_address(number, period, start), 303)
        here = docket_why.explained(number, period, start, clock.today(), internal_days=0)
        offered = old.filings if old else docket_why.sharing(number, period, start)
    return _page(
        "desk/deadline_act.html",
        form,
        offered,
        code,
        filing=here.filing,
        it=it,
        row=here.row,
        runs_until=_runs_until(here),
        law=law,
        several=len(offered) > 1,
        address=act_address(number, period, start, act_code),
        back=why_address(number, period, start),
    )


def _propose(form: DeadlineForm, here: Explained, act_code: str, old: Entry | None) -> None:
    """Start from what the entry to be corrected says, else from today and from who is likely to say so."""
    if old:
        form.filings.data = [it.number for it in old.filings]
        form.fill(old.update, old.said)
        return
    form.filings.data = [here.filing.number]
    form.actor.data = _actor(here, act_code)
    form.day.data = Day(clock.today(), Precision.DAY)


@views.route("/filings/<filing:number>/deadlines/begin", methods=["GET", "POST"])
@act("deadline.record", post="deadline.record")
def deadline_begin(number: str) -> Any:
    """Begin a period by hand: one that no step of the protocol begins."""
    found = filings.get_filing(number.upper())
    offered = by_hand(periods().values(), _states(found), found.lodged, found.authority_slug)
    form = DeadlineForm()
    form.ask_which(offered)
    old = _to_correct(found.case_id, form)
    code = 200
    if request.method == "GET":
        asked = old.said.period if old else request.args.get("period", "")
        form.period.data = asked if asked in {it.id for it in offered} else ""
        form.filings.data = [it.number for it in old.filings] if old else [found.number]
        if old:
            form.fill(old.update, old.said)
    elif form.validate():
        chosen = old.filings if old else [found]
        code, entry = _record(found.case.number, chosen, _begun(form), form)
        if entry is not None:
            return redirect(url_for("desk.filing", number=found.number) + "#deadlines", 303)
        found = filings.get_filing(found.number)
    return _page("desk/deadline_begin.html", form, old.filings if old else [found], code, filing=found)


def _begun(form: DeadlineForm) -> NewAct:
    return NewAct(Act.BEGIN, form.period.data, None, form.until.data)


def _page(template: str, form: DeadlineForm, offered: Sequence[Any], code: int, **more: Any) -> Any:
    """Return the page of a form; who was told of something newer goes on from what stands now."""
    filing, faulty = more["filing"], form.errors or form.form_errors
    seen = {it.number: (code == 200 and _number(f"seen-{it.number}")) or it.version for it in offered}
    case = filing.case
    page = render_template(
        template, form=form, case=case, seen=seen, offered=offered, actors=_actors(filing, case.ngo), **more
    )
    return page, (422 if faulty and code == 200 else code)


def _record(case: str, offered: Sequence[Any], new: NewAct, form: DeadlineForm) -> tuple[int, int | None]:
    """Record what was typed on the ticked filings; return status and number of the entry, None if refused."""
    ticked = {it.number for it in offered} & set(form.filings.data or [])
    try:
        if not new.period:
            raise RuleBroken("Choose the period.", field="period")
        if not ticked:
            raise RuleBroken("Choose at least one filing.", field="filings")
        with transaction():
            chosen = [it for it in cases.get_case(case).filings if it.number in ticked]
            update = updates_deadlines.record(
                chosen,
                new,
                form.entry(),
                seen={it.number: _number(f"seen-{it.number}") or it.version for it in chosen},
                by=g.actor,
                corrects=int(form.corrects.data) if form.corrects.data else None,
            )
            number = update.number
    except Stale as refusal:
        form.form_errors.append(f"{refusal} Read what is new on its page, and save once more.")
        return 409, None
    except RuleBroken as refusal:
        form.refuse(refusal)
        return 200, None
    flash(f"Recorded as entry {number}.", "success")
    return 200, number


def _to_correct(case_id: int, form: DeadlineForm) -> Entry | None:
    """Return the entry that the form corrects, None for none; the last one of a line of corrections."""
    typed = request.args.get("corrects") if request.method == "GET" else form.corrects.data
    if not typed:
        return None
    if not is_small(typed):
        raise NotFound("There is no such entry in this case.")
    newest = updates.in_force(updates.get_update(case_id, int(typed)))
    found = docket_why.entry_saying(case_id, newest)
    if found is None or not found.filings:
        raise NotFound("This entry says nothing of a deadline.")
    return found


def _actor(it: Explained, code: str) -> str:
    """Return who is likely to say so, in words; empty where that is anybody's guess.

    We waive, and we say what we did. More time for us, and a day, come from whoever began the period: the
    authority or court whose letter it was. What others owe is extended and done by those who owe it.
    """
    ngo, owes = str(it.filing.case.ngo), it.row.owes_slug
    if code == "waive" or (code == "meet" and it.row.own):
        return ngo
    if it.row.own:
        if it.start is None or it.start.actor == ngo:
            return ""
        return label(it.start.actor_slug) if it.start.actor_slug else str(it.start.actor)
    if it.row.owes == "controller":
        return str(it.filing.controllers[0].name) if len(it.filing.controllers) == 1 else ""
    if owes in authorities():
        return label(owes)
    # One of several authorities, or one that is not known: none of them is named.
    return ""


def _runs_until(it: Explained) -> str:
    """Return until when it runs: the day to go by, as on the other pages, then that of the law."""
    ends = it.line.ends
    if ends.shown is None:
        return "Its end is not known now."
    legal = f" By the law: {words(ends.due)}." if ends.due and ends.due != ends.shown else ""
    return f"It runs until {words(ends.shown)} now.{legal}"


def _actors(filing: Any, ngo: str) -> list[str]:
    """Return who can have said so: we, the authority of the filing, then the whole directory."""
    near = [label(filing.authority_slug)] if filing.authority_slug else []
    return list(dict.fromkeys([ngo, *near, *(label(slug) for slug in authorities())]))


def _states(filing: Any) -> set[str | None]:
    """Return the states whose law can have a period for the filing: where it was lodged, and of its lead."""
    slugs = [filing.authority_slug, filing.handling_said, filing.lead_said]
    slugs += [run.lead for run in filing.routes]
    return {filing.country, *(authorities()[it].country for it in slugs if it in authorities())}


def _number(name: str) -> int:
    """Return a whole number of the form, 0 for anything else."""
    typed = request.form.get(name, "")
    return int(typed) if is_small(typed) else 0
