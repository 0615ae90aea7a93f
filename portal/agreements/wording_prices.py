"""The rate card of an agreement as clauses, line by line, so that a reader sees every fee that can be charged."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal

from portal.kit.money import format_amount
from portal.kit.text import gettext as _
from portal.kit.text import listed
from portal.pricing.documents import rate_card_from_document
from portal.pricing.values import Cola, ExtraLine, Filter, MinCommitment, OneTimeLine, OperatingLine, TierMode, Unit
from portal.pricing.words import EXTRA_NAMES, ONE_TIME_NAMES, OPERATING_NAMES, UNIT_NOUNS

RATE_DECIMALS = "0.00####"


def price_lines(terms: dict[str, Any], language: str) -> list[str]:
    """One clause per line of the rate card, then minimum, indexation and the total that was bid."""
    card = rate_card_from_document(terms["rate_card"])
    currency = card.currency
    clauses = [_("All amounts are in %(currency)s before tax.", currency=currency)]
    clauses += [_one_time(line, currency, language) for line in card.one_time]
    clauses += [_operating(line, currency, language) for line in card.operating]
    clauses += [_extra(line, currency, language) for line in card.extra]
    if card.min_commitment:
        clauses.append(_minimum(card.min_commitment, currency, language))
    if card.cola:
        clauses.append(_cola(card.cola, language))
    total = format_amount(terms["total_minor"], currency, locale=language)
    clauses.append(_("On the forecast above these fees come to %(total)s over the term.", total=total))
    return clauses


def _rate(rate: Decimal, currency: str, language: str) -> str:
    return format_currency(rate, currency, format=f"¤¤ #,##{RATE_DECIMALS}", locale=language, currency_digits=False)


def _quantity(quantity: Decimal, language: str) -> str:
    return format_decimal(quantity, format="#,##0.######", locale=language)


def _one_time(line: OneTimeLine, currency: str, language: str) -> str:
    return _(
        "One-time, %(category)s (%(code)s): %(quantity)s %(unit)s at %(rate)s. %(note)s",
        category=ONE_TIME_NAMES[line.category],
        code=line.code,
        quantity=_quantity(line.qty, language),
        unit=UNIT_NOUNS.get(line.unit, line.unit),
        rate=_rate(line.rate, currency, language),
        note=line.note,
    ).strip()


def _operating(line: OperatingLine, currency: str, language: str) -> str:
    name = _("Operating, %(category)s (%(code)s)", category=OPERATING_NAMES[line.category], code=line.code)
    parts = [_("%(name)s: %(words)s", name=name, words=_price(line, currency, language))]
    if not line.filter.is_open:
        parts.append(_("only for %(what)s", what=_filter(line.filter)))
    if line.unit is Unit.HOUR and line.billing_basis:
        parts.append(
            _(
                "%(basis)s hours, %(share)s %% of a billed hour spent on contacts",
                basis=_basis(line.billing_basis),
                share=_quantity(line.billing_occupancy * 100, language),
            )
        )
    if line.included_qty:
        parts.append(_("%(n)s per month included", n=_quantity(line.included_qty, language)))
    if not line.indexed:
        parts.append(_("not indexed"))
    return _("%(words)s.", words=listed(parts, of_lists=True))


def _price(line: OperatingLine, currency: str, language: str) -> str:
    unit = str(UNIT_NOUNS.get(line.unit, line.unit))
    if line.unit is Unit.PERCENT:
        return _(
            "%(pct)s %% on %(codes)s", pct=_quantity(line.pct or Decimal(0), language), codes=listed(line.applies_to)
        )
    if not line.tiers:
        return _("%(rate)s per %(unit)s", rate=_rate(line.rate or Decimal(0), currency, language), unit=unit)
    steps = []
    for tier in line.tiers:
        rate = _rate(tier.rate, currency, language)
        if tier.up_to is None:
            steps.append(_("above that %(rate)s", rate=rate))
        else:
            steps.append(_("up to %(limit)s %(rate)s", limit=_quantity(tier.up_to, language), rate=rate))
    how = _("each band at its own rate") if line.tier_mode is TierMode.GRADUATED else _("all units at the band reached")
    return _("per %(unit)s and month: %(steps)s (%(how)s)", unit=unit, steps=listed(steps), how=how)


def _filter(wanted: Filter) -> str:
    values = (wanted.channel, wanted.lang, wanted.window, wanted.location, wanted.skill, wanted.segment)
    return listed("/".join(allowed) for allowed in values if allowed)


def _basis(basis: str) -> str:
    return {"handle": _("handling"), "logged_in": _("logged-in"), "paid": _("paid")}[basis]


def _extra(line: ExtraLine, currency: str, language: str) -> str:
    return _(
        "Extra, %(category)s (%(code)s): %(rate)s per %(unit)s, by change order only. %(trigger)s",
        category=EXTRA_NAMES[line.category],
        code=line.code,
        rate=_rate(line.rate, currency, language),
        unit=UNIT_NOUNS.get(line.unit, line.unit),
        trigger=line.trigger_text,
    ).strip()


def _minimum(minimum: MinCommitment, currency: str, language: str) -> str:
    if minimum.amount is not None:
        return _("Minimum per month: %(amount)s.", amount=_rate(minimum.amount, currency, language))
    return _(
        "Minimum per month: %(quantity)s units at %(rate)s.",
        quantity=_quantity(minimum.quantity or Decimal(0), language),
        rate=_rate(minimum.rate or Decimal(0), currency, language),
    )


def _cola(cola: Cola, language: str) -> str:
    return _(
        "Indexed rates rise by %(pct)s %% from month %(first)s on, then every %(every)s months.",
        pct=_quantity(cola.pct, language),
        first=cola.first_month,
        every=cola.every_months,
    )
