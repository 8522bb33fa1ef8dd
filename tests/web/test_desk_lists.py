"""What the lists of the desk hold: columns that keep what their heads say, one name for every authority."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.reader import Reader
from tracker.db import db, transaction
from tracker.models import Entry, Filing, Update
from tracker.rules.days import Day
from tracker.rules.vocabulary import Outcome, Precision
from tracker.services import cases, updates
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.updates import NewUpdate
from tracker.web.desk import case_page, leading

Desk = Callable[[str], Reader]


def words(page: str) -> str:
    """Return the text of a page's main part, without tags and with single spaces."""
    main = page.split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def happened(step: str, day: str, actor: str = "at-dsb", number: str = "C001-01", **values: object) -> int:
    """Record on a filing what happened, and return the number of the entry."""
    with transaction():
        [filing] = [it for it in cases.get_case(number[:4]).filings if it.number == number]
        new = NewUpdate(step, Day.parse(day), actor, "words")
        return updates.record_update([filing], new, seen={}, by=ANN, **values).number


class TestTheLastNews:
    def test_is_the_step_with_its_day_and_what_is_public_has_a_column_of_its_own(self, case, desk: Desk):
        happened("acknowledged", "2024-07-01")
        for address in ("/desk/cases", "/desk/"):
            page = desk("advocate").get(address).text
            cell = page.split('data-label="Last news"')[-1].split("</td>")[0]
            assert "1 July 2024" in cell and "Receipt confirmed" in cell and "public" not in cell
            assert re.search(r'data-label="Public">no</td>', page)

    def test_of_a_filing_is_the_step_and_not_who_took_it(self, case, desk: Desk):
        happened("acknowledged", "2024-07-01")
        wrong = happened("admissible", "2024-08-01")
        happened("submission", "2024-07-15", "noyb", corrects=wrong)
        row = desk("advocate").get("/desk/cases/C001").text.split(">C001-01<")[1].split("</tr>")[0]
        cell = row.split('data-label="Last news"')[1]
        assert "15 July 2024" in cell and "Accepted" not in cell and "DSB" not in cell


class TestTheDayOfLodging:
    def test_is_no_day_where_only_the_month_is_known(self, case, desk: Desk):
        with transaction():
            db.session.execute(
                sa.update(Filing).values(lodged_on=date(2024, 2, 1), lodged_precision=Precision.MONTH)
            )
        for address in ("/desk/cases", "/desk/", "/desk/cases/C001"):
            page = words(desk("advocate").get(address).text)
            assert "February 2024" in page and "1 February 2024" not in page, address


class TestTheStageInATable:
    def test_says_how_it_ended_where_the_stage_alone_does_not(self, case, desk: Desk):
        with transaction():
            it = db.session.scalars(sa.select(Filing).where(Filing.number == "C001-01")).one()
            it.stage, it.outcome = "national_decision", Outcome.LOST
        row = desk("advocate").get("/desk/cases/C001").text.split(">C001-01<")[1].split("</tr>")[0]
        assert "<span>Decided: lost</span>" in row


class TestTheFilterByStage:
    def test_offers_the_words_of_the_tables_once_each(self, case, desk: Desk):
        happened("acknowledged", "2024-07-01")
        page = desk("advocate").get("/desk/cases").text
        offered = re.findall(
            r"<option[^>]*>([^<]*)</option>", page.split('id="filter-stage"')[1].split("</select>")[0]
        )
        assert "Receipt confirmed" in offered and "Acknowledged" not in offered
        assert len(offered) == len(set(offered))

    def test_keeps_the_choice_of_an_address_that_names_another_stage_of_the_same_words(
        self, case, desk: Desk
    ):
        page = desk("advocate").get("/desk/cases?stage=lead_confirmed").text
        assert '<option value="forwarded" selected>With the lead authority</option>' in page

    def test_says_of_each_outcome_what_it_means(self, case, desk: Desk):
        page = desk("advocate").get("/desk/cases").text
        for choice in ("Pending (no result yet)", "Won (complaint upheld)", "Lost (complaint rejected)"):
            assert f">{choice}</option>" in page


class TestWhoMayNotReadCases:
    """An admin keeps accounts: that there are no filings would be said of what the admin may not see."""

    def test_is_told_nothing_of_the_filings_of_an_authority(self, case, desk: Desk):
        for address, said in (("", "Lodged with"), ("/at-dsb", "Filings")):
            assert said in words(desk("reader").get(f"/desk/authorities{address}").text)
            page = words(desk("admin").get(f"/desk/authorities{address}").text)
            assert "DSB" in page and said not in page and "No filing" not in page and "Lead in" not in page
            assert "each filing" not in page


class TestAnAuthority:
    def test_has_one_label_on_every_page(self, case, desk: Desk):
        reader = desk("advocate")
        happened("acknowledged", "2024-07-01")
        for address in ("/desk/", "/desk/cases/C001", "/desk/cases/C001/lodge", "/desk/authorities/at-dsb",
                        "/desk/filings/C001-01", "/desk/cases/C001/updates/new", "/desk/cases"):  # fmt: skip
            page = words(reader.get(address).text)
            assert "DSB (Austria)" not in page and "Austria · DSB" not in page, address
            if address != "/desk/authorities/at-dsb":
                assert "DSB · Austria" in page, address

    def test_that_is_not_known_is_named_by_its_country(self, case, desk: Desk):
        with transaction():
            db.session.scalars(
                sa.select(Filing).where(Filing.number == "C001-01")
            ).one().authority_slug = None
        reader = desk("advocate")
        for address in (
            "/desk/",
            "/desk/cases/C001",
            "/desk/cases/C001/updates/new",
            "/desk/filings/C001-01",
        ):
            assert "not known · Austria" in words(reader.get(address).text), address

    def test_that_was_written_by_an_earlier_version_has_the_present_label(self, case, desk: Desk):
        number = happened("acknowledged", "2024-07-01")
        with transaction():
            kept = db.session.scalars(sa.select(Update).where(Update.number == number)).one()
            kept.actor = "DSB (Austria)"
        page = words(desk("advocate").get("/desk/cases/C001").text)
        assert "DSB (Austria)" not in page and "Receipt confirmed DSB · Austria" in page

    @pytest.mark.parametrize("typed", ["DSB · Austria", "DSB (Austria)", "the Austrian DSB", "at-dsb"])
    def test_is_understood_however_it_is_typed_as_who_acted(self, case, desk: Desk, typed: str):
        reader = desk("advocate")
        address = "/desk/cases/C001/updates/new?filing=C001-01"
        data = {
            **reader.fields(address),
            "filings": ["C001-01"], "step": "acknowledged", "day": "2024-07-01", "actor": typed,
            "words": "Receipt confirmed.", "do": "record",
        }  # fmt: skip
        reader.post("/desk/cases/C001/updates/new", data, form=address)
        kept = db.session.scalars(sa.select(Update).order_by(Update.number.desc())).first()
        assert kept is not None
        assert (kept.actor_slug, kept.actor) == ("at-dsb", "DSB · Austria")


class TestThePageOfAnAuthority:
    def test_names_it_once_and_its_filings_below_their_case(self, case, desk: Desk):
        page = desk("advocate").get("/desk/authorities/ie-dpc").text
        text = words(page)
        assert "<h1>DPC · Ireland</h1>" in page and text.count("DPC · Ireland") == 2, "title, and lodged with"
        assert "ie-dpc" not in text.split("Source")[0] and "Web site" not in text
        assert text.count(case.title) == 1 and "C001-03" in text

    def test_leaves_counts_of_nothing_quiet_in_the_directory(self, case, desk: Desk):
        page = desk("advocate").get("/desk/authorities?country=PT").text
        assert page.count('<span data-part="none">0</span>') == 2


class TestALeadWhoseStateHasLeft:
    DAY = date(2019, 6, 1)

    def british(self) -> None:
        new = NewController("Example Air plc", "GB", (NewEstablishment("GB"),))
        with transaction():
            a_case(respondents=(Respondent(new=new, affected=("AT", "FR")),))

    def test_is_not_shown_as_the_lead_of_a_filing(self, app, desk: Desk):
        self.british()
        with transaction():
            lodged(cases.get_case("C001"), "fr-cnil", on=self.DAY)
        row = desk("advocate").get("/desk/cases/C001").text.split(">C001-01<")[1].split("</tr>")[0]
        cell = row.split('data-label="Lead"')[1].split("</td>")[0]
        assert "not known" in cell and "ICO" not in cell

    def test_is_shown_with_its_end_before_the_filing_is_lodged(self, app, desk: Desk):
        self.british()
        data = {"authorities": ["fr-cnil"], "lodged_on": "2019-06-01", "do": "preview"}
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=200).text
        cell = words("<main" + page.split('data-label="Who leads"')[1].split("</td>")[0] + "</main>")
        assert "lead until 31 December 2020 ICO" in cell

    def test_is_told_as_the_past_where_the_reasons_are_left_to_each_filing(
        self, app, desk: Desk, monkeypatch
    ):
        monkeypatch.setattr(leading, "MOST_REASONS", 0)
        self.british()
        with transaction():
            lodged(cases.get_case("C001"), "fr-cnil", on=self.DAY)
        page = words(desk("advocate").get("/desk/cases/C001").text)
        assert "The British ICO led until 31 December 2020; the page of each filing" in page
        assert "ICO leads" not in page


class TestTheCase:
    def test_that_is_lodged_is_first_of_all_one_to_record_on(self, case, desk: Desk):
        page = desk("advocate").get("/desk/cases/C001").text
        assert re.findall(r'<a class="submit"[^>]*>([^<]*)</a>', page) == ["Record an update"]
        assert ">Lodge with more authorities</a>" in page

    def test_that_is_not_lodged_is_first_of_all_one_to_lodge(self, app, desk: Desk):
        with transaction():
            a_case()
        page = desk("advocate").get("/desk/cases/C001").text
        assert re.findall(r'<a class="submit"[^>]*>([^<]*)</a>', page) == ["Lodge it"]

    def test_counts_a_single_line_of_the_journal_as_one(self, app, desk: Desk):
        with transaction():
            a_case()
        page = words(desk("advocate").get("/desk/cases/C001").text)
        assert "One line" in page and "1 lines" not in page

    def test_tells_the_same_act_on_many_filings_in_one_line_of_the_journal(self, app, desk: Desk):
        with transaction():
            lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc", "es-aepd", "pt-cnpd", on=date(2024, 6, 6))
        page = words(desk("advocate").get("/desk/cases/C001").text)
        assert "C001-01 to C001-05 (5)" in page

    @pytest.mark.parametrize(
        ("subjects", "told"),
        [
            (["C001-12", "C001-09", "C001-03", "C001-01"], "C001-01, C001-03, C001-09 and 1 more"),
            (["C001-04", "C001-03", "C001-02", "C001-01"], "C001-01 to C001-04 (4)"),
            (["C001-98", "C001-99", "C001-100", "C001-101"], "C001-98 to C001-101 (4)"),
            (["C001-01", "C001-02", "C002-03", "C002-04"], "C001-01, C001-02, C002-03 and 1 more"),
            (["C001", "C001-01", "C001-02", "C001-03"], "C001, C001-01, C001-02 and 1 more"),
            (["C001-01", "C001-03"], "C001-01, C001-03"),
        ],
    )
    def test_tells_of_a_range_in_its_journal_only_where_nothing_is_missing_in_it(
        self, app, subjects: list[str], told: str
    ):
        at = datetime(2024, 6, 6, 12, tzinfo=UTC)
        lines = [Entry(at=at, actor="user:1", act="filing.lodge", subject=it, detail={}) for it in subjects]
        [row] = case_page.journal_rows(lines, {})
        assert row["cells"][3] == told

    def test_names_the_common_entry_of_a_range_of_filings_in_its_journal(self, app):
        at = datetime(2024, 6, 6, 12, tzinfo=UTC)
        lines = [
            Entry(at=at, actor="user:1", act="update.record", subject=f"C001-0{it}", detail={"update": 7})
            for it in range(1, 5)
        ]
        [row] = case_page.journal_rows(lines, {})
        assert row["cells"][3] == "C001-01, entry 7 to C001-04, entry 7 (4)"

    def test_says_who_leads_once_for_all_filings_and_names_the_filings_otherwise(self, case, desk: Desk):
        page = words(desk("advocate").get("/desk/cases/C001").text)
        assert page.count("The Irish DPC leads:") == 1 and "all filings" in page
