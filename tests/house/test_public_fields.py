"""What may become public at all: written down a second time, so that nobody adds a field in passing."""

from tracker.rules.access import OPTIONAL_FIELDS, PUBLIC_FIELDS


def test_the_list_of_public_fields_is_the_one_that_was_agreed() -> None:
    """Whoever makes another field public has to say so here too, and in may_be_public() of test_leaks.py."""
    assert {kind: sorted(fields) for kind, fields in PUBLIC_FIELDS.items()} == {
        "case": (
            "claims controllers language ngo number outcome_text project requested sources summary title"
        ).split(),
        "filing": (
            "authority controllers country entered_by_authority handling lead lead_presumed lead_sentence "
            "lead_short lodged number outcome reference since stage"
        ).split(),
        "update": "actor day filings label number reference source step words".split(),
        "decision": (
            "appeal appeal_to decided decided_by decided_by_slug ecli entries filings findings fines "
            "language measures number reference source summary type"
        ).split(),
        "result": ["number", "result"],
        "finding": ["claim", "filing", "finding", "provision", "words"],
        "fine": ["against", "currency", "minor"],
        "measure": ["comply_by", "letter", "words"],
        "deadline": (
            "certain_on due_on filing met_on open owed_by paused_on period reasons start_number started_on"
        ).split(),
        "hearing": "cancelled court day filings place sequence starts_at uid what zone".split(),
        "text": ["language", "summary", "title"],
    }


def test_what_may_be_left_out_are_fields_of_the_case_and_two_parts() -> None:
    assert OPTIONAL_FIELDS - {"findings", "deadlines"} < PUBLIC_FIELDS["case"] - {"number", "title"}
