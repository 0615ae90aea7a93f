"""Who asks."""

from uuid import UUID

from blueprints.api.schemas.values import Instant, Shown
from portal.accounts.permissions import Permission, Role
from portal.accounts.states import CompanyKind, TokenScope


class MePerson(Shown):
    """The person the token acts for."""

    id: UUID
    name: str
    email: str
    timezone: str


class MeCompany(Shown):
    """The company they act in."""

    id: UUID
    name: str
    kind: CompanyKind


class MeToken(Shown):
    """The token itself."""

    name: str
    scope: TokenScope
    expires_at: Instant


class Me(Shown):
    """Who a token stands for, and what it may do now."""

    person: MePerson
    company: MeCompany
    role: Role
    permissions: list[Permission]
    token: MeToken
