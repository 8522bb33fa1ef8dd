"""Slips that are found by their form alone."""

import pytest

from tracker.rules import slips


class TestAnAccount:
    @pytest.mark.parametrize(
        "number",
        [
            "AT611904300234573201",
            "DE89 3704 0044 0532 0130 00",
            "FR14 2004 1010 0505 0001 3M02 606",
            "NL91 ABNA 0417 1643 00",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "NO93 8601 1117 947",
        ],
    )
    def test_is_found_whatever_follows_it(self, number: str):
        for text in (number, f"Pay to {number}.", f"({number}) OF THE CONTROLLER", f"{number} and 12"):
            assert list(slips.ibans(text)) == [number], text

    @pytest.mark.parametrize(
        "text",
        ["AT611904300234573202", "XX89 3704 0044 0532 0130 00", "DE89 3704 0044", "XAT611904300234573201"],
    )
    def test_is_none_with_other_check_digits_or_of_another_length(self, text: str):
        assert list(slips.ibans(text)) == []


class TestATelephoneNumber:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("+353 1 765 0100", "+353 1 765 0100"),
            ("0043 1 52152-0 and more", None),
            ("Phone: 030 18 2345 67", "030 18 2345 67"),
            ("Tél. 01 53 73 22 22", "01 53 73 22 22"),
            ("+43(1)521525", "+43(1)521525"),
        ],
    )
    def test_is_found_with_the_code_of_a_country_or_after_its_word(self, text: str, number: str | None):
        found = list(slips.phones(text))
        assert found == ([number] if number else ["0043 1 52152-0"])

    @pytest.mark.parametrize(
        "text",
        [
            "2024-06-20",
            "0123/2024",
            "DSB-D130.026/0006-DSB/2018",
            "EUR 1,200,000,000",
            "C-252/21",
            "https://example.org/+4312345678901",
            "The telephone 5G network",
            "case 00-17",
        ],
    )
    def test_is_none_in_days_numbers_of_cases_and_links(self, text: str):
        assert list(slips.phones(text)) == []


class TestASecretLink:
    @pytest.mark.parametrize(
        "link",
        [
            "https://files.example.org/s/Ab12Cd34Ef56Gh7",
            "https://example.sharepoint.com/:b:/g/x",
            "https://we.tl/t-abc",
            "https://zoom.us/j/123?pwd=abcdefgh",
            "https://example.org/reset/9f86d081884c7d659a2feaa0c55ad015",
            "https://example.org/a?X-Amz-Signature=abcd1234",
        ],
    )
    def test_is_found_without_the_sign_that_ends_the_sentence(self, link: str):
        assert list(slips.secret_links(f"See {link}.")) == [link]

    @pytest.mark.parametrize(
        "link",
        [
            "https://gdprhub.eu/index.php?title=DSB_(Austria)_-_2020-0.436.002",
            "https://edpb.europa.eu/system/files/2024-01/edpb_bindingdecision_202301_en.pdf",
            "https://www.dataprotection.ie/en/news-media/press-releases/DPC-announces-1-2-billion-fine",
            "https://curia.europa.eu/juris/document/document.jsf?docid=228677&doclang=EN",
            "https://noyb.eu/en/noyb-urges-11-dpas-immediately-stop-metas-abuse-personal-data-ai",
        ],
    )
    def test_is_none_where_everybody_may_read(self, link: str):
        assert list(slips.secret_links(link)) == []
