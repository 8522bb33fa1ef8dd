"""The letters that remind authorities: packaged, changed by lawyers, every version kept."""

import pytest
import sqlalchemy as sa

from tests.services.recording import BEN
from tests.services.reminding import case as case
from tests.services.reminding import letters, written
from tests.services.reminding import today as today
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Entry
from tracker.services import (
    chasing,
    chasing_templates,
)


class TestTheLetterOfALanguage:
    def kept(self, language, subject="About {number}", body="Dear {authority}", seen=0, by=BEN):
        with transaction():
            return chasing_templates.save_letter(language, subject, body, seen=seen, by=by)

    def test_is_the_packaged_one_until_a_lawyer_changes_it(self, app):
        assert {it: use.own for it, use in chasing_templates.letters_in_use().items()} == {
            "de": False, "en": False, "fr": False,
        }  # fmt: skip
        self.kept("de")
        now = chasing_templates.letter_of("de")
        assert (now.own, now.version, now.letter.body) == (True, 1, "Dear {authority}")

    def test_can_be_one_in_another_language(self, case):
        self.kept("el")
        it = letters(written("C002-01"))["C002-01"]
        assert (it.row.language, it.subject.text, it.missing) == ("el", "About C002-01", ())

    def test_keeps_every_version_and_makes_none_without_a_change(self, app):
        self.kept("de")
        self.kept("de", body="Dear {number}", seen=1)
        self.kept("de", body="Dear {number}", seen=2)
        assert [it.version for it in chasing_templates.history_of("de")] == [2, 1]

    def test_goes_back_to_the_packaged_one(self, app):
        self.kept("de")
        with transaction():
            chasing_templates.use_packaged("de", seen=1, by=BEN)
        now = chasing_templates.letter_of("de")
        assert (now.own, now.version) == (False, 2) and "Sehr geehrte" in now.letter.body
        self.kept("de", seen=2)
        assert chasing_templates.letter_of("de").version == 3

    def test_is_gone_where_there_is_no_packaged_one(self, app):
        self.kept("el")
        with transaction():
            chasing_templates.use_packaged("el", seen=1, by=BEN)
        assert "el" not in chasing_templates.letters_in_use()

    def test_leaves_letters_that_are_written_as_they_are(self, case):
        number = written()
        self.kept("de")
        assert "Sehr geehrte" in letters(number)["C001-01"].body.text
        with transaction():
            chasing.renew(chasing.get_batch(number))
        assert letters(number)["C001-01"].body.text == "Dear Österreichische Datenschutzbehörde"

    @pytest.mark.parametrize(
        ("subject", "body", "field", "words"),
        [
            ("", "x", "subject", "Say what the letter is about"),
            ("x", " ", "body", "Write the words"),
            (
                "x",
                "Dear {nobody}",
                "body",
                "There is no slot “nobody”. Possible are {authority}, {reference}",
            ),
            ("{", "x", "subject", "Line 1 has a brace"),
            ("x", "a\nb }", "body", "Line 2 has a brace"),
        ],
    )
    def test_is_refused_beside_the_field_that_is_wrong(self, app, subject, body, field, words):
        with pytest.raises(RuleBroken, match=words) as refused:
            self.kept("de", subject, body)
        assert refused.value.field == field

    def test_is_refused_where_somebody_else_was_first(self, app):
        self.kept("de")
        with pytest.raises(Stale):
            self.kept("de", body="Mine", seen=0)
        with pytest.raises(Stale), transaction():
            chasing_templates.use_packaged("de", seen=0, by=BEN)

    def test_of_what_is_no_language_does_not_exist(self, app):
        with pytest.raises(NotFound):
            chasing_templates.letter_of("klingon")

    def test_is_a_line_of_the_journal(self, app):
        self.kept("de")
        [line] = db.session.scalars(sa.select(Entry).where(Entry.act == "reminder.template"))
        assert (line.subject, line.actor, line.detail["version"]) == ("de", BEN.key, 1)
