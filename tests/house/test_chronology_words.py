"""The words of a chronology: there in every language, with the same slots, and each one used."""

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from tracker.reference.chronology_words import LANGUAGES, NAMES, day_words, time_words, weekday_words, words
from tracker.rules.days import Day
from tracker.services import chronology

ROOT = Path(__file__).resolve().parents[2]


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


class TestTheWords:
    def test_are_there_for_every_language_that_can_be_chosen(self) -> None:
        assert set(chronology.LANGUAGES) == set(LANGUAGES) == set(NAMES)

    @pytest.mark.parametrize("language", [it for it in LANGUAGES if it != "en"])
    def test_have_the_same_slots_in_every_language(self, language: str) -> None:
        english, other = words("en"), words(language)
        assert {key: slots(it) for key, it in english.items()} == {
            key: slots(it) for key, it in other.items()
        }

    def test_are_all_used(self) -> None:
        sources = [*ROOT.glob("templates/chronology/*.html"), ROOT / "tracker/web/chronology_document.py"]
        sources += [ROOT / "templates/desk/chronology.html", ROOT / "tracker/reference/chronology_words.py"]
        sources += [ROOT / f"tracker/reference/chronology_{it}.py" for it in ("sentences", "grammar")]
        text = "\n".join(it.read_text(encoding="utf-8") for it in sources)
        made_up = (
            r"(role|type|ref|version)_\w+|letter|email|form|phone|press|other|bytes?|hours?|weeks?|years?|months?"
            r"|one_day|days|and|about"
        )
        assert [
            key for key in words("en") if f'"{key}"' not in text and f"'{key}'" not in text
            and not re.fullmatch(made_up, key)
        ] == []  # fmt: skip

    def test_do_not_ask_politely_and_do_not_shout(self) -> None:
        for language in LANGUAGES:
            assert not [it for it in words(language).values() if "!" in it or "please" in it.lower()]


class TestDays:
    def test_are_written_as_the_language_does_and_as_exactly_as_they_are_known(self) -> None:
        day = Day.parse("2024-09-02")
        assert [day_words(day, it) for it in LANGUAGES] == [
            "2 September 2024",
            "2. September 2024",
            "2 septembre 2024",
        ]
        assert [day_words(Day.parse("2024-03"), it) for it in LANGUAGES] == [
            "March 2024",
            "März 2024",
            "mars 2024",
        ]
        assert day_words(Day.parse("2024"), "de") == "2024"
        assert day_words(Day.parse(None), "fr") == "date inconnue"

    def test_are_the_first_of_a_month_as_french_writes_it(self) -> None:
        assert day_words(date(2024, 10, 1), "fr") == "1er octobre 2024"
        assert weekday_words(date(2024, 10, 1), "fr") == "mardi 1er octobre 2024"
        assert day_words(date(2024, 10, 11), "fr") == "11 octobre 2024"

    def test_have_their_weekday_where_a_period_ends(self) -> None:
        ends = [weekday_words(date(2024, 9, 6), it) for it in LANGUAGES]
        assert ends == ["Friday 6 September 2024", "Freitag, 6. September 2024", "vendredi 6 septembre 2024"]


class TestTimes:
    def test_are_told_in_the_language(self) -> None:
        assert time_words("2 years and 1 month", "de") == "2 Jahre und 1 Monat"
        assert time_words("about 1 year", "fr") == "environ 1 an"
        assert time_words("12 days", "en") == "12 days"
