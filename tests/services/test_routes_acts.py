"""What authorities did about the lead: one source, the protocol; in force until somebody takes it back."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.services.recording import news, record
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Establishment, Filing
from tracker.rules.days import Day
from tracker.rules.leading import Ground, LeadAct
from tracker.services import (
    cases,
    exports,
    filings,
    imports,
    routing,
    routing_overrides,
    routing_standing,
    updates,
    updates_lead_acts,
    updates_steps,
)
from tracker.services.updates_lead_acts import NewLeadAct


@pytest.fixture(autouse=True)
def case(app):
    """C001 against a company in Dublin, lodged in Austria, France and Ireland."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
    return cases.get_case("C001")


def act(
    act: LeadAct, lead: str | None = "ie-dpc", *numbers: str, authority: str = "ie-dpc", **values: Any
) -> list[int]:
    corrects = values.pop("corrects", None)
    new = NewLeadAct(act, authority, lead, Day.parse(values.pop("day", "2024-09-02")), **values)
    with transaction():
        here = [it for it in cases.get_case("C001").filings if it.number in (numbers or ("C001-01",))]
        return updates_lead_acts.record_act(here, new, seen={}, by=ANN, corrects=corrects).numbers


def found(number: str = "C001-01") -> tuple[Filing, routing_standing.Acts]:
    filing = filings.get_filing(number)
    return filing, routing_standing.acts_of([filing])


def told(number: str = "C001-01") -> list[str]:
    filing, acts = found(number)
    return [routing_standing.act_words(it.told) for it in acts.get(filing.id, ())]


def leads(number: str = "C001-01") -> tuple[str | None, Ground]:
    it = routing_standing.in_force(*found(number))
    [each] = it.each.values()
    return it.lead, each.ground


class TestAConfirmation:
    def test_leads_in_force_and_never_changes_what_the_rules_say(self):
        act(LeadAct.CONFIRMED, "fr-cnil", authority="fr-cnil", reference="X-1", source="a letter")
        assert leads() == ("fr-cnil", Ground.AUTHORITY)
        filing, acts = found()
        assert routing.current(filing).popitem()[1].lead == "ie-dpc"
        assert routing_standing.in_force(filing, acts).reason == (
            "The French CNIL leads: it confirmed that on 2 September 2024 (entry 2)."
        )
        [said] = acts[filing.id]
        assert (said.reference, said.source) == ("X-1", "a letter")

    def test_is_kept_as_exactly_as_its_day_is_known(self):
        act(LeadAct.CONFIRMED, day="2024-09")
        filing, acts = found()
        assert acts[filing.id][0].told.day.words == "September 2024"

    @pytest.mark.parametrize("taken_back", [LeadAct.DISPUTED, LeadAct.RETURNED])
    def test_ends_when_it_is_disputed_or_the_complaint_comes_back(self, taken_back):
        act(LeadAct.CONFIRMED, "fr-cnil", authority="fr-cnil")
        act(taken_back, None, authority="fr-cnil", day="2024-10-01")
        assert leads() == ("ie-dpc", Ground.RULES)

    def test_is_not_touched_by_a_presumption(self):
        act(LeadAct.CONFIRMED, "fr-cnil", authority="fr-cnil")
        act(LeadAct.PRESUMED, "nl-ap", authority="at-dsb", day="2024-10-01")
        assert leads() == ("fr-cnil", Ground.AUTHORITY)

    def test_counts_as_its_correction_says(self):
        [number] = act(LeadAct.CONFIRMED, "fr-cnil", authority="fr-cnil")
        act(LeadAct.CONFIRMED, "nl-ap", authority="fr-cnil", corrects=number)
        assert leads() == ("nl-ap", Ground.AUTHORITY)
        assert told() == ["The French CNIL confirmed that the Dutch AP leads"]

    def test_is_not_lost_when_other_words_of_its_entry_are_corrected(self):
        [number] = act(LeadAct.CONFIRMED, "fr-cnil", authority="fr-cnil")
        record(news("statement", actor="fr-cnil", day="2024-09-02"), "C001-01", corrects=number)
        assert leads() == ("fr-cnil", Ground.AUTHORITY)
        record(news("note", actor="fr-cnil", day="2024-09-02"), "C001-01", corrects=number + 1)
        assert leads() == ("ie-dpc", Ground.RULES), "it is another thing now"

    @pytest.mark.parametrize(
        ("lead", "authority", "field"),
        [(None, "ie-dpc", "lead"), ("eu-edpb", "ie-dpc", "lead"), ("ie-dpc", "nobody", "authority")],
    )
    def test_needs_authorities_of_the_directory(self, lead, authority, field):
        with pytest.raises(RuleBroken) as refusal:
            act(LeadAct.CONFIRMED, lead, authority=authority)
        assert refusal.value.field == field


class TestAStepOfTheProtocol:
    def test_is_such_an_act_by_itself(self):
        record(news("forwarded"), "C001-01")
        record(news("lead_confirmed", "2024-07-01", actor="ie-dpc"), "C001-01")
        assert told() == [
            "The Austrian DSB passed on the complaint",
            "The Irish DPC confirmed that it leads",
        ]
        assert leads() == ("ie-dpc", Ground.AUTHORITY)
        assert told("C001-02") == []

    def test_of_the_authority_lodged_with_does_not_make_it_the_lead(self):
        record(news("forwarded"), "C001-01")
        record(news("lead_confirmed", "2024-07-01", actor="at-dsb"), "C001-01")
        assert told()[1] == "The Austrian DSB confirmed the lead"
        assert leads() == ("ie-dpc", Ground.RULES)

    def test_stays_when_the_rules_find_another_lead_later(self):
        record(news("forwarded", actor="ie-dpc"), "C001-03")
        record(news("lead_confirmed", "2024-07-01", actor="ie-dpc"), "C001-03")
        assert leads("C001-03") == ("ie-dpc", Ground.AUTHORITY)
        with transaction():
            db.session.execute(sa.update(Establishment).values(place="FR"))
            respondent = cases.get_case("C001").controllers[0]
            respondent.processing = {"decides": {"FR": "yes"}}
            db.session.flush()
            routing.route_cases_against({respondent.controller_id})
        filing, acts = found("C001-03")
        assert routing.current(filing).popitem()[1].lead == "fr-cnil"
        assert leads("C001-03") == ("ie-dpc", Ground.AUTHORITY), "a run does not undo what an authority did"

    def test_is_taken_by_the_form_where_the_procedure_allows_it(self):
        record(news("forwarded"), "C001-01")
        assert act(LeadAct.CONFIRMED, "ie-dpc", "C001-01", "C001-02") == [3, 4]
        assert [filings.get_filing(it).stage for it in ("C001-01", "C001-02")] == ["lead_confirmed", "lodged"]
        assert leads() == leads("C001-02") == ("ie-dpc", Ground.AUTHORITY)

    def test_goes_out_and_comes_back_with_its_case(self, tmp_path):
        record(news("forwarded"), "C001-01")
        act(LeadAct.CONFIRMED, "fr-cnil", "C001-01", "C001-02", reference="X-1", source="a letter")
        sent = exports.export_cases()
        events = sent["campaigns"][0]["events"]
        said = [(it["kind"], it["lead_act"], it["lead_authority"]) for it in events if "lead_act" in it]
        assert said == [("lead_confirmed", "confirmed", "fr-cnil"), ("statement", "confirmed", "fr-cnil")]
        file = tmp_path / "cases.json"
        renamed = exports.as_text(sent, file.name).replace("c001", "c777").replace("C001", "C777")
        file.write_text(renamed.replace("Example: personal", "Another: personal"))
        with transaction():
            (number,) = imports.import_file(file, file.name, by=ANN).numbers
        assert leads(f"{number}-01") == leads(f"{number}-02") == ("fr-cnil", Ground.AUTHORITY)
        assert told(f"{number}-02") == ["The Irish DPC confirmed that the French CNIL leads"]


class TestReadingThem:
    def test_asks_no_more_of_the_store_for_more_filings(self, statements):
        act(LeadAct.CONFIRMED, "ie-dpc")

        def asked() -> int:
            here = cases.get_case("C001").filings
            statements.clear()
            routing_standing.acts_of(here)
            return len(statements)

        few = asked()
        with transaction():
            lodged(cases.get_case("C001"), "es-aepd", "nl-ap", "pl-uodo")
        act(LeadAct.CONFIRMED, "ie-dpc", "C001-04", "C001-05")
        assert asked() == few == 2
        record(news("forwarded", actor="ie-dpc"), "C001-03")
        record(news("lead_confirmed", "2024-07-01", actor="ie-dpc"), "C001-03")
        one = asked()
        for number, authority in (("C001-06", "pl-uodo"), ("C001-02", "fr-cnil")):
            record(news("forwarded", actor=authority), number)
            record(news("lead_confirmed", "2024-07-01", actor=authority), number)
        assert asked() == one == 3
        assert routing_standing.acts_of([]) == {}


class TestAStepOfAnOverridingLead:
    def test_is_no_doubt(self):
        with transaction():
            here = filings.get_filing("C001-01")
            routing_overrides.override(here, controller_id=None, lead="fr-cnil", why="Agreed.", by=ANN)
        record(news("forwarded"), "C001-01")
        with transaction():
            here = [it for it in cases.get_case("C001").filings if it.number == "C001-01"]
            told = news("lead_confirmed", "2024-07-01", actor="fr-cnil")
            entry = updates.record_update(here, told, seen={}, by=ANN)
            assert updates_steps.doubt_about(here, entry) is None
