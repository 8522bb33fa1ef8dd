"""Rules of routing that hold whatever the facts are."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules.test_routing import DIRECTORY
from tracker.rules.routing import Establishment, Facts, Procedure, Reason, Route, route, sentence
from tracker.rules.routing.facts import ISSUES, PUBLIC_LEVELS, SUBJECTS
from tracker.rules.routing.words import STOPPED
from tracker.rules.territory import is_eea, state_of
from tracker.rules.vocabulary import Answer

# Thirteen rules, each on its own examples: together more than 20,000 in every run.
settings.register_profile("routing", derandomize=True, max_examples=1_600, deadline=None)
thorough = settings(settings.get_profile("routing"))

# Few places, so that establishments, authorities and affected people often meet in one state.
PLACES = ["IE", "FR", "DE", "DE-HH", "DE-BY", "NO", "GB", "CH", "US", "FR-75", "ES-CT", "ES", "BE-VLG"]
SLUGS = [
    "ie-dpc",
    "fr-cnil",
    "de-hh-hmbbfdi",
    "de-bfdi",
    "no-datatilsynet",
    "gb-ico",
    "ch-fdpic",
    "eu-edps",
    "xx-new",
]
DAYS = st.sampled_from(
    [
        date(2018, 5, 24),
        date(2018, 5, 25),
        date(2018, 7, 20),
        date(2020, 12, 31),
        date(2021, 1, 1),
        date(2024, 6, 6),
    ]
)
answers = st.sampled_from(Answer)


def mostly(usual, values):
    """Return a strategy that gives the usual value five times in six: the early stops hide the rest."""
    return st.integers(0, 5).flatmap(lambda it: st.sampled_from(list(values)) if it == 0 else st.just(usual))


places = st.sampled_from(PLACES)


@st.composite
def periods(draw):
    """Draw a first and a last day, either of which may be open."""
    since, until = draw(st.none() | DAYS), draw(st.none() | DAYS)
    return (until, since) if since and until and until < since else (since, until)


@st.composite
def an_establishment(draw):
    """Draw an establishment; half of them are open, so that many meet on the day."""
    since, until = draw(st.just((None, None)) | periods())
    return Establishment(
        place=draw(places),
        ca=draw(answers),
        decides=draw(answers),
        implements=draw(answers),
        since=since,
        until=until,
        main_processing=draw(answers),
    )


def facts_from(as_of_earliest, **given):
    """Return facts whose first possible day is no later than the last."""
    if as_of_earliest and as_of_earliest > given["as_of"]:
        as_of_earliest = None
    if given["infringement_may_have_ended"]:
        given["infringement_ended"] = None
    if "subject" in given["not_known"]:
        given["subject"] = "private"
    if "local_only" in given["not_known"]:
        given["local_only"] = None
    return Facts(as_of_earliest=as_of_earliest, **given)


establishments = an_establishment()
facts_in_scope = st.builds(
    facts_from,
    as_of=DAYS,
    lodged_with=st.none() | st.sampled_from(SLUGS),
    also_lodged_with=st.lists(st.sampled_from(SLUGS), max_size=3).map(tuple),
    complainant_residence=st.none() | places,
    complainant_workplace=st.none() | places,
    infringement_place=st.none() | places,
    role=st.sampled_from(["controller", "processor", "joint_controller"]),
    establishments=st.none() | st.lists(establishments, max_size=4).map(tuple),
    decided_outside_eea=answers,
    targets_eea=answers,
    affected=st.none() | st.lists(st.sampled_from([*PLACES, "EEA"]), max_size=4).map(tuple),
    art27_rep=st.none() | places,
    as_of_earliest=st.none() | DAYS,
    establishments_complete=st.booleans(),
    issue=mostly("gdpr", ISSUES),
    subject=mostly("private", SUBJECTS),
    media_art85=mostly(Answer.NO, Answer),
    church_art91=mostly(Answer.NO, Answer),
    public_level=st.none() | st.sampled_from(PUBLIC_LEVELS),
    obligation_of=st.none() | places,
    local_only=st.none() | st.none() | places,
    infringement_ended=st.none() | DAYS,
    infringement_may_have_ended=mostly(False, (False, True)),
    de_telecom=mostly(Answer.NO, Answer),
    not_known=mostly((), [(), ("subject",), ("local_only",)]),
)


def found(facts: Facts) -> Route:
    return route(facts, DIRECTORY)


def once_unknown(thing: Facts | Establishment) -> Iterator[Facts | Establishment]:
    """Yield the thing with each known answer of its own replaced by unknown, one at a time."""
    for field in fields(thing):
        if getattr(thing, field.name) in (Answer.YES, Answer.NO):
            yield replace(thing, **{field.name: Answer.UNKNOWN})


def less_known(facts: Facts) -> Iterator[Facts]:
    """Yield the facts with one known answer replaced by unknown, and last without their establishments."""
    yield from once_unknown(facts)
    known = facts.establishments or ()
    for index, each in enumerate(known):
        for vaguer in once_unknown(each):
            yield replace(facts, establishments=(*known[:index], vaguer, *known[index + 1 :]))
    yield replace(facts, establishments=None)
    yield replace(facts, establishments_complete=False)


class TestTheLead:
    @thorough
    @given(facts_in_scope)
    def test_is_never_listed_as_concerned(self, facts):
        result = found(facts)
        assert result.lead not in result.concerned

    @thorough
    @given(facts_in_scope)
    def test_never_lies_outside_the_eea_on_that_day(self, facts):
        result = found(facts)
        if result.procedure is Procedure.EUDPR:
            assert (result.lead, result.handling, result.candidates) == (None, "eu-edps", ())
            return
        for slug in (result.lead, result.handling, *result.candidates):
            place = DIRECTORY.place_of.get(slug) if slug else None
            assert place is None or is_eea(state_of(place), facts.as_of)

    @thorough
    @given(facts_in_scope)
    def test_cooperates_with_nobody_outside_the_eea_on_that_day(self, facts):
        places = [DIRECTORY.place_of.get(slug, "IE") for slug in found(facts).concerned]
        assert all(is_eea(state_of(it), facts.as_of) for it in places)

    @thorough
    @given(facts_in_scope)
    def test_is_an_authority_at_an_establishment_that_exists(self, facts):
        lead = found(facts).lead
        if lead is not None:
            assert facts.establishments
            here = {it.place for it in facts.establishments if it.exists(facts.as_of)}
            telecom = facts.de_telecom is Answer.YES and lead == "de-bfdi"
            assert lead in {DIRECTORY.at(it) for it in here} or (
                telecom and "DE" in {state_of(it) for it in here}
            )

    @thorough
    @given(facts_in_scope)
    def test_handles_the_complaint_unless_it_is_local_or_contested(self, facts):
        result = found(facts)
        if result.procedure is Procedure.OSS_60:
            assert result.handling == result.lead
        elif result.procedure is Procedure.LOCAL_56_2:
            assert result.handling != result.lead or result.handling is None
        else:
            assert result.lead is None
        if result.lead_place is not None:
            assert result.procedure in (Procedure.OSS_60, Procedure.LOCAL_56_2)
        if result.procedure in (Procedure.NONE_COURT, Procedure.NONE_GDPR, Procedure.CONTESTED):
            assert result.handling is None

    @thorough
    @given(facts_in_scope)
    def test_and_the_rest_do_not_depend_on_the_order_of_facts(self, facts):
        turned = replace(
            facts,
            establishments=facts.establishments and facts.establishments[::-1],
            affected=facts.affected and facts.affected[::-1],
            also_lodged_with=facts.also_lodged_with[::-1],
        )
        assert found(turned) == found(facts)

    @thorough
    @given(facts_in_scope, st.lists(st.sampled_from(SLUGS), min_size=2, max_size=6, unique=True))
    def test_and_its_reason_are_the_same_in_all_filings_of_a_case(self, facts, slugs):
        routes = [
            found(replace(facts, lodged_with=slug, also_lodged_with=tuple(it for it in slugs if it != slug)))
            for slug in slugs
        ]
        assert len({(it.lead, it.reason, it.cross_border) for it in routes}) == 1
        assert len({json.dumps(it.to_json()["concerned"]) for it in routes}) == 1


class TestWhatIsNotKnown:
    @thorough
    @given(facts_in_scope)
    def test_never_makes_an_answer_more_certain(self, facts):
        if facts.role == "processor" or facts.subject != "private":
            # It has one central administration and one place of main processing, by definition (Art 4(16)),
            # and a public body has one seat. Facts that claim two contradict each other, and doubting one of
            # the claims makes them clearer.
            known = facts.establishments or ()
            assume(sum(it.ca is Answer.YES for it in known) < 2)
            assume(sum(it.main_processing is Answer.YES for it in known) < 2)
        before = found(facts)
        for vaguer in less_known(facts):
            after = found(vaguer)
            assert after.human or not before.human
            if not after.human:
                assert (after.lead, after.procedure) == (before.lead, before.procedure)

    @thorough
    @given(facts_in_scope)
    def test_never_becomes_no(self, facts):
        result = found(facts)
        if facts.establishments is None and result.procedure not in STOPPED:
            assert (result.reason, result.lead) == (Reason.UNDETERMINED_PRESUMED_CA, None)
            assert result.human and result.cross_border is None
        if facts.affected is None:
            assert result.reason is not Reason.NOLEAD_NOT_CROSS_BORDER
        if facts.decided_outside_eea is not Answer.YES:
            assert result.reason is not Reason.NOLEAD_DECISIONS_OUTSIDE_EEA
        if result.reason is Reason.NOLEAD_GDPR_NA and facts.targets_eea is not Answer.NO:
            assert facts.as_of < date(2018, 5, 25) or facts.subject == "led"


class TestEveryRoute:
    @thorough
    @given(facts_in_scope)
    def test_has_steps_and_each_names_its_basis(self, facts):
        result = found(facts)
        assert result.steps
        assert all(it.name and it.text.endswith(".") and it.basis.strip() for it in result.steps)

    @thorough
    @given(facts_in_scope)
    def test_can_be_stored_with_its_facts_and_read_again(self, facts):
        result = found(facts)
        assert Facts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
        assert Route.from_json(json.loads(json.dumps(result.to_json()))) == result

    @thorough
    @given(facts_in_scope)
    def test_can_be_said_in_one_sentence_with_an_article(self, facts):
        result = found(facts)
        text = sentence(result, facts, lambda slug: f"<{slug}>", lambda code: code)
        began = (
            "The ",
            "<",
            "An authority in ",
            "It is not ",
            "No authority leads",
            "On ",
            "When the complaint ",
        )
        assert text.startswith(began)
        assert text.endswith(").") and "Art " in text and "None" not in text and "  " not in text
        if result.lead is not None:
            assert f"<{result.lead}>" in text
        else:
            assert "> leads" not in text and "> is presumed to lead" not in text

    @thorough
    @given(facts_in_scope)
    def test_gives_the_warnings_that_depend_on_the_facts_alone(self, facts):
        given_ = {it.value for it in found(facts).warnings}
        assert ("W_REP_NOT_ESTABLISHMENT" in given_) == (facts.art27_rep is not None)
        assert ("W_JOINT_CONTROLLERS" in given_) == (facts.role == "joint_controller")
        named = {
            facts.complainant_residence,
            facts.complainant_workplace,
            facts.infringement_place,
            facts.art27_rep,
            facts.obligation_of,
            facts.local_only,
            *(it.place for it in facts.establishments or ()),
            *(facts.affected or ()),
        }
        lodged = {facts.lodged_with, *facts.also_lodged_with}
        assert ("W_BREXIT" in given_) == ("GB" in named or "gb-ico" in lodged)
        assert ("W_CH_PARALLEL" in given_) == ("CH" in named or "ch-fdpic" in lodged)
