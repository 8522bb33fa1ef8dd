"""The packaged letters that remind authorities, and how their slots are written in each language."""

from datetime import date

import pytest

from tracker.errors import BadFile
from tracker.reference import letters
from tracker.reference.authorities import authorities
from tracker.reference.names import languages
from tracker.rules.days import Day
from tracker.rules.letters import slots_in

WORDS = [(language, it.subject, it.body) for language, it in letters.packaged().items()]


class TestThePackagedLetters:
    def test_are_there_in_english_german_and_french(self):
        assert {"en", "de", "fr"} <= set(letters.packaged())

    @pytest.mark.parametrize(("language", "subject", "body"), WORDS, ids=[it[0] for it in WORDS])
    def test_say_the_same_by_the_same_slots(self, language, subject, body):
        english = letters.packaged()["en"]
        used = set(slots_in(body, letters.SLOTS, field=""))
        assert used == set(slots_in(english.body, letters.SLOTS, field=""))
        assert set(slots_in(subject, letters.SLOTS, field="")) == {"lodged_when", "controller", "reference"}
        assert used >= {"authority", "reference", "number", "silent_days", "provision", "due_day"}

    @pytest.mark.parametrize(("language", "subject", "body"), WORDS, ids=[it[0] for it in WORDS])
    def test_name_the_two_articles_and_raise_no_voice(self, language, subject, body):
        assert "77" in body and "78" in body and "!" not in subject + body

    @pytest.mark.parametrize(
        "text", ["", "Subject", "Subject\nwords", "Subject\n\n", "S\n\n{nobody}", "S\n\n{"]
    )
    def test_are_refused_out_of_shape(self, tmp_path, text):
        file = tmp_path / "xx.txt"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadFile, match="xx.txt"):
            letters.letter_in(file)

    def test_are_written_in_a_language_of_most_authorities_that_speak_one_of_theirs(self):
        spoken = {it for each in authorities().values() for it in each.languages.split(";")}
        assert set(letters.packaged()) & spoken == {"en", "de", "fr"}


class TestASlotOfALetter:
    @pytest.mark.parametrize(
        ("language", "day", "words"),
        [
            ("en", "2024-06-06", "6 June 2024"),
            ("de", "2024-06-06", "6. Juni 2024"),
            ("fr", "2024-06", "juin 2024"),
            ("es", "2024", "2024"),
            ("de", "", None),
            ("none at all", "2024-06-06", "6 June 2024"),
        ],
    )
    def test_has_days_as_exactly_as_they_are_known(self, language, day, words):
        assert letters.day_in(language, Day.parse(day)) == words

    def test_has_days_numbers_and_names_in_its_language(self):
        assert letters.day_in("de", date(2026, 1, 2)) == "2. Januar 2026"
        assert letters.day_in("fr", date(2026, 8, 1)) == "1er août 2026"
        assert letters.number_in("de", 1204) == "1.204" and letters.number_in("en", 1204) == "1,204"
        assert letters.several_in("fr", ["A", "B", "C"]) == "A, B et C"
        assert letters.several_in("en", ["A", "B", "C"]) == "A, B and C"
        assert letters.several_in("en", []) is None

    @pytest.mark.parametrize("language", [code for code, _ in languages()])
    def test_can_be_written_in_every_language_that_is_offered(self, language):
        assert letters.day_in(language, date(2026, 1, 2)) and letters.number_in(language, 12)

    @pytest.mark.parametrize(
        ("language", "basis", "words"),
        [
            ("en", "Art 78(2), 77(2)", "Art 78(2), 77(2) GDPR"),
            ("de", "Art 78(2), 77(2)", "Art. 78 Abs. 2, 77 Abs. 2 DSGVO"),
            ("fr", "Art 78(2), 77(2)", "articles 78, paragraphe 2, et 77, paragraphe 2, du RGPD"),
            ("nl", "Art 56(3)", "Art 56(3) AVG"),
            ("de", "Art 6(1)(f)", "Art. 6 Abs. 1 lit. f DSGVO"),
            ("fr", "Art 77(2)", "article 77, paragraphe 2, du RGPD"),
            ("de", "§ 73 AVG, § 8(1) VwGVG", "§ 73 AVG, § 8 Abs. 1 VwGVG"),
            ("de", "Art 12(1) Reg 2025/2518", "Art. 12 Abs. 1 VO (EU) 2025/2518"),
            ("fr", "Art 61(2), 61(5), 61(8)", "article 61, paragraphes 2, 5 et 8, du RGPD"),
            ("fr", "Art 12(3), 15 to 22", "articles 12, paragraphe 3, et 15 à 22 du RGPD"),
            ("nl", "Art 12(1) Reg 2025/2518", "Art 12(1) Reg 2025/2518"),
        ],
    )
    def test_cites_a_provision_as_its_language_does(self, language, basis, words):
        assert letters.provision_in(language, basis) == words
