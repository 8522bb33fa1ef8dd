"""Ways of counting, one for each law that counts otherwise than Regulation 1182/71, as plain facts.

Each names the law on which it rests. Where a law leaves open whether a period moves to a working day, or a
day is one, the fact says so, and counting_national.py gives an earliest and a latest end.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tracker.errors import RuleBroken
from tracker.rules.closed_days import ClosedDay, after_easter, is_midsummer_eve, on


class Way(enum.Enum):
    """By which law a period is counted. The value stands in tables of periods."""

    REGULATION_1182_71 = "1182/71"
    #: How long a measure is valid: its end is no last day for an act, so it does not move.
    VALIDITY = "validity"
    #: A claim that is lost after a time: moving to a working day is not relied on.
    LIMITATION = "limitation"
    #: A state of which only this is known: the event is not counted, and the end moves to a working day.
    NATIONAL = "national"
    AT = "AT"
    BE = "BE"
    CH = "CH"
    DE = "DE"
    DK = "DK"
    #: Before authorities. ES-COURT: an action before a court.
    ES = "ES"
    ES_COURT = "ES-COURT"
    FI = "FI"
    #: The clear period of courts. FR-DATE: from date to date, as for the silence of an authority.
    FR = "FR"
    FR_DATE = "FR-DATE"
    IE = "IE"
    #: Before authorities. IT-COURT: an action before a court.
    IT = "IT"
    IT_COURT = "IT-COURT"
    LI = "LI"
    LU = "LU"
    NL = "NL"
    NO = "NO"
    PL = "PL"
    SE = "SE"


class Moves(enum.Enum):
    """Whether a period whose last day is no working day ends on the next one."""

    YES = "yes"
    #: It is taken to move, and the working day before is the safe one.
    DOUBTFUL = "doubtful"
    #: It is taken to end on that very day, and may be argued to move.
    NOT_ASSUMED = "not assumed"


class August(enum.Enum):
    """What August does to a period that is counted before a court."""

    #: Its days are added at the end (Italy).
    DAYS = "days"
    #: A period in months goes from date to date without that month (Spain).
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Law:
    """How one law counts.

    `start`, `end` and `move` are the provisions on the day of the event, the last day, and a last day that
    is no working day. `closed` are days besides those of the calendar on which nothing ends, `doubtful`
    such days of which that is not certain. `clear`: the last day is not counted either, by that rule.
    `working_days`: a number of days means working days. `other_end`: another reading ends so many days
    later, or earlier where it is below zero. `two_from`: a period of so many days or more has two working
    days at least. `longest`: the law leaves longer periods alone, in days, weeks, months or years.
    `from_the_end`: an extension begins where the first period ended. `doubt` is the sentence for what
    `moves` and `other_end` leave open.
    """

    name: str
    start: str
    end: str
    move: str
    moves: Moves = Moves.YES
    closed: tuple[ClosedDay, ...] = ()
    doubtful: tuple[ClosedDay, ...] = ()
    first_day_counts: bool = False
    clear: str = ""
    working_days: bool = False
    august: August | None = None
    august_basis: str = ""
    other_end: int = 0
    two_from: int | None = None
    two_basis: str = ""
    longest: Mapping[str, int] = field(default_factory=dict)
    from_the_end: str = ""
    doubt: str = ""


_CHRISTMAS_EVE, _NEW_YEARS_EVE = on(12, 24), on(12, 31)
_ETS_76 = "European Convention on the Calculation of Time-Limits (ETS 76)"

LAWS: Mapping[Way, Law] = MappingProxyType(
    {
        Way.VALIDITY: Law(
            "the validity of a measure",
            "Reg 1182/71 Art 3(1)",
            "Reg 1182/71 Art 3(2)(c)",
            "Reg 1182/71 Art 3(4)",
            moves=Moves.NOT_ASSUMED,
            other_end=-1,
            doubt="The end of the validity of a measure is no last day for an act, so it is taken not to "
            "move, and the day of the measure may be its first. An end that the measure names comes first.",
        ),
        Way.LIMITATION: Law(
            "a limitation period",
            "the day of the event is not counted",
            "from date to date",
            "moving to a working day is not relied on",
            moves=Moves.NOT_ASSUMED,
            doubt="Whether a limitation period that ends on such a day moves to a working day is open.",
        ),
        Way.NATIONAL: Law(
            "a national rule that moves to a working day",
            "national law: the day of the event is not counted",
            "national law: from date to date",
            "national law: the end moves to a working day",
            moves=Moves.DOUBTFUL,
            doubt="That the law of this state moves the end to a working day was not checked.",
        ),
        Way.AT: Law(
            "Austria",
            "§ 32(1) AVG",
            "§ 32(2) AVG",
            "§ 33(2) AVG",
            closed=(
                ClosedDay("Good Friday", "§ 33(2) AVG", after_easter(-2)),
                ClosedDay("24 December", "§ 33(2) AVG", _CHRISTMAS_EVE),
            ),
        ),
        Way.BE: Law("Belgium", "Art 52 Judicial Code", "Art 54 Judicial Code", "Art 53 Judicial Code"),
        Way.CH: Law("Switzerland", f"{_ETS_76} Art 3", f"{_ETS_76} Art 4", f"{_ETS_76} Art 5"),
        Way.DE: Law(
            "Germany",
            "§ 187(1) BGB",
            "§ 188 BGB",
            "§ 193 BGB, § 222(2) ZPO",
            from_the_end="§ 190 BGB",
        ),
        Way.DK: Law(
            "Denmark",
            "Danish practice: the day of the event is not counted",
            "Danish practice: from date to date",
            "Danish practice: the end moves to a working day",
            moves=Moves.DOUBTFUL,
            doubtful=(
                ClosedDay("Constitution Day", "closed by custom", on(6, 5)),
                ClosedDay("24 December", "closed by custom", _CHRISTMAS_EVE),
                ClosedDay("31 December", "closed by custom", _NEW_YEARS_EVE),
            ),
            doubt="No statute of Denmark says in general that the end moves to a working day.",
        ),
        Way.ES: Law(
            "Spain, before authorities",
            "Art 30(3), (4) LPAC",
            "Art 30(2), (4) LPAC",
            "Art 30(5) LPAC",
            working_days=True,
        ),
        Way.ES_COURT: Law(
            "Spain, before a court",
            "Art 46(1) LJCA",
            "Art 185 LOPJ, Art 5 Civil Code",
            "Art 185(2) LOPJ",
            doubtful=(
                ClosedDay("a day from 24 December to 6 January", "Art 183 LOPJ", on(12, *range(24, 32))),
                ClosedDay("a day from 24 December to 6 January", "Art 183 LOPJ", on(1, *range(1, 7))),
            ),
            working_days=True,
            august=August.MONTH,
            august_basis="Art 128(2) LJCA",
        ),
        Way.FI: Law(
            "Finland",
            "§ 2 Act 150/1930",
            "§ 3 Act 150/1930",
            "§ 5 Act 150/1930",
            closed=(
                ClosedDay("Midsummer Eve", "§ 5 Act 150/1930", is_midsummer_eve),
                ClosedDay("24 December", "§ 5 Act 150/1930", _CHRISTMAS_EVE),
            ),
        ),
        Way.FR: Law(
            "France, clear period of a court",
            "the clear period: the day of notification is not counted",
            "CJA R.421-1, from date to date",
            "the rule of Art 642 Code of Civil Procedure",
            clear="délai franc",
        ),
        Way.FR_DATE: Law(
            "France, from date to date",
            "the day of the event is not counted",
            "from date to date",
            "the rule of Art 642 Code of Civil Procedure",
            moves=Moves.DOUBTFUL,
            doubt="That the silence of an authority moves to a working day at its end is not certain.",
        ),
        Way.IE: Law(
            "Ireland",
            "Interpretation Act 2005 s 18(h)",
            "Interpretation Act 2005 s 18(h)",
            "no rule that moves it is relied on",
            moves=Moves.NOT_ASSUMED,
            first_day_counts=True,
            other_end=1,
            doubt="A court may count from the day after, and take an act as in time on the day on which its "
            "office opens again.",
        ),
        Way.IT: Law(
            "Italy, before authorities",
            "Art 2963 Civil Code",
            "Art 2963 Civil Code",
            "Art 2963 Civil Code",
            moves=Moves.DOUBTFUL,
            doubt="The Civil Code moves the end only from a holiday, and says nothing of Saturdays.",
        ),
        Way.IT_COURT: Law(
            "Italy, before a court",
            "Art 155(1) Code of Civil Procedure",
            "Art 155(2) Code of Civil Procedure",
            "Art 155(4), (5) Code of Civil Procedure",
            august=August.DAYS,
            august_basis="Art 1 Law 742/1969",
        ),
        Way.LI: Law("Liechtenstein", f"{_ETS_76} Art 3", f"{_ETS_76} Art 4", f"{_ETS_76} Art 5"),
        Way.LU: Law("Luxembourg", f"{_ETS_76} Art 3", f"{_ETS_76} Art 4", f"{_ETS_76} Art 5"),
        Way.NL: Law(
            "the Netherlands",
            "Awb 6:8: from the day after",
            "from date to date",
            "Art 1(1) Algemene termijnenwet",
            closed=(
                ClosedDay("Good Friday", "Art 3(2) Algemene termijnenwet", after_easter(-2)),
                ClosedDay("5 May", "Art 3(1) Algemene termijnenwet", on(5, 5)),
            ),
            doubtful=(
                ClosedDay(
                    "the day after Ascension Day, which a royal decree as a rule makes equal to a holiday",
                    "Art 3(3) Algemene termijnenwet",
                    after_easter(40),
                ),
            ),
            two_from=3,
            two_basis="Art 2 Algemene termijnenwet",
            longest=MappingProxyType({"d": 90, "w": 12, "m": 3, "y": 0}),
        ),
        Way.NO: Law("Norway", "§ 148 domstolloven", "§ 148 domstolloven", "§ 149 domstolloven"),
        Way.PL: Law("Poland", "Art 57(1) KPA", "Art 57(2), (3) KPA", "Art 57(4) KPA, Art 83(2) PPSA"),
        Way.SE: Law(
            "Sweden",
            "the day of the event is not counted",
            "§ 1 Act 1930:173",
            "§ 2 Act 1930:173",
            closed=(
                ClosedDay("Midsummer Eve", "§ 2 Act 1930:173", is_midsummer_eve),
                ClosedDay("24 December", "§ 2 Act 1930:173", _CHRISTMAS_EVE),
                ClosedDay("31 December", "§ 2 Act 1930:173", _NEW_YEARS_EVE),
            ),
        ),
    }
)

#: States whose own law is not described here: they go by NATIONAL.
_OTHERS = frozenset("BG HR CY CZ EE GR HU IS LV LT MT PT RO SK SI GB".split())
_AS_WRITTEN = {"EL": "GR", "UK": "GB"}
_UNION = frozenset({"EU", "GDPR", "PR"})
_STATE = re.compile(r"\s*([A-Za-z]{2,4})(?:[- ][A-Za-z0-9]{1,5})?\s*:")
#: Words in the text of a period that tell which of several ways of a state is meant; the first hit counts.
_TOLD_BY: Mapping[str, tuple[tuple[re.Pattern[str], Way], ...]] = MappingProxyType(
    {
        state: tuple((re.compile(words, re.IGNORECASE), way) for words, way in told)
        for state, told in {
            "AT": ((r"\b24\s?\(4\)|limitation|claim to handling", Way.LIMITATION),),
            "ES": (
                (r"court|contencioso|audiencia|LJCA|tribunal|LOPJ|\baction\b", Way.ES_COURT),
                (r"LPAC|LOPDGDD|reposici[oó]n|AEPD", Way.ES),
            ),
            "FR": (
                (r"silence|implicit|2019-536|date to date", Way.FR_DATE),
                (r"R\.?\s?421|CJA|conseil|court|clear|franc|tribunal|\baction\b", Way.FR),
            ),
            "IT": (
                (r"court|150/2011|tribunal|ricorso|\baction\b|742/1969|c\.?p\.?c", Way.IT_COURT),
                (r"143|garante|codice", Way.IT),
            ),
        }.items()
    }
)


def way_of(rule: str | None) -> Way:
    """Return how a period is counted that somebody named in words.

    "AT: appeal to the BVwG" begins with the code of a state and a colon, so it is counted as Austria does;
    what follows tells between several ways of one state. Small letters do where the state is known ("ie:"),
    and are a word like any other where it is not ("re:"). Everything else is Regulation 1182/71. Raises
    RuleBroken for the code of a state of which nothing is known: its way must not be guessed.
    """
    found = _STATE.match(rule or "")
    code = found[1].upper() if found else ""
    state = _AS_WRITTEN.get(code, code)
    known_state = state in _OTHERS or state in Way.__members__
    if not found or code in _UNION or (not known_state and not found[1].isupper()):
        return Way.REGULATION_1182_71
    for words, way in _TOLD_BY.get(state, ()):
        if words.search(rule or "", found.end()):
            return way
    if state in _OTHERS:
        return Way.NATIONAL
    if state in Way.__members__:
        return Way[state]
    known = ", ".join(sorted({*_OTHERS, *(it.value for it in Way if len(it.value) == 2)}))
    raise RuleBroken(
        f"No way of counting is known for {found[1]}: begin with one of {known}, "
        "or without a state for Regulation 1182/71.",
        field="rule",
    )
