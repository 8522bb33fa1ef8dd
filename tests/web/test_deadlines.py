"""Why a deadline has its day, and what can be recorded of it: by the program's own deadlines of a filing."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.deadlines import stored_deadline
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.models import Deadline, Filing, Update
from tracker.rules.days import Day
from tracker.services import cases, updates
from tracker.services.updates import Letter, NewUpdate

Desk = Callable[[str], Reader]
WHY = "/desk/filings/C001-01/deadlines/G15"


@pytest.fixture
def filed(app, on_a_day):
    """C001 in Vienna, Paris and Dublin, lodged on 6 June 2024; it is 22 November 2026."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")


def happened(step: str, on: str, number: str = "C001-0", actor: str = "at-dsb", **values: object) -> int:
    with transaction():
        chosen = [it for it in cases.get_case("C001").filings if it.number.startswith(number)]
        letter = Letter(received_on=values.pop("received_on", None))  # type: ignore[arg-type]
        new = NewUpdate(step, Day.parse(on), actor, "words", letter=letter)
        return updates.record_update(chosen, new, seen={}, by=ANN, **values).number  # type: ignore[arg-type]


def deadline(period: str = "G15", number: str = "C001-01", start: int = 0) -> Deadline:
    """Return a deadline as it is stored now."""
    query = sa.select(Deadline).join(Filing).where(Filing.number == number, Deadline.period == period)
    return db.session.scalars(query.where(Deadline.start_number == start)).one()


def main(page: str) -> str:
    return words_of("<body>" + page.split("<main")[1].split("</main>")[0].partition(">")[2])


class TestWhyThisDate:
    def test_says_who_owes_it_by_when_and_how_it_stands(self, filed, desk: Desk):
        words = main(desk("reader").get(WHY).text)
        assert (
            "DSB · Austria owes it; the last day was Friday 6 September 2024: late by 2 years and 2 months."
            in words
        )
        assert "Runs from Thursday 6 June 2024, the day of lodging" in words
        assert "Length 3 months" in words and "Legal last day Friday 6 September 2024" in words

    def test_counts_step_by_step_with_the_article_as_a_link(self, filed, desk: Desk):
        page = desk("reader").get(WHY).text
        assert "The day of the event, Thursday 6 June 2024, is not counted" in main(page)
        assert (
            '<a href="https://eur-lex.europa.eu/eli/reg/1971/1182/oj" rel="noreferrer">Art 3(1)</a>' in page
        )
        assert "Calendar: Austria" in main(page) and "holidays" in main(page)

    def test_names_each_day_that_was_skipped(self, app, on_a_day, desk: Desk):
        with transaction():
            lodged(a_case(), "at-dsb", on=date(2024, 9, 26))
        words = main(desk("reader").get(WHY).text)
        # 26 December is a holiday, 27 a Friday.
        assert "Thursday 26 December 2024" in words and "Legal last day Friday 27 December 2024" in words
        assert "Stefanitag" in words or "Stephen" in words

    def test_says_what_follows_and_how_sure_the_period_is(self, filed, desk: Desk):
        words = main(desk("reader").get(WHY).text)
        assert "When it is missed An action against the authority before the courts of its state" in words
        assert "How sure read in a source" in words

    def test_leads_to_the_entry_from_which_it_runs_and_to_the_one_that_met_it(self, filed, desk: Desk):
        happened("forwarded", "2024-09-02")
        page = desk("reader").get(WHY).text
        assert "Done on Monday 2 September 2024: met in time." in main(page)
        assert 'href="/desk/cases/C001#entry-2">entry 2</a>' in page
        again = desk("reader").get("/desk/filings/C001-01/deadlines/G15-AGAIN/2").text
        assert "Runs from Monday 2 September 2024, entry 2, Passed on to the lead authority" in main(again)
        assert "contested, to be argued before it is relied on" in main(again)

    def test_says_that_the_day_of_receipt_counts(self, filed, desk: Desk):
        happened("inadmissible", "2026-11-02", "C001-01", received_on=date(2026, 11, 5))
        words = main(desk("reader").get("/desk/filings/C001-01/deadlines/AT-BVWG/2").text)
        assert "Thursday 5 November 2026" in words and "the day of receipt" in words
        assert "We owe it by Thursday 3 December 2026: 11 days left." in words
        assert "Internal day Monday 30 November 2026" in words

    def test_keeps_the_days_that_it_had_before_with_the_reason(self, filed, desk: Desk):
        happened("lodged", "2024-07-01", corrects=1, actor="noyb")
        words = main(desk("reader").get(WHY).text)
        assert "Earlier days 1" in words and "Friday 6 September 2024" in words
        assert "entry 2, which corrects entry 1" in words and "Tuesday 1 October 2024" in words

    def test_tells_two_last_days_apart_and_which_one_we_go_by(self, filed, desk: Desk):
        words = main(desk("reader").get("/desk/filings/C001-02/deadlines/FR-IMPLICIT").text)
        assert "What is uncertain" in words and "whoever keeps it is in time on every reading" in words
        assert "the end of information by the CNIL" in words

    def test_moves_to_the_number_as_it_is_written(self, filed, desk: Desk):
        answer = desk("reader").get("/desk/filings/c001-01/deadlines/G15", 301)
        assert answer.location.endswith(WHY)

    @pytest.mark.parametrize(
        "address",
        [
            "/desk/filings/C001-01/deadlines/G99",
            "/desk/filings/C001-01/deadlines/G15/7",
            "/desk/filings/C009-01/deadlines/G15",
            "/desk/filings/C001-01/deadlines/G15/7/extend",
            "/desk/filings/C001-01/deadlines/G15/undo",
        ],
    )
    def test_is_nowhere_for_what_does_not_run(self, filed, desk: Desk, address: str):
        desk("lawyer").get(address, 404)


class TestWhatIsOfferedAtADeadline:
    def offered(self, page: str) -> list[str]:
        return re.findall(r'class="secondary" href="[^"]+/deadlines/[^"]+/([a-z]+)"', page)

    def test_fits_how_it_stands(self, filed, desk: Desk):
        reader = desk("advocate")
        assert self.offered(reader.get(WHY).text) == ["extend", "pause", "fix", "meet", "waive"]
        say(reader, "pause", day="2024-08-01")
        assert self.offered(reader.get(WHY).text) == ["restart", "fix", "meet", "waive"]
        say(reader, "meet", day="2024-09-01")
        assert self.offered(reader.get(WHY).text) == []

    def test_is_nothing_for_who_only_reads(self, filed, desk: Desk):
        assert self.offered(desk("editor").get(WHY).text) == []
        desk("editor").get(f"{WHY}/extend", 404)


def say(reader: Reader, act: str, where: str = WHY, status: int = 303, **values: object) -> str:
    """Send the form for an act as it stands but for these values; return the page, or where it leads."""
    address = f"{where}/{act}"
    sent = reader.fields(address) | {"day": "2024-08-20", "words": "So it was said."} | values
    answer = reader.post(address, sent, status=status)
    return answer.text if status >= 400 else answer.location


class TestAnActOnADeadline:
    def test_is_an_entry_of_its_own_and_moves_the_day(self, filed, desk: Desk):
        assert say(desk("advocate"), "fix", until="2026-12-18") == WHY
        assert deadline().due_on == date(2026, 12, 18)
        entry = db.session.scalars(sa.select(Update).order_by(Update.number.desc())).first()
        assert entry and (entry.kind, entry.actor_slug, entry.words) == (
            "deadline_fixed",
            "at-dsb",
            "So it was said.",
        )
        words = main(desk("advocate").get(WHY).text)
        assert "DSB · Austria owes it by Friday 18 December 2026: 26 days left." in words
        assert "What entries say of it 1 entry 2, Last day fixed, 20 August 2024: fixed its last day" in words
        assert "Earlier days 1" in words

    def test_extends_by_a_length_that_the_law_allows(self, filed, desk: Desk):
        happened("data_request", "2026-10-30", actor="noyb")
        where = "/desk/filings/C001-01/deadlines/G1/2"
        before = deadline("G1", start=2).due_on
        say(desk("advocate"), "extend", where, day="2026-11-10", more="+2m", actor="the controller")
        it = deadline("G1", start=2)
        # 30 January is a Saturday, 1 February St Brigid's Day where the lead is.
        assert before == date(2026, 11, 30) and it.due_on == date(2027, 2, 2) and it.extended
        assert "+3m" not in desk("advocate").get(f"{where}/extend").text

    def test_stops_the_clock_and_lets_it_run_again(self, filed, desk: Desk):
        reader = desk("advocate")
        say(reader, "pause", day="2024-08-01")
        assert deadline().paused_on == date(2024, 8, 1)
        assert "The clock stands still since 1 August 2024." in main(reader.get(WHY).text)
        say(reader, "restart", day="2024-08-11")
        assert deadline().paused_on is None and deadline().due_on == date(2024, 9, 16)

    def test_says_that_it_was_done_or_that_nobody_waits(self, filed, desk: Desk):
        reader = desk("advocate")
        say(reader, "meet", day="2024-08-20")
        assert deadline().met_on == date(2024, 8, 20)
        say(reader, "waive", "/desk/filings/C001-03/deadlines/G15", words="Settled on the phone.")
        it = deadline(number="C001-03")
        assert it.waived and not it.open
        assert "Settled on the phone." in main(reader.get("/desk/filings/C001-03/deadlines/G15").text)

    def test_can_be_said_of_all_filings_in_which_it_runs(self, filed, desk: Desk):
        say(desk("advocate"), "pause", filings=["C001-01", "C001-02"], day="2024-08-01")
        assert [deadline(number=f"C001-0{it}").paused_on for it in (1, 2, 3)] == [
            date(2024, 8, 1), date(2024, 8, 1), None,
        ]  # fmt: skip
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Update)) == 2, "in one entry"

    @pytest.mark.parametrize(
        ("act", "values", "field", "words"),
        [
            ("fix", {"until": "2024-06-01"}, "until", "lies before the period begins"),
            ("fix", {"until": ""}, "until", "Say the new last day"),
            (
                "fix",
                {"until": "2026-12-18", "day": "2024-06-01"},
                "day",
                "begins on Thursday 6 June 2024, so nothing can happen to it before",
            ),
            ("extend", {"until": "2024-09-01"}, "until", "an extension ends later"),
            ("extend", {}, "until", "Say the new last day."),
            ("pause", {"day": ""}, "day", "Say on which day."),
            ("pause", {"words": ""}, "words", "Say it in a sentence."),
            ("waive", {"words": " "}, "words", "Say it in a sentence."),
            ("meet", {"actor": ""}, "actor", "Say who said so."),
            ("meet", {"day": "2026-12-01"}, "day", "has not come yet"),
            ("fix", {"until": "9999-12-31"}, "until", "outside 1990 to 2100"),
        ],
    )
    def test_is_refused_beside_its_field(self, filed, desk: Desk, act: str, values, field: str, words: str):
        page = say(desk("advocate"), act, status=422, **values)
        beside = page.split(f'id="{field}-error"')
        assert len(beside) == 2 and words in beside[1].split("</p>")[0]
        assert "So it was said." in page or "words" in values
        assert deadline().due_on == date(2024, 9, 6)

    def test_tells_on_its_form_the_day_to_go_by_before_that_of_the_law(self, filed, desk: Desk):
        form = "/desk/filings/C001-01/deadlines/OWN-COURT/fix"
        with transaction():
            [one] = [it for it in cases.get_case("C001").filings if it.number == "C001-01"]
            stored_deadline(one, "OWN-COURT", due=date(2026, 12, 9), safe_on=date(2026, 12, 7))
        told = "It runs until 7 December 2026 now. By the law: 9 December 2026."
        assert told in main(desk("advocate").get(form).text)

    def test_asks_for_a_length_only_where_the_law_says_by_how_much_it_can_be_longer(self, filed, desk: Desk):
        with transaction():
            [one] = [it for it in cases.get_case("C001").filings if it.number == "C001-02"]
            stored_deadline(one, "FR-COURT", due=date(2026, 12, 9))
        where = "/desk/filings/C001-02/deadlines/FR-COURT"
        told = "Say the new last day, or how much longer it is."
        # Nobody is proposed there: it runs from no letter.
        assert told in say(desk("advocate"), "extend", where, status=422, actor="the court")
        assert told not in say(desk("advocate"), "fix", where, status=422, actor="the court")
        assert told not in say(desk("advocate"), "extend", status=422)

    def test_is_refused_of_what_stands_still_of_what_runs_and_of_what_was_done(self, filed, desk: Desk):
        reader = desk("advocate")
        assert "does not stand still" in say(reader, "restart", status=422)
        say(reader, "pause", day="2024-08-01")
        assert "stands still already" in say(reader, "pause", status=422, day="2024-08-10")
        assert "has stood still since Thursday 1 August 2024, so it runs again later" in say(
            reader, "restart", status=422, day="2024-07-20"
        )
        say(reader, "meet")
        assert "that was done on" in say(reader, "extend", status=422, until="2027-01-01")

    def test_is_not_saved_over_what_somebody_else_recorded_meanwhile(self, filed, desk: Desk):
        reader = desk("advocate")
        opened = reader.fields(f"{WHY}/fix")
        happened("acknowledged", "2024-06-20")
        sent = opened | {"day": "2024-08-20", "until": "2026-12-18", "words": "So it was said."}
        page = reader.post(f"{WHY}/fix", sent, status=409).text
        assert "Somebody else recorded something on C001-01" in page and "So it was said." in page
        again = {**reader.filled(page), "until": "2026-12-18"}
        reader.post(f"{WHY}/fix", again)
        assert deadline().due_on == date(2026, 12, 18)

    def test_is_still_not_saved_over_it_where_a_field_was_wrong_first(self, filed, desk: Desk):
        reader = desk("advocate")
        opened = reader.fields(f"{WHY}/waive")
        happened("acknowledged", "2024-06-20")
        page = reader.post(f"{WHY}/waive", opened | {"words": ""}, status=422).text
        reader.post(f"{WHY}/waive", reader.filled(page) | {"words": "Nobody waits."}, status=409)
        assert deadline().waived is None


class TestAPeriodBegunByHand:
    ADDRESS = "/desk/filings/C001-01/deadlines/begin"

    def begin(self, reader: Reader, status: int = 303, **values: object) -> str:
        sent = reader.fields(self.ADDRESS) | {"period": "OWN-OTHER", "actor": "at-dsb", "words": "Costs."}
        sent |= {"day": "2026-11-20", "until": "2026-12-01"}
        answer = reader.post(self.ADDRESS, sent | values, status=status)
        return answer.text if status >= 400 else answer.location

    def test_runs_from_its_entry_until_the_day_that_was_fixed(self, filed, desk: Desk):
        assert self.begin(desk("lawyer")) == "/desk/filings/C001-01#deadlines"
        it = deadline("OWN-OTHER", start=2)
        assert it.own and it.due_on == date(2026, 12, 1)
        assert "Costs." in main(desk("lawyer").get("/desk/docket").text)

    def test_runs_from_the_day_of_receipt_where_the_law_says_so(self, filed, desk: Desk):
        self.begin(desk("lawyer"), period="AT-BVWG", until="", received_on="2026-11-21")
        assert deadline("AT-BVWG", start=2).started_on == date(2026, 11, 21)

    def test_is_offered_by_the_law_that_can_apply(self, filed, desk: Desk):
        offered = re.findall(r'<option value="([A-Z][^"]+)"', desk("lawyer").get(self.ADDRESS).text)
        assert {"OWN-OTHER", "AT-SILENCE", "G17"} <= set(offered)
        assert not {"FR-COURT", "P15", "G16"} & set(offered), (
            "not French law, nor what begins in 2027, nor the EDPS"
        )

    @pytest.mark.parametrize(
        ("values", "field", "words"),
        [
            ({"period": ""}, "period", "Choose the period."),
            ({"period": "NONSENSE"}, "period", "Choose one of the list."),
            ({"until": ""}, "until", "The law gives no length for it: say the last day."),
            ({"until": "2026-11-01"}, "until", "lies before the period begins"),
            (
                {"period": "P29", "until": ""},
                "period",
                "does not apply to C001-01, which was lodged on 6 June 2024",
            ),
        ],
    )
    def test_is_refused_beside_its_field(self, filed, desk: Desk, values, field: str, words: str):
        page = self.begin(desk("lawyer"), status=422, **values)
        beside = page.split(f'id="{field}-error"')
        assert len(beside) == 2 and words in beside[1].split("</p>")[0]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Update)) == 1, "nothing was recorded"


class TestCorrectingWhatAnEntrySays:
    def test_leads_from_the_protocol_to_the_form_of_the_act_filled_with_it(self, filed, desk: Desk):
        reader = desk("advocate")
        say(reader, "fix", until="2026-12-18")
        answer = reader.get("/desk/cases/C001/updates/new?corrects=2", 303)
        assert answer.location == f"{WHY}/fix?corrects=2"
        page = reader.get(answer.location).text
        assert 'value="2026-12-18"' in page and "So it was said." in page

    def test_counts_anew_from_what_is_right(self, filed, desk: Desk):
        reader = desk("advocate")
        say(reader, "fix", until="2026-12-18")
        sent = reader.fields(f"{WHY}/fix?corrects=2") | {"until": "2026-12-10"}
        reader.post(f"{WHY}/fix", sent, form=f"{WHY}/fix?corrects=2")
        assert deadline().due_on == date(2026, 12, 10)
        assert "What entries say of it 1 entry 3" in main(reader.get(WHY).text)

    def test_is_possible_of_what_says_that_it_was_done(self, filed, desk: Desk):
        reader = desk("advocate")
        say(reader, "meet", day="2024-08-20")
        sent = reader.fields(f"{WHY}/meet?corrects=2") | {"day": "2024-08-25"}
        reader.post(f"{WHY}/meet", sent, form=f"{WHY}/meet?corrects=2")
        assert deadline().met_on == date(2024, 8, 25)

    def test_is_possible_of_what_began_a_period(self, filed, desk: Desk):
        reader = desk("advocate")
        TestAPeriodBegunByHand().begin(reader)
        answer = reader.get("/desk/cases/C001/updates/new?corrects=2", 303)
        sent = reader.fields(answer.location) | {"until": "2026-12-24"}
        reader.post(TestAPeriodBegunByHand.ADDRESS, sent, form=answer.location)
        assert deadline("OWN-OTHER", start=2).due_on == date(2026, 12, 24)

    def test_is_nowhere_for_an_entry_that_says_nothing_of_a_deadline(self, filed, desk: Desk):
        desk("advocate").get(f"{WHY}/fix?corrects=1", 404)
        desk("advocate").get(f"{WHY}/fix?corrects=x", 404)


class TestADayThatALetterSetsForUs:
    ADDRESS = "/desk/cases/C001/updates/new?filing=C001-01"

    def record(self, reader: Reader, address: str = ADDRESS, status: int = 303, **values: object) -> str:
        sent = reader.fields(address) | {"do": "record", "words": "Send the mandate."} | values
        answer = reader.post("/desk/cases/C001/updates/new", sent, form=address, status=status)
        return answer.text if status >= 400 else answer.location

    def asked(self, reader: Reader, **values: object) -> str:
        sent = {"step": "defect_notice", "day": "2026-11-16", "actor": "at-dsb", "until": "2026-12-11"}
        return self.record(reader, **(sent | values))

    def test_is_the_day_of_the_deadline_that_begins_with_it(self, filed, desk: Desk):
        self.asked(desk("advocate"))
        it = deadline("OWN-REMEDY", start=2)
        assert it.own and it.due_on == date(2026, 12, 11)
        words = main(desk("advocate").get("/desk/filings/C001-01/deadlines/OWN-REMEDY/2").text)
        assert "We owe it by Friday 11 December 2026: 19 days left." in words
        assert (
            "entry 2, Missing parts asked for, 16 November 2026: fixed its last day, until Friday 11" in words
        )

    def test_can_be_corrected_and_taken_away(self, filed, desk: Desk):
        reader = desk("advocate")
        self.asked(reader)
        address = "/desk/cases/C001/updates/new?corrects=2"
        assert reader.fields(address)["until"] == "2026-12-11"
        self.record(reader, address, until="2026-12-18")
        assert deadline("OWN-REMEDY", start=2).due_on == date(2026, 12, 18)
        self.record(reader, "/desk/cases/C001/updates/new?corrects=3", until="")
        assert deadline("OWN-REMEDY", start=2).due_on is None

    def test_is_refused_before_the_day_of_the_letter(self, filed, desk: Desk):
        page = self.asked(desk("advocate"), until="2026-11-15", status=422)
        assert "lies before the period begins" in page.split('id="until-error"')[1].split("</p>")[0]

    def test_is_refused_where_nothing_of_ours_begins(self, filed, desk: Desk):
        page = self.asked(desk("advocate"), step="information", status=422)
        assert "begins no period of ours" in page.split('id="until-error"')[1].split("</p>")[0]
