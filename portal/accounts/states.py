"""States of companies and how they move."""

from enum import StrEnum


class CompanyKind(StrEnum):
    """Which side of the market a company is on."""

    BUYER = "buyer"
    VENDOR = "vendor"


class CompanyState(StrEnum):
    """A company applies, opens when its first owner confirms their address, and may be suspended or closed."""

    APPLIED = "applied"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class TokenScope(StrEnum):
    """What a program may do by a token: look, or act as well."""

    READ = "read"
    WRITE = "write"


COMPANY_MOVES = {
    CompanyState.APPLIED: {CompanyState.OPEN, CompanyState.CLOSED},
    CompanyState.OPEN: {CompanyState.SUSPENDED, CompanyState.CLOSED},
    CompanyState.SUSPENDED: {CompanyState.OPEN, CompanyState.CLOSED},
}
