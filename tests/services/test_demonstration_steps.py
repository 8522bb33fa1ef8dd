"""The real events of the demo cases: which step of the procedure each of them is."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tests.campaigns import real_cases, take_in
from tracker.db import db
from tracker.models import Case, Filing, Update
from tracker.reference import tables
from tracker.rules.procedure import Fault
from tracker.services import cases, procedure

#: Every event in the order of the file: day, kind, step (of its kind, where it concerns a case as a whole).
EVENTS = """
meta-ai-training-2024
  2024-03    consultation             consultation
  2024-05-22 controller_announcement  announcement
  2024-06-06 complaint_filed          lodged
  2024-06-10 controller_statement     statement
  2024-06-12 submission               submission
  2024-06-14 statement                statement
  2024-06-26 planned_start            announcement
  2024-09-02 transfer_to_lead         forwarded
  2024-12-17 opinion_art64            board_opinion
  2025-04-14 controller_announcement  announcement
  2025-04-30 cease_and_desist         cease_and_desist
  2025-05-12 court_action             other_action
  2025-05-14 cease_and_desist         cease_and_desist
  2025-05-21 statement                statement
  2025-05-22 court_hearing            court_hearing
  2025-05-23 court_judgment           judgment
  2025-05-27 urgency_not_opened       urgency_refused
  2025-05-27 processing_starts        processing_starts
  2025-08-12 court_judgment           judgment
forced-consent-2018
  2018-05-25 complaint_filed          lodged
  2019-01-21 decision                 national_decision
  2020-06-19 court_judgment           judgment
  2021-10-06 draft_decision           draft_decision
  2022-07-25 referral_art65           board_dispute
  2022-08-19 referral_art65           board_dispute
  2022-12-05 binding_decision         binding_decision
  2022-12-31 decision                 final_upheld
  2023-01-04 publication              publication
  2023-01-12 decision                 final_upheld
  2023-01-19 publication              publication
  2023-04-05 compliance_report        measures
  2023-06-19 court_action             other_action
  2023-07-14 urgency_measure_art66    urgency_measure
  2023-09-06 court_judgment           judgment
  2023-10-27 urgent_binding_decision  urgent_board_decision
  2024-01-08 court_action             other_action
  2025-01-29 court_judgment           board_challenge_decided
transfers-101-2020
  2020-07-16 court_judgment           judgment
  2020-08-17 complaint_filed          lodged
  2020-09    task_force               task_force
  2020-09-22 withdrawal               withdrawn
  2021-12-22 decision                 national_decision
  2022-02-10 formal_notice            formal_notice
  2022-03-02 formal_notice            formal_notice
  2022-06-09 decision                 national_decision
  2022-06-23 publication              publication
  2023-03-06 decision                 decided
  2023-03-28 task_force_report        publication
  2023-07-03 decision                 final_upheld
  2023-07-26 decision                 final_upheld
  2023-08-17 status_report            statement
  -          decision                 decided
  2024-09-06 dismissal                national_decision
x-grok-2024
  2024-05-07 processing_starts        processing_starts
  2024-07-26 publication              publication
  2024-08-06 court_action             other_action
  2024-08-07 court_hearing            court_hearing
  2024-08-12 complaint_filed          lodged
  2024-09-04 undertaking              undertaking
  2025-04-11 inquiry_opened           own_inquiry
openai-accuracy-2024
  2024-04-29 complaint_filed          lodged
  2025-03-20 complaint_filed          lodged
bereal-2024
  2024-07    processing_starts        processing_starts
  2024-12-12 complaint_filed          lodged
pinterest-2024
  2023-07-04 court_judgment           judgment
  2024-10-22 complaint_filed          lodged
"""
#: Where the filings stand that are not merely lodged: stage and outcome.
STAND = """
meta-ai-nl      forwarded         pending
fc-google       national_decision won
fc-facebook     measures          won
fc-instagram    measures          won
fc-whatsapp     final_upheld      won
t101-netdoktor  national_decision partly_won
t101-at-media   decided           partly_won
t101-caffeina   national_decision won
t101-tele2      final_upheld      won
t101-cdon       final_upheld      won
t101-coop-se    final_upheld      won
t101-di-se      final_upheld      won
t101-telenor    final_upheld      won
t101-cna        decided           won
t101-roularta   national_decision lost
t101-li-1       withdrawn         withdrawn
t101-li-2       withdrawn         withdrawn
t101-li-3       withdrawn         withdrawn
"""


def listed(text):
    """Return the rows of a listing, each as its words; a line that begins a case heads those below it."""
    rows, case = [], None
    for line in text.strip().splitlines():
        if line.startswith("  "):
            rows.append((case, *line.split()))
        elif len(line.split()) == 1:
            case = line
        else:
            rows.append(tuple(line.split()))
    return rows


@pytest.fixture
def demo(app):
    """The seven real cases, taken in."""
    take_in(*real_cases()["campaigns"])


@pytest.mark.usefixtures("demo")
class TestTheRealEvents:
    def test_are_each_a_step_of_the_procedure(self):
        kinds = tables.event_kinds()
        query = sa.select(Update).join(Case, Case.id == Update.case_id).order_by(Case.id, Update.number)
        keys = {it.id: it.key for it in db.session.scalars(sa.select(Case))}
        found = []
        for it in db.session.scalars(query.options(selectinload(Update.filings))):
            steps = {each.step for each in it.filings} or {kinds[it.kind].step}
            assert len(steps) == 1, it.words
            found.append((keys[it.case_id], it.day.iso or "-", it.kind, *steps))
        assert len(found) == 66
        assert found == listed(EVENTS)

    def test_lead_the_filings_where_they_stood_before_every_event_was_a_step(self):
        rows = db.session.execute(sa.select(Filing.key, Filing.stage, Filing.outcome))
        moved = {row.key: (row.stage, row.outcome.value) for row in rows if row.stage != "lodged"}
        assert moved == {key: (stage, outcome) for key, stage, outcome in listed(STAND)}

    def test_contradict_the_procedure_nowhere(self):
        """What the sources do not tell is missing, and nothing is out of order."""
        faults = {
            it.fault
            for number in db.session.scalars(sa.select(Case.number))
            for walk in procedure.walks_of(cases.get_case(number).filings).values()
            for it in walk.irregularities
        }
        assert faults == {Fault.GAP}

    def test_raise_the_flags_of_the_forced_consent_case(self):
        (facebook,) = [it for it in cases.get_case("C082").filings if it.key == "fc-facebook"]
        flags = procedure.walks_of([facebook])[facebook.id].flags
        assert [
            (it.flag.code, it.began and it.began.day.iso, it.ended and it.ended.day.iso) for it in flags
        ] == [
            ("urgency_66_1", "2023-07-14", None),
            ("urgent_board_66_2", None, "2023-10-27"),
            ("board_decision_challenged", None, "2025-01-29"),
        ]


def test_every_kind_of_event_is_a_step_of_the_table():
    assert [it.kind for it in tables.event_kinds().values() if it.step is None] == []
