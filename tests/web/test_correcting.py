"""Correcting at the desk: a form that starts from the old entry, a protocol in which nothing is lost."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.builders import ANN
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import transaction
from tracker.models import Update
from tracker.rules.days import Day
from tracker.rules.vocabulary import Medium
from tracker.services import cases, filings, journal, updates
from tracker.services.updates import Letter, NewUpdate

Desk = Callable[[str], Reader]
NEW = "/desk/cases/C001/updates/new"
LETTER = Letter(Medium.LETTER, "Dr. Weiss", date(2024, 6, 18), date(2024, 6, 20), "de")


def record(*numbers: str, corrects: int | None = None, **values: object) -> int:
    """Record an update in the service and return its number."""
    new = {
        "step": "acknowledged",
        "day": Day.parse("2024-06-20"),
        "actor": "at-dsb",
        "words": "First paragraph.\n\nSecond paragraph.",
        "public_words": "Receipt confirmed.",
        "reference": "D155.027",
        "letter": LETTER,
        "source": "https://noyb.eu/letter",
        **values,
    }
    with transaction():
        here = [it for it in cases.get_case("C001").filings if it.number in (numbers or ("C001-01",))]
        return updates.record_update(here, NewUpdate(**new), seen={}, by=ANN, corrects=corrects).number


def part(page: str, anchor: str) -> Element:
    """Return the element of a page that an address with this anchor leads to."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    [found] = [it for it in tree.iter() if it.get("id") == anchor]
    return found


def text(element: Element) -> str:
    """Return the words of an element, in single spaces."""
    return " ".join(" ".join(element.itertext()).split())


class TestAChainOfCorrections:
    @pytest.fixture
    def chain(self, case) -> tuple[int, int, int]:
        first = record(words="The first words.")
        second = record(words="The second words.", corrects=first, letter=Letter(), reference=None)
        return first, second, record(words="The third words.", corrects=second)

    @pytest.mark.parametrize("address", ["/desk/cases/C001", "/desk/filings/C001-01"])
    def test_is_all_there_and_every_number_can_be_cited(self, chain, desk: Desk, address: str):
        page = desk("lawyer").get(address).text
        for number, words in zip(chain, ("first", "second", "third"), strict=True):
            assert f"The {words} words." in text(part(page, f"entry-{number}"))

    def test_shows_what_is_in_force_at_its_place_and_what_it_replaced_below(self, chain, desk: Desk):
        first, second, third = chain
        page = desk("lawyer").get("/desk/cases/C001").text
        line = text(part(page, f"entry-{third}"))
        assert "Receipt confirmed corrects entry 3" in line
        assert line.index("third words") < line.index("second words") < line.index("first words")
        assert "replaced by entry 4" in text(part(page, f"entry-{second}"))
        assert "replaced by entry 3" in text(part(page, f"entry-{first}"))

    def test_shows_the_correction_like_any_entry(self, case, desk: Desk):
        record("C001-01", "C001-02", words="Wrong.", letter=Letter(), reference=None, public_words=None)
        record("C001-01", "C001-02", corrects=2)
        reader = desk("lawyer")
        sent = {"files": (BytesIO(b"%PDF-1.7 x"), "letter.pdf")}
        reader.post("/desk/cases/C001/evidence/new?entry=3", sent)
        line = text(part(reader.get("/desk/cases/C001").text, "entry-3"))
        for words in (
            "Receipt confirmed",
            "DSB · Austria",
            "C001-01 C001-02 Ex. 1",
            "Words for the public: Receipt confirmed.",
            "Reference D155.027. Letter from Dr. Weiss, sent 18 June 2024, received 20 June 2024, in German.",
            "noyb.eu",
            "Recorded",
        ):
            assert words in line

    def test_shows_the_exhibits_of_what_was_replaced_with_what_is_in_force(self, chain, desk: Desk):
        reader = desk("lawyer")
        reader.post("/desk/cases/C001/evidence/new?entry=2", {"files": (BytesIO(b"x"), "x.txt")})
        assert "Ex. 1, of entry 2" in text(part(reader.get("/desk/cases/C001").text, "entry-4"))

    def test_offers_to_correct_the_last_one_alone(self, chain, desk: Desk):
        page = desk("lawyer").get("/desk/cases/C001").text
        assert [it for it in range(1, 5) if f"corrects={it}" in page] == [1, chain[-1]]

    def test_is_corrected_at_its_end_by_whoever_asks_for_an_earlier_one(self, chain, desk: Desk):
        for number in chain[:-1]:
            answer = desk("lawyer").get(f"{NEW}?corrects={number}", 303)
            assert answer.location == f"{NEW}?corrects={chain[-1]}"

    def test_counts_all_its_entries(self, chain, desk: Desk):
        page = words_of(desk("lawyer").get("/desk/filings/C001-01").text)
        assert "Protocol 4 Numbered as in the case." in page

    def test_is_the_last_news_of_a_filing_by_what_is_in_force(self, case, desk: Desk):
        record(actor="fr-cnil", step="information", day=Day.parse("2024-08-01"))
        record(actor="at-dsb", step="information", day=Day.parse("2024-07-01"), corrects=2)
        table = words_of(desk("lawyer").get("/desk/cases/C001").text).split("Who leads")[0]
        assert "1 July 2024 Report on progress" in table and "1 August 2024" not in table


class TestACorrectionThatLeavesAFilingOut:
    def test_is_told_on_the_page_of_that_filing(self, case, desk: Desk):
        record("C001-01", "C001-02")
        record("C001-01", corrects=2)
        page = desk("lawyer").get("/desk/filings/C001-02").text
        line = text(part(page, "entry-3"))
        assert "Entry 3 took the place of entry 2 and does not name C001-02" in line
        assert "replaced by entry 3" in text(part(page, "entry-2"))
        assert "D155.027" not in text(part(page, "filing"))

    def test_is_made_by_unticking(self, case, desk: Desk):
        record("C001-01", "C001-02")
        reader = desk("advocate")
        sent = {**reader.fields(f"{NEW}?corrects=2"), "filings": ["C001-02"], "do": "record"}
        reader.post(NEW, sent, form=NEW)
        assert [it.stage for it in cases.get_case("C001").filings[:2]] == ["lodged", "acknowledged"]

    def test_may_not_leave_out_all(self, case, desk: Desk):
        record("C001-01")
        reader = desk("advocate")
        sent = {**reader.fields(f"{NEW}?corrects=2"), "filings": [], "do": "record"}
        page = reader.post(NEW, sent, form=NEW, status=422).text
        assert "Choose at least one filing." in page and "Second paragraph." in page


class TestTheFormOfACorrection:
    def test_starts_with_everything_that_the_entry_says(self, case, desk: Desk):
        record("C001-01", "C001-02")
        form = desk("advocate").fields(f"{NEW}?corrects=2")
        expected = {
            "corrects": "2",
            "step": "acknowledged",
            "outcome": "",
            "day": "2024-06-20",
            "actor": "DSB · Austria",
            "words": "First paragraph.\n\nSecond paragraph.",
            "public_words": "Receipt confirmed.",
            "reference": "D155.027",
            "medium": "letter",
            "sender": "Dr. Weiss",
            "sent_on": "2024-06-18",
            "received_on": "2024-06-20",
            "language": "de",
            "source": "https://noyb.eu/letter",
        }
        assert {name: form[name] for name in expected} == expected

    def test_keeps_how_exactly_the_day_is_known(self, case, desk: Desk):
        record(day=Day.parse("2024-07"))
        assert desk("advocate").fields(f"{NEW}?corrects=2")["day"] == "2024-07"

    def test_sent_as_it_stands_says_the_same_again(self, case, desk: Desk):
        record()
        reader = desk("advocate")
        reader.post(NEW, {**reader.fields(f"{NEW}?corrects=2"), "do": "record"}, form=NEW)
        old, new = updates.get_update(case.id, 2), updates.get_update(case.id, 3)
        assert new.corrects_id == old.id
        same = set(Update.__table__.columns.keys()) - {
            *("id", "number", "corrects_id", "recorded_at", "recorded_by")
        }
        assert {it: getattr(new, it) for it in same} == {it: getattr(old, it) for it in same}

    def test_shows_the_old_entry_in_full_and_says_what_it_does(self, case, desk: Desk):
        record()
        page = desk("advocate").get(f"{NEW}?corrects=2").text
        old = text(part(page, "entry-2"))
        assert "First paragraph. Second paragraph." in old and "Letter from Dr. Weiss" in old
        assert "<p>First paragraph.</p><p>Second paragraph.</p>" in page
        assert "Correct entry 2" in words_of(page) and "Record the correction" in page

    def test_ticks_the_filings_of_the_entry_in_a_list_of_all(self, case, desk: Desk):
        record("C001-01", "C001-03")
        page = html5lib.parse(desk("advocate").get(f"{NEW}?corrects=2").text, namespaceHTMLElements=False)
        boxes = [it for it in page.iter("input") if it.get("name") == "filings"]
        assert [it.get("value") for it in boxes] == ["C001-01", "C001-02", "C001-03"]
        assert [it.get("checked") is not None for it in boxes] == [True, False, True]

    def test_of_an_entry_that_somebody_corrects_meanwhile_goes_on_with_what_stands_there(
        self, case, desk: Desk
    ):
        record()
        reader = desk("advocate")
        sent = {**reader.fields(f"{NEW}?corrects=2"), "words": "Mine.", "do": "record"}
        record(words="Theirs was first.", corrects=2)
        page = reader.post(NEW, sent, form=NEW, status=409).text
        assert "Theirs was first." in page and "Correct entry 3" in page
        again = {**reader.filled(page), "do": "record"}
        assert (again["corrects"], again["words"]) == ("3", "Mine.")
        reader.post(NEW, again, form=NEW)
        assert updates.get_update(case.id, 4).corrects_id == updates.get_update(case.id, 3).id


class TestANumberThatIsNoEntry:
    WRONG = ("99999999999999999999", "1" * 5_000, "²", "-1", "abc", "7", "٣", " 2")

    @pytest.mark.parametrize("typed", WRONG, ids=lambda it: it[:8])
    def test_opens_no_form(self, case, desk: Desk, typed: str):
        answer = desk("advocate").call("GET", NEW, query_string={"corrects": typed})
        assert answer.status_code == 404

    @pytest.mark.parametrize("typed", WRONG, ids=lambda it: it[:8])
    def test_is_refused_and_nothing_is_recorded(self, case, desk: Desk, typed: str):
        reader = desk("advocate")
        sent = reader.fields(f"{NEW}?filing=C001-01") | {
            "step": "acknowledged",
            "day": "2024-06-20",
            "actor": "DSB · Austria",
            "words": "Kept in the form.",
            "corrects": typed,
            "do": "record",
        }
        page = reader.post(NEW, sent, form=NEW, status=422).text
        assert "There is no entry" in page and "Kept in the form." in page
        assert len(updates.protocol(case.id)) == 1


class TestTheProtocolAtTheDesk:
    def test_keeps_paragraphs_apart(self, case, desk: Desk):
        record()
        for address in ("/desk/cases/C001", "/desk/filings/C001-01"):
            assert "<p>First paragraph.</p><p>Second paragraph.</p>" in desk("reader").get(address).text

    def test_says_once_who_recorded_what_came_in_together(self, case, desk: Desk):
        with transaction():
            moment = updates.get_update(case.id, 1).recorded_at
        for _ in range(3):
            record(step="information")
        with transaction():
            for it in updates.protocol(case.id):
                it.recorded_at = moment
        page = words_of(desk("reader").get("/desk/cases/C001").text)
        assert page.count("Recorded ") == 1 and "like the 3 entries below." in page

    def test_says_it_again_where_a_replaced_entry_stands_between(self, case, desk: Desk):
        with transaction():
            moment = updates.get_update(case.id, 1).recorded_at
        record(step="information", corrects=record(step="information"))
        record(step="information", day=Day.parse("2024-06-21"))
        with transaction():
            for it in updates.protocol(case.id):
                it.recorded_at = moment
        page = words_of(desk("reader").get("/desk/cases/C001").text)
        assert "like the entry below. " in page and "like the 2 entries" not in page

    def test_names_filings_in_their_order_and_all_of_them_by_their_number(self, case, desk: Desk):
        record("C001-03", "C001-01")
        page = desk("reader").get("/desk/cases/C001").text
        assert "all 3 filings" in text(part(page, "entry-1"))
        assert "C001-01 C001-03" in text(part(page, "entry-2"))

    def test_offers_to_add_evidence_to_each_entry(self, case, desk: Desk):
        record()
        page = desk("advocate").get("/desk/cases/C001").text
        assert "Add evidence to entry 2" in text(part(page, "entry-2"))
        assert "Add evidence to entry" not in words_of(desk("reader").get("/desk/cases/C001").text)

    def test_of_a_filing_counts_what_concerns_the_case_as_a_whole(self, case, desk: Desk):
        number = record(step="note", words="About everything.")
        with transaction():
            for it in list(updates.get_update(case.id, number).filings):
                updates.db.session.delete(it)
        page = words_of(desk("reader").get("/desk/filings/C001-01").text)
        assert "About everything." not in page and "1 more entry concerns the case as a whole" in page


class TestTheFactsOfAFiling:
    def test_say_with_whom_it_lies_where_it_stands_and_who_leads(self, case, desk: Desk):
        record()
        record(step="information", actor="fr-cnil", reference="24-100")
        told = words_of(desk("reader").get("/desk/filings/C001-01").text)
        for words in (
            "Lodged with DSB · Austria",
            "Number at the Austrian DSB D155.027",
            "Number at the French CNIL 24-100",
            "Stage Receipt confirmed",
            "Since 20 June 2024",
            "Outcome pending",
            "Lead DPC · Ireland",
        ):
            assert words in told

    def test_keep_a_number_no_longer_than_the_entry_that_told_it(self, case, desk: Desk):
        record()
        record(reference=None, corrects=2)
        assert filings.get_filing("C001-01").references == []


class TestTheJournalOfAPage:
    def test_says_an_act_that_was_repeated_once(self, case, desk: Desk):
        with transaction():
            for _ in range(4):
                journal.note("evidence.open", "C001-01", by=ANN, case_id=case.id, detail={"exhibit": 1})
        page = words_of(desk("reader").get("/desk/filings/C001-01").text)
        assert "downloaded evidence, 4 times since" in page and page.count("downloaded evidence") == 1

    @pytest.mark.parametrize("address", ["/desk/cases/C001", "/desk/filings/C001-01"])
    def test_leads_to_the_older_lines(self, case, desk: Desk, address: str):
        with transaction():
            for place in range(70):
                journal.note("update.record", "C001-01", by=ANN, case_id=case.id, detail={"update": place})
        reader = desk("reader")
        page = reader.get(address).text
        assert "The newest 60 lines" in page and f"{address}?journal=all#journal" in page
        older = reader.get(f"{address}?journal=all").text
        assert "C001-01, entry 0 to" in older and "C001-01, entry 0 to" not in page
        assert "Show the older lines too" not in older
