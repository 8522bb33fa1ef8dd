"""What a publication says of deadlines, hearings and other languages."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.publishing import alone, clear, told, two_cases
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Case, PublishedCase, PublishedDeadline, PublishedHearing, Update
from tracker.rules.access import OPTIONAL_FIELDS, SHELL
from tracker.rules.days import Day
from tracker.rules.happened import Act
from tracker.rules.vocabulary import Precision
from tracker.services import (
    cases,
    cases_texts,
    decisions_hearings,
    filings,
    publication,
    updates_deadlines,
)
from tracker.services.cases_texts import NewText
from tracker.services.decisions_hearings import NewHearing
from tracker.services.publication_fields import checked, completed
from tracker.services.updates import NewUpdate
from tracker.services.updates_deadlines import NewAct


@pytest.fixture
def case(app) -> Case:
    two_cases()
    return cases.get_case("C001")


def of_case(**chosen: Any) -> dict[str, Any]:
    """Return what would be public of C001: its first filing with its lodging, unless told otherwise."""
    found = cases.get_case("C001")
    return publication.content_of(found, **{"filings": ["C001-01"], "updates": [1], **chosen})


def owed(content: dict[str, Any], period: str = "G15") -> dict[str, Any]:
    """Return the one deadline of that period."""
    (it,) = [one for one in content["deadlines"] if one["period"] == period]
    return it


class TestADeadline:
    def test_is_that_of_an_authority_with_its_days_and_why(self, case):
        it = owed(of_case())
        assert (it["filing"], it["owed_by"], it["start_number"]) == ("C001-01", "nl-ap", 0)
        assert (it["due_on"], it["met_on"], it["open"]) == ("2024-09-06", None, True)
        assert ["3 months from 6 June 2024 end on Friday 6 September 2024", "Reg 1182/71 Art 3(2)(c)"] in it[
            "reasons"
        ]

    def test_of_ours_stays_inside(self, case):
        with transaction():
            filing = filings.get_filing("C001-01")
            act = NewAct(Act.BEGIN, "OWN-OTHER", None, until=clock.today() + timedelta(days=9))
            entry = NewUpdate(
                "note", Day(clock.today(), Precision.DAY), "us", "Prepare.", public_words="Task."
            )
            number = updates_deadlines.record([filing], act, entry, seen={}, by=SHELL).number
        content = of_case(updates=[1, number])
        assert number in [it["number"] for it in content["updates"]]
        assert not [it for it in content["deadlines"] if it["period"].startswith("OWN")]

    def test_that_nobody_needs_to_tell_us_of_or_that_is_contested_stays_inside(self, case):
        found = {it["period"] for it in of_case(updates=[1, 2, 3])["deadlines"]}
        assert "G15" in found and not found & {"G15-AGAIN", "G9", "P3", "P15"}

    def test_is_met_by_a_cleared_entry_and_by_no_other(self, case):
        with transaction():
            told("C001-01", "information", date(2024, 8, 1), "nl-ap", public="News.")
        number = publication.records_of(cases.get_case("C001")).counting[-1].number
        assert owed(of_case())["met_on"] is None
        assert owed(of_case(updates=[1, number]))["met_on"] is not None

    def test_does_not_show_when_a_letter_came_to_us(self, case):
        with transaction():
            told("C001-01", "information", date(2024, 8, 1), "nl-ap", public="News.")
        number = publication.records_of(cases.get_case("C001")).counting[1].number
        before = of_case(updates=[1, 2, 3, 4])["deadlines"]
        with transaction():
            db.session.execute(sa.update(Update).values(received_on=date(2025, 1, 1)))
        assert of_case(updates=[1, 2, 3, 4])["deadlines"] == before and number

    def test_is_read_with_all_others_by_whoever_clears_for_the_first_time(self, case):
        read = publication.first_reading(of_case(filings=["C001-01", "C001-02"]))
        (text,) = [text for what, text in read if what == "Deadlines of authorities"]
        assert text.splitlines()[0] == (
            "C001-01: The Dutch AP owes information on progress or outcome by 6 September 2024"
        )
        assert "C001-02: The Austrian DSB owes" in text

    def test_is_left_out_where_somebody_leaves_deadlines_out(self, case):
        assert of_case(fields=OPTIONAL_FIELDS - {"deadlines"})["deadlines"] == []

    def test_is_copied_with_the_filing_it_is_about(self, case):
        clear("C001")
        rows = db.session.scalars(
            sa.select(PublishedDeadline).order_by(PublishedDeadline.filing_number)
        ).all()
        assert {(it.filing_number, it.case_number, it.owed_by) for it in rows if it.period == "G15"} == {
            ("C001-01", "C001", "nl-ap"),
            ("C001-02", "C001", "at-dsb"),
            ("C001-03", "C001", "ie-dpc"),
        }

    def test_goes_with_the_case(self, case):
        clear("C001")
        clear("C001", filings=["C001-02"], updates=[1], fields=OPTIONAL_FIELDS - {"deadlines"})
        assert db.session.scalars(sa.select(PublishedDeadline)).all() == []

    def test_of_others_costs_no_statement_more(self, case, statements):
        statements.clear()
        of_case(filings=["C001-01"])
        few = len(statements)
        statements.clear()
        of_case(filings=["C001-01", "C001-02", "C001-03"])
        assert len(statements) == few


class TestAHearing:
    @pytest.fixture
    def hearing(self, case) -> int:
        """A hearing about two filings, moved once; its number."""
        first, then = (
            NewHearing(
                "High Court",
                day,
                "Europe/Dublin",
                "Oral hearing",
                place="Dublin",
                filings=("C001-01", "C001-02"),
            )
            for day in (date(2025, 3, 3), date(2025, 4, 4))
        )
        with transaction():
            number = decisions_hearings.set_hearing(first, by=SHELL).number
        with transaction():
            decisions_hearings.move_hearing(number, then, why="Asked to.", seen=0, by=SHELL)
        return number

    def test_is_public_only_where_somebody_chooses_it(self, hearing):
        assert publication.default_content(cases.get_case("C001"))["hearings"] == []
        (it,) = of_case(hearings=[hearing])["hearings"]
        assert (it["day"], it["sequence"], it["filings"]) == ("2025-04-04", 1, ["C001-01"])
        assert "Asked to" not in str(it)

    def test_of_filings_that_are_not_cleared_is_left_out(self, hearing):
        assert of_case(filings=["C001-03"], hearings=[hearing])["hearings"] == []

    def test_stays_public_when_the_operator_publishes_anew(self, hearing):
        clear("C001", filings=["C001-01"], updates=[1], hearings=[hearing])
        alone("C001")
        public = publication.status_of(cases.get_case("C001").id).public
        assert public is not None and len(public.content["hearings"]) == 1

    def test_keeps_what_makes_it_the_same_one_in_the_public_store(self, hearing):
        clear("C001", filings=["C001-01"], updates=[1], hearings=[hearing])
        uid = decisions_hearings.get_hearing(hearing).uid
        (row,) = db.session.scalars(sa.select(PublishedHearing)).all()
        assert (row.uid, row.sequence, row.day) == (uid, 1, date(2025, 4, 4))

    def test_that_was_moved_makes_the_publication_outdated(self, hearing):
        clear("C001", filings=["C001-01"], updates=[1, 2, 3], hearings=[hearing])
        case = cases.get_case("C001")
        public = publication.status_of(case.id).public
        assert public is not None
        assert not publication.is_outdated(public, publication.records_of(case))
        with transaction():
            decisions_hearings.cancel_hearing(hearing, why=None, seen=1, by=SHELL)
        assert publication.is_outdated(public, publication.records_of(cases.get_case("C001")))


class TestTextsInOtherLanguages:
    @pytest.fixture
    def translated(self, case) -> None:
        new = [NewText("de", "Beispiel", "Zusammenfassung."), NewText("fr", "Exemple", "Résumé.")]
        with transaction():
            cases_texts.write_texts(cases.get_case("C001"), new, seen={}, by=SHELL)

    def test_are_all_proposed(self, translated):
        texts = publication.default_content(cases.get_case("C001"))["texts"]
        assert [it["language"] for it in texts] == ["de", "fr"]

    def test_are_cleared_one_by_one(self, translated):
        clear("C001", filings=["C001-01"], updates=[1], languages=["fr"])
        row = db.session.get(PublishedCase, "C001")
        assert row is not None and row.language == "en"
        assert row.texts == {"fr": {"title": "Exemple", "summary": "Résumé."}}

    def test_have_no_summary_where_that_is_left_out(self, translated):
        content = of_case(fields=OPTIONAL_FIELDS - {"summary"})
        assert content["case"]["summary"] == "" and "Zusammenfassung" not in str(content)

    def test_that_nobody_wrote_cannot_be_chosen(self, translated):
        with pytest.raises(RuleBroken, match="no text in the language it"):
            of_case(languages=["it"])

    def test_are_read_by_whoever_clears(self, translated):
        found = {it.what: it.after for it in publication.compare(None, of_case())}
        assert (found["Title in German"], found["Summary in French"]) == ("Beispiel", "Résumé.")

    def test_are_looked_through_for_what_should_not_be_there(self, translated):
        with transaction():
            new = NewText("de", "Beispiel", "Von ann@example.org.")
            cases_texts.write_texts(cases.get_case("C001"), [new], seen={"de": 1}, by=SHELL)
        said = publication.warnings(cases.get_case("C001"), of_case())
        assert "The summary in German holds the e-mail address ann@example.org." in {it.text for it in said}


class TestAFieldThatIsLeftOut:
    @pytest.mark.parametrize("field", sorted(OPTIONAL_FIELDS - {"findings", "deadlines"}))
    def test_is_empty(self, case, field):
        content = of_case(fields=OPTIONAL_FIELDS - {field})
        assert not content["case"][field]

    def test_stays_out_when_the_operator_publishes_anew(self, case):
        clear("C001", filings=["C001-01"], updates=[1], fields=OPTIONAL_FIELDS - {"summary"})
        alone("C001")
        public = publication.status_of(cases.get_case("C001").id).public
        assert public is not None and public.content["case"]["summary"] == ""

    def test_names_no_controller_in_any_other_place(self, case):
        content = of_case(updates=[1, 2, 3], fields=OPTIONAL_FIELDS - {"controllers"})
        assert "Example Platforms" not in str(content)

    def test_gives_no_source_in_any_other_place(self, case):
        with transaction():
            for it in db.session.scalars(sa.select(Update)):
                it.source = "https://example.org/a"
        assert "example.org" in str(of_case())
        assert "example.org" not in str(of_case(fields=OPTIONAL_FIELDS - {"sources"}))

    def test_that_does_not_exist_is_refused(self, case):
        with pytest.raises(RuleBroken, match="no field number"):
            of_case(fields=["number"])


def test_an_older_publication_has_none_of_the_parts_that_are_new(case) -> None:
    content = of_case()
    new = ("decisions", "deadlines", "hearings", "texts", "fields")
    older = {part: value for part, value in content.items() if part not in new}
    older["case"] = {name: value for name, value in older["case"].items() if name != "language"}
    whole = checked(completed(older))
    assert [whole[part] for part in new[:4]] == [[], [], [], []]
