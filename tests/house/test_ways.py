"""How an authority takes complaints: every row of the directory says it, and what is not known is said so."""

from dataclasses import replace

import pytest

from tracker.reference.authorities import authorities
from tracker.reference.authorities_file import EMAIL_WORDS
from tracker.reference.ways import one_of, ways

AUSTRIA = authorities()["at-dsb"]


def lines(slug: str = "at-dsb", **values: str) -> list[str]:
    """Return all that is said of an authority, changed by the values."""
    it = ways(replace(authorities()[slug], **values))
    return [f"{way.words} {way.target}{way.more and ', ' + way.more}" for way in it.known] + [
        *it.refused,
        *it.not_known,
    ]


class TestTheWays:
    def test_are_form_mail_and_letter_with_their_addresses(self):
        assert [it.href for it in ways(AUSTRIA).known] == [
            AUSTRIA.complaint_form,
            f"mailto:{AUSTRIA.email}",
            None,
        ]
        assert ways(AUSTRIA).short == "online form, e-mail or letter"

    def test_say_that_bulgaria_wants_a_qualified_signature(self):
        assert "E-mail to kzld@cpdp.bg, only with a qualified electronic signature" in lines("bg-cpdp")

    def test_say_that_italy_wants_certified_mail(self):
        assert "certified e-mail (PEC)" in ways(authorities()["it-garante"]).short

    def test_leave_out_mail_where_only_an_address_is_known(self):
        said = lines(accepts_email="unknown")
        assert "Whether it takes complaints by e-mail is not known." in said
        assert not any(it.startswith("E-mail to") for it in said)

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"complaint_form": ""}, "No online form is known."),
            ({"address": ""}, "The address for letters is not known."),
            ({"email": ""}, "It takes complaints by e-mail, and the address is not known."),
            ({"accepts_email": "no"}, "It takes no complaints by e-mail."),
            ({"accepts_email": "none listed"}, "No address for complaints by e-mail is listed."),
            ({"languages": ""}, "In which languages it works is not known."),
        ],
    )
    def test_say_what_is_missing(self, values, words):
        assert words in lines(**values)

    def test_are_none_for_the_board(self):
        assert lines("eu-edpb") == ["It takes no complaints."]
        assert ways(authorities()["eu-edpb"]).short == "takes no complaints"

    def test_are_not_known_where_nothing_is(self):
        it = ways(authorities()["gg-odpa"])
        assert it.short == "not known how it takes complaints"

    @pytest.mark.parametrize("word", EMAIL_WORDS)
    def test_have_words_for_everything_that_the_column_may_say(self, word):
        assert any("mail" in it for it in lines(accepts_email=word))

    @pytest.mark.parametrize("slug", authorities())
    def test_of_every_authority_name_a_way_or_say_that_none_is_known(self, slug):
        it = ways(authorities()[slug])
        assert it.known or it.refused or it.not_known
        assert it.in_languages


@pytest.mark.parametrize(("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a or b")])
def test_a_choice_reads_as_one(words, said):
    assert one_of(words) == said
    assert one_of(["a", "b", "c"]) == "a, b or c"
