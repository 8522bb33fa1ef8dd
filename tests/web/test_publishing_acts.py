"""Acts of publication at the desk: choosing, holding back, taking back, one person alone, two at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import html5lib
import pytest

from tests.builders import a_case, lodged
from tests.publishing import answered, clear, same_respondent, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.models import Entry
from tracker.rules.access import OPTIONAL_FIELDS, SHELL
from tracker.services import cases, cases_texts, publication

Desk = Callable[[str], Reader]
PAGE = "/desk/cases/C001/publication"
NOW = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


def proposed(reader: Reader, **data: object) -> str:
    """Propose C001 as the form stands but for the data, and return the address that decides it."""
    reader.post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": "", **data}, form=PAGE)
    (waiting,) = publication.waiting()
    return f"/desk/publications/{waiting.publication.id}"


def ticked(page: str) -> dict[str, list[str]]:
    """Return what is ticked on a page, by the name that is sent."""
    found: dict[str, list[str]] = {}
    for it in html5lib.parse(page, namespaceHTMLElements=False).iter("input"):
        if it.get("type") == "checkbox" and it.get("checked") is not None:
            found.setdefault(it.get("name"), []).append(it.get("value"))
    return found


def labels(page: str) -> dict[str, str]:
    """Return what stands beside what can be ticked on a page, by what it is for."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return {it.get("for"): "".join(it.itertext()) for it in tree.iter("label")}


def standing() -> publication.Standing:
    return publication.status_of(cases.get_case("C001").id)


class TestChoosing:
    def test_begins_with_what_would_be_proposed(self, case, desk: Desk):
        sent = ticked(desk("advocate").get(PAGE).text)
        assert sent["filings"] == ["C001-01", "C001-02", "C001-03"] and sent["updates"] == ["1"]
        assert "summary" in sent["fields"] and "references" not in sent

    def test_ticks_nothing_that_was_not_checked_and_says_why(self, case, desk: Desk):
        with transaction():
            told("C001-02", "information", date(2024, 6, 20), "fr-cnil", public="News.").verified = False
            found = cases.get_case("C001")
            found.filings[1].verified = found.legal_verified = False
            found.controllers[0].controller.verified = False
            found.outcome_said = {"summary": "Won."}
        page = desk("advocate").get(PAGE).text
        sent = ticked(page)
        assert sent["filings"] == ["C001-01", "C001-03"] and sent["updates"] == ["1"]
        assert not {"claims", "requested", "controllers", "outcome_text"} & {*sent["fields"]}
        said = labels(page)
        for part in ("p-C001-02", "u-2", "f-claims", "f-requested"):
            assert said[part].endswith("not checked against the source"), part
        assert said["f-controllers"].endswith(
            "Example Platforms Ireland Limited: not checked against the source"
        )
        assert said["f-outcome_text"].endswith("not marked as checked against the source")
        assert said["p-C001-01"] == "C001-01 DSB · Austria"

    def test_keeps_what_is_public_ticked_though_nobody_checked_it(self, case, desk: Desk):
        with transaction():
            found = cases.get_case("C001")
            found.filings[1].verified = found.legal_verified = False
        clear("C001", filings=["C001-02"], updates=[1])
        sent = ticked(desk("advocate").get(PAGE).text)
        assert "C001-02" in sent["filings"] and "claims" in sent["fields"]

    def test_ticks_no_field_of_which_the_public_reads_nothing_yet_because_nobody_checked_it(
        self, case, desk: Desk
    ):
        with transaction():
            found = cases.get_case("C001")
            for it in found.filings:
                it.verified = True
            found.legal_verified = False
            content = publication.default_content(found, only_verified=True)
            key = publication.propose(found, content, note="", by=SHELL).id
            publication.clear(key, note="", by=SHELL)
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert "claims" in content["fields"] and not content["case"]["claims"]
        assert "claims" not in ticked(desk("advocate").get(PAGE).text)["fields"]

    def test_leaves_out_each_field_that_is_not_ticked(self, case, desk: Desk):
        proposed(desk("advocate"), fields=["claims"], updates=["1"])
        content = standing().proposed.content
        assert content["fields"] == ["claims"]
        assert content["case"]["controllers"] == [] and content["case"]["claims"] != []
        assert content["deadlines"] == []

    def test_keeps_what_was_ticked_where_it_is_refused(self, case, desk: Desk):
        advocate = desk("advocate")
        sent = {"filings": [], "updates": ["1"], "fields": ["claims"], "note": "Why."}
        page = advocate.post(f"{PAGE}/propose", sent, form=PAGE, status=422).text
        assert "at least one filing" in page and "Why." in page
        assert ticked(page) == {"updates": ["1"], "fields": ["claims"]}

    def test_takes_nothing_that_is_no_choice(self, case, desk: Desk):
        advocate = desk("advocate")
        for wrong in ({"fields": ["secret"]}, {"languages": ["xx"]}, {"decisions": ["7"]}):
            sent = {"filings": ["C001-01"], "note": "", **wrong}
            advocate.post(f"{PAGE}/propose", sent, form=PAGE, status=422)

    def test_is_counted_above_the_comparison(self, case, desk: Desk):
        with transaction():
            told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Receipt.")
        clear("C001", filings=["C001-01", "C001-02"], updates=[1], fields=["summary"])
        advocate = desk("advocate")
        proposed(advocate, filings=["C001-01"], updates=["1", "2"], fields=["summary"])
        text = words_of(advocate.get(PAGE).text)
        assert "Becomes public 1 Changes 2 Disappears 1" in text
        assert "Becomes public (1)" in text and "Disappears (1)" in text


class TestHoldingBack:
    @pytest.fixture
    def at(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
        """Set the clock; it is NOW at first."""

        def set_to(moment: datetime) -> None:
            monkeypatch.setattr(clock, "now", lambda: moment)

        set_to(NOW)
        return set_to

    @pytest.fixture(autouse=True)
    def vienna(self, app, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = replace(app.config["TRACKER"], zone="Europe/Vienna")
        monkeypatch.setitem(app.config, "TRACKER", settings)

    def test_says_from_when_on_it_is_public_and_then_it_is(self, at, case, desk: Desk, visitor: Reader):
        address = proposed(desk("advocate"))
        editor = desk("editor")
        sent = answered(day="2027-06-06", time="10:00", zone="Europe/Vienna")
        editor.post(address, sent, form=PAGE)
        words = "6 June 2027, 10:00 (Europe/Vienna)"
        assert f"Cleared, public from {words}" in words_of(editor.get(PAGE).text)
        for page in ("/desk/publications", "/desk/today", "/desk/cases/C001"):
            assert words in words_of(editor.get(page).text), page
        visitor.get("/cases/C001", 404)
        at(datetime(2027, 6, 6, 8, 0, tzinfo=UTC))
        assert "Public since 6 June 2027, 08:00 UTC." in words_of(desk("editor").get(PAGE).text)
        visitor.get("/cases/C001")

    def test_takes_a_day_alone_from_its_beginning_by_the_clock_that_was_chosen(self, at, case, desk: Desk):
        address = proposed(desk("advocate"))
        desk("editor").post(address, answered(day="2027-06-06", zone="Europe/Dublin"), form=PAGE)
        assert standing().embargoed.embargo_until == datetime(2027, 6, 5, 23, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"day": "2027-05-01"}, "This moment is over"),
            ({"time": "10:00"}, "Say on which day"),
            ({"day": "2027-06-06", "time": "25:00"}, "is not a time"),
            ({"day": "2028-03-26", "time": "02:30"}, "It is never 02:30 on that day in Vienna"),
        ],
    )
    def test_is_refused_with_the_reason_and_keeps_the_form(self, at, case, desk: Desk, typed, words: str):
        address = proposed(desk("advocate"))
        editor = desk("editor")
        sent = answered(note="Kept.", zone="Europe/Vienna", **typed)
        page = editor.post(address, sent, form=PAGE, status=422).text
        assert words in words_of(page) and "Kept." in page
        assert standing().embargoed is None and standing().proposed is not None

    def test_can_be_moved_lifted_and_called_off(self, at, case, desk: Desk, visitor: Reader):
        editor, advocate = desk("editor"), desk("advocate")
        editor.post(proposed(advocate), answered(day="2027-06-06"), form=PAGE)
        address = f"/desk/publications/{standing().embargoed.id}"
        moved = {"do": "move", "day": "2027-06-07", "time": "12:00", "zone": "Europe/Vienna"}
        editor.post(f"{address}/embargo", moved, form=PAGE)
        assert standing().embargoed.embargo_until == datetime(2027, 6, 7, 10, 0, tzinfo=UTC)
        editor.post(f"{address}/embargo", {"do": "move"}, form=PAGE, status=422)
        editor.post(f"{address}/embargo", {"do": "lift"}, form=PAGE)
        visitor.get("/cases/C001")
        editor.post(f"{address}/embargo", {"do": "lift"}, form=PAGE, status=422)
        editor.post(proposed(advocate, updates=["1"]), answered(day="2027-06-06"), form=PAGE)
        address = f"/desk/publications/{standing().embargoed.id}"
        editor.post(f"{address}/call-off", {"note": "Not now."}, form=PAGE)
        text = words_of(editor.get(PAGE).text)
        assert "cleared, called off before its time" in text and "Not now." in text

    def test_may_be_wished_by_who_proposes_and_is_decided_by_who_clears(self, at, case, desk: Desk):
        address = proposed(desk("advocate"), day="2027-06-06", time="10:00", zone="Europe/Vienna")
        editor = desk("editor")
        words = "6 June 2027, 10:00 (Europe/Vienna)"
        page = editor.get(PAGE).text
        assert f"Wished: not public before {words}." in words_of(page)
        assert 'value="2027-06-06"' in page and 'value="10:00"' in page
        assert f"Wished: not public before {words}" in words_of(editor.get("/desk/publications").text)
        assert standing().embargoed is None
        editor.post(address, answered(), form=PAGE)
        assert standing().public is not None and standing().public.embargo_until is None

    @pytest.mark.parametrize("instead", ["decline", "propose"])
    def test_that_was_wished_ends_with_the_proposal(self, at, case, desk: Desk, instead: str):
        advocate = desk("advocate")
        address = proposed(advocate, day="2027-06-06")
        if instead == "decline":
            desk("editor").post(address, {"do": "decline", "note": ""}, form=PAGE)
        else:
            advocate.post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": ""}, form=PAGE)
        assert "called off" not in words_of(advocate.get(PAGE).text)
        assert [it.embargo_until for it in publication.history_of(cases.get_case("C001").id)][-1] is None

    def test_cannot_be_wished_for_a_moment_that_is_over(self, at, case, desk: Desk):
        sent = {"filings": ["C001-01"], "note": "", "day": "2027-05-06"}
        page = desk("advocate").post(f"{PAGE}/propose", sent, form=PAGE, status=422).text
        assert "This moment is over" in page and standing().proposed is None

    def test_is_for_editors(self, at, case, desk: Desk):
        desk("editor").post(proposed(desk("advocate")), answered(day="2027-06-06"), form=PAGE)
        advocate = desk("advocate")
        address = f"/desk/publications/{standing().embargoed.id}"
        assert "Move the embargo" not in advocate.get(PAGE).text
        for act in ("embargo", "call-off"):
            advocate.post(f"{address}/{act}", {"do": "lift"}, form=PAGE, status=404)


class TestTakingAPartBack:
    def test_is_one_act_of_one_person_and_at_once(self, case, desk: Desk, visitor: Reader):
        clear("C001")
        visitor.get("/filings/C001-02")
        editor = desk("editor")
        sent = {"part": "filings:C001-02", "reason": "person", "note": "Asked to."}
        editor.post(f"{PAGE}/take-back", sent, form=PAGE)
        visitor.get("/filings/C001-02", 410)
        assert "C001-02" not in visitor.get("/cases/C001").text
        assert "Asked to." in words_of(editor.get(PAGE).text)

    @pytest.mark.parametrize("part", ["", "filings:C002-01", "updates:x", "secrets:1", "updates:99"])
    def test_takes_no_part_that_is_not_offered(self, case, desk: Desk, part: str):
        clear("C001")
        desk("editor").post(f"{PAGE}/take-back", {"part": part, "reason": "wrong"}, form=PAGE, status=422)
        assert len(publication.history_of(cases.get_case("C001").id)) == 1

    def test_offers_fields_and_languages_in_the_words_of_the_page(self, case, desk: Desk):
        with transaction():
            text = cases_texts.NewText("de", "Titel", "Worum es geht.")
            cases_texts.write_texts(cases.get_case("C001"), [text], seen={}, by=SHELL)
        clear("C001")
        tree = html5lib.parse(desk("editor").get(PAGE).text, namespaceHTMLElements=False)
        offered = {it.get("value"): "".join(it.itertext()) for it in tree.iter("option")}
        assert offered["fields:outcome_text"] == "Outcome as the source tells it"
        assert offered["fields:deadlines"] == "What authorities owe, and until when"
        assert offered["languages:de"] == "Text in German: Titel"
        assert {f"fields:{it}" for it in OPTIONAL_FIELDS} <= {*offered}

    def test_is_for_editors(self, case, desk: Desk):
        clear("C001")
        advocate = desk("advocate")
        assert "Take a part back" not in advocate.get(PAGE).text
        advocate.post(f"{PAGE}/take-back", {"part": "updates:1"}, form=PAGE, status=404)


class TestWithdrawing:
    def test_keeps_the_reason_in_the_file_alone(self, case, desk: Desk, visitor: Reader):
        clear("C001")
        editor = desk("editor")
        editor.post(f"{PAGE}/withdraw", {"reason": "wrong", "note": "Typed by Zoe."}, form=PAGE)
        text = words_of(editor.get(PAGE).text)
        assert "it is wrong / Typed by Zoe." in text
        gone = words_of(visitor.get("/cases/C001", 410).text)
        assert "wrong" not in gone and "Zoe" not in gone

    def test_knows_no_other_reason(self, case, desk: Desk):
        clear("C001")
        desk("editor").post(f"{PAGE}/withdraw", {"reason": "bored"}, form=PAGE, status=422)
        for act in ("withdraw", "take-back"):
            sent = {"part": "updates:1", "reason": "other", "note": " "}
            page = desk("editor").post(f"{PAGE}/{act}", sent, form=PAGE, status=422).text
            assert "Say why in the note, or choose a reason." in page
        assert [it.withdrawn_at for it in publication.history_of(cases.get_case("C001").id)] == [None]


class TestOnePersonAlone:
    def test_publishes_where_the_setting_allows_it_and_the_journal_says_so(
        self, app, case, desk: Desk, visitor: Reader, monkeypatch: pytest.MonkeyPatch
    ):
        editor = desk("editor")
        address = proposed(editor)
        editor.post(address, answered(), form=PAGE, status=422)
        settings = replace(app.config["TRACKER"], publish_alone=True)
        monkeypatch.setitem(app.config, "TRACKER", settings)
        assert "One person may publish here" in editor.get(PAGE).text
        editor.post(address, answered(), form=PAGE)
        visitor.get("/cases/C001")
        line = db.session.scalars(db.select(Entry).where(Entry.act == "publication.clear")).one()
        assert line.detail["alone"] is True

    def test_still_has_to_be_an_editor(self, app, case, desk: Desk, monkeypatch: pytest.MonkeyPatch):
        settings = replace(app.config["TRACKER"], publish_alone=True)
        monkeypatch.setitem(app.config, "TRACKER", settings)
        advocate = desk("advocate")
        advocate.post(proposed(advocate), answered(), form=PAGE, status=404)


class TestTheJournal:
    def test_keeps_which_warnings_stood(self, case, desk: Desk):
        with transaction():
            told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Write to a@example.org.")
        chosen = {"filings": ["C001-01", "C001-02", "C001-03"], "updates": ["2"]}
        desk("editor").post(proposed(desk("advocate"), **chosen), answered(), form=PAGE)
        line = db.session.scalars(db.select(Entry).where(Entry.act == "publication.clear")).one()
        assert line.detail["warnings"] == ["Entry 2 holds the e-mail address a@example.org."]


class TestAWarningAboutWhatIsPublicAlready:
    def test_is_folded_and_need_not_be_answered_again(self, case, desk: Desk):
        with transaction():
            told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Write to a@example.org.")
        every = ["C001-01", "C001-02", "C001-03"]
        clear("C001", filings=every, updates=[2])
        editor = desk("editor")
        address = proposed(desk("advocate"), filings=every, updates=["1", "2"])
        text = words_of(editor.get(PAGE).text)
        assert "Warnings about what is public already (1)" in text
        assert "Look at this before it is cleared:" not in text
        editor.post(address, {"do": "clear", "note": ""}, form=PAGE)


class TestTwoPeopleAtOnce:
    def test_clear_nothing_that_was_proposed_anew_meanwhile_and_read_both_texts(self, case, desk: Desk):
        advocate, editor = desk("advocate"), desk("editor")
        address = proposed(advocate, updates=["1"])
        sent = answered(beside="0")
        with transaction():
            found = cases.get_case("C001")
            found.title = "A title of later"
        proposed(advocate, updates=["1"], filings=["C001-01", "C001-02"])
        page = words_of(editor.post(address, sent, form=PAGE, status=422).text)
        assert "decided already, or replaced" in page and "What changed meanwhile" in page
        assert "What you read" in page and "A title of later" in page
        assert standing().public is None

    def test_clear_nothing_beside_what_is_not_public_any_more(self, case, desk: Desk):
        clear("C001", filings=["C001-01"], updates=[1])
        read = standing().public.id
        advocate, editor = desk("advocate"), desk("editor")
        address = proposed(advocate, filings=["C001-01", "C001-02"], updates=["1"])
        sent = answered(beside=str(read))
        with transaction():
            part = ("fields", "claims")
            publication.take_back(cases.get_case("C001"), part, note="", by=SHELL)
        page = words_of(editor.post(address, sent, form=PAGE, status=422).text)
        assert "What is public was changed since you read this" in page
        assert "Public when you read it" in page
        assert standing().proposed is not None


class TestTheList:
    def test_names_public_cases_that_went_on_once_nothing_waits_for_them(self, case, desk: Desk):
        clear("C001")
        editor = desk("editor")
        assert "Every public page has what its case has" in editor.get("/desk/publications").text
        with transaction():
            told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Receipt.")
            told("C001-02", "information", date(2024, 6, 21), "us", public=None)
        (gone_on,), more = publication.gone_on(limit=50)
        assert (gone_on.number, gone_on.entries, more) == ("C001", 1, 0)
        assert "20 June 2024" in words_of(editor.get("/desk/publications").text)
        proposed(desk("advocate"))
        assert publication.gone_on(limit=50) == ([], 0)

    def test_costs_as_many_statements_for_many_cases_as_for_one(self, case, desk: Desk, statements):
        editor = desk("editor")
        counts = []
        for many in (1, 6):
            for _ in range(many):
                with transaction():
                    made = a_case(respondents=same_respondent("C001"))
                    lodged(made, "at-dsb")
                    number = made.number
                clear(number)
                with transaction():
                    told(f"{number}-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Receipt.")
            editor.get("/desk/publications")
            statements.clear()
            editor.get("/desk/publications")
            counts.append(len(statements))
        assert counts[0] == counts[1]
