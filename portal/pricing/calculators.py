"""The calculators ``total-cost``, ``break-even`` and ``one-time`` of ``flask calc``."""

from __future__ import annotations

from typing import Any

from portal.kit.calculators import Document, calculator
from portal.kit.errors import Invalid
from portal.kit.fields import Fields, read_document
from portal.kit.money import exponent, to_major
from portal.measures.words import Mode
from portal.pricing.begin_prices import DEFAULT_CURRENCY, default_prices
from portal.pricing.break_even import break_evens
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.one_time import MOST, BeginCost, BeginLine, Drivers, Price, Prices, Range, Sum, begin_cost
from portal.pricing.schema import BREAK_EVEN_SCHEMA, ONE_TIME_SCHEMA, TOTAL_COST_SCHEMA
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard, Scenario


@calculator("total-cost", schema=TOTAL_COST_SCHEMA)
def total_cost_of_document(document: Document) -> dict[str, Any]:
    """Price a rate card over a scenario: totals, months, and what nobody prices."""
    card, scenario = read_document(document, _inputs)
    return total_cost(card, scenario).to_document()


def _inputs(doc: Fields) -> tuple[RateCard, Scenario]:
    return (
        rate_card_from_document(doc.raw("rate_card"), "rate_card"),
        scenario_from_document(doc.raw("scenario"), "scenario"),
    )


@calculator("break-even", schema=BREAK_EVEN_SCHEMA)
def break_even_of_document(document: Document) -> list[dict[str, Any]]:
    """Find the volumes at which the cheaper of two rate cards changes, from a tenth to three times the forecast."""
    first, second, scenario = read_document(document, _two_cards)
    return [
        {"factor": turn.factor, "contacts_month": turn.contacts_month, "cheaper_below": ("first", "second")[turn.below]}
        for turn in break_evens(first, second, scenario)
    ]


def _two_cards(doc: Fields) -> tuple[RateCard, RateCard, Scenario]:
    first = rate_card_from_document(doc.raw("first"), "first")
    second = rate_card_from_document(doc.raw("second"), "second")
    if first.currency != second.currency:
        raise doc.error("second.currency", f"must be {first.currency}, the currency of the first card")
    return first, second, scenario_from_document(doc.raw("scenario"), "scenario")


@calculator("one-time", schema=ONE_TIME_SCHEMA)
def one_time_of_document(document: Document) -> dict[str, Any]:
    """Estimate what it costs to begin, low, likely and high, from agents, systems, languages and the other drivers."""
    drivers, prices = read_document(document, _drivers_and_prices)
    cost = begin_cost(drivers, prices)
    return {
        "currency": cost.currency,
        "lines": [_line(cost, line) for line in cost.lines],
        "by_category": {category.value: _amounts(cost, found) for category, found in cost.by_category().items()},
        "total": _amounts(cost, cost.total),
    }


def _drivers_and_prices(doc: Fields) -> tuple[Drivers, Prices]:
    drivers = Drivers(
        agents=doc.whole("agents", least=1, most=MOST["agents"]),
        mode=doc.choice("mode", Mode, Mode.FULL),
        integrations=doc.whole("integrations", 0, most=MOST["integrations"]),
        languages=doc.whole("languages", 1, least=1, most=MOST["languages"]),
        channels=doc.whole("channels", 1, least=1, most=MOST["channels"]),
        sites=doc.whole("sites", 1, least=1, most=MOST["sites"]),
        training_hours=doc.optional_whole("training_hours", most=MOST["training_hours"]),
        articles=doc.whole("articles", 0, most=MOST["articles"]),
    )
    return drivers, _prices(doc)


def _prices(doc: Fields) -> Prices:
    currency = doc.text("currency", DEFAULT_CURRENCY)
    try:
        exponent(currency)
    except Invalid as error:
        raise doc.error("currency", str(error.message)) from error
    if currency == DEFAULT_CURRENCY:
        doc.absent("per_dollar", because="is only for other currencies than USD")
        known = default_prices()
    elif doc.has("per_dollar"):
        known = default_prices(currency, doc.number("per_dollar", above=0))
    else:
        raise doc.error("per_dollar", f"is missing: say what one US dollar is worth in {currency}")
    own = doc.optional_child("prices", _own_prices) or {}
    return Prices(currency, {**known.ranges, **own}, {})


def _own_prices(doc: Fields) -> dict[Price, Range]:
    found = {price: doc.optional_child(price.value, _range) for price in Price}
    return {price: given for price, given in found.items() if given is not None}


def _range(doc: Fields) -> Range:
    given = Range(doc.number("low"), doc.number("likely"), doc.number("high"))
    if not given.low <= given.likely <= given.high:
        raise doc.error("likely", "must lie between low and high")
    return given


def _line(cost: BeginCost, line: BeginLine) -> dict[str, Any]:
    """A line with its working: the likely product first, then the low and the high one where they differ."""
    found = Sum(line.low_minor, line.likely_minor, line.high_minor)
    return {
        "category": line.category.value,
        "for": line.work.value,
        **_amounts(cost, found),
        "because": " × ".join(
            [*(_written(one.value, one.counted.value) for one in line.factors), _written(line.price)]
        ),
        "effort": line.source.value,
    }


def _written(value: Range, noun: str = "") -> str:
    middle = f"{value.likely.normalize():f}"
    between = "" if value.is_exact else f" ({value.low.normalize():f} to {value.high.normalize():f})"
    return f"{middle} {noun}{between}" if noun else f"{middle}{between}"


def _amounts(cost: BeginCost, found: Sum) -> dict[str, Any]:
    names = ("low", "likely", "high")
    return {name: to_major(minor, cost.currency) for name, minor in zip(names, found, strict=True)}
