"""Forms of a vendor's bids."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FormField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.forms import EditingForm, PortalForm, VersionField
from blueprints.shared.needed import Needed
from blueprints.shared.rate_card_form import RateCardForm, choices
from portal.needs.models import Criterion, KnockOut
from portal.selection.actions.bids import MAX_ANSWER, MAX_PROOF, MAX_REFERENCE, Claim
from portal.selection.models import BidKnockOut

NOTHING = "nothing"
YES, NO = "yes", "no"


class BidStartForm(PortalForm):
    """From which prices a bid begins."""

    start = RadioField(_l("Which prices do you begin with?"), [InputRequired(_l("Choose where to begin."))])


class BidPriceForm(EditingForm):
    """The bid's own rate card."""

    card = FormField(RateCardForm)


class BidAnswersForm(EditingForm):
    """What a bid says apart from prices. The answers are added by `answers_form`."""

    reference = StringField(
        _l("Your reference"),
        [Optional(), Length(max=MAX_REFERENCE)],
        description=_l("Your own quotation number, if you have one."),
    )
    valid_until = DateField(_l("The offer stands until"), [Needed()])

    def fields_of(self, one: KnockOut) -> tuple[Any, Any]:
        """The two fields of one must-have."""
        return self[f"met-{one.id}"], self[f"proof-{one.id}"]

    def claims(self) -> dict[uuid.UUID, Claim]:
        """What is said to the must-haves; those left open are left out."""
        found = {}
        for name in self._fields:
            kind, _, key = name.partition("-")
            if kind == "met" and self[name].data:
                found[uuid.UUID(key)] = Claim(self[name].data == YES, self[f"proof-{key}"].data or "")
        return found


class BidSubmitForm(EditingForm):
    """Handing in what was checked, on the version of the requirement that the page showed."""

    on_version = VersionField()


class BidWithdrawForm(EditingForm):
    """Taking a bid back."""


class AwardAnswerForm(PortalForm):
    """Yes or no to an award."""

    answer = RadioField(
        _l("Do you take the work?"),
        [InputRequired(_l("Choose your answer."))],
        choices=choices({"accept": _l("Accept the award"), "decline": _l("Decline the award")}),
    )
    reason = TextAreaField(
        _l("Reason, if you decline"), [Optional(), Length(max=2000)], description=_l("The buyer reads it.")
    )


def field_name(criterion: Criterion) -> str:
    """The name of a criterion's field."""
    return f"answer-{criterion.id}"


def answers_form(criteria: Sequence[Criterion], must_haves: Sequence[KnockOut] = ()) -> type[BidAnswersForm]:
    """A form with one answer for each criterion, and a yes or no with its proof for each must-have."""
    fields: dict[str, Any] = {
        field_name(criterion): TextAreaField(
            criterion.title, [Needed(), Length(max=MAX_ANSWER)], description=criterion.description
        )
        for criterion in criteria
    }
    for one in must_haves:
        fields[f"met-{one.id}"] = RadioField(one.title, [Needed()], choices=choices({YES: _l("Yes"), NO: _l("No")}))
        fields[f"proof-{one.id}"] = TextAreaField(_l("Proof"), [Optional(), Length(max=MAX_PROOF)])
    return type("BidAnswersForm", (BidAnswersForm,), fields)


def must_haves_filled(claims: Mapping[uuid.UUID, BidKnockOut]) -> dict[str, Any]:
    """What the fields of must-haves are filled with."""
    filled: dict[str, Any] = {}
    for key, claim in claims.items():
        filled |= {f"met-{key}": YES if claim.is_met else NO, f"proof-{key}": claim.evidence}
    return filled
