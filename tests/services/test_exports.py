"""Cases as files: what went in comes out, and what came out goes in elsewhere without loss."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from jsonschema import Draft202012Validator

from tests.builders import ANN, DAY, a_case, lodged
from tests.campaigns import (
    FURTHER,
    a_campaign,
    a_controller,
    a_file,
    a_filing,
    an_event,
    case_of,
    real_cases,
    rows,
    take_in,
    take_in_facts,
    take_in_text,
)
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken
from tracker.models import Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Medium, Outcome
from tracker.services import cases, exports, filings, import_schema, reading, updates
from tracker.services.cases import NewClaim, Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted
from tracker.services.updates import Letter, NewUpdate

GUIDE = Path(__file__).parents[2] / "docs" / "import.md"
#: What an import makes; the journal and the list of imports tell of the act and differ.
CONTENT = (
    "cases claims complainants controllers establishments case_controllers filings filing_controllers "
    "filing_references updates update_filings routes"
).split()


def stands() -> dict[str, tuple[object, ...]]:
    """Return where every filing stands, by number."""
    found = db.session.scalars(sa.select(Filing))
    return {
        it.number: (it.stage, it.since_on, it.outcome, it.entered_by, it.authority_slug, it.language)
        for it in found
    }


def steps() -> list[tuple[object, ...]]:
    query = sa.select(Update.number, Update.kind, UpdateFiling.step, UpdateFiling.outcome).join(UpdateFiling)
    return [tuple(row) for row in db.session.execute(query.order_by(Update.number, UpdateFiling.position))]


def counts() -> dict[str, int]:
    return {name: count for name, count in rows().items() if name in CONTENT}


class TestTheSevenRealCases:
    def test_come_out_as_they_went_in(self, app):
        take_in_facts()
        assert exports.export_cases() == real_cases()

    @pytest.mark.parametrize("name", ["out.yaml", "out.json"])
    def test_are_the_same_in_another_home(self, app, elsewhere, name):
        take_in_facts()
        text = exports.as_text(exports.export_cases(), name)
        here = (stands(), steps(), counts())
        with elsewhere():
            assert take_in_text(text, name).cases == 7
            assert (stands(), steps(), counts()) == here
            assert exports.export_cases() == real_cases()

    def test_are_text_that_any_reader_reads(self, app):
        take_in_facts()
        data = exports.export_cases()
        text = exports.as_text(data, "out.yaml")
        assert yaml.safe_load(text) == data == json.loads(exports.as_text(data, "out.json"))
        assert "country: 'NO'" in text and "&" not in re.sub(r"'[^']*'|https?://\S+", "", text)

    def test_come_out_one_by_one(self, app):
        take_in_facts()
        data = exports.export_cases(["c83", "C081"])
        assert data["campaigns"] == [real_cases()["campaigns"][0], real_cases()["campaigns"][2]]


class TestWhatEachKeySays:
    def test_is_kept_on_the_way_there_and_back(self, app):
        campaign = a_campaign(
            internal_ref="C081",
            **{"project": "Artificial intelligence", "language": "it"},
            facts_date="2024-03",
            facts_date_precision="month",
            legal_issues={
                "articles": ["12", {"article": "6(1)(f)", "conduct": "Trains.", "measure": "Stop."}],
                "requested": ["fine"],
                "source": "https://example.org",
                "verified": False,
                "note": "A note.",
            },
            infringement_place="IT",
            complainants=[{"pseudonym": "A", "residence": "DE-BY", "workplace": "AT"}, {"pseudonym": "B"}],
            controllers=[
                a_controller(
                    brand="Acme",
                    note="Moved.",
                    website="https://acme.example",
                    targets_eea="yes",
                    decided_outside_eea="no",
                    affected=["EEA"],
                    processing={
                        "decides": {"FR": "unknown", "IE": "no"},
                        "decided_outside_eea": "yes",
                        "targets_eea": "no",
                        **FURTHER,
                    },
                    establishments=[
                        {
                            "place": "FR",
                            "central": "no",
                            "decides": "unknown",
                            "implements": "yes",
                            "main_processing": "yes",
                            "origin": "letter",
                        },
                        {
                            "place": "IE",
                            "central": "yes",
                            "decides": "yes",
                            "implements": "yes",
                            "origin": "register",
                            "since": "2015-01-01",
                            "until": "2024-05-31",
                        },
                    ],
                ),
                a_controller("none", establishments=[], affected=None),
                a_controller("unknown", establishments=None, processing={"infringement_ended": "unknown"}),
            ],
            filings=[
                a_filing(
                    "f1", complainant="A", language="de", controllers=["acme", "none", "unknown"], tool=None
                ),
                a_filing(
                    "f2", complainant="B", complainant_type="ngo_with_partner", tool="Pixel", verified=False
                ),
                a_filing(
                    "f3", "fr-cnil", controllers=["none"], references={"ngo": "C081-09", "imi": ["1", "2"]}
                ),
                a_filing("f4", None, date=None, date_precision="unknown", urgency_requested_art66=False),
            ],
            events=[
                an_event(
                    "statement", "f1", step="closed", public_summary="It", irregular="Late.", language="fr"
                ),
                an_event(
                    "national_decision", "f1", "f2", outcome="lost", fine={"amount": 1.5, "currency": "SEK"}
                ),
                an_event(
                    "national_decision", "f1", outcome="won", corrects=2, reference="D-1", verified=True
                ),
                an_event(
                    "information", medium="letter", sender="DPC", sent="2024-06-01", received="2024-06-03"
                ),
            ],
            totals={"filings_announced": 101, "source": "https://example.org/2"},
            outcome={"status": "open", "fines": [{"authority": None, "amount": 1, "currency": "EUR"}]},
        )
        take_in(campaign)
        # The file gives only what it has to; the export adds what is always said.
        campaign["legal_issues"]["articles"] = campaign["legal_issues"]["articles"][:]
        assert exports.export_cases() == a_file(campaign)
        assert not list(Draft202012Validator(import_schema.schema()).iter_errors(exports.export_cases()))
        assert take_in(campaign).numbers == ()

    def test_of_the_schema_is_explained_in_the_guide(self):
        explained = set(re.findall(r"`([a-z_0-9]+)`", GUIDE.read_text(encoding="utf-8")))

        def keys(part):
            if isinstance(part, dict):
                yield from part.get("properties", {})
                for value in part.values():
                    yield from keys(value)
            elif isinstance(part, list):
                for each in part:
                    yield from keys(each)

        assert set(keys(import_schema.schema())) - explained == set()

    def test_of_a_kind_that_is_also_a_step_names_the_same_step(self):
        steps_and_kinds = set(tables.event_kinds()) & set(tables.steps())
        different = {key for key in steps_and_kinds if tables.event_kinds()[key].step != key}
        assert different == set()


class TestTheExampleOfTheGuide:
    def test_is_taken_in_and_comes_out(self, app):
        (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        report = take_in_text(text)
        assert (report.cases, report.controllers, report.filings, report.updates) == (1, 1, 2, 3)
        assert stands()["C101-01"][:2] == ("forwarded", Day.parse("2024-09-02").value)
        assert exports.export_cases() == yaml.safe_load(text)


class TestACaseOfTheDesk:
    def worked_on(self):
        """Log a case with two complainants, lodge it, record letters and a decision, correct it."""
        french = NewController("Société Exemple", "FR", (NewEstablishment("FR"),))
        with transaction():
            a_case(
                respondents=(
                    Respondent(
                        new=french, affected=("FR", "DE-BY"), processing=Processing({"FR": Answer.YES})
                    ),
                ),
                claims=(NewClaim("6 I f", "Trains on posts.", "Stop."), NewClaim("12")),
                requested=("fine",),
                project="Artificial intelligence",
                facts=Day.parse("2024-03"),
            )
        with transaction():
            wanted = [Wanted("fr-cnil", "A", "fr"), Wanted("fr-cnil", "B"), Wanted("at-dsb")]
            filings.lodge_complaint(cases.get_case("C001"), wanted, lodged_on=DAY, by=ANN)
        letter = Letter(
            Medium.LETTER, "CNIL", Day.parse("2024-07-01").value, Day.parse("2024-07-03").value, "fr"
        )
        self.record("acknowledged", "2024-07-01", "C001-01", letter=letter, reference="24-1")
        self.record(
            "acknowledged", "2024-07-02", "C001-01", corrects=2, reference="24-2", public_words="Received."
        )
        self.record("statement", "2024-08", "C001-01", "C001-03")
        self.record("admissible", "2024-08-10", "C001-02")
        self.record("investigation", "2024-08-15", "C001-02")
        self.record(
            "national_decision", "2024-09-01", "C001-02", outcome=Outcome.PARTLY_WON, irregular="Left."
        )

    def record(self, step, day, *numbers, corrects=None, **values):
        with transaction():
            here = [it for it in cases.get_case("C001").filings if it.number in numbers]
            new = NewUpdate(step, Day.parse(day), "fr-cnil", "Words.", **values)
            updates.record_update(here, new, seen={}, by=ANN, corrects=corrects)

    def test_is_the_same_in_another_home(self, app, elsewhere):
        self.worked_on()
        data = exports.export_cases()
        (campaign,) = data["campaigns"]
        assert (campaign["id"], campaign["internal_ref"]) == ("c001", "C001")
        assert [it["id"] for it in campaign["filings"]] == ["c001-01", "c001-02", "c001-03"]
        assert [it["id"] for it in campaign["controllers"]] == ["societe-exemple-fr"]
        here = (stands(), steps(), counts())
        with elsewhere():
            report = take_in_text(exports.as_text(data, "out.yaml"), "out.yaml")
            assert report.numbers == ("C001",)
            assert exports.export_cases() == data
            assert (stands(), steps(), counts()) == here

    def test_keeps_its_stage_where_a_correction_shares_its_day(self, app, elsewhere):
        with transaction():
            lodged(a_case(), "fr-cnil")
        self.record("acknowledged", "2024-07-01", "C001-01")
        self.record("forwarded", "2024-07-01", "C001-01")
        self.record("acknowledged", "2024-07-01", "C001-01", corrects=2)
        data, here = exports.export_cases(), stands()
        with elsewhere():
            take_in_text(exports.as_text(data, "out.yaml"), "out.yaml")
            assert stands() == here
            assert cases.get_case("C001").filings[0].stage == "forwarded"

    def test_is_known_again_in_its_own_home(self, app):
        self.worked_on()
        text = exports.as_text(exports.export_cases(), "out.yaml")
        before = rows()
        assert take_in_text(text).numbers == ()
        assert rows() == before

    def test_says_who_stated_its_establishments(self, app):
        plain = NewController("Exemple", "FR", (NewEstablishment("FR"),))
        with transaction():
            a_case(respondents=(Respondent(new=plain),))
        (controller,) = exports.export_cases()["campaigns"][0]["controllers"]
        assert [it["origin"] for it in controller["establishments"]] == ["stated by Ann"]

    def test_has_an_id_of_its_own_for_each_controller(self, app):
        take_in(
            a_campaign(
                controllers=[a_controller("example-platforms-ireland-limited-ie")], filings=[], events=[]
            )
        )
        with transaction():
            a_case(number="C050")
        keys = [it["controllers"][0]["id"] for it in exports.export_cases()["campaigns"]]
        assert keys[0] == "example-platforms-ireland-limited-ie"
        assert keys[1].startswith(f"{keys[0]}-")


class TestAFilingAddedAtTheDesk:
    def test_comes_out_with_its_number(self, app):
        take_in(a_campaign(internal_ref="C081"))
        with transaction():
            lodged(cases.get_case("C081"), "be-apd-gba")
        filing = exports.export_cases()["campaigns"][0]["filings"][2]
        assert (filing["id"], filing["references"]) == ("acme-2024-03", {"ngo": "C081-03"})
        assert case_of().number == "C081"

    def test_to_a_case_whose_file_gave_no_number_says_none_either(self, app, elsewhere):
        take_in(a_campaign())
        with transaction():
            lodged(cases.get_case(case_of().number), "be-apd-gba")
        data = exports.export_cases()
        filing = data["campaigns"][0]["filings"][2]
        assert filing["id"] == "acme-2024-03" and "references" not in filing
        with elsewhere():
            take_in(a_campaign("another", filings=[], events=[], controllers=[a_controller("b")]))
            assert take_in_text(exports.as_text(data, "out.yaml")).numbers == ("C002",)
            assert filings.get_filing("C002-03").key == "acme-2024-03"

    def test_has_an_id_that_no_filing_of_a_file_has(self, app, elsewhere):
        take_in(a_campaign("noise", filings=[a_filing("acme-2024-03")], events=[]), a_campaign())
        with transaction():
            lodged(cases.get_case(case_of().number), "be-apd-gba")
        data = exports.export_cases()
        assert data["campaigns"][1]["filings"][2]["id"] == "acme-2024-03-desk"
        assert take_in_text(exports.as_text(data, "out.yaml")).numbers == ()
        with elsewhere():
            take_in_text(exports.as_text(data, "out.yaml"))
            assert exports.export_cases() == data


class TestACaseOfTheDeskWhoseIdAFileHas:
    def test_has_another_one(self, app, elsewhere):
        take_in(a_campaign("noise"), a_campaign("c003", filings=[a_filing("c003-01")], events=[]))
        with transaction():
            lodged(a_case(), "at-dsb")
        data = exports.export_cases()
        assert [it["id"] for it in data["campaigns"]] == ["noise", "c003", "c003-desk"]
        assert take_in_text(exports.as_text(data, "out.yaml")).numbers == ()
        with elsewhere():
            take_in_text(exports.as_text(data, "out.yaml"))
            assert exports.export_cases() == data


class TestExportsOneByOne:
    @pytest.mark.parametrize(
        "entities",
        [
            [("Acme Ltd", "GB"), ("Acme Ltd", "IE"), ("Acme, Ltd", "IE"), ("Acme Ltd", None)],
            [("Ελληνική Εταιρεία", "GR"), ("Българска фирма", "GR"), ("株式会社", "GR"), ("株式会社", None)],
        ],
    )
    def test_tell_companies_apart_and_know_each_again(self, app, elsewhere, entities):
        for name, seat in entities:
            with transaction():
                a_case(respondents=(Respondent(new=NewController(name, seat)),))
        whole = exports.export_cases()
        ids = [it["controllers"][0]["id"] for it in whole["campaigns"]]
        assert len({*ids}) == len(entities)
        parts = [exports.export_cases([it["internal_ref"]]) for it in whole["campaigns"]]
        with elsewhere():
            for part in reversed(parts):
                assert take_in_text(exports.as_text(part, "out.yaml")).controllers == 1
            assert take_in_text(exports.as_text(whole, "out.yaml")).numbers == ()


class TestAnExport:
    def test_of_a_case_that_is_not_there_is_refused(self, app):
        with pytest.raises(NotFound, match="There is no case C999"):
            exports.export_cases(["C999"])

    def test_to_a_file_of_another_kind_is_refused(self):
        with pytest.raises(RuleBroken, match=r"\.yaml or \.json"):
            exports.as_text({}, "cases.csv")

    def test_of_nothing_is_a_sound_file(self, app):
        text = exports.as_text(exports.export_cases(), "out.yaml")
        assert take_in_text(text).cases == 0

    def test_takes_as_many_statements_for_many_cases_as_for_few(self, app, statements):
        take_in(*[a_campaign(f"few-{place}") for place in range(2)])
        del statements[:]
        exports.export_cases()
        few = len(statements)
        take_in(*[a_campaign(f"many-{place}") for place in range(30)])
        del statements[:]
        exports.export_cases()
        assert len(statements) == few

    @pytest.mark.parametrize(
        "words", ["NO", "12", "1e3", "null", "~", "2024-06-06", "a: b #c", "'", "-", "Ünïcode\n\tx"]
    )
    def test_keeps_words_that_look_like_something_else(self, words):
        text = exports.as_text({"a": words}, "out.yaml")
        assert reading.read(text, "out.yaml").data == {"a": words}
