"""What drives the cost to begin, asked by GET, so that an estimate has an address; nothing of it is kept."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from blueprints.public.forms.fields import WholeNumberField
from blueprints.shared.rate_card_form import choices
from portal.measures.words import MODE_NAMES, Mode
from portal.pricing.begin_prices import DEFAULT_CURRENCY
from portal.pricing.one_time import MOST, Drivers

FIELDS = frozenset({"currency", "mode", *MOST})
EXAMPLE = {
    "agents": "20",
    "mode": Mode.FULL.value,
    "integrations": "2",
    "languages": "1",
    "channels": "2",
    "sites": "1",
    "currency": DEFAULT_CURRENCY,
}
"""What an address leaves out: a visitor sees an answer before typing anything."""


def _count(name: str, label: Any, least: int = 0, **more: Any) -> WholeNumberField:
    limits = NumberRange(least, MOST[name], message=_l("Write a whole number from %(min)s to %(max)s."))
    first = InputRequired(_l("Write a number.")) if name in EXAMPLE else Optional()
    return WholeNumberField(label, [first, limits], **more)


class BeginCostForm(Form):
    """The drivers, and the currency of the answer."""

    mode = SelectField(_l("Mode"), choices=choices(MODE_NAMES))
    agents = _count("agents", _l("Agents, full-time"), 1)
    training_hours = _count(
        "training_hours", _l("Training per agent"), description=_l("Left empty: as many as the plan has.")
    )
    integrations = _count("integrations", _l("Systems to connect"), description=_l("Ticketing, telephony, shop, …"))
    languages = _count("languages", _l("Languages"), 1)
    channels = _count("channels", _l("Channels"), 1)
    sites = _count("sites", _l("Sites"), 1)
    articles = _count("articles", _l("Knowledge articles to write"), description=_l("Left empty: none."))
    currency = SelectField(_l("Currency"))

    def offer(self, currencies: Iterable[str]) -> None:
        """Let people choose among the currencies that a rate is known for."""
        self.currency.choices = [SelectChoice(code) for code in currencies]

    def drivers(self) -> Drivers:
        """The answers as the estimate takes them."""
        return Drivers(
            agents=self.agents.data,
            mode=Mode(self.mode.data),
            integrations=self.integrations.data,
            languages=self.languages.data,
            channels=self.channels.data,
            sites=self.sites.data,
            training_hours=self.training_hours.data,
            articles=self.articles.data or 0,
        )
