"""What a file of cases is refused for: one clear line per fault with its place, and nothing half-written."""

import json
from datetime import date

import pytest

from tests.campaigns import (
    Data,
    a_campaign,
    a_controller,
    a_file,
    a_filing,
    an_event,
    changed,
    refused,
    take_in,
)
from tracker import clock


@pytest.fixture(autouse=True)
def noise(app):
    """A case that is there and stays as it is."""
    take_in(a_campaign("noise", controllers=[a_controller("noise")], filings=[], events=[]))


def faults(*campaigns: Data) -> list[str]:
    """Return the lines with which a file with the campaigns is refused; nothing was stored."""
    return refused(json.dumps(a_file(*campaigns)), "file.json")


class TestAFileThatBreaksTheSchema:
    @pytest.mark.parametrize(
        ("way", "value", "line"),
        [
            pytest.param(
                ("filings", 0, "date"),
                "",
                "acme-2024-at: date: is empty: write something, or null where it is not known",
                id="an empty day",
            ),
            pytest.param(
                ("summary",),
                12,
                "acme-2024: summary: must be text of at most 20,000 characters: put it in quotes ('12')",
                id="a number for a text",
            ),
            pytest.param(
                ("filings", 1, "controllers"),
                "acme",
                "acme-2024-fr: controllers: must be a list with the id of at least one controller, not text",
                id="a text for a list",
            ),
            pytest.param(
                ("filings",),
                {},
                "acme-2024: filings: must be a list, not a mapping",
                id="a mapping for a list",
            ),
            pytest.param(
                ("filings", 0),
                "x",
                "acme-2024: filings, entry 1: must be a mapping with id, authority, country and so on, "
                "not text",
                id="a text for a filing",
            ),
            pytest.param(
                ("title",),
                None,
                "acme-2024: title: is empty: a value is needed here",
                id="nothing",
            ),
            pytest.param(
                ("title",),
                "",
                "acme-2024: title: is empty: write something, or leave the key out",
                id="empty",
            ),
            pytest.param(
                ("filings", 0, "country"),
                "Austria",
                "acme-2024-at: country: must be a country as two capitals, such as 'FR', not 'Austria'",
                id="a name for a country",
            ),
            pytest.param(
                ("filings", 0, "authorty"),
                "at-dsb",
                "acme-2024-at: authorty: is no key of this file: meant is perhaps authority",
                id="an unknown key",
            ),
            pytest.param(
                ("events", 0, "kind"),
                "A decision",
                "acme-2024, event 1: kind: must be one word of small letters, digits and underscores, "
                "such as 'decision', not 'A decision'",
                id="a kind of words",
            ),
            pytest.param(
                ("filings", 0, "references"),
                {"IMI no": "1"},
                "acme-2024-at: references.IMI no: is no word of small letters, digits and underscores",
                id="an owner of words",
            ),
            pytest.param(
                ("summary",),
                "x" * 100_000,
                "acme-2024: summary: The text has 100,000 characters; at most 20,000 are possible.",
                id="a long text",
            ),
            pytest.param(
                ("title",),
                "x" * 501,
                f"acme-2024: title: must be text on one line, of at most 500 characters, not '{'x' * 59}…'",
                id="a long title",
            ),
            pytest.param(
                ("controllers",),
                [],
                "acme-2024: controllers: must be a list with at least one controller",
                id="nobody complained about",
            ),
        ],
    )
    def test_is_told_field_and_remedy(self, way, value, line):
        assert faults(changed(a_campaign(), *way, to=value)) == [f"file.json: {line}"]

    @pytest.mark.parametrize("key", ["id", "title", "ngo", "summary", "controllers", "filings"])
    def test_because_a_key_is_missing(self, key):
        campaign = a_campaign()
        del campaign[key]
        subject = "campaign 1" if key == "id" else "acme-2024"
        assert faults(campaign) == [f"file.json: {subject}: {key}: is missing"]

    def test_because_a_filing_has_no_id(self):
        campaign = a_campaign(events=[])
        del campaign["filings"][1]["id"]
        assert faults(campaign) == ["file.json: acme-2024, filing 2: id: is missing"]

    def test_at_its_top(self):
        assert refused("schema_version: 2\ncampaigns: []") == [
            "file.yaml: file: schema_version: must be the number 1"
        ]
        assert refused("- a") == ["file.yaml: file: whole: must be a mapping, not a list"]

    def test_in_many_places_is_told_all_of_them_up_to_fifty(self):
        filings = [a_filing(f"f{place}", country="x") for place in range(80)]
        lines = faults(a_campaign(filings=filings, events=[]))
        assert len(lines) == 50
        assert lines[0].startswith("file.json: f0: country: must be a country")
        assert lines[-1] == "file.json: file: all: and 31 more faults"


class TestAFileThatContradictsItself:
    @pytest.mark.parametrize(
        ("way", "value", "line"),
        [
            pytest.param(
                ("filings", 0, "controllers"),
                ["acme", "gone"],
                "acme-2024-at: controllers, entry 2: this campaign has no controller 'gone'",
                id="a controller that is not there",
            ),
            pytest.param(
                ("events", 0, "lead_authority"),
                "ie-dpc",
                "acme-2024, event 1: lead_authority: needs lead_act: what was done about that lead",
                id="a lead named by nothing that was done",
            ),
            pytest.param(
                ("events", 0, "filings"),
                ["gone"],
                "acme-2024, event 1: filings, entry 1: this campaign has no filing 'gone'",
                id="a filing that is not there",
            ),
            pytest.param(
                ("events", 0, "filings"),
                ["acme-2024-at"] * 2,
                "acme-2024, event 1: filings, entry 2: stands here twice",
                id="a filing twice in an event",
            ),
            pytest.param(
                ("filings", 1, "id"),
                "acme-2024-at",
                "acme-2024-at: id: stands here twice",
                id="an id twice",
            ),
            pytest.param(
                ("filings", 0, "authority"),
                "at-xyz",
                "acme-2024-at: authority: there is no authority 'at-xyz' in the directory; null means "
                "not known",
                id="an authority that does not exist",
            ),
            pytest.param(
                ("filings", 0, "lead_authority"),
                "ie-dpx",
                "acme-2024-at: lead_authority: there is no authority 'ie-dpx' in the directory; null "
                "means not known",
                id="a lead that does not exist",
            ),
            pytest.param(
                ("language",),
                "xx",
                "acme-2024: language: there is no language 'xx'",
                id="a language that does not exist",
            ),
            pytest.param(
                ("filings", 0, "country"),
                "UK",
                "acme-2024-at: country: 'UK' is no country: write GB",
                id="a country that does not exist",
            ),
            pytest.param(
                ("controllers", 0, "main_establishment_eu"),
                "US",
                "acme: main_establishment_eu: US is not in the EEA: name a place there, or null",
                id="a main establishment outside the EEA",
            ),
            pytest.param(
                ("filings", 0, "date"),
                "2024-11-31",
                "acme-2024-at: date: 31 November does not exist.",
                id="31 November",
            ),
            pytest.param(
                ("filings", 0, "date"),
                "0001-01-01",
                "acme-2024-at: date: The year 1 is outside 1990 to 2100.",
                id="the year 1",
            ),
            pytest.param(
                ("filings", 0, "date"),
                "9999-12-31",
                "acme-2024-at: date: The year 9999 is outside 1990 to 2100.",
                id="the year 9999",
            ),
            pytest.param(
                ("filings", 0, "date"),
                "2024-06-08",
                "acme-2024-at: date: 8 June 2024 has not come yet: today is 7 June 2024",
                id="a filing in the future",
            ),
            pytest.param(
                ("events", 0, "date"),
                "2025",
                "acme-2024, event 1: date: 2025 has not come yet: today is 7 June 2024",
                id="an event in the future",
            ),
            pytest.param(
                ("legal_issues",),
                {"articles": ["6(1)(f)", "100"]},
                "acme-2024: legal_issues.articles, entry 2: “100”: there is no Article 100, the GDPR "
                "has Articles 1 to 99.",
                id="Article 100",
            ),
            pytest.param(
                ("filings", 0, "complainant"),
                "A",
                "acme-2024-at: complainant: this campaign has no complainant 'A'",
                id="a complainant that is not there",
            ),
            pytest.param(
                ("events", 0, "corrects"),
                1,
                "acme-2024, event 1: corrects: must be the place of an earlier event, and no "
                "event stands before this one",
                id="a correction of itself",
            ),
            pytest.param(
                ("outcome",),
                {"status": "x", "fines": [{"authority": "xx-no", "amount": 1, "currency": "EUR"}]},
                "acme-2024, fine 1: authority: there is no authority 'xx-no' in the directory; null "
                "means not known",
                id="a fine by nobody",
            ),
        ],
    )
    def test_is_told_where(self, way, value, line, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 6, 7))
        sound_then = changed(a_campaign(), "events", 0, "date", to="2024-06-06")
        assert faults(changed(sound_then, *way, to=value)) == [f"file.json: {line}"]

    @pytest.mark.parametrize(
        ("way", "said"),
        [
            (("main_establishment_eu",), "RE"),
            (("establishments",), [{"place": "RE"}]),
        ],
    )
    def test_because_an_overseas_place_is_a_part_of_a_state(self, way, said):
        controller = a_controller(**{way[0]: said})
        (line,) = faults(a_campaign(controllers=[controller]))
        assert line.endswith("RE is a part of France: write FR")

    def test_because_a_day_says_more_than_its_precision(self):
        sharp = a_filing("f", date="2024-06-06", date_precision="month")
        assert faults(a_campaign(filings=[sharp], events=[])) == [
            "file.json: f: date: 6 June 2024 says more than date_precision: write '2024-06', or leave the "
            "precision out"
        ]

    def test_because_a_filing_has_a_number_of_another_case(self):
        foreign = a_filing("f", references={"ngo": "C037-01"})
        assert faults(a_campaign(internal_ref="C081", filings=[foreign], events=[])) == [
            "file.json: f: references.ngo: C037-01 is a number of case C037, which is not the internal_ref "
            "of this one"
        ]

    def test_because_a_filing_lies_before_the_facts(self):
        filings = [a_filing("f1"), a_filing("f2", date="2024-06"), a_filing("f3", date="2024-05-31")]
        assert faults(a_campaign(facts_date="2024-06-07", filings=filings, events=[])) == [
            "file.json: f1: date: 6 June 2024 lies before the facts of the case (7 June 2024)",
            "file.json: f3: date: 31 May 2024 lies before the facts of the case (7 June 2024)",
        ]

    def test_because_two_campaigns_have_one_number_or_id(self):
        one, two = a_campaign("one", internal_ref="C081"), a_campaign("two", internal_ref="C081")
        assert faults(one, two) == ["file.json: two: internal_ref: stands here twice"]
        same = a_campaign("one", filings=[], events=[])
        assert faults(a_campaign("one"), same) == ["file.json: one: id: stands here twice"]

    def test_because_two_controllers_are_the_same_entity(self):
        both = [a_controller(), a_controller("again", legal_entity="ACME  limited")]
        assert faults(a_campaign(controllers=both)) == [
            "file.json: again: legal_entity: is the same legal entity as another controller of this campaign"
        ]

    def test_because_one_complainant_lodged_twice_with_one_authority(self):
        filings = [a_filing(key, complainant="A") for key in ("f1", "f2")]
        people = [{"pseudonym": "A", "residence": "AT"}]
        assert faults(a_campaign(filings=filings, events=[], complainants=people)) == [
            "file.json: f2: complainant: has a filing at this authority already"
        ]

    @pytest.mark.parametrize(
        ("said", "line"),
        [
            (
                {"subject": "king"},
                "subject: must be one of private, public_authority, private_6_1_c_e, eu_institution, "
                "court_judicial, led, not 'king'",
            ),
            ({"issues": []}, "issues: must be a list of one or both of gdpr, eprivacy, each once"),
            ({"rôle": "processor"}, "rôle: is no key of this file: meant is perhaps role"),
            (
                {"media_art85": True},
                "media_art85: must be one of 'yes', 'no', 'unknown', in quotes",
            ),
            (
                {"public_level": "land"},
                "public_level: This matters only of a public authority, or of a body with a public task "
                "(Art 55(2)): say that it is one, or leave this empty",
            ),
            ({"local_only": "UK"}, "local_only: 'UK' is no country: write GB"),
            (
                {"local_only": "US"},
                "local_only: This place is not in the EEA: name a state or Land there",
            ),
            ({"infringement_ended": "2024-02-30"}, "infringement_ended: 30 February does not exist"),
            ({"infringement_ended": "2099-01-01"}, "infringement_ended: 1 January 2099 has not come yet"),
            (
                {"infringement_ended": "2024-02-29"},
                "infringement_ended: 29 February 2024 lies before the facts of the case (March 2024)",
            ),
        ],
    )
    def test_because_of_what_it_says_of_the_processing(self, said, line):
        controllers = [a_controller(processing=said)]
        assert faults(a_campaign(controllers=controllers, facts_date="2024-03")) == [
            f"file.json: acme: processing.{line}"
        ]

    def test_because_a_place_of_article_77_is_none(self):
        people = [{"pseudonym": "A", "workplace": "EL"}]
        assert faults(a_campaign(complainants=people, infringement_place="ZZ")) == [
            "file.json: acme-2024: infringement_place: 'ZZ' is no country",
            "file.json: acme-2024, complainant 1: workplace: 'EL' is no country: write GR",
        ]

    def test_because_an_event_is_corrected_twice(self):
        events = [an_event(), an_event("reminder", corrects=1), an_event("statement", corrects=1)]
        assert faults(a_campaign(events=events)) == [
            "file.json: acme-2024, event 3: corrects: event 1 is corrected by an earlier event already"
        ]

    def test_because_an_event_stands_there_twice(self):
        event = an_event("reminder", "acme-2024-at")
        assert faults(a_campaign(events=[event, an_event(), event])) == [
            "file.json: acme-2024, event 3: summary: this is event 1 once more"
        ]


class TestAFileWithOneBadCampaign:
    def test_brings_none_of_the_others(self):
        good = a_campaign("good")
        bad = changed(a_campaign("bad", controllers=[a_controller()]), "filings", 1, "date", to="2024-02-30")
        wrong = changed(a_campaign("wrong"), "title", to=1)
        assert len(faults(good, bad, wrong)) == 2
