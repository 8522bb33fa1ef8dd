"""Who owes a period in one filing, and the places whose calendars count for it."""

from tracker.rules.happened import Course
from tracker.rules.periods import Kind, Period

#: A slug where it is an authority that is known, places, and what is not known of both.
Who = tuple[str | None, tuple[str, ...], list[str]]
EITHER_ADOPTS = (
    "Who adopts the decision depends on what it says, Art 65(6): a rejection is for the authority lodged "
    "with, anything else for the lead. The calendars of both count."
)
ASKED = (
    "The entry does not say which authority was asked: taken for the other one of the lead and the authority "
    "lodged with."
)
PASSED_ON = (
    "The entry does not say to which authority it was passed on, and the lead has changed since: who had to "
    "confirm is not known."
)
LED_THEN = "Another authority leads now: who owes it is the authority that led when it began."
#: What only the lead does, so that whoever did it led on that day.
BY_LEAD = frozenset(
    {
        "lead_confirmed",
        "investigation",
        "simple_cooperation",
        "key_issues",
        "prelim_findings",
        "draft_decision",
        "revised_draft",
    }
)
#: What an authority does to which a complaint was passed on.
ANSWERS = frozenset({"lead_confirmed", "returned", *BY_LEAD})
BOARD = "eu-edpb"
NOBODY = "Who has to act is not known: only Saturdays and Sundays are counted as no working days."


def who(period: Period, course: Course, index: int, actor: str | None) -> Who:
    """Return who owes a period that starts with the entry at `index`, which is an act of `actor`."""
    if period.owes == "adopting":
        return _adopting(course, index)
    if period.owes == "requested":
        return _asked(course, index, actor)
    if period.owes == "lead" and course.lead is not None:
        return _led(period, course, index)
    slug = None if period.own else course.party(period.owes)
    if period.kind is Kind.VALIDITY and actor:
        slug = actor
    where = period.place
    if where == "concerned" and slug is None:
        places = tuple(dict.fromkeys(course.places[it] for it in course.concerned if it in course.places))
        return None, places, [] if places else ["Which authorities are concerned is not known."]
    named = actor if period.own and where == "handling" and actor else course.party(where) or slug
    if named is not None:
        place = course.places.get(named)
        return slug, (place,) if place else (), [] if place else [f"The place of {named} is not known."]
    if where in ("lodged_with", "lead", "handling"):
        if where == "lodged_with" and course.country:
            return slug, (course.country,), []
        return slug, (), [NOBODY]
    return slug, (where,), []


def _led(period: Period, course: Course, index: int) -> Who:
    """Return the authority that led when it began: whoever leads now owes nothing of another one."""
    entry = course.entries[index] if index >= 0 else None
    lead = course.lead
    if entry is not None and entry.step == "forwarded":
        lead = entry.lead or _answered(course, index)
        if lead is None:
            return None, (), [PASSED_ON]
    elif entry is not None and entry.step in BY_LEAD:
        # The authority lodged with may tell of what another one did, and the Board of whom it found to lead.
        told_of = entry.actor is None or entry.actor in (BOARD, course.lodged_with)
        lead = entry.lead or (course.lead if told_of else entry.actor)
    if lead is None:
        return None, (), [NOBODY]
    return _at(course, lead, [] if lead == course.lead else [LED_THEN])


def _answered(course: Course, index: int) -> str | None:
    """Return the authority to which the complaint was passed on, as what it did afterwards shows.

    Where nothing shows it, it is the lead; None where that one may be another one by now.
    """
    for it in course.entries[index + 1 :]:
        if it.step == "forwarded":
            return None
        if it.step in ANSWERS and it.actor not in (None, BOARD, course.lodged_with):
            return it.actor
        if it.step == "returned":
            return None
    return course.lead


def _adopting(course: Course, index: int) -> Who:
    """Return who adopts the final decision: known once it is there, or where one authority is both."""
    lead, lodged_with = course.party("lead"), course.lodged_with
    slug, both = lead, {it: None for it in (lead, lodged_with) if it is not None}
    for it in course.entries[index + 1 :]:
        if it.step in ("final_upheld", "final_split", "final_rejected"):
            slug = lodged_with if it.step == "final_rejected" else lead
            both = {slug: None} if slug else {}
            break
    places = tuple(dict.fromkeys(course.places[it] for it in both if it in course.places))
    return slug, places, [EITHER_ADOPTS] if len(both) > 1 else [] if places else [NOBODY]


def _asked(course: Course, index: int, actor: str | None) -> Who:
    """Return which authority was asked for assistance: the one that answered, or the other one of two."""
    for it in course.entries[index + 1 :]:
        if it.step == "assistance_answer" and it.actor is not None:
            return _at(course, it.actor, [])
    pair = {it for it in (course.lead, course.lodged_with) if it is not None}
    if actor in pair and len(pair) == 2:
        return _at(course, (pair - {actor}).pop(), [ASKED])
    return None, (), [NOBODY]


def _at(course: Course, slug: str, doubts: list[str]) -> Who:
    place = course.places.get(slug)
    return (
        slug,
        (place,) if place else (),
        doubts if place else [*doubts, f"The place of {slug} is not known."],
    )
