"""Who may do what: one table of acts, and the list of what may become public.

An act that is not in the table is refused, and so is an endpoint that names none (web/guard.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.rules.vocabulary import Role

R, A, L, E, ADMIN = Role.READER, Role.ADVOCATE, Role.LAWYER, Role.EDITOR, Role.ADMIN
CONTENT = frozenset({R, A, L, E})

#: act -> the roles that may do it. docs/roles.md shows this table; a test keeps the two alike.
ACTS: Mapping[str, frozenset[Role]] = {
    "desk.start": frozenset(Role),
    "account.own": frozenset(Role),
    "authority.read": frozenset(Role),
    "case.read": CONTENT,
    "case.open": frozenset({A, L}),
    "case.amend": frozenset({A, L}),
    "case.translate": frozenset({A, L, E}),
    "controller.read": CONTENT,
    "controller.amend": frozenset({A, L}),
    "controller.import": frozenset({A, L}),
    "filing.read": CONTENT,
    "filing.lodge": frozenset({A, L}),
    "chronology.make": frozenset({A, L}),
    "filing.assign": frozenset({A, L}),
    "docket.read": CONTENT,
    "deadline.record": frozenset({A, L}),
    "update.record": frozenset({A, L}),
    "news.mark": frozenset({A, L}),
    "reminder.send": frozenset({A, L}),
    "reminder.template": frozenset({L}),
    "route.confirm": frozenset({A, L}),
    "route.override": frozenset({L}),
    "decision.read": CONTENT,
    "decision.record": frozenset({A, L}),
    "evidence.read": CONTENT,
    "evidence.keep": frozenset({A, L}),
    "publication.read": CONTENT,
    "publication.propose": frozenset({A, L, E}),
    "publication.clear": frozenset({E}),
    "publication.withdraw": frozenset({E}),
    "people.manage": frozenset({ADMIN}),
    "people.hand_over": frozenset({L, ADMIN}),
}

#: What anybody may call without an account: the sign-in page and the style sheets.
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a plain value that outlives the row it was read from. `key` is what the journal keeps."""

    key: str
    name: str
    role: Role | None
    user_id: int | None = None


#: The person at the terminal: owns the files, so may do everything; the journal says so.
SHELL = Actor("shell", "command line", None)


def may(actor: Actor | None, act: str) -> bool:
    """Return whether the actor may do the act. Unknown acts and nobody are refused."""
    if act == OPEN:
        return True
    if actor is None or act not in ACTS:
        return False
    return actor == SHELL or actor.role in ACTS[act]


#: What publication copies, and nothing else (security.md D1). A name that is not here stays inside.
PUBLIC_FIELDS: Mapping[str, frozenset[str]] = {
    "case": frozenset(
        {
            "number",
            "title",
            "summary",
            "ngo",
            "project",
            "controllers",
            "claims",
            "requested",
            "outcome_text",
            "sources",
            "language",
        }
    ),
    "filing": frozenset(
        {
            "number",
            "authority",
            "country",
            "lodged",
            "stage",
            "since",
            "outcome",
            "entered_by_authority",
            "lead",
            "lead_presumed",
            "lead_sentence",
            "lead_short",
            "handling",
            "reference",
            "controllers",
        }
    ),
    "update": frozenset(
        {"number", "day", "step", "label", "actor", "words", "filings", "source", "reference"}
    ),
    #: The number is the one at the desk, by which it is chosen; it is not copied.
    "decision": frozenset(
        {
            "number",
            "type",
            "decided_by",
            "decided_by_slug",
            "decided",
            "reference",
            "ecli",
            "language",
            "source",
            "summary",
            "appeal",
            "appeal_to",
            "filings",
            "findings",
            "fines",
            "measures",
            "entries",
        }
    ),
    "result": frozenset({"number", "result"}),
    "finding": frozenset({"filing", "claim", "provision", "finding", "words"}),
    "fine": frozenset({"minor", "currency", "against"}),
    "measure": frozenset({"letter", "words", "comply_by"}),
    "deadline": frozenset(
        {
            "filing",
            "period",
            "owed_by",
            "start_number",
            "started_on",
            "due_on",
            "certain_on",
            "met_on",
            "paused_on",
            "open",
            "reasons",
        }
    ),
    "hearing": frozenset(
        {"uid", "sequence", "filings", "court", "place", "day", "starts_at", "zone", "what", "cancelled"}
    ),
    "text": frozenset({"language", "title", "summary"}),
}

#: What of a case a publication may leave out, besides filings, entries, decisions, hearings and languages:
#: number and title never, "findings" are those of decisions on claims.
OPTIONAL_FIELDS = frozenset(
    {
        "summary",
        "claims",
        "requested",
        "outcome_text",
        "project",
        "controllers",
        "sources",
        "findings",
        "deadlines",
    }
)
