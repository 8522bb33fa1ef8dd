"""How cases and filings are cited, as files for programs that keep literature."""

import re

import pytest

from tests.reader import Reader
from tests.web.conftest import words_of
from tests.web.reused import LANGUAGES


def ris(visitor: Reader, address: str) -> dict[str, str]:
    answer = visitor.get(address)
    assert answer.mimetype == "application/x-research-info-systems"
    lines = answer.text.split("\r\n")
    assert lines.pop() == "" and lines[0] == "TY  - ELEC" and lines[-1] == "ER  - "
    return dict(re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", it).groups() for it in lines)  # type: ignore[union-attr]


class TestACitation:
    def test_names_who_what_when_and_where(self, reused, visitor: Reader):
        it = ris(visitor, "/cases/C001.ris")
        assert (it["AU"], it["TI"], it["ID"]) == ("noyb", "C001 Example: AI from posts", "C001")
        assert it["UR"] == "http://localhost/cases/C001" and it["PY"] == it["DA"][:4]
        assert it["UR"] in words_of(visitor.get("/cases/C001").text)
        assert ris(visitor, "/de/filings/C001-02.ris")["UR"] == "http://localhost/de/filings/C001-02"

    def test_is_the_same_as_bibtex(self, reused, visitor: Reader):
        answer = visitor.get("/filings/C001-01.bib")
        assert answer.mimetype == "application/x-bibtex"
        assert answer.text.startswith("@online{C001-01,\n  author = {{noyb}},\n")
        assert "url = {http://localhost/filings/C001-01}" in answer.text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_holds_any_text(self, hostile, visitor: Reader, language):
        assert "=1+1" in ris(visitor, f"{language}/cases/C001.ris")["AU"]
        text = visitor.get(f"{language}/cases/C001.bib").text
        assert "\x00" not in text and text.count("\n") == len(text.splitlines())
        bare = re.sub(r"\\[{}]|\\textbackslash\{\}", "", text)
        assert bare.count("{") == bare.count("}")

    @pytest.mark.parametrize("ending", [".ris", ".bib"])
    def test_of_what_is_not_there_is_not_there(self, reused, visitor: Reader, ending):
        visitor.get(f"/cases/C003{ending}", status=410)
        visitor.get(f"/cases/C002{ending}", status=404)
        assert visitor.get(f"/cases/c1{ending}", status=301).location == f"/cases/C001{ending}"
