"""Where the real cases stand, by every number, sentence and picture of the public site: they say the same."""

import shutil
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from tests.reader import Reader
from tests.web.conftest import words_of
from tracker import config
from tracker.app import create_public_app
from tracker.db import db
from tracker.models import PublishedLine
from tracker.rules.positions import HAS_DECISION, Position
from tracker.services import public_site_flows as flows
from tracker.services import public_site_home as home
from tracker.services.public_site_case import case_page, filing_page
from tracker.services.public_site_positions import position_of
from tracker.services.public_site_rows import rows_of
from tracker.web import public_pictures
from tracker.web.drawings.stages import by_month


@pytest.fixture(scope="module")
def site(demo_home, tmp_path_factory):
    """The public site of the demo."""
    folder = tmp_path_factory.mktemp("positions") / "home"
    shutil.copytree(demo_home[0], folder)
    app = create_public_app(config.read({"TRACKER_HOME": str(folder)}))
    with app.test_request_context("/"):
        yield app


@pytest.fixture
def text(site):
    """A function that gives the words of a page."""
    return lambda address: words_of(Reader(site).get(address).text)


def found():
    """Return how many of the public filings are in each position, from the pages of their cases."""
    numbers = db.session.scalars(sa.select(PublishedLine.case_number)).all()
    return Counter(position_of(it) for number in numbers for it in case_page(number).records)


class TestTheNumbers:
    def test_of_the_start_page_are_those_of_the_cases_and_make_up_the_whole(self, site):
        counted, shown = found(), home.overview()
        assert shown.pending == counted[Position.PENDING]
        assert shown.decided == sum(counted[it] for it in HAS_DECISION)
        assert (shown.partly, shown.ended) == (counted[Position.PARTLY], counted[Position.ENDED])
        assert shown.unclear == counted[Position.UNCLEAR]
        assert shown.pending + shown.decided + shown.ended + shown.unclear == shown.filings

    def test_of_the_stages_over_time_are_those_of_the_start_page(self, site):
        shown = home.overview()
        *_, last = by_month(flows.histories(), public_pictures.PHASES, date(2100, 1, 1))
        going, asked, over = last.counts
        # That of Cyprus was decided on a day that nobody knows, which cannot be drawn.
        assert (going + asked, over + 1) == (shown.pending, shown.decided + shown.ended)

    def test_of_the_stages_over_time_change_on_the_day_of_the_decision(self, site):
        """Measures of C082-02 and C082-03 are carried out since April 2023; they were decided in December."""
        months = by_month(flows.histories(), public_pictures.PHASES, date(2023, 5, 31))
        over = {it.day.iso: it.counts[-1] for it in months}
        assert (over["2022-11"], over["2022-12"], over["2023-03"], over["2023-04"]) == (6, 8, 10, 10)

    def test_of_the_bars_are_those_of_the_case(self, site):
        for number in ("C081", "C082", "C083"):
            page = case_page(number)
            drawn = Counter(row.parts[-1].kind for row in public_pictures.bars_of(page).rows if row.parts)
            counted = Counter(position_of(it) for it in page.records)
            assert drawn["in_progress"] + drawn["action_needed"] == counted[Position.PENDING]
            assert drawn["unclear"] == counted[Position.UNCLEAR]

    def test_have_their_definition_one_step_away(self, site, text):
        page = Reader(site).get("/").text
        assert 'href="/about#pending"' in page
        assert "Decided in part: it counts as decided" in text("/about")


class TestFilingsOfWhichAClaimIsOpen:
    """Of C082 three were decided; the Board had the claim on Art 9 investigated, and nobody decided it."""

    def test_are_decided_in_part_in_the_sentence_of_the_case(self, site):
        status = case_page("C082").status
        assert status.state.words == "Decided in all 4 filings, in 3 of them in part."
        assert "Decided in part: the claim on Art 9 is open in C082-02, C082-03, C082-04." in status.sentences

    def test_are_so_in_lists_and_on_their_own_pages(self, site):
        [row] = rows_of(["C082"])
        assert row.state.words == "Decided in all 4 filings, in 3 of them in part"
        assert row.marks_words == "4 filings: 3 decided in part, 1 with a result"
        assert filing_page("C082-04").sentence.endswith("Decided in part: the claim on Art 9 is open.")
        assert filing_page("C082-04").row.state.mark == "half"
        assert "open" not in filing_page("C082-01").row.state.words

    def test_are_so_on_the_page_of_an_authority(self, text):
        assert "Complaint upheld; open: Art 9" in text("/authorities/de-hh-hmbbfdi")

    def test_are_named_beside_the_claim_in_the_data(self, site):
        claims = Reader(site).get("/cases/C082.json").json["case"]["claims"]
        three = ["C082-02", "C082-03", "C082-04"]
        assert {it["provision"]: it["open"] for it in claims if it["open"]} == {"9": three}

    def test_are_counted_beside_the_claim_and_what_is_not_recorded_is_not_called_open(self, site):
        claims = {it.provision: it for it in case_page("C082").claims}
        assert (claims["9"].open, claims["9"].silent) == (3, 1)
        assert (claims["6(1)(a)"].open, claims["6(1)(a)"].silent) == (0, 3)

    def test_end_with_the_decision_in_the_bars_and_go_on_behind_it(self, site):
        rows = {it.span.label[:7]: it for it in public_pictures.bars_of(case_page("C082")).rows}
        measures = rows["C082-02"]
        assert measures.span.until.value == date(2022, 12, 31) and measures.span.end is None
        assert measures.parts[-1].kind == "complete" and rows["C082-01"].span.end == date(2019, 1, 21)


class TestADecision:
    def test_is_dated_by_the_day_on_which_it_was_made(self, site):
        page = filing_page("C083-09")
        assert page.sentence.startswith("Decided by the Swedish IMY on 30 June 2023: complaint upheld")
        assert public_pictures.bars_of(case_page("C083")).rows[8].span.until.value == date(2023, 6, 30)

    def test_of_a_day_that_nobody_knows_is_shown_with_that(self, site, text):
        page = filing_page("C083-14")
        assert (
            page.sentence
            == "Decided by the Cypriot Commissioner on a day that is not known: complaint upheld."
        )
        assert [it.day.words for it in page.decisions] == ["day not known"]
        row = public_pictures.bars_of(case_page("C083")).rows[13]
        assert row.parts == () and row.span.until.words == "day not known"
        assert "Decision, day not known" in text("/cases/C083")

    def test_against_one_of_several_is_not_read_as_one_against_each(self, site):
        notices = [it for it in case_page("C083").entries if it.label.startswith("Formal notice")]
        assert len(notices) == 2 and all("which" in it.words and "not known" in it.words for it in notices)


class TestAComplaintThatWasPassedOn:
    def test_was_so_no_later_than_the_day_on_which_somebody_said_it(self, site):
        assert "passed on by the Dutch AP no later than 2 September 2024" in filing_page("C081-07").sentence

    def test_has_a_line_of_its_own_and_the_others_are_expected(self, site):
        drawing = public_pictures.map_of(case_page("C081"))
        assert (len(drawing.lines), len(drawing.expected)) == (1, 9)
        assert {it.code: it.expected for it in drawing.states if it.expected} == {"IE": 9}

    def test_is_apart_from_what_is_expected_in_the_flow(self, site):
        drawing = public_pictures.flow_of(flows.flows())
        dutch = [it for it in drawing.arrows if it.source.label == "AP"]
        assert sorted((it.source.expected, it.source.filings) for it in dutch) == [(False, 1), (True, 1)]
        own = [it for it in drawing.arrows if it.source.label == it.target.label]
        assert own and not any(it.source.expected for it in own)
