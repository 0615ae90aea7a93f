"""The public directory of vendors; no token is needed."""

from typing import Any

from blueprints.api.schemas.values import money
from blueprints.api.schemas.vendors import PriceFrom, Vendor, VendorPage, VendorQuery, VendorService, VendorSummary
from blueprints.api.spec import documented
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog import directory

routes = Routes()
SUMMARY = (
    "slug",
    "name",
    "country",
    "city",
    "timezone",
    "headline",
    "channels",
    "languages",
    "lead_days",
    "seats_free",
    "rating",
    "review_count",
)
SERVICE = tuple(name for name in VendorService.model_fields if name != "rate_card")


@routes.get("/vendors")
@open_to_all
@documented(VendorPage, "Vendors")
def list_vendors(query: VendorQuery) -> VendorPage:
    """Look for vendors in the public directory."""
    wanted = directory.Wanted.of(
        {"q": query.q, "country": query.country, "sort": query.sort},
        {"channel": query.channel, "language": query.language, "mode": query.mode, "industry": query.industry},
    )
    found = directory.search(wanted, query.after)
    rows = [VendorSummary(**_summary(row)) for row in found.rows]
    return VendorPage(items=rows, next=found.after, total=found.total, is_exact=found.is_exact)


@routes.get("/vendors/<slug>")
@open_to_all
@documented(Vendor, "Vendors")
def show_vendor(slug: str) -> Vendor:
    """Show everything public about one vendor."""
    row = directory.find(slug, also_old=True)
    profile = row.profile or {}
    return Vendor(
        **_summary(row),
        description=row.description,
        modes=row.modes,
        industries=row.industries,
        website=profile.get("website") or None,
        founded=profile.get("founded"),
        agents=profile.get("agents"),
        services=[_service(one) for one in row.services],
    )


def _summary(row: Any) -> dict[str, Any]:
    price = None
    if row.price_from_minor is not None:
        price = PriceFrom(
            price=money(row.price_from_minor, row.price_currency), unit=row.price_unit, basis=row.price_basis
        )
    return {name: getattr(row, name) for name in SUMMARY} | {"price_from": price}


def _service(copy: dict[str, Any]) -> VendorService:
    return VendorService(**{name: copy.get(name) for name in SERVICE}, rate_card=copy["rate_card"]["document"])
