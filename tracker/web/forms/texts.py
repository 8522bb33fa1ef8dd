"""The form for what a case is called, and what it is about, in other languages."""

from collections.abc import Sequence
from typing import Any

from wtforms import FormField, IntegerField
from wtforms.widgets import HiddenInput

from tracker.rules.languages import OTHER_LANGUAGES
from tracker.services.cases_texts import NewText
from tracker.web.forms import Form, LineField, TextField
from tracker.web.forms.rows import Row


class TextRow(Row):
    """Title and summary in one language; empty where there is none."""

    called, named = "Text", "title"
    lacking = "Give the case a title in this language too."
    title = LineField("Title")
    summary = TextField("Summary", limit=20_000)
    seen = IntegerField(widget=HiddenInput(), default=0)

    @property
    def said(self) -> bool:
        """Return whether anything was typed."""
        return bool(self.title.data or self.summary.data)


class TextsForm(Form):
    """A part for each language in which the public site speaks besides English."""

    de = FormField(TextRow)
    fr = FormField(TextRow)

    @classmethod
    def of(cls, texts: Sequence[Any]) -> "TextsForm":
        """Return the form as it was sent, else one that shows what is written."""
        there = {it.language: it for it in texts}
        return cls(
            data={
                language: {"title": it.title, "summary": it.summary, "seen": it.version}
                for language in OTHER_LANGUAGES
                if (it := there.get(language))
            }
        )

    def part(self, language: str) -> Any:
        """Return the part for a language."""
        return self._fields[language].form

    def texts(self) -> list[NewText]:
        """Return what was typed."""
        parts = {language: self.part(language) for language in OTHER_LANGUAGES}
        return [NewText(key, it.title.data or "", it.summary.data or "") for key, it in parts.items()]

    def seen(self) -> dict[str, int]:
        """Return by language the version that was shown, 0 where there was none."""
        return {language: self.part(language).seen.data or 0 for language in OTHER_LANGUAGES}

    def beside(self, texts: Sequence[Any]) -> None:
        """Let the next save stand against what is saved now, which the page shows beside it."""
        there = {it.language: it.version for it in texts}
        for language in OTHER_LANGUAGES:
            seen = self.part(language).seen
            seen.data, seen.raw_data = there.get(language, 0), None
