"""Every state a reader can meet: its word, its icon and its tone, in one table.

One word per state everywhere, whatever page shows it. The tone says what it means for the reader: ``ok`` met or
done, ``warn`` waiting or below target, ``bad`` failed, ``info`` in progress, ``mute`` draft, ended or unknown,
``accent`` chosen. Colour is never alone: each badge carries the word and an icon.
"""

import re
from enum import Enum
from typing import NamedTuple

from flask_babel import lazy_gettext as _l


class Badge(NamedTuple):
    """What a badge shows. word may be a lazy string; tone is one of ok, warn, bad, info, mute, accent."""

    word: object
    icon: str
    tone: str


DRAFT = Badge(_l("Draft"), "pencil", "mute")
PUBLISHED = Badge(_l("Published"), "megaphone", "info")
SEALED = Badge(_l("Sealed"), "lock", "info")
IN_EVALUATION = Badge(_l("In evaluation"), "clipboard-check", "info")
AWARDED = Badge(_l("Awarded"), "trophy", "accent")
IN_FORCE = Badge(_l("In force"), "check-circle", "ok")
MET = Badge(_l("Met"), "check", "ok")
MISSED = Badge(_l("Missed"), "exclamation-triangle", "warn")
BELOW_MINIMUM = Badge(_l("Below minimum"), "x-circle", "bad")
NO_DATA = Badge(_l("No data"), "dash-circle", "mute")
DISPUTED = Badge(_l("Disputed"), "flag", "bad")
VERIFIED = Badge(_l("Verified"), "patch-check", "ok")
SELF_DECLARED = Badge(_l("Self-declared"), "person", "mute")
ENDED = Badge(_l("Ended"), "archive", "mute")
WITHDRAWN = Badge(_l("Withdrawn"), "arrow-return-left", "mute")
CANCELLED = Badge(_l("Cancelled"), "slash-circle", "mute")
LAPSED = Badge(_l("Lapsed"), "hourglass-bottom", "mute")
IN_REVIEW = Badge(_l("In review"), "hourglass-split", "warn")
CHANGES_REQUESTED = Badge(_l("Changes requested"), "pencil-square", "warn")
REJECTED = Badge(_l("Rejected"), "x-circle", "bad")
SUSPENDED = Badge(_l("Suspended"), "pause-circle", "bad")
ACCEPTED = Badge(_l("Accepted"), "check", "ok")
DECLINED = Badge(_l("Declined"), "x", "mute")
OBJECTED = Badge(_l("Objected"), "flag", "warn")
AGREED = Badge(_l("Agreed"), "check", "ok")
SETTLED = Badge(_l("Settled"), "check-all", "ok")
PAID = Badge(_l("Paid"), "check-all", "ok")
PARTLY_SIGNED = Badge(_l("Partly signed"), "pen", "warn")
WAITING = Badge(_l("Waiting"), "hourglass-split", "warn")
IN_PROGRESS = Badge(_l("In progress"), "arrow-repeat", "info")
PROPOSED = Badge(_l("Proposed"), "chat-left-text", "info")
DECIDED = Badge(_l("Decided"), "check-circle", "ok")
FAILED = Badge(_l("Failed"), "x-circle", "bad")
SUPERSEDED = Badge(_l("Superseded"), "arrow-left-right", "mute")
REFUSED = Badge(_l("Refused"), "x-circle", "bad")
CLOSED = Badge(_l("Closed"), "archive", "mute")
OPEN = Badge(_l("Open"), "circle", "info")

_PAPER = {
    "proposed": PROPOSED,
    "partly_signed": PARTLY_SIGNED,
    "effective": IN_FORCE,
    "rejected": REJECTED,
    "lapsed": LAPSED,
}

BADGES: dict[str, dict[str, Badge]] = {
    "company": {
        "applied": Badge(_l("Address not confirmed"), "hourglass-split", "warn"),
        "open": Badge(_l("Open"), "check-circle", "ok"),
        "suspended": SUSPENDED,
        "closed": CLOSED,
    },
    "help_question": {
        "draft": DRAFT,
        "published": PUBLISHED,
    },
    "service": {
        "draft": DRAFT,
        "submitted": IN_REVIEW,
        "live": PUBLISHED,
        "changes_requested": CHANGES_REQUESTED,
        "rejected": REJECTED,
        "paused": Badge(_l("Paused"), "pause-circle", "mute"),
        "suspended": SUSPENDED,
        "retired": ENDED,
    },
    "rate_card": {
        "draft": DRAFT,
        "active": Badge(_l("In use"), "check-circle", "ok"),
        "archived": Badge(_l("Put away"), "archive", "mute"),
    },
    "rate_card_version": {
        "in_force": Badge(_l("In force"), "check-circle", "ok"),
        "coming": Badge(_l("To come"), "clock", "info"),
        "over": ENDED,
    },
    "service_change": {
        "pending": IN_REVIEW,
        "confirmed": ACCEPTED,
        "declined": DECLINED,
        "cancelled": CANCELLED,
    },
    "requirement": {
        "draft": DRAFT,
        "in_review": IN_REVIEW,
        "published": PUBLISHED,
        "closed": SEALED,
        "opened": IN_EVALUATION,
        "decided": Badge(_l("Award recommended"), "clipboard-check", "info"),
        "awarded": AWARDED,
        "withdrawn": WITHDRAWN,
        "cancelled": CANCELLED,
        "unsuccessful": Badge(_l("No award"), "slash-circle", "mute"),
        "lapsed": LAPSED,
    },
    "bid": {
        "draft": DRAFT,
        "submitted": SEALED,
        "stale": Badge(_l("Needs confirming again"), "exclamation-triangle", "warn"),
        "withdrawn": WITHDRAWN,
        "qualified": Badge(_l("Qualified"), "check", "ok"),
        "disqualified": Badge(_l("Not ranked"), "x-circle", "bad"),
        "award_pending": Badge(_l("Award pending"), "hourglass-split", "warn"),
        "won": AWARDED,
        "declined": Badge(_l("Award declined"), "x", "mute"),
        "reserve": Badge(_l("Reserve"), "bookmark", "info"),
        "lost": Badge(_l("Not chosen"), "dash-circle", "mute"),
    },
    "invitation": {
        "pending": Badge(_l("Not answered"), "hourglass-split", "warn"),
        "invited": Badge(_l("Not answered"), "hourglass-split", "warn"),
        "accepted": ACCEPTED,
        "declined": DECLINED,
        "expired": LAPSED,
        "revoked": WITHDRAWN,
    },
    "agreement_version": {
        "drafting": DRAFT,
        "offered": Badge(_l("Offered"), "send", "info"),
        "partly_signed": PARTLY_SIGNED,
        "signed": Badge(_l("Signed"), "pen", "ok"),
        "superseded": SUPERSEDED,
        "refused": REFUSED,
        "lapsed": LAPSED,
    },
    "agreement": {
        "drafting": DRAFT,
        "active": IN_FORCE,
        "on_hold": Badge(_l("On hold"), "pause-circle", "warn"),
        "expired": ENDED,
        "terminated": Badge(_l("Terminated"), "archive", "mute"),
        "refused": REFUSED,
    },
    "amendment": _PAPER,
    "change_order": _PAPER,
    "milestone": {
        "scheduled": Badge(_l("Scheduled"), "calendar", "mute"),
        "submitted": Badge(_l("Waiting for acceptance"), "hourglass-split", "warn"),
        "accepted": ACCEPTED,
        "changes_requested": CHANGES_REQUESTED,
        "waived": Badge(_l("Waived by both"), "slash-circle", "mute"),
    },
    "kpi_period": {
        "open": Badge(_l("Report due"), "hourglass-split", "warn"),
        "reported": Badge(_l("Reported"), "send", "info"),
        "agreed": AGREED,
        "objected": OBJECTED,
        "settled": SETTLED,
    },
    "kpi_result": {
        "met": MET,
        "missed": MISSED,
        "below_minimum": BELOW_MINIMUM,
        "no_data": NO_DATA,
        "not_measured": NO_DATA,
    },
    "service_credit": {
        "calculated": Badge(_l("Vendor reviewing"), "hourglass-split", "info"),
        "agreed": AGREED,
        "objected": OBJECTED,
        "dropped": Badge(_l("Dropped"), "slash-circle", "mute"),
        "applied": Badge(_l("Deducted"), "check-all", "ok"),
    },
    "invoice": {
        "draft": DRAFT,
        "open": Badge(_l("Awaiting payment"), "hourglass-split", "warn"),
        "partly_paid": Badge(_l("Partly paid"), "hourglass-split", "warn"),
        "paid": PAID,
        "void": Badge(_l("Void"), "slash-circle", "mute"),
        "uncollectible": Badge(_l("Uncollectible"), "x-circle", "bad"),
        "overdue": Badge(_l("Overdue"), "exclamation-triangle", "bad"),
    },
    "bank_receipt": {
        "proposed": Badge(_l("Waits for a second person"), "hourglass-split", "warn"),
        "approved": IN_PROGRESS,
        "booked": Badge(_l("Booked"), "check-all", "ok"),
        "rejected": REJECTED,
    },
    "inbox": {
        "received": WAITING,
        "done": Badge(_l("Done"), "check", "ok"),
        "ignored": Badge(_l("Not ours"), "dash-circle", "mute"),
        "dead": FAILED,
    },
    "payment": {
        "submitted": WAITING,
        "unknown": Badge(_l("Being looked up"), "search", "warn"),
        "created": WAITING,
        "pending": WAITING,
        "requires_action": Badge(_l("Needs your confirmation"), "exclamation-triangle", "warn"),
        "processing": IN_PROGRESS,
        "succeeded": PAID,
        "failed": FAILED,
        "cancelled": CANCELLED,
        "canceled": CANCELLED,
        "refunded": Badge(_l("Refunded"), "arrow-return-left", "mute"),
        "partly_refunded": Badge(_l("Partly refunded"), "arrow-return-left", "mute"),
        "disputed": DISPUTED,
        "expired": LAPSED,
    },
    "vendor_account": {
        "none": Badge(_l("Not connected"), "dash-circle", "mute"),
        "connecting": WAITING,
        "incomplete": Badge(_l("Information missing"), "exclamation-triangle", "warn"),
        "checking": IN_REVIEW,
        "ready": Badge(_l("Ready"), "check-circle", "ok"),
        "restricted": Badge(_l("Restricted"), "slash-circle", "bad"),
        "lost": Badge(_l("Not connected"), "dash-circle", "bad"),
    },
    "payout": {
        "pending": WAITING,
        "in_transit": IN_PROGRESS,
        "paid": PAID,
        "failed": FAILED,
        "canceled": CANCELLED,
        "cancelled": CANCELLED,
    },
    "review": {
        "invited": Badge(_l("Review due"), "hourglass-split", "warn"),
        "hidden": SEALED,
        "revealed": PUBLISHED,
        "answered": Badge(_l("Answered"), "reply", "ok"),
        "contested": Badge(_l("Contested"), "flag", "warn"),
        "upheld": Badge(_l("Upheld"), "check", "ok"),
        "removed": Badge(_l("Removed"), "slash-circle", "mute"),
        "amended": Badge(_l("Amended"), "pencil-square", "info"),
        "expired": LAPSED,
    },
    "case": {
        "open": Badge(_l("Waiting for a decision"), "hourglass-split", "warn"),
        "assigned": IN_PROGRESS,
        "decided": DECIDED,
        "appealed": Badge(_l("Appealed"), "arrow-counterclockwise", "warn"),
        "closed": CLOSED,
    },
    "dispute": {
        "opened": DISPUTED,
        "answered": Badge(_l("Answered"), "reply", "info"),
        "settled": SETTLED,
        "escalated": Badge(_l("With the platform"), "shield", "warn"),
        "decided": DECIDED,
        "withdrawn": WITHDRAWN,
    },
    "evidence": {
        "verified": VERIFIED,
        "self_declared": SELF_DECLARED,
        "expired": Badge(_l("Expired"), "clock", "bad"),
        "expiring": Badge(_l("Expires soon"), "clock", "warn"),
        "no_document": Badge(_l("No document"), "x-circle", "bad"),
        "waiting": IN_REVIEW,
        "uploaded": Badge(_l("Document uploaded"), "file-earmark-check", "info"),
    },
    "reference": {
        "self_declared": SELF_DECLARED,
        "asked": Badge(_l("Customer asked"), "envelope", "info"),
        "confirmed": Badge(_l("Confirmed by the customer"), "patch-check", "ok"),
        "declined": Badge(_l("Not confirmed"), "x-circle", "bad"),
        "expired": Badge(_l("Link expired"), "clock", "warn"),
    },
    "question": {
        "open": Badge(_l("Not answered"), "hourglass-split", "warn"),
        "answered": Badge(_l("Answered"), "reply", "ok"),
        "withdrawn": WITHDRAWN,
    },
    "membership": {
        "active": Badge(_l("Active"), "check", "ok"),
        "invited": Badge(_l("Invited"), "envelope", "warn"),
        "ended": ENDED,
        "removed": ENDED,
    },
}

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _noun_of(state: Enum) -> str:
    """``kpi_period`` of a member of ``KpiPeriodState``."""
    return _WORDS.sub("_", type(state).__name__.removesuffix("State").removesuffix("Status")).lower()


def badge_for(state: Enum | str, noun: str | None = None) -> Badge:
    """What to show for a state.

    state: a member of an enum named ``<Noun>State``, or its value together with the noun (``"open"``,
    ``"invoice"``). A state this table does not name is shown by its own word in the quiet tone.
    """
    value = str(state.value) if isinstance(state, Enum) else str(state)
    table = BADGES.get(noun or (_noun_of(state) if isinstance(state, Enum) else ""), {})
    return table.get(value) or Badge(value.replace("_", " ").capitalize(), "circle", "mute")
