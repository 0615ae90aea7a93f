"""“What will it cost to begin?”: a ranged estimate of the one-time fees, for people without a rate card."""

from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from blueprints.public.forms.begin_cost import EXAMPLE, FIELDS, BeginCostForm
from blueprints.shared.caching import public_page
from blueprints.shared.choices import CURRENCIES
from blueprints.shared.findable import Findable
from blueprints.shared.formatting import amount, number
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog.published_prices import published_cards
from portal.kit import charts, clock
from portal.kit.rounding import rounded
from portal.pricing.begin_prices import DEFAULT_CURRENCY, LEAST_CARDS, default_prices, prices_from
from portal.pricing.exchange import RATE_DIGITS, Conversion, conversion, worth_in
from portal.pricing.one_time import BeginCost, BeginLine, Counted, Factor, Prices, Source, Work, begin_cost
from portal.pricing.words import ONE_TIME_NAMES

routes = Routes()


class Row(NamedTuple):
    """One line as the page shows it: the working of the likely value, and between which values it may lie."""

    name: str
    working: str
    between: str
    source: str
    line: BeginLine


@routes.get("/what-will-it-cost-to-begin")
@open_to_all
def estimate_begin_cost() -> Response:
    """The estimate of what is typed; before anything is, of an example."""
    dollars = worth_in(DEFAULT_CURRENCY, clock.now().date())
    asked = {name: value for name, value in request.args.items() if name in FIELDS}
    form = BeginCostForm(MultiDict({**EXAMPLE, **asked}))
    form.offer(code for code in CURRENCIES if code in dollars or code == DEFAULT_CURRENCY)
    cost = rate = None
    if form.validate():
        prices, rate = _prices(form.currency.data, dollars)
        cost = begin_cost(form.drivers(), prices)
    return public_page(
        render_template(
            "public/begin_cost/show.html",
            form=form,
            cost=cost,
            groups=_groups(cost) if cost else [],
            chart=_chart(cost) if cost else None,
            rate=rate,
            is_example=not asked,
            dollar=DEFAULT_CURRENCY,
            least_cards=LEAST_CARDS,
            fee_names=ONE_TIME_NAMES,
            findable=Findable(
                request.path, _("One-time fees of outsourcing estimated from agents, systems and languages.")
            ),
        )
    )


def _prices(currency: str, dollars: dict[str, Decimal]) -> tuple[Prices, Conversion | None]:
    """The unit prices in a currency, and by which rate the defaults came into it (None for their own)."""
    rate = conversion(DEFAULT_CURRENCY, currency, clock.now().date()) if currency != DEFAULT_CURRENCY else None
    defaults = default_prices(currency, rate.rate) if rate else default_prices()
    with localcontext(prec=RATE_DIGITS):
        own = dollars.get(currency, Decimal(1))
        worth = {code: dollar / own for code, dollar in dollars.items()}
    return prices_from(published_cards(), worth, defaults), rate


def _groups(cost: BeginCost) -> list[tuple[Any, Any, list[Row]]]:
    """Category, its sum, and its rows, in the order of the catalogue."""
    return [
        (category, found, [_row(cost, line) for line in cost.lines if line.category is category])
        for category, found in cost.by_category().items()
    ]


def _row(cost: BeginCost, line: BeginLine) -> Row:
    times = " × ".join([*(_counted(one) for one in line.factors), number(line.price.likely, 2)])
    ranged = [*(one.value for one in line.factors if not one.value.is_exact), line.price]
    between = " × ".join(f"{_short(one.low)}–{_short(one.high)}" for one in ranged if not one.is_exact)
    return Row(_work_names()[line.work], times, between, _source(line), line)


def _short(value: Decimal) -> str:
    """A figure without the zeros at its end: whole ones plainly, others to the decimals they need, three at most."""
    return number(value, 0) if value == value.to_integral_value() else number(rounded(value, 3).normalize())


def _counted(factor: Factor) -> str:
    shown = _short(factor.value.likely)
    count = 1 if factor.value.likely == 1 else 2
    nouns = {
        Counted.CONTRACTS: ngettext("%(n)s contract", "%(n)s contracts", count, n=shown),
        Counted.AGENTS: ngettext("%(n)s agent", "%(n)s agents", count, n=shown),
        Counted.HIRES: ngettext("%(n)s hire", "%(n)s hires", count, n=shown),
        Counted.SYSTEMS: ngettext("%(n)s system", "%(n)s systems", count, n=shown),
        Counted.LANGUAGES: ngettext("%(n)s further language", "%(n)s further languages", count, n=shown),
        Counted.CHANNELS: ngettext("%(n)s further channel", "%(n)s further channels", count, n=shown),
        Counted.SITES: ngettext("%(n)s further site", "%(n)s further sites", count, n=shown),
        Counted.ARTICLES: ngettext("%(n)s article", "%(n)s articles", count, n=shown),
        Counted.DAYS: ngettext("%(n)s person-day", "%(n)s person-days", count, n=shown),
        Counted.HOURS: ngettext("%(n)s hour", "%(n)s hours", count, n=shown),
    }
    return nouns[factor.counted]


def _work_names() -> dict[Work, str]:
    return {
        Work.CONTRACT: _("Contract and its negotiation"),
        Work.PROJECT: _("Leading the start, documenting the process"),
        Work.LANGUAGES: _("Material and tests in further languages"),
        Work.CHANNELS: _("Setting up further channels"),
        Work.SITES: _("Making further sites ready and secure"),
        Work.KNOWLEDGE: _("Writing knowledge articles"),
        Work.SYSTEMS: _("Connecting systems"),
        Work.RECRUITMENT: _("Finding and testing people"),
        Work.TRAINING: _("Training before go-live"),
        Work.RAMP: _("Slower work in the first weeks"),
        Work.WIND_DOWN: _("Giving back knowledge and data"),
    }


def _source(line: BeginLine) -> str:
    """Where the count and the price of a line come from."""
    effort = {
        Source.ONCE: "",
        Source.PLAN: _("Effort: milestone plan."),
        Source.TYPED: _("Effort: as typed."),
        Source.ASSUMED: _("Effort: assumed."),
    }[line.source]
    if line.cards:
        price = ngettext("Price: %(num)d published card.", "Price: %(num)d published cards.", line.cards)
    else:
        price = _("Price: default.")
    return f"{effort} {price}".strip()


def _chart(cost: BeginCost) -> charts.Chart:
    total = cost.total
    rows = [(str(ONE_TIME_NAMES[category]), *found) for category, found in cost.by_category().items()]

    def write(minor: charts.Figure) -> str:
        return amount(int(minor), cost.currency, whole=True)

    return charts.range_rows(
        rows,
        label=_(
            "One-time fees from low to high, in %(currency)s; together %(likely)s, between %(low)s and %(high)s.",
            currency=cost.currency,
            likely=write(total.likely_minor),
            low=write(total.low_minor),
            high=write(total.high_minor),
        ),
        head=(_("Fee"), _("Low end"), _("Likely"), _("High end")),
        write=write,
    )
