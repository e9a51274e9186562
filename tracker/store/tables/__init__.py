"""Every table, by noun; importing this package fills the metadata that migrations are checked against."""

from tracker.store.tables.accounts import (
    AccountLink,
    ActingRow,
    NoticeAcceptance,
    RecoveryCode,
    SecondFactor,
    SignInSession,
)
from tracker.store.tables.amendments import STANDING, AmendmentRow, DraftProposal, PlanChange
from tracker.store.tables.extensions import CheckpointRow, ExtensionRow, LogDraft
from tracker.store.tables.feeds import FeedScope, SubscriptionRow
from tracker.store.tables.imports import DocumentRow, ImportCorrection, ImportDraftRow
from tracker.store.tables.installation import InstallationRow
from tracker.store.tables.people import PersonRow
from tracker.store.tables.plans import AssignmentRow, MilestoneRow, PlanMonitor, PlanRow, TaskRow
from tracker.store.tables.records import ChangeEntry, PeriodRow
from tracker.store.tables.reminders import (
    Lease,
    OutboxMessage,
    PreferenceRow,
    ReminderRecord,
    ReminderRule,
    UrgingMessage,
    UrgingRow,
    UrgingShare,
)
from tracker.store.tables.saved_views import SavedViewRow
from tracker.store.tables.search import SearchStale, SearchText
from tracker.store.tables.share_people import SharePerson
from tracker.store.tables.typed_forms import TypedForm
from tracker.store.tables.units import (
    DayOff,
    GroupMember,
    PersonMove,
    SchoolDate,
    UnitAlias,
    UnitEventRow,
    UnitEventUnit,
    UnitGroup,
    UnitPast,
    UnitRow,
)
from tracker.store.tables.work import EvidenceRow, ProgressEntry, ShareRow

__all__ = [
    "STANDING",
    "AccountLink",
    "ActingRow",
    "AmendmentRow",
    "AssignmentRow",
    "ChangeEntry",
    "CheckpointRow",
    "DayOff",
    "DocumentRow",
    "DraftProposal",
    "EvidenceRow",
    "ExtensionRow",
    "FeedScope",
    "GroupMember",
    "ImportCorrection",
    "ImportDraftRow",
    "InstallationRow",
    "Lease",
    "LogDraft",
    "MilestoneRow",
    "NoticeAcceptance",
    "OutboxMessage",
    "PeriodRow",
    "PersonMove",
    "PersonRow",
    "PlanChange",
    "PlanMonitor",
    "PlanRow",
    "PreferenceRow",
    "ProgressEntry",
    "RecoveryCode",
    "ReminderRecord",
    "ReminderRule",
    "SavedViewRow",
    "SchoolDate",
    "SearchStale",
    "SearchText",
    "SecondFactor",
    "SharePerson",
    "ShareRow",
    "SignInSession",
    "SubscriptionRow",
    "TaskRow",
    "TypedForm",
    "UnitAlias",
    "UnitEventRow",
    "UnitEventUnit",
    "UnitGroup",
    "UnitPast",
    "UnitRow",
    "UrgingMessage",
    "UrgingRow",
    "UrgingShare",
]
