"""The form for a decision: who decided what of which filings, with fines, measures and findings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, FormField, HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from tracker.errors import RuleBroken, TrackerError
from tracker.reference import tables
from tracker.reference.authorities import label, slug_of
from tracker.rules import decisions as rules
from tracker.rules import money, provisions
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Result
from tracker.services.decisions_new import NewDecision, NewFinding, NewFine, NewMeasure
from tracker.web.forms import (
    DayField,
    Form,
    KeyField,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    WordField,
    choices,
    language_field,
)
from tracker.web.forms.rows import Row, Rows
from tracker.web.uploads import FilesField

MOST_FINES, MOST_MEASURES, MOST_FINDINGS, MOST_FILINGS = 20, 20, 100, 200
#: So many rows stand there without anybody asking for them.
EMPTY = {"fines": 1, "measures": 2, "differing": 2}

_RESULTS = (
    SelectChoice("", "not concerned"),
    SelectChoice(Result.OPEN.value, "concerned, result not recorded"),
    *(
        SelectChoice(it.value, rules.RESULTS[it], optgroup="Of the complaint")
        for it in (Result.UPHELD, Result.PARTLY, Result.REJECTED)
    ),
    *(
        SelectChoice(it.value, rules.RESULTS[it], optgroup="Of the decision before, by a court")
        for it in (Result.CONFIRMED, Result.ANNULLED)
    ),
)
_FINDINGS = [(it.value, words) for it, words in rules.FINDINGS.items()]


def is_ecli(form: Any, field: Any) -> None:
    """Refuse what is no ECLI. Raises ValidationError."""
    if field.data and not field.errors:
        try:
            field.data = rules.read_ecli(field.data)
        except RuleBroken as refusal:
            raise ValidationError(str(refusal)) from None


class ResultRow(Row):
    """What it says of one filing; the step where several are possible."""

    called = "Filing"
    number = HiddenField()
    result = WordField("Result", choices=[*_RESULTS], default="")
    step = HiddenField()

    def legend(self, number: int) -> str:
        """Return the number of the filing."""
        return str(self.number.data)


class ClaimRow(Row):
    """What it says of one claim of every filing that it concerns."""

    called = "Claim"
    key = KeyField()
    finding = WordField("Finding", choices=choices(_FINDINGS), default=Finding.OPEN.value)
    words = LineField("In words", limit=1000)


class DifferingRow(Row):
    """What it says of one claim of one filing, where that is something else."""

    called, named = "Exception", "filing"
    lacking = "Choose the filing of which this is said, or empty the row."
    filing = WordField("Filing", default="")
    claim = WordField("Claim", default="")
    finding = WordField("Finding", choices=choices(_FINDINGS), default=Finding.OPEN.value)
    words = LineField("In words", limit=1000)

    @property
    def said(self) -> bool:
        """Return whether anything was typed; a finding that is open says nothing by itself."""
        chosen = self.finding.data not in (None, "", Finding.OPEN.value)
        return bool(chosen or self.filing.data or self.claim.data or self.words.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether filing and claim are both named."""
        good = super().validate(extra_validators)
        if self.said and not self.claim.data and not self.claim.errors:
            self.claim.errors = ["Choose the claim of which this is said, or empty the row."]
            return False
        return good


class FineRow(Row):
    """A fine, or a part of it."""

    called, named = "Fine", "amount"
    lacking = "Say how much, or empty the row."
    amount = LineField("Amount", limit=40)
    currency = LineField("Currency", limit=3)
    controller = WordField("Against", default="")
    words = LineField("Against, in words", limit=200)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the amount can be read, exactly, in its currency."""
        good = super().validate(extra_validators)
        self.currency.data = (self.currency.data or "").upper()
        if not self.amount.data or self.amount.errors:
            return good
        try:
            read = money.read(self.amount.data, self.currency.data)
        except RuleBroken as refusal:
            field = self._fields[refusal.field or "amount"]
            field.errors = [str(refusal)]
            return False
        if not read.minor:
            self.amount.errors = ["A fine of nothing is none: empty the row."]
            return False
        return good

    def fine(self) -> NewFine:
        """Return what was typed."""
        key = self.controller.data
        return NewFine(
            money.read(self.amount.data, self.currency.data),
            controller=int(key) if key else None,
            words=self.words.data or None,
        )


class MeasureRow(Row):
    """A corrective power of Art 58(2)."""

    called, named = "Measure", "letter"
    lacking = "Choose which power of Art 58(2) it is, or empty the row."
    letter = WordField(
        "Art 58(2)",
        choices=choices(((it, f"({it}) {words}") for it, words in rules.MEASURES.items()), empty="none"),
        default="",
    )
    words = LineField("What is ordered", limit=1000)
    comply_by = DayField("To be done by")

    def measure(self) -> NewMeasure:
        """Return what was typed."""
        return NewMeasure(self.letter.data, self.words.data or None, self.comply_by.data)


class DecisionForm(Form):
    """A decision with what it says of each filing and claim."""

    type = WordField(
        "Type",
        choices=choices(
            ((it.value, f"{words} ({rules.BASES[it]})") for it, words in rules.TYPES.items()),
            empty="choose what it is",
        ),
        default="",
        validators=[Required("Say what kind of decision it is.")],
    )
    urgent = BooleanField("Urgent, under Art 66")
    decided_by = LineField("Decided by", validators=[Required("Say who decided.")])
    decided = PartlyKnownDayField("Decided on", validators=[Required("Say when it was decided.")])
    received = PartlyKnownDayField("Received on")
    published = PartlyKnownDayField("Made public on")
    reference = LineField("Number", limit=200)
    ecli = LineField("ECLI", limit=100, validators=[is_ecli])
    language = language_field("Language of the original")
    source = LineField("Web page", limit=2000)
    summary = TextField(
        "What it holds", limit=20_000, validators=[Required("Say in a sentence what it holds.")]
    )
    public_words = TextField("Words for the public", limit=4000)
    results = Rows(FormField(ResultRow), "Filings", most=MOST_FILINGS, many="filings")
    findings = Rows(FormField(ClaimRow), "Claims", most=MOST_FINDINGS, many="claims")
    differing = Rows(FormField(DifferingRow), "Exceptions", most=MOST_FINDINGS, many="exceptions")
    fines = Rows(FormField(FineRow), "Fines", most=MOST_FINES, many="fines")
    measures = Rows(FormField(MeasureRow), "Measures", most=MOST_MEASURES, many="measures")
    provisions = LineField("Provisions of the GDPR", limit=1000)
    national = TextField("National provisions", limit=2000)
    appeal = WordField(
        "Appeal",
        choices=choices((it.value, words) for it, words in rules.APPEALS.items()),
        default=AppealStatus.NONE_KNOWN.value,
    )
    appeal_to = LineField("Before whom, under which number", limit=300)
    proceeding = WordField("Proceeding", default="", choices=choices((), empty="none"))
    note = TextField("Note", limit=2000)
    irregular = TextField("Why it is recorded out of order", limit=2000)
    files = FilesField("Files")
    #: Of the plan that was shown: see decisions_plan.Plan.mark.
    mark = HiddenField()

    def refuse(self, refusal: TrackerError) -> None:
        """Put a refusal beside its field; of one filing, or one claim of it, in the row that says so."""
        name, _, about = (refusal.field or "").partition(":")
        row = self._row(name, about) if about else None
        if row is None:
            return super().refuse(RuleBroken(str(refusal), field=name))
        row.errors = [*row.errors, str(refusal)]

    def _row(self, name: str, about: str) -> Any:
        """Return the field that says something of a filing, or of a claim of it; the last one of many."""
        if name == "results":
            return next((it.form.result for it in self.results if it.form.number.data == about), None)
        said = [it.form for it in self.differing]
        return next((it.claim for it in reversed(said) if f"{it.filing.data}:{it.claim.data}" == about), None)

    def begin(self) -> None:
        """Start with the rows that a form shows before anybody asks for more."""
        for name, count in EMPTY.items():
            rows = self[name]
            rows.more(max(0, count - len(rows)))

    def of_filings(self, filings: Sequence[Any], chosen: Iterable[str] = ()) -> None:
        """Have one row for each filing and each claim, whatever was sent; `chosen` are concerned at first."""
        wanted = {it.number for it in filings}
        there = {it.form.number.data for it in self.results if it.form.number.data in wanted}
        self.results.entries = [it for it in self.results if it.form.number.data in wanted]
        picked = set(chosen)
        for it in filings:
            if it.number not in there:
                result = Result.OPEN.value if it.number in picked else ""
                self.results.append_entry({"number": it.number, "result": result})

    def of_claims(self, claims: Sequence[Any]) -> None:
        """Have one row for each claim, in their order."""
        there = {it.form.key.data: it for it in self.findings}
        known = [there.get(it.id) for it in claims]
        for place, it in enumerate(claims):
            if known[place] is None:
                known[place] = self.findings.append_entry({"key": it.id, "finding": Finding.OPEN.value})
        self.findings.entries = [it for it in known if it is not None]

    def offer(
        self,
        filings: Sequence[Any],
        claims: Mapping[int, str],
        controllers: Sequence[tuple[int, str]],
        proceedings: Sequence[tuple[int, str]],
    ) -> None:
        """Offer filings, claims (words by key), controllers and proceedings where they are chosen."""
        numbers = choices(((it.number, it.number) for it in filings), empty="choose")
        named = choices(((str(key), words) for key, words in claims.items()), empty="choose")
        for row in self.differing:
            row.form.filing.choices, row.form.claim.choices = numbers, named
        against = choices(((str(key), name) for key, name in controllers), empty="not said")
        for row in self.fines:
            row.form.controller.choices = against
        self.proceeding.choices = choices(
            ((str(number), words) for number, words in proceedings), empty="none"
        )

    def new_decision(self, claims_of: Mapping[str, set[int]]) -> NewDecision:
        """Return what was typed; `claims_of` has the keys of the claims of the case of each filing."""
        results = {
            it.form.number.data: Result(it.form.result.data) for it in self.results if it.form.result.data
        }
        typed = self.decided_by.data
        return NewDecision(
            type=DecisionType(self.type.data),
            urgent=bool(self.urgent.data),
            decided_by=slug_of(typed) or typed,
            decided=self.decided.data,
            received=self.received.data,
            published=self.published.data,
            reference=self.reference.data or None,
            ecli=self.ecli.data or None,
            language=self.language.data or None,
            source=self.source.data or None,
            summary=self.summary.data,
            public_words=self.public_words.data or None,
            results=results,
            steps=self._steps(results),
            findings=self._findings(results, claims_of),
            fines=tuple(it.form.fine() for it in self.fines if it.form.said),
            measures=tuple(it.form.measure() for it in self.measures if it.form.said),
            provisions=tuple(_parts(self.provisions.data)),
            national=tuple(it for it in (self.national.data or "").splitlines() if it.strip()),
            appeal=AppealStatus(self.appeal.data),
            appeal_to=self.appeal_to.data or None,
            proceeding=int(self.proceeding.data) if self.proceeding.data else None,
            note=self.note.data or None,
            irregular=self.irregular.data or None,
        )

    def _steps(self, results: Mapping[str, Result]) -> dict[str, str]:
        """Return the steps that were chosen; one that went with another result is not chosen any more."""
        kind, urgent = DecisionType(self.type.data), bool(self.urgent.data)
        chosen = {it.form.number.data: it.form.step.data for it in self.results if it.form.step.data}
        return {
            number: step
            for number, step in chosen.items()
            if number in results and step in rules.steps_for(kind, results[number], urgent=urgent)
        }

    def _findings(
        self, results: Mapping[str, Result], claims_of: Mapping[str, set[int]]
    ) -> tuple[NewFinding, ...]:
        """Return the findings: those of all filings, and in their place what is said of one of them."""
        found: dict[tuple[str, int], NewFinding] = {}
        for row in self.findings:
            it = row.form
            for number in results:
                if it.key.data in claims_of.get(number, ()):
                    found[number, it.key.data] = NewFinding(
                        number, it.key.data, Finding(it.finding.data), it.words.data or None
                    )
        told: list[NewFinding] = []
        for row in self.differing:
            it = row.form
            if it.said:
                key = int(it.claim.data)
                found.pop((it.filing.data, key), None)
                told.append(NewFinding(it.filing.data, key, Finding(it.finding.data), it.words.data or None))
        return tuple(it for it in (*found.values(), *told) if it.said)

    def fill(self, row: Any) -> None:
        """Start from everything that a decision says: whoever corrects it changes only what is wrong."""
        self.type.data = row.type.value if row.type else ""
        self.urgent.data = row.urgent
        self.decided_by.data = label(row.decided_by_slug) if row.decided_by_slug else row.decided_by
        self.decided.data, self.received.data, self.published.data = row.decided, row.received, row.published
        for name in ("reference", "ecli", "language", "source", "summary", "appeal_to", "note"):
            self[name].data = getattr(row, name) or ""
        self.provisions.data = ", ".join(row.provisions)
        self.national.data = "\n".join(row.national)
        self.appeal.data = row.appeal.value
        self.proceeding.data = str(row.proceeding.number) if row.proceeding else ""
        for it in row.filings:
            self.results.append_entry({"number": it.filing.number, "result": it.result.value})
        for it in row.fines:
            self.fines.append_entry(
                {
                    "amount": it.money.plain,
                    "currency": it.currency,
                    "controller": str(it.controller_id or ""),
                    "words": it.words or "",
                }
            )
        for it in row.measures:
            self.measures.append_entry(
                {"letter": it.letter, "words": it.words or "", "comply_by": it.comply_by}
            )
        self._fill_findings(row)

    def _fill_findings(self, row: Any) -> None:
        """Say once what is found on a claim of all filings of its case, and apart what differs."""
        numbers = {it.filing_id: it.filing for it in row.filings}
        by_claim: dict[int, dict[int, tuple[Finding, str]]] = {}
        for it in row.findings:
            by_claim.setdefault(it.claim_id, {})[it.filing_id] = (it.finding, it.words or "")
        cases = {it.claim_id: it.claim.case_id for it in row.findings}
        for claim, said in by_claim.items():
            those = [key for key, filing in numbers.items() if filing.case_id == cases[claim]]
            each = [said.get(key, (Finding.OPEN, "")) for key in those]
            common = max(set(each), key=lambda it: (each.count(it), it[0] is not Finding.OPEN, it[1]))
            if each.count(common) == 1 < len(each):
                common = (Finding.OPEN, "")
            self.findings.append_entry({"key": claim, "finding": common[0].value, "words": common[1]})
            for key, it in zip(those, each, strict=True):
                if it != common:
                    self.differing.append_entry(
                        {
                            "filing": numbers[key].number,
                            "claim": str(claim),
                            "finding": it[0].value,
                            "words": it[1],
                        }
                    )


def _parts(typed: str | None) -> list[str]:
    """Return what stands between commas or semicolons: each is one provision."""
    return [it.strip() for it in (typed or "").replace(";", ",").split(",") if it.strip()]


def check_provisions(form: DecisionForm) -> None:
    """Put a fault beside the field for each provision that cannot be read."""
    faults = []
    for it in _parts(form.provisions.data):
        try:
            provisions.read(it, tables.provisions())
        except RuleBroken as refusal:
            faults.append(str(refusal))
    if faults:
        form.provisions.errors = [*form.provisions.errors, *faults]
