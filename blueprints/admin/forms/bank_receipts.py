"""Forms for money on the bank account."""

from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.shared.fields import AmountField
from blueprints.shared.forms import PortalForm


class BankReceiptFindForm(PortalForm):
    """Which invoice a transfer pays."""

    reference = StringField(
        _l("Payment reference"),
        [InputRequired(_l("Copy the reference from the bank statement.")), Length(max=40)],
        description=_l("It begins with RF and stands on the invoice and on the statement."),
    )


class BankReceiptRecordForm(PortalForm):
    """What arrived."""

    received_on = DateField(
        _l("Value date"),
        [InputRequired(_l("Write the day the bank credited it."))],
        description=_l("As on the statement."),
    )
    payer = StringField(_l("Payer"), [InputRequired(_l("Copy the payer's name from the statement.")), Length(max=140)])
    bank_ref = StringField(
        _l("The bank's reference of the entry"),
        [InputRequired(_l("Copy the bank's own reference from the statement.")), Length(max=70)],
        description=_l("Each entry of the statement is recorded once."),
    )

    @classmethod
    def for_currency(cls, currency: str) -> "BankReceiptRecordForm":
        """The form with its amount in the invoice's currency."""

        class WithAmount(cls):  # type: ignore[misc,valid-type]
            amount = AmountField(_l("Amount"), [InputRequired(_l("Write the amount that arrived."))], currency=currency)

        return cast("BankReceiptRecordForm", WithAmount())
