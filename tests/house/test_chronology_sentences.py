"""What the program says in English has its words in every language of a chronology."""

import re
from collections.abc import Iterable
from datetime import date
from types import ModuleType

import pytest

from tests.rules.test_counting import SITUATIONS, VECTORS, counted, extended
from tests.rules.test_routing import DIRECTORY, facts_of, table
from tracker.reference import tables
from tracker.reference.authorities import authorities, in_words, label
from tracker.reference.calendars import STATES, calendar_of
from tracker.reference.chronology_sentences import closing, label_words, provision_words, said
from tracker.reference.names import country_name
from tracker.reference.periods import periods
from tracker.rules import meeting, owing, routing, running, stopping
from tracker.rules.days import Day
from tracker.rules.leading import LeadAct, Told
from tracker.rules.periods import OWING, PAUSES, Kind, Sure
from tracker.rules.ways_of_counting import LAWS, Way
from tracker.services.routing_standing import act_words
from tracker.storage import sniff

OTHERS = ("de", "fr")
#: Words by which a provision or a law is still English.
ENGLISH = ("Art ", "Reg ", " law", "Law ", "§ 1 Act", "practice", "counted", "Opinion", "recital", " to ")


def unsaid(english: Iterable[str]) -> list[tuple[str, str]]:
    """Return what cannot be said in a language."""
    # Each once, and kept: what is given one by one would be used up by the first language.
    texts = list(dict.fromkeys(english))
    return [(language, it) for language in OTHERS for it in texts if said(it, language) is None]


def vars_of(module: ModuleType) -> list[str]:
    """Return the sentences that a module keeps as constants."""
    named = [it for name, it in vars(module).items() if not name.startswith("__") and isinstance(it, str)]
    return [it for it in named if re.match(r"[A-Z].* .*\.$", it)]


class TestWhatTheTablesSay:
    def test_of_steps_and_kinds_of_events_is_there_in_every_language(self) -> None:
        assert unsaid(it.label for it in (*tables.steps().values(), *tables.event_kinds().values())) == []

    def test_of_what_others_owe_is_there_with_who_owes_it_and_what_follows(self) -> None:
        owed = [it for it in periods().values() if it.kind is Kind.DUTY and not it.own]
        doubted = [it.note for it in owed if it.sure is Sure.MEDIUM] + [it.doubt for it in owed]
        texts = [*(it.label for it in owed), *(it.effect for it in owed), *doubted, *OWING.values()]
        assert unsaid(it for it in texts if it) == []

    def test_of_provisions_leaves_no_english_word(self) -> None:
        bases = {it.basis for it in tables.steps().values()}
        bases |= {it.basis for it in periods().values() if it.kind is Kind.DUTY and not it.own}
        for law in LAWS.values():
            bases |= {
                law.start,
                law.end,
                law.move,
                law.clear,
                law.august_basis,
                law.two_basis,
                law.from_the_end,
            }
        left = [
            (told, basis)
            for basis in bases
            for language in OTHERS
            for told in [provision_words(basis, language)]
            if any(it in f"{told} " for it in ENGLISH)
        ]
        assert left == []

    def test_of_kinds_of_files_is_there(self) -> None:
        shorts = [it.removeprefix("a ").removeprefix("an ") for it, _ in sniff.TYPES.values()]
        assert unsaid([*(f"{it[:1].upper()}{it[1:]}" for it in shorts), "Not recognised"]) == []


class TestHowDaysWereCounted:
    def test_is_told_for_everything_that_a_lawyer_counted(self) -> None:
        found = [counted(it) for it in (*VECTORS, *SITUATIONS) if "period" in it and "due" in it]
        assert unsaid(it.text for one in found for it in one.reasons) == []
        assert unsaid(it for one in found for it in one.uncertain) == []

    @pytest.mark.parametrize("way", Way)
    def test_is_told_for_every_law_with_its_doubts(self, way: Way) -> None:
        found = [
            extended(way, event, length, more, place)
            for event in ("2025-07-25", "2024-03-28", "2024-12-20", "2025-01-31")
            for length, more in (("+1m", "+2m"), ("+3w", "+1w"), ("+1y", "+1m"), ("+10d", "+10d"))
            for place in ("NO", "DE", "FR")
        ]
        assert unsaid(it.text for one in found for it in one.reasons) == []
        assert unsaid(it for one in found for it in one.uncertain) == []

    def test_names_why_nothing_ends_on_a_day(self) -> None:
        english = (
            "No working day: Saturday 4 April 2026 (Saturday), Sunday 5 April 2026 (Easter Sunday), Monday "
            "6 April 2026 (Easter Monday). The period ends on Tuesday 7 April 2026"
        )
        assert said(english, "de") == (
            "Kein Arbeitstag: Samstag, 4. April 2026 (Samstag), Sonntag, 5. April 2026 (Ostersonntag), "
            "Montag, 6. April 2026 (Ostermontag). Die Frist endet am Dienstag, 7. April 2026"
        )

    def test_keeps_the_english_name_of_a_rare_holiday_in_quotation_marks(self) -> None:
        assert closing("Battle of the Boyne", "de") == "„Battle of the Boyne“"
        assert closing("Battle of the Boyne", "en") == "Battle of the Boyne"

    def test_names_the_holidays_on_which_periods_end_most(self) -> None:
        named = [
            it for code in ("AT", "DE", "FR", "IE", "NL", "EU") for it in calendar_of(code).holidays.values()
        ]
        rare = {it for it in named if closing(it, "fr").startswith("«")}
        assert len(rare) < 5, rare

    @pytest.mark.parametrize("why", PAUSES.values())
    def test_says_when_a_clock_stood_still(self, why: str) -> None:
        stood = f"The clock stood still from 3 May 2024 to 4 June 2024: {why} (entries 3 and 12)"
        stands = f"The clock stands still since 3 May 2024: {why} (since entry 3)"
        waits = f"The clock stands still since 3 May 2024: {stopping.BEFORE}"
        assert unsaid([stood, stands, waits, f"{why}; when it began here is not recorded"]) == []

    def test_is_told_of_extensions_that_the_law_does_not_carry(self) -> None:
        """The sentences of rules/extending.py, as they are put together there."""
        extends, basis = "Entry 5 extends it until Monday 4 May 2026", "Art 12(3) Reg 2025/2518"
        day = "Friday 5 June 2026"
        texts = [
            f"{extends}, and it ends on {day} without that: nothing is extended",
            f"{extends}, and Art 78(2), 77(2) allows no extension. It moves no day",
            f"{extends}, and {basis} allows one extension only. It moves no day",
            f"{extends}, and {basis} allows 12 months more at most, until {day}. It is counted until {day}",
            f"{extends}. The period had ended on {day}, and it was given on 6 June 2026: what is over is not "
            "extended any more. It moves no day",
            f"{extends}. {basis} asks for notice 4 weeks before its end, until {day}; it was given "
            "on 6 June 2026, which may be too late. The legal last day stays, and it is late for certain "
            f"after {day} only",
            f"Entry 5 fixes {day} as the last day, and Art 64(3) gives 8 weeks, and 6 weeks more at most: "
            f"until {day}",
            f"Art 64(3) allows 6 weeks more, and nobody has to tell us: it is late for certain "
            f"after {day} only.",
        ]
        assert unsaid(texts) == []

    def test_says_of_the_engine_what_is_in_doubt(self) -> None:
        assert unsaid([owing.NOBODY, *vars_of(owing), *vars_of(running), *vars_of(stopping)]) == []
        day = date(2027, 6, 14)
        of_met = [meeting.Met(day, 3, by=day), meeting.Met(day, 3, perhaps=True)]
        texts = [
            *(text for it in of_met for text in it.doubts),
            *(meeting.untold(it) for it in periods().values()),
        ]
        texts += [
            "Counted from 1 June 2027, the day of the entry; word of it came on 20 September 2027.",
            "Counted from the day on which the complaint was received, Monday 10 May 2027, it ends on "
            "Tuesday 10 August 2027.",
        ]
        assert unsaid(texts) == []


class TestWhoLeads:
    def test_is_told_in_every_situation_that_the_rules_know(self) -> None:
        texts = []
        for name in ("routing_vectors.yaml", "routing_situations.yaml"):
            for row in table(name).values():
                facts = facts_of(row)
                texts.append(routing.sentence(routing.route(facts, DIRECTORY), facts, in_words, country_name))
        assert len(set(texts)) > 30
        assert unsaid(texts) == []

    @pytest.mark.parametrize("act", LeadAct)
    @pytest.mark.parametrize("by", ["ie-dpc", "eu-edpb", None])
    def test_is_told_of_what_authorities_did(self, act: LeadAct, by: str | None) -> None:
        told = [Told(act, by, lead, Day.parse("2024-09-02"), 8) for lead in ("ie-dpc", "fr-cnil", None)]
        assert unsaid(act_words(it) for it in told if it.lead or act is not LeadAct.PRESUMED) == []

    def test_speaks_of_the_board_as_german_and_french_do(self) -> None:
        english = "The EDPB confirmed that the Irish DPC leads"
        assert said(english, "de") == "Der EDSA bestätigte, dass die DPC (Irland) federführend ist"
        assert said(english, "fr") == "Le comité européen a confirmé que la DPC (Irlande) est chef de file"


class TestWhatTheTableDoesNotKnow:
    @pytest.mark.parametrize("language", OTHERS)
    def test_is_not_said_rather_than_said_by_half(self, language: str) -> None:
        assert said("The Irish DPC leads: it told us so on the telephone.", language) is None
        assert said("Somebody typed this.", language) is None

    def test_is_as_it_is_in_english(self) -> None:
        assert said("Somebody typed this.", "en") == "Somebody typed this."


class TestAnAuthority:
    def test_has_its_country_in_the_language(self) -> None:
        assert label_words("AP · Netherlands", "de") == "AP · Niederlande"
        assert label_words(label(None, "FR"), "de") == "nicht bekannt · Frankreich"
        assert label_words("EDPB · European Union", "de") == "EDSA · Europäische Union"

    @pytest.mark.parametrize("language", OTHERS)
    def test_is_known_in_every_state(self, language: str) -> None:
        for slug, it in authorities().items():
            if it.country in STATES:
                assert said(f"{in_words(slug)[:1].upper()}{in_words(slug)[1:]} leads", language)


def test_every_slot_of_a_sentence_stands_in_the_english_one() -> None:
    for row in tables.rows("chronology_sentences.csv", ("of", "en", *OTHERS)):
        english = set(re.findall(r"\{([a-z]+[0-9]?)\}", row["en"]))
        for language in OTHERS:
            assert set(re.findall(r"\{([a-z]+[0-9]?)(?:_[a-z]+)?\}", row.needed(language))) <= english, row[
                "en"
            ]
