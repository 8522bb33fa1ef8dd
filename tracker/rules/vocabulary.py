"""Every closed list of words. The value of a member is what the database, the address and a file hold."""

import enum


class Answer(enum.Enum):
    """What is known about a fact. Unknown is a value of its own and never turns into no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Precision(enum.Enum):
    """How exactly a day is known. Anything but DAY is shown as what it is and never sharpened."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Outcome(enum.Enum):
    """How a filing ended; not the same thing as its stage. NOT_RECORDED: decided, result not in the file."""

    PENDING = "pending"
    WON = "won"
    PARTLY_WON = "partly_won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    NOT_RECORDED = "not_recorded"


class Role(enum.Enum):
    """What a person may do; the acts of each role stand in rules/access.py."""

    READER = "reader"
    ADVOCATE = "advocate"
    LAWYER = "lawyer"
    EDITOR = "editor"
    ADMIN = "admin"


class ComplainantType(enum.Enum):
    """In whose name a filing is lodged (GDPR Art. 77, 80)."""

    DATA_SUBJECT_REPRESENTED = "data_subject_represented_art80_1"
    NGO_OWN_NAME = "ngo_own_name"
    NGO_WITH_PARTNER = "ngo_with_partner"


class Medium(enum.Enum):
    """How news reached us or left us."""

    LETTER = "letter"
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"
    PRESS = "press"
    OTHER = "other"


class PublicationState(enum.Enum):
    """Where a publication stands. Only CLEARED is public; a case has at most one of each of the first 3."""

    PROPOSED = "proposed"
    #: Is cleared, and becomes public when its time has come.
    EMBARGOED = "embargoed"
    CLEARED = "cleared"
    #: Was public until a later one was cleared.
    REPLACED = "replaced"
    #: Was never decided, or never public, because a later one took its place.
    SUPERSEDED = "superseded"
    #: Was turned down, or called off while it was under embargo.
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class WithdrawalReason(enum.Enum):
    """Why something was taken back from the public. It stays in the file."""

    PERSON = "person"
    WRONG = "wrong"
    EARLY = "early"
    ASKED = "asked"
    ORDERED = "ordered"
    OTHER = "other"


class DecisionType(enum.Enum):
    """What kind of decision it is: which follows from who decides, and in which procedure."""

    #: Art 60(3): the lead submits it to the others.
    DRAFT = "draft"
    #: Art 60(5).
    REVISED = "revised"
    #: Of the Board, Art 65 and 66.
    BINDING = "binding"
    #: At the end of the one-stop shop, Art 60(7) to (9).
    FINAL = "final"
    #: Of an authority that decides for its own territory, Art 55.
    NATIONAL = "national"
    #: Of a court.
    JUDGMENT = "judgment"


class Result(enum.Enum):
    """What a decision says of one filing. OPEN: nobody recorded it, or it leaves the matter as it is."""

    OPEN = "open"
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    #: Of a judgment: the decision before it stands, or is gone.
    CONFIRMED = "confirmed"
    ANNULLED = "annulled"


class Finding(enum.Enum):
    """What a decision says of one claim of one filing. OPEN is not known, and never turns into another."""

    OPEN = "open"
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    NOT_EXAMINED = "not_examined"


class AppealStatus(enum.Enum):
    """Whether a decision is before a court."""

    NONE_KNOWN = "none_known"
    #: It can still be brought.
    OPEN = "open"
    LODGED = "lodged"
    CONFIRMED = "confirmed"
    ANNULLED = "annulled"
    #: Nobody can bring one any more.
    FINAL = "final"


class ProceedingKind(enum.Enum):
    """Before whom a proceeding is."""

    AUTHORITY = "authority"
    COURT = "court"
    BOARD = "board"
