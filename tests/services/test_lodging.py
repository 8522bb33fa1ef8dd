"""Lodging: one act, any number of authorities, all of it or nothing; looked at before it is done."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DAY, a_case, lodged
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken
from tracker.models import (
    Authority,
    Case,
    Complainant,
    Entry,
    Filing,
    FilingController,
    Reference,
    Route,
    Update,
    UpdateFiling,
)
from tracker.reference.authorities import ONE_PER_STATE, authorities
from tracker.rules.days import Day
from tracker.rules.text import shown
from tracker.rules.vocabulary import ComplainantType, Outcome, Precision
from tracker.services import cases, filings, journal, status
from tracker.services.cases import Respondent
from tracker.services.cases_amending import Amended, amend_case
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import AlreadyFiled, Wanted

ELEVEN = (
    "at-dsb be-apd-gba fr-cnil gr-hdpa it-garante ie-dpc nl-ap no-datatilsynet pl-uodo es-aepd de-hh-hmbbfdi"
).split()
ALL_STATES = [it.slug for it in authorities().values() if it.scope in ONE_PER_STATE]
HAMBURG = NewController(name="Example Ads GmbH", country="DE", establishments=(NewEstablishment("DE-HH"),))


def wanted(*slugs: str, complainant: str | None = None, language: str | None = None) -> list[Wanted]:
    """Return what is wanted: the same complaint at each of the authorities."""
    return [Wanted(slug, complainant, language) for slug in slugs]


def plan(case: Case, *slugs: str, on: date = DAY) -> list[filings.Planned]:
    """Return what lodging with the authorities would make."""
    return filings.plan_lodging(case, wanted(*slugs), lodged_on=on)


def refusal(case: Case, those: Sequence[Wanted], on: date = DAY) -> RuleBroken:
    """Return the refusal of lodging."""
    with pytest.raises(RuleBroken) as refused:
        filings.plan_lodging(case, those, lodged_on=on)
    return refused.value


def everything_stored() -> dict[str, int]:
    """Return how many rows there are of all that lodging can write."""
    kinds = (Filing, FilingController, Update, UpdateFiling, Route, Entry, Reference)
    return {it.__name__: db.session.scalar(sa.select(sa.func.count()).select_from(it)) or 0 for it in kinds}


@pytest.fixture
def case(app) -> Case:
    """A case against a Dublin company, not lodged yet; beside it one that no test mentions."""
    with transaction():
        other = a_case(title="Noise", respondents=(Respondent(new=HAMBURG),))
        lodged(other, "at-dsb", "hu-naih")
        made = a_case()
    return cases.get_case(made.number)


class TestACaseLodgedWithElevenAuthorities:
    def test_has_eleven_filings_and_a_line_in_the_journal_for_each(self, case):
        before = everything_stored()
        with transaction():
            made = filings.lodge_complaint(case, wanted(*ELEVEN), lodged_on=DAY, by=ANN)
        assert [it.authority_slug for it in made] == ELEVEN
        assert [it.number for it in made] == [f"C002-{it:02}" for it in range(1, 12)]
        lines = [it for it in journal.history_of(case.id) if it.act == "filing.lodge"]
        assert sorted(it.subject for it in lines) == [it.number for it in made]
        assert {it.actor for it in lines} == {"user:1"}
        new = {name: count - before[name] for name, count in everything_stored().items()}
        assert new == {
            "Filing": 11,
            "FilingController": 11,
            "Update": 1,
            "UpdateFiling": 11,
            "Route": 11,
            "Entry": 11,
            "Reference": 0,
        }

    def test_says_in_the_journal_with_which_authority_and_when(self, case):
        with transaction():
            lodged(case, "ie-dpc", "no-datatilsynet")
        line = journal.about("C002-02")[0]
        assert line.detail == {"authority": "no-datatilsynet", "lodged_on": "2024-06-06"}

    def test_has_nothing_at_all_when_one_of_them_has_it_already(self, case):
        with transaction():
            lodged(case, "gr-hdpa")
        before = everything_stored()
        with pytest.raises(AlreadyFiled), transaction():
            filings.lodge_complaint(cases.get_case(case.number), wanted(*ELEVEN), lodged_on=DAY, by=ANN)
        assert everything_stored() == before

    def test_has_nothing_at_all_when_the_act_fails_at_its_end(self, case):
        before = everything_stored()
        with pytest.raises(RuntimeError), transaction():
            lodged(case, *ELEVEN)
            raise RuntimeError("the machine stops here")
        assert everything_stored() == before

    def test_stands_at_each_as_lodged_and_pending_since_that_day(self, case):
        with transaction():
            lodged(case, *ELEVEN)
        for it in cases.get_case("C002").filings:
            assert (it.stage, it.outcome, it.since) == ("lodged", Outcome.PENDING, Day.parse("2024-06-06"))
            assert it.lodged == it.since and it.entered_by == 1

    def test_tells_of_it_in_one_entry_of_its_protocol(self, case):
        with transaction():
            lodged(case, *ELEVEN)
        told = db.session.scalars(sa.select(Update).where(Update.case_id == case.id)).one()
        assert (told.number, told.kind, told.actor) == (1, "lodged", "noyb")
        assert told.words == "Complaint lodged with 11 authorities."

    def test_keeps_the_order_in_which_they_were_chosen(self, case):
        with transaction():
            lodged(case, "pl-uodo", "at-dsb")
            lodged(cases.get_case("C002"), "fr-cnil")
        found = cases.get_case("C002").filings
        assert [(it.number, it.authority_slug, it.position) for it in found] == [
            ("C002-01", "pl-uodo", 0),
            ("C002-02", "at-dsb", 1),
            ("C002-03", "fr-cnil", 2),
        ]

    def test_names_the_one_authority_in_its_protocol_when_there_is_one(self, case):
        with transaction():
            lodged(case, "dk-datatilsynet")
        assert status.described(filings.get_filing("C002-01"), {}).sentence.startswith(
            "Lodged with the Danish Datatilsynet on 6 June 2024"
        )
        told = db.session.scalars(sa.select(Update).where(Update.case_id == case.id)).one()
        assert told.words == "Complaint lodged with the Danish Datatilsynet."


class TestLodgingAgain:
    @pytest.fixture
    def case(self, case):
        with transaction():
            filings.lodge_complaint(case, [Wanted("at-dsb", "A"), Wanted("fr-cnil")], lodged_on=DAY, by=ANN)
        return cases.get_case(case.number)

    def test_with_the_same_authority_for_the_same_complainant_is_refused_and_named(self, case):
        refused = refusal(case, [Wanted("ie-dpc"), Wanted("at-dsb", "A")])
        assert isinstance(refused, AlreadyFiled) and refused.field == "authorities"
        for words in ("The Austrian DSB", "complainant A", "C002-01"):
            assert words in str(refused)

    def test_with_several_of_them_is_refused_once_and_names_all(self, case):
        assert str(refusal(case, [Wanted("fr-cnil"), *wanted("ie-dpc"), Wanted("at-dsb", "A")])) == (
            "2 of these already have this complaint: CNIL · France (C002-02); "
            "DSB · Austria for complainant A (C002-01). Take them out of the choice."
        )

    def test_without_a_named_complainant_twice_is_refused(self, case):
        refused = refusal(case, wanted("fr-cnil"))
        assert "The French CNIL" in str(refused) and "C002-02" in str(refused)
        assert "without a named complainant" in str(refused)

    @pytest.mark.parametrize("person", ["B", None])
    def test_with_the_same_authority_for_somebody_else_is_allowed(self, case, person):
        with transaction():
            made = filings.lodge_complaint(case, wanted("at-dsb", complainant=person), lodged_on=DAY, by=ANN)
        assert [it.number for it in made] == ["C002-03"]

    def test_is_refused_when_one_act_names_the_same_twice(self, case):
        refused = refusal(case, wanted("nl-ap", "nl-ap"))
        assert not isinstance(refused, AlreadyFiled) and refused.field == "authorities"
        assert str(refused).startswith("The Dutch AP is named twice:")
        refused = refusal(case, wanted("nl-ap", "nl-ap", complainant="B"))
        assert str(refused).startswith("The Dutch AP is named twice for B:")

    def test_for_two_people_in_one_act_gives_two_filings(self, case):
        both = [Wanted("nl-ap", "A", "en"), Wanted("nl-ap", "B", "nl")]
        with transaction():
            made = filings.lodge_complaint(case, both, lodged_on=DAY, by=ANN)
        found = [filings.get_filing(it.number) for it in made]
        assert [(it.complainant.pseudonym, it.language) for it in found] == [("A", "en"), ("B", "nl")]
        assert {it.complainant_type for it in found} == {ComplainantType.DATA_SUBJECT_REPRESENTED}

    def test_fills_the_gaps_in_the_numbers_first(self, case):
        with transaction():
            db.session.execute(sa.update(Filing).where(Filing.number == "C002-01").values(number="C002-03"))
        with transaction():
            made = lodged(cases.get_case("C002"), "nl-ap", "pl-uodo", "es-aepd")
        assert [it.number for it in made] == ["C002-01", "C002-04", "C002-05"]

    def test_does_not_mix_up_the_numbers_of_two_cases(self, case):
        with transaction():
            made = lodged(cases.get_case("C001"), "fr-cnil")
        assert [it.number for it in made] == ["C001-03"]

    def test_leaves_two_unnamed_filings_that_were_imported_as_they_are(self, case):
        with transaction():
            lodged(case, "nl-ap")
            db.session.execute(
                sa.update(Filing).where(Filing.number == "C002-03").values(authority_slug=None)
            )
        assert "C002-04" in [it.number for it in plan(cases.get_case("C002"), "nl-ap")]


class TestADayOfLodging:
    def test_may_be_today(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 6, 6))
        assert plan(case, "at-dsb", on=date(2024, 6, 6))

    def test_may_not_lie_in_the_future(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 6, 6))
        refused = refusal(case, wanted("at-dsb"), on=date(2024, 6, 7))
        assert refused.field == "lodged_on" and "7 June 2024 has not come yet" in str(refused)

    @pytest.mark.parametrize("day", [date(1, 1, 1), date(1989, 12, 31)])
    def test_may_not_lie_before_anything_of_ours(self, case, day):
        assert refusal(case, wanted("at-dsb"), on=day).field == "lodged_on"

    @pytest.mark.parametrize(
        ("facts", "day", "allowed"),
        [
            pytest.param("2024-06-06", date(2024, 6, 5), False, id="a day before"),
            pytest.param("2024-06-06", date(2024, 6, 6), True, id="the same day"),
            pytest.param("2024-06", date(2024, 5, 31), False, id="the month before"),
            pytest.param("2024-06", date(2024, 6, 1), True, id="within the month"),
            pytest.param("2024", date(2023, 12, 31), False, id="the year before"),
            pytest.param("", date(1999, 1, 1), True, id="nothing known of the facts"),
        ],
    )
    def test_may_not_lie_before_the_facts_of_the_case(self, case, facts, day, allowed):
        with transaction():
            amend_case(
                case,
                Amended(title="T", summary="", project="", facts=Day.parse(facts)),
                seen=case.version,
                by=ANN,
            )
        case = cases.get_case("C002")
        if allowed:
            assert plan(case, "at-dsb", on=day)
        else:
            refused = refusal(case, wanted("at-dsb"), on=day)
            assert refused.field == "lodged_on"
            assert "before the facts of the case" in str(refused) and case.facts.words in str(refused)


class TestAChoiceOfAuthorities:
    def test_must_not_be_empty(self, case):
        assert refusal(case, []).field == "authorities"

    @pytest.mark.parametrize("slug", ["xx-nowhere", "", "IE-DPC", "ie-dpc' OR 1=1", "ie_dpc", "%"])
    def test_must_be_of_the_directory_and_is_named_where_it_is_not(self, case, slug):
        refused = refusal(case, wanted("at-dsb", slug))
        assert refused.field == "authorities" and shown(slug) in str(refused)

    @pytest.mark.parametrize("code", ["xx", "German", "de_AT", "\u202e"])
    def test_must_not_come_with_a_language_that_does_not_exist(self, case, code):
        refused = refusal(case, wanted("at-dsb", language=code))
        assert refused.field == "language" and "There is no language “" in str(refused)

    def test_cannot_be_the_board(self, case):
        refused = refusal(case, wanted("eu-edpb"))
        assert "The EDPB takes no complaints" in str(refused)

    @pytest.mark.parametrize("person", ["C", "a", "A ", "%"])
    def test_cannot_be_for_somebody_whom_the_case_does_not_have(self, case, person):
        refused = refusal(case, wanted("at-dsb", complainant=person))
        assert refused.field == "authorities" and shown(person) in str(refused)

    def test_may_be_an_authority_that_left_the_directory_and_says_so(self, case):
        with transaction():
            db.session.get_one(Authority, "at-dsb").retired = True
        [planned] = plan(case, "at-dsb")
        assert "No longer in the directory." in planned.notes

    def test_says_where_another_law_than_the_gdpr_applies(self, case):
        british, swiss, european, irish = plan(case, "gb-ico", "ch-fdpic", "eu-edps", "ie-dpc")
        assert "law of the United Kingdom" in british.notes[0]
        assert "Swiss Federal Act on Data Protection" in swiss.notes[0]
        assert "Regulation (EU) 2018/1725 applies" in european.notes[0]
        assert irish.notes == ()

    @pytest.mark.parametrize(
        ("slug", "language", "words"),
        [
            ("fi-tsv", "de", "German is not a language of this authority: it works in Finnish or Swedish."),
            ("fi-tsv", "sv", None),
            ("at-dsb", None, None),
        ],
    )
    def test_says_when_the_language_is_not_that_of_the_authority(self, case, slug, language, words):
        [planned] = filings.plan_lodging(case, wanted(slug, language=language), lodged_on=DAY)
        assert planned.notes == ((words,) if words else ())
        assert planned.language == language


class TestThePreview:
    def test_stores_nothing(self, case, statements):
        before = everything_stored()
        statements.clear()
        plan(case, *ELEVEN)
        assert all(it.startswith("SELECT") for it in statements)
        db.session.commit()
        assert everything_stored() == before

    def test_says_what_lodging_then_does(self, case):
        those = [Wanted("at-dsb", "A", "de"), Wanted("ie-dpc", "B", "en"), Wanted("no-datatilsynet")]
        said = filings.plan_lodging(case, those, lodged_on=DAY)
        told = [
            (it.number, it.authority.slug, it.complainant and it.complainant.pseudonym, it.language,
             [(each.controller.controller.name, each.sentence, each.warnings) for each in it.routes])
            for it in said
        ]  # fmt: skip
        with transaction():
            made = filings.lodge_complaint(cases.get_case("C002"), those, lodged_on=DAY, by=ANN)
        for row, filing in zip(told, [filings.get_filing(it.number) for it in made], strict=True):
            assert row == (
                filing.number,
                filing.authority_slug,
                filing.complainant and filing.complainant.pseudonym,
                filing.language,
                [(it.controller, it.sentence, it.warnings) for it in status.explained(filing)],
            )

    def test_says_who_leads_and_why_in_one_sentence_with_the_article(self, case):
        [planned] = plan(case, "at-dsb")
        [route] = planned.routes
        assert route.route.lead == "ie-dpc"
        assert route.sentence.startswith("The Irish DPC leads") and "Art 56(1)" in route.sentence

    def test_warns_of_an_authority_where_nobody_concerned_lives(self, case):
        [here, elsewhere] = filings.plan_lodging(
            case, [Wanted("at-dsb", "A"), Wanted("fr-cnil", "A")], lodged_on=DAY
        )
        assert not [it for it in here.routes[0].warnings if "Art 77(1)" in it[0]]
        [(what, remedy)] = [it for it in elsewhere.routes[0].warnings if "Art 77(1)" in it[0]]
        assert what.endswith(".") and remedy.endswith(".")


class TestTheCostOfLodging:
    def test_does_not_grow_with_the_number_of_authorities(self, case, statements):
        counts = []
        for slugs in (ALL_STATES[:1], ALL_STATES[1:3], ALL_STATES[3:]):
            with transaction():
                loaded = cases.get_case("C002")
                statements.clear()
                those = [Wanted(it, "A" if place % 2 else None, "en") for place, it in enumerate(slugs)]
                filings.lodge_complaint(loaded, those, lodged_on=DAY, by=ANN)
            counts.append(len(statements))
        assert len(ALL_STATES) == 29
        assert counts[0] <= 18, "one statement per table, two to look before, nine for the deadlines"
        assert counts[1] == counts[2] <= 26, "and those that route the filings that were there"


class TestAFiling:
    def test_that_does_not_exist_is_not_found(self, case):
        with pytest.raises(NotFound, match="C999-01"):
            filings.get_filing("C999-01")

    def test_is_shown_with_as_many_statements_in_a_large_case_as_in_a_small_one(self, case, statements):
        counts = []
        for slugs in (ALL_STATES[:1], ALL_STATES[1:]):
            with transaction():
                lodged(cases.get_case("C002"), *slugs)
            db.session.expunge_all()
            statements.clear()
            status.described(filings.get_filing("C002-01"), {})
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 12

    def test_refuses_to_be_lodged_for_one_person_twice_even_when_the_program_errs(self, case):
        with transaction():
            [made] = filings.lodge_complaint(case, wanted("at-dsb", complainant="A"), lodged_on=DAY, by=ANN)
            db.session.flush()
            twin = {it.key: getattr(made, it.key) for it in sa.inspect(Filing).column_attrs}
            twin |= {"id": made.id + 1, "number": "C002-09"}
            with pytest.raises(sa.exc.IntegrityError):
                db.session.execute(sa.insert(Filing).values(**twin))

    def test_keeps_the_day_as_the_rules_read_it(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: DAY + timedelta(days=400))
        with transaction():
            lodged(case, "at-dsb")
        found = filings.get_filing("C002-01")
        assert (found.lodged_on, found.lodged_precision) == (DAY, Precision.DAY)
        assert "pending for 1 year and 1 month" in status.described(found, {}).sentence
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Complainant)) == 4
