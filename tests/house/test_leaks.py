"""Nothing private reaches the public: every text of the private store is marked, and every public page read.

The list of texts is made from the models, so a new column is covered without anybody thinking of it. A mark
that comes out somewhere must be one of a field that may be public, of a case that is.
"""

import base64
import html
import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.house.public_addresses import addresses
from tests.reader import Reader
from tracker.db import PUBLIC, db, new_id, transaction
from tracker.models import (
    Case,
    CaseText,
    Decision,
    PublishedAuthority,
    Reference,
    Update,
)
from tracker.rules.access import SHELL
from tracker.rules.days import Day
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Outcome, Precision
from tracker.services import cases, filings, publication, updates
from tracker.services.cases import NewClaim, NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.updates import NewUpdate

MARK = re.compile(r"canary\d{5}x", re.IGNORECASE)
#: What a mark looks like when somebody hides it: in hexadecimal, and in base64 wherever it may begin.
HIDDEN = re.compile(
    "|".join(
        [b"canary".hex(), b"CANARY".hex()]
        + [base64.b64encode(b"." * at + b"canary")[(at + 2) // 3 * 4 : 8].decode() for at in range(3)]
    )
)

#: Texts that carry a meaning which the program needs: (table, column). Everything else is marked.
MEANINGFUL = {
    ("cases", "number"),
    ("filings", "number"),
    ("decision_fines", "currency"),
    ("filing_references", "owner"),
    ("routes", "facts"),
    ("routes", "result"),
    ("update_filings", "step"),
    ("case_texts", "language"),
    ("deadline_acts", "act"),
    ("deadline_acts", "period"),
    ("deadline_acts", "more"),
    ("decisions", "language"),
    ("decision_fines", "currency"),
    ("decision_measures", "letter"),
}
#: What such a text is in a row that is made for a table without any.
MEANS = {"act": "extend", "period": "G15", "more": "+1m", "currency": "EUR", "letter": "d"}
#: Written by the act of publishing itself, so marked after it.
AFTERWARDS = {"publications"}
#: Guarded by triggers against any change: rows are added instead.
ADDED_TO = {"journal", "controller_revisions"}


class Marks:
    """Gives every text a mark of its own and knows which text has which."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def new(self, what: str) -> str:
        mark = f"canary{len(self.of):05}x"
        self.of[mark] = what
        return mark

    def text(self, column: sa.Column[Any]) -> Any:
        """Return a marked value for a column: an address for a source, a structure for JSON."""
        what = f"{column.table.name}.{column.name}"
        if isinstance(column.type, sa.JSON):
            return {key: self.new(f"{what}[{key}]") for key in ("summary", "status")}
        mark = self.new(what)
        return f"https://{mark}.example/" if column.name.endswith("source") else mark


def private_tables() -> list[sa.Table]:
    """Return every table of the private store, those without foreign keys first."""
    return list(db.metadatas[None].sorted_tables)


def texts(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of a table that hold text of somebody's making."""
    public = {it.key for it in sa.inspect(PublishedAuthority).column_attrs}
    return [
        column
        for column in table.columns
        if isinstance(column.type, sa.Text | sa.JSON | sa.String)
        and not isinstance(column.type, sa.Enum)
        and not column.foreign_keys
        and not column.primary_key
        and (table.name, column.name) not in MEANINGFUL
        # The directory is public, with these columns of it.
        and not (table.name == "authorities" and column.name in public)
    ]


def a_row(table: sa.Table, marks: Marks) -> dict[str, Any]:
    """Return a new row for a table, whatever it holds, with marks in its texts."""
    marked = texts(table)
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column
            row[column.name] = db.session.scalar(sa.select(target).limit(1))
        elif column in marked:
            row[column.name] = marks.text(column)
        elif isinstance(kind, sa.Enum):
            row[column.name] = next(iter(kind.enum_class))
        elif isinstance(kind, sa.Boolean):
            row[column.name] = True
        elif isinstance(kind, sa.Date):
            row[column.name] = date(2024, 6, 6)
        elif isinstance(kind, sa.Integer):
            row[column.name] = new_id()
        elif isinstance(kind, sa.Text):
            row[column.name] = MEANS.get(column.name, f"key{new_id()}")
        else:
            row[column.name] = datetime(2024, 6, 6, 12, tzinfo=UTC)
    return row


def mark(marks: Marks, tables: list[sa.Table]) -> None:
    """Mark every text in the tables; a table without rows gets one."""
    for table in tables:
        keys = [column for column in table.columns if column.primary_key]
        there = db.session.execute(sa.select(*keys)).all()
        if not there or table.name in ADDED_TO:
            db.session.execute(sa.insert(table), [a_row(table, marks)])
            continue
        for key in there:
            here = [column == value for column, value in zip(keys, key, strict=True)]
            values = {column.name: marks.text(column) for column in texts(table)}
            if values:
                db.session.execute(sa.update(table).where(*here).values(values))


def a_whole_case(name: str) -> str:
    """Open a case with something of everything, and return its number."""
    case = a_case(
        title=name,
        summary=name,
        project=name,
        respondents=(
            Respondent(
                new=NewController(
                    name=f"{name} Limited",
                    country="IE",
                    establishments=(NewEstablishment("IE", central=Answer.YES),),
                ),
                affected=("EEA",),
                processing=Processing({"IE": Answer.YES}),
            ),
        ),
        claims=(NewClaim("6(1)(f)", "conduct", "measure"),),
        complainants=(NewComplainant("A", "AT"),),
        requested=("stop",),
    )
    made = lodged(case, "nl-ap", "at-dsb", "fr-cnil")
    for filing in made:
        db.session.add(Reference(filing_id=filing.id, position=0, owner="authority", value="x"))
        db.session.add(Reference(filing_id=filing.id, position=1, owner="imi", value="y"))
    for language in ("de", "fr"):
        db.session.add(
            CaseText(
                case_id=case.id,
                language=language,
                title="t",
                summary="s",
                written_by="x",
                written_at=datetime(2024, 6, 6, 12, tzinfo=UTC),
            )
        )
    db.session.flush()
    for step, outcome in (("admissible", None), ("investigation", None), ("national_decision", Outcome.WON)):
        filing = filings.get_filing(f"{case.number}-01")
        new = NewUpdate(
            step=step,
            day=Day(date(2024, 7, 1), Precision.DAY),
            actor="nl-ap",
            words="w",
            public_words="p",
            reference="r",
            outcome=outcome,
            source="https://example.org/",
            # A national decision is none of the one-stop shop: why it is recorded stays inside.
            irregular="i" if step == "national_decision" else None,
        )
        updates.record_update([filing], new, seen={}, by=SHELL)
    return case.number


def clear(number: str, **chosen: Any) -> None:
    case = cases.get_case(number)
    content = publication.content_of(case, **chosen)
    publication.clear(publication.propose(case, content, note="", by=SHELL).id, note="", by=SHELL)


def marks_in(value: object) -> set[str]:
    """Return the marks in a text, also where it was escaped or quoted."""
    text = str(value)
    return {
        it.lower() for version in (text, html.unescape(text), unquote(text)) for it in MARK.findall(version)
    }


def may_be_public() -> set[str]:
    """Return the marks of those fields of C001 that the publication below clears: PUBLIC_FIELDS, by hand."""
    case = cases.get_case("C001")
    shown = [it for it in case.filings if it.number != "C001-03"]
    cleared = [
        it
        for it in db.session.scalars(sa.select(Update).where(Update.case_id == case.id))
        if it.number in (1, 2, 3)
    ]
    fields: list[object] = [
        *(case.title, case.summary, case.ngo, case.project.name, case.project.slug),
        *(case.requested, case.outcome_said["summary"], case.legal_source),
        *(it.controller.name for it in case.controllers),
        *(value for it in case.claims for value in (it.provision, it.conduct)),
        *(value for it in shown for value in (it.country, it.source)),
        *(it.value for it in shown[0].references if it.owner == "authority"),
        *(value for it in cleared for value in (it.kind, it.actor, it.source)),
        *(it.reference for it in cleared if it.number in (2, 3)),
        # Entry 2 was imported and has no words for the public; entry 1 was recorded here and has none either.
        *(it.public_words if it.number == 3 else it.words for it in cleared if it.number != 1),
    ]
    return set().union(*(marks_in(it) for it in fields))


def cleared_beside() -> set[str]:
    """Return the marks of what else of C001 is cleared: its decision, and its words in German."""
    texts = db.session.scalars(sa.select(CaseText).join(Case).where(Case.number == "C001"))
    fields: list[object] = [
        it for text in texts if text.language == "de" for it in (text.title, text.summary)
    ]
    decision = db.session.scalars(sa.select(Decision).order_by(Decision.number)).first()
    assert decision is not None
    fields += [decision.decided_by, decision.reference, decision.ecli, decision.source]
    fields += [decision.appeal_to]
    return set().union(*(marks_in(it) for it in fields))


@pytest.fixture
def marked(app) -> Marks:
    """C001 public but for one filing and an entry, C002 proposed, C003 withdrawn; every text marked."""
    marks = Marks()
    with transaction():
        numbers = [a_whole_case(name) for name in ("One", "Two", "Three")]
    assert numbers == ["C001", "C002", "C003"]
    with transaction():
        mark(marks, [it for it in private_tables() if it.name not in AFTERWARDS])
        for update in db.session.scalars(sa.select(Update)):
            update.verified = True if update.number == 2 else None
            update.actor_slug = None  # so that the words for the actor are what the page shows
            update.public_words = update.public_words if update.number > 2 else None
        for decision in db.session.scalars(sa.select(Decision)):
            decision.decided_by_slug = None
        for case in db.session.scalars(sa.select(Case)):
            case.requested = [marks.new("cases.requested")]
    with transaction():
        clear(
            "C001",
            filings=["C001-01", "C001-02"],
            references=["C001-01"],
            updates=[1, 2, 3],
            decisions=[1],
            languages=["de"],
        )
        clear("C003", filings=["C003-01"], references=["C003-01"], updates=[1, 2, 3, 4])
        case = cases.get_case("C002")
        publication.propose(case, publication.default_content(case), note="", by=SHELL)
    with transaction(PUBLIC):
        publication.publish_directory()
        publication.refresh()
    with transaction():
        publication.withdraw(cases.get_case("C003"), note="", by=SHELL)
    with transaction(PUBLIC):
        publication.refresh()
    with transaction():
        table = db.metadatas[None].tables["publications"]
        told = [it for it in texts(table) if it.name != "content"]
        for key in db.session.scalars(sa.select(table.c.id)).all():
            values = {column.name: marks.text(column) for column in told}
            db.session.execute(sa.update(table).where(table.c.id == key).values(values))
    return marks


def read_everything(visitor: Reader) -> dict[str, str]:
    """Return body and headers of every address: those above, and all to which a page leads."""
    waiting = [address for _, address in addresses(visitor.app)]
    read: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in read:
            continue
        answer = visitor.call("GET", address)
        told = answer.get_data(as_text=True)
        read[address] = f"{answer.status}\n{answer.headers}\n{told}"
        assert visitor.call("HEAD", address).status == answer.status
        if answer.mimetype == "text/html":
            tree = html5lib.parse(told, namespaceHTMLElements=False)
            for link in (it.get("href") or "" for it in tree.iter("a")):
                parts = urlsplit(link)
                if not parts.scheme and parts.path.startswith("/"):
                    waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return read


class TestEveryTextOfThePrivateStore:
    def test_has_a_mark_or_a_meaning(self, marked):
        with_marks = {what.partition("[")[0] for what in marked.of.values()}
        wanted = {f"{table.name}.{column.name}" for table in private_tables() for column in texts(table)}
        assert wanted - with_marks == {"publications.content"}

    def test_that_carries_a_meaning_is_there(self, app):
        for table, column in MEANINGFUL:
            assert column in db.metadatas[None].tables[table].columns


class TestThePublicSite:
    def test_shows_what_was_cleared_and_nothing_else(self, marked, visitor: Reader):
        allowed = may_be_public() | cleared_beside()
        pages = read_everything(visitor)
        for address, text in pages.items():
            leaked = {mark: marked.of[mark] for mark in marks_in(text) - allowed}
            assert not leaked, f"{address} shows {leaked}"
            assert not HIDDEN.search(text), address
        shown = set().union(*(marks_in(text) for text in pages.values()))
        missing = {mark: marked.of[mark] for mark in allowed - shown}
        assert not missing, f"cleared, and nowhere to be read: {missing}"

    def test_finds_nothing_private_by_searching(self, marked, visitor: Reader):
        private = set(marked.of) - may_be_public() - cleared_beside()
        for word in sorted(private)[::40]:
            assert "No case fits" in visitor.get(f"/cases?text={word}").text, marked.of[word]

    def test_has_nothing_else_in_its_store(self, marked, settings):
        allowed = may_be_public() | cleared_beside()
        db.session.remove()
        for path in settings.public.rglob("*"):
            if path.is_file():
                found = {it.decode().lower() for it in re.findall(rb"(?i)canary\d{5}x", path.read_bytes())}
                leaked = {mark: marked.of[mark] for mark in found - allowed}
                assert not leaked, f"{path.name} holds {leaked}"
        stored = settings.public.joinpath("public.db").read_bytes().decode(errors="replace")
        assert cleared_beside() <= marks_in(stored), "cleared, and not in the store"
