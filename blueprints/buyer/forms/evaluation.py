"""Forms of evaluating bids."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.forms import EditingForm, PortalForm
from blueprints.shared.rate_card_form import choices
from portal.needs.criteria import scale_of
from portal.needs.models import Criterion
from portal.selection.actions.awards import MAX_REASON
from portal.selection.actions.evaluation import MAX_TEXT
from portal.selection.actions.must_haves import MAX_REMARK, Finding
from portal.selection.comparison import MustHave
from portal.selection.words import OUTCOME_NAMES


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


class EndScoringForm(PortalForm):
    """Ending the scoring of bids whose prices or names were held back."""


class MustHavesForm(PortalForm):
    """What was found about a bid's must-haves; the fields are added by `must_haves_form`."""

    def fields_of(self, one: MustHave) -> tuple[Any, Any]:
        """The two fields of one must-have."""
        return self[f"outcome-{one.knock_out.id}"], self[f"remark-{one.knock_out.id}"]

    def findings(self) -> dict[uuid.UUID, Finding]:
        """What was found, by must-have; those nobody looked at are left out."""
        found = {}
        for name in self._fields:
            kind, _, key = name.partition("-")
            if kind == "outcome" and self[name].data:
                found[uuid.UUID(key)] = Finding(self[name].data, self[f"remark-{key}"].data or "")
        return found


def must_haves_form(must_haves: Sequence[MustHave]) -> tuple[type[MustHavesForm], dict[str, Any]]:
    """A form with an outcome and a remark for each must-have, and what it is filled with."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for one in must_haves:
        key = one.knock_out.id
        fields[f"outcome-{key}"] = RadioField(one.knock_out.title, [Optional()], choices=choices(OUTCOME_NAMES))
        fields[f"remark-{key}"] = TextAreaField(_l("In your words"), [Optional(), Length(max=MAX_REMARK)])
        if one.check:
            filled |= {f"outcome-{key}": one.check.outcome, f"remark-{key}": one.check.remark}
    return type("MustHavesForm", (MustHavesForm,), fields), filled
