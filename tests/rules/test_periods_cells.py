"""Who owes each period, whose calendar ends it, by which law, when it runs, and what meets it.

Written down a second time, apart from the table, because a wrong cell there calls somebody late who was not,
or nobody who was: whoever changes one has to change his mind in both places. What begins a period, how long
it is and what follows stand on the page docs/periods.md, which is compared as well.
"""

import pytest

from tracker.reference import tables
from tracker.reference.periods import COLUMNS, FILE

#: Word to the complainant of progress or outcome (Art 77(2), 78(2)); `perhaps` by steps not addressed to us.
INFORMED = (
    "information forwarded admissible inadmissible early_resolution rejection_hearing prelim_findings "
    "final_upheld final_rejected final_split national_decision decided settled "
    "perhaps:lead_confirmed,local_proposed,local_handling,returned,investigation"
)
#: A decision on the complaint, or what ends it without one.
DECIDED = "final_upheld final_rejected final_split national_decision decided inadmissible settled"
#: Period -> who owes it, whose calendar, the way of counting, the conditions, the steps that meet it.
CELLS = {
    "G1": ("controller", "lead", "1182/71", "", "controller_reply"),
    "G2": ("controller", "lead", "1182/71", "", "controller_reply"),
    "G3": ("lead", "lead", "1182/71", "", "local_handling lead_confirmed"),
    "G4": ("lead", "lead", "1182/71", "", "draft_decision"),
    "G5": ("concerned", "concerned", "1182/71", "oss", "objection"),
    "G6": ("concerned", "concerned", "1182/71", "oss", "objection"),
    "G7": ("requested", "requested", "1182/71", "", "assistance_answer"),
    "G8": ("board", "EU", "1182/71", "", "board_opinion"),
    "G9": ("lead", "lead", "1182/71", "", ""),
    "G10": ("board", "EU", "1182/71", "oss", "binding_decision lead_confirmed returned"),
    "G11": ("board", "EU", "1182/71", "oss", "binding_decision"),
    "G12": ("adopting", "adopting", "1182/71", "oss", "final_upheld final_rejected final_split"),
    "G13": ("concerned", "concerned", "validity", "", ""),
    "G14": ("board", "EU", "1182/71", "", "urgent_board_decision"),
    "G15": ("lodged_with", "lodged_with", "1182/71", "", INFORMED),
    "G15-AGAIN": ("lodged_with", "lodged_with", "1182/71", "", INFORMED),
    "G16": ("lodged_with", "EU", "1182/71", "", INFORMED),
    "G16-COURT": ("us", "EU", "1182/71", "", "appeal inaction_action"),
    "G16-DECISION": ("us", "EU", "1182/71", "adverse", "appeal"),
    "G17": ("controller", "lead", "1182/71", "", ""),
    "P1": ("lodged_with", "lodged_with", "1182/71", "oss", "inadmissible"),
    "P2": (
        "lodged_with",
        "lodged_with",
        "1182/71",
        "oss passed_on",
        "forwarded local_proposed shown:lead_confirmed,local_handling",
    ),
    "P3": (
        "lead",
        "lead",
        "1182/71",
        "oss passed_on",
        "lead_confirmed lead_disputed returned shown:investigation,simple_cooperation",
    ),
    "P3-LEAD": (
        "lead",
        "lead",
        "1182/71",
        "oss led_here",
        "lead_confirmed lead_disputed returned shown:investigation,simple_cooperation",
    ),
    "P4": ("us", "lodged_with", "1182/71", "oss", "resumed views"),
    "P5": ("lodged_with", "lodged_with", "1182/71", "oss by_lodged_with", "settled"),
    "P6": ("lead", "lead", "1182/71", "oss by_lead", "draft_decision"),
    "P7": ("lead", "lead", "1182/71", "oss", "simple_cooperation"),
    "P8": ("concerned", "concerned", "1182/71", "oss", "simple_objection investigation"),
    "P9": ("lead", "lead", "1182/71", "", ""),
    "P10": ("lead", "lead", "1182/71", "oss normal", "key_issues"),
    "P11": ("concerned", "concerned", "1182/71", "oss heard", "key_issue_comments"),
    "P12": ("lead", "lead", "1182/71", "oss commented", "key_issue_answer"),
    "P13": ("concerned", "concerned", "1182/71", "oss", "assistance_request"),
    "P14": ("lead", "lead", "1182/71", "", ""),
    "P15": ("lead", "lead", "1182/71", "oss normal", "draft_decision"),
    "P16": ("lead", "lead", "1182/71", "oss normal", "deadline_extended"),
    "P17": ("concerned", "concerned", "1182/71", "oss draft_extended", ""),
    "P18": ("lead", "lead", "1182/71", "oss simple", "draft_decision"),
    "P19": ("us", "lodged_with", "1182/71", "oss heard", "views"),
    "P20": ("lodged_with", "lodged_with", "1182/71", "oss", ""),
    "P21": ("concerned", "concerned", "1182/71", "oss heard", "findings_comments"),
    "P22": ("controller", "lead", "1182/71", "oss heard", "views_of_party"),
    "P23": ("us", "lodged_with", "1182/71", "oss heard", "views"),
    "P24": ("lead", "lead", "1182/71", "oss not_objected may_uphold", "final_upheld final_split"),
    "P25": ("controller", "lead", "1182/71", "oss", "views_of_party"),
    "P26": ("controller", "lead", "1182/71", "", ""),
    "P27": ("lead", "lead", "1182/71", "oss objected", "revised_draft board_dispute"),
    "P28": ("board", "EU", "1182/71", "oss", "shown:binding_decision"),
    "P29": ("us", "EU", "1182/71", "", "views"),
    "P30": ("chair", "EU", "1182/71", "", ""),
    "P31": ("concerned", "concerned", "1182/71", "", ""),
    "P32": ("concerned", "concerned", "1182/71", "", "urgent_board_request"),
    "P33": ("concerned", "concerned", "validity", "", "final_upheld national_decision measures"),
    "AT-KNOWN": ("us", "AT", "limitation", "", "lodged"),
    "AT-EVENT": ("us", "AT", "limitation", "", "lodged"),
    "AT-DECISION": ("lodged_with", "lodged_with", "AT", "", DECIDED),
    "AT-SILENCE": ("lodged_with", "lodged_with", "AT", "", INFORMED),
    "AT-BVWG": ("us", "AT", "AT", "adverse", "appeal"),
    "ES-ADMISSION": (
        "lodged_with",
        "lodged_with",
        "ES",
        "",
        "admissible inadmissible forwarded defect_notice",
    ),
    "ES-RIGHTS": ("lodged_with", "lodged_with", "ES", "", DECIDED),
    "ES-SANCTION": ("lodged_with", "lodged_with", "ES", "", DECIDED),
    "ES-WARNING": ("lodged_with", "lodged_with", "ES", "", DECIDED),
    "ES-INQUIRY": ("lodged_with", "lodged_with", "ES", "", ""),
    "ES-REPOSICION": ("us", "ES", "ES", "adverse", "appeal"),
    "ES-COURT": ("us", "ES", "ES-COURT", "adverse", "appeal"),
    "FR-SILENCE": ("lodged_with", "lodged_with", "FR-DATE", "", INFORMED),
    "FR-COURT": ("us", "FR", "FR", "adverse", "appeal"),
    "FR-IMPLICIT": ("us", "FR", "FR", "", "appeal inaction_action"),
    "IE-APPEAL": ("us", "IE", "IE", "adverse", "appeal"),
    "IE-SILENCE": ("lodged_with", "lodged_with", "IE", "", INFORMED),
    "DE-COURT": ("us", "handling", "DE", "adverse", "appeal"),
    "DE-NOREMEDY": ("us", "handling", "DE", "", "appeal"),
    "DE-INACTION": ("lodged_with", "lodged_with", "DE", "", DECIDED),
    "IT-DECISION": ("lodged_with", "lodged_with", "IT", "", DECIDED),
    "IT-COURT": ("us", "IT", "IT-COURT", "adverse", "appeal"),
    "BE-COURT": ("us", "BE", "BE", "adverse", "appeal"),
    "NL-OBJECTION": ("us", "NL", "NL", "adverse", "appeal"),
    "NL-DEFAULT": ("lodged_with", "lodged_with", "NL", "", DECIDED),
    "SE-REQUEST": ("lodged_with", "lodged_with", "SE", "", DECIDED),
    "SE-APPEAL": ("us", "SE", "SE", "adverse", "appeal"),
    "LU-COURT": ("us", "LU", "LU", "adverse", "appeal"),
    "NO-APPEAL": ("us", "NO", "NO", "adverse", "appeal"),
    "PL-COURT": ("us", "PL", "PL", "adverse", "appeal"),
    "OWN-REMEDY": ("us", "lodged_with", "national", "", "views submission admissible inadmissible"),
    "OWN-VIEWS": ("us", "lodged_with", "national", "old", "views submission"),
    "OWN-COURT": ("us", "handling", "national", "", "views submission"),
    "OWN-OTHER": ("us", "lodged_with", "national", "", ""),
    "THEIR-OTHER": ("handling", "handling", "national", "", ""),
    "OWN-APPEAL": ("us", "handling", "national", "adverse unlisted", "appeal"),
    "ORDER": ("controller", "lead", "national", "", "measures"),
}


@pytest.mark.parametrize("line", tables.rows(FILE, COLUMNS), ids=lambda it: it["id"])
def test_a_period_is_owed_counted_and_met_as_it_is_written_down_here(line):
    assert tuple(line[it] for it in ("owes", "place", "way", "only", "met")) == CELLS[line["id"]]


def test_no_period_is_missing():
    assert list(CELLS) == [it["id"] for it in tables.rows(FILE, COLUMNS)]
