"""Amounts of money, exact: whole minor units (cents) of a currency of ISO 4217."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tracker.errors import RuleBroken
from tracker.rules.text import shown

#: Of the currencies in use, those whose amounts do not have two decimals (ISO 4217, list one).
_WITHOUT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_FOUR = frozenset({"CLF", "UYW"})
_TWO = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON "
    "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS "
    "UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG".split()
    # Gone since the GDPR applies, and still that of a fine from before: Croatia until 2022.
    + ["HRK"]
)
CURRENCIES = _WITHOUT | _TWO | _THREE | _FOUR
#: Those in which authorities of the EEA and their neighbours fine, for a list to choose from.
USUAL = ("EUR", "BGN", "CHF", "CZK", "DKK", "GBP", "HUF", "ISK", "NOK", "PLN", "RON", "SEK", "HRK", "USD")
#: More than any fine, and still a number that every database takes.
MOST = 10**15
#: Signs of an amount; so many digits are counted exactly.
_LONGEST = 25

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}([,. '\u00a0\u202f\u2019])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole minor units of a currency: Money(5_500_000_00, "EUR") is EUR 5.5 million."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """Return the amount in the currency itself, with its decimals."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    @property
    def plain(self) -> str:
        """Return the amount as a file has it: "5500000", or "5500000.50" where there are cents."""
        whole = self.amount
        return str(int(whole)) if whole == int(whole) else str(whole)

    @property
    def words(self) -> str:
        """Return "EUR 5,500,000", or "EUR 5,500,000.50" where there are cents."""
        whole = self.amount
        return f"{self.currency} {int(whole) if whole == int(whole) else whole:,}"


def digits(currency: str) -> int:
    """Return how many decimals amounts of a currency have. Raises KeyError for what is none."""
    for known, count in ((_TWO, 2), (_WITHOUT, 0), (_THREE, 3), (_FOUR, 4)):
        if currency in known:
            return count
    raise KeyError(currency)


def read(amount: str | int | float | Decimal, currency: str, *, field: str = "amount") -> Money:
    """Return the money meant by "1 200 000", "1,200,000.50", "1.200.000" or a number, in a currency.

    Raises RuleBroken: beside `field` for what is no amount, is negative, or has more decimals than the
    currency; beside `currency` (with the path of `field`) for a currency that ISO 4217 does not have.
    """
    path = field.removesuffix("amount")
    if not currency:
        raise RuleBroken("Say in which currency it is.", field=f"{path}currency")
    if currency not in CURRENCIES:
        raise RuleBroken(
            f"{shown(currency)} is no currency of ISO 4217: write EUR, SEK or the like.",
            field=f"{path}currency",
        )
    found = _decimal(amount, field)
    if found < 0:
        raise RuleBroken("An amount cannot be less than nothing.", field=field)
    minor = found.scaleb(digits(currency))
    if minor != int(minor):
        allowed = digits(currency)
        decimals = f"{allowed} decimals" if allowed else "no decimals"
        raise RuleBroken(f"{shown(str(amount))}: an amount in {currency} has {decimals}.", field=field)
    if minor > MOST:
        raise RuleBroken(f"{shown(str(amount))} is more than can be kept: check it.", field=field)
    return Money(int(minor), currency)


def _decimal(amount: str | int | float | Decimal, field: str) -> Decimal:
    """Return the number that is meant. Raises RuleBroken."""
    if isinstance(amount, str):
        typed = " ".join(amount.split())
        if len(typed) > _LONGEST:
            raise RuleBroken(f"{shown(amount)} is more than can be kept: check it.", field=field)
        if typed.startswith("-") and _PLAIN.fullmatch(typed[1:]):
            return Decimal(typed)
        if _PLAIN.fullmatch(typed) and not re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", typed):
            return Decimal(typed)
        if found := _GROUPED.fullmatch(typed):
            return _grouped(typed, found[1], field)
        raise RuleBroken(f"{shown(amount)} is not an amount: write 1200000 or 1,200,000.50.", field=field)
    try:
        found_number = Decimal(str(amount))
    except InvalidOperation:
        found_number = Decimal("nan")
    if isinstance(amount, bool) or not found_number.is_finite():
        raise RuleBroken(f"{shown(str(amount))} is not an amount.", field=field)
    return found_number


def _grouped(typed: str, mark: str, field: str) -> Decimal:
    """Return a number with thousands set apart by a mark. Raises RuleBroken where that says two things."""
    if mark in ",." and typed.count(mark) == 1 and not re.search(r"[.,][0-9]{1,2}$", typed):
        # 1.200 is one thousand two hundred in one country and one and a fifth in another.
        raise RuleBroken(f"{shown(typed)} can be read in two ways: write it without marks.", field=field)
    whole, end = typed, ""
    if found := re.search(r"[.,]([0-9]{1,2})$", typed):
        whole, end = typed[: found.start()], f".{found[1]}"
    return Decimal(re.sub(r"[^0-9]", "", whole) + end)
