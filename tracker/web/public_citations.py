"""How a case or a filing is cited, as programs for literature read it: RIS and BibTeX."""

import re

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from tracker.rules import numbers
from tracker.rules.text import legible
from tracker.services import public_site as site
from tracker.web import languages
from tracker.web.public import canonical, views
from tracker.web.public_forms import FORMS, data, moved, permanent

RIS, BIB = {"form": "ris"}, {"form": "bib"}
#: What means something in BibTeX, and how it is written so that it means itself.
MEANS = re.compile(r"[\\{}$&#%_^~]")
WRITTEN = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


@views.get("/cases/<number>.ris", defaults=RIS)
@views.get("/cases/<number>.bib", defaults=BIB)
def case_citation(number: str, form: str) -> AnyResponse:
    """Give how a case is cited."""
    known = canonical(numbers.read_case, number)
    if known != number:
        return moved("case_citation", number=known, form=form)
    page = site.case_page(number, language=languages.language())
    return _cited(number, page.case, permanent("case", number=number), form)


@views.get("/filings/<number>.ris", defaults=RIS)
@views.get("/filings/<number>.bib", defaults=BIB)
def filing_citation(number: str, form: str) -> AnyResponse:
    """Give how a filing is cited."""
    known = canonical(numbers.read_filing, number)
    if known != number:
        return moved("filing_citation", number=known, form=form)
    page = site.filing_page(number, language=languages.language())
    return _cited(number, page.case, permanent("filing", number=number), form)


def _cited(number: str, case: site.CaseRecord, address: str, form: str) -> Response:
    title, author = f"{number} {_line(case.title.words)}", _line(case.ngo)
    day = case.cleared_at.date() if case.cleared_at else None
    if form == "ris":
        fields = [("TY", "ELEC"), ("AU", author), ("TI", title)]
        fields += [("PY", f"{day:%Y}"), ("DA", f"{day:%Y/%m/%d}")] if day else []
        fields += [("LA", case.title.language), ("UR", address), ("ID", number), ("ER", "")]
        body = "".join(f"{tag}  - {words}\r\n" for tag, words in fields)
    else:
        said = {"author": f"{{{_bib(author)}}}", "title": f"{{{_bib(title)}}}"}
        said |= {"year": f"{day:%Y}", "date": f"{day:%Y-%m-%d}"} if day else {}
        said |= {"langid": case.title.language, "url": address}
        lines = ",\n".join(f"  {name} = {{{words}}}" for name, words in said.items())
        body = f"@online{{{number},\n{lines}\n}}\n"
    return data(body, FORMS[form][1], f"{number}.{form}")


def _line(words: str) -> str:
    return " ".join(legible(words).split())


def _bib(words: str) -> str:
    return MEANS.sub(lambda it: WRITTEN.get(it[0], f"\\{it[0]}"), words)
