"""Title and summary of a case in other languages, at the desk."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.publishing import two_cases
from tests.reader import Reader
from tracker.db import db, transaction
from tracker.models import Entry
from tracker.rules.access import SHELL
from tracker.services import cases, cases_texts
from tracker.services.cases_texts import NewText
from tracker.web import languages

Desk = Callable[[str], Reader]
TEXTS = "/desk/cases/C001/texts"


@pytest.fixture
def case(app) -> None:
    two_cases()


def german(reader: Reader, **typed: str) -> dict[str, str]:
    """Return the form for German as the page has it, with what is typed."""
    return {**reader.fields(TEXTS), **{f"de-{name}": value for name, value in typed.items()}}


def written(language: str, title: str) -> None:
    """Write a text of the case as the operator."""
    with transaction():
        cases_texts.write_texts(cases.get_case("C001"), [NewText(language, title)], seen={}, by=SHELL)


class TestWritingATextInAnotherLanguage:
    def test_keeps_it_with_who_wrote_it(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post(TEXTS, german(reader, title="Beispiel", summary="Worum es geht."), status=303)
        page = reader.get(TEXTS).text
        assert "Beispiel" in page and "Worum es geht." in page and "Written by The advocate" in page
        acts = db.session.scalars(sa.select(Entry.act).where(Entry.act == "case.translate")).all()
        assert acts == ["case.translate"]

    def test_is_open_to_editors_who_prepare_publications(self, case, desk: Desk):
        reader = desk("editor")
        reader.post(TEXTS, german(reader, title="Beispiel"), status=303)
        assert "Beispiel" in reader.get(TEXTS).text

    def test_is_not_for_readers_who_see_what_is_there(self, case, desk: Desk):
        written("fr", "Exemple")
        page = desk("reader").get(TEXTS).text
        assert "Exemple" in page and "Save the texts" not in page

    def test_without_a_title_is_refused_beside_the_field(self, case, desk: Desk):
        reader = desk("advocate")
        page = reader.post(TEXTS, german(reader, summary="Worum es geht."), status=422).text
        assert "Give the case a title in this language too." in page and "Worum es geht." in page
        assert "German: Title: Give the case a title" in page

    def test_that_is_emptied_takes_it_out(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post(TEXTS, german(reader, title="Beispiel"), status=303)
        reader.post(TEXTS, german(reader, title="", summary=""), status=303)
        assert cases_texts.texts_of(cases.get_case("C001").id) == []

    def test_after_somebody_else_did_shows_both_and_saves_only_once_more(self, case, desk: Desk):
        reader = desk("advocate")
        mine = german(reader, title="Meines")
        written("de", "Anderes")
        page = reader.post(TEXTS, mine, status=409).text
        assert "Anderes" in page and "Meines" in page
        reader.post(TEXTS, {**mine, "de-seen": "1"}, status=303)
        (text,) = cases_texts.texts_of(cases.get_case("C001").id)
        assert text.title == "Meines"

    def test_is_into_any_language_of_the_site_but_that_of_the_case(self, case, desk: Desk):
        reader = desk("advocate")
        assert "en-title" not in reader.fields(TEXTS)
        amend = "/desk/cases/C001/amend"
        reader.post(amend, {**reader.fields(amend), "language": "de", "do": "save"}, status=303)
        fields = reader.fields(TEXTS)
        assert {"en-title", "fr-title"} <= fields.keys() and "de-title" not in fields
        reader.post(TEXTS, {**fields, "en-title": "In English"}, status=303)
        (text,) = cases_texts.texts_of(cases.get_case("C001").id)
        assert (text.language, text.title) == ("en", "In English")

    def test_has_a_part_for_every_language_that_readers_can_choose(self, case, desk: Desk):
        offered = [it for it in desk("advocate").fields(TEXTS) if it.endswith("-title")]
        named = {"en", *(it.removesuffix("-title") for it in offered)}
        assert named == set(languages.LANGUAGES)

    def test_in_which_the_case_is_written_since_is_refused_and_stays_on_the_page(self, case, desk: Desk):
        reader = desk("advocate")
        mine = german(reader, title="Meines")
        with transaction():
            cases.get_case("C001").language = "de"
        page = reader.post(TEXTS, mine, status=422).text
        assert "The case itself is written in this language: change it there." in page and "Meines" in page
        assert 'id="de-title-error"' in page
        assert cases_texts.texts_of(cases.get_case("C001").id) == []

    def test_by_two_people_in_two_languages_does_not_collide(self, case, desk: Desk):
        reader = desk("advocate")
        mine = german(reader, title="Beispiel")
        written("fr", "Exemple")
        reader.post(TEXTS, {**mine, "fr-title": "Exemple"}, status=303)
        found = cases_texts.texts_of(cases.get_case("C001").id)
        assert [(it.language, it.title) for it in found] == [("de", "Beispiel"), ("fr", "Exemple")]
