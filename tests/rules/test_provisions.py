"""Provisions of the GDPR, typed any usual way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.reference.tables import provisions
from tracker.rules.provisions import Provision, read

ARTICLES = provisions()
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=[]))
NEARLY = st.lists(
    st.sampled_from(
        ["Art.", "Article", "6", "12", "(1)", "1", "I", "iv", "lit.", "f", "(f)", "Abs.", ",", ".", "point",
         "of", "GDPR", "DSGVO", "S.", "first", "subparagraph", "Z", "²", "٣", "\x00", "\ud800", "§", "99"]
    ),
    max_size=9,
)  # fmt: skip


@st.composite
def existing(draw):
    """Give a provision that exists."""
    article = ARTICLES[draw(st.integers(1, 99))]
    paragraph = draw(st.none() | st.integers(1, article.paragraphs)) if article.paragraphs else None
    last = article.points.get(paragraph or 0)
    letter = (
        draw(st.none() | st.sampled_from("abcdefghijklmnopqrstuvwxyz"[: ord(last) - 96])) if last else None
    )
    return Provision(article.number, paragraph, letter)


class TestAProvisionTypedInAUsualWay:
    @pytest.mark.parametrize(
        "typed",
        [
            "6(1)(f)",
            "6 (1) (f)",
            "6(1)f",
            "6.1.f",
            "6 1 f",
            "Art 6(1)(f)",
            "Art. 6 (1) lit. f GDPR",
            "GDPR Article 6(1)(F)",
            "Article 6 para 1 point f",
            "Article 6(1), point (f), of Regulation (EU) 2016/679",
            "Article 6(1), first subparagraph, point (f)",
            "point (f) of Article 6(1) of the GDPR",
            "point (f) of paragraph 1 of Article 6",
            "art 6 I f DSGVO",
            "art 6 i f dsgvo",
            "Art. 6 Abs. 1 lit. f DS-GVO",
            "Art. 6 Abs. 1 S. 1 lit. f DSGVO",
            "Art. 6 Abs. 1 UAbs. 1 Buchst. f",
            "article 6, paragraphe 1, point f), du RGPD",
            "artículo 6.1.f) del RGPD",
            "artikel 6, lid 1, onder f, AVG",
            "art. 6 ust. 1 lit. f RODO",
            "čl. 6 odst. 1 písm. f)",
            "čl. 6 ods. 1 písm. f) GDPR",
            "Article 6(1)(f) of Regulation (EU) 2016/679 (General Data Protection Regulation)",
            "Art.\u00a06\u202f(1)\u00a0lit.\u00a0f",
        ],
    )
    def test_is_kept_in_one_form(self, typed):
        assert read(typed, ARTICLES).code == "6(1)(f)"

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("12", "12"),
            ("Articles 12", "12"),
            ("Art. 5 Abs. 1 lit. a", "5(1)(a)"),
            ("4(11)", "4(11)"),
            ("Art 4 Z 11 DSGVO", "4(11)"),
            ("Article 4, point (11)", "4(11)"),
            ("Art. 4 Nr. 16 lit. b", "4(16)(b)"),
            ("17(1)(c)", "17(1)(c)"),
            ("Art. 58 Abs. 2 lit. i", "58(2)(i)"),
            ("57(1)(s)", "57(1)(s)"),
            ("6 II", "6(2)"),
            ("6(IV)(a)", "6(4)(a)"),
            ("50(b)", "50(b)"),
        ],
    )
    def test_keeps_exactly_what_it_names(self, typed, code):
        assert read(typed, ARTICLES).code == code

    def test_has_a_label_and_the_address_of_the_text(self):
        provision = read("art 6 I f", ARTICLES)
        assert provision.label == "Art 6(1)(f)"
        assert provision.url == "https://eur-lex.europa.eu/eli/reg/2016/679/oj#art_6"

    @settings(derandomize=True, max_examples=200)
    @given(existing())
    def test_is_read_back_from_what_the_program_writes(self, provision):
        assert read(provision.code, ARTICLES) == provision
        assert read(provision.label, ARTICLES) == provision
        assert read(provision.code) == provision


class TestWhatIsNotOneProvision:
    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ("100", "there is no Article 100"),
            ("0", "there is no Article 0"),
            ("6(7)", r"Article 6 has 4 paragraphs, so there is no 6\(7\)"),
            ("16(1)", "Article 16 has no paragraphs"),
            ("6(0)", "counted from 1"),
            ("6(1)(g)", r"Article 6\(1\) has the points \(a\) to \(f\), not \(g\)"),
            ("7(1)(a)", r"Article 7\(1\) has no points"),
            ("Art 6 lit f", r"name the paragraph before the letter, as in 6\(1\)\(f\)"),
        ],
    )
    def test_is_refused_with_what_the_law_has_instead(self, typed, reason):
        with pytest.raises(RuleBroken, match=reason) as refusal:
            read(typed, ARTICLES, field="claims")
        assert typed in str(refusal.value)
        assert refusal.value.field == "claims"

    @pytest.mark.parametrize(
        "typed",
        ["", "Art", "f", "5, 6", "5 6", "5 and 6", "12-14", "6(1)(a), (b)", "6(1)(f)(i)", "6 abs 1 abs 2",
         "Art 6 Abs 1 S 2", "§ 6(1)", "recital 47", "6²", "6(٣)", "UK GDPR Art 6", "1" * 20],
    )  # fmt: skip
    def test_is_never_guessed(self, typed):
        with pytest.raises(RuleBroken, match="is not understood as one provision of the GDPR"):
            read(typed, ARTICLES)

    @pytest.mark.parametrize(
        "typed",
        ["6(1)(f)\x00", "6\ud800", "6" * 100_000, "(" * 100_000],
        ids=["NUL", "surrogate", "digits", "brackets"],
    )
    def test_is_refused_however_broken(self, typed):
        with pytest.raises(RuleBroken) as refusal:
            read(typed, ARTICLES)
        assert len(str(refusal.value)) < 200

    @settings(derandomize=True, max_examples=200)
    @given(ANY_TEXT | NEARLY.map(" ".join) | NEARLY.map("".join))
    def test_raises_nothing_else_on_any_text(self, text):
        for articles in (ARTICLES, {}):
            try:
                provision = read(text, articles)
            except RuleBroken as refusal:
                str(refusal).encode("utf-8")
            else:
                assert read(provision.code, articles) == provision
