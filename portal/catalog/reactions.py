"""What the catalog does when something below it changes."""

from typing import Any

from portal.accounts import signals
from portal.accounts.models import Company
from portal.accounts.states import CompanyKind
from portal.catalog import directory


@signals.company_moved.connect
def follow_company(company: Company, **_: Any) -> None:
    """A vendor that is suspended or closed leaves the directory at once, and comes back when it is open again."""
    if company.kind == CompanyKind.VENDOR:
        directory.project(company.id)


@signals.company_renamed.connect
def rename_in_directory(company: Company, **_: Any) -> None:
    """A vendor's new name and address stand in the directory at once."""
    if company.kind == CompanyKind.VENDOR:
        directory.project(company.id)
