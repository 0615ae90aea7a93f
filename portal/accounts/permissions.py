"""What each role may do: one table, which the team page draws as it stands."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Role(StrEnum):
    """A person's place in a company."""

    OWNER = "owner"
    MANAGER = "manager"
    MEMBER = "member"
    FINANCE = "finance"
    VIEWER = "viewer"


class StaffRole(StrEnum):
    """A person's place on the platform's staff."""

    MODERATOR = "moderator"
    FINANCE = "finance"
    SUPPORT = "support"


ROLE_NAMES = {
    Role.OWNER: _l("Owner"),
    Role.MANAGER: _l("Manager"),
    Role.MEMBER: _l("Member"),
    Role.FINANCE: _l("Finance"),
    Role.VIEWER: _l("Viewer"),
    StaffRole.MODERATOR: _l("Moderator"),
    StaffRole.SUPPORT: _l("Support"),
}


class Permission(StrEnum):
    """One act, or group of acts, that a route or an action asks for by name."""

    COMPANY_VIEW = "company.view"
    COMPANY_EDIT = "company.edit"
    TEAM_MANAGE = "team.manage"
    API_TOKENS = "api.tokens"
    PROFILE_EDIT = "profile.edit"
    SERVICE_EDIT = "service.edit"
    SERVICE_SUBMIT = "service.submit"
    SHORTLIST_EDIT = "shortlist.edit"
    REQUIREMENT_VIEW = "requirement.view"
    REQUIREMENT_EDIT = "requirement.edit"
    REQUIREMENT_PUBLISH = "requirement.publish"
    BID_VIEW = "bid.view"
    BID_EDIT = "bid.edit"
    BID_SUBMIT = "bid.submit"
    BID_OPEN = "bid.open"
    BID_SCORE = "bid.score"
    BID_AWARD = "bid.award"
    AWARD_ANSWER = "award.answer"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_EDIT = "agreement.edit"
    AGREEMENT_SIGN = "agreement.sign"
    CHANGE_PROPOSE = "change.propose"
    CHANGE_ACCEPT = "change.accept"
    MILESTONE_EDIT = "milestone.edit"
    MILESTONE_ACCEPT = "milestone.accept"
    MONITORING_VIEW = "monitoring.view"
    KPI_REPORT = "kpi.report"
    SURVEY_MANAGE = "survey.manage"
    INVOICE_VIEW = "invoice.view"
    INVOICE_ISSUE = "invoice.issue"
    INVOICE_PAY = "invoice.pay"
    ACCOUNT_CONNECT = "account.connect"
    REVIEW_WRITE = "review.write"
    MESSAGE_SEND = "message.send"
    STAFF_MODERATE = "staff.moderate"
    STAFF_COMPANIES = "staff.companies"
    STAFF_PEOPLE = "staff.people"
    STAFF_AUDIT = "staff.audit"
    STAFF_OPERATIONS = "staff.operations"
    STAFF_FINANCE = "staff.finance"
    STAFF_HELP = "staff.help"


PERMISSION_NAMES = {
    Permission.COMPANY_VIEW: _l("See the company's details and team"),
    Permission.COMPANY_EDIT: _l("Change the company's details"),
    Permission.TEAM_MANAGE: _l("Invite people and change roles"),
    Permission.API_TOKENS: _l("Create and revoke API tokens"),
    Permission.PROFILE_EDIT: _l("Edit the vendor profile"),
    Permission.SERVICE_EDIT: _l("Edit services and rate cards"),
    Permission.SERVICE_SUBMIT: _l("Submit services for approval"),
    Permission.SHORTLIST_EDIT: _l("Keep vendors on the shortlist and save searches"),
    Permission.REQUIREMENT_VIEW: _l("See requirements"),
    Permission.REQUIREMENT_EDIT: _l("Write requirements"),
    Permission.REQUIREMENT_PUBLISH: _l("Publish and withdraw requirements"),
    Permission.BID_VIEW: _l("See bids"),
    Permission.BID_EDIT: _l("Write bids"),
    Permission.BID_SUBMIT: _l("Submit and withdraw bids"),
    Permission.BID_OPEN: _l("Open bids"),
    Permission.BID_SCORE: _l("Score bids"),
    Permission.BID_AWARD: _l("Award"),
    Permission.AWARD_ANSWER: _l("Accept or decline an award"),
    Permission.AGREEMENT_VIEW: _l("See agreements"),
    Permission.AGREEMENT_EDIT: _l("Prepare agreements"),
    Permission.AGREEMENT_SIGN: _l("Sign agreements"),
    Permission.CHANGE_PROPOSE: _l("Propose change orders"),
    Permission.CHANGE_ACCEPT: _l("Accept change orders"),
    Permission.MILESTONE_EDIT: _l("Work on milestones"),
    Permission.MILESTONE_ACCEPT: _l("Accept milestones"),
    Permission.MONITORING_VIEW: _l("See monitoring"),
    Permission.KPI_REPORT: _l("Report figures"),
    Permission.SURVEY_MANAGE: _l("Manage surveys"),
    Permission.INVOICE_VIEW: _l("See invoices"),
    Permission.INVOICE_ISSUE: _l("Issue invoices"),
    Permission.INVOICE_PAY: _l("Pay invoices"),
    Permission.ACCOUNT_CONNECT: _l("Connect the account for card payments"),
    Permission.REVIEW_WRITE: _l("Write reviews"),
    Permission.MESSAGE_SEND: _l("Send messages"),
    Permission.STAFF_MODERATE: _l("Moderate listings"),
    Permission.STAFF_COMPANIES: _l("Manage companies"),
    Permission.STAFF_PEOPLE: _l("Manage people"),
    Permission.STAFF_AUDIT: _l("Read the audit log"),
    Permission.STAFF_OPERATIONS: _l("See jobs and mail"),
    Permission.STAFF_FINANCE: _l("Record bank receipts"),
    Permission.STAFF_HELP: _l("Edit questions and answers"),
}

_P = Permission
VIEWING = frozenset(
    {
        _P.COMPANY_VIEW,
        _P.REQUIREMENT_VIEW,
        _P.BID_VIEW,
        _P.AGREEMENT_VIEW,
        _P.MONITORING_VIEW,
        _P.INVOICE_VIEW,
    }
)
"""What only looks and changes nothing."""
_MEMBER = VIEWING | {
    _P.PROFILE_EDIT,
    _P.SERVICE_EDIT,
    _P.SHORTLIST_EDIT,
    _P.REQUIREMENT_EDIT,
    _P.BID_EDIT,
    _P.BID_SCORE,
    _P.AGREEMENT_EDIT,
    _P.MILESTONE_EDIT,
    _P.KPI_REPORT,
    _P.SURVEY_MANAGE,
    _P.CHANGE_PROPOSE,
    _P.MESSAGE_SEND,
}
_FINANCE = VIEWING | {_P.INVOICE_ISSUE, _P.INVOICE_PAY, _P.ACCOUNT_CONNECT, _P.MESSAGE_SEND}
_MANAGER = _MEMBER | {
    _P.SERVICE_SUBMIT,
    _P.REQUIREMENT_PUBLISH,
    _P.BID_SUBMIT,
    _P.BID_OPEN,
    _P.BID_AWARD,
    _P.AWARD_ANSWER,
    _P.MILESTONE_ACCEPT,
    _P.CHANGE_ACCEPT,
    _P.INVOICE_ISSUE,
    _P.REVIEW_WRITE,
    _P.API_TOKENS,
}
_OWNER = _MANAGER | _FINANCE | {_P.COMPANY_EDIT, _P.TEAM_MANAGE, _P.AGREEMENT_SIGN}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(_OWNER),
    Role.MANAGER: frozenset(_MANAGER),
    Role.MEMBER: frozenset(_MEMBER),
    Role.FINANCE: frozenset(_FINANCE),
    Role.VIEWER: VIEWING,
}

STAFF_ROLES: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.MODERATOR: frozenset(
        {_P.STAFF_MODERATE, _P.STAFF_COMPANIES, _P.STAFF_PEOPLE, _P.STAFF_AUDIT, _P.STAFF_OPERATIONS, _P.STAFF_HELP}
    ),
    StaffRole.FINANCE: frozenset({_P.STAFF_FINANCE, _P.STAFF_AUDIT}),
    StaffRole.SUPPORT: frozenset({_P.STAFF_COMPANIES, _P.STAFF_PEOPLE, _P.STAFF_OPERATIONS}),
}

# Which acts belong to one side only: the team page of a buyer does not list a vendor's.
VENDOR_ONLY = frozenset(
    {
        _P.PROFILE_EDIT,
        _P.SERVICE_EDIT,
        _P.SERVICE_SUBMIT,
        _P.BID_EDIT,
        _P.BID_SUBMIT,
        _P.AWARD_ANSWER,
        _P.INVOICE_ISSUE,
        _P.ACCOUNT_CONNECT,
    }
)
BUYER_ONLY = frozenset(
    {
        _P.SHORTLIST_EDIT,
        _P.REQUIREMENT_EDIT,
        _P.REQUIREMENT_PUBLISH,
        _P.BID_OPEN,
        _P.BID_SCORE,
        _P.BID_AWARD,
        _P.INVOICE_PAY,
    }
)


def permissions_of(role: str | None, staff_roles: tuple[str, ...], company_kind: str | None) -> frozenset[Permission]:
    """Everything a person may do: by their role in the current company, or by their staff roles."""
    if role is None:
        return frozenset().union(*(STAFF_ROLES[StaffRole(name)] for name in staff_roles))
    foreign = BUYER_ONLY if company_kind == "vendor" else VENDOR_ONLY
    return ROLES[Role(role)] - foreign
