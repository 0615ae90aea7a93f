"""What the demo's buyer keeps of the directory: a shortlist with notes, and a search that brings e-mails."""

from portal.accounts.actor import Actor
from portal.catalog.actions.searches import save_search
from portal.catalog.actions.shortlist import keep_vendor
from portal.catalog.queries import public_slug
from portal.catalog.wanted import Wanted
from portal.demo.stage import act


def keep(buyer: Actor, vendors: dict[Actor, str]) -> None:
    """Put these vendors on the buyer's shortlist, each with its note, and save a search."""
    for vendor, note in vendors.items():
        slug = act(vendor, lambda vendor=vendor: public_slug(vendor))  # type: ignore[misc]
        act(buyer, lambda slug=slug, note=note: keep_vendor(buyer, slug, note=note).id)  # type: ignore[misc]
    wanted = Wanted.read("channel=phone&language=de")
    act(buyer, lambda: save_search(buyer, wanted, name="German by phone", by_mail=True).id)
