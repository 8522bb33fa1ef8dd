"""A case changed: claims, people and measures, each change with its effect on the routes."""

from datetime import timedelta

import pytest

from tests.builders import ANN, DAY, a_case, lodged
from tracker import clock
from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.models import Case
from tracker.rules.days import Day
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.routing import RouteWarning
from tracker.rules.vocabulary import Precision
from tracker.services import cases, cases_texts, filings, journal, routing
from tracker.services.cases import NewClaim
from tracker.services.cases_amending import Amended, SaidClaim, SaidComplainant, amend_case
from tracker.services.cases_texts import NewText
from tracker.services.filings import Wanted

OUTSIDE_77 = RouteWarning.W_LODGED_OUTSIDE_77


@pytest.fixture
def case(app) -> Case:
    """A case with two claims, for A in Austria and B in France; A's complaint lies with the French CNIL."""
    with transaction():
        made = a_case(claims=(NewClaim("6(1)(f)", "no basis", "stop"), NewClaim("12")), requested=("a fine",))
        filings.lodge_complaint(made, [Wanted("fr-cnil", "A")], lodged_on=clock.today(), by=ANN)
    return cases.get_case("C001")


def amend(**values: object) -> list[routing.Anew]:
    """Change the case and return the routes that came of it."""
    with transaction():
        case = cases.get_case("C001")
        said = {"title": case.title, "summary": "", "project": "", "facts": case.facts, **values}
        return amend_case(case, Amended(**said), seen=case.version, by=ANN)


def refusal(**values: object) -> RuleBroken:
    """Return the refusal of a change; nothing came of it."""
    before = told()
    with pytest.raises(RuleBroken) as refused:
        amend(**values)
    assert told() == before
    return refused.value


def told() -> tuple[object, ...]:
    case = cases.get_case("C001")
    claims = [(it.provision, it.conduct, it.measure) for it in case.claims]
    people = [(it.pseudonym, it.residence) for it in case.complainants]
    return claims, people, case.requested, case.version


class TestTheLanguage:
    def test_of_a_case_is_any_that_people_speak(self, case):
        amend(language="ga")
        assert cases.get_case("C001").language == "ga"

    def test_that_nobody_speaks_is_refused(self, case):
        refused = refusal(language="xx")
        assert (refused.field, str(refused)) == ("language", "There is no language “xx”.")

    def test_that_nobody_speaks_is_refused_when_a_case_is_opened_too(self, app):
        with pytest.raises(RuleBroken, match="There is no language “xx”") as refused, transaction():
            a_case(language="xx")
        assert refused.value.field == "language"

    def test_into_which_the_case_is_translated_is_refused(self, case):
        with transaction():
            new = [NewText("de", "Beispiel")]
            cases_texts.write_texts(cases.get_case("C001"), new, seen={}, by=ANN)
        refused = refusal(language="de")
        assert refused.field == "language" and "There is a text in German" in str(refused)
        amend(language="fr")


def keys(case: Case) -> dict[str, int]:
    """Return the keys of claims and complainants by what they are called."""
    return {it.provision: it.id for it in case.claims} | {it.pseudonym: it.id for it in case.complainants}


class TestTwoPeopleAtOneCase:
    @pytest.mark.parametrize("first", ["title", "claims", "people"])
    def test_lose_nothing_whatever_the_first_of_them_changed(self, case, first: str):
        seen, key = case.version, keys(case)
        amend(
            requested=tuple(case.requested),
            **{
                "title": {"title": "Other"},
                "claims": {"claims": (SaidClaim("13"),)},
                "people": {"complainants": (SaidComplainant("Anna", "AT", key=key["A"]),)},
            }[first],
        )
        with pytest.raises(Stale), transaction():
            again = cases.get_case("C001")
            said = Amended(title=again.title, summary="Mine.", project="", facts=again.facts)
            amend_case(again, said, seen=seen, by=ANN)
        assert cases.get_case("C001").summary == ""


class TestTheClaimsOfACase:
    def test_are_changed_added_and_taken_out_in_one_act(self, case):
        key = keys(case)
        amend(
            claims=(
                SaidClaim("Art. 6 Abs. 1 lit. a DSGVO", "no consent", key=key["6(1)(f)"]),
                SaidClaim("12", key=key["12"], out=True),
                SaidClaim("9(1)", "health data"),
            )
        )
        assert told()[0] == [("6(1)(a)", "no consent", None), ("9(1)", "health data", None)]

    def test_stay_where_they_are_not_named(self, case):
        amend(claims=(SaidClaim("13"),))
        assert [it[0] for it in told()[0]] == ["6(1)(f)", "12", "13"]

    def test_cannot_be_what_no_provision_says(self, case):
        refused = refusal(title="Other", claims=(SaidClaim("120", key=keys(case)["12"]),))
        assert refused.field == "claims-0-provision" and "120" in str(refused)
        assert cases.get_case("C001").title == case.title, "nothing of the change is kept"

    def test_that_somebody_took_out_cannot_be_changed_any_more(self, case):
        gone = keys(case)["12"]
        amend(claims=(SaidClaim("12", key=gone, out=True),))
        assert "not there any more" in str(refusal(claims=(SaidClaim("12", key=gone),)))
        amend(claims=(SaidClaim("12", key=gone, out=True),))  # taking it out twice is no harm

    def test_make_another_version_of_the_case(self, case):
        """Otherwise two people could change the claims at once and one would be lost."""
        before = case.version
        amend(claims=(SaidClaim("13"),))
        assert cases.get_case("C001").version > before


class TestTheComplainantsOfACase:
    def test_are_renamed_and_added(self, case):
        amend(
            complainants=(
                SaidComplainant("Complainant 7", "AT", key=keys(case)["A"]),
                SaidComplainant("C", "DE-BY"),
            )
        )
        assert told()[1] == [("B", "FR"), ("C", "DE-BY"), ("Complainant 7", "AT")]

    def test_may_exchange_their_pseudonyms(self, case):
        key = keys(case)
        amend(complainants=(SaidComplainant("B", "AT", key["A"]), SaidComplainant("A", "FR", key["B"])))
        assert told()[1] == [("A", "FR"), ("B", "AT")]

    def test_can_be_taken_out_and_the_pseudonym_given_to_somebody_else(self, case):
        amend(
            complainants=(
                SaidComplainant("B", key=keys(case)["B"], out=True),
                SaidComplainant("B", "IT"),
            )
        )
        assert told()[1] == [("A", "AT"), ("B", "IT")]

    def test_cannot_be_taken_out_while_a_filing_was_lodged_for_them(self, case):
        refused = refusal(complainants=(SaidComplainant("A", key=keys(case)["A"], out=True),))
        assert refused.field == "complainants-0-out" and "C001-01 was lodged for" in str(refused)
        with transaction():
            filings.lodge_complaint(
                cases.get_case("C001"), [Wanted("it-garante", "A")], lodged_on=clock.today(), by=ANN
            )
        refused = refusal(complainants=(SaidComplainant("A", key=keys(case)["A"], out=True),))
        assert "C001-01, C001-02 were lodged for this person." in str(refused)

    @pytest.mark.parametrize("typed", ["b", "B", " b "])
    def test_never_share_a_pseudonym_however_it_is_typed(self, case, typed):
        for said in (SaidComplainant(typed), SaidComplainant(typed, "AT", keys(case)["A"])):
            assert refusal(complainants=(said,)).field == "complainants-0-pseudonym"

    def test_that_somebody_took_out_cannot_be_changed_any_more(self, case):
        gone = keys(case)["B"]
        amend(complainants=(SaidComplainant("B", key=gone, out=True),))
        assert "not there any more" in str(refusal(complainants=(SaidComplainant("B", key=gone),)))

    def test_who_move_change_the_facts_of_the_routes_of_their_filings(self, case):
        [anew] = amend(complainants=(SaidComplainant("A", "IT", keys(case)["A"]),))
        assert routing.read(anew.after)[0].complainant_residence == "IT"
        assert anew.before and not anew.before.current and anew.after.current
        assert amend(complainants=(SaidComplainant("A", "IT", keys(case)["A"]),)) == []

    def test_who_work_elsewhere_do_so_too(self, case):
        said = SaidComplainant("A", "AT", keys(case)["A"], workplace="FR")
        [anew] = amend(complainants=(said,))
        before, after = routing.read(anew.before), routing.read(anew.after)
        assert after[0].complainant_workplace == "FR" and anew.differs
        assert OUTSIDE_77 in before[1].warnings and OUTSIDE_77 not in after[1].warnings
        assert amend(complainants=(said,)) == []


class TestThePlaceOfTheInfringement:
    def test_changes_the_facts_of_every_route_of_the_case(self, case):
        [anew] = amend(infringement_place="FR")
        facts, route = routing.read(anew.after)
        assert facts.infringement_place == "FR" and OUTSIDE_77 not in route.warnings
        assert amend(infringement_place="FR") == []

    def test_may_be_not_known_again(self, case):
        amend(infringement_place="FR")
        [anew] = amend(infringement_place=None)
        assert OUTSIDE_77 in routing.read(anew.after)[1].warnings

    def test_stays_when_the_register_changes(self, case):
        amend(infringement_place="FR")
        with transaction():
            against = {it.controller_id for it in cases.get_case("C001").controllers}
            assert routing.route_cases_against(against) == [], "the facts are the same by the other way"


class TestWhatACaseSaysOfItself:
    def test_holds_the_measures_asked_for(self, case):
        amend(requested=("a fine", "a stop of the processing"))
        assert told()[2] == ["a fine", "a stop of the processing"]

    def test_cannot_begin_after_a_lodging(self, case):
        with transaction():
            lodged(case, "it-garante", on=DAY)
        amend(facts=Day.parse(DAY.isoformat()))
        refused = refusal(facts=Day(DAY + timedelta(1), Precision.DAY))
        assert refused.field == "facts" and "C001-02 was lodged before that" in str(refused)

    def test_cannot_begin_after_the_infringement_ended(self, case):
        with transaction():
            ended = Processing(further=FurtherFacts(infringement_ended=DAY))
            cases.get_case("C001").controllers[0].processing = ended.to_json()
        amend(facts=Day.parse(DAY.isoformat()))
        refused = refusal(facts=Day(DAY + timedelta(1), Precision.DAY))
        assert refused.field == "facts" and "Ireland Limited ended before that (6 June 2024)" in str(refused)

    def test_cannot_begin_tomorrow(self, case):
        """Nothing could be lodged: what is announced begins with its announcement."""
        tomorrow = Day(clock.today() + timedelta(1), Precision.DAY)
        assert refusal(facts=tomorrow).field == "facts"
        with pytest.raises(RuleBroken, match="has not come yet"), transaction():
            a_case(facts=tomorrow)

    def test_is_noted_in_the_journal(self, case):
        amend(requested=())
        assert journal.history_of(case.id)[0].act == "case.amend"
