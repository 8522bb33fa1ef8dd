"""What the public pages compute in English is there in every language, whatever a filing or a case may be."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, product

import pytest

from tests.house.test_chronology_sentences import OTHERS, unsaid
from tests.rules.test_routing import DIRECTORY, facts_of, table
from tracker.errors import RuleBroken
from tracker.models import PublishedFiling
from tracker.reference import tables
from tracker.reference.authorities import authorities, in_words
from tracker.reference.chronology_sentences import TABLES, proper_words, said, title_words
from tracker.reference.names import country_name
from tracker.reference.ways import Ways, ways
from tracker.rules import deadlines, decisions, routing, text
from tracker.rules.days import Day
from tracker.rules.routing.short import short_sentence
from tracker.rules.standing import NOT_KNOWN, OUTCOME_NAMES, OUTCOME_WORDS, outcome_words
from tracker.rules.vocabulary import Outcome, Precision
from tracker.services import route_finder
from tracker.services.public_site_words import (
    case_status,
    lodged_words,
    named,
    sentence_of,
    state_of,
)
from tracker.services.publication_results import ACTED_AS_LEAD
from tracker.web.forms.places import read_places
from tracker.web.route_shown import shown

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


#: Claims that were left open.
LEFT = (("Art 9",), ("Art 6(1)(b)", "Art 9"), ("Art 44", "Art 5(3) Directive 2002/58/EC"))


def of_filings() -> Iterator[str]:
    """Give the sentence and the words of filings in every stage, with every outcome and kind of day."""
    for stage, outcome, since in product(STAGES, OUTCOMES, DAYS):
        it = filing(stage, outcome, since=since)
        yield sentence_of(it, TODAY)
        yield state_of(it).words
    for outcome, left in product(("won", "not_recorded"), LEFT):
        it = filing("measures", outcome)
        it.open_claims = left
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
    for left, of, many_of in product(LEFT, (0, 1, 2), (2, 3, 6)):
        cases.append(many(*["won"] * many_of))
        for it in cases[-1][: many_of - of]:
            it.open_claims = left
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
    for slug in BOTH:
        yield ACTED_AS_LEAD.format(lead=in_words(slug))


def words() -> Iterator[str]:
    """Give the words that stand alone: stages, outcomes, roles, entries."""
    yield from (it.plain for it in tables.procedure().stages.values())
    yield from (it.label for it in (*tables.procedure().steps.values(), *tables.event_kinds().values()))
    yield from (*OUTCOME_WORDS.values(), *OUTCOME_NAMES.values())
    yield from (f"{it[:1].upper()}{it[1:]}" for it in map(outcome_words, OUTCOMES))
    yield f"{outcome_words(NOT_KNOWN)}: none is recorded here, and there may be one"
    yield from (named(None).short, named(None, "NL").short)
    yield from ("lodged with", "lead", "presumed lead", "presumed", "handling")


def of_decisions() -> Iterator[str]:
    """Give what is said of decisions, findings, measures and appeals."""
    for words_of in (
        decisions.TYPES,
        decisions.RESULTS,
        decisions.FINDINGS,
        decisions.APPEALS,
        decisions.MEASURES,
    ):
        yield from words_of.values()


def of_periods() -> Iterator[str]:
    """Give how a period of an authority stands, in every way in which it can."""
    day, days = date(2026, 9, 6), (None, date(2026, 9, 6), date(2026, 11, 26), date(2026, 12, 24))
    for due, met in product(days, (None, date(2026, 9, 1), date(2026, 10, 1))):
        for certain, paused, waived, moot, untold in product(
            (due, date(2027, 1, 4)), *(((False, True),) * 4)
        ):
            ends = deadlines.Ends(
                due=due,
                safe=due,
                certain=certain,
                own=False,
                met_on=met,
                paused_on=day if paused else None,
                waived=waived,
                moot=moot,
                untold=untold,
            )
            yield deadlines.time_words(ends, TODAY)


def of_routes() -> Iterator[str]:
    """Give all that the route finder says, in every situation that the rules know."""
    for name in ("routing_vectors.yaml", "routing_situations.yaml"):
        for row in table(name).values():
            found = route_finder.find(facts_of(row))
            it = shown(found.facts, found.route, found.sentence, lambda slug: None)
            yield from (it.sentence, it.certainty, it.candidates_for, it.no_places)
            for part, value in it.answer:
                yield part
                yield from [value] if isinstance(value, str) else (each.get("role") or "" for each in value)
            yield from chain.from_iterable(it.warnings)
            yield from (each.why for each in it.candidates)
            for step in it.steps:
                yield from (step.name, step.text)
            for each in it.concerned:
                yield from (each.words, each.why)
            yield from (each.label for each in it.facts)
            yield from (
                each.value for each in it.facts if " · " not in each.value and "xx-" not in each.value
            )
            for offer in found.offers:
                yield from (offer.reason, " ".join(offer.notes))
                yield from of_ways(offer.ways) if offer.ways else ()


def of_ways(it: Ways) -> Iterator[str]:
    yield from (*it.not_known, *it.refused)
    for way in it.known:
        yield from (way.words, way.more, way.target if "form" in way.short else "")


def of_authorities() -> Iterator[str]:
    """Give how authorities take complaints, and who they are."""
    for slug, it in authorities().items():
        yield from of_ways(ways(it))
        yield f"{in_words(slug)[:1].upper()}{in_words(slug)[1:]}"
        yield f"z-77/2024 at {in_words(slug)}"


def of_refusals() -> Iterator[str]:
    """Give why an address, or a field of the form, cannot be read."""
    yield "The search takes at most 12 words."
    yield "“never” is not a year: write it as 2024."
    for typed in ("32", "2024-13-01", "2024-02-30", "31 June", "1066-01-01"):
        yield str(refused(lambda typed=typed: Day.parse(typed)))
    yield str(refused(lambda: text.clean("a\x00", field="")))
    yield str(refused(lambda: text.clean("a\tb", field="", lines=False)))
    yield str(refused(lambda: text.clean("a" * 10, field="", limit=5)))
    yield str(refused(lambda: read_places("Nowhere", "")))


def refused(act) -> RuleBroken:
    with pytest.raises(RuleBroken) as found:
        act()
    return found.value


EVERYTHING = [
    of_filings, of_cases, of_lodgings, of_leads, of_decisions, of_periods, of_routes, of_authorities,
    of_refusals, words,
]  # fmt: skip


class TestWhatIsComputedForThePublic:
    @pytest.mark.parametrize("sentences", EVERYTHING)
    def test_is_there_in_every_language(self, sentences) -> None:
        assert unsaid(it for it in sentences() if it) == []

    @pytest.mark.parametrize("sentences", EVERYTHING)
    @pytest.mark.parametrize("language", OTHERS)
    def test_leaves_no_slot_open_and_no_english_word(self, sentences, language: str) -> None:
        english = re.compile(
            r"\b(the|with|which|and|filings|pending|lodged|known|decided|person|people|complaint|has)\b|[{}]"
        )
        assert [it for it in sentences() if english.search(said(it, language) or "")] == []

    def test_says_one_thing_in_one_way(self) -> None:
        found = chain.from_iterable(tables.rows(it, ("of", "en", *OTHERS)) for it in TABLES)
        english = [it["en"] for it in found if it["of"] == "text"]
        assert twice(english) == []


def twice(them: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [it for it in them if it in seen or seen.add(it)]  # type: ignore[func-returns-value]


class TestTitlesOfArticles:
    @pytest.mark.parametrize("language", OTHERS)
    def test_are_those_of_the_text_of_the_law(self, language: str) -> None:
        titles = [it["title"] for it in tables.rows("provisions.csv", ("article", "title"))]
        same = [it for it in titles if title_words(it, language) == it]
        assert same == (["Certification"] if language == "fr" else [])
        assert title_words("Lawfulness of processing", "de") == "Rechtmäßigkeit der Verarbeitung"


class TestNames:
    """An authority by the article that it has in speech, a court of the Union by its name in the language."""

    @pytest.mark.parametrize(
        ("english", "german", "french"),
        [
            (
                "lodged with the French CNIL",
                "bei der CNIL (Frankreich) eingereicht",
                "introduite auprès de la CNIL (France)",
            ),
            (
                "lodged with the Spanish AEPD",
                "bei der AEPD (Spanien) eingereicht",
                "introduite auprès de l’AEPD (Espagne)",
            ),
            # Of these nobody says whether the abbreviation is he, she or it.
            (
                "lodged with the Polish UODO",
                "bei der Aufsichtsbehörde UODO (Polen) eingereicht",
                "introduite auprès de l’autorité UODO (Pologne)",
            ),
            (
                "lodged with the Italian Garante (GPDP)",
                "bei der Aufsichtsbehörde Garante (GPDP, Italien) eingereicht",
                "introduite auprès de l’autorité Garante (GPDP, Italie)",
            ),
        ],
    )
    def test_of_authorities(self, english: str, german: str, french: str) -> None:
        assert (said(english, "de"), said(english, "fr")) == (german, french)

    def test_of_courts(self) -> None:
        court = "General Court of the EU"
        assert [proper_words(court, it) for it in ("en", "de", "fr")] == [
            court,
            "Gericht der EU",
            "Tribunal de l’UE",
        ]
        assert proper_words("Conseil d'État", "de") == "Conseil d'État"

    def test_of_what_a_court_gives_fit_every_court_in_french(self) -> None:
        # A council of state gives no "jugement", and a tribunal no "arrêt".
        assert said("Judgment", "fr") == "Décision de justice"


class TestHowItIsSaid:
    @pytest.mark.parametrize(
        ("english", "german", "french"),
        [
            (
                "With the Irish DPC (presumed to lead), passed on by the Dutch AP no later than "
                "2 September 2024; pending for 2 years and 1 month.",
                "Bei der DPC (Irland, vermutlich federführend); spätestens am 2. September "
                "2024 von der AP (Niederlande) weitergeleitet; seit 2 Jahren und 1 Monat "
                "anhängig.",
                "Auprès de la DPC (Irlande, chef de file présumée), transmise par l’AP "
                "(Pays-Bas) au plus tard le 2 septembre 2024 ; pendante depuis 2 ans et 1 mois.",
            ),
            (
                "Decided by the Irish DPC in May 2023: complaint upheld; it took about 4 years.",
                "Im Mai 2023 von der DPC (Irland) entschieden: Beschwerde stattgegeben; Dauer: etwa 4 Jahre.",
                "Décision rendue par la DPC (Irlande) en mai 2023 : réclamation accueillie ; "
                "durée : environ 4 ans.",
            ),
            (
                "Filings by stage: lodged (10), with the lead authority (1).",
                "Beschwerden nach Stand: eingereicht (10), bei der federführenden Behörde (1).",
                "Réclamations par stade : introduite (10), auprès de l’autorité chef de file (1).",
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
