"""Forms of evaluating bids."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import EditingForm, PortalForm
from blueprints.shared.rate_card_form import choices
from portal.needs.criteria import scale_of
from portal.needs.models import Criterion
from portal.selection.actions.awards import MAX_REASON
from portal.selection.actions.evaluation import MAX_TEXT


class OpenBidsForm(PortalForm):
    """Opening all bids."""


class DisqualifyForm(PortalForm):
    """Taking a bid out of the ranking."""

    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Give the reason: the vendor will read it.")), Length(max=MAX_TEXT)],
        description=_l("Name the condition the bid does not meet. The vendor reads this at once."),
    )


class AwardForm(EditingForm):
    """Choosing one bid."""

    bid_id = RadioField(_l("Which bid gets the work?"), [InputRequired(_l("Choose one of the bids."))])
    reason = TextAreaField(
        _l("Reason for this choice"),
        [InputRequired(_l("Give the reason for this choice.")), Length(max=MAX_REASON)],
        description=_l("Kept with the decision and in its evidence. Bidders do not read it."),
    )


class ScoreForm(PortalForm):
    """One evaluator's judgement of one bid; the fields are added by `score_form`."""


def score_form(criteria: Sequence[Criterion]) -> type[ScoreForm]:
    """A form with a score and a comment for each criterion people score."""
    fields: dict[str, Any] = {}
    for criterion in criteria:
        scale = choices({score: f"{score} · {words}" for score, words in enumerate(scale_of(criterion))})
        fields[f"score-{criterion.id}"] = RadioField(
            criterion.title, [InputRequired(_l("Choose a score from 0 to 5."))], choices=scale
        )
        fields[f"comment-{criterion.id}"] = TextAreaField(
            _l("Why this score"),
            [InputRequired(_l("Say why: every score needs a comment.")), Length(max=MAX_TEXT)],
        )
    return type("ScoreForm", (ScoreForm,), fields)
