"""The public route finder: an answer with an address of its own to what a reader types, and nothing kept."""

from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.reader import Reader
from tests.web.conftest import TODAY, words_of
from tracker.db import PUBLIC, db
from tracker.rules.vocabulary import Answer
from tracker.web.forms.finder import FinderForm

DUBLIN = "e-0-place=IE&e-0-head=yes&e-0-decides=yes"
NAMES = [
    *(
        f"e-{row}-{key}"
        for row in ("0", "1", "07", "99999", "x")
        for key in ("place", "head", "decides", "since")
    ),
    *"e none outside targets against role about lives works happened affected lodged day ended local".split(),
    *"representative level duty media church telecom more utm_source".split(),
]
VALUES = [
    *"IE DE DE-BY Ireland Bavaria EEA EU XX yes no unknown 2024-06-06 2024 0001-01-01 9999-12-31".split(),
    *"at-dsb de-by-baylda gb-ico eprivacy gdpr processor joint_controller court_judicial led land".split(),
    *"public_authority private_6_1_c_e eu_institution federal".split(),
    "France, DE-BY;Norway",
    "",
]
typed = st.sampled_from(VALUES) | st.text(max_size=12)
queries = st.lists(st.tuples(st.sampled_from(NAMES), typed), max_size=12)


def filled(page: str) -> dict[str, str]:
    """Return what the form of a page holds, empty fields left out."""
    return {name: value for name, value in Reader.filled(None, page).items() if value}  # type: ignore[arg-type]


def form_of(query: str) -> FinderForm:
    return FinderForm(formdata=MultiDict(parse_qsl(query, keep_blank_values=True)))


class TestAnAnswer:
    def test_says_who_leads_and_by_which_article(self, on_a_day, visitor: Reader):
        page = visitor.get(f"/route?{DUBLIN}&e-1-place=NL&e-1-decides=no&lives=AT&affected=EEA").text
        text = words_of(page)
        assert "Certain on these facts. The Irish DPC leads" in text
        assert "As of today, 22 November 2026" in text and "no legal advice" in text
        assert 'href="https://eur-lex.europa.eu/eli/reg/2016/679/oj#art_56"' in page
        assert 'href="/authorities/ie-dpc"' in page

    def test_says_where_to_lodge_how_and_in_which_language(self, visitor: Reader):
        text = words_of(visitor.get(f"/route?{DUBLIN}&lives=IT&works=DE&affected=EEA").text)
        lodging = text[text.index("Where to lodge") :]
        assert lodging.index("Garante (GPDP) · Italy The complainant lives in Italy") < lodging.index(
            "The complainant works in Germany"
        )
        assert "only from a certified mailbox (PEC)" in lodging and "Italian" in lodging

    def test_calls_what_is_open_open_and_asks_for_a_person(self, visitor: Reader):
        text = words_of(visitor.get("/route?lives=AT&lodged=at-dsb").text)
        assert "Open. It is not known who leads" in text and "Establishments: not known." in text
        assert "Not known: Complainant works in" in text
        assert "A person has to look Yes" in text

    def test_tells_none_in_the_eea_from_not_known(self, visitor: Reader):
        text = words_of(visitor.get("/route?none=yes&targets=yes&lives=AT&lodged=at-dsb").text)
        assert "No authority leads" in text and "Establishments: none in the EEA." in text

    def test_asks_search_engines_to_leave_it_out_and_caches_not_to_keep_it(self, visitor: Reader):
        answer = visitor.get(f"/route?{DUBLIN}")
        assert '<meta name="robots" content="noindex">' in answer.text
        assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers
        assert "noindex" not in visitor.get("/route").text

    def test_shows_the_facts_in_the_form_again_by_name(self, visitor: Reader):
        page = visitor.get(f"/route?{DUBLIN}&lives=DE-BY&affected=FR,DE-BY").text
        sent = filled(page)
        assert (
            sent["e-0-place"] == "Ireland"
            and sent["lives"] == "Bayern"
            and sent["affected"] == "France, Bayern"
        )
        again = visitor.call("GET", f"/route?{urlencode(Reader.filled(None, page))}")
        assert again.status_code == 303
        assert again.location == f"/route?{DUBLIN}&lives=DE-BY&affected=FR,DE-BY"

    def test_asks_no_store(self, public_app, visitor: Reader):
        import sqlalchemy as sa

        seen: list[str] = []
        with public_app.app_context():
            sa.event.listen(
                db.engines[PUBLIC], "before_cursor_execute", lambda *told: seen.append(told[2]), once=False
            )
        visitor.get(f"/route?{DUBLIN}")
        assert seen == []


class TestTheAddress:
    @pytest.mark.parametrize(
        ("query", "short"),
        [
            pytest.param("e-0-place=Ireland&e-0-head=&none=", "e-0-place=IE", id="names and empty fields"),
            pytest.param("lives=Bavaria&utm_source=x", "lives=DE-BY", id="what is no fact"),
            pytest.param("lives=AT&e-3-place=IE", "e-0-place=IE&lives=AT", id="order, and rows left empty"),
            pytest.param("affected=Germany;+IE", "affected=DE,IE", id="several places"),
            pytest.param("lives=AT&lives=FR", "lives=AT", id="the first one counts"),
            pytest.param("day=6.6.2024&lives=AT", None, id="another form of a day"),
        ],
    )
    def test_is_made_short(self, visitor: Reader, query, short):
        answer = visitor.call("GET", f"/route?{query}")
        if short is None:
            assert answer.status_code in (303, 422)
        else:
            assert (answer.status_code, answer.location) == (303, f"/route?{short}")
            visitor.get(answer.location)

    def test_is_kept_by_no_cache_on_the_way_to_the_short_one(self, visitor: Reader):
        answer = visitor.call("GET", f"/route?{DUBLIN}&lives=Austria")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")

    @given(queries)
    def test_made_short_is_as_short_as_it_gets(self, public_app, query):
        with public_app.test_request_context():
            form = FinderForm(formdata=MultiDict(query))
            if form.validate():
                short = form.canonical()
                again = FinderForm(formdata=MultiDict(short))
                assert again.validate() and again.canonical() == short
                assert again.facts(TODAY) == form.facts(TODAY)

    test_made_short_is_as_short_as_it_gets = settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300
    )(test_made_short_is_as_short_as_it_gets)

    def test_answers_what_it_holds_and_nothing_of_an_answer_before(self, public, visitor: Reader):
        first = visitor.get("/route").text
        assert "Certain on these facts" in visitor.get(f"/route?{DUBLIN}&affected=EEA").text
        assert "Open." in visitor.get("/route?lives=AT").text
        assert visitor.get("/route").text == first

    def test_fills_no_memory(self, public, public_app, visitor: Reader):
        kept = public_app.extensions["pages_kept"]
        visitor.get("/route")
        before = len(kept)
        for state in ("AT", "BE", "FR"):
            visitor.get(f"/route?lives={state}")
        assert len(kept) == before


class TestTheForm:
    def test_stands_alone_under_the_bare_address(self, visitor: Reader):
        text = words_of(visitor.get("/route").text)
        assert "Establishment 3" in text and "Step by step" not in text

    def test_grows_by_a_button_and_loses_nothing(self, visitor: Reader):
        page = visitor.get("/route?e-0-place=Ireland&lives=Vienna+maybe&more=1").text
        assert "Establishment 6" in page and "Not answered yet" not in page
        assert filled(page)["lives"] == "Vienna maybe" and filled(page)["e-0-place"] == "Ireland"

    def test_grows_no_further_than_it_can(self, visitor: Reader):
        rows = "&".join(f"e-{row}-place=IE" for row in range(19))
        page = visitor.get(f"/route?{rows}&more=1").text
        assert "Establishment 20" in page and "Establishment 21" not in page

    def test_sent_empty_says_that_nothing_is_filled_in(self, visitor: Reader):
        assert "Nothing is filled in yet" in visitor.get("/route?e-0-place=&none=", 422).text

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("lives=Narnia", "“Narnia” is not a country"),
            ("e-0-head=yes", "Name the country of this establishment"),
            ("e-0-place=IE,FR", "One place stands in each row"),
            ("e-0-place=IE&none=yes", "An establishment is named above"),
            ("day=banana", "“banana” is not a day"),
            ("day=2024-02", "Give the full day"),
            ("about=everything", "Choose one of the list"),
            ("lives=a%00b", "U+0000"),
            ("affected=" + quote("x" * 400), "at most 300"),
            ("&".join(f"e-{row}-place=IE" for row in range(21)), "At most 20 establishments"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_rest(self, visitor: Reader, query, words):
        page = visitor.get(f"/route?{query}&works=Malta", 422).text
        assert words in page and "Not answered yet" in page and "Step by step" not in page
        assert filled(page)["works"] == "Malta"
        assert '<meta name="robots" content="noindex">' in page

    def test_is_reached_from_every_page_and_from_the_why_of_a_filing(self, public, visitor: Reader):
        tree = html5lib.parse(visitor.get("/filings/C001-01").text, namespaceHTMLElements=False)
        links = [it.get("href") for it in tree.iter("a")]
        assert links.count("/route") == 2

    @given(queries)
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
    def test_takes_any_query_without_a_fault(self, public_app, query):
        reader = Reader(public_app)
        encoded = urlencode(query, errors="surrogatepass")
        answer = reader.call("GET", f"/route?{encoded}")
        assert answer.status_code in (200, 303, 422), encoded
        if answer.status_code == 303:
            parts = urlsplit(answer.location)
            assert parts.path == "/route" and reader.call("GET", answer.location).status_code in (200, 422)

    @pytest.mark.parametrize(
        "query", ["%ff=%fe", "e-0-place=%ed%a0%80", "=", "&&&", "e-0=IE", "lives[]=AT", "%00"]
    )
    def test_takes_broken_queries_too(self, visitor: Reader, query):
        assert visitor.call("GET", f"/route?{query}").status_code in (200, 303, 422)


class TestWhatWasTyped:
    def test_becomes_the_facts_of_a_route(self, public_app):
        with public_app.test_request_context():
            form = form_of(
                f"{DUBLIN}&e-0-since=2019-01-01&lives=AT&works=DE-BY&happened=FR&affected=AT,FR&lodged=at-dsb"
                "&day=2026-01-05&outside=no&representative=DE-BE&local=AT&ended=2025-01-01&media=yes"
            )
            assert form.validate()
            facts = form.facts(TODAY)
        (dublin,) = facts.establishments or ()
        assert (dublin.place, dublin.ca, dublin.decides) == ("IE", Answer.YES, Answer.YES)
        assert dublin.since and dublin.since.year == 2019 and dublin.implements is Answer.YES
        assert facts.places_77() == ("AT", "DE-BY", "FR") and facts.affected == ("AT", "FR")
        assert facts.as_of.isoformat() == "2026-01-05" and facts.lodged_with == "at-dsb"
        assert facts.decided_outside_eea is Answer.NO and facts.targets_eea is Answer.UNKNOWN
        assert facts.art27_rep == "DE-BE" and facts.local_only == "AT" and facts.media_art85 is Answer.YES
        assert facts.infringement_ended and facts.infringement_ended.year == 2025

    def test_left_empty_stays_not_known(self, public_app):
        with public_app.test_request_context():
            form = form_of("lives=AT")
            assert form.validate()
            facts = form.facts(TODAY)
        assert facts.establishments is None and facts.affected is None
        assert replace(facts, complainant_residence=None).to_json()["decided_outside_eea"] == "unknown"

    def test_of_a_processor_says_where_it_works_and_not_that_it_decides(self, public_app):
        with public_app.test_request_context():
            form = form_of("e-0-place=IE&e-0-decides=yes&role=processor")
            assert form.validate()
            (place,) = form.facts(TODAY).establishments or ()
        assert place.main_processing is Answer.YES and place.decides is Answer.UNKNOWN


class TestTheSameAsValues:
    def test_has_facts_and_answer_in_the_keys_of_the_rules(self, visitor: Reader):
        answer = visitor.get(f"/route.json?{DUBLIN}&affected=EEA&lodged=at-dsb")
        told = answer.get_json()
        assert told["answer"]["lead"] == "ie-dpc" and told["answer"]["steps"][0]["basis"] == "Art 4(23)(b)"
        assert told["facts"]["establishments"][0]["place"] == "IE"
        assert told["sentence"].startswith("The Irish DPC leads")
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Robots-Tag"] == "noindex"

    def test_is_where_the_page_says(self, visitor: Reader):
        page = visitor.get(f"/route?{DUBLIN}&affected=AT,FR").text
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        (link,) = [it.get("href") for it in tree.iter("a") if "".join(it.itertext()) == "as JSON"]
        assert visitor.get(link).get_json()["facts"]["affected"] == ["AT", "FR"]

    def test_names_the_fields_that_are_wrong(self, visitor: Reader):
        told = visitor.get("/route.json?e-0-place=Narnia&day=x", 422).get_json()
        assert set(told["errors"]) == {"e-0-place", "day"}

    @given(queries)
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    def test_takes_any_query_without_a_fault(self, public_app, query):
        answer = Reader(public_app).call("GET", f"/route.json?{urlencode(query, errors='surrogatepass')}")
        assert answer.status_code in (200, 422) and answer.is_json
