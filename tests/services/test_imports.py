"""What a file of cases becomes: each rule of the mapping, on small files and on the seven real cases."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tests.builders import a_case
from tests.campaigns import (
    a_campaign,
    a_controller,
    a_filing,
    an_event,
    case_of,
    changed,
    controllers_named,
    filing_of,
    protocol_of,
    real_cases,
    rows,
    take_in,
    take_in_facts,
)
from tracker.db import db, transaction
from tracker.models import (
    Case,
    CaseController,
    Claim,
    Controller,
    Entry,
    Establishment,
    Filing,
    FilingController,
    Reference,
    Route,
    Update,
    UpdateFiling,
)
from tracker.rules.vocabulary import Answer, ComplainantType, Outcome, Precision
from tracker.services import exports, imports


@pytest.fixture(autouse=True)
def noise(app):
    """A case of the desk (C001) and an imported one (C002) that no test mentions."""
    with transaction():
        a_case()
    other = a_controller("noise", legal_entity="Noise AG", hq_country="AT", main_establishment_eu="AT")
    filing = a_filing("noise-at", controllers=["noise"], references={"ngo": "noise", "imi": "999"})
    events = [an_event("decision", "noise-at")]
    take_in(a_campaign("noise", controllers=[other], filings=[filing], events=events))


def respondents_of(key: str = "acme-2024") -> dict[str | None, CaseController]:
    query = sa.select(CaseController).where(CaseController.case_id == case_of(key).id)
    loaded = selectinload(CaseController.controller).selectinload(Controller.establishments)
    return {it.key: it for it in db.session.scalars(query.options(loaded))}


def places_of(key: str = "acme") -> dict[str, Establishment]:
    return {it.place: it for it in respondents_of()[key].controller.establishments}


def references_of(key: str) -> list[tuple[str, str]]:
    query = sa.select(Reference).where(Reference.filing_id == filing_of(key).id).order_by(Reference.position)
    return [(it.owner, it.value) for it in db.session.scalars(query)]


def routes_of(key: str) -> list[Route]:
    query = sa.select(Route).where(Route.filing_id == filing_of(key).id, Route.current)
    return list(db.session.scalars(query))


class TestTheNumberOfACase:
    def test_is_its_own_where_it_has_the_form(self):
        take_in(a_campaign(internal_ref="C081"))
        assert (case_of().number, case_of().internal_ref) == ("C081", None)

    def test_is_the_next_above_the_highest_of_store_and_file_otherwise(self):
        first = a_campaign("first", filings=[], events=[])
        own = a_campaign("own", filings=[], events=[], internal_ref="C081")
        last = a_campaign("last", filings=[], events=[], internal_ref=None)
        take_in(first, own, last)
        assert [case_of(key).number for key in ("first", "own", "last")] == ["C082", "C081", "C083"]
        take_in(a_campaign("later", filings=[], events=[]))
        assert case_of("later").number == "C084"

    def test_of_another_form_is_kept_beside(self):
        take_in(a_campaign(internal_ref="C001-C004"))
        assert (case_of().number, case_of().internal_ref) == ("C003", "C001-C004")


class TestTheNumbersOfFilings:
    def test_are_their_own_and_the_others_fill_the_gaps_in_the_order_of_the_file(self):
        filings = [a_filing(f"f{place}", None) for place in range(4)]
        filings[2]["references"] = {"ngo": "C081-02"}
        take_in(a_campaign(internal_ref="C081", filings=filings, events=[]))
        numbers = [filing_of(f"f{place}").number for place in range(4)]
        assert numbers == ["C081-01", "C081-03", "C081-02", "C081-04"]
        assert references_of("f2") == []

    def test_leave_every_other_reference_with_its_owner(self):
        said = {"ngo": "C002", "imi": "44443", "lead_authority": "IN-18-5-5", "edpb": "Decision 3/2022"}
        take_in(a_campaign(filings=[a_filing("f", references=said)], events=[]))
        assert filing_of("f").number == "C003-01"
        assert references_of("f") == list(said.items())

    @pytest.mark.parametrize("ref", ["C037-C038", None])
    def test_are_only_references_where_the_case_has_no_number_of_its_own(self, ref):
        numbered = [a_filing("a", references={"ngo": "C037-01"}), a_filing("b", "fr-cnil")]
        report = take_in(a_campaign(internal_ref=ref, filings=numbered, events=[]))
        assert [filing_of(it).number for it in ("a", "b")] == [f"{case_of().number}-0{it}" for it in (1, 2)]
        assert exports.export_cases([case_of().number])["campaigns"][0]["filings"][0]["references"] == {
            "ngo": "C037-01"
        }
        assert report.lines[1:] == (
            "a: C037-01 is kept as a reference: the case has no internal_ref of the form C081",
        )


class TestAFilingAgainstSeveralControllers:
    def test_has_a_route_for_each(self):
        both = [a_controller(), a_controller("bolt", hq_country="FR", main_establishment_eu="FR")]
        filings = [a_filing("f-at", controllers=["bolt", "acme"]), a_filing("f-be", "be-apd-gba")]
        take_in(a_campaign(controllers=both, filings=filings, events=[]))
        assert len(routes_of("f-at")) == 2 and len(routes_of("f-be")) == 1
        query = sa.select(Controller.name).join(FilingController).order_by(FilingController.position)
        named = db.session.scalars(query.where(FilingController.filing_id == filing_of("f-at").id)).all()
        assert named == ["Bolt Limited", "Acme Limited"]


class TestFilingsWithoutANamedComplainant:
    def test_never_collide_at_one_authority(self):
        take_in(a_campaign(filings=[a_filing(f"li-{place}", "li-dss") for place in range(3)], events=[]))
        query = sa.select(Filing.number).where(Filing.case_id == case_of().id).order_by(Filing.number)
        assert db.session.scalars(query).all() == ["C003-01", "C003-02", "C003-03"]


class TestAControllerInTwoCampaigns:
    def test_is_one_by_its_id(self):
        one = a_campaign("one", controllers=[a_controller(brand="Maps", note="First.")])
        two = a_campaign("two", controllers=[a_controller(brand="Mail")])
        assert take_in(one, two).controllers == 1
        assert len(controllers_named("Acme Limited")) == 1
        first, second = (respondents_of(key)["acme"] for key in ("one", "two"))
        assert (first.brand, first.note, second.brand, second.note) == ("Maps", "First.", "Mail", None)

    def test_is_one_by_its_name_and_country(self):
        take_in(a_campaign("one"))
        same = a_controller("acme-ie", legal_entity="ACME Limited")
        filing = a_filing("f", controllers=["acme-ie"])
        two = a_campaign("two", controllers=[same], filings=[filing], events=[])
        assert take_in(two).controllers == 0
        assert len(controllers_named("Acme Limited")) == 1 and controllers_named("ACME Limited") == []

    def test_is_another_one_in_another_country(self):
        take_in(a_campaign("one"))
        said = {"legal_entity": "Acme Limited", "hq_country": "US", "main_establishment_eu": None}
        abroad = a_controller("acme-us", **said)
        take_in(a_campaign("two", controllers=[abroad], filings=[], events=[]))
        assert len(controllers_named("Acme Limited")) == 2

    def test_takes_over_what_a_source_says_about_one_of_the_desk(self):
        desk = a_controller("example", legal_entity="Example Platforms Ireland Limited")
        report = take_in(a_campaign(controllers=[desk], filings=[], events=[]))
        assert report.controllers == 0
        known = respondents_of()["example"].controller
        assert (known.verified, known.main_establishment_said) == (True, "IE")
        assert [it.origin for it in known.establishments] == ["stated by Ann"]


class TestAnEvent:
    def test_that_names_no_filing_belongs_to_the_case(self):
        take_in(a_campaign(events=[an_event("opinion_art64", actor="eu-edpb", filings=[])]))
        (entry,) = protocol_of()
        assert (entry.kind, entry.actor_slug, entry.filings) == ("opinion_art64", "eu-edpb", [])

    def test_keeps_a_month_a_year_and_a_day_that_is_not_known(self):
        said = [
            {"date": "2024-03", "date_precision": "month"},
            {"date": "2023", "date_precision": "year"},
            {"date": None, "date_precision": "unknown"},
        ]
        take_in(a_campaign(events=[an_event("statement", **it) for it in said]))
        assert [(it.happened_on, it.happened_precision) for it in protocol_of()] == [
            (date(2024, 3, 1), Precision.MONTH),
            (date(2023, 1, 1), Precision.YEAR),
            (None, Precision.UNKNOWN),
        ]

    def test_is_not_refused_by_the_table_of_steps(self):
        take_in(a_campaign(events=[an_event("binding_decision", "acme-2024-at", actor="eu-edpb")]))
        assert filing_of("acme-2024-at").stage == "binding_decision"
        assert filing_of("acme-2024-fr").stage == "lodged"

    def test_keeps_its_words_reference_fine_and_source(self):
        fine = {"amount": 390000000, "currency": "EUR", "split": {"facebook": 210000000, "other": 180000000}}
        said = an_event("decision", "acme-2024-at", reference="IN-18-5-5", fine=fine, verified=False)
        take_in(a_campaign(events=[said]))
        (entry,) = protocol_of()
        assert (entry.words, entry.reference, entry.fine) == (said["summary"], "IN-18-5-5", fine)
        assert (entry.source, entry.verified) == (said["source"], False)

    def test_by_somebody_outside_the_directory_keeps_the_name(self):
        take_in(a_campaign(events=[an_event("court_judgment", actor="OLG Köln")]))
        assert [(it.actor, it.actor_slug) for it in protocol_of()] == [("OLG Köln", None)]

    def test_by_what_looks_like_an_authority_keeps_the_name_and_is_reported(self):
        report = take_in(a_campaign(events=[an_event("statement", actor="ie-high-court")]))
        (entry,) = protocol_of()
        assert (entry.actor, entry.actor_slug) == ("ie-high-court", None)
        told = "acme-2024: 'ie-high-court' is no authority of the directory: it is kept as a name"
        assert report.lines[1:] == (told,)

    def test_of_a_kind_that_nobody_knows_is_kept_without_a_step_and_reported(self):
        report = take_in(a_campaign(events=[an_event("street_party", "acme-2024-at")]))
        (entry,) = protocol_of()
        assert (entry.kind, entry.filings[0].step) == ("street_party", None)
        assert "acme-2024: no step follows from events of the kind street_party" in report.lines


class TestADecision:
    def steps(self, **said):
        take_in(a_campaign(**said))
        return [(it.step, it.outcome) for entry in protocol_of() for it in entry.filings]

    def test_with_a_fine_of_the_lead_is_a_final_one(self):
        fine = {"amount": 1, "currency": "EUR"}
        event = an_event("decision", "acme-2024-at", actor="ie-dpc", fine=fine)
        assert self.steps(events=[event]) == [("final_upheld", Outcome.WON)]

    def test_with_a_fine_is_of_a_kind_not_recorded_while_the_lead_is_only_presumed(self):
        # One filing: whom it affects is not known, so nobody can say that the one-stop shop applied.
        event = an_event("decision", "f", fine={"amount": 1, "currency": "EUR"})
        steps = self.steps(filings=[a_filing("f")], events=[event])
        assert steps == [("decided", Outcome.NOT_RECORDED)]

    def test_with_a_split_fine_is_final_only_where_the_fine_was_imposed(self):
        both = [a_controller(), a_controller("bolt")]
        filings = [a_filing("a"), a_filing("b", controllers=["bolt"])]
        filings += [a_filing("c", "fr-cnil", controllers=["acme", "bolt"])]
        fine = {"amount": 1, "currency": "EUR", "split": {"bolt": 1}}
        event = an_event("decision", "a", "b", actor="ie-dpc", fine=fine)
        steps = self.steps(controllers=both, filings=filings, events=[event])
        assert steps == [("decided", Outcome.NOT_RECORDED), ("final_upheld", Outcome.WON)]

    def test_that_says_how_it_ended_is_believed(self):
        event = an_event("decision", "acme-2024-at", outcome="partly_won")
        assert self.steps(events=[event]) == [("decided", Outcome.PARTLY_WON)]
        assert filing_of("acme-2024-at").outcome is Outcome.PARTLY_WON


class TestWhatTheSourceSays:
    def test_stands_beside_what_the_program_computes(self):
        said = {"lead_authority": "fr-cnil", "handling_authority": "it-garante", "status": "decided"}
        filings = [a_filing("f-at", **said), a_filing("f-be", "be-apd-gba")]
        take_in(a_campaign(filings=filings, events=[]))
        it = filing_of("f-at")
        assert (it.lead_said, it.handling_said, it.status_said) == ("fr-cnil", "it-garante", "decided")
        assert [run.lead for run in routes_of("f-at")] == ["ie-dpc"]
        assert (it.stage, it.outcome) == ("lodged", Outcome.PENDING)

    def test_is_kept_with_its_verification_source_and_note(self):
        said = {"verified": False, "source": "https://example.org/1", "note": "March is sure.", "tool": None}
        outcome = {"status": "open", "summary": "No decision found.", "fines": []}
        totals = {"filings_announced": 101, "source": "https://example.org/2"}
        legal = {"articles": ["Art. 6 (1) lit. f GDPR", "12"], "requested": ["fine"], "verified": False}
        legal |= {"source": "https://example.org/3", "note": "Inferred."}
        filing = a_filing("f", urgency_requested_art66=True, complainant_type="ngo_own_name", **said)
        take_in(a_campaign(filings=[filing], events=[], outcome=outcome, totals=totals, legal_issues=legal))
        it, case = filing_of("f"), case_of()
        assert (it.verified, it.source, it.note) == (False, said["source"], said["note"])
        assert (it.extra, it.urgency_requested) == ({"tool": None}, True)
        assert it.complainant_type is ComplainantType.NGO_OWN_NAME
        assert (case.outcome_said, case.totals, case.requested) == (outcome, totals, ["fine"])
        assert (case.legal_verified, case.legal_note) == (False, "Inferred.")
        claims = sa.select(Claim.provision).where(Claim.case_id == case.id).order_by(Claim.position)
        assert db.session.scalars(claims).all() == ["6(1)(f)", "12"]

    def test_leaves_an_authority_not_known_where_it_is_not_known(self):
        take_in(a_campaign(filings=[a_filing("f", None)], events=[]))
        assert (filing_of("f").authority_slug, filing_of("f").country) == (None, "DE")
        assert len(routes_of("f")) == 1


class TestEstablishments:
    def test_are_taken_from_a_verified_main_establishment(self):
        take_in(a_campaign())
        (it,) = places_of().values()
        assert (it.place, it.central, it.decides, it.implements) == ("IE", Answer.YES, Answer.YES, Answer.YES)

    @pytest.mark.parametrize("verified", [False, None])
    def test_say_nothing_more_where_the_source_did_not_verify_the_entity(self, verified):
        take_in(a_campaign(controllers=[a_controller(verified=verified)]))
        (it,) = places_of().values()
        assert {it.central, it.decides, it.implements} == {Answer.UNKNOWN}

    @pytest.mark.parametrize("seat", ["FR", "GB", "NO"])
    def test_include_a_seat_that_was_ever_in_the_eea(self, seat):
        take_in(a_campaign(controllers=[a_controller(hq_country=seat)]))
        places = places_of()
        assert set(places) == {"IE", seat}
        assert {places[seat].central, places[seat].decides, places[seat].implements} == {Answer.UNKNOWN}
        assert places[seat].origin != places["IE"].origin

    def test_are_not_known_with_a_seat_outside_and_no_main_establishment(self):
        take_in(a_campaign(controllers=[a_controller(hq_country="US", main_establishment_eu=None)]))
        known = respondents_of()["acme"].controller
        assert (known.establishments, known.establishments_known) == ([], Answer.UNKNOWN)
        assert (known.targets_eea, known.decided_outside_eea) == (Answer.UNKNOWN, Answer.UNKNOWN)


class TestThePeopleAffected:
    def test_are_presumed_from_the_countries_of_two_filings(self):
        both = [a_controller(), a_controller("bolt")]
        filings = [a_filing("a"), a_filing("b", "fr-cnil", controllers=["acme", "bolt"]), a_filing("c")]
        take_in(a_campaign(controllers=both, filings=filings, events=[]))
        found = respondents_of()
        assert (found["acme"].affected, found["acme"].affected_presumed) == (["AT", "FR"], True)
        assert found["bolt"].affected is None
        assert [run.facts["affected"] for run in routes_of("c")] == [["AT", "FR"]]


class TestTheSevenRealCases:
    def test_come_in_whole(self):
        data, before = real_cases(), rows()
        report = take_in_facts()
        assert (report.cases, report.controllers, report.filings, report.updates) == (7, 33, 52, 66)
        assert report.numbers == ("C081", "C082", "C083", "C084", "C085", "C086", "C087")
        new = {name: count - before[name] for name, count in rows().items()}
        pairs = [len(it["controllers"]) for each in data["campaigns"] for it in each["filings"]]
        assert sum(count > 1 for count in pairs) == 13
        assert new["routes"] == new["filing_controllers"] == sum(pairs)
        named = [len(it.get("filings", ())) for each in data["campaigns"] for it in each["events"]]
        assert new["update_filings"] == sum(named)
        google = controllers_named("Google LLC")
        assert len(google) == 1
        assert new["case_controllers"] == 34 and new["controllers"] == 33

    def test_have_the_irish_authority_as_lead_of_the_eleven_filings(self):
        take_in_facts()
        dutch = filing_of("meta-ai-nl")
        assert (dutch.number, dutch.stage, dutch.since_on) == ("C081-07", "forwarded", date(2024, 9, 2))
        query = sa.select(Route.lead, sa.func.count()).join(Filing, Filing.id == Route.filing_id)
        query = query.join(Case, Case.id == Filing.case_id).where(Case.number == "C081").group_by(Route.lead)
        assert db.session.execute(query).all() == [("ie-dpc", 11)]

    def test_are_public_nowhere(self):
        before = rows()
        take_in_facts()
        new = {name: count - before[name] for name, count in rows().items()}
        assert new["publications"] == 0
        assert {name: count for name, count in new.items() if name.startswith("published") and count} == {}


class TestAnImport:
    def test_says_what_it_brought(self):
        report = take_in(a_campaign(internal_ref="C081"))
        assert report.lines == ("C081 acme-2024: new, with 1 controller, 2 filings and 1 event",)
        (before, listed) = imports.imports()
        assert (before.number, listed.number, listed.name, listed.actor) == (1, 2, "file.json", "shell")
        assert listed.brought == {"case": 1, "controller": 1, "filing": 2, "event": 1}
        assert [(it.kind, it.key, it.number) for it in imports.imported_items(2)] == [
            ("case", "acme-2024", "C081"),
            ("controller", "acme", "Acme Limited"),
            ("filing", "acme-2024-at", "C081-01"),
            ("filing", "acme-2024-fr", "C081-02"),
            ("event", "acme-2024, event 1", "C081, entry 1"),
        ]

    def test_leaves_a_line_in_the_journal_of_the_case(self):
        take_in(a_campaign())
        with db.engines[None].connect() as connection:
            query = sa.select(Entry.act, Entry.actor).order_by(Entry.id.desc()).limit(2)
            lines = {tuple(row) for row in connection.execute(query)}
        assert lines == {("import.take", "shell"), ("case.import", "shell")}

    def test_that_is_only_tried_stores_nothing(self):
        before = rows()
        report = take_in(a_campaign(internal_ref="C081"), dry_run=True)
        assert (report.cases, report.filings, report.updates, report.numbers) == (1, 2, 1, ("C081",))
        assert rows() == before

    def test_takes_as_many_statements_for_twenty_cases_as_for_two(self, statements):
        counts = []
        for number, prefix in ((1, "first-"), (2, "few-"), (20, "many-")):
            statements.clear()
            take_in(*(a_campaign(f"{prefix}{place}") for place in range(number)))
            counts.append(len(statements))
        assert counts[1] == counts[2], "the first one brings the controller of all of them"


def test_a_campaign_without_filings_and_events_is_a_case(app):
    take_in(changed(changed(a_campaign(), "filings", to=[]), "events", to=[]))
    counted = sa.select(sa.func.count()).select_from(Update).where(Update.case_id == case_of().id)
    assert db.session.scalar(counted) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UpdateFiling)) == 1  # the noise
