"""Exchange rates: imported by staff from a dated file, public, and always shown with their day and source."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.money import exponent
from portal.kit.text import clean_line
from portal.pricing.models import ExchangeRate

RATE_COLUMNS = ("date", "currency", "rate")
MAX_RATE_ROWS = 20_000
RATE_DIGITS = 20
"""Significant digits of a rate that goes through a third currency."""


class Conversion(NamedTuple):
    """What one unit of a currency is worth in another, on which day and according to whom."""

    rate: Decimal
    day: date
    source: str


def import_rates(actor: Actor, content: str, *, source: str, base: str) -> int:
    """Take in exchange rates from CSV text with the columns date, currency and rate; answers how many rows it held.

    A rate says how much of `currency` one unit of `base` is worth. The base itself is added at 1. A day that is
    imported again is replaced. Raises Invalid naming the row that cannot be read; nothing is imported then.
    """
    actor.permit(Permission.STAFF_FINANCE)
    exponent(base)
    if not clean_line(source):
        raise Invalid(_l("Say where the rates come from: the source is shown beside every conversion."), "source")
    rows = _read_rates(content, base)
    now = clock.now()
    values = [
        {"day": day, "base": base, "currency": code, "rate": rate, "source": clean_line(source), "imported_at": now}
        for (day, code), rate in rows.items()
    ]
    write = insert(ExchangeRate).values(values)
    db.session.execute(
        write.on_conflict_do_update(
            index_elements=["day", "base", "currency"],
            set_={name: write.excluded[name] for name in ("rate", "source", "imported_at")},
        )
    )
    audit.record(actor, "pricing:exchange_rates:import", None, after={"source": source, "rows": len(rows)})
    return len(rows)


def conversion(source: str, target: str, day: date) -> Conversion | None:
    """The newest rate from one currency to another that was published by `day`; None where nobody published one.

    Goes through the file's base currency where neither of the two is it: ``target ÷ source`` of the same file.
    """
    if source == target:
        return Conversion(Decimal(1), day, "")
    left, right = aliased(ExchangeRate), aliased(ExchangeRate)
    both = (
        select(left.day, left.rate.label("source_rate"), right.rate.label("target_rate"), left.source)
        .join(right, (right.day == left.day) & (right.base == left.base))
        .where(left.currency == source, right.currency == target, left.day <= day)
        .order_by(left.day.desc(), left.base)
        .limit(1)
    )
    row = db.session.execute(both).one_or_none()
    if row is None:
        return None
    with localcontext(prec=RATE_DIGITS):
        return Conversion(Decimal(row.target_rate) / Decimal(row.source_rate), row.day, row.source)


def worth_in(target: str, day: date) -> dict[str, Decimal]:
    """What one unit of every currency is worth in `target` by the newest file up to `day`; empty without a file."""
    newest = select(ExchangeRate.day, ExchangeRate.base).where(ExchangeRate.currency == target, ExchangeRate.day <= day)
    file = db.session.execute(newest.order_by(ExchangeRate.day.desc(), ExchangeRate.base).limit(1)).one_or_none()
    if file is None:
        return {}
    of_file = select(ExchangeRate.currency, ExchangeRate.rate).where(
        ExchangeRate.day == file.day, ExchangeRate.base == file.base
    )
    rates = {row.currency: Decimal(row.rate) for row in db.session.execute(of_file)}
    with localcontext(prec=RATE_DIGITS):
        return {currency: rates[target] / rate for currency, rate in rates.items()}


def _read_rates(content: str, base: str) -> dict[tuple[date, str], str]:
    reader = csv.DictReader(io.StringIO(content.lstrip("\ufeff")))
    if tuple(reader.fieldnames or ()) != RATE_COLUMNS:
        raise Invalid(_l("The first line must be: date,currency,rate."), "file")
    found: dict[tuple[date, str], str] = {}
    for number, row in enumerate(reader, start=2):
        if number > MAX_RATE_ROWS:
            raise Invalid(_l("The file has more than %(most)s rows.", most=MAX_RATE_ROWS), "file")
        try:
            day, code, rate = date.fromisoformat(row["date"]), row["currency"].strip(), Decimal(row["rate"])
            exponent(code)
        except (ValueError, ArithmeticError, TypeError, AttributeError, Invalid) as error:
            raise Invalid(
                _l("Row %(number)s cannot be read: give date, currency and rate.", number=number), "file"
            ) from error
        if not rate.is_finite() or rate <= 0:
            raise Invalid(_l("Row %(number)s: a rate is a number above zero.", number=number), "file")
        found[day, code] = format(rate, "f")
        found[day, base] = "1"
    if not found:
        raise Invalid(_l("The file holds no rates."), "file")
    return found
