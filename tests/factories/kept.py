"""What buyers keep of the directory, by the real actions and committed."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.accounts.actor import Actor
from portal.catalog.actions.searches import save_search
from portal.catalog.actions.shortlist import keep_vendor
from portal.catalog.wanted import Wanted
from tests.factories.accounts import MadeCompany, MadePerson, actor_for, make_company, make_person
from tests.factories.catalog import MadeVendor
from tests.factories.profiles import at, doing


@dataclass(frozen=True)
class MadeBuyer:
    """A buyer company with one of its people."""

    company: MadeCompany
    person: MadePerson
    actor: Actor


def make_buyer(company: MadeCompany | None = None, *, role: str = "member", locale: str = "en") -> MadeBuyer:
    """Somebody of a buyer company, by default one who may keep vendors."""
    company = company or make_company("buyer")
    person = make_person(company, role, locale=locale)
    return MadeBuyer(company, person, actor_for(person, company))


def keep(buyer: MadeBuyer, vendor: MadeVendor, note: str = "") -> uuid.UUID:
    """A vendor on the shortlist of a buyer; the entry's id."""
    return doing(buyer.actor, lambda: keep_vendor(buyer.actor, vendor.company.slug, note=note).id)


def save(buyer: MadeBuyer, query: str = "channel=phone", name: str = "Phone", *, by_mail: bool = True) -> uuid.UUID:
    """A saved search; its id."""
    wanted = Wanted.read(query)
    return doing(buyer.actor, lambda: save_search(buyer.actor, wanted, name=name, by_mail=by_mail).id)


def next_morning(days: int = 1) -> None:
    """Let the clockwork run at seven in the morning, so many days from today. Reset the clock afterwards."""
    day = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    at(day + timedelta(days=days))
