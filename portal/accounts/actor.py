"""The actor: who acts, for which company, and what they may do. Every action takes one as its first argument."""

import uuid
from dataclasses import dataclass, field

from portal.accounts.permissions import Permission, Role, permissions_of
from portal.kit import tenancy
from portal.kit.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one company, a member of staff (no company), or a company's robot (no person)."""

    person_id: uuid.UUID | None
    person_name: str
    email: str
    locale: str
    timezone: str
    company_id: uuid.UUID | None = None
    company_name: str = ""
    company_kind: str | None = None
    company_state: str = "open"
    role: str | None = None
    staff_roles: tuple[str, ...] = ()
    company_count: int = 0
    permissions: frozenset[Permission] = field(default_factory=frozenset)

    @staticmethod
    def robot(company_id: uuid.UUID, kind: str, name: str = "Switchboard") -> "Actor":
        """Whoever acts when the clock does: everything the company's owner may, recorded under the portal's name."""
        return Actor(
            person_id=None,
            person_name=name,
            email="",
            locale="en",
            timezone="UTC",
            company_id=company_id,
            company_kind=kind,
            role=Role.OWNER,
            permissions=permissions_of(Role.OWNER, (), kind),
        )

    @property
    def is_staff(self) -> bool:
        """Whether this actor acts for the platform, not for a company."""
        return self.company_id is None and bool(self.staff_roles)

    @property
    def scope(self) -> tenancy.Scope:
        """The tenancy scope this actor's transactions run in."""
        if self.company_id is not None:
            return tenancy.member(self.company_id, self.person_id)
        return tenancy.staff(self.person_id) if self.staff_roles else tenancy.Scope("public", person_id=self.person_id)

    def can(self, permission: Permission) -> bool:
        """Whether this actor may do `permission`."""
        return permission in self.permissions

    def permit(self, permission: Permission) -> None:
        """Refuse with Forbidden (403) what this actor may not do."""
        if permission not in self.permissions:
            raise Forbidden
