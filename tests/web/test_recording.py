"""Recording what happened at the desk: steps, letters, corrections, two people at once."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import html5lib
import pytest

from tests.builders import ANN
from tests.reader import Reader
from tracker.db import transaction
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, evidence, updates

Desk = Callable[[str], Reader]
FORM = "/desk/cases/C001/updates/new?filing=C001-01"


class TestRecordingAnUpdate:
    def form(self, reader: Reader, **values: object) -> dict[str, object]:
        seen = {f"seen-{it.number}": it.version for it in cases.get_case("C001").filings}
        return {
            "filings": ["C001-01"],
            "step": "acknowledged",
            "day": "2024-06-20",
            "actor": "DSB (Austria)",
            "words": "The DSB confirms receipt.",
            "do": "record",
            **seen,
            **values,
        }

    def test_says_in_which_language_the_words_for_the_public_are_to_be(self, case, desk: Desk):
        with transaction():
            cases.get_case("C001").language = "de"
        assert "in German as the case is written" in desk("advocate").get(FORM).text

    def test_keeps_the_letter_and_its_pdf_together(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(
            reader,
            medium="letter",
            sent_on="2024-06-18",
            received_on="2024-06-20",
            reference="D155.027",
            files=(BytesIO(b"%PDF-1.7 a letter"), "letter.pdf"),
        )
        answer = reader.post("/desk/cases/C001/updates/new", data, form=FORM)
        assert answer.location.endswith("/desk/filings/C001-01#entry-2")
        page = reader.get("/desk/filings/C001-01").text
        for words in (
            "The DSB confirms receipt.",
            "D155.027",
            "Ex. 1",
            "letter.pdf",
            "received 20 June 2024",
        ):
            assert words in page
        assert evidence.exhibits(case.id)[0].stored.media_type == "application/pdf"

    def test_by_another_authority_than_expected_is_kept_with_a_warning(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(reader, actor="CNIL (France)")
        answer = reader.post("/desk/cases/C001/updates/new", data, form=FORM)
        assert answer.location.endswith("/desk/filings/C001-01")  # not further down, past the warning
        page = reader.get(answer.location).text
        assert "Recorded as entry 2." in page
        assert "is a step of the authority lodged with (the Austrian DSB on C001-01)" in page

    def test_that_asks_something_of_us_without_a_day_asks_until_when(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(reader, step="defect_notice", words="The DSB asks for an address.")
        answer = reader.post("/desk/cases/C001/updates/new", data, form=FORM)
        assert answer.location.endswith("/desk/filings/C001-01")
        page = reader.get(answer.location).text
        told = "Until when we have to act is not recorded, on C001-01: missing parts, as the authority asked."
        assert told in page
        [link] = re.findall(r'href="([^"]+)">Say the last day</a>', page)
        assert "Record a last day that an authority fixed" in reader.get(link).text

    def test_that_asks_something_of_us_by_a_day_asks_nothing_more(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(reader, step="defect_notice", until="2024-07-20")
        answer = reader.post("/desk/cases/C001/updates/new", data, form=FORM)
        assert answer.location.endswith("/desk/filings/C001-01#entry-2")
        assert "Until when we have to act" not in reader.get("/desk/filings/C001-01").text

    @pytest.mark.parametrize(
        ("days", "field", "words"),
        [
            ({"day": "2099-01-01"}, "day", "1 January 2099 has not come yet."),
            ({"sent_on": "2099-01-01"}, "sent_on", "1 January 2099 has not come yet."),
            ({"received_on": "2099-01-01"}, "received_on", "1 January 2099 has not come yet."),
            (
                {"sent_on": "2024-06-20", "received_on": "2024-06-19"},
                "received_on",
                "It cannot have been received before it was sent.",
            ),
        ],
    )
    def test_refuses_a_day_that_cannot_be_beside_its_field(self, case, desk: Desk, days, field, words):
        reader = desk("advocate")
        data = self.form(reader, **days)
        page = reader.post("/desk/cases/C001/updates/new", data, form=FORM, status=422).text
        assert words in page.split(f'id="{field}-error"')[1].split("</p>")[0]

    def test_offers_last_and_apart_what_the_procedure_does_not_allow(self, case, desk: Desk):
        page = desk("advocate").get("/desk/cases/C001/updates/new?filing=C001-01").text
        allowed, out_of_order = page.split('<optgroup label="Out of order: needs a note"')
        assert 'value="acknowledged"' in allowed and 'value="board_dispute"' not in allowed
        assert 'value="board_dispute"' in out_of_order and 'value="abandoned"' not in page

    def test_takes_a_step_out_of_order_with_a_note_and_tells_it_wherever_the_file_is_read(
        self, case, desk: Desk
    ):
        reader = desk("advocate")
        data = self.form(reader, step="closed", words="The DSB closed it.")
        page = reader.post("/desk/cases/C001/updates/new", data, form=FORM, status=422).text
        assert "say so under “Why it is recorded all the same”" in page
        assert '<details class="disclosure" open' in page, "the field for it stands open"
        again = reader.filled(page) | {"irregular": "So their letter says.", "do": "record"}
        reader.post("/desk/cases/C001/updates/new", again, form=FORM)
        page = " ".join(reader.get("/desk/filings/C001-01").text.split())
        told = page.split('id="order"')[1].split("</section>")[0]
        assert "Entry 2</a>, “Closed”, on 20 June 2024 does not follow from entry 1" in told.replace(
            "\xa0", " "
        )
        assert "Recorded all the same: So their letter says." in told
        assert "So their letter says." in page.split('id="entry-2"')[1]
        assert "So their letter says." in reader.get("/desk/cases/C001").text

    def test_refuses_a_step_that_is_not_possible_and_says_what_is(self, case, desk: Desk):
        reader = desk("advocate")
        page = reader.post(
            "/desk/cases/C001/updates/new", self.form(reader, step="board_dispute"), form=FORM, status=422
        ).text
        assert "is not possible while" in page and "The DSB confirms receipt." in page

    def test_loses_nothing_when_somebody_else_was_first(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(reader)
        with transaction():
            filing = cases.get_case("C001").filings[0]
            news = updates.NewUpdate(
                step="information",
                day=Day(date(2024, 6, 19), Precision.DAY),
                actor="at-dsb",
                words="A colleague was quicker.",
            )
            updates.record_update([filing], news, seen={}, by=ANN)
        page = reader.post("/desk/cases/C001/updates/new", data, form=FORM, status=409).text
        assert "A colleague was quicker." in page and "The DSB confirms receipt." in page
        assert len(updates.protocol(case.id)) == 2

    def test_loses_nothing_when_both_chose_the_same_step(self, case, desk: Desk):
        first, second = desk("advocate"), desk("lawyer")
        data = self.form(second)
        first.post("/desk/cases/C001/updates/new", self.form(first, words="Mine came first."), form=FORM)
        page = second.post("/desk/cases/C001/updates/new", {**data, "last": 1}, form=FORM, status=409).text
        assert "Mine came first." in page and "The DSB confirms receipt." in page
        assert "Complaint lodged with 3 authorities." not in page, "only what came meanwhile"
        assert len(updates.protocol(case.id)) == 2

    def test_takes_and_keeps_long_words(self, case, desk: Desk):
        reader = desk("advocate")
        long = "word " * 3000 + "the end"
        reader.post(
            "/desk/cases/C001/updates/new", self.form(reader, words=long, day=""), form=FORM, status=422
        )
        page = reader.post(
            "/desk/cases/C001/updates/new", self.form(reader, words=long + "x" * 9000), form=FORM, status=422
        ).text
        assert "the endxxx" in page, "nothing typed is cut off"
        reader.post("/desk/cases/C001/updates/new", self.form(reader, words=long), form=FORM)
        assert updates.protocol(case.id)[-1].words == long

    def test_takes_no_address_that_a_browser_would_run(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(reader, source="javascript:alert(1)")
        page = reader.post("/desk/cases/C001/updates/new", data, form=FORM, status=422).text
        assert "begins with https://" in page

    def test_records_on_several_filings_at_once(self, case, desk: Desk):
        reader = desk("advocate")
        data = self.form(reader, filings=["C001-01", "C001-02"], actor="noyb", step="reminder")
        reader.post("/desk/cases/C001/updates/new", data, form=FORM)
        assert [len(it.filings) for it in updates.protocol(case.id)] == [3, 2]

    def test_shows_a_correction_under_what_it_corrects(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post("/desk/cases/C001/updates/new", self.form(reader), form=FORM)
        data = self.form(reader, day="2024-06-21", corrects="2", words="It was the 21st.")
        reader.post("/desk/cases/C001/updates/new", data, form=FORM + "&corrects=2")
        page = reader.get("/desk/filings/C001-01").text
        assert "It was the 21st." in page and "replaced by entry 3" in page
        assert cases.get_case("C001").filings[0].since.value == date(2024, 6, 21)

    def test_offers_the_steps_by_what_they_do(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post("/desk/cases/C001/updates/new", self.form(reader, step="forwarded"), form=FORM)
        page = reader.get(FORM).text
        groups = [it.split('"')[0] for it in page.split('<optgroup label="')[1:]]
        assert groups == [
            "Moves it on",
            "Ends it",
            "Leaves the stage as it is",
            "Only with an earlier day, or another place in the protocol",
            "Out of order: needs a note",
        ]
        assert 'value="acknowledged"' in page.split('<optgroup label="Only with')[1]

    def test_takes_a_letter_that_was_found_late(self, case, desk: Desk):
        reader = desk("advocate")
        sent = self.form(reader, step="forwarded", day="2024-09-02")
        reader.post("/desk/cases/C001/updates/new", sent, form=FORM)
        reader.post("/desk/cases/C001/updates/new", self.form(reader), form=FORM)
        assert cases.get_case("C001").filings[0].stage == "forwarded"

    def test_repeats_a_step_that_nobody_knows_in_short(self, case, desk: Desk):
        reader = desk("advocate")
        sent = self.form(reader, step="x" * 5_000)
        page = reader.post("/desk/cases/C001/updates/new", sent, form=FORM, status=422).text
        assert "There is no step “xxx" in page and "x" * 60 not in page

    def test_says_how_large_a_file_may_be(self, case, desk: Desk):
        assert "One or many. Up to " in desk("advocate").get(FORM).text

    def test_keeps_nothing_of_a_refused_upload(self, case, desk: Desk, settings):
        reader = desk("advocate")
        data = self.form(reader, files=(BytesIO(b""), "empty.pdf"))
        page = reader.post("/desk/cases/C001/updates/new", data, form=FORM, status=422).text
        assert "empty" in page
        assert len(updates.protocol(case.id)) == 1
        assert not [it for it in settings.evidence.rglob("*") if it.is_file()]


class TestChoosingTheFilings:
    NEW = "/desk/cases/C001/updates/new"

    def ticked(self, page: str) -> list[str]:
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        boxes = [it for it in tree.iter("input") if it.get("name") == "filings"]
        return [
            it.get("value") for it in boxes if it.get("type") == "hidden" or it.get("checked") is not None
        ]

    def test_again_keeps_what_was_typed_and_the_files(self, case, desk: Desk):
        reader = desk("advocate")
        sent = reader.fields(FORM) | {
            "words": "Half a sentence",
            "day": "2024-06",
            "files": (BytesIO(b"%PDF-1.7 a letter"), "letter.pdf"),
            "do": "other",
        }
        page = reader.post(self.NEW, sent, form=FORM, status=200).text
        assert self.ticked(page) == ["C001-01"]
        again = reader.filled(page)
        assert (again["words"], again["day"]) == ("Half a sentence", "2024-06")
        assert "Kept from your last try" in page and "Not saved yet" not in page
        final = again | {
            "filings": ["C001-02", "C001-03"],
            "step": "acknowledged",
            "actor": "noyb",
            "day": "2024-06-20",
            "do": "record",
        }
        reader.post(self.NEW, final, form=FORM)
        [_, entry] = updates.protocol(case.id)
        assert [it.filing.number for it in entry.filings] == ["C001-02", "C001-03"]
        assert entry.words == "Half a sentence" and len(evidence.exhibits(case.id)) == 1

    def test_still_tells_what_others_recorded_before_the_form_was_opened_again(self, case, desk: Desk):
        reader = desk("advocate")
        sent = reader.fields(FORM) | {"words": "Mine.", "do": "other"}
        with transaction():
            news = updates.NewUpdate(
                "information", Day.parse("2024-06-19"), "at-dsb", "A colleague was quicker."
            )
            updates.record_update([cases.get_case("C001").filings[0]], news, seen={}, by=ANN)
        page = reader.post(self.NEW, sent, form=FORM, status=200).text
        again = reader.filled(page) | {"step": "acknowledged", "day": "2024-06-20", "actor": "noyb"}
        page = reader.post(self.NEW, again | {"do": "record"}, form=FORM, status=409).text
        assert "A colleague was quicker." in page

    @pytest.mark.parametrize(("do", "count"), [("all", 3), ("none", 0)])
    def test_may_be_all_or_none_at_once(self, case, desk: Desk, do: str, count: int):
        reader = desk("advocate")
        page = reader.post(
            self.NEW, reader.fields(FORM) | {"words": "Kept.", "do": do}, form=FORM, status=200
        )
        assert len(self.ticked(page.text)) == count and "Kept." in page.text

    def test_says_so_when_none_was_chosen(self, case, desk: Desk):
        reader = desk("advocate")
        page = reader.post(self.NEW, reader.fields(self.NEW) | {"do": "choose"}, form=FORM, status=422).text
        assert "Choose at least one filing." in page

    def test_says_why_none_of_them_can_be_moved_on(self, case, desk: Desk):
        reader = desk("advocate")
        with transaction():
            here = cases.get_case("C001").filings[:2]
            for filing, step in zip(here, ("inadmissible", "admissible"), strict=True):
                news = updates.NewUpdate(step, Day.parse("2024-06-19"), "at-dsb", "It went its own way.")
                updates.record_update([filing], news, seen={}, by=ANN)
        page = reader.get(FORM + "&filing=C001-02").text
        assert "These filings stand at different stages" in page
