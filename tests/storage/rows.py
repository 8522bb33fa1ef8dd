"""Rows for every table of every revision, so that a migration is tried with something in the store."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.storage import rows_deadlines, rows_mail, rows_public, rows_reminders
from tests.storage.rows_decisions import DAY, NOON, add_decisions
from tests.storage.rows_public import write
from tracker import models as m
from tracker.rules.vocabulary import (
    ComplainantType,
    Medium,
    Outcome,
    Precision,
    PublicationState,
    Role,
    WithdrawalReason,
)


def first_private(
    session: Session, *, controller: Any = None, establishment: Any = None, **of_a_run: object
) -> None:
    """Write one row into every table of private_0001, each with what later revisions need."""
    directory = (
        "slug country region_code region scope name name_en abbr languages website email phone address "
        "complaint_form accepts_email source cross_check notes"
    ).split()
    session.add_all(
        [
            m.Authority(**dict.fromkeys(directory, "é"), retired=False),
            m.Project(id=1, slug="ai", name="Künstliche Intelligenz"),
            m.User(
                id=1,
                email="a@demo.example",
                name="A",
                password="x",
                active=True,
                role=Role.EDITOR,
                fs_uniquifier="u",
                created_at=NOON,
            ),
            m.SignInAttempt(id=1, email="a@demo.example", address="::1", at=NOON),
            m.StoredFile(sha256="ab", bytes=2, media_type="text/plain", stored_at=NOON),
            m.Import(id=1, name="cases.yaml", sha256="cd", at=NOON, actor="shell"),
        ]
    )
    session.flush()
    # Not as objects: these would say something of the columns that later revisions add.
    case = {"id": 1, "number": "C081", "title": "T", "folded": "t", "ngo": "noyb", "summary": ""}
    case |= {"project_id": 1, "facts_precision": "unknown", "requested": '["stop"]', "version": 1}
    case |= {"totals": '{"announced": 11}', "opened_at": NOON, "opened_by": "shell", "own_number": False}
    # What private_0015 wants of every case, which no revision before has a place for.
    there = {it["name"] for it in sa.inspect(session.connection()).get_columns("cases")}
    write(session, "cases", **case, **({"language": "en"} if "language" in there else {}))
    write(
        session,
        "controllers",
        id=1,
        name="Meta",
        folded="meta",
        country="IE",
        main_establishment_said="IE",
        establishments_known="yes",
        targets_eea="unknown",
        decided_outside_eea="no",
        website="https://www.Meta.com",
        **(controller or {}),
    )
    place = {"id": 1, "controller_id": 1, "place": "IE", "since": DAY, "origin": "file"}
    place |= establishment or {}
    write(session, "establishments", **place, central="yes", decides="yes", implements="unknown")
    session.add_all(
        [
            m.CaseDraft(id=1, owner_id=1, title="D", typed={"title": ["D"]}, saved_at=NOON),
            m.ImportedItem(id=1, import_id=1, kind="case", key="k", number="C081"),
        ]
    )
    session.flush()
    respondent = {"id": 1, "case_id": 1, "controller_id": 1, "position": 1, "affected": ["DE-BY"]}
    session.execute(sa.insert(m.CaseController.__table__).values(respondent))
    person = {"id": 1, "case_id": 1, "pseudonym": "A"}
    session.execute(sa.insert(m.Complainant.__table__).values(person))
    session.add_all(
        [
            m.Claim(id=1, case_id=1, position=1, provision="6(1)(f)"),
            m.Entry(
                id=1, at=NOON, actor="shell", act="case.open", subject="C081", case_id=1, detail={"n": 1}
            ),
        ]
    )
    session.flush()
    told = {"id": 1, "case_id": 1, "number": 1, "kind": "lodged", "happened_on": DAY, "actor": "noyb"}
    told |= {"happened_precision": Precision.DAY, "actor_slug": "é", "words": "w", "medium": Medium.LETTER}
    session.execute(
        sa.insert(m.Update.__table__).values(told | {"recorded_at": NOON, "recorded_by": "shell"})
    )
    proposal = {"id": 1, "case_id": 1, "state": PublicationState.PROPOSED, "content": {}, "note": ""}
    proposal |= {"proposed_by": "user:1", "proposed_at": NOON}
    session.execute(sa.insert(m.Publication.__table__).values(proposal))
    session.execute(
        sa.insert(m.Filing.__table__).values(
            id=1,
            number="C081-01",
            case_id=1,
            position=1,
            authority_slug="é",
            country="AT",
            complainant_id=1,
            complainant_type=ComplainantType.NGO_OWN_NAME,
            lodged_on=DAY,
            lodged_precision=Precision.DAY,
            extra={},
            stage="lodged",
            since_precision=Precision.UNKNOWN,
            outcome=Outcome.PENDING,
            touched_at=NOON,
            version=1,
        )
    )
    run = {"id": 1, "filing_id": 1, "controller_id": 1, "current": True, "facts": {}, "reason": "r"}
    run |= {"result": {"lead": "ie-dpc"}, "rules_version": "1", "computed_at": NOON, **of_a_run}
    session.execute(sa.insert(m.Route.__table__).values(run))
    session.add_all(
        [
            m.FilingController(filing_id=1, controller_id=1, position=1),
            m.Reference(id=1, filing_id=1, position=1, owner="authority", value="D124"),
            m.UpdateFiling(update_id=1, filing_id=1, position=1),
            m.Evidence(
                id=1,
                case_id=1,
                filing_id=1,
                update_id=1,
                exhibit=1,
                sha256="ab",
                original_name="ä.pdf",
                title="t",
                kept_at=NOON,
                kept_by="shell",
            ),
        ]
    )


def with_processing(session: Session, **later: Any) -> None:
    """Write the rows of private_0001, and what private_0002 adds to them."""
    first_private(session, **later)
    session.execute(sa.update(m.CaseController).values(processing={"decides": {"IE": "no"}}))


def with_places(session: Session, **later: Any) -> None:
    """Write the rows of private_0002, and the table that private_0003 adds."""
    with_processing(session, **later)
    session.add(m.SignInPlace(id=1, place="ef", at=NOON))


def with_withdrawal(session: Session, **later: Any) -> None:
    """Write the rows of private_0003, and what private_0004 adds to them."""
    with_places(session, **later)
    session.execute(sa.update(m.Publication).values(withdrawn_by="é", withdrawn_at=NOON, withdrawal_note="é"))


def with_register(session: Session, **later: Any) -> None:
    """Write the rows of private_0004, and the tables and columns that private_0005 adds."""
    new = {"controller": {"searched": "e"}, "establishment": {"main_processing": "no"}}
    with_withdrawal(session, **new, **later)
    session.execute(sa.update(m.Controller).values(brands=["é"], parent_id=1))
    session.execute(sa.update(m.Establishment).values(evidence={"place": "é"}))
    session.add_all(
        [
            m.ControllerRevision(id=1, controller_id=1, number=1, at=NOON, actor="shell", said={"name": "é"}),
            m.ControllerKey(id=1, slug="meta", controller_id=1, said={"name": "é"}),
        ]
    )


def with_standing(session: Session) -> None:
    """Write the rows of private_0005, and what private_0006 adds to them."""
    with_register(session, issue="gdpr", instead_of_id=1, confirmed_at=NOON, confirmed_by="é")
    session.execute(sa.update(m.Update).values(lead_act="confirmed", lead_named="é"))
    of = {"filing_id": 1, "controller_id": 1, "route_id": 1, "lead": "é", "why": "é"}
    session.add(m.RouteOverride(id=1, **of, made_at=NOON, made_by="é"))


def with_places_of_77(session: Session) -> None:
    """Write the rows of private_0006, and what private_0007 adds to them."""
    with_standing(session)
    session.execute(sa.update(m.Complainant).values(workplace="DE-BY"))
    session.execute(sa.update(m.Case).values(infringement_place="AT"))


def with_deadlines(session: Session) -> None:
    """Write the rows of private_0007, and the tables and columns that private_0008 adds."""
    with_places_of_77(session)
    session.execute(sa.update(m.Filing).values(responsible_id=1))
    session.execute(sa.update(m.Update).values(irregular="é"))
    days = dict.fromkeys("started_on nominal_on due_on safe_on certain_on met_on paused_on".split(), DAY)
    state = {"open": True, "own": False, "extended": True, "gone": False, "waived": "é", "met_number": 1}
    about = {
        "period": "G15",
        "start_number": 0,
        "owes": "lodged_with",
        "owes_slug": "é",
        "rules_version": "1",
    }
    session.add(
        m.Deadline(
            id=1,
            filing_id=1,
            **about,
            **state,
            **days,
            started_precision=Precision.DAY,
            counted={"length": "+3m"},
            computed_at=NOON,
        )
    )
    session.flush()
    rows_deadlines.change(session)
    session.add(
        m.DeadlineAct(update_id=1, act="extend", period="G15", start_number=0, until_on=DAY, more="+2m")
    )


def with_mail(session: Session) -> None:
    """Write the rows of private_0009, and one into every table that private_0010 adds."""
    with_decisions(session)
    rows_mail.mail(session)


def with_reminders(session: Session) -> None:
    """Write the rows of private_0010, and the tables that private_0011 adds."""
    with_mail(session)
    rows_reminders.reminders(session)


def with_all_days(session: Session) -> None:
    """Write the rows of private_0011, and what private_0012 adds to them."""
    with_reminders(session)
    rows_deadlines.all_days(session)


def with_texts(session: Session) -> None:
    """Write the rows of private_0012, and one into the table that private_0013 adds."""
    with_all_days(session)
    session.add(
        m.CaseText(
            id=1, case_id=1, language="de", title="T", summary="Z", written_by="shell", written_at=NOON
        )
    )


def with_embargo(session: Session) -> None:
    """Write the rows of private_0013, and what private_0014 adds to them."""
    with_texts(session)
    held = {"embargo_until": NOON, "withdrawal_reason": WithdrawalReason.PERSON}
    session.execute(sa.update(m.Publication).values(**held))


def with_language(session: Session) -> None:
    """Write the rows of private_0014, and what private_0015 adds to them."""
    with_embargo(session)
    session.execute(sa.update(m.Case).values(language="de"))


def with_decisions(session: Session) -> None:
    """Write the rows of private_0008, and the tables that private_0009 adds."""
    with_deadlines(session)
    add_decisions(session)


#: By revision: what writes a row into every table that it has. The models are those of the newest revision,
#: so when one is added, the functions of the older ones say their rows in SQL.
ROWS: dict[str, Callable[[Session], None]] = {
    "private_0001": first_private,
    "private_0002": with_processing,
    "private_0003": with_places,
    "private_0004": with_withdrawal,
    "private_0005": with_register,
    "private_0006": with_standing,
    "private_0007": with_places_of_77,
    "private_0008": with_deadlines,
    "private_0009": with_decisions,
    "private_0010": with_mail,
    "private_0011": with_reminders,
    "private_0012": with_all_days,
    "private_0013": with_texts,
    "private_0014": with_embargo,
    "private_0015": with_language,
    "public_0001": rows_public.first_public,
    "public_0002": rows_public.presumed_public,
    "public_0003": rows_public.in_one_line_public,
    "public_0004": rows_public.handled_public,
    "public_0005": rows_public.course_public,
    "public_0006": rows_public.index_public,
    "public_0007": rows_public.wordless_public,
    "public_0008": rows_public.taken_back_public,
}
