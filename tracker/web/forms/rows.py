"""Rows of a form: what was typed into one is kept or refused beside its field, never left out in silence."""

from collections.abc import Iterator
from typing import Any, ClassVar

from wtforms import Field, FieldList, FormField
from wtforms import Form as PlainForm

#: What a field holds into which nobody typed anything.
UNTOUCHED = (None, "", "unknown", False)
#: Rows that are read however many are sent; more than a case can have are refused, not left out.
READ_BESIDES = 200


class Row(PlainForm):
    """A row that may stay empty. `named` is the field without which all else says nothing of anybody."""

    #: What the row is: "Claim"; counted for people.
    called: ClassVar[str] = "Row"
    named: ClassVar[str] = ""
    lacking: ClassVar[str] = ""

    @property
    def said(self) -> bool:
        """Return whether anything was typed."""
        return any(_typed(it) for it in self._fields.values())

    @property
    def excused(self) -> bool:
        """Return whether nothing needs to be named: the row is to be taken out."""
        return False

    @property
    def kept(self) -> bool:
        """Return whether the row stands for something that is in the store already."""
        return False

    def legend(self, number: int) -> str:
        """Return what the row is called on the page, and in what is said of it: "Claim 2"."""
        return f"{self.called} {number}"

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read; an empty row can."""
        good: bool = super().validate(extra_validators)
        field = self._fields.get(self.named)
        if field is None or not self.said or self.excused or field.data or field.errors:
            return good
        field.errors = [self.lacking]
        return False


class Rows(FieldList):
    """Rows of one kind, at most so many; a field list that forgets none."""

    _own: tuple[str, ...] = ()

    def __init__(self, row: Any, label: str | None = None, *, most: int, many: str, **values: Any) -> None:
        super().__init__(row, label, **values)
        self.most, self.many = most, many
        self.max_read = most + READ_BESIDES

    @property
    def errors(self) -> list[Any]:
        """Return what is wrong with the rows as a whole, then with each of them."""
        each = [it.errors for it in self.entries]
        return [*self._own, *(each if any(each) else [])]

    @errors.setter
    def errors(self, words: Any) -> None:
        self._own = tuple(it for it in words if isinstance(it, str))

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        found = {
            int(number)
            for name in formdata
            if name.startswith(f"{prefix}-")
            and (number := name[len(prefix) + 1 :].partition("-")[0]).isascii()
            and number.isdigit()
            and len(number) < 6
        }
        yield from sorted(found)[: self.max_read]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Return whether each row can be read and there are not too many."""
        self.errors = []
        good = [it.validate(form) for it in self.entries]
        filled = sum(it.form.said and not it.form.excused for it in self.entries)
        # A file may have brought more: they stay, and none is added.
        if filled > max(self.most, sum(it.form.kept for it in self.entries)):
            self.errors = [f"At most {self.most} {self.many} are possible, not {filled}: empty some."]
        return all(good) and not self._own

    def more(self, count: int = 1) -> None:
        """Add empty rows as long as there is room; say so where there is none."""
        room = max(0, self.most - len(self.entries))
        for _ in range(min(count, room)):
            self.append_entry()
        if not room:
            self.errors = [f"There is no room for more: at most {self.most} {self.many} are possible."]

    @property
    def next_id(self) -> str:
        """Return the id that the next row will have, or that of the last where none can be added."""
        return f"{self.id}-{min(len(self.entries), max(self.most, len(self.entries)) - 1)}"


def field_at(form: Any, path: str) -> Any:
    """Return the field of a form at a path such as "claims-1-provision", or the last one on the way; or None.

    Rows are counted as the acts behind the form see them: without the empty ones.
    """
    name, _, rest = path.partition("-")
    field: Field | None = form._fields.get(name)
    if isinstance(field, FormField) and rest:
        return field_at(field.form, rest) or field
    number, _, inner = rest.partition("-")
    if not isinstance(field, Rows) or not number.isdigit():
        return field
    filled = [it for it in field if it.form.said]
    row = filled[int(number)] if int(number) < len(filled) else None
    return (field_at(row.form, inner) if row is not None else None) or field


def _typed(field: Any) -> bool:
    if isinstance(field, FieldList):
        return any(it.form.said for it in field)
    return bool(field.process_errors) or field.data not in UNTOUCHED
