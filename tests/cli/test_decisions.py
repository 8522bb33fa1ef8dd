"""`tracker decisions`: the decisions in force, as a list and with the fields of GDPRhub."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.campaigns import FACTS
from tests.test_cli import Run


@pytest.fixture
def filled(home: Path, run: Run) -> Path:
    """A home with the seven real cases."""
    assert run("import", str(FACTS))[0] == 0
    return home


class TestTheDecisions:
    def test_are_listed_the_newest_first_with_results_and_fines(self, filled, run: Run):
        status, out, err = run("decisions", "--authority", "se-imy")
        rows = [it.split("\t") for it in out.splitlines()]
        assert (status, err, len(rows)) == (0, "", 4)
        assert rows[-1][1:] == [
            "2023-06-30",
            "IMY · Sweden",
            "Final decision",
            "DI-2020-11373",
            "C083-09 upheld",
            "SEK 12,000,000",
        ]
        days = [it.split("\t")[1] for it in run("decisions")[1].splitlines()]
        # The day of the last one is not known.
        known = [it for it in days if it[:1].isdigit()]
        assert known == days[:-1] == sorted(known, reverse=True) and len(days) == 27

    def test_go_out_as_json_and_as_a_table(self, filled, run: Run):
        said = json.loads(run("decisions", "--json", "--year", "2019")[1])["decisions"]
        assert [it["case_number_name"] for it in said] == ["SAN-2019-001"]
        assert said[0]["fines"] == [{"amount": "50000000", "currency": "EUR", "against": "Google LLC"}]
        (row,) = csv.DictReader(io.StringIO(run("decisions", "--csv", "--year", "2019")[1]))
        assert (row["Jurisdiction"], row["Fine"], row["Appeal_To_Status"]) == (
            "France",
            "50000000",
            "Appealed - Confirmed",
        )

    def test_of_an_authority_that_there_is_not_are_refused(self, filled, run: Run):
        status, out, err = run("decisions", "--authority", "xx-nowhere")
        assert (status, out) == (1, "") and "There is no authority" in err

    def test_are_none_in_a_new_home(self, home, run: Run):
        assert run("decisions") == (0, "", "")
        assert json.loads(run("decisions", "--json")[1]) == {"decisions": []}
