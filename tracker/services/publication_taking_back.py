"""A part taken back from the public: one person, at once, and never a word more than was public before.

What is left is what was cleared, less the part. Where the file still says what was cleared it is taken from
the records anew, so that whatever follows from the part (a stage, a deadline) goes with it. Where the file
went on, nothing new may slip out that nobody cleared: then the part is cut out of the kept text.
"""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Case, Entry, Publication
from tracker.reference.names import language_name
from tracker.rules.access import OPTIONAL_FIELDS, Actor
from tracker.rules.vocabulary import PublicationState, WithdrawalReason
from tracker.services import journal
from tracker.services.publication_content import chosen_of, content_of, default_content
from tracker.services.publication_fields import FIELDS, Content, checked, completed
from tracker.services.publication_records import Records, records_of
from tracker.services.publication_states import in_state
from tracker.services.publication_unchecked import unchecked

#: What of a publication can be taken back, as content_of() takes it -> how the journal and pages name one.
PARTS: Mapping[str, str] = {
    "filings": "filing",
    "references": "number at the authority of",
    "updates": "entry",
    "decisions": "decision",
    "summaries": "summary of decision",
    "hearings": "hearing",
    "languages": "text in",
    "fields": "field",
}
#: What a filing has from the entries that are cleared.
OF_ITS_ENTRIES = ("stage", "since", "outcome", "entered_by_authority")

Part = tuple[str, Any]


def take_back(
    case: Case,
    part: Part,
    *,
    note: str,
    by: Actor,
    reason: WithdrawalReason = WithdrawalReason.OTHER,
) -> Publication:
    """Take a part of a case back from the public, and from what is under embargo; return what is left.

    `part` is one of PARTS with its number or name: ("updates", 3). A proposal that waits stays as it is.
    Raises RuleBroken where the part is not public, or where no filing would be left.
    """
    kind, key = part
    if kind not in PARTS:
        raise ValueError(f"{kind!r} is no part of a publication.")
    records = records_of(case)
    left = None
    for state, ends_as in (
        (PublicationState.EMBARGOED, PublicationState.SUPERSEDED),
        (PublicationState.CLEARED, PublicationState.REPLACED),
    ):
        for it in in_state(case.id, state):
            before = completed(it.content)
            after = without(before, kind, key, records)
            if after == before:
                continue
            if not after["filings"]:
                raise RuleBroken(f"{key} is the only filing that is public: withdraw the whole case.")
            it.state = ends_as
            left = _less(it, after, state, note=note, by=by)
    if left is None:
        raise RuleBroken(f"{_called(kind, key)} is not public.")
    journal.note(
        "publication.take_back",
        case.number,
        by=by,
        case_id=case.id,
        detail={"publication": left.id, "kind": kind, "key": key, "reason": reason.value},
    )
    return left


def _called(kind: str, key: Any) -> str:
    """Return a part as a sentence begins with it: "Entry 3", "Text in German"."""
    if kind == "fields":
        return f"“{FIELDS.get(key, key)}”"
    name = language_name(key) if kind == "languages" else key
    return f"{PARTS[kind].capitalize()} {name}"


def _less(it: Publication, content: Content, state: PublicationState, *, note: str, by: Actor) -> Publication:
    """Keep what is left as a publication of its own: its text was proposed then, and is cut now."""
    left = Publication(
        case_id=it.case_id,
        state=state,
        content=content,
        note=it.note,
        proposed_by=it.proposed_by,
        proposed_at=it.proposed_at,
        decided_by=by.key,
        decided_at=clock.now(),
        decision_note=note,
        withdrawn_by=None,
        withdrawn_at=None,
        withdrawal_note=None,
        withdrawal_reason=None,
        embargo_until=it.embargo_until if state is PublicationState.EMBARGOED else None,
    )
    db.session.add(left)
    return left


def without(content: Content, kind: str, key: Any, records: Records) -> Content:
    """Return a completed content less a part of it, and nothing in it that was not there before."""
    chosen = _available(chosen_of(content, records), records)
    gone = _decisions_of(content, kind, key)
    less = {**chosen, kind: [it for it in chosen[kind] if it != key]}
    less |= {part: [it for it in less[part] if it not in gone] for part in ("decisions", "summaries")}
    for only_verified in (False, True):
        said: dict[str, Any] = {"only_verified": only_verified, "records": records}
        if content == content_of(records.case, **chosen, **said):
            return _owing_no_more(content, content_of(records.case, **less, **said))
    derived = content_of(records.case, **less, records=records)
    return checked(_Cut(content, kind, key, records).less(derived))


def _owing_no_more(before: Content, after: Content) -> Content:
    """Return a content without the periods of which it says anything else than before.

    Without the entry that met it a period would be late from one moment to the next, and nobody would have
    cleared that. What the public may read of it is said by the next proposal, which is warned of it.
    """
    return {**after, "deadlines": [it for it in after["deadlines"] if it in before["deadlines"]]}


def _decisions_of(content: Content, kind: str, key: Any) -> set[int]:
    """Return the numbers of the decisions that the public knows from this entry alone: they go with it."""
    if kind != "updates":
        return set()
    return {it["number"] for it in content["decisions"] if it["entries"] == [key]}


def _available(chosen: dict[str, Any], records: Records) -> dict[str, Any]:
    """Return of a choice what the case still has."""
    decided = {it.it.number for it in records.decisions}
    there: dict[str, Collection[Any]] = {
        "filings": {it.number for it in records.case.filings},
        "references": {it.number for it in records.case.filings},
        "updates": {it.number for it in records.counting},
        "decisions": decided,
        "summaries": decided,
        "hearings": {it.number for it in records.hearings},
        "languages": {it.language for it in records.texts},
        "fields": OPTIONAL_FIELDS,
    }
    return {part: [it for it in some if it in there[part]] for part, some in chosen.items()}


class _Cut:
    """A part that is cut out of a kept content."""

    def __init__(self, content: Content, kind: str, key: Any, records: Records) -> None:
        self.content, self.kind, self.key, self.records = content, kind, key, records
        self.gone = _decisions_of(content, kind, key)
        #: Filings whose stage may have followed from the part.
        self.touched = {
            number
            for it in content["updates"]
            if self.is_it("updates", it["number"])
            for number in (it["filings"] or [each["number"] for each in content["filings"]])
        }

    def is_it(self, kind: str, key: Any) -> bool:
        return self.kind == kind and self.key == key

    def less(self, derived: Content) -> Content:
        """Return the content without the part; `derived` is what the records would give without it."""
        filings = [self._filing(it, derived) for it in self.content["filings"] if self._stays(it["number"])]
        named = {name for it in filings for name in it["controllers"]}
        fields = [it for it in self.content["fields"] if not self.is_it("fields", it)]
        return {
            **self.content,
            "fields": fields,
            "case": self._case(named),
            "filings": filings,
            "updates": [self._update(it) for it in self.content["updates"] if self._is_left(it, "updates")],
            "decisions": [
                self._decision(it, named)
                for it in self.content["decisions"]
                if self._is_left(it, "decisions") and it["number"] not in self.gone
            ],
            "deadlines": [
                it
                for it in self.content["deadlines"]
                if self._stays(it["filing"])
                and it["filing"] not in self.touched
                and not self.is_it("fields", "deadlines")
            ],
            "hearings": [self._of_filings(it) for it in self.content["hearings"] if self._is_held(it)],
            "texts": [
                {**it, "summary": "" if self.is_it("fields", "summary") else it["summary"]}
                for it in self.content["texts"]
                if not self.is_it("languages", it["language"])
            ],
        }

    def _stays(self, filing: str) -> bool:
        return not self.is_it("filings", filing)

    def _filing(self, it: dict[str, Any], derived: Content) -> dict[str, Any]:
        number = it["number"]
        found = {**it, "reference": None} if self.is_it("references", number) else dict(it)
        if self.is_it("fields", "controllers"):
            found["controllers"] = []
        if number in self.touched:
            anew = next((each for each in derived["filings"] if each["number"] == number), None)
            found.update({name: anew[name] for name in OF_ITS_ENTRIES} if anew else {})
        return found

    def _is_left(self, it: dict[str, Any], kind: str) -> bool:
        if self.is_it(kind, it["number"]):
            return False
        about = [each["number"] if kind == "decisions" else each for each in it["filings"]]
        return not about or any(self._stays(number) for number in about)

    def _of_filings(self, it: dict[str, Any]) -> dict[str, Any]:
        return {**it, "filings": [number for number in it["filings"] if self._stays(number)]}

    def _is_held(self, it: dict[str, Any]) -> bool:
        number = next((each.number for each in self.records.hearings if each.uid == it["uid"]), None)
        return not self.is_it("hearings", number) and bool(self._of_filings(it)["filings"])

    def _referred(self, it: dict[str, Any], about: Collection[str]) -> str | None:
        reference: str | None = it["reference"]
        return None if self.kind == "references" and self.key in about else reference

    def _update(self, it: dict[str, Any]) -> dict[str, Any]:
        found = {**self._of_filings(it), "reference": self._referred(it, it["filings"])}
        return {**found, "source": None} if self.is_it("fields", "sources") else found

    def _decision(self, it: dict[str, Any], named: Collection[str]) -> dict[str, Any]:
        silent = self.kind == "fields" and self.key in ("claims", "findings")
        before = set(self.content["case"]["controllers"])
        return {
            **it,
            "summary": "" if self.is_it("summaries", it["number"]) else it["summary"],
            "reference": self._referred(it, [each["number"] for each in it["filings"]]),
            "source": None if self.is_it("fields", "sources") else it["source"],
            "filings": [each for each in it["filings"] if self._stays(each["number"])],
            "findings": [each for each in it["findings"] if self._stays(each["filing"]) and not silent],
            "fines": [each for each in it["fines"] if each["against"] not in before - set(named)],
            "entries": [number for number in it["entries"] if not self.is_it("updates", number)],
        }

    def _case(self, named: Collection[str]) -> dict[str, Any]:
        case = dict(self.content["case"])
        if self.kind == "fields" and self.key in case:
            value = case[self.key]
            case[self.key] = type(value)() if isinstance(value, str | list) else None
        case["controllers"] = [it for it in case["controllers"] if it in named]
        gone = self._sources_gone()
        case["sources"] = [it for it in case["sources"] if it not in gone]
        return case

    def _sources_gone(self) -> set[str | None]:
        """Return the sources that only what is cut out had: rather one too many than one too few."""
        entries = {bool(self._is_left(it, "updates")): set[str | None]() for it in self.content["updates"]}
        for it in self.content["updates"]:
            entries[self._is_left(it, "updates")].add(it["source"])
        filings = {True: set[str | None](), False: set[str | None]()}
        for each in self.records.case.filings:
            filings[self._stays(each.number)].add(each.source)
        left = entries.get(True, set()) | filings[True]
        return (entries.get(False, set()) | filings[False]) - left


def taken_back(case_id: int) -> list[Part]:
    """Return what was ever taken back of a case, by the journal; some of it may have been cleared anew."""
    query = sa.select(Entry.detail).where(Entry.case_id == case_id, Entry.act == "publication.take_back")
    return [(it["kind"], it["key"]) for it in db.session.scalars(query.order_by(Entry.id))]


def suggested(case: Case, public: Content | None, records: Records) -> dict[str, Any]:
    """Return what a proposal would choose unless somebody says otherwise, as content_of() takes it.

    As default_content() has it, but for what somebody took back from the public, and for what nobody checked
    against its source: that is chosen by hand. What is public now stays chosen.
    """
    ticked = chosen_of(default_content(case, public=public), records)
    now = chosen_of(public, records) if public else dict[str, Any]()
    if public:
        # A field may be chosen, and its words left out all the same because nobody checked them.
        now["fields"] = [it for it in now["fields"] if public["case"].get(it, True)]
    doubted = ((part, key) for part, some in unchecked(records).items() for key in some)
    by_hand = {(kind, key) for kind, key in (*taken_back(case.id), *doubted) if key not in now.get(kind, ())}
    return {part: [it for it in some if (part, it) not in by_hand] for part, some in ticked.items()}
