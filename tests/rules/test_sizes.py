"""Numbers of bytes in words."""

import pytest

from tracker.rules.sizes import size_words


class TestANumberOfBytes:
    @pytest.mark.parametrize(
        ("count", "words"),
        [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1,023 bytes"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            ((1 << 20) - 1, "1 MiB"),
            (2_000_000, "1.9 MiB"),
            (2 << 30, "2 GiB"),
            ((2 << 30) + (100 << 20), "2.1 GiB"),
            (5000 << 30, "5000 GiB"),
        ],
    )
    def test_has_the_words_that_people_compare(self, count: int, words: str) -> None:
        assert size_words(count) == words
