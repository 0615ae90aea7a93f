"""Remarks on a rate card in sentences."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.formatting import number
from portal.measures.words import CHANNEL_NAMES
from portal.pricing.remarks import About, Remark
from portal.pricing.values import RateCard


class RemarkWords(NamedTuple):
    """What to look at, why, and how loud: `warn` where money is at stake, `info` where it helps to know."""

    title: str
    text: str
    kind: str = "warn"


def remark_words(remark: Remark, card: RateCard) -> RemarkWords:
    """A remark as its reader sees it."""
    shown = [number(figure, 2) for figure in remark.figures]
    currency = card.currency
    if remark.about is About.CLIFF:
        sentence = _(
            "%(quantity)s units cost %(currency)s %(fee)s, one more costs %(currency)s %(less)s in all.",
            quantity=number(remark.figures[0], 0),
            currency=currency,
            fee=shown[1],
            less=shown[2],
        )
        return RemarkWords(_("Line %(code)s becomes cheaper with one unit more", code=remark.code), sentence)
    if remark.about is About.BASIS_MISSING:
        title = _("Line %(code)s does not say which hours it bills", code=remark.code)
        return RemarkWords(title, _("A paid hour, an hour logged in and an hour spent on contacts differ in price."))
    if remark.about is About.CHANNEL:
        channel: Any = CHANNEL_NAMES.get(remark.subject, remark.subject)
        title = _("No line prices the channel %(channel)s", channel=channel)
        return RemarkWords(
            title, _("A service that this card prices offers it. A bid without its price is incomplete.")
        )
    if remark.about is About.FEES:
        count = int(remark.figures[0])
        title = ngettext("%(num)d kind of fee is open", "%(num)d kinds of fees are open", count)
        return RemarkWords(
            title, _("Price each of them, or mark it as not charged. Nothing else can be invoiced later.")
        )
    return _hour_words(remark, currency, shown)


def _hour_words(remark: Remark, currency: str, shown: list[str]) -> RemarkWords:
    values = {"currency": currency, "rate": shown[0], "other": shown[1], "factor": shown[2]}
    if remark.about is About.PAID_HOUR:
        text = _(
            "%(currency)s %(rate)s per paid hour are like %(other)s per worked hour: factor %(factor)s at 30 %% of "
            "paid time not worked.",
            **values,
        )
    else:
        text = _(
            "%(currency)s %(rate)s per worked hour are like %(other)s per paid hour: factor %(factor)s at 30 %% of "
            "paid time not worked.",
            **values,
        )
    return RemarkWords(_("Line %(code)s: paid and worked hours", code=remark.code), text, "info")
