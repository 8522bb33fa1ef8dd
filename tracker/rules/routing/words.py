"""The codes of a route, and what they say in plain words.

The value of a member is the code under which a result is stored.
"""

import enum
from collections.abc import Mapping
from typing import Literal

#: Which half of Art 4(23) makes the processing cross-border; None beside these is not known.
CrossBorder = Literal["4(23)(a)", "4(23)(b)", "none"]


class Procedure(enum.Enum):
    """How the complaint is handled."""

    OSS_60 = "OSS_60"
    LOCAL_56_2 = "LOCAL_56_2"
    TERRITORIAL_55_1 = "TERRITORIAL_55_1"
    PUBLIC_55_2 = "PUBLIC_55_2"
    NATIONAL_EPRIVACY = "NATIONAL_EPRIVACY"
    EUDPR = "EUDPR"
    NONE_COURT = "NONE_COURT"
    NONE_GDPR = "NONE_GDPR"
    CONTESTED = "CONTESTED"


class Reason(enum.Enum):
    """Why an authority leads, is presumed to lead, or why none does."""

    LEAD_MAIN_ESTABLISHMENT_CA = "LEAD_MAIN_ESTABLISHMENT_CA"
    LEAD_MAIN_ESTABLISHMENT_DECISIONS = "LEAD_MAIN_ESTABLISHMENT_DECISIONS"
    LEAD_SINGLE_ESTABLISHMENT = "LEAD_SINGLE_ESTABLISHMENT"
    LEAD_PROCESSOR_CA = "LEAD_PROCESSOR_CA"
    LEAD_PROCESSOR_MAIN_ACTIVITIES = "LEAD_PROCESSOR_MAIN_ACTIVITIES"
    UNDETERMINED_PRESUMED_CA = "UNDETERMINED_PRESUMED_CA"
    UNDETERMINED_CONFLICT = "UNDETERMINED_CONFLICT"
    UNDETERMINED_ENDED_BEFORE_MOVE = "UNDETERMINED_ENDED_BEFORE_MOVE"
    NOLEAD_NO_EEA_ESTABLISHMENT = "NOLEAD_NO_EEA_ESTABLISHMENT"
    NOLEAD_DECISIONS_OUTSIDE_EEA = "NOLEAD_DECISIONS_OUTSIDE_EEA"
    NOLEAD_NOT_CROSS_BORDER = "NOLEAD_NOT_CROSS_BORDER"
    NOLEAD_PUBLIC_55_2 = "NOLEAD_PUBLIC_55_2"
    NOLEAD_EPRIVACY = "NOLEAD_EPRIVACY"
    NOLEAD_EU_INSTITUTION = "NOLEAD_EU_INSTITUTION"
    NOLEAD_COURT = "NOLEAD_COURT"
    NOLEAD_GDPR_NA = "NOLEAD_GDPR_NA"


class RouteWarning(enum.Enum):
    """What the reader of a route must know besides the result. The order is the order of display."""

    W_CHANGE_PENDING = "W_CHANGE_PENDING"
    W_ENDED_BEFORE_MOVE = "W_ENDED_BEFORE_MOVE"
    W_DECISIONS_UNKNOWN = "W_DECISIONS_UNKNOWN"
    W_BURDEN_OF_PROOF = "W_BURDEN_OF_PROOF"
    W_SINGLE_ESTABLISHMENT_NO_DECISIONS = "W_SINGLE_ESTABLISHMENT_NO_DECISIONS"
    W_DE_LAND_NEEDED = "W_DE_LAND_NEEDED"
    W_ART85 = "W_ART85"
    W_ART91 = "W_ART91"
    W_EPRIVACY_SPLIT = "W_EPRIVACY_SPLIT"
    W_LOCAL_56_2 = "W_LOCAL_56_2"
    W_JOINT_CONTROLLERS = "W_JOINT_CONTROLLERS"
    W_LODGED_OUTSIDE_77 = "W_LODGED_OUTSIDE_77"
    W_REP_NOT_ESTABLISHMENT = "W_REP_NOT_ESTABLISHMENT"
    W_NO_ENFORCEMENT = "W_NO_ENFORCEMENT"
    W_BREXIT = "W_BREXIT"
    W_CH_PARALLEL = "W_CH_PARALLEL"


#: Procedures without cooperation: what stopped before it was asked whether the processing is cross-border.
STOPPED = frozenset(
    {
        Procedure.EUDPR,
        Procedure.NONE_COURT,
        Procedure.NONE_GDPR,
        Procedure.NATIONAL_EPRIVACY,
        Procedure.PUBLIC_55_2,
    }
)

#: Reasons that leave the answer open: a person has to look.
UNDETERMINED = frozenset(it for it in Reason if it.value.startswith("UNDETERMINED_"))

#: Reasons for which an authority leads for certain, and those for which none does.
CERTAIN = frozenset(it for it in Reason if it.value.startswith("LEAD_"))
NO_LEAD = frozenset(it for it in Reason if it.value.startswith("NOLEAD_"))

#: What is said together where it is not proven who decides.
UNPROVEN = (RouteWarning.W_DECISIONS_UNKNOWN, RouteWarning.W_BURDEN_OF_PROOF)

#: Warnings that a person has to settle before the route can be relied on.
FOR_A_PERSON = frozenset(
    {
        RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS,
        RouteWarning.W_DE_LAND_NEEDED,
        RouteWarning.W_ENDED_BEFORE_MOVE,
        RouteWarning.W_ART85,
        RouteWarning.W_ART91,
    }
)

_TEXTS: Mapping[RouteWarning, tuple[str, str]] = {
    RouteWarning.W_CHANGE_PENDING: (
        "The rules answer otherwise than before: the lead may have changed. It can change until the final "
        "decision, and only for an infringement that goes on (EDPB Opinion 8/2019).",
        "Compare the two runs, ask the authority for its view, and confirm the change or correct the facts.",
    ),
    RouteWarning.W_ENDED_BEFORE_MOVE: (
        "The infringement ended, or may have ended, before the present lead could lead. Whether a lead that "
        "came later is competent for it is disputed: the Court of Rome said yes in 2026 (4153/2026), the "
        "Italian authority had said no.",
        "Have a lawyer settle it, say in the complaint why the authority is competent either way, and record "
        "the last day of the infringement.",
    ),
    RouteWarning.W_ART85: (
        "Processing for journalism is concerned, or may be. National law may exempt it from supervision or "
        "give it to another body (Art 85).",
        "Look up the national law before lodging; German broadcasters have supervisors of their own.",
    ),
    RouteWarning.W_ART91: (
        "A church or religious community is concerned, or may be. It may have rules and a supervisor of its "
        "own (Art 91).",
        "Find out whether the church applies rules of its own, and lodge with its supervisor if it does.",
    ),
    RouteWarning.W_EPRIVACY_SPLIT: (
        "Storing and reading on terminal equipment (cookies) and unsolicited messages fall under national "
        "law and stay with the national authority (Directive 2002/58, Art 5(3), 13).",
        "Check whether the complaint also has a part under the GDPR, the use of the data afterwards: it has "
        "a route of its own.",
    ),
    RouteWarning.W_LOCAL_56_2: (
        "The authority of the one state concerned may handle this local case. It tells the lead without "
        "delay, and the lead has three weeks to take it over (Art 56(3)).",
        "Ask the authority when it informed the lead, and note the three weeks.",
    ),
    RouteWarning.W_DECISIONS_UNKNOWN: (
        "It is not known for certain who decides on this processing and has that carried out.",
        "Look for it in the privacy notice, in filings with a court or in earlier decisions, and record "
        "which establishment decides, or that decisions are taken outside the EEA.",
    ),
    RouteWarning.W_BURDEN_OF_PROOF: (
        "That decisions are taken in the EEA is for the controller to prove, and no proof is on record "
        "(EDPB Opinion 04/2024).",
        "Ask the authority that leads, or is presumed to, which proof the controller has given.",
    ),
    RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS: (
        "The only state of establishment is not known to be where decisions are taken and carried out. "
        "Whether its authority leads all the same is disputed: Art 56(1) does not ask for decisions, EDPB "
        "Opinion 04/2024 does for a main establishment.",
        "Have a lawyer settle it, and say in the complaint why the authority is competent either way.",
    ),
    RouteWarning.W_DE_LAND_NEEDED: (
        "Germany is named without the Land, and which of its authorities is meant depends on the Land (§ 40 "
        "BDSG).",
        "Record the Land of the establishment or of the people affected, for example DE-BY for Bavaria. "
        "Where people all over Germany are affected, leave it: then the German authorities with a complaint "
        "are concerned.",
    ),
    RouteWarning.W_JOINT_CONTROLLERS: (
        "There are joint controllers. They cannot choose a common main establishment, so several "
        "authorities may lead (EDPB Guidelines 8/2022).",
        "Add each joint controller to the case and look at its own route.",
    ),
    RouteWarning.W_LODGED_OUTSIDE_77: (
        "The authority is at no place of Art 77(1) on record: where the complainant lives or works, or where "
        "the infringement took place. Art 77(1) allows that, but the authority may object.",
        "Record the workplace or the place of the infringement where it is missing; else give the reason for "
        "this choice in the complaint.",
    ),
    RouteWarning.W_REP_NOT_ESTABLISHMENT: (
        "A representative in the EEA (Art 27) is not an establishment: the authority at its seat does not "
        "lead because of it.",
        "Use its address for letters, and expect no lead authority from it.",
    ),
    RouteWarning.W_NO_ENFORCEMENT: (
        "No establishment is in the EEA: the authority is competent, but a fine or an order may be hard to "
        "enforce.",
        "Ask for measures that work from here, and consider lodging in further states whose people are "
        "affected.",
    ),
    RouteWarning.W_BREXIT: (
        "The United Kingdom is involved. It took part in the cooperation of the GDPR until 31 December "
        "2020; the ICO lost every lead on 1 January 2021.",
        "Check the day of assessment, and consider a complaint to the ICO under the law of the United "
        "Kingdom.",
    ),
    RouteWarning.W_CH_PARALLEL: (
        "Switzerland is involved. It does not take part in the cooperation of the GDPR.",
        "Consider a report to the FDPIC under Swiss law; whoever reports does not become a party there.",
    ),
}

#: What a code says where the result is shown in full.
_PLAIN: Mapping[str, str] = {
    Procedure.OSS_60.value: "cooperation under one lead authority (Art 60)",
    Procedure.TERRITORIAL_55_1.value: "every authority on its own territory (Art 55(1))",
    Procedure.LOCAL_56_2.value: "local case of one authority (Art 56(2))",
    Procedure.PUBLIC_55_2.value: "the authority of the public body's own state (Art 55(2))",
    Procedure.NATIONAL_EPRIVACY.value: "national law on ePrivacy (Directive 2002/58)",
    Procedure.EUDPR.value: "supervision of the institutions of the Union (Regulation (EU) 2018/1725)",
    Procedure.NONE_COURT.value: "none: a court acting in its judicial capacity (Art 55(3))",
    Procedure.NONE_GDPR.value: "none under the GDPR",
    Procedure.CONTESTED.value: "contested: who is competent is disputed",
    Reason.LEAD_MAIN_ESTABLISHMENT_CA.value: "central administration in the EEA (Art 4(16)(a))",
    Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS.value: "decisions are taken there (Art 4(16)(a))",
    Reason.LEAD_SINGLE_ESTABLISHMENT.value: "single state of establishment (Art 56(1))",
    Reason.LEAD_PROCESSOR_CA.value: "central administration of the processor (Art 4(16)(b))",
    Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES.value: "main processing of the processor (Art 4(16)(b))",
    Reason.UNDETERMINED_PRESUMED_CA.value: "main establishment not known",
    Reason.UNDETERMINED_CONFLICT.value: "more than one main establishment claimed",
    Reason.UNDETERMINED_ENDED_BEFORE_MOVE.value: "infringement ended before the lead moved",
    Reason.NOLEAD_NO_EEA_ESTABLISHMENT.value: "no establishment in the EEA",
    Reason.NOLEAD_DECISIONS_OUTSIDE_EEA.value: "decisions are taken outside the EEA",
    Reason.NOLEAD_NOT_CROSS_BORDER.value: "not cross-border",
    Reason.NOLEAD_PUBLIC_55_2.value: "public body or public task (Art 55(2))",
    Reason.NOLEAD_EPRIVACY.value: "ePrivacy stays national",
    Reason.NOLEAD_EU_INSTITUTION.value: "institution of the Union",
    Reason.NOLEAD_COURT.value: "court acting in its judicial capacity (Art 55(3))",
    Reason.NOLEAD_GDPR_NA.value: "the GDPR does not apply",
    "4(23)(a)": "yes, by establishments in several states (Art 4(23)(a))",
    "4(23)(b)": "yes, by people affected in several states (Art 4(23)(b))",
    "none": "no",
}


def plain(code: Procedure | Reason | CrossBorder | None) -> str:
    """Return what a code of a result says in plain words; "not known" for None."""
    if code is None:
        return "not known"
    return _PLAIN[code if isinstance(code, str) else code.value]


def warning_text(code: RouteWarning | str) -> tuple[str, str]:
    """Return what the warning says in plain words, and what to do about it."""
    return _TEXTS[RouteWarning(code)]
