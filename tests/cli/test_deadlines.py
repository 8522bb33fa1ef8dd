"""`tracker deadlines`: ends of periods and chapters that apply, for a file and without a store."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.test_cli import Run
from tracker.reference.periods import periods

TABLES = Path(__file__).parent.parent / "rules"
VECTORS = TABLES / "deadline_vectors.yaml"
KEYS = "id nominal due weekday because safe certain uncertain skipped calendar".split()
USUAL = {"event": "2026-03-05", "period": "+1m", "place": "IE"}


@pytest.fixture
def file(tmp_path: Path):
    """Return a function that writes one item into a file and returns it; None takes a key out."""

    def write(*, name="facts.json", key="X1", **change):
        path = tmp_path / name
        item = {"id": key} | {field: it for field, it in (USUAL | change).items() if it is not None}
        path.write_text(json.dumps([item]), "utf-8")
        return path

    return write


@pytest.fixture
def answer(run: Run, file):
    """Return a function that gives the answer for one item."""

    def ask(**change):
        status, out, err = run("deadlines", str(file(**change)), "--json")
        assert (status, err) == (0, "")
        return json.loads(out)[0]

    return ask


@pytest.fixture
def refused(run: Run, file):
    """Return a function that gives the lines with which one item is refused."""

    def ask(*options, **change):
        status, out, err = run("deadlines", str(file(**change)), *options)
        assert (status, out) == (1, "") and "Traceback" not in err
        return err.splitlines()

    return ask


class TestTheVectorsOfTheLawyer:
    @pytest.mark.parametrize("table", ["deadline_vectors.yaml", "deadline_situations.yaml"])
    def test_are_answered_as_the_table_says(self, run: Run, table):
        status, out, err = run("deadlines", str(TABLES / table), "--json")
        assert (status, err) == (0, "")
        wanted = yaml.safe_load((TABLES / table).read_text("utf-8"))
        answers = json.loads(out)
        assert [it["id"] for it in answers] == [it["id"] for it in wanted]
        for it, row in zip(answers, wanted, strict=True):
            expected = (row["nominal"].isoformat(), row["due"].isoformat(), row["weekday"])
            assert (it["nominal"], it["due"], it["weekday"]) == expected, row["id"]

    def test_are_given_under_the_documented_keys_with_reasons_in_words(self, run: Run):
        for it in json.loads(run("deadlines", str(VECTORS), "--json")[1]):
            assert list(it) == KEYS
            assert it["because"] and all(isinstance(text, str) and text for text in it["because"])

    def test_can_be_read_by_a_person(self, run: Run):
        status, out, _ = run("deadlines", str(VECTORS))
        assert status == 0
        assert out.startswith(
            "D01: Tuesday 7 April 2026\n"
            "  GDPR 12(3) reply to request\n"
            "  1 month from 5 March 2026, Ireland\n"
            "  Nominal end:  Sunday 5 April 2026\n"
            "  Due:          Tuesday 7 April 2026\n"
            "  Because:\n"
            "    1. The day of the event, Thursday 5 March 2026, is not counted [Reg 1182/71 Art 3(1)]\n"
        )
        assert "  Latest end:   Tuesday 31 March 2026\n" in out
        assert "  In doubt:\n    - A court may count from the day after" in out
        assert "corrected by holidays.csv (holidays 0." in out


class TestAFileOfPeriods:
    def test_needs_no_home_and_no_database(self, file, tmp_path: Path):
        done = subprocess.run(
            [sys.executable, "-m", "tracker.cli", "deadlines", str(file()), "--json"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={"PATH": "", "TRACKER_HOME": str(tmp_path / "nowhere")},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)[0]["due"] == "2026-04-07"
        assert not (tmp_path / "nowhere").exists()

    def test_is_answered_with_the_days_that_were_skipped_and_the_calendar_that_says_so(self, answer):
        it = answer()
        assert it["skipped"] == [
            {"day": "2026-04-05", "name": "Sunday"},
            {"day": "2026-04-06", "name": "Easter Monday"},
        ]
        assert it["calendar"]["place"] == "IE" and it["calendar"]["version"].startswith("holidays ")

    def test_may_hold_other_keys_and_a_number_as_id(self, answer):
        it = answer(key=7, why="a reason", due="2020-01-01")
        assert (it["id"], it["due"]) == (7, "2026-04-07")

    @pytest.mark.parametrize(
        ("period", "due"),
        [
            ("+1m", "2026-04-07"),
            ("1m", "2026-04-07"),
            ("+3w", "2026-03-26"),
            ("+3d", "2026-03-09"),
            ("+15m", "2027-06-08"),
            ("-4w", "2026-02-05"),
            ("+1y", "2027-03-05"),
            ("28d inclusive", "2026-04-01"),
            ("72h", "2026-03-08"),
        ],
    )
    def test_takes_lengths_as_the_law_has_them(self, answer, period, due):
        assert answer(period=period)["due"] == due

    def test_takes_days_that_yaml_reads_as_days(self, run: Run, tmp_path: Path):
        path = tmp_path / "facts.yaml"
        path.write_text("- {id: a, event: 2026-03-05, period: +1m, place: IE}\n")
        assert json.loads(run("deadlines", str(path), "--json")[1])[0]["due"] == "2026-04-07"

    def test_is_counted_by_the_state_that_the_rule_begins_with(self, answer):
        given = {"event": "2026-11-26", "period": "+4w", "place": "AT"}
        assert answer(**given)["due"] == "2026-12-24"
        assert answer(**given, rule="AT: appeal")["due"] == "2026-12-28"
        assert answer(**given, rule="Austria: appeal")["due"] == "2026-12-24"

    def test_takes_the_code_of_a_known_state_in_small_letters_too(self, answer):
        given = {"event": "2026-11-26", "period": "+4w", "place": "AT"}
        assert answer(**given, rule="at: appeal")["due"] == "2026-12-28"
        assert answer(**given, rule="re: appeal")["due"] == "2026-12-24", "a word, no state we know"


class TestAPeriodOfTheTable:
    def test_is_named_by_its_id(self, answer):
        it = answer(period=None, rule="G1")
        assert it == answer(period=None, rule="g1")
        assert (it["nominal"], it["due"], it["weekday"]) == ("2026-04-05", "2026-04-07", "Tue")
        assert it["because"][0] == "G1 is 1 month [Art 12(3)]"

    def test_is_counted_by_its_own_law(self, answer):
        it = answer(period=None, rule="AT-BVWG", event="2026-11-26", place="AT")
        assert it["due"] == "2026-12-28"

    def test_beside_a_length_of_ones_own_lends_it_its_way_of_counting(self, run: Run, answer, file):
        given = {"event": "2026-11-26", "period": "+4w", "place": "AT"}
        assert answer(**given, rule="at-bvwg")["due"] == "2026-12-28"
        assert answer(**given, rule="G1")["due"] == "2026-12-24"
        assert "  AT-BVWG: " in run("deadlines", str(file(**given, rule="at-bvwg")))[1]

    def test_that_ends_with_another_one_is_told_so(self, run: Run, file):
        out = run("deadlines", str(file(period=None, rule="P33", event="2028-10-26")))[1]
        assert "before another period ends on 26 October 2028" in out and "no length" not in out

    def test_is_told_with_what_it_is(self, run: Run, file):
        out = run("deadlines", str(file(period=None, rule="P16", event="2028-10-26")))[1]
        assert "  P16: notice of an extension of the time for the draft decision (Art 12(3) Reg" in out
        assert "  4 weeks before 26 October 2028, Ireland\n" in out

    def test_can_be_counted_for_every_row_with_a_length(self, run: Run, tmp_path: Path):
        named = [it for it in periods().values() if it.length is not None]
        path = tmp_path / "facts.json"
        items = [
            {"id": it.id, "rule": it.id, "event": "2027-06-01", "place": it.state or "EU"} for it in named
        ]
        path.write_text(json.dumps(items))
        status, out, err = run("deadlines", str(path), "--json")
        assert (status, err) == (0, "") and len(json.loads(out)) == len(named) > 50

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            ("G4", "G4 has no length in the law (Art 60(3)): give a period (+1m)"),
            ("G99", "“G99” is no period of the table: did you mean G9?"),
            ("AT-BVWGG", "did you mean AT-BVWG?"),
            ("reply to request", "write the id of one (G1, P15), or give a period (+1m)"),
        ],
    )
    def test_that_is_none_is_refused(self, refused, rule, said):
        (line,) = refused(period=None, rule=rule)
        assert line.startswith("facts.json: X1: rule: ") and said in line


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "key", "said"),
        [
            ({"event": "9999-12-01", "period": "+3m"}, "event", "The year 9999 is outside 1990 to 2100"),
            (
                {"event": "2035-12-01", "period": "+3m"},
                "event",
                "The calendar of Ireland covers 2018 to 2035",
            ),
            ({"event": "2100-12-01", "period": "+3m", "place": "none"}, "period", "outside 1990 to 2100"),
            ({"event": "2017-12-01", "period": "+1d"}, "event", "covers 2018 to 2035, not 2017"),
            ({"event": "2026-02-30"}, "event", "30 February does not exist"),
            ({"event": "2026-03"}, "event", "is not a full day"),
            ({"event": "2026-03-05T10:00:00"}, "event", "has an hour: write the day alone"),
            ({"event": 2026}, "event", "is not a full day"),
            ({"event": "soon"}, "event", "is not a day"),
            ({"event": None}, "event", "is needed"),
            ({"event": []}, "event", "is not a day"),
            ({"place": "US"}, "place", "There is no calendar of United States"),
            ({"place": "DE-ZZ"}, "place", "is no part of Germany"),
            ({"place": "Dublin"}, "place", "is no place"),
            ({"place": None}, "place", "is needed"),
            ({"place": False}, "place", "must be a text"),
            ({"period": "a month"}, "period", "is no length: write +1m"),
            ({"period": "+0d"}, "period", "A period is 1 to 999 long"),
            ({"period": "+999y"}, "period", "outside 1990 to 2100"),
            ({"period": 3}, "period", "is no length"),
            ({"period": "-28d inclusive"}, "period", "counted forward"),
            ({"period": None}, "period", "is needed"),
            ({"rule": 12}, "rule", "must be a text"),
            ({"rule": "US: appeal"}, "rule", "No way of counting is known for US"),
            ({"key": ""}, "id", "is needed"),
            ({"key": True}, "id", "is needed"),
        ],
    )
    def test_is_refused_in_one_line_by_file_id_and_key(self, refused, change, key, said):
        lines = refused("--json", **change)
        label = "item 1" if "key" in change else "X1"
        assert len(lines) == 1
        assert lines[0].startswith(f"facts.json: {label}: {key}: ") and said in lines[0]

    def test_is_told_with_all_faults_of_all_items(self, run: Run, tmp_path: Path):
        path = tmp_path / "facts.yaml"
        path.write_text(
            "- {id: a, event: 2026-13-01, period: +1x, place: US}\n"
            "- {id: b, event: 2026-03-05, period: +1m, place: IE}\n"
            "- {id: b, event: 2035-12-31, period: +1m, place: IE, rule: 'QQ: it'}\n"
            "- 7\n"
            "- {event: 2026-03-05}\n"
        )
        status, out, err = run("deadlines", str(path))
        assert (status, out) == (1, "")
        assert [line.split(": ")[1:3] for line in err.splitlines()] == [
            ["a", "event"],
            ["a", "place"],
            ["a", "period"],
            ["b", "id"],
            ["b", "rule"],
            ["item 4", "item"],
            ["item 5", "id"],
            ["item 5", "place"],
            ["item 5", "period"],
        ]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("id: a\n", "must be a list"),
            ("- [", "is not YAML"),
            ("\x00", "NUL"),
            ("- {id: a, event: 2026-03-05, period: +1m, place: NO}\n", "NO without quotes is read as false"),
        ],
    )
    def test_of_another_shape_is_refused(self, run: Run, tmp_path: Path, text, said):
        path = tmp_path / "facts.yaml"
        path.write_text(text)
        status, out, err = run("deadlines", str(path))
        assert (status, out) == (1, "")
        assert err.startswith("facts.yaml: ") and said in err and err.count("\n") == 1

    def test_that_does_not_exist_is_refused(self, run: Run):
        status, _, err = run("deadlines", "nowhere.yaml")
        assert status == 1 and err.startswith("nowhere.yaml: ")

    def test_that_is_a_folder_is_refused_by_a_name(self, run: Run):
        assert run("deadlines", ".")[1:] == ("", ".: file: whole: is no ordinary file; name one\n")


class TestTheChaptersThatApply:
    @pytest.fixture
    def chapters(self, run: Run, tmp_path: Path):
        def ask(**given):
            path = tmp_path / "complaints.json"
            path.write_text(json.dumps([{"id": "A1", **given}]), "utf-8")
            return run("deadlines", "--applicable", str(path), "--json")

        return ask

    @pytest.mark.parametrize(
        ("lodged", "expected", "human"),
        [
            ("2027-04-01", "no no no no no", False),
            ("2027-04-02", "yes human human human human", True),
            ("2027-04-03", "yes yes yes yes yes", False),
        ],
    )
    def test_follow_the_day_of_lodging(self, chapters, lodged, expected, human):
        status, out, err = chapters(lodged=lodged, referred=None, cross_border=True, local=False)
        assert (status, err) == (0, "")
        it = json.loads(out)[0]
        assert list(it) == ["id", "chapters", "human", "because"]
        assert it["chapters"] == dict(zip(("II", "III", "IV", "V", "VI"), expected.split(), strict=True))
        assert it["human"] is human and it["because"][0].startswith("II: Lodged on ")

    def test_on_the_board_follow_the_referral(self, chapters):
        it = json.loads(chapters(lodged="2025-01-01", referred="2027-05-01", cross_border=True)[1])[0]
        assert it["chapters"] == {"II": "no", "III": "no", "IV": "no", "V": "yes", "VI": "yes"}

    def test_are_for_a_person_where_nobody_knows_whether_it_is_cross_border(self, chapters):
        for given in ({}, {"cross_border": None}, {"cross_border": "unknown"}):
            it = json.loads(chapters(lodged="2027-05-01", **given)[1])[0]
            assert set(it["chapters"].values()) == {"human"}

    def test_leave_out_the_third_for_a_local_case_only_where_somebody_says_so(self, chapters):
        for local, third in ((True, "no"), (False, "yes"), (None, "yes"), ("unknown", "human")):
            it = json.loads(chapters(lodged="2027-05-01", cross_border=True, local=local)[1])[0]
            assert it["chapters"]["III"] == third

    def test_wait_for_the_joint_committee_outside_the_union(self, chapters):
        it = json.loads(chapters(lodged="2027-05-01", cross_border=True, state="NO")[1])[0]
        assert set(it["chapters"].values()) == {"human"}

    @pytest.mark.parametrize("state", ["GB", "CH", "gb"])
    def test_are_none_outside_the_european_economic_area(self, chapters, state):
        it = json.loads(chapters(lodged="2027-05-01", cross_border=True, state=state)[1])[0]
        assert (
            set(it["chapters"].values()) == {"no"}
            and "outside the European Economic Area" in it["because"][0]
        )

    def test_can_be_read_by_a_person(self, run: Run, tmp_path: Path):
        path = tmp_path / "complaints.yaml"
        path.write_text("- {id: A1, lodged: 2027-04-02, cross_border: true, local: false}\n")
        out = run("deadlines", str(path), "--applicable")[1]
        assert out.startswith(
            "A1: Regulation (EU) 2025/2518\n"
            "  Chapter II  applies\n"
            "              Lodged on 2 April 2027, when the Regulation applies [PR Art 37(2)]\n"
            "  Chapter III a person decides\n"
        )
        assert out.endswith("  A person has to look before this is relied on.\n")

    @pytest.mark.parametrize(
        ("given", "key", "said"),
        [
            ({}, "lodged", "is needed"),
            ({"lodged": "2027"}, "lodged", "is not a full day"),
            ({"lodged": "2027-04-03", "referred": "2027-04-02"}, "referred", "lies before the lodging"),
            ({"lodged": "2027-04-03", "referred": "later"}, "referred", "is not a day"),
            ({"lodged": "2027-04-03", "cross_border": "perhaps"}, "cross_border", "true, false or unknown"),
            ({"lodged": "2027-04-03", "local": 1}, "local", "true, false or unknown"),
            ({"lodged": "2027-04-03", "state": "XX"}, "state", "is no country"),
        ],
    )
    def test_are_not_told_where_a_fact_is_wrong(self, chapters, given, key, said):
        status, out, err = chapters(**given)
        assert (status, out) == (1, "")
        assert err.startswith(f"complaints.json: A1: {key}: ") and said in err and err.count("\n") == 1

    def test_tells_how_yaml_misreads_yes(self, run: Run, tmp_path: Path):
        path = tmp_path / "complaints.yaml"
        path.write_text("- {id: A1, lodged: 2027-05-01, cross_border: yes}\n")
        assert run("deadlines", str(path), "--applicable")[2] == (
            "complaints.yaml: A1: cross_border: yes without quotes is read as true by YAML: write true\n"
        )
