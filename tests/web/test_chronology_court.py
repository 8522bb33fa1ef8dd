"""The words of a chronology that a court reads twice: silence, contested periods, days, by language."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.builders import ANN, a_case, lodged
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.reference.chronology_words import LANGUAGES
from tracker.rules.days import Day
from tracker.services import cases, chronology, filings, updates
from tracker.services.chronology import Choice
from tracker.services.updates import Letter, NewUpdate
from tracker.web.chronology_document import document

Desk = Callable[[str], Reader]


@pytest.fixture(autouse=True)
def filed(app, on_a_day):
    """C001, passed on to Dublin as we were told; the DPC spoke of the whole case; it is 22 November 2026."""
    with transaction():
        lodged(a_case(), "nl-ap", "fr-cnil", "ie-dpc")
    said("forwarded", "2024-09-02", "nl-ap", letter=Letter(received_on=date(2024, 9, 2)))
    number = said("statement", "2025-05-21", "ie-dpc")
    with transaction():
        filings.get_filing("C001-01").urgency_requested = True
        for link in list(updates.get_update(cases.get_case("C001").id, number).filings):
            db.session.delete(link)


def said(step: str, on: str, actor: str, **values: object) -> int:
    with transaction():
        chosen = [it for it in cases.get_case("C001").filings if it.number == "C001-01"]
        new = NewUpdate(step, Day.parse(on), actor, "words", **values)  # type: ignore[arg-type]
        return updates.record_update(chosen, new, seen={}, by=ANN).number


def page(language: str) -> str:
    it = chronology.chronology_of(
        filings.get_filing("C001-01"), as_of=date(2026, 11, 22), choice=Choice(language=language)
    )
    return words_of(document(it).partition("</style>")[2].replace("</head>", "")).replace(
        "\N{NO-BREAK SPACE}", " "
    )


SAYS = {
    "en": (
        "not counted as news about it: 21 May 2025, DPC · Ireland (entry 3)",
        "2, of which 1 not met in time, which is contested",
        "whether this period runs is contested",
        "told on 2 September 2024; the day itself is not on record",
        "asked for; no answer is on record",
        "Entries about the case as a whole, which name no complaint: 1, of which 0 stand among the steps.",
        "What the authorities of this complaint said of the case as a whole",
    ),
    "de": (
        "nicht als Nachricht dazu gezählt: 21. Mai 2025, DPC · Irland (Eintrag 3)",
        "2, davon 1 nicht eingehalten, und diese ist umstritten",
        "ob diese Frist läuft, ist umstritten",
        "mitgeteilt am 2. September 2024; der Tag selbst ist nicht verzeichnet",
        "beantragt; keine Antwort verzeichnet",
        "die keine Beschwerde nennen: 1, davon 0 unter den Schritten.",
        "Was die Behörden dieser Beschwerde zum Fall insgesamt äußerten",
    ),
    "fr": (
        "non comptées comme nouvelles à son sujet : 21 mai 2025, DPC · Irlande (entrée 3)",
        "2, dont 1 hors délai, et celui-ci est contesté",
        "l’existence même de ce délai est contestée",
        "communiqué le 2 septembre 2024 ; la date elle-même n’est pas enregistrée",
        "demandée ; aucune réponse enregistrée",
        "qui ne nomment aucune réclamation : 1, dont 0 parmi les étapes.",
        "Ce que les autorités de cette réclamation ont dit de l’affaire dans son ensemble",
    ),
}  # fmt: skip


class TestTheDocument:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_what_speaks_against_it_in_every_language(self, language: str) -> None:
        text = page(language)
        assert [it for it in SAYS[language] if it not in text] == []

    def test_uses_one_measure_for_times_of_silence(self) -> None:
        assert "Times of more than 30 days without news" in page("en") and "month without" not in page("en")

    def test_uses_words_that_germany_and_austria_share(self) -> None:
        text = page("de")
        assert "eingereicht bei" in text and "Anlage" in text and "Aktenzeichen" in text
        assert not [it for it in ("bracht", "Einbringung", "Beil", "Geschäftszahl") if it in text]


class TestTheDesk:
    def test_marks_a_contested_period_in_the_docket_and_on_the_page_of_the_filing(self, desk: Desk) -> None:
        for address in ("/desk/docket", "/desk/filings/C001-01"):
            assert "late by 1 year and 11 months, contested" in words_of(desk("lawyer").get(address).text)

    def test_says_why_it_is_contested_under_what_is_uncertain(self, desk: Desk) -> None:
        text = desk("lawyer").get("/desk/filings/C001-01/deadlines/G15-AGAIN/2").text
        uncertain = words_of("<body>" + text.split('id="uncertain"')[1].split("</section>")[0] + "</body>")
        assert "Contested: once within three months" in uncertain and "counts as information" in uncertain
        words = words_of(text)
        assert "the first working day after that end, if the period runs again, which is contested" in words
        assert words.count("Contested: once within") == 1, "not a second time as a note"

    def test_says_on_the_page_of_the_three_months_that_there_is_a_second_limb(self, desk: Desk) -> None:
        words = words_of(desk("lawyer").get("/desk/filings/C001-01/deadlines/G15").text)
        assert "Art 78(2) has a second limb, for which no period runs" in words

    def test_names_in_the_silence_log_what_was_said_of_the_whole_case(self, desk: Desk) -> None:
        words = words_of(desk("lawyer").get("/desk/filings/C001-01/silence").text)
        assert "Not about this complaint alone on 21 May 2025, DPC · Ireland" in words
        assert "Periods missed 1, which is contested" in words and "days, contested" in words


class TestADayThatWasFixed:
    def test_is_not_told_as_a_day_of_the_law(self, desk: Desk) -> None:
        reader, begin = desk("lawyer"), "/desk/filings/C001-01/deadlines/begin"
        sent = {"period": "OWN-OTHER", "actor": "noyb", "words": "Costs.", "day": "2026-11-20"}
        reader.post(begin, reader.fields(begin) | sent | {"until": "2026-12-05"})
        words = words_of(reader.get("/desk/filings/C001-01/deadlines/OWN-OTHER/4").text)
        assert "Fixed day Saturday 5 December 2026" in words
        assert "The day that was fixed is Saturday 5 December 2026." in words
        assert "Legal last day" not in words and "the law most likely has" not in words
        docket = words_of(reader.get("/desk/docket").text)
        assert "fixed day Sat 5 December 2026" in docket and "by the law Sat 5" not in docket


class TestOneDutyUnderTwoLaws:
    def test_says_so_on_the_line_of_the_national_law(self, desk: Desk) -> None:
        words = words_of(desk("lawyer").get("/desk/filings/C001-02").text)
        assert words.count("the same under Art 78(2), 77(2)") == 1
        assert "the same under" not in words_of(desk("lawyer").get("/desk/filings/C001-01").text)
