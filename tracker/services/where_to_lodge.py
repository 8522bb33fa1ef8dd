"""Where the complaint of a case may be lodged, for each complainant (Art 77(1)). Asks and stores nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.models import Case, CaseController, Complainant
from tracker.reference import receiving as words
from tracker.reference.authorities import directory
from tracker.rules import routing
from tracker.rules.routing.receiving import Receiving, Standing, may_receive, standing_of
from tracker.services import routing as routes
from tracker.services import routing_facts


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the complaint may be lodged against some controllers of the case; () is all of them."""

    controllers: tuple[str, ...]
    offers: tuple[words.Offer, ...]


@dataclass(frozen=True, slots=True)
class ForPerson:
    """Where the complaint may be lodged for one complainant, None where the case names nobody.

    `lies_at` are the authorities that have it for this person already, with the number of the filing.
    `not_recorded` are the places that nobody has recorded, in words.
    """

    complainant: Complainant | None
    answers: tuple[Answer, ...]
    not_recorded: tuple[str, ...]
    lies_at: dict[str, str]

    @property
    def lies_at_a_place(self) -> bool:
        """Return whether the complaint lies already where Art 77(1) has it lodged."""
        return any(
            slug in self.lies_at
            for answer in self.answers
            for it in answer.offers
            if it.standing in _FIRST
            for slug in it.authorities
        )

    @property
    def first(self) -> str | None:
        """Return the authority at the first known place; None where no single one can be named.

        Where controllers differ in who receives, somebody has to choose.
        """
        if len(self.answers) != 1:
            return None
        return next((it.slug for it in self.answers[0].offers if it.standing in _FIRST), None)


#: Standings with which an authority is proposed by itself.
_FIRST = (Standing.PLACE, Standing.INSTITUTION)


def for_case(case: Case, *, on: date) -> list[ForPerson]:
    """Return for each complainant where the complaint may be lodged that day; one answer for nobody if none.

    `case` comes from get_case. Who leads is worked out once per controller, whoever complains.
    """
    people: Sequence[Complainant | None] = case.complainants or [None]
    leads = [_leads(case, it, on) for it in case.controllers]
    known: dict[tuple[str | None, ...], tuple[Answer, ...]] = {}
    lies_at = _lies_at(case)
    found = []
    for person in people:
        told = [_facts(case, it, person, on) for it in case.controllers]
        places = told[0].places_77() if told else (None, None, None)
        if places not in known:
            known[places] = _answers(case.controllers, told, leads)
        found.append(
            ForPerson(
                complainant=person,
                answers=known[places],
                not_recorded=words.not_recorded(told[0]) if told else (),
                lies_at=lies_at.get(person.id if person else None, {}),
            )
        )
    return found


def chosen(slug: str, runs: Sequence[tuple[routing.Facts, routing.Route]]) -> words.ChosenWords:
    """Return how an authority that was chosen stands to Art 77(1), given the runs of a filing with it."""
    leads = [route.lead for _, route in runs if route.lead]
    if not runs:
        return words.ChosenWords("", None, words.ways_of(slug))
    facts = runs[0][0]
    answer = may_receive(facts, directory(), leads)
    found = words.chosen_words(standing_of(slug, facts, directory(), answer), facts)
    # Where another law applies, Art 77(1) is not what stands in the way.
    return found if directory().takes_part(slug, facts.as_of) else replace(found, warning=None)


def _by_issue(
    case: Case, respondent: CaseController, person: Complainant | None, on: date
) -> dict[str, routing.Facts]:
    """Return by issue the facts of a complaint that is not lodged yet."""
    lodging = routing_facts.lodging_to_be(case, person, on)
    return {it.issue: it for it in routing_facts.facts_by_issue(respondent, lodging)}


def _facts(case: Case, respondent: CaseController, person: Complainant | None, on: date) -> routing.Facts:
    """Return the facts on which the places depend; marked as ePrivacy where that is one of the issues."""
    issues = _by_issue(case, respondent, person, on)
    return issues.get("eprivacy") or issues["gdpr"]


def _leads(case: Case, respondent: CaseController, on: date) -> str | None:
    """Return who leads against a controller, or is presumed to: that does not depend on who complains.

    Nobody does where the complaint is about nothing but ePrivacy.
    """
    facts = _by_issue(case, respondent, None, on).get("gdpr")
    return routes.answer(facts).lead if facts else None


def _answers(
    respondents: Sequence[CaseController], told: Sequence[routing.Facts], leads: Sequence[str | None]
) -> tuple[Answer, ...]:
    """Return the answers for one complainant; controllers with the same places answer together."""
    groups: dict[tuple[Receiving, ...], list[int]] = {}
    for index, facts in enumerate(told):
        groups.setdefault(may_receive(facts, directory(), ()), []).append(index)
    return tuple(
        Answer(
            controllers=() if len(groups) == 1 else tuple(respondents[it].controller.name for it in members),
            offers=words.offers(
                may_receive(told[members[0]], directory(), [lead for it in members if (lead := leads[it])])
            ),
        )
        for members in groups.values()
    )


def _lies_at(case: Case) -> dict[int | None, dict[str, str]]:
    """Return by complainant (None is nobody) the authorities that have the complaint, with the filing."""
    found: dict[int | None, dict[str, str]] = defaultdict(dict)
    for it in case.filings:
        if it.authority_slug:
            found[it.complainant_id].setdefault(it.authority_slug, it.number)
    return found
