"""Walks through the procedure: filings of which everything is known, and steps as the law has them or not."""

from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.procedure_guards import NO_AUTHORITY, Setting
from tracker.rules.standing import Entry, course
from tracker.rules.vocabulary import Answer

PROCEDURE = tables.procedure()
LODGED = Day.parse("2024-06-06")


def a_setting(inside, lead, handling, *, sure=True):
    """Return what decides on a filing lodged in Vienna."""
    named = {"lodged_with": "at-dsb", "lead": lead, "handling": handling, "board": "eu-edpb"}
    parties = {party: frozenset({slug} if slug else ()) for party, slug in named.items()}
    known = NO_AUTHORITY | {it for it in parties if parties[it] and (sure or it in ("lodged_with", "board"))}
    return Setting(inside, LODGED, parties, known)


#: Led from Dublin; handled in Vienna alone; perhaps led from Dublin.
INSIDE = a_setting(Answer.YES, "ie-dpc", "ie-dpc")
OUTSIDE = a_setting(Answer.NO, None, "at-dsb")
PRESUMED = a_setting(Answer.UNKNOWN, "ie-dpc", None, sure=False)


def whose(step, setting):
    """Return an authority whose act the step may be, None where it is no authority's or not known."""
    if "concerned" in step.actors:
        return "fr-cnil"
    slugs = [slug for party in step.actors for slug in sorted(setting.parties.get(party, ()))]
    return slugs[0] if slugs else None


def entries_of(steps, setting):
    """Return the entries of a filing, one step a month, each taken by whom it belongs to."""
    day, found = LODGED.value, []
    for number, code in enumerate(steps, 1):
        step = PROCEDURE.steps[code]
        when = day.replace(year=day.year + (number // 12), month=1 + number % 12)
        found.append(
            Entry(code, step.stage, Day.parse(when), number, step.outcome, actor=whose(step, setting))
        )
    return found


def walk(choices, setting):
    """Return the entries of a filing that took a lawful step for each of the numbers."""
    steps = ["lodged"]
    for choice in choices:
        here = course(entries_of(steps, setting), PROCEDURE)[-1]
        offered = PROCEDURE.possible(here.stage, setting, history=here.history)
        moving = [it for it in offered if PROCEDURE.moves(it.code)]
        # Where nothing moves it on any more, others still happen.
        steps.append((moving or offered)[choice % len(moving or offered)].code)
    return entries_of(steps, setting)
