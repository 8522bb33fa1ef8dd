"""Acts of the desk that are nobody's business outside: what people do all day on a case that is public."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import same_respondent, told
from tracker import clock
from tracker.config import Settings
from tracker.db import db
from tracker.models import Update
from tracker.rules.access import SHELL, Actor
from tracker.rules.days import UNKNOWN_DAY
from tracker.rules.vocabulary import Outcome, Role
from tracker.services import (
    accounts,
    calendar_feed,
    cases,
    cases_amending,
    cases_drafts,
    cases_texts,
    chasing,
    controllers,
    decisions_hearings,
    evidence,
    filings,
    filings_assigning,
    outbox,
    publication,
    routing_overrides,
    silence_marks,
)
from tracker.services.cases_amending import Amended, SaidClaim, SaidComplainant
from tracker.services.cases_texts import NewText
from tracker.services.decisions_hearings import NewHearing


@dataclass
class Desk:
    """Where acts happen: the settings, and a person who has an account."""

    settings: Settings
    person: Actor

    def case(self) -> Any:
        """Return the case that is public in part."""
        return cases.get_case("C001")


SECRET = "Nobody outside should read this."
HEARING = NewHearing(
    court="at-dsb", day=date(2027, 6, 6), zone="Europe/Vienna", what=SECRET, filings=("C001-01",)
)


def _told(number: str, step: str, day: date, **more: Any) -> Callable[[Desk], object]:
    return lambda desk: told(number, step, day, "nl-ap", public=None, **more)


def _keep(desk: Desk) -> None:
    file = (io.BytesIO(SECRET.encode()), f"{SECRET}.txt")
    evidence.keep_all([file], desk.case(), folder=desk.settings.evidence, limit=1 << 20, by=desk.person)


def _amend(desk: Desk) -> None:
    case = desk.case()
    said = Amended(
        title=f"{case.title}, {SECRET}",
        summary=SECRET,
        project="Another project",
        facts=UNKNOWN_DAY,
        requested=("erase",),
        claims=(SaidClaim("5(1)(c)", SECRET),),
        complainants=(SaidComplainant("Z", "DE"),),
    )
    cases_amending.amend_case(case, said, seen=case.version, by=desk.person)


def _override(desk: Desk) -> None:
    filing = filings.get_filing("C001-01")
    routing_overrides.override(filing, controller_id=None, lead="fr-cnil", why=SECRET, by=desk.person)


def _mark(desk: Desk) -> None:
    query = sa.select(Update).where(Update.case_id == desk.case().id, Update.kind == "information")
    silence_marks.mark(db.session.scalars(query).one(), empty=True, answers=None, by=desk.person)


def _propose(desk: Desk) -> Any:
    case = desk.case()
    everything = [it.number for it in publication.records_of(case).counting]
    content = publication.content_of(
        case, filings=[it.number for it in case.filings], updates=everything, hearings=[1]
    )
    return publication.propose(case, content, note=SECRET, by=desk.person)


def _decline(desk: Desk) -> None:
    publication.decline(_propose(desk).id, note=SECRET, by=desk.person)


def _clear_later(desk: Desk) -> None:
    until = clock.now() + timedelta(days=9)
    publication.clear(_propose(desk).id, note=SECRET, by=SHELL, until=until)


def _write_mail(desk: Desk) -> None:
    user = accounts.get_user("editor@example.org")
    outbox.write(user, kind="daily", key="k", subject=SECRET, body=SECRET, site="https://desk.example.org")


def _open(desk: Desk) -> None:
    lodged(a_case(title=SECRET, respondents=same_respondent("C001"), project="Secret"), "ie-dpc")


def _change_account(desk: Desk) -> None:
    user = accounts.add_user(
        "new@example.org", name=SECRET, role=Role.READER, password_hash="x", by=desk.person
    )
    accounts.set_role(user, Role.LAWYER, by=desk.person)
    accounts.set_active(user, False, by=desk.person)


def _write_text(desk: Desk) -> None:
    cases_texts.write_texts(desk.case(), [NewText("fr", SECRET, SECRET)], seen={}, by=desk.person)


def _move(desk: Desk) -> None:
    other = NewHearing(
        court="at-dsb", day=date(2027, 7, 7), zone="Europe/Vienna", what=SECRET, filings=("C001-01",)
    )
    hearing = decisions_hearings.get_hearing(1)
    decisions_hearings.move_hearing(1, other, why=SECRET, seen=hearing.sequence, by=desk.person)


def _cancel(desk: Desk) -> None:
    hearing = decisions_hearings.get_hearing(1)
    decisions_hearings.cancel_hearing(1, why=SECRET, seen=hearing.sequence, by=desk.person)


def _register(desk: Desk) -> None:
    controllers.add_controller(controllers.NewController(name=SECRET, country="FR"), by=desk.person)


WON: Mapping[str, Any] = {"outcome": Outcome.WON, "irregular": SECRET}
#: In this order: what is done later may rest on what was done before.
ACTS: Mapping[str, Callable[[Desk], object]] = {
    "keeping a file": _keep,
    "an entry on the public filing": _told("C001-01", "admissible", date(2024, 8, 1), reference="secret"),
    "an entry on another filing": _told("C001-02", "acknowledged", date(2024, 9, 1)),
    "a report on progress": _told("C001-02", "information", date(2024, 10, 1)),
    "a decision": _told("C001-01", "national_decision", date(2024, 10, 1), **WON),
    "marking an entry": _mark,
    "a text in another language": _write_text,
    "setting a hearing": lambda desk: decisions_hearings.set_hearing(HEARING, by=desk.person),
    "moving it": _move,
    "cancelling it": _cancel,
    "overriding who leads": _override,
    "assigning a filing": lambda desk: filings_assigning.assign(
        ["C001-01"], desk.person.user_id, by=desk.person
    ),
    "writing reminders": lambda desk: chasing.write(["C001-01", "C001-02"], by=desk.person),
    "changing the case": _amend,
    "a draft": lambda desk: cases_drafts.save_draft(
        desk.person.user_id or 0, {"title": [SECRET]}, title=SECRET
    ),
    "opening another case": _open,
    "a controller in the register": _register,
    "an account": _change_account,
    "the address of a calendar": lambda desk: calendar_feed.make_address(
        accounts.get_user("editor@example.org"), by=desk.person
    ),
    "a mail": _write_mail,
    "proposing everything": _propose,
    "declining it": _decline,
    "clearing it under an embargo": _clear_later,
}
