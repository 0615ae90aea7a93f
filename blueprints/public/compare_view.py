"""Vendors side by side in the reader's words: one row per property, one cell per vendor.

What can be had or not (a channel, a language, a certificate) is a row of its own, so that the eye finds who has it.
A property that a vendor left open says "Not stated", which is something else than not having it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date as Day
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.public.compare_facts import (
    certificate_key,
    certificate_title,
    countries,
    hours,
    language_levels,
    least,
    seats_to_come,
    sites,
    systems,
    years_by_industry,
)
from blueprints.public.prices import price_unit
from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import date, listed, money, number, percent, utc_offset
from portal.catalog.facets import REFERENCE_CURRENCY
from portal.catalog.profile_words import AGENT_MODEL_NAMES, AUTOMATION_NAMES, INTEGRATION_NAMES, RHYTHM_NAMES
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, LEVEL_NAMES, LEVELS, MODE_NAMES


class Kind(StrEnum):
    """What a cell says: words or a figure, that it is there or not, or that the vendor left it open (in other words
    than "Not stated" where it has lines)."""

    TEXT = "text"
    FIGURE = "figure"
    YES = "yes"
    NO = "no"
    OPEN = "open"


class Cell(NamedTuple):
    """One property of one vendor; all but what is open has `lines`, which are shown one under another. `best` is the
    word before the best value."""

    kind: Kind
    lines: tuple[str, ...] = ()
    note: str = ""
    best: str = ""
    url: str = ""


class Row(NamedTuple):
    """One property of all vendors."""

    name: str
    cells: list[Cell]
    note: str = ""

    @property
    def is_same(self) -> bool:
        """Whether all vendors, of which there are several, are alike in it. A link is of one vendor each."""
        return len(self.cells) > 1 and not self.cells[0].url and len(set(self.cells)) == 1

    @property
    def is_figure(self) -> bool:
        """Whether the cells stand at the right, as figures do."""
        return any(cell.kind == Kind.FIGURE for cell in self.cells)


class Group(NamedTuple):
    """Properties that belong together."""

    title: str
    rows: list[Row]

    def differing(self) -> "Group":
        """The same without rows in which all vendors are alike."""
        return Group(self.title, [row for row in self.rows if not row.is_same])


class Column(NamedTuple):
    """The head of one vendor."""

    name: str
    slug: str
    vendor_id: Any
    url: str
    place: str
    closed_until: str
    drop_url: str


OPEN = Cell(Kind.OPEN)


def column_of(vendor: Any, now: datetime, drop_url: str, chosen: Sequence[str]) -> Column:
    """The head of a vendor; `drop_url` is the comparison without it, `chosen` what its own page keeps chosen."""
    closed = vendor.profile.get("closed")
    place = ", ".join(filter(None, (vendor.city, country_name(vendor.country))))
    return Column(
        name=vendor.name,
        slug=vendor.slug,
        vendor_id=vendor.vendor_id,
        url=url_for("public.show_vendor", slug=vendor.slug, v=list(chosen)),
        place=f"{place} · {utc_offset(now.astimezone(ZoneInfo(vendor.timezone)))}",
        closed_until=date(Day.fromisoformat(closed["to"])) if closed else "",
        drop_url=drop_url,
    )


def groups_of(vendors: Sequence[Any]) -> list[Group]:
    """Everything that is compared, in the order in which a buyer asks."""
    if not vendors:
        return []
    profiles = [vendor.profile for vendor in vendors]
    return [
        Group(_("Price and reviews"), _price_rows(vendors)),
        Group(_("Forms of outsourcing"), _offered(vendors, "modes", MODE_NAMES)),
        Group(_("Channels"), _offered(vendors, "channels", CHANNEL_NAMES)),
        Group(_("Languages"), _language_rows(vendors)),
        Group(_("Industries"), _industry_rows(vendors)),
        Group(_("Where and when"), _place_rows(vendors)),
        Group(_("Size and start"), _size_rows(vendors)),
        Group(_("Certificates"), _certificate_rows(profiles)),
        Group(_("Quality"), _quality_rows(profiles)),
        Group(_("How they work"), _work_rows(profiles)),
    ]


def _text(*lines: str, note: str = "") -> Cell:
    there = tuple(line for line in lines if line)
    return Cell(Kind.TEXT, there, note) if there else OPEN


def _figures(
    values: Sequence[Any],
    write: Callable[[Any], str],
    *,
    best: str = "",
    highest: bool = False,
    notes: Sequence[str] = (),
    missing: Cell = OPEN,
) -> list[Cell]:
    """Cells of figures; the word of the best is put before it where at least two are there and not all are alike."""
    there = [value for value in values if value is not None]
    winner = (max if highest else min)(there) if best and len(set(there)) > 1 else None
    return [
        missing if value is None else Cell(Kind.FIGURE, (write(value),), note, best if value == winner else "")
        for value, note in zip(values, notes or [""] * len(values), strict=True)
    ]


def _price_rows(vendors: Sequence[Any]) -> list[Row]:
    prices = [
        Cell(Kind.OPEN, (_("Price on request"),))
        if vendor.price_from_minor is None
        else Cell(
            Kind.FIGURE,
            (money(vendor.price_from_minor, vendor.price_currency),),
            str(price_unit(vendor.price_unit, vendor.price_basis)),
        )
        for vendor in vendors
    ]
    hourly = _figures(
        [vendor.hourly_minor for vendor in vendors],
        lambda minor: money(minor, REFERENCE_CURRENCY),
        best=_("Lowest"),
        missing=Cell(Kind.OPEN, (_("Not comparable"),)),
    )
    ratings = _figures(
        [None if vendor.rating is None else Decimal(vendor.rating) for vendor in vendors],
        lambda mark: number(mark, 2),
        best=_("Highest"),
        highest=True,
        notes=[
            ngettext("from %(num)d verified review", "from %(num)d verified reviews", vendor.review_count)
            for vendor in vendors
        ],
        missing=Cell(Kind.OPEN, (_("No reviews yet"),)),
    )
    slugs = [vendor.slug for vendor in vendors]
    costs = [
        Cell(
            Kind.TEXT,
            (_("Work it out"),),
            url=url_for("public.show_vendor", slug=vendor.slug, v=slugs, _anchor="estimate"),
        )
        for vendor in vendors
    ]
    by_hour = [Row(_("Price of an hour"), hourly, _("in %(currency)s, to compare", currency=REFERENCE_CURRENCY))]
    return [
        Row(_("Price from"), prices, _("as published, without tax")),
        *(by_hour if any(vendor.hourly_minor is not None for vendor in vendors) else []),
        Row(_("Rating"), ratings, _("of 5")),
        Row(_("What would it cost me?"), costs),
    ]


def _offered(vendors: Sequence[Any], field: str, names: Mapping[Any, Any]) -> list[Row]:
    """A row for each of a short list of things: all of them, so that what nobody offers is seen too."""
    return [
        Row(str(name), [_offer(code in getattr(vendor, field)) for vendor in vendors]) for code, name in names.items()
    ]


def _offer(is_offered: bool) -> Cell:
    return Cell(Kind.YES, (_("Provided"),)) if is_offered else Cell(Kind.NO, (_("Not provided"),))


def _language_rows(vendors: Sequence[Any]) -> list[Row]:
    levels = [language_levels(vendor.services) for vendor in vendors]
    codes = _by_spread(levels)
    return [
        Row(
            spoken_name(code),
            [
                Cell(Kind.YES, (str(LEVEL_NAMES[LEVELS[found[code]]]),)) if code in found else _offer(False)
                for found in levels
            ],
        )
        for code in codes
    ]


def _industry_rows(vendors: Sequence[Any]) -> list[Row]:
    years, none = [years_by_industry(vendor) for vendor in vendors], Cell(Kind.NO, (_("Not named"),))
    return [
        Row(
            str(INDUSTRY_NAMES[code]),  # type: ignore[index]
            [Cell(Kind.YES, (_years(found[code]),)) if code in found else none for found in years],
        )
        for code in _by_spread(years)
    ]


def _years(count: int | None) -> str:
    if count is None:
        return _("years not stated")
    return ngettext("%(num)d year", "%(num)d years", count)


def _by_spread(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every key of several mappings: what most have first, then as they stand."""
    order = {code: place for place, code in enumerate(dict.fromkeys(code for one in found for code in one))}
    return sorted(order, key=lambda code: (-sum(code in one for one in found), order[code]))


def _place_rows(vendors: Sequence[Any]) -> list[Row]:
    return [
        Row(_("Countries"), [_text(listed(country_name(code) for code in countries(vendor))) for vendor in vendors]),
        Row(_("Sites"), [_text(*sites(vendor.profile)) for vendor in vendors]),
        Row(_("Hours"), [_text(*hours(vendor)) for vendor in vendors]),
    ]


def _size_rows(vendors: Sequence[Any]) -> list[Row]:
    seats = _figures(
        [vendor.seats_free for vendor in vendors],
        number,
        best=_("Most"),
        highest=True,
        notes=[seats_to_come(vendor.profile) for vendor in vendors],
    )
    return [
        Row(_("Free seats"), seats),
        Row(_("Agents"), _figures([vendor.profile.get("agents") for vendor in vendors], number)),
        Row(
            _("Smallest team"),
            _figures(
                [least(vendor, "minimum_agents") for vendor in vendors],
                lambda count: ngettext("%(count)s agent", "%(count)s agents", count, count=number(count)),
            ),
        ),
        Row(
            _("Shortest term"),
            _figures(
                [least(vendor, "minimum_months") for vendor in vendors],
                lambda months: ngettext("%(num)d month", "%(num)d months", months),
            ),
        ),
        Row(
            _("Ready for go-live"),
            _figures(
                [least(vendor, "lead_days") for vendor in vendors],
                lambda days: ngettext("%(num)d day after signing", "%(num)d days after signing", days),
                best=_("Soonest"),
            ),
        ),
    ]


def _certificate_rows(profiles: Sequence[Mapping[str, Any]]) -> list[Row]:
    held: list[dict[str, Mapping[str, Any]]] = []
    for profile in profiles:
        mine: dict[str, Mapping[str, Any]] = {}
        for one in profile.get("certificates") or []:
            key = certificate_key(one)
            if key not in mine or one["is_verified"] > mine[key]["is_verified"]:
                mine[key] = one
        held.append(mine)
    none = Cell(Kind.NO, (_("Not held"),))
    titles = {key: certificate_title(one) for mine in held for key, one in mine.items()}
    return [
        Row(titles[key], [_certificate(mine[key]) if key in mine else none for mine in held])
        for key in _by_spread(held)
    ]


def _certificate(one: Mapping[str, Any]) -> Cell:
    known = _("Verified") if one["is_verified"] else _("Self-declared")
    return Cell(Kind.YES, (known,), _("valid until %(day)s", day=date(Day.fromisoformat(one["valid_to"]), short=True)))


def _quality_rows(profiles: Sequence[Mapping[str, Any]]) -> list[Row]:
    told = [profile.get("quality") or {} for profile in profiles]

    def figures(part: str) -> list[Cell]:
        return _figures([one.get(part) for one in told], number)

    attrition = [Decimal(one["attrition"]) if one.get("attrition") else None for one in told]
    return [
        Row(_("Checked contacts per agent and month"), figures("samples")),
        Row(_("Calibration with the buyer"), [_text(*_words([one.get("rhythm", "")], RHYTHM_NAMES)) for one in told]),
        Row(_("Initial training, hours"), figures("initial_hours")),
        Row(_("Product training, hours"), figures("product_hours")),
        Row(_("Agents per team leader"), figures("agents_per_leader")),
        Row(_("Attrition a year"), _figures(attrition, lambda share: percent(share, 1, of_hundred=True))),
    ]


def _work_rows(profiles: Sequence[Mapping[str, Any]]) -> list[Row]:
    def named(field: str, names: Mapping[Any, Any]) -> list[Cell]:
        return [_text(*_words(profile.get(field) or [], names)) for profile in profiles]

    confirmed = []
    for profile in profiles:
        references = profile.get("references") or []
        count = sum(1 for one in references if one["is_confirmed"])
        note = _("%(count)s of them confirmed by the customer", count=number(count))
        confirmed.append(Cell(Kind.FIGURE, (number(len(references)),), note) if references else OPEN)
    return [
        Row(_("Agent models"), named("agent_models", AGENT_MODEL_NAMES)),
        Row(_("What is automated"), named("technology", AUTOMATION_NAMES)),
        Row(_("Integrations"), named("technology", INTEGRATION_NAMES)),
        Row(_("Systems"), [_text(*systems(profile)) for profile in profiles]),
        Row(_("References"), confirmed),
    ]


def _words(codes: Iterable[str], names: Mapping[Any, Any]) -> list[str]:
    return [str(names[code]) for code in codes if code in names]
