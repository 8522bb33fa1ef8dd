"""What the public pages compute in English is there in every language, whatever a filing or a case may be."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, product

import pytest

from tests.house.test_chronology_sentences import OTHERS, unsaid
from tests.rules.test_routing import DIRECTORY, facts_of, table
from tracker.models import PublishedFiling
from tracker.reference import tables
from tracker.reference.authorities import in_words
from tracker.reference.chronology_sentences import TABLES, said
from tracker.reference.names import country_name
from tracker.rules import routing
from tracker.rules.days import Day
from tracker.rules.routing.short import short_sentence
from tracker.rules.standing import NOT_KNOWN, OUTCOME_NAMES, OUTCOME_WORDS, outcome_words
from tracker.rules.vocabulary import Outcome, Precision
from tracker.services.public_site_words import (
    case_status,
    lodged_words,
    named,
    sentence_of,
    state_of,
)

TODAY = date(2026, 11, 26)
STAGES = tuple(tables.procedure().stages)
OUTCOMES = (*(it.value for it in Outcome), NOT_KNOWN)
DAYS = (
    Day(date(2024, 6, 6), Precision.DAY),
    Day(date(2024, 3, 1), Precision.MONTH),
    Day(date(2022, 1, 1), Precision.YEAR),
    Day(None, Precision.UNKNOWN),
)
BOTH = ("nl-ap", "ie-dpc")


def filing(
    stage: str = "lodged",
    outcome: str = "pending",
    *,
    number: str = "C001-01",
    lodged: Day = DAYS[0],
    since: Day = DAYS[0],
    authority: str | None = "nl-ap",
    lead: str | None = "ie-dpc",
    presumed: bool = False,
    by: str | None = None,
    short: str = "",
    why: str = "",
) -> PublishedFiling:
    """Return a filing as the public store holds it."""
    return PublishedFiling(
        number=number,
        case_number="C001",
        authority=authority,
        country="NL",
        lodged_on=lodged.value,
        lodged_precision=lodged.precision,
        stage=stage,
        since_on=since.value,
        since_precision=since.precision,
        outcome=outcome,
        entered_by_authority=by,
        lead=lead,
        lead_presumed=presumed,
        lead_sentence=why,
        lead_short=short,
        handling=None,
        controllers=[],
    )


def of_filings() -> Iterator[str]:
    """Give the sentence and the words of filings in every stage, with every outcome and kind of day."""
    for stage, outcome, since in product(STAGES, OUTCOMES, DAYS):
        it = filing(stage, outcome, since=since)
        yield sentence_of(it, TODAY)
        yield state_of(it).words
    for stage, lodged in product(STAGES, DAYS):
        yield sentence_of(filing(stage, lodged=lodged), TODAY)
    for stage, by, presumed in product(STAGES, (None, *BOTH), (False, True)):
        yield sentence_of(filing(stage, by=by, presumed=presumed), TODAY)
        yield sentence_of(filing(stage, by=by, lead=None, authority=None), TODAY)


def many(*outcomes: str, stage: str = "lodged", **values: object) -> list[PublishedFiling]:
    """Return a case with a filing for each outcome."""
    return [filing(stage, it, number=f"C001-{place:02}", **values) for place, it in enumerate(outcomes, 1)]  # type: ignore[arg-type]


def of_cases() -> Iterator[str]:
    """Give what is said of cases: of every mixture of outcomes, of leads that are certain or are not."""
    mixtures = [*product(OUTCOMES, repeat=2), *((it,) * 3 for it in OUTCOMES), ("pending", "won", NOT_KNOWN)]
    cases = [[], *(many(*it) for it in mixtures)]
    cases += [many("pending", "pending", stage=it) for it in STAGES]
    cases += [many("won", "won", stage=it) for it in ("measures", "appeal", "cjeu_reference")]
    for outcome, certain in product(("pending", "won"), (("no", "no"), ("yes", "no"), ("yes", "yes"))):
        for doubts in (0, 1, 2):
            both = many("pending", outcome, *(("pending",) if outcome == "won" else ()))
            for place, it in enumerate(both):
                it.lead_presumed = certain[place % 2] == "yes"
                it.lead_sentence = routing.DISPUTED if place % 2 < doubts else ""
            cases.append(both)
    for filings in cases:
        for day in DAYS:
            for it in filings:
                it.lodged_on, it.lodged_precision = day.value, day.precision
            told = case_status(filings, TODAY)
            yield from (told.state.words, told.leading, *told.sentences)


def of_lodgings() -> Iterator[str]:
    """Give how a case says when and with whom it was lodged."""
    for first, second in product(DAYS, repeat=2):
        yield lodged_words([filing(lodged=first)])
        yield lodged_words([filing(lodged=first, authority=None)])
        two = [filing(lodged=first), filing(lodged=second, authority="at-dsb")]
        yield lodged_words(two)
        two[1].authority = "nl-ap"
        yield lodged_words(two)


def of_leads() -> Iterator[str]:
    """Give who leads in one line, in every situation that the rules know."""
    for name in ("routing_vectors.yaml", "routing_situations.yaml"):
        for row in table(name).values():
            facts = facts_of(row)
            route = routing.route(facts, DIRECTORY)
            for several in (False, True):
                yield short_sentence(route, facts, in_words, country_name, several=several)


def words() -> Iterator[str]:
    """Give the words that stand alone: stages, outcomes, roles, entries."""
    yield from (it.plain for it in tables.procedure().stages.values())
    yield from (it.label for it in (*tables.procedure().steps.values(), *tables.event_kinds().values()))
    yield from (*OUTCOME_WORDS.values(), *OUTCOME_NAMES.values())
    yield from (f"{it[:1].upper()}{it[1:]}" for it in map(outcome_words, OUTCOMES))
    yield f"{outcome_words(NOT_KNOWN)}: none is recorded here, and there may be one"
    yield from (named(None).short, named(None, "NL").short)
    yield from ("lodged with", "lead", "presumed lead", "presumed", "handling")


class TestWhatIsComputedForThePublic:
    @pytest.mark.parametrize("sentences", [of_filings, of_cases, of_lodgings, of_leads, words])
    def test_is_there_in_every_language(self, sentences) -> None:
        assert unsaid(it for it in sentences() if it) == []

    @pytest.mark.parametrize("language", OTHERS)
    def test_leaves_no_slot_open_and_no_english_word(self, language: str) -> None:
        english = re.compile(r"\b(the|with|filings|pending|lodged|known|decided)\b|[{}]")
        for it in chain(of_filings(), of_cases(), of_lodgings(), of_leads(), words()):
            assert not english.search(said(it, language) or ""), it

    def test_says_one_thing_in_one_way(self) -> None:
        found = chain.from_iterable(tables.rows(it, ("of", "en", *OTHERS)) for it in TABLES)
        english = [it["en"] for it in found if it["of"] == "text"]
        assert twice(english) == []


def twice(them: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [it for it in them if it in seen or seen.add(it)]  # type: ignore[func-returns-value]


class TestHowItIsSaid:
    @pytest.mark.parametrize(
        ("english", "german", "french"),
        [
            (
                "With the Irish DPC (presumed to lead), passed on by the Dutch AP on 2 September 2024; "
                "pending for 2 years and 1 month.",
                "Bei der Aufsichtsbehörde DPC (Irland, vermutlich federführend); am 2. September 2024 "
                "von der Aufsichtsbehörde AP (Niederlande) weitergeleitet; seit 2 Jahren und 1 Monat "
                "anhängig.",
                "Auprès de l’autorité DPC (Irlande, chef de file présumée), transmise par l’autorité AP "
                "(Pays-Bas) le 2 septembre 2024 ; pendante depuis 2 ans et 1 mois.",
            ),
            (
                "Decided by the Irish DPC in May 2023: complaint upheld; it took about 4 years.",
                "Im Mai 2023 von der Aufsichtsbehörde DPC (Irland) entschieden: Beschwerde stattgegeben; "
                "Dauer: etwa 4 Jahre.",
                "Décision rendue par l’autorité DPC (Irlande) en mai 2023 : réclamation accueillie ; "
                "durée : environ 4 ans.",
            ),
            (
                "Where they stand: lodged (10), with the lead authority (1).",
                "Wo sie stehen: eingereicht (10), bei der federführenden Behörde (1).",
                "État : introduite (10), auprès de l’autorité chef de file (1).",
            ),
            (
                "first lodged on 6 June 2024 with 11 authorities",
                "zuerst am 6. Juni 2024 eingereicht, bei 11 Behörden",
                "introduite pour la première fois le 6 juin 2024, auprès de 11 autorités",
            ),
        ],
    )
    def test_is_what_a_lawyer_would_write(self, english: str, german: str, french: str) -> None:
        assert said(english, "de") == german
        assert said(english, "fr") == french
