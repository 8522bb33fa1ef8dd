"""What entries say of deadlines goes elsewhere with them, and every deadline is there as it was here."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.campaigns import a_campaign, a_filing, an_event, filing_of, real_cases, take_in, take_in_text
from tests.services.recording import BEN, news
from tests.services.test_exports_after_work import AtTheDesk
from tracker.db import db, transaction
from tracker.errors import BadFile
from tracker.models import Case, Deadline, DeadlineAct, Filing, Update
from tracker.rules.deadlines import state
from tracker.rules.happened import WHAT_BEGINS, Act, Saying
from tracker.services import cases, deadlines, exports, updates, updates_deadlines
from tracker.services.updates import Letter
from tracker.services.updates_deadlines import NewAct

pytestmark = pytest.mark.usefixtures("app")

#: What a deadline has that belongs to the installation or to the hour.
OF_THE_STORE = {"id", "filing_id", "computed_at"}


def stand():
    """Return every deadline with all that is known of it, how it stands on a day, and the acts on it."""
    db.session.expire_all()
    query = sa.select(Filing.number, Deadline).join(Filing, Filing.id == Deadline.filing_id)
    columns = [it.key for it in sa.inspect(Deadline).columns if it.key not in OF_THE_STORE]
    found = {}
    for number, row in db.session.execute(query.where(~Deadline.gone)):
        how = state(deadlines.ends_of(row), date(2025, 6, 1))
        said = {name: getattr(row, name) for name in columns}
        found[number, row.period, row.start_number] = {**said, "state": how}
    return found


def acts():
    """Return what the entries say of deadlines, by case and number of the entry."""
    query = (
        sa.select(Case.number, Update.number, DeadlineAct)
        .join(Update, Update.case_id == Case.id)
        .join(DeadlineAct, DeadlineAct.update_id == Update.id)
    )
    return {
        (case, entry): (it.act, it.period, it.start_number, it.until_on, it.more)
        for case, entry, it in db.session.execute(query)
    }


def say(what: Act, period: str, day: str, *numbers: str, start: int | None = 0, corrects=None, **values):
    """Record an act on a deadline of filings of one case, and return the number of the entry."""
    with transaction():
        here = [it for it in cases.get_case(numbers[0][:4]).filings if it.number in numbers]
        new = NewAct(what, period, start, **values)
        entry = news("note", day, words=f"{what.value} of {period}.")
        return updates_deadlines.record(here, new, entry, seen={}, by=BEN, corrects=corrects).number


def note(step: str, day: str, number: str, corrects=None, **values) -> int:
    """Record any other update on a filing, and return the number of the entry."""
    with transaction():
        here = [it for it in cases.get_case(number[:4]).filings if it.number == number]
        return updates.record_update(
            here, news(step, day, **values), seen={}, by=ANN, corrects=corrects
        ).number


def everything_that_can_be_said():
    """Say of deadlines of the real cases all that can be said, in the file and by corrections."""
    take_in(*real_cases()["campaigns"])
    say(Act.FIX, "G15", "2024-07-01", "C081-01", until=date(2024, 8, 30))
    say(Act.PAUSE, "G15", "2024-07-01", "C081-02", "C081-03")
    say(Act.PAUSE, "G15", "2024-07-02", "C081-04")
    say(Act.RESTART, "G15", "2024-07-31", "C081-04")
    say(Act.MEET, "G15", "2024-07-20", "C081-05")
    say(Act.WAIVE, "G15", "2024-07-20", "C081-06")
    say(Act.WAIVE, "G15-AGAIN", "2024-10-01", "C081-07", start=8)
    say(Act.FIX, "FR-IMPLICIT", "2024-12-01", "C084-03", until=date(2025, 10, 1))
    say(Act.BEGIN, "OWN-OTHER", "2024-07-03", "C081-08", start=None, until=date(2024, 9, 1))
    begun = say(Act.BEGIN, "G17", "2024-07-03", "C081-09", start=None)
    say(Act.BEGIN, "G17", "2024-07-05", "C081-09", start=None, corrects=begun)
    say(Act.FIX, "G17", "2024-07-06", "C081-09", start=begun, until=date(2024, 7, 20))
    asked = note(
        "data_request", "2024-06-10", "C081-10", actor="noyb", letter=Letter(received_on=date(2024, 6, 12))
    )
    first = say(Act.EXTEND, "G1", "2024-07-05", "C081-10", start=asked, more="+1m")
    say(Act.EXTEND, "G1", "2024-07-05", "C081-10", start=asked, more="+2m", corrects=first)
    asked = note("data_request", "2024-06-10", "C081-11", actor="noyb")
    say(Act.EXTEND, "G1", "2024-07-05", "C081-11", start=asked, until=date(2024, 8, 1))
    # The start is corrected to a later day than that of what was said of its deadline.
    note("data_request", "2024-07-10", "C081-11", actor="noyb", corrects=asked)
    until = Saying(Act.FIX, WHAT_BEGINS, until=date(2024, 10, 1))
    notice = note("defect_notice", "2024-09-01", "C084-01", says=until)
    note("defect_notice", "2024-09-02", "C084-01", says=until, corrects=notice)
    note("deadline_fixed", "2024-07-01", "C081-01", corrects=min(acts())[1], words="Other words.")


class TestWhatIsSaidOfDeadlines:
    def test_is_elsewhere_as_it_was_here(self, elsewhere):
        everything_that_can_be_said()
        data, here, said = exports.export_cases(), stand(), acts()
        assert {act for act, *_ in said.values()} == {it.value for it in Act}
        assert {it["state"].value for it in here.values()} >= {"met", "missed", "paused", "waived"}
        text = exports.as_text(data, "out.yaml")
        with elsewhere():
            assert not [it for it in take_in_text(text).lines if "so nothing is counted" in it]
            assert acts() == said
            assert stand() == here
            assert exports.export_cases() == data
            assert take_in_text(text).numbers == ()

    @pytest.mark.parametrize("seed", range(2))
    def test_is_elsewhere_as_it_was_here_after_any_work(self, seed, elsewhere):
        take_in(*real_cases()["campaigns"])
        desk = AtTheDesk(seed)
        desk.work(150, [desk.update, desk.correct, *[desk.deadline] * 4, desk.mark, desk.mark])
        data, here, said = exports.export_cases(), stand(), acts()
        assert len(said) > 10
        with elsewhere():
            take_in(*data["campaigns"])
            assert acts() == said
            assert stand() == here

    def test_is_elsewhere_also_where_the_lodging_was_corrected_to_a_later_day(self, elsewhere):
        with transaction():
            lodged(a_case(), "at-dsb")
        say(Act.PAUSE, "G15", "2024-06-08", "C001-01")
        say(Act.PAUSE, "G15", "2024-06-18", "C001-01", corrects=2)
        note("lodged", "2024-06-15", "C001-01", actor="noyb", corrects=1)
        data, here = exports.export_cases(), stand()
        with elsewhere():
            take_in(*data["campaigns"])
            assert stand() == here

    def test_is_known_again_here(self):
        everything_that_can_be_said()
        before = acts()
        assert take_in_text(exports.as_text(exports.export_cases(), "out.yaml")).numbers == ()
        assert acts() == before

    def test_is_left_alone_by_a_file_that_is_silent_about_it(self):
        everything_that_can_be_said()
        data = exports.export_cases()
        for campaign in data["campaigns"]:
            for event in campaign["events"]:
                event.pop("deadline", None)
        before = acts()
        assert take_in(*data["campaigns"]).numbers == ()
        assert acts() == before

    def test_is_named_where_the_file_says_otherwise(self):
        campaign = extended()
        take_in(campaign)
        campaign["events"][1]["deadline"]["more"] = "+1m"
        text = "differs from what is here (is entry 2 of the case here): '+2m'"
        assert faults(campaign) == [f"acme-2024, event 2: deadline.more: {text}"]

    def test_may_name_any_entry_in_the_line_from_which_the_deadline_runs(self):
        campaign = extended()
        campaign["events"].insert(1, an_event("data_request", "f1", actor="noyb", corrects=1, summary="It."))
        campaign["events"][2]["deadline"]["from"] = 2
        take_in(campaign)
        assert acts()["C001", 3] == ("extend", "G1", 1, None, "+2m")
        assert take_in(campaign).numbers == ()

    def test_counts_in_a_case_that_is_there_by_the_numbers_that_its_entries_have(self):
        campaign = extended()
        take_in({**campaign, "events": []})
        note("acknowledged", "2024-06-07", "C001-01")
        assert take_in(campaign).updates == 2
        assert acts() == {("C001", 3): ("extend", "G1", 2, None, "+2m")}
        assert due("f1", "G1", 2) == date(2024, 10, 1)


def extended():
    """Return a campaign with a request to a controller, and its extension by two months."""
    return a_campaign(
        filings=[a_filing("f1"), a_filing("f2", "fr-cnil", date="2024-07-02")],
        events=[
            an_event("data_request", "f1", actor="noyb"),
            an_event(
                "deadline_extended",
                "f1",
                date="2024-07-05",
                deadline={"act": "extend", "period": "G1", "from": 1, "more": "+2m"},
            ),
        ],
    )


def due(filing: str, period: str, start: int = 0):
    """Return the last day of a deadline of an imported filing."""
    return deadlines.get(filing_of(filing).number, period, start).due_on


def faults(campaign) -> list[str]:
    """Return the lines with which a file with the campaign is refused, without the name of the file."""
    with pytest.raises(BadFile) as refused:
        take_in(campaign)
    return [it.removeprefix("file.json: ") for it in refused.value.faults]


class TestAnImportedEventThatSaysSomethingOfADeadline:
    def test_moves_it(self):
        take_in(extended())
        assert due("f1", "G1", 1) == date(2024, 10, 1)

    def test_may_mean_the_only_one_that_runs(self):
        campaign = extended()
        del campaign["events"][1]["deadline"]["from"]
        take_in(campaign)
        assert due("f1", "G1", 1) == date(2024, 10, 1)
        assert exports.export_cases()["campaigns"][0]["events"][1]["deadline"] == {
            "act": "extend",
            "period": "G1",
            "more": "+2m",
        }

    def test_may_fix_the_last_day_of_what_begins_with_it(self):
        event = an_event("defect_notice", "f1", deadline={"act": "fix", "until": "2024-07-19"})
        take_in({**extended(), "events": [event]})
        assert due("f1", "OWN-REMEDY", 1) == date(2024, 7, 19)

    def test_is_remarked_on_where_it_does_not_say_of_which(self):
        campaign = extended()
        del campaign["events"][1]["deadline"]
        assert (
            "acme-2024, event 2: says of no deadline what happened to it, so nothing is counted by it"
            in take_in(campaign).lines
        )

    @pytest.mark.parametrize(
        ("said", "start"),
        [
            ({"period": "G15", "until": "2024-11-01"}, "G15 does not run from event 1"),
            ({"from": 0}, "G1 does not run from the day of lodging"),
            ({}, None),
        ],
    )
    def test_is_remarked_on_where_the_period_never_runs_from_there(self, said, start):
        campaign = extended()
        campaign["events"][1]["deadline"] |= said
        lines = [it for it in take_in(campaign).lines if "so nothing is counted" in it]
        assert lines == ([f"acme-2024, event 2: {start}, so nothing is counted by it"] if start else [])

    def test_may_be_about_what_a_decision_orders(self):
        act = {"act": "meet", "period": "ORDER", "from": 1}
        events = [
            an_event("inadmissible", "f1", date="2024-06-20"),
            an_event("deadline_met", "f1", deadline=act),
        ]
        lines = take_in({**extended(), "events": events}).lines
        assert not [it for it in lines if "so nothing is counted" in it]

    @pytest.mark.parametrize(
        ("said", "line"),
        [
            ({"period": "G99"}, "deadline.period: there is no period 'G99'"),
            ({"period": None}, "deadline.period: is missing: name it, such as G15"),
            (
                {"act": "pause", "more": None},
                "deadline.act: 'pause' belongs to an event of the kind deadline_paused, "
                "not deadline_extended",
            ),
            (
                {"act": "stop"},
                "deadline.act: must be one of begin, extend, pause, restart, fix, meet, waive, not 'stop'",
            ),
            (
                {"more": None},
                "deadline.until: is missing: the new last day, or in `more` how much longer it is",
            ),
            ({"more": "+3m"}, "deadline.more: Art 12(3) allows 2 months more at most"),
            (
                {"more": "long"},
                "deadline.more: “long” is no length: write +1m, +3w, +3d, +1y, -4w, 72h or 28d inclusive",
            ),
            (
                {"from": 2},
                "deadline.from: must be the place of an earlier event, from 1 to 1, or 0 for the day "
                "of lodging",
            ),
            (
                {"from": -1},
                "deadline.from: must be the place of an earlier event in the list, counted from 1, "
                "or 0 for the day of lodging",
            ),
            ({"until": "2024-06-30"}, "deadline.until: lies before the period begins, on 1 July 2024"),
            ({"until": "2024-08"}, "deadline.until: August 2024 is not a full day: write it as 2024-06-06"),
            ({"untill": "2024-08-01"}, "deadline.untill: is no key of this file: meant is perhaps until"),
        ],
    )
    def test_badly_is_refused(self, said, line):
        campaign = extended()
        campaign["events"][1]["deadline"] |= said
        assert faults(campaign) == [f"acme-2024, event 2: {line}"]

    @pytest.mark.parametrize(
        ("event", "line"),
        [
            ({"date": "2024-06-30"}, "date: lies before the period begins, on 1 July 2024"),
            ({"filings": []}, "deadline: is that of a filing: name the filings"),
            ({"filings": ["f1", "f2"]}, "deadline.from: event 1 is not about f2"),
            (
                {
                    "kind": "deadline_paused",
                    "deadline": {"act": "pause", "period": "G1", "from": 1},
                    "summary": " ",
                },
                "summary: is empty: say why no time passes",
            ),
            (
                {
                    "kind": "deadline_waived",
                    "deadline": {"act": "waive", "period": "G1", "from": 1},
                    "summary": "",
                },
                "summary: is empty: say why nobody waits for it any more",
            ),
            (
                {"kind": "deadline_met", "deadline": {"act": "meet", "period": "G1", "until": "2024-08-01"}},
                "deadline.until: says nothing with 'meet': leave it out",
            ),
            (
                {"kind": "deadline_fixed", "deadline": {"act": "fix", "period": "G1", "from": 1}},
                "deadline.until: is missing: the last day that was fixed",
            ),
            (
                {"kind": "deadline_begun", "deadline": {"act": "begin", "period": "OWN-OTHER"}},
                "deadline.until: is missing: the law gives no length for this period",
            ),
            (
                {"kind": "deadline_begun", "deadline": {"act": "begin", "period": "G17", "from": 1}},
                "deadline.from: is for a period that runs already; one that begins with this event has none",
            ),
            (
                {
                    "kind": "deadline_begun",
                    "deadline": {"act": "begin", "period": "G17", "until": "2024-07-04"},
                },
                "deadline.until: lies before the period begins, on 5 July 2024",
            ),
            (
                {"kind": "acknowledged", "deadline": {"act": "fix", "until": "2024-08-01"}},
                "deadline.period: is missing: no period of ours begins with this event",
            ),
        ],
    )
    def test_in_an_event_that_does_not_fit_is_refused(self, event, line):
        campaign = extended()
        campaign["events"][1] |= event
        assert faults(campaign) == [f"acme-2024, event 2: {line}"]

    def test_of_the_time_since_lodging_does_not_lie_before_it(self):
        campaign = extended()
        act = {"act": "meet", "period": "G15", "from": 0}
        campaign["events"][1] |= {
            "kind": "deadline_met",
            "filings": ["f2"],
            "date": "2024-07-01",
            "deadline": act,
        }
        assert faults(campaign) == ["acme-2024, event 2: date: lies before the period begins, on 2 July 2024"]
