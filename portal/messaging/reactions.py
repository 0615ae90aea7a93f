"""What messaging does when something below it changes."""

from typing import Any

from portal.accounts import signals
from portal.accounts.models import Company
from portal.accounts.states import CompanyState
from portal.messaging.actions import notify
from portal.messaging.notices import CLOSED, REINSTATED, SUSPENDED

TOLD = {
    CompanyState.SUSPENDED.value: SUSPENDED,
    CompanyState.OPEN.value: REINSTATED,
    CompanyState.CLOSED.value: CLOSED,
}


@signals.company_moved.connect
def tell_the_company(company: Company, *, reason: str = "", **_: Any) -> None:
    """A company reads why staff suspended or closed it, and that it is open again."""
    kind = TOLD.get(CompanyState(company.state).value)
    if kind is not None and reason:
        notify(company.id, kind.name, {"company": company.name, "reason": reason})
