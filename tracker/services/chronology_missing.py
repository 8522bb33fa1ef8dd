"""What a court asks for with an action for inaction, and a chronology has no exhibit of.

An exhibit is known by the entry that it belongs to, or else by a word of its title. A note about a cited page
proves nothing, and is none.
"""

import re
from collections.abc import Iterator

from tracker.rules.vocabulary import ComplainantType
from tracker.services.chronology import Chronology
from tracker.services.chronology_steps import Exhibit, Step

#: Words of titles, in the languages of a chronology and of the filings that lawyers hand in most.
COMPLAINT = re.compile(r"complaint|beschwerde|réclamation|plainte|klacht|reclam", re.IGNORECASE)
RECEIPT = re.compile(
    r"receipt|proof of|acknowledg|bestätigung|nachweis|rückschein|accusé|récépissé|preuve|ontvangst",
    re.IGNORECASE,
)
MANDATE = re.compile(
    r"mandate?\b|power of attorney|authori[sz]ation|vollmacht|pouvoir|volmacht", re.IGNORECASE
)
LODGED, RECEIVED = "lodged", "acknowledged"


def missing(it: Chronology) -> Iterator[str]:
    """Give a sentence for each thing that is not among the exhibits."""
    real = [each for each in it.exhibits if not each.source_note]
    if not _of_step(it, LODGED) and not _titled(real, COMPLAINT):
        yield (
            "No copy of the complaint is among the exhibits: keep it with the entry of the lodging, or with "
            "“complaint” in its title."
        )
    if not _of_step(it, RECEIVED) and not _titled(real, RECEIPT):
        yield (
            "No proof that the complaint was lodged or received is among the exhibits: keep it with the "
            "entry of the receipt, or with “receipt” in its title."
        )
    if any(_represented(each.type) for each in it.parties) and not _titled(real, MANDATE):
        yield (
            "No mandate (Art 80(1)) is among the exhibits, and the complainant is represented: keep it with "
            "“mandate” in its title, and mind that it names the person."
        )
    bare = [each.number for each in it.steps if _acts(each) and not _letters(each)]
    if bare:
        named = f"entry {bare[0]}" if len(bare) == 1 else f"entries {', '.join(map(str, sorted(bare)))}"
        yield f"No letter of the authority is among the exhibits for {named}."


def _represented(type_: ComplainantType | None) -> bool:
    return type_ is ComplainantType.DATA_SUBJECT_REPRESENTED


def _acts(step: Step) -> bool:
    return step.authority is not None and not step.of_case and not step.withdrawn


def _letters(step: Step) -> list[Exhibit]:
    return [each for each in step.exhibits if not each.source_note]


def _of_step(it: Chronology, kind: str) -> bool:
    return any(step.kind == kind and _letters(step) for step in it.steps)


def _titled(exhibits: list[Exhibit], words: re.Pattern[str]) -> bool:
    return any(words.search(each.title or "") for each in exhibits)
