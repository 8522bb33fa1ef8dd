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
    """Where a publication stands. Only CLEARED is public; a case has at most one of each of the first two."""

    PROPOSED = "proposed"
    CLEARED = "cleared"
    #: Was public until a later one was cleared.
    REPLACED = "replaced"
    #: Was never decided, because a later one was proposed.
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
