"""All tables of both stores. No queries and no acts: those are in services."""

from tracker.models.accounts import SignInAttempt, SignInPlace, User
from tracker.models.authorities import Authority
from tracker.models.case_texts import CaseText
from tracker.models.cases import Case, CaseController, CaseDraft, Claim, Complainant, Project
from tracker.models.controllers import Controller, ControllerKey, ControllerRevision, Establishment
from tracker.models.deadlines import Deadline, DeadlineAct, DeadlineChange
from tracker.models.decisions import (
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFinding,
    DecisionFine,
    DecisionMeasure,
    Hearing,
    HearingFiling,
    HearingVersion,
    Proceeding,
    ProceedingFiling,
)
from tracker.models.evidence import Evidence, StoredFile
from tracker.models.filings import Filing, FilingController, Reference, Update, UpdateFiling
from tracker.models.journal import Entry, Import, ImportedItem, Publication
from tracker.models.mail import CalendarAddress, Job, MailChoice, MailMark, Outgoing
from tracker.models.published import (
    PublishedAuthority,
    PublishedCase,
    PublishedContent,
    PublishedFiling,
    PublishedParty,
    PublishedTakenBack,
    PublishedUpdate,
)
from tracker.models.published_course import PublishedDeadline, PublishedDecision, PublishedHearing
from tracker.models.published_index import PublishedFacet, PublishedLine, PublishedTotal
from tracker.models.reminders import EntryMark, Reminder, ReminderBatch, ReminderTemplate
from tracker.models.routes import Route, RouteOverride

__all__ = [
    "Authority",
    "CalendarAddress",
    "Case",
    "CaseController",
    "CaseDraft",
    "CaseText",
    "Claim",
    "Complainant",
    "Controller",
    "ControllerKey",
    "ControllerRevision",
    "Deadline",
    "DeadlineAct",
    "DeadlineChange",
    "Decision",
    "DecisionEntry",
    "DecisionFiling",
    "DecisionFinding",
    "DecisionFine",
    "DecisionMeasure",
    "Entry",
    "EntryMark",
    "Establishment",
    "Evidence",
    "Filing",
    "FilingController",
    "Hearing",
    "HearingFiling",
    "HearingVersion",
    "Import",
    "ImportedItem",
    "Job",
    "Outgoing",
    "Proceeding",
    "ProceedingFiling",
    "Project",
    "Publication",
    "PublishedAuthority",
    "PublishedCase",
    "PublishedContent",
    "PublishedDeadline",
    "PublishedDecision",
    "PublishedFacet",
    "PublishedFiling",
    "PublishedHearing",
    "PublishedLine",
    "PublishedParty",
    "PublishedTakenBack",
    "PublishedTotal",
    "PublishedUpdate",
    "Reference",
    "Reminder",
    "ReminderBatch",
    "ReminderTemplate",
    "MailChoice",
    "MailMark",
    "Route",
    "RouteOverride",
    "SignInAttempt",
    "SignInPlace",
    "StoredFile",
    "Update",
    "UpdateFiling",
    "User",
]
