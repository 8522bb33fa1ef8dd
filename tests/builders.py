"""Builders: they fill in what a test does not care about; the test names what matters."""

from datetime import date
from typing import Any

from tracker.models import Case, Filing
from tracker.rules.access import Actor
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Role
from tracker.services import cases, filings
from tracker.services.cases import NewCase, NewClaim, NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment

#: A cost that makes tests quick; the program's own stands in web/account.py.
CHEAP_ARGON2 = {"memory_cost": 1024, "rounds": 1, "parallelism": 1}

ANN = Actor("user:1", "Ann", Role.ADVOCATE, 1)
DAY = date(2024, 6, 6)
DUBLIN = NewController(
    name="Example Platforms Ireland Limited",
    country="IE",
    establishments=(NewEstablishment("IE", central=Answer.YES),),
)
#: It decides in Dublin, for the processing of the case.
IN_DUBLIN = Processing(decides={"IE": Answer.YES})


def a_case(*, by: Actor = ANN, **values: Any) -> Case:
    """Open a case against a Dublin company whose users in the whole EEA are affected; return it loaded."""
    new = {
        "title": "Example: personal data to train AI",
        "ngo": "noyb",
        "respondents": (Respondent(new=DUBLIN, affected=("EEA",), processing=IN_DUBLIN),),
        "claims": (NewClaim("6(1)(f)"),),
        "complainants": (NewComplainant("A", "AT"), NewComplainant("B", "FR")),
        **values,
    }
    return cases.get_case(cases.open_case(NewCase(**new), by=by).number)


def lodged(case: Case, *slugs: str, on: date = DAY, by: Actor = ANN) -> list[Filing]:
    """Lodge a case with the authorities and return the filings."""
    return filings.lodge_complaint(case, [filings.Wanted(it) for it in slugs], lodged_on=on, by=by)
