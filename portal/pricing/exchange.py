"""Exchange rates: imported by staff from a dated file, public, and always shown with their day and source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.calculators import CalculationError
from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.fields import read_decimal
from portal.kit.money import exponent, round_half_up, shift
from portal.kit.rounding import rounded
from portal.kit.tables import Limits, Row, TableError, read_csv
from portal.kit.text import clean_line
from portal.pricing.models import ExchangeRate
from portal.pricing.signals import rates_imported

RATE_COLUMNS = ("date", "base", "currency", "rate", "source")
LIMITS = Limits(rows=20_000, columns=20, text=200)
RATE_DIGITS = 20
"""Significant digits of a rate that goes through a third currency."""
SHOWN_DECIMALS = 4


class Conversion(NamedTuple):
    """What one unit of a currency is worth in another, on which day and according to whom."""

    rate: Decimal
    day: date
    source: str

    def minor(self, amount_minor: int, source: str, target: str) -> int:
        """An amount of minor units of the currency `source` in those of `target`, rounded half up."""
        return round_half_up(shift(amount_minor, exponent(source)) * self.rate, exponent(target))


class Converted(NamedTuple):
    """Prices of one currency beside those of another, for reading; what counts is the card's own currency."""

    source: str
    currency: str
    by: Conversion

    def rate(self, rate: Decimal) -> Decimal:
        """A rate of a card in the other currency, to four decimals."""
        return rounded(rate * self.by.rate, SHOWN_DECIMALS)


class Rate(NamedTuple):
    """One line of a file: a unit of `base` was worth `rate` of `currency` on `day`, says `source`."""

    day: date
    base: str
    currency: str
    rate: str
    source: str


def import_rates(actor: Actor, content: bytes) -> int:
    """Take in exchange rates from a CSV file with the columns of `RATE_COLUMNS`; answers how many lines it held.

    A rate says how much of `currency` one unit of `base` is worth. The base itself is added at 1. A rate that is
    imported again is replaced. Raises TableError naming line and column; nothing is imported then.
    """
    actor.permit(Permission.STAFF_FINANCE)
    rates = read_rates(content)
    own = {(rate.day, rate.base): Rate(rate.day, rate.base, rate.base, "1", rate.source) for rate in rates}
    write = insert(ExchangeRate)
    write = write.on_conflict_do_update(
        index_elements=["day", "base", "currency"],
        set_={name: write.excluded[name] for name in ("rate", "source", "imported_at")},
    )
    now = clock.now()
    db.session.execute(write, [{**rate._asdict(), "imported_at": now} for rate in (*rates, *own.values())])
    days = [rate.day for rate in rates]
    told = {
        "rows": len(rates),
        "sources": sorted({rate.source for rate in rates}),
        "first_day": min(days).isoformat(),
        "last_day": max(days).isoformat(),
    }
    audit.record(actor, "pricing:exchange_rates:import", None, after=told)
    rates_imported.send(actor)
    return len(rates)


def newest_rates(actor: Actor) -> Sequence[ExchangeRate]:
    """The rates of the newest day of each base and source, for staff, without the bases themselves."""
    actor.permit(Permission.STAFF_FINANCE)
    newest = (
        select(ExchangeRate.base, ExchangeRate.currency, func.max(ExchangeRate.day).label("day"))
        .where(ExchangeRate.base != ExchangeRate.currency)
        .group_by(ExchangeRate.base, ExchangeRate.currency)
        .subquery()
    )
    same = (
        (ExchangeRate.base == newest.c.base)
        & (ExchangeRate.currency == newest.c.currency)
        & (ExchangeRate.day == newest.c.day)
    )
    return db.session.scalars(
        select(ExchangeRate).join(newest, same).order_by(ExchangeRate.base, ExchangeRate.currency)
    ).all()


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


def converted(source: str, target: str) -> Converted | None:
    """Today's conversion for showing prices of `source` in `target`; None where none is needed or known."""
    found = conversion(source, target, clock.now().date()) if source != target else None
    return None if found is None else Converted(source, target, found)


def read_rates(content: bytes) -> list[Rate]:
    """The lines of a file of rates. Raises TableError naming line and column."""
    rows = read_csv(content, LIMITS)
    heading = [str(name).casefold() for name in rows[0].cells] if rows else []
    if sorted(heading) != sorted(RATE_COLUMNS):
        raise TableError(_l("The first line must name these columns: %(names)s.", names=", ".join(RATE_COLUMNS)), row=1)
    if len(rows) == 1:
        raise TableError(_l("The file holds no rates."))
    found: dict[tuple[date, str, str], Rate] = {}
    for row in rows[1:]:
        rate = _rate(row, heading)
        key = (rate.day, rate.base, rate.currency)
        if key in found:
            raise TableError(_l("This rate stands in the file twice."), row=row.number, column="currency")
        found[key] = rate
    return list(found.values())


def _rate(row: Row, heading: list[str]) -> Rate:
    cells = {name: str(row.cell(index) or "") for index, name in enumerate(heading)}

    def wrong(column: str, what: Any) -> TableError:
        return TableError(what, row=row.number, column=column)

    if len(row.cells) > len(heading):
        raise TableError(_l("There are more cells than columns."), row=row.number)
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError as error:
        raise wrong("date", _l("Write a day such as 2026-03-31.")) from error
    for column in ("base", "currency"):
        _check_currency(cells[column], wrong, column)
    if cells["base"] == cells["currency"]:
        raise wrong("currency", _l("A currency is always worth 1 of itself: leave this line out."))
    try:
        rate = read_decimal(cells["rate"])
    except CalculationError as error:
        raise wrong("rate", _l("A rate is a number above zero, such as 1.0825.")) from error
    if rate <= 0:
        raise wrong("rate", _l("A rate is a number above zero, such as 1.0825."))
    if not clean_line(cells["source"]):
        raise wrong("source", _l("Say where the rate comes from: the source is shown beside every conversion."))
    return Rate(day, cells["base"], cells["currency"], format(rate, "f"), clean_line(cells["source"]))


def _check_currency(code: str, wrong: Any, column: str) -> None:
    try:
        exponent(code)
    except Invalid as error:
        raise wrong(column, error.message) from error
