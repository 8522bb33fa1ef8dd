"""Files about cases that are there: what is known stays, what is new is added, what differs is refused."""

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case
from tests.campaigns import (
    FACTS,
    a_campaign,
    a_controller,
    a_filing,
    an_event,
    case_of,
    changed,
    filing_of,
    protocol_of,
    real_cases,
    rows,
    take_in,
    take_in_facts,
)
from tracker.db import db, transaction
from tracker.errors import BadFile
from tracker.models import CaseController, Route
from tracker.rules.days import Day
from tracker.rules.vocabulary import Outcome
from tracker.services import cases, exports, imports, updates
from tracker.services.updates import NewUpdate

PEOPLE = [{"pseudonym": "A", "residence": "AT"}]
LEGAL = {"articles": ["6(1)(f)"], "requested": ["fine"], "verified": True, "source": "https://example.org"}


@pytest.fixture(autouse=True)
def noise(app):
    """Another case with other parts."""
    parts = {"controllers": [a_controller("noise")], "filings": [a_filing("noise-at", controllers=["noise"])]}
    take_in(a_campaign("noise", **parts, events=[an_event("acknowledgement", "noise-at")]))


def known(**said):
    """Return a campaign that is there already."""
    campaign = a_campaign(internal_ref="C081", legal_issues=LEGAL, complainants=PEOPLE, **said)
    take_in(campaign)
    return campaign


def refusal(campaign) -> list[str]:
    before = rows()
    with pytest.raises(BadFile) as refused:
        take_in(campaign)
    assert rows() == before
    return list(refused.value.faults)


class TestTheSameFile:
    def test_changes_nothing(self):
        take_in_facts()
        before = rows()
        report = take_in_facts()
        assert rows() == before
        assert (report.cases, report.controllers, report.filings, report.updates) == (0, 0, 0, 0)
        assert report.numbers == () and report.unchanged == 7 + 34 + 52 + 66 + 24, (
            "24 things beside the cases"
        )
        assert set(report.lines) >= {"C081 meta-ai-training-2024: nothing new"}
        assert [it.name for it in imports.imports()] == ["file.json", FACTS.name]

    def test_changes_nothing_after_work_at_the_desk(self):
        campaign = known(filings=[a_filing("f1"), a_filing("f2", "fr-cnil")], events=[])
        with transaction():
            case = cases.get_case("C081")
            seen = {it.number: it.version for it in case.filings}
            new = NewUpdate("acknowledged", Day.parse("2024-07-01"), "at-dsb", "They wrote.", reference="D-1")
            updates.record_update([case.filings[0]], new, seen=seen, by=ANN)
            case.project = cases.project_named("Artificial intelligence")
            case.language = "it"
        before = rows()
        assert take_in(campaign).numbers == ()
        assert rows() == before and case_of().language == "it"

    def test_may_say_what_it_left_out_as_it_is_taken_to_be(self):
        campaign = known(filings=[a_filing("f1")], events=[])
        assert "language" not in exports.export_cases(["C081"])["campaigns"][0]
        before = rows()
        take_in({**campaign, "language": "en"})
        assert rows() == before


class TestAKnownCampaign:
    def test_gets_a_new_event(self):
        campaign = known()
        campaign["events"].append(an_event("reminder", "acme-2024-fr", actor="noyb"))
        report = take_in(campaign)
        assert (report.updates, report.filings, report.cases) == (1, 0, 0)
        assert report.lines == ("C081 acme-2024: 1 event added",)
        assert [(it.number, it.kind) for it in protocol_of()] == [(1, "acknowledgement"), (2, "reminder")]

    def test_moves_its_filings_by_a_new_event(self):
        campaign = known()
        before = filing_of("acme-2024-fr").version
        event = an_event("dismissal", "acme-2024-fr", actor="fr-cnil")
        take_in({**campaign, "events": [*campaign["events"], event]})
        moved = filing_of("acme-2024-fr")
        assert (moved.stage, moved.outcome, moved.entered_by) == ("national_decision", Outcome.LOST, 2)
        assert moved.version > before
        assert filing_of("acme-2024-at").stage == "acknowledged"

    def test_counts_as_touched_by_an_event_that_moves_nothing(self):
        campaign = known()
        before = filing_of("acme-2024-fr").version
        event = an_event("statement", "acme-2024-fr", actor="fr-cnil")
        take_in({**campaign, "events": [*campaign["events"], event]})
        touched = filing_of("acme-2024-fr")
        assert (touched.stage, touched.version > before) == ("lodged", True)

    def test_takes_an_event_with_another_source_for_another_one(self):
        campaign = known()
        again = an_event("acknowledgement", "acme-2024-at", source="https://example.org/other")
        assert take_in({**campaign, "events": [again]}).updates == 1

    def test_gets_new_filings_that_fill_the_gaps_and_change_the_routes(self):
        filings = [a_filing("f1", references={"ngo": "C081-03"})]
        campaign = known(filings=filings, events=[])
        assert [run.facts["affected"] for run in self.runs("f1")] == [None]
        filings = [
            *filings,
            a_filing("f2", "fr-cnil"),
            a_filing("f3", "be-apd-gba"),
            a_filing("f4", "it-garante"),
        ]
        assert take_in({**campaign, "filings": filings}).filings == 3
        assert [filing_of(f"f{place}").number for place in (2, 3, 4)] == ["C081-01", "C081-02", "C081-04"]
        first, second = self.runs("f1")
        assert (first.current, second.current) == (False, True)
        assert second.facts["affected"] == ["AT", "BE", "FR", "IT"]
        assert second.facts["also_lodged_with"] == ["be-apd-gba", "fr-cnil", "it-garante"]

    def test_keeps_what_staff_said_about_the_people_affected(self):
        campaign = known(filings=[a_filing("f1")], events=[])
        with transaction():
            query = sa.select(CaseController).where(CaseController.case_id == case_of().id)
            respondent = db.session.scalars(query).one()
            respondent.affected, respondent.affected_presumed = ["EEA"], False
        take_in({**campaign, "filings": [a_filing("f1"), a_filing("f2", "fr-cnil")]})
        assert [run.facts["affected"] for run in self.runs("f2")] == [["EEA"]]

    def test_gets_a_new_controller(self):
        campaign = known()
        both = [a_controller(), a_controller("bolt")]
        filings = [*campaign["filings"], a_filing("new", "be-apd-gba", controllers=["bolt", "acme"])]
        report = take_in({**campaign, "controllers": both, "filings": filings})
        assert (report.controllers, report.filings) == (1, 1)
        assert len(self.runs("new")) == 2

    def runs(self, key):
        query = sa.select(Route).where(Route.filing_id == filing_of(key).id).order_by(Route.id)
        return db.session.scalars(query).all()


class TestAFileThatBringsLittle:
    def brought(self, campaign):
        """Take in a campaign; return its line and what is listed of the file."""
        report = take_in(campaign)
        listed = [(it.kind, it.key, it.number) for it in imports.imported_items(len(imports.imports()))]
        return report, listed

    def test_may_bring_a_complainant_only(self):
        more = {**known(), "complainants": [*PEOPLE, {"pseudonym": "B", "residence": "FR"}]}
        report, listed = self.brought(more)
        assert report.lines[0] == "C081 acme-2024: 1 complainant added"
        assert (report.complainants, listed) == (1, [("complainant", "B", "C081")])
        assert take_in(more).numbers == ()

    def test_may_bring_a_controller_that_another_case_has_only(self):
        campaign = known()
        more = {**campaign, "controllers": [*campaign["controllers"], a_controller("noise")]}
        report, listed = self.brought(more)
        assert (report.controllers, report.added) == (0, 1)
        assert listed == [("known controller", "noise", "C081, Noise Limited")]
        assert take_in(more).numbers == ()

    def test_may_bring_a_source_about_a_controller_of_the_desk_only(self):
        with transaction():
            a_case(number="C090")
        (case,) = exports.export_cases(["C090"])["campaigns"]
        case["controllers"][0] |= {"main_establishment_eu": "IE", "verified": False}
        report, listed = self.brought(case)
        assert report.lines[0] == "C090 c090: 1 source of a controller added"
        key, name = case["controllers"][0]["id"], "Example Platforms Ireland Limited"
        assert (report.sources, listed) == (1, [("source", key, name)])
        assert take_in(case).numbers == ()

    def test_names_a_known_controller_of_a_new_case_too(self):
        parts = {"controllers": [a_controller("noise")], "filings": [], "events": []}
        _, listed = self.brought(a_campaign("other", internal_ref="C082", **parts))
        assert listed == [
            ("case", "other", "C082"),
            ("known controller", "noise", "C082, Noise Limited"),
        ]


class TestOtherContent:
    @pytest.mark.parametrize(
        ("way", "value", "line"),
        [
            (("title",), "New", "acme-2024: title: differs from what is here: 'Case acme-2024'"),
            (("language",), "de", "acme-2024: language: differs from what is here: 'en'"),
            (("internal_ref",), None, "acme-2024: internal_ref: differs from what is here: 'C081'"),
            (
                ("legal_issues", "articles"),
                ["12"],
                "acme-2024: legal_issues.articles: differs from what is here: ",
            ),
            (
                ("legal_issues", "note"),
                "x",
                "acme-2024: legal_issues.note: differs from what is here: nothing",
            ),
            (
                ("complainants", 0, "residence"),
                "FR",
                "acme-2024, complainant 1: residence: differs from what is",
            ),
            (
                ("infringement_place",),
                "FR",
                "acme-2024: infringement_place: differs from what is here: nothing",
            ),
            (
                ("controllers", 0, "processing"),
                {"subject": "public_authority"},
                "acme: processing: differs from what is here: nothing",
            ),
            (("outcome",), {"status": "open"}, "acme-2024: outcome: differs from what is here: nothing"),
            (("controllers", 0, "brand"), "B", "acme: brand: differs from what is here: nothing"),
            (("filings", 0, "status"), "open", "acme-2024-at: status: differs from what is here: nothing"),
            (("filings", 0, "tool"), None, "acme-2024-at: tool: differs from what is here: nothing"),
            (
                ("filings", 1, "date"),
                "2024-06-07",
                "acme-2024-fr: date: differs from what is here: '6 June 2024'",
            ),
            (
                ("filings", 0, "authority"),
                None,
                "acme-2024-at: authority: differs from what is here: 'at-dsb'",
            ),
            (
                ("filings", 0, "references"),
                {"imi": "1"},
                "acme-2024-at: references.imi: differs from what is here",
            ),
            (
                ("filings", 0, "references"),
                {"ngo": "C081-05"},
                "acme-2024-at: references.ngo: differs from what is here: 'C081-01'",
            ),
            (
                ("events", 0, "summary"),
                "Other words.",
                "acme-2024, event 1: summary: differs from what is here (is entry 1 of the case here): "
                "'It is acknowledgement.'",
            ),
            (
                ("events", 0, "verified"),
                True,
                "acme-2024, event 1: verified: differs from what is here (is entry",
            ),
        ],
    )
    def test_is_refused_naming_item_and_field(self, way, value, line):
        (fault,) = refusal(changed(known(), *way, to=value))
        assert fault.startswith(f"file.json: {line}")

    @pytest.mark.parametrize(
        ("field", "value", "here"),
        [
            ("legal_entity", "Other Limited", "'Acme Limited'"),
            ("hq_country", "FR", "'IE'"),
            ("main_establishment_eu", None, "'IE'"),
            ("verified", False, "true"),
        ],
    )
    def test_of_a_controller_is_refused_in_another_campaign_too(self, field, value, here):
        known()
        other = a_campaign("other", controllers=[a_controller(**{field: value})])
        assert refusal(other) == [
            f"file.json: acme: {field}: differs from what is here for the same controller: {here}"
        ]
        fresh = [a_controller("fresh"), a_controller("fresh", **{field: value})]
        pair = [
            a_campaign(key, controllers=[it], filings=[], events=[])
            for key, it in zip("ab", fresh, strict=True)
        ]
        with pytest.raises(BadFile) as refused:
            take_in(*pair)
        assert f"file.json: fresh: {field}: differs" in refused.value.faults[0]

    def test_of_a_controller_that_is_in_the_case_under_another_id_is_refused(self):
        campaign = known(filings=[], events=[])
        assert refusal(changed(campaign, "controllers", 0, "id", to="again")) == [
            "file.json: again: id: is in this case here already as acme"
        ]

    def test_of_a_number_that_another_case_has_is_refused(self):
        known()
        other = a_campaign("other", internal_ref="C081", filings=[], events=[])
        assert refusal(other) == ["file.json: other: internal_ref: the number C081 is taken"]

    def test_of_a_filing_number_that_another_filing_has_is_refused(self):
        campaign = known()
        new = a_filing("new", "be-apd-gba", references={"ngo": "C081-02"})
        assert refusal({**campaign, "filings": [*campaign["filings"], new]}) == [
            "file.json: new: references.ngo: C081-02 is the number of another filing here: acme-2024-fr"
        ]

    def test_of_an_id_that_a_filing_of_another_case_has_is_refused(self):
        known()
        other = a_campaign("other", filings=[a_filing("acme-2024-at")], events=[])
        assert refusal(other) == ["file.json: acme-2024-at: id: is the id of another filing here: C081-01"]

    def test_of_an_id_that_a_filing_of_another_case_of_the_file_has_is_refused(self):
        campaign = known()
        other = a_campaign("other", internal_ref="C082", filings=[], events=[])
        take_in(other)
        before = rows()
        with pytest.raises(BadFile) as refused:
            take_in({**campaign, "filings": [], "events": []}, {**other, "filings": campaign["filings"][:1]})
        assert refused.value.faults == (
            "file.json: acme-2024-at: id: is the id of another filing here: C081-01",
        )
        assert rows() == before

    def test_in_one_of_seven_campaigns_keeps_the_others_out_too(self):
        take_in(real_cases()["campaigns"][6])
        others = real_cases()["campaigns"]
        others[6]["summary"] = "Changed."
        before = rows()
        with pytest.raises(BadFile) as refused:
            take_in(*others)
        assert rows() == before and len(refused.value.faults) == 1
