"""A rate card as a form, used where a vendor keeps its cards and where it prices a bid.

Lines are added and taken away by buttons that send the form and get it back, nothing saved (`reworked`); script only
makes that quicker. Empty lines are left out. `form_from` fills the form from a rate card's
document, `document_from` makes the document again, and `show_refusal` puts a refusal of the document at the field it
names.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from babel.numbers import list_currencies
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.shared.fields import LocalDecimalField
from portal.measures.words import CHANNEL_NAMES
from portal.pricing import words
from portal.pricing.fee_kinds import Fee
from portal.pricing.values import (
    ExtraCategory,
    FeeClass,
    OneTimeCategory,
    OperatingCategory,
    Stacking,
    Tax,
    TierMode,
    Unit,
)

LINE_GROUPS = ("one_time", "operating", "extra")
SPARE_TIERS = 3
MAX_TIERS = 12
MAX_LINES = 60

MAIN_CURRENCIES = ("USD", "EUR", "GBP", "TWD", "CNY", "HKD", "JPY", "SGD", "PHP", "INR", "MYR", "AUD", "CAD")


def choices(names: Mapping[Any, Any], *, empty: Any = None) -> list[SelectChoice]:
    """What a select field offers of `names`, with an empty choice before them if one is worded."""
    offered = [SelectChoice(str(value), name) for value, name in names.items()]
    return offered if empty is None else [SelectChoice("", empty), *offered]


def select(label: Any, names: Mapping[Any, Any], default: StrEnum | str) -> SelectField:
    """One of `names`."""
    return SelectField(label, choices=choices(names), default=str(default))


def boxes(label: Any, names: Mapping[Any, Any]) -> SelectMultipleField:
    """Any of `names`, as boxes to tick; none ticked means all."""
    return SelectMultipleField(
        label, choices=choices(names), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


def currency_choices() -> list[SelectChoice]:
    """All currencies by code, those of most vendors first."""
    rest = sorted(set(list_currencies()) - set(MAIN_CURRENCIES))
    return [SelectChoice(code, code) for code in (*MAIN_CURRENCIES, *rest)]


class LineForm(Form):  # type: ignore[misc]
    """What all lines have; a line without any of `TELLING` is empty."""

    TELLING: tuple[str, ...] = ("code", "rate")

    code = StringField(_l("Code"), [Length(max=40)], description=_l("Short, in capitals; invoices show it."))
    rate = LocalDecimalField(_l("Rate"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not any(self[name].data or (self[name].raw_data and self[name].raw_data[0]) for name in self.TELLING)


class TierForm(Form):  # type: ignore[misc]
    """A price band."""

    up_to = LocalDecimalField(_l("Up to"), decimals=0)
    rate = LocalDecimalField(_l("Rate"))

    @property
    def is_empty(self) -> bool:
        """Whether no rate was entered."""
        return self.rate.data is None and not self.rate.errors and self.up_to.data is None


class BaselineForm(Form):  # type: ignore[misc]
    """A fixed volume each month, with a price for what goes beyond it."""

    quantity = LocalDecimalField(_l("Baseline each month"))
    dead_band_pct = LocalDecimalField(_l("Band around it"), decimals=4)
    arc_rate = LocalDecimalField(_l("Rate for more"))
    rrc_rate = LocalDecimalField(_l("Credit for less"))


class OneTimeForm(LineForm):
    """A fee paid once."""

    TELLING = ("code", "rate", "qty", "note")

    category = select(_l("What for"), words.ONE_TIME_NAMES, OneTimeCategory.OTHER)
    qty = LocalDecimalField(_l("Quantity"))
    unit = StringField(_l("Unit"), [Length(max=40)])
    month = LocalDecimalField(_l("Due in month"), decimals=0, description=_l("0 is before go-live."))
    note = StringField(_l("What it is"), [Length(max=2000)])
    mandatory_flag = BooleanField(_l("Charged in any case"), default=True)


class OperatingForm(LineForm):
    """A recurring fee, or a percentage of others."""

    TELLING = ("code", "rate", "pct", "description")

    description = StringField(_l("Description"), [Length(max=2000)])
    category = select(_l("What for"), words.OPERATING_NAMES, OperatingCategory.LABOUR)
    unit = select(_l("Charged"), words.UNIT_NAMES, Unit.CONTACT)
    tiers = FieldList(FormField(TierForm), label=_l("Price bands"), min_entries=SPARE_TIERS, max_entries=MAX_TIERS)
    tier_mode = select(_l("How bands count"), words.TIER_MODE_NAMES, TierMode.GRADUATED)
    pct = LocalDecimalField(_l("Percentage"), decimals=4)
    applies_to = StringField(_l("Of the lines"), description=_l("Their codes, separated by commas."))
    channels = boxes(_l("Only for channels"), CHANNEL_NAMES)
    windows = boxes(_l("Only for hours"), words.WINDOW_NAMES)
    languages = StringField(_l("Only for languages"), description=_l("Codes such as ja or zh-TW, separated by commas."))
    locations = StringField(_l("Only for locations"), description=_l("Separated by commas."))
    outcome = StringField(_l("Outcome counted"), [Length(max=80)])
    included_qty = LocalDecimalField(_l("Free units each month"))
    billing_basis = SelectField(
        _l("Hours billed"), choices=choices(words.BILLING_BASIS_NAMES, empty=_l("Not stated")), default=""
    )
    billing_occupancy = LocalDecimalField(
        _l("Share of a billed hour spent on contacts"), description=_l("From 0 to 1; 1 where only handling is billed.")
    )
    increment_s = LocalDecimalField(_l("Rounded up to seconds"), decimals=0)
    agent_model = SelectField(
        _l("Agents"), choices=choices(words.AGENT_MODEL_NAMES, empty=_l("Not stated")), default=""
    )
    baseline = FormField(BaselineForm, label=_l("Baseline"))
    indexed = BooleanField(_l("Follows the yearly adjustment"), default=True)


class ExtraForm(LineForm):
    """A fee for what may happen."""

    TELLING = ("code", "rate", "qty", "trigger_text")

    category = select(_l("What for"), words.EXTRA_NAMES, ExtraCategory.OTHER)
    trigger_text = StringField(_l("When it is charged"), [Length(max=2000)])
    qty = LocalDecimalField(_l("Expected quantity"))
    unit = StringField(_l("Unit"), [Length(max=40)])
    probability = LocalDecimalField(_l("Probability"), description=_l("From 0 to 1; 1 is certain."))
    months = StringField(_l("Expected in months"), description=_l("Numbers separated by commas, such as 6, 12."))


class MinimumForm(Form):  # type: ignore[misc]
    """What the buyer pays at least each month."""

    amount = LocalDecimalField(_l("Amount each month"))
    quantity = LocalDecimalField(_l("Or a quantity"))
    rate = LocalDecimalField(_l("At the rate"))
    scope = StringField(_l("Counting the lines"), description=_l("Their codes; empty for all operating lines."))
    exempt_months = StringField(_l("Free months"), description=_l("Numbers separated by commas, such as 1, 2."))


class ColaForm(Form):  # type: ignore[misc]
    """The yearly adjustment of rates."""

    pct = LocalDecimalField(_l("Rise each year, in percent"), decimals=4)
    cap_pct = LocalDecimalField(_l("At most, in percent"), decimals=4)
    first_month = LocalDecimalField(_l("First in month"), decimals=0)
    every_months = LocalDecimalField(_l("Again after months"), decimals=0)
    index_code = StringField(_l("Index it follows"), [Length(max=200)])


class MissForm(Form):  # type: ignore[misc]
    """A service level that may be missed."""

    metric = StringField(_l("Service level"), [Length(max=40)])
    w = LocalDecimalField(_l("Weight"))
    p = LocalDecimalField(_l("Probability of a miss"))
    sev = LocalDecimalField(_l("Severity"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not any(field.data or (field.raw_data and field.raw_data[0]) for field in self)


class CreditForm(Form):  # type: ignore[misc]
    """Service credits to expect."""

    at_risk_pct = LocalDecimalField(_l("Share of the monthly fee at risk"), decimals=4)
    items = FieldList(FormField(MissForm), label=_l("Service levels"), min_entries=SPARE_TIERS, max_entries=MAX_TIERS)


NAMES = words.FEE_CLASS_NAMES


class RateCardForm(Form):  # type: ignore[misc]
    """The prices of a card. Where the currency is given, as in a bid, the page leaves that field out."""

    currency = SelectField(_l("Currency"), choices=currency_choices)
    tax = select(_l("Tax"), words.TAX_NAMES, Tax.EXCLUSIVE)
    surcharge_stacking = select(_l("Several percentages on one contact"), words.STACKING_NAMES, Stacking.ADDITIVE)
    one_time = FieldList(FormField(OneTimeForm), label=NAMES[FeeClass.ONE_TIME], max_entries=MAX_LINES)
    operating = FieldList(FormField(OperatingForm), label=NAMES[FeeClass.OPERATING], max_entries=MAX_LINES)
    extra = FieldList(FormField(ExtraForm), label=NAMES[FeeClass.EXTRA], max_entries=MAX_LINES)
    min_commitment = FormField(MinimumForm, label=_l("Minimum commitment"))
    cola = FormField(ColaForm, label=_l("Yearly adjustment"))
    sla = FormField(CreditForm, label=_l("Service credits"))
    waived = boxes(_l("Not charged"), words.FEE_NAMES)

    def lines(self, group: str) -> list[Any]:
        """The lines of a group that hold something, as forms."""
        return [entry.form for entry in self[group] if not entry.form.is_empty]

    def begin_empty_groups(self) -> None:
        """Show an empty line where a group has none yet."""
        for group in LINE_GROUPS:
            if not self[group].entries:
                self.add_line(group)

    def add_line(self, group: str) -> None:
        """End a group with an empty line, unless it ends with one."""
        entries = self[group].entries
        if (not entries or not entries[-1].form.is_empty) and len(entries) < MAX_LINES:
            self[group].append_entry()

    def remove_line(self, group: str, number: int) -> None:
        """Take the line away whose fields are named by `number`."""
        self[group].entries = [entry for entry in self[group] if entry.name.rpartition("-")[2] != str(number)]

    def add_bands(self, number: int) -> None:
        """Give the operating line of that number room for more price bands."""
        for entry in self.operating:
            if entry.name.rpartition("-")[2] == str(number):
                for _ in range(min(SPARE_TIERS, MAX_TIERS - len(entry.form.tiers))):
                    entry.form.tiers.append_entry()


def reworked(form: RateCardForm, sent: Mapping[str, str]) -> bool:
    """Carry out a button that only changes the form, and say whether it was one. Nothing is stored."""
    added, removed = sent.get("add", ""), sent.get("remove", "")
    if added in LINE_GROUPS:
        form.add_line(added)
    elif added.startswith("bands-") and added[6:].isdecimal():
        form.add_bands(int(added[6:]))
    elif (line := removed.rpartition("-"))[0] in LINE_GROUPS and line[2].isdecimal():
        form.remove_line(line[0], int(line[2]))
    elif sent.get("fees") == "waive":
        form.waived.data = [fee.value for fee in Fee]
    else:
        return "again" in sent
    return True
