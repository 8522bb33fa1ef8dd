"""`tracker controllers`: the register listed, and a file of controllers taken into it."""

import re
from pathlib import Path

import pytest

from tests.services.test_controllers_import import a_file
from tests.test_cli import Run
from tracker.reference import controllers_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of two controllers at one address."""
    found = tmp_path / "those.csv"
    found.write_bytes(a_file({}, {"slug": "b", "name": "B GmbH", "web": ""}))
    return found


class TestAFileOfControllers:
    def test_is_only_tried_with_dry_run(self, run: Run, file: Path):
        status, out, _ = run("controllers", "import", str(file), "--dry-run")
        assert status == 0
        assert out == (
            "likely the same by address: line 2 Example SE; line 5 B GmbH\n"
            "Would bring 2 controllers; 0 of the register completed, 0 rows here already.\n"
        )
        assert run("controllers", "list")[1] == ""

    def test_is_taken_in_and_brings_nothing_a_second_time(self, run: Run, file: Path):
        assert run("controllers", "import", str(file))[1].endswith(
            "Brought 2 controllers; 0 of the register completed, 0 rows here already.\n"
        )
        assert run("controllers", "import", str(file))[1] == (
            "Brought 0 controllers; 0 of the register completed, 2 rows here already.\n"
        )
        listed = run("controllers", "list")[1].splitlines()
        assert [line.split("\t")[1:] for line in listed] == [
            ["B GmbH", "Germany", "0"],
            ["Example SE", "Germany", "0"],
        ]
        assert "2 controllers" in run("imports")[1]

    def test_may_be_the_whole_packaged_one(self, run: Run):
        status, out, _ = run("controllers", "import", str(controllers_file.FILE))
        assert status == 0
        assert re.search(r"Brought 3,0\d\d controllers \(and \d+ more rows of them\)", out)
        assert re.search(r"Likely the same: \d+ groups of controllers, which --dry-run lists.", out)

    def test_can_leave_rows_out_and_say_who_somebody_is(self, run: Run, file: Path):
        run("controllers", "import", str(file), "--leave-out", "b")
        key = run("controllers", "list", "example")[1].split("\t")[0]
        _, out, _ = run("controllers", "import", str(file), "--same", f"b={key}", "--dry-run")
        assert out.splitlines() == [
            "those.csv: line 5: name: “B GmbH” is not taken over: it is Example SE here",
            "Would bring 0 controllers; 0 of the register completed, 1 row here already.",
        ]

    @pytest.mark.parametrize("same", ["b", "b=", "b=x", "b=0", "b=" + "9" * 40])
    def test_asks_for_a_key_that_can_be_one(self, run: Run, file: Path, same):
        status, out, err = run("controllers", "import", str(file), "--same", same)
        assert (status, out) == (1, "") and "write SLUG=KEY" in err

    def test_with_faults_is_refused_line_by_line(self, run: Run, file: Path):
        file.write_bytes(a_file({"web": "javascript:x"}, {"name": "B", "country": "UK"}))
        status, out, err = run("controllers", "import", str(file))
        assert (status, out) == (1, "")
        assert [line.split(": ")[:3] for line in err.splitlines()] == [
            ["those.csv", "line 2", "web"],
            ["those.csv", "line 5", "country"],
            ["those.csv", "line 5", "slug"],
        ]
        assert run("controllers", "list")[1:] == ("", "There is no controller yet.\n")

    def test_that_is_not_there_is_one_sentence(self, run: Run, tmp_path: Path):
        status, out, err = run("controllers", "import", str(tmp_path / "none.csv"))
        assert (status, out) == (1, "") and err.startswith("tracker: ") and err.count("\n") == 1

    def test_is_listed_by_what_somebody_types(self, run: Run, file: Path):
        run("controllers", "import", str(file))
        assert "Example SE" in run("controllers", "list", "EXAMPLE.de")[1]
        assert run("controllers", "list", "nobody")[2] == "No controller fits “nobody”.\n"
