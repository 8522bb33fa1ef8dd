"""The form for what a case is called, and what it is about, in other languages."""

from collections.abc import Sequence
from typing import Any

from wtforms import FormField, IntegerField
from wtforms.widgets import HiddenInput

from tracker.rules.languages import LANGUAGES
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
    """A part for each language in which the public site speaks, but for that in which the case is written."""

    en = FormField(TextRow, LANGUAGES["en"])
    de = FormField(TextRow, LANGUAGES["de"])
    fr = FormField(TextRow, LANGUAGES["fr"])

    @classmethod
    def of(cls, case: Any, texts: Sequence[Any]) -> "TextsForm":
        """Return the form as it was sent, else one that shows what is written.

        A part in the language of the case itself is left only where somebody typed into it: the language of
        the case was changed meanwhile, and nothing that was typed is to be lost.
        """
        form = cls(
            data={
                it.language: {"title": it.title, "summary": it.summary, "seen": it.version}
                for it in texts
                if it.language in LANGUAGES
            }
        )
        if case.language in LANGUAGES and not form.part(case.language).said:
            del form[case.language]
        return form

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of which there is a part, in their order."""
        return tuple(it for it in LANGUAGES if it in self._fields)

    def part(self, language: str) -> Any:
        """Return the part for a language."""
        return self._fields[language].form

    def texts(self) -> list[NewText]:
        """Return what was typed."""
        parts = {language: self.part(language) for language in self.languages}
        return [NewText(key, it.title.data or "", it.summary.data or "") for key, it in parts.items()]

    def seen(self) -> dict[str, int]:
        """Return by language the version that was shown, 0 where there was none."""
        return {language: self.part(language).seen.data or 0 for language in self.languages}

    def beside(self, texts: Sequence[Any]) -> None:
        """Let the next save stand against what is saved now, which the page shows beside it."""
        there = {it.language: it.version for it in texts}
        for language in self.languages:
            seen = self.part(language).seen
            seen.data, seen.raw_data = there.get(language, 0), None
