"""What the portal checks of an invoice before anybody pays it: against the signed terms and the charges behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.billing.models import Charge, Invoice, InvoiceLine
from portal.billing.states import Basis, ChargeClass
from portal.billing.terms import BillingTerms
from portal.kit.money import round_half_up, to_major
from portal.pricing.quantities import cola_factor

RATE_DECIMALS = 6


class Finding(StrEnum):
    """What a check found."""

    YES = "yes"
    LOOK = "look"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Check:
    """One question, its answer, and what it rests on."""

    question: Any
    finding: Finding
    detail: Any


def checks(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    charges: Sequence[Charge],
    agreed: BillingTerms,
    first_day: date | None,
) -> list[Check]:
    """Every check that this invoice gives occasion for."""
    operating = [line for line in lines if line.fee_class == ChargeClass.OPERATING]
    caused = [charge for charge in charges if charge.fee_class in (ChargeClass.EXTRA, ChargeClass.ONE_TIME)]
    found = [_sums(invoice, lines)]
    if operating and first_day is not None:
        found += [_rates(operating, agreed, first_day), _quantities(operating)]
    if caused:
        found.append(_causes(caused))
    credit = sum(line.amount_minor for line in lines if line.fee_class == ChargeClass.CREDIT)
    if credit:
        amount = to_major(-credit, invoice.currency)
        found.append(
            Check(
                _l("Credit was deducted"),
                Finding.YES,
                _l("%(currency)s %(amount)s", currency=invoice.currency, amount=amount),
            )
        )
    return found


def _sums(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Check:
    right = sum(line.amount_minor for line in lines) == invoice.net_minor
    detail = _l("%(count)s lines, tax and total", count=len(lines))
    return Check(_l("Lines add up"), Finding.YES if right else Finding.NO, detail)


def _rates(lines: Sequence[InvoiceLine], agreed: BillingTerms, first_day: date) -> Check:
    """Plain rates are compared with the signed card, indexed for the month; tiers and percentages are not one rate."""
    plain = {line.code: line for line in agreed.rate_card.operating if line.rate is not None and not line.baseline}
    compared = [line for line in lines if line.line_code in plain and line.period_start]
    wrong = [line for line in compared if line.unit_rate != _agreed_rate(line, plain, agreed, first_day)]
    detail = _l("%(right)s of %(all)s lines with a plain rate", right=len(compared) - len(wrong), all=len(compared))
    return Check(_l("Rates match the signed rate card"), Finding.LOOK if wrong else Finding.YES, detail)


def _agreed_rate(line: InvoiceLine, plain: dict[str, Any], agreed: BillingTerms, first_day: date) -> Any:
    card_line, day = plain[line.line_code], line.period_start or first_day
    k = (day.year - first_day.year) * 12 + day.month - first_day.month + 1
    factor = cola_factor(agreed.rate_card, k) if card_line.indexed else Fraction(1)
    rate = round_half_up(Fraction(card_line.rate) * factor, RATE_DECIMALS)
    return type(line.unit_rate)(rate).scaleb(-RATE_DECIMALS)


def _quantities(lines: Sequence[InvoiceLine]) -> Check:
    guessed = [line for line in lines if line.basis == Basis.FORECAST]
    if guessed:
        detail = _l("%(count)s lines use the agreed forecast: no volumes were reported", count=len(guessed))
        return Check(_l("Quantities match the report"), Finding.LOOK, detail)
    return Check(_l("Quantities match the report"), Finding.YES, _l("%(count)s lines as reported", count=len(lines)))


def _causes(charges: Sequence[Charge]) -> Check:
    without = [charge for charge in charges if charge.change_order_id is None and charge.milestone_id is None]
    detail = _l("%(count)s lines from change orders and accepted milestones", count=len(charges) - len(without))
    return Check(_l("Extra and one-time work was approved"), Finding.LOOK if without else Finding.YES, detail)
