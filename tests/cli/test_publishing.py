"""`tracker publish` and `tracker withdraw`: what is printed, and which warnings are answered."""

import re
from pathlib import Path

from tests.publishing import marks_in
from tests.test_cli import FACTS, Run


class TestPublishing:
    def test_and_withdrawing_and_rebuilding(self, run: Run, home: Path):
        run("import", str(FACTS))
        status, out, told = run("publish", "C081")
        assert (status, out) == (1, "")
        assert "nothing became public: look at each of them. Run it again with --looked-at" in told
        answers = marks_in(told)
        assert "1 warning is not answered" in run("publish", "C081", *answers[2:])[2]
        status, out, _ = run("publish", "C081", *answers)
        assert status == 0
        assert re.fullmatch(
            r"C081 is public\. For the first time: 11 filings, \d+ entries, \d+ decisions\.\n", out
        )
        again = run("publish", "C081", *answers)[1]
        assert again == "C081 is public. Nothing that is not public already.\n"
        status, out, _ = run("publish", "--rebuild")
        assert (status, out.splitlines()[:2]) == (0, ["1 case is public.", "    11 filings"])
        assert out.splitlines()[-1] == "     1 controller"
        assert run("withdraw", "C081")[:2] == (0, "C081 is withdrawn.\n")
