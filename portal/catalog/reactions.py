"""What the catalog does when something below it changes."""

from typing import Any

from portal.accounts import signals
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.states import CompanyKind
from portal.catalog import directory
from portal.catalog.jobs import compare_prices
from portal.kit import jobs
from portal.pricing.signals import rates_imported


@signals.company_moved.connect
def follow_company(company: Company, **_: Any) -> None:
    """A vendor that is suspended or closed leaves the directory at once, and comes back when it is open again."""
    if company.kind == CompanyKind.VENDOR:
        directory.project(company.id)


@rates_imported.connect
def follow_rates(_actor: Actor, **_: Any) -> None:
    """Prices in other currencies are compared at the newest rates."""
    jobs.enqueue(compare_prices)


@signals.company_renamed.connect
def rename_in_directory(company: Company, **_: Any) -> None:
    """A vendor's new name and address stand in the directory at once."""
    if company.kind == CompanyKind.VENDOR:
        directory.project(company.id)
