"""The chronology at the desk: one click makes the PDF, choices are kept, and what is new is not missed."""

import hashlib
import io
import re
from collections.abc import Callable

import html5lib
import pypdf
import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.models import Entry
from tracker.rules.days import Day
from tracker.rules.silence import Gap
from tracker.services import cases, chronology_pdf, updates
from tracker.services.chronology_pdf import NoPdf
from tracker.services.updates import NewUpdate
from tracker.web.chronology_document import Say

Desk = Callable[[str], Reader]
PAGE, FILING = "/desk/filings/C001-01/chronology", "/desk/filings/C001-01"


def told(step: str, words: str, day: str = "2024-09-02") -> None:
    """Record an update of the Austrian authority on the first filing."""
    with transaction():
        here = [it for it in cases.get_case("C001").filings if it.number == "C001-01"]
        updates.record_update(here, NewUpdate(step, Day.parse(day), "at-dsb", words), seen={}, by=ANN)


def made() -> list[Entry]:
    return list(db.session.scalars(sa.select(Entry).where(Entry.act == "chronology.make")))


def form(reader: Reader, **values: object) -> dict[str, object]:
    """Return the form as the page sends it when nobody changed anything, with these values."""
    page = reader.get(PAGE).text
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    [found] = [it for it in tree.iter("form") if it.get("class") == "form"]
    ticked: dict[str, object] = dict(reader.filled(page))
    for name in ("entries", "whole", "exhibits", "periods"):
        boxes = [it for it in found.iter("input") if it.get("name") == name and it.get("checked") is not None]
        ticked[name] = [it.get("value") for it in boxes]
    return {**ticked, **values}


def text_of(content: bytes) -> str:
    return " ".join(it.extract_text() for it in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.usefixtures("case")
class TestOneClickOnThePageOfAFiling:
    def test_makes_the_pdf_with_everything_that_usually_goes_in(self, desk: Desk) -> None:
        told("forwarded", "It went to Dublin.")
        reader = desk("lawyer")
        page = reader.get(FILING).text
        assert f'action="{PAGE}"' in page and "Chronology as a PDF" in page
        answer = reader.post(PAGE, {"do": "pdf"}, form=FILING, status=200)
        assert answer.mimetype == "application/pdf"
        assert "It went to Dublin." in text_of(answer.data)

    def test_is_an_attachment_that_runs_nothing_and_is_never_kept(self, desk: Desk) -> None:
        headers = desk("lawyer").post(PAGE, {"do": "pdf"}, form=FILING, status=200).headers
        name = re.search(r"filename=(\S+)$", headers["Content-Disposition"])
        assert name and re.fullmatch(r"C001-01-chronology-\d{4}-\d\d-\d\d\.pdf", name[1])
        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["Cache-Control"] == "no-store"

    def test_is_a_line_in_the_journal_with_the_hash_of_the_very_file(self, desk: Desk) -> None:
        reader = desk("lawyer")
        answer = reader.post(PAGE, {"do": "pdf"}, form=FILING, status=200)
        (line,) = made()
        assert line.detail["sha256"] == hashlib.sha256(answer.data).hexdigest()
        assert (line.subject, line.detail["form"]) == ("C001-01", "pdf")
        assert line.detail["sha256"] in reader.get(PAGE).text
        assert "made the chronology of" in reader.get(f"{FILING}?journal=all").text

    def test_is_for_those_who_work_on_cases(self, desk: Desk) -> None:
        for role in ("reader", "editor"):
            reader = desk(role)
            assert "Chronology" not in reader.get(FILING).text
            reader.get(PAGE, 404)
            reader.post(PAGE, {"do": "pdf"}, form="/desk/", status=404)
        assert made() == []


class TestWhatTheProgramKnowsInEnglishOnly:
    def test_is_quoted_with_a_word_that_says_so_and_escaped(self) -> None:
        told = Say("de").told("The <b> is new.")
        assert told == '„<span lang="en">The &lt;b&gt; is new.</span>“ (englisch)'
        assert "(en anglais)" in Say("fr").told("This is new.")
        assert Say("en").told("This is new.") == "This is new."


class TestHowLong:
    @pytest.mark.parametrize(
        ("language", "end", "words"),
        [
            ("de", "2024-09-10", "1 Tag"),
            ("de", "2024-10-03", "24 Tage"),
            ("fr", "2024-10-20", "1 mois (41 jours)"),
            ("en", "2025-09-09", "1 year (365 days)"),
        ],
    )
    def test_is_told_once_in_days_and_from_a_month_on_with_the_days_beside(
        self, language: str, end: str, words: str
    ) -> None:
        assert Say(language).lasted(Gap(Day.parse("2024-09-09"), Day.parse(end))) == words


@pytest.mark.usefixtures("case")
class TestThePage:
    def test_shows_the_document_and_what_can_be_chosen(self, desk: Desk) -> None:
        told("forwarded", "It went to Dublin.")
        text = words_of(desk("advocate").get(PAGE).text)
        assert "Chronology of the complaint C001-01" in text and "Passed on to the lead authority" in text
        assert "Never in it: notes, our own deadlines" in text

    def test_counts_what_is_internal_and_left_out(self, desk: Desk) -> None:
        told("note", "Privileged.")
        page = desk("lawyer").get(PAGE).text
        assert "Never in it: 1 internal entry, notes" in page and "Privileged." not in page

    def test_makes_nothing_by_itself(self, desk: Desk) -> None:
        reader = desk("lawyer")
        reader.get(PAGE)
        reader.post(PAGE, form(reader, do="show"), status=200)
        assert made() == []

    def test_moves_to_the_number_as_it_is_written(self, desk: Desk) -> None:
        answer = desk("lawyer").get("/desk/filings/c001-01/chronology", 301)
        assert answer.location.endswith(PAGE)

    def test_is_asked_by_as_many_statements_however_long_the_protocol_is(
        self, desk: Desk, statements: list[str]
    ) -> None:
        reader = desk("lawyer")

        def asked() -> int:
            statements.clear()
            reader.get(PAGE)
            return len(statements)

        told("information", "News.", "2024-07-01")
        few = asked()
        for day in range(1, 12):
            told("information", "News.", f"2024-08-{day:02}")
        assert asked() == few


@pytest.mark.usefixtures("case")
class TestTheChoice:
    def test_leaves_out_what_is_not_ticked(self, desk: Desk) -> None:
        told("statement", "Better not.")
        reader = desk("lawyer")
        answer = reader.post(PAGE, form(reader, do="pdf", entries=["1"]), status=200)
        text = text_of(answer.data)
        assert "Better not." not in text and "This is a selection" in " ".join(text.split())

    def test_is_shown_before_anything_is_made_and_stays(self, desk: Desk) -> None:
        told("statement", "Better not.")
        reader = desk("lawyer")
        sent = form(
            reader, do="show", entries=["1"], periods=[], language="de", introduction="Our <b>action</b>."
        )
        page = reader.post(PAGE, sent, status=200).text
        text = words_of(page)
        assert "Chronologie der Beschwerde C001-01" in text and "Our <b>action</b>." in text
        again = reader.filled(page)
        assert again["language"] == "de" and again["introduction"] == "Our <b>action</b>."
        assert "Better not." in text, "it can still be ticked"
        assert text.count("Better not.") == 1

    def test_of_a_file_for_editing_gives_a_page_that_stands_alone(self, desk: Desk) -> None:
        reader = desk("lawyer")
        answer = reader.post(PAGE, form(reader, do="html"), status=200)
        assert answer.headers["Content-Disposition"].endswith(".html")
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
        assert [it.tag for it in tree.iter() if it.tag in ("script", "link", "img", "iframe", "form")] == []
        assert len(list(tree.iter("h1"))) == 1 and len(list(tree.iter("h2"))) >= 9
        for table in tree.iter("table"):
            assert list(table.iter("th")), "every table has heads"
        assert made()[0].detail["form"] == "html"

    def test_of_an_earlier_day_tells_what_was_until_then(self, desk: Desk) -> None:
        told("statement", "Much later.", "2025-05-05")
        reader = desk("lawyer")
        answer = reader.post(PAGE, form(reader, do="pdf", as_of="2025-01-01"), status=200)
        text = text_of(answer.data)
        assert "As of 1 January 2025" in text and "Much later." not in text

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [
            ({"as_of": "2999-01-01"}, "outside 1990 to 2100"),
            ({"as_of": "2099-01-01"}, "1 January 2099 has not come yet: choose today or an earlier day."),
            ({"as_of": "2024-06-05"}, "C001-01 was lodged on 6 June 2024, so nothing can be told as of"),
            ({"as_of": "2024"}, "Give the full day"),
            ({"as_of": ""}, "Say as of which day."),
            ({"language": "xx"}, "Choose one of the list."),
            ({"introduction": "a" * 10_001}, "at most 10,000 are possible"),
        ],
    )
    def test_that_cannot_be_is_refused_beside_its_field(
        self, desk: Desk, values: dict[str, str], refusal: str
    ) -> None:
        reader = desk("lawyer")
        answer = reader.post(PAGE, form(reader, do="pdf", **values), status=422)
        assert refusal in words_of(answer.text) and made() == []

    def test_of_what_does_not_exist_takes_in_nothing(self, desk: Desk) -> None:
        reader = desk("lawyer")
        sent = form(reader, do="pdf", entries=["1", "99", "x", "C001"], exhibits=["x99"], periods=["G99:7"])
        reader.post(PAGE, sent, status=200)
        assert made()[0].detail["entries"] == [1]


@pytest.mark.usefixtures("case")
class TestWhatIsRecordedMeanwhile:
    def test_is_shown_before_the_document_is_made(self, desk: Desk) -> None:
        reader = desk("lawyer")
        sent = form(reader, do="pdf", introduction="My words.")
        told("forwarded", "It went to Dublin.")
        answer = reader.post(PAGE, sent, status=409)
        text = words_of(answer.text)
        assert "New since this page was shown: 2. 2 September 2024: Passed on" in text
        assert reader.filled(answer.text)["introduction"] == "My words." and made() == []

    def test_is_in_when_it_is_made_once_more(self, desk: Desk) -> None:
        reader = desk("lawyer")
        sent = form(reader, do="pdf")
        told("forwarded", "It went to Dublin.")
        shown = reader.post(PAGE, sent, status=409).text
        again = {**sent, "offered": reader.filled(shown)["offered"], "entries": ["1", "2"]}
        assert "It went to Dublin." in text_of(reader.post(PAGE, again, status=200).data)


@pytest.mark.usefixtures("case")
class TestAnInstallationThatCannotMakePdfs:
    @pytest.fixture(autouse=True)
    def without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(chronology_pdf, "missing", lambda: "PDFs need Pango and fonts.")

    def test_says_what_to_install_and_offers_no_pdf(self, desk: Desk) -> None:
        page = desk("lawyer").get(PAGE).text
        assert "PDFs need Pango and fonts." in page and "Make the PDF" not in page

    def test_says_so_also_where_one_is_asked_for(self, desk: Desk) -> None:
        answer = desk("lawyer").post(PAGE, {"do": "pdf"}, form=FILING, status=503)
        assert "PDFs need Pango and fonts." in answer.text and made() == []

    def test_still_makes_the_file_for_editing(self, desk: Desk) -> None:
        reader = desk("lawyer")
        reader.post(PAGE, form(reader, do="html"), status=200)
        assert len(made()) == 1

    def test_refuses_in_the_service_as_well(self) -> None:
        with pytest.raises(NoPdf):
            chronology_pdf.pdf_of("<html></html>")
