"""Amounts of money: exact, in a currency, and read as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.rules.money import CURRENCIES, MOST, USUAL, Money, digits, read


class TestAnAmountAsTyped:
    @pytest.mark.parametrize(
        ("typed", "minor"),
        [
            ("1200000", 120_000_000),
            ("1200000.50", 120_000_050),
            ("1,200,000", 120_000_000),
            ("1,200,000.5", 120_000_050),
            ("1.200.000,50", 120_000_050),
            ("1 200 000", 120_000_000),
            ("1\u00a0200\u00a0000,50", 120_000_050),
            ("1'200'000", 120_000_000),
            (" 250 ", 25_000),
            (1_200_000, 120_000_000),
            (0.1, 10),
            (Decimal("0.29"), 29),
            ("0", 0),
        ],
    )
    def test_is_kept_to_the_cent(self, typed, minor):
        assert read(typed, "EUR") == Money(minor, "EUR")

    @pytest.mark.parametrize("typed", ["1.200", "1,200", "12.345", "999,999", "1.005"])
    def test_that_two_countries_read_differently_is_refused(self, typed):
        with pytest.raises(RuleBroken, match=r"two ways|not an amount") as refused:
            read(typed, "EUR")
        assert refused.value.field == "amount"

    @pytest.mark.parametrize(
        ("typed", "currency", "says"),
        [
            ("much", "EUR", "“much” is not an amount: write 1200000 or 1,200,000.50."),
            ("1,20,00", "EUR", "is not an amount"),
            ("1e6", "EUR", "is not an amount"),
            ("", "EUR", "is not an amount"),
            ("٣", "EUR", "is not an amount"),
            ("-5", "EUR", "An amount cannot be less than nothing."),
            (-5, "EUR", "An amount cannot be less than nothing."),
            ("1000.505", "EUR", "an amount in EUR has 2 decimals"),
            ("1000.5", "ISK", "an amount in ISK has no decimals"),
            (str(MOST), "EUR", "is more than can be kept"),
            pytest.param("9" * 5000, "EUR", "is more than can be kept", id="5,000 digits"),
            (float("nan"), "EUR", "is not an amount"),
            (float("inf"), "EUR", "is not an amount"),
            (True, "EUR", "is not an amount"),
        ],
    )
    def test_that_is_none_is_refused(self, typed, currency, says):
        with pytest.raises(RuleBroken) as refused:
            read(typed, currency)
        assert says in str(refused.value) and refused.value.field == "amount"

    @pytest.mark.parametrize(
        ("currency", "says"),
        [("", "Say in which currency it is."), ("EURO", "no currency"), ("eur", "ISO 4217")],
    )
    def test_without_its_currency_is_refused_beside_that_field(self, currency, says):
        with pytest.raises(RuleBroken, match=says) as refused:
            read("5", currency, field="fines-1-amount")
        assert refused.value.field == "fines-1-currency"


class TestACurrency:
    @pytest.mark.parametrize(
        ("code", "decimals"), [("EUR", 2), ("SEK", 2), ("ISK", 0), ("HUF", 2), ("KWD", 3)]
    )
    def test_has_the_decimals_of_iso_4217(self, code, decimals):
        assert digits(code) == decimals

    def test_of_the_list_to_choose_from_is_one(self):
        assert set(USUAL) <= CURRENCIES and all(len(it) == 3 for it in CURRENCIES)


class TestMoney:
    @pytest.mark.parametrize(
        ("money", "words", "plain"),
        [
            (Money(39_000_000_000, "EUR"), "EUR 390,000,000", "390000000"),
            (Money(30_000_050, "SEK"), "SEK 300,000.50", "300000.50"),
            (Money(1_000, "ISK"), "ISK 1,000", "1000"),
            (Money(1_234_567, "KWD"), "KWD 1,234.567", "1234.567"),
            (Money(0, "EUR"), "EUR 0", "0"),
        ],
    )
    def test_is_said_in_words_and_for_a_file(self, money, words, plain):
        assert (money.words, money.plain) == (words, plain)

    @given(st.integers(0, MOST), st.sampled_from(sorted(CURRENCIES)))
    def test_is_read_again_as_it_was_written(self, minor, currency):
        money = Money(minor, currency)
        assert read(Decimal(money.plain), currency) == read(money.amount, currency) == money
