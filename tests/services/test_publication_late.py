"""Whoever clears, and whoever looks later, learns where the public calls somebody late without the file."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told, two_cases
from tracker import clock
from tracker.db import PUBLIC, db, new_id, transaction
from tracker.models import Case, Deadline, Filing
from tracker.rules.access import OPTIONAL_FIELDS, SHELL
from tracker.rules.days import Day, words
from tracker.rules.happened import Act
from tracker.rules.vocabulary import Precision
from tracker.services import cases, filings, publication, updates, updates_deadlines
from tracker.services.cases import NewComplainant
from tracker.services.filings import Wanted
from tracker.services.updates import NewUpdate
from tracker.services.updates_deadlines import NewAct

ANSWERED = date(2024, 8, 1)
#: The day on which the information on progress of C001-02 is owed, lodged on 6 June 2024.
LAST = date(2024, 9, 6)
OWED = "information on progress or outcome"
AUSTRIAN = f"The public page will say that the Austrian DSB is late with {OWED} in C001-02"


@pytest.fixture
def case(app) -> Case:
    two_cases()
    return cases.get_case("C001")


@pytest.fixture
def two_people(app) -> None:
    """C001 of two complainants, each with a filing with the Austrian DSB."""
    people = (NewComplainant("A", "AT"), NewComplainant("B", "AT"))
    with transaction():
        wanted = [Wanted("at-dsb", it) for it in ("A", "B")]
        filings.lodge_complaint(a_case(complainants=people), wanted, lodged_on=date(2024, 6, 6), by=SHELL)


def late(filings: tuple[str, ...] = ("C001-02",), **chosen: Any) -> list[str]:
    """Return what is warned of where these filings of C001 would be public with the entries of `updates`."""
    found = cases.get_case("C001")
    content = publication.content_of(found, filings=filings, **{"updates": [1], **chosen})
    return [it.text for it in publication.warnings(found, content) if it.anew]


def now() -> list[str]:
    """Return what the page of publication says of what is public of C001."""
    found = cases.get_case("C001")
    public = publication.status_of(found.id).public
    assert public is not None
    return [it.text for it in publication.late_in_public(found, public.content)]


def listed() -> list[tuple[str, str, str]]:
    """Return what the list of publications says."""
    return [(it.number, it.says, it.why) for it in publication.public_late(limit=50)[0]]


def answer(day: date = ANSWERED, **more: Any) -> int:
    """Record that the Austrian DSB told how it goes on, and return the number of the entry."""
    with transaction():
        return told("C001-02", "information", day, "at-dsb", public="News.", **more).number


def ours(act: Act, **more: Any) -> int:
    """Record what somebody says of the information that the Austrian DSB owes; return the number."""
    entry = NewUpdate("note", Day(date(2024, 7, 1), Precision.DAY), "us", "By telephone.")
    with transaction():
        act_ = NewAct(act, "G15", 0, **more)
        return updates_deadlines.record(
            [filings.get_filing("C001-02")], act_, entry, seen={}, by=SHELL
        ).number


class TestAnAuthorityThatIsLateInTheFileToo:
    def test_is_no_matter(self, case):
        assert late() == []

    def test_is_no_matter_once_it_is_public(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        assert now() == [] and listed() == []

    def test_is_no_matter_where_word_of_the_lodging_came_late(self, case):
        with transaction():
            told("C001-02", "acknowledged", date(2024, 6, 20), "at-dsb", public="Receipt.")
        assert late() == []


class TestAnAnswerThatIsNotCleared:
    def test_is_named_where_the_public_would_read_that_nobody_answered(self, case):
        number = answer()
        assert late() == [f"{AUSTRIAN}; entry {number} of the file meets it, on 1 August 2024."]

    def test_is_no_matter_once_it_is_chosen(self, case):
        number = answer()
        assert late(updates=[1, number]) == []

    def test_is_no_matter_where_no_deadline_is_public(self, case):
        answer()
        assert late(fields=OPTIONAL_FIELDS - {"deadlines"}) == []

    def test_is_named_too_where_it_came_late(self, case):
        number = answer(date(2025, 2, 3))
        assert late() == [f"{AUSTRIAN}; entry {number} of the file meets it, on 3 February 2025."]

    def test_is_named_where_only_a_later_one_is_cleared(self, case):
        first, second = answer(), answer(date(2025, 2, 3))
        assert late(updates=[1, second])[0] == (
            f"The public page will say that {OWED}, which the Austrian DSB owed in C001-02, was first "
            "recorded on 3 February 2025, after the last day; "
            f"entry {first} of the file meets it, on 1 August 2024."
        )

    def test_is_named_before_the_last_day_is_over(self, case, monkeypatch: pytest.MonkeyPatch):
        number = answer()
        monkeypatch.setattr(clock, "today", lambda: LAST)
        assert late() == [
            "From 7 September 2024 on the public page will say that the Austrian DSB is late with "
            f"{OWED} in C001-02; entry {number} of the file meets it, on 1 August 2024."
        ]

    def test_is_said_once_of_filings_that_are_late_alike(self, two_people):
        with transaction():
            new = NewUpdate("information", Day(ANSWERED, Precision.DAY), "at-dsb", "In both.")
            both = [filings.get_filing(it) for it in ("C001-01", "C001-02")]
            number = updates.record_update(both, new, seen={}, by=SHELL).number
        (sentence,) = late(("C001-01", "C001-02"))
        assert f"in C001-01 and C001-02; entry {number} of the file" in sentence

    def test_is_named_for_each_filing_that_has_one_of_its_own(self, two_people):
        with transaction():
            one, other = (
                told(it, "information", ANSWERED, "at-dsb", public=None).number
                for it in ("C001-01", "C001-02")
            )
        assert [it.split(OWED)[1] for it in late(("C001-01", "C001-02"))] == [
            f" in C001-01; entry {one} of the file meets it, on 1 August 2024.",
            f" in C001-02; entry {other} of the file meets it, on 1 August 2024.",
        ]


class TestAnotherAuthorityThatOwesItByTheFile:
    def test_is_named(self, case):
        with transaction():
            db.session.execute(sa.update(Deadline).values(owes_slug="be-apd-gba"))
        assert late() == [f"{AUSTRIAN}; by the file the Belgian APD-GBA owes it."]


class TestAPeriodThatTheFileCountsFromOtherEntries:
    """The public knows one start of it, and the file two others: from one of them the authority is late."""

    @pytest.mark.parametrize(("owes", "right"), [("at-dsb", True), ("be-apd-gba", False)])
    def test_is_borne_out_by_one_with_which_the_same_authority_is_late(self, case, owes, right):
        with transaction():
            of_it = (Filing.number == "C001-02", Deadline.period == "G15")
            row = db.session.scalars(sa.select(Deadline).join(Filing).where(*of_it)).one()
            known = {it.key: getattr(row, it.key) for it in sa.inspect(Deadline).column_attrs}
            row.start_number, row.owes_slug = 7, owes
            later = {"id": new_id(), "start_number": 8, "met_on": ANSWERED, "met_number": 9}
            db.session.add(Deadline(**{**known, **later}))
        assert (late() == []) is right


class TestAPeriodThatDoesNotRunInTheFile:
    def test_is_named(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        with transaction():
            db.session.execute(sa.update(Deadline).values(gone=True))
        assert late() == [f"{AUSTRIAN}; by the file it does not run."]
        assert [it[2] for it in listed()] == ["by the file it does not run"]


class TestALastDayThatIsNotCleared:
    def test_is_told_where_it_is_not_over(self, case):
        day = date(2124, 12, 1)
        ours(Act.FIX, until=day)
        (sentence,) = late()
        assert sentence == f"{AUSTRIAN}; by the file its last day is {words(day)}."

    def test_is_no_matter_once_the_authority_is_late_by_it_too(self, case):
        ours(Act.FIX, until=date(2024, 12, 2))
        assert late() == []


class TestAnExtensionThatIsNotCleared:
    def test_is_told_and_listed_though_the_authority_is_late_by_it_too(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        day = date(2024, 12, 2)
        with transaction():
            db.session.execute(sa.update(Deadline).values(extended=True, due_on=day, certain_on=day))
        reason = "by the file its last day is 2 December 2024"
        assert late() == [f"{AUSTRIAN}; {reason}."]
        assert [it[2] for it in listed()] == [reason]


class TestAStopThatIsNotCleared:
    def test_is_told_by_its_day(self, case):
        ours(Act.PAUSE)
        assert late() == [f"{AUSTRIAN}; by the file it stands still since 1 July 2024."]


class TestAPeriodThatWasWaived:
    def test_is_told_by_the_entry(self, case):
        number = ours(Act.WAIVE)
        assert late() == [f"{AUSTRIAN}; by the file nobody waits for it: waived by entry {number}."]

    def test_is_told_where_the_filing_was_withdrawn(self, case):
        with transaction():
            told("C001-02", "withdrawn", date(2024, 8, 1), "us", public=None)
        (sentence,) = late()
        assert sentence.startswith(f"{AUSTRIAN}; by the file nobody waits for it: the filing ended with")


class TestADayThatWasCorrected:
    def test_is_told_where_the_public_has_the_wrong_one(self, case):
        wrong = answer(date(2025, 2, 3))
        clear("C001", filings=["C001-02"], updates=[1, wrong])
        assert now() == [] and listed() == []
        with transaction():
            right = updates.record_update(
                [filings.get_filing("C001-02")],
                NewUpdate("information", Day(ANSWERED, Precision.DAY), "at-dsb", "News.", public_words="It."),
                seen={},
                by=SHELL,
                corrects=wrong,
            ).number
        reason = f"entry {right} of the file meets it, on 1 August 2024"
        assert [it.split("; ")[1] for it in now()] == [f"{reason}."]
        assert [it[2] for it in listed()] == [reason]


class TestWhatArisesLater:
    """A case is public, and the file gets an answer that is not cleared: its page stays as it was."""

    def test_is_said_of_the_public_page_and_listed(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        number = answer()
        reason = f"entry {number} of the file meets it, on 1 August 2024"
        assert now() == [
            f"The public page says that the Austrian DSB is late with {OWED} in C001-02; {reason}."
        ]
        assert listed() == [("C001", f"the Austrian DSB is late with {OWED} in C001-02", reason)]

    def test_has_to_be_answered_by_whoever_clears_without_it(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        answer()
        found = cases.get_case("C001")
        public = publication.status_of(found.id).public
        assert public is not None
        warned = [it for it in publication.warnings(found, public.content) if it.anew]
        assert warned and not {it.mark for it in warned} & publication.known_marks(found, public.content)

    def test_is_listed_where_the_file_has_it_sooner_and_late_all_the_same(self, case):
        first, second = answer(date(2024, 10, 1)), answer(date(2025, 2, 3))
        clear("C001", filings=["C001-02"], updates=[1, second])
        assert [it[2] for it in listed()] == [f"entry {first} of the file meets it, on 1 October 2024"]

    def test_is_over_once_it_is_cleared(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        clear("C001", filings=["C001-02"], updates=[1, answer()])
        assert now() == [] and listed() == []

    def test_is_over_once_the_case_is_withdrawn(self, case):
        clear("C001", filings=["C001-02"], updates=[1])
        answer()
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="", by=SHELL)
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert listed() == []

    def test_is_counted_beyond_what_is_named(self, case):
        with transaction():
            lodged(cases.get_case("C001"), "be-apd-gba")
        clear("C001", filings=["C001-02", "C001-04"], updates=[1, 4])
        answer()
        with transaction():
            told("C001-04", "information", ANSWERED, "be-apd-gba", public="News.")
        found, more = publication.public_late(limit=1)
        assert (len(found), more) == (1, 1)

    def test_takes_as_many_statements_for_many_cases_as_for_one(self, case, statements):
        counts = []
        for many in (1, 5):
            for _ in range(many):
                with transaction():
                    made = a_case(respondents=same_respondent("C001"))
                    lodged(made, "at-dsb")
                clear(made.number)
                with transaction():
                    told(f"{made.number}-01", "information", ANSWERED, "at-dsb", public="News.")
            statements.clear()
            publication.public_late(limit=50)
            counts.append(len(statements))
        assert counts[0] == counts[1] and len(listed()) == 6
