"""What a court must find in a chronology besides: words about the whole case, doubts, days as they were."""

from datetime import date
from functools import partial

import pytest
from flask import Flask

from tests.services.chronicling import HERE, Keep, kept, numbers, told
from tests.services.recording import BEN, news, of, record, three_filings
from tracker.config import Settings
from tracker.db import db, transaction
from tracker.rules.deadlines import State
from tracker.rules.happened import Act
from tracker.rules.vocabulary import ComplainantType
from tracker.services import cases, filings, silence, silence_beside, silence_data, updates, updates_deadlines
from tracker.services.chronology_warnings import to_look_at
from tracker.services.updates import Letter
from tracker.services.updates_deadlines import NewAct


@pytest.fixture(autouse=True)
def case(app: Flask) -> None:
    """C002 at three authorities, lodged on 6 June 2024 by entry 1; the Irish DPC leads."""
    three_filings()


@pytest.fixture
def keep(settings: Settings) -> Keep:
    """Keep a file as an exhibit of the case."""
    return partial(kept, settings.evidence)


def of_all(actor: str, day: str, step: str = "statement", **values: object) -> int:
    """Record something about the case as a whole, as an imported file does; return its number."""
    number = record(news(step, day, actor=actor, **values))
    with transaction():
        for link in list(updates.get_update(cases.get_case("C002").id, number).filings):
            db.session.delete(link)
    return number


class TestWhatAnAuthoritySaidOfTheWholeCase:
    def test_is_named_beside_the_silence_and_breaks_none(self) -> None:
        record(news("information", "2024-09-02"))
        of_all("ie-dpc", "2024-06-14")
        of_all("ie-dpc", "2025-05-21")
        it = told().silence
        assert it.last and it.last.day.iso == "2024-09-02"
        assert [(each.number, each.actor) for each in it.beside] == [
            (3, "DPC · Ireland"),
            (4, "DPC · Ireland"),
        ]
        assert [each.number for each in it.beside_since] == [4], "what contradicts the silence of today"

    def test_is_named_whether_it_is_ticked_or_not(self) -> None:
        number = of_all("ie-dpc", "2025-05-21")
        left, taken = told(), told(taken=frozenset({"1", str(number)}))
        assert numbers(left) == [1] and numbers(taken) == [1, number]
        assert left.silence == taken.silence and left.silence.beside
        assert (left.whole, left.whole_in) == (1, 0) and (taken.whole, taken.whole_in) == (1, 1)

    def test_is_that_of_the_authority_lodged_with_too(self) -> None:
        number = of_all("at-dsb", "2025-05-21")
        assert [it.number for it in told().silence.beside] == [number]

    @pytest.mark.parametrize("actor", ["eu-edpb", "noyb", "fr-cnil"])
    def test_is_none_of_others(self, actor: str) -> None:
        of_all(actor, "2025-05-21")
        assert told().silence.beside == ()

    def test_is_none_from_before_the_lodging(self) -> None:
        number = of_all("ie-dpc", "2024-06-20")
        with transaction():
            updates.get_update(cases.get_case("C002").id, number).happened_on = date(2024, 6, 5)
        assert told().silence.beside == ()

    def test_is_none_that_came_after_the_day_or_was_corrected(self) -> None:
        number = of_all("ie-dpc", "2025-05-21")
        assert told(as_of=date(2025, 5, 20)).silence.beside == ()
        record(news("statement", "2025-05-22", actor="ie-dpc"), corrects=number)
        assert told().silence.beside == ()

    def test_is_in_the_data_of_the_silence_log(self) -> None:
        of_all("ie-dpc", "2025-05-21")
        filing = filings.get_filing(HERE)
        log = silence.log_of(filing)
        data = silence_data.as_data(log, silence_beside.beside(filing, as_of=log.as_of))
        [word] = data["not_about_this_complaint_alone"]
        assert (word["entry"], word["day"], word["authority"]) == (2, "2025-05-21", "ie-dpc")


class TestAPeriodThatIsContested:
    def test_says_so_and_one_that_is_not_does_not(self) -> None:
        record(news("forwarded", "2024-09-02"))
        found = {it.key: it for it in told().periods.owed}
        assert found["G15-AGAIN:2"].missed and found["G15-AGAIN:2"].contested
        assert any(it.startswith("Contested: once within") for it in found["G15-AGAIN:2"].uncertain)
        assert not found["G15:0"].contested

    def test_says_so_in_the_silence_log(self) -> None:
        record(news("forwarded", "2024-09-02"))
        log = silence.log_of(filings.get_filing(HERE))
        assert [(it.period, it.contested) for it in log.missed] == [("G15-AGAIN", True)]
        [missed] = silence_data.as_data(log)["periods_missed"]
        assert missed["contested"] is True


class TestADayOnWhichWeWereTold:
    def test_is_not_told_as_the_day_of_what_was_done_elsewhere(self) -> None:
        record(news("forwarded", "2024-09-02", letter=Letter(received_on=date(2024, 9, 2))))
        it = told()
        assert it.steps[1].told_only and [each.told_only for each in it.passed] == [True]

    @pytest.mark.parametrize(
        "letter",
        [
            Letter(),
            Letter(received_on=date(2024, 9, 4)),
            Letter(sent_on=date(2024, 9, 2), received_on=date(2024, 9, 2)),
        ],
    )
    def test_is_one_only_where_no_other_day_is_on_record(self, letter: Letter) -> None:
        record(news("forwarded", "2024-09-02", letter=letter))
        assert not told().steps[1].told_only and not told().passed[0].told_only

    def test_is_the_day_itself_of_what_was_said_to_us(self) -> None:
        record(news("information", "2024-09-02", letter=Letter(received_on=date(2024, 9, 2))))
        assert not told().steps[1].told_only


class TestUrgency:
    def asked(self) -> None:
        with transaction():
            filings.get_filing(HERE).urgency_requested = True

    def test_is_told_where_it_was_asked_for(self) -> None:
        assert told().urgency is None
        self.asked()
        it = told().urgency
        assert it is not None and it.answers == ()

    def test_is_answered_by_the_authorities_of_the_complaint(self) -> None:
        self.asked()
        of_all("fr-cnil", "2025-05-27", "urgency_refused")
        number = record(news("urgency_refused", "2025-06-02"))
        it = told().urgency
        assert it is not None and [each.number for each in it.answers] == [number]


class TestAnEarlierDay:
    """As of a day, what came later has moved nothing and ended nothing."""

    def act(self, what: Act, day: str, **values: object) -> None:
        with transaction():
            new = NewAct(what, "G15", 0, **values)  # type: ignore[arg-type]
            updates_deadlines.record(of(HERE), new, news("note", day), seen={}, by=BEN)

    def owed(self, as_of: date) -> list[tuple[State, date | None]]:
        return [(it.state, it.due_on) for it in told(as_of=as_of).periods.owed if it.key == "G15:0"]

    def test_knows_no_waiver_of_later(self) -> None:
        self.act(Act.WAIVE, "2024-12-02")
        assert self.owed(date(2024, 12, 1)) == [(State.MISSED, date(2024, 9, 6))]
        assert self.owed(date(2024, 12, 2)) == []

    def test_knows_no_last_day_that_was_fixed_later(self) -> None:
        self.act(Act.FIX, "2024-08-01", until=date(2024, 10, 1))
        assert self.owed(date(2024, 7, 31)) == [(State.RUNNING, date(2024, 9, 6))]
        assert self.owed(date(2024, 8, 1))[0][1] == date(2024, 10, 1)

    def test_knows_no_end_of_the_complaint_that_came_later(self) -> None:
        record(news("withdrawn", "2024-08-01", actor="noyb"))
        assert self.owed(date(2024, 7, 31)) == [(State.RUNNING, date(2024, 9, 6))]

    def test_stores_nothing(self) -> None:
        self.act(Act.WAIVE, "2024-12-02")
        with transaction():
            told(as_of=date(2024, 12, 1))
        assert self.owed(date(2026, 11, 25)) == []


class TestWhatACourtWillAskFor:
    def test_is_named_where_no_exhibit_shows_it(self) -> None:
        record(news("forwarded", "2024-09-02"))
        with transaction():
            filings.get_filing(HERE).complainant_type = ComplainantType.DATA_SUBJECT_REPRESENTED
        look = " ".join(to_look_at(told()))
        for words in (
            "No copy of the complaint is among",
            "No proof that the complaint was lodged or received is among",
            "No mandate (Art 80(1)) is among",
            "No letter of the authority is among the exhibits for entry 2.",
        ):
            assert words in look

    def test_is_not_named_where_it_is_there(self, keep: Keep) -> None:
        record(news("acknowledged", "2024-06-20"))
        with transaction():
            filings.get_filing(HERE).complainant_type = ComplainantType.DATA_SUBJECT_REPRESENTED
        keep(b"1", entry=1, title="What we lodged")
        keep(b"2", entry=2, title="Their letter")
        keep(b"3", of=HERE, title="Mandate")
        assert to_look_at(told()) == []

    def test_is_no_mandate_where_nobody_is_represented(self) -> None:
        with transaction():
            filings.get_filing(HERE).complainant_type = ComplainantType.NGO_OWN_NAME
        assert not [it for it in to_look_at(told()) if "mandate" in it.lower()]

    def test_is_not_shown_by_a_note_about_a_page(self, keep: Keep) -> None:
        keep(b"1", entry=1, title="Complaint", source_note=True)
        assert any("No copy of the complaint" in it for it in to_look_at(told()))

    def test_is_what_was_said_of_the_whole_case_where_it_is_left_out(self) -> None:
        number = of_all("eu-edpb", "2025-05-21")
        left = "1 entry about the case as a whole is left out: look whether a court should know of it."
        assert left in to_look_at(told())
        assert left not in to_look_at(told(taken=frozenset({"1", str(number)})))
