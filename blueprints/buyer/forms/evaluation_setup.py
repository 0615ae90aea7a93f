"""The form of step 7: criteria with their scales, must-haves, and the rules of the ranking.

Rows left empty are not answers: a list always ends with empty rows, and emptying one takes it away.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from blueprints.shared.fields import AmountField
from blueprints.shared.forms import EditingForm
from blueprints.shared.needed import Needed
from blueprints.shared.rate_card_form import choices
from portal.kit.errors import Invalid
from portal.needs.actions.step_criteria import MAX_ANCHOR
from portal.needs.actions.step_evaluation import MAX_EVIDENCE, MAX_KNOCK_OUTS, MAX_TITLE
from portal.needs.criteria import SCORES, USUAL_KNOCK_OUTS, scale_of
from portal.needs.evaluation import Choices
from portal.needs.evaluation_words import BASIS_NAMES, BASIS_SENTENCES
from portal.needs.models import Criterion, KnockOut
from portal.needs.states import CriterionKind
from portal.pricing.formula_words import FORMULA_NAMES, FORMULA_SENTENCES, TIE_NAMES

SPARE_CRITERIA, SPARE_KNOCK_OUTS = 1, 2
KINDS = {CriterionKind.QUALITY: _l("Scored by people"), CriterionKind.PRICE: _l("Price, by formula")}
CRITERION = ("code", "title", "description", "weight", "kind", "minimum")


class CriteriaForm(EditingForm):
    """Step 7: what bids are judged by, must meet, and how they are ranked."""

    formula = RadioField(_l("How the price counts"), choices=choices(FORMULA_NAMES))
    tie_rule = RadioField(_l("When bids are level"), choices=choices(TIE_NAMES))
    price_basis = RadioField(_l("Which price counts"), choices=choices(BASIS_NAMES))
    quality_minimum = IntegerField(
        _l("Least quality of all"),
        [Optional()],
        description=_l("A bid with a smaller share of all quality points is out of the ranking. Empty: no such limit."),
    )
    two_envelopes = BooleanField(
        _l("Open the prices after quality is scored"),
        description=_l(
            "Two envelopes: evaluators score without knowing a price, and prices of bids below a minimum"
            " are never opened."
        ),
    )
    pseudonyms = BooleanField(
        _l("Hide the bidders' names until quality is scored"),
        description=_l("Evaluators meet bidders under numbers drawn by lot."),
    )
    consensus = BooleanField(
        _l("Seek a consensus where scores are two or more apart"),
        description=_l("Such criteria are marked, so that the evaluators talk before the award."),
    )

    formula_notes, basis_notes = FORMULA_SENTENCES, BASIS_SENTENCES

    @property
    def usual(self) -> list[Any]:
        """The usual must-haves that can be taken over."""
        return [self[f"usual_{number}"] for number in self.numbers("usual_")]

    def numbers(self, prefix: str) -> list[int]:
        """The numbers of the rows whose fields begin with `prefix`."""
        return [
            int(name.removeprefix(prefix))
            for name in self._fields
            if name.startswith(prefix) and name.removeprefix(prefix).isdecimal()
        ]

    @property
    def positions(self) -> list[int]:
        """The numbers of the criteria."""
        return self.numbers("title_")

    @property
    def knock_outs(self) -> list[int]:
        """The numbers of the must-haves."""
        return self.numbers("knock_title_")

    def anchors(self, position: int) -> list[Any]:
        """The six fields of a criterion's scale."""
        return [self[f"anchor_{position}_{score}"] for score in SCORES]

    def answers(self) -> dict[str, Any]:
        """The criteria with a name or a weight and the must-haves, in their order, and the rules."""
        return {
            "criteria": [self._criterion(position) for position in self._used_criteria()],
            "knock_outs": [self._knock_out(position) for position in self._used_knock_outs()] + self._usual(),
            "rules": {
                name: self[name].data
                for name in (
                    "formula",
                    "tie_rule",
                    "price_basis",
                    "quality_minimum",
                    "two_envelopes",
                    "pseudonyms",
                    "consensus",
                )
            }
            | {"budget_minor": self.budget.data, "floor_minor": self.floor.data},
        }

    def put_error(self, error: Invalid) -> None:
        """Show a refusal at its field. It names a row by its place among those used; the form has empty ones too."""
        prefix, number, rest = _numbered(error.field or "")
        used = self._used_knock_outs() if prefix.startswith("knock_") else self._used_criteria()
        if number and number <= len(used):
            error.field = f"{prefix}{used[number - 1]}{rest}"
        elif number and prefix.startswith("knock_"):
            error.field = f"usual_{self._ticked()[number - 1 - len(used)]}"
        super().put_error(error)

    def _used_criteria(self) -> list[int]:
        return [n for n in self.positions if self[f"title_{n}"].data or self[f"weight_{n}"].data]

    def _used_knock_outs(self) -> list[int]:
        return [n for n in self.knock_outs if self[f"knock_title_{n}"].data or self[f"knock_evidence_{n}"].data]

    def _criterion(self, position: int) -> dict[str, Any]:
        row = {key: self[f"{key}_{position}"].data for key in CRITERION}
        minimum = row["minimum"]
        return row | {
            "minimum": None if minimum in (None, "") else int(minimum),
            "anchors": [field.data or "" for field in self.anchors(position)],
        }

    def _knock_out(self, position: int) -> dict[str, Any]:
        return {key: self[f"knock_{key}_{position}"].data for key in ("title", "evidence")}

    def _ticked(self) -> list[int]:
        return [number for number in self.numbers("usual_") if self[f"usual_{number}"].data]

    def _usual(self) -> list[dict[str, Any]]:
        """The usual must-haves that were ticked."""
        chosen = [USUAL_KNOCK_OUTS[number - 1] for number in self._ticked()]
        return [{"title": str(title), "evidence": str(evidence)} for title, evidence in chosen]


def criteria_form(
    rows: Sequence[Criterion], knock_outs: Sequence[KnockOut], rules: Choices, currency: str
) -> tuple[type[EditingForm], dict[str, Any]]:
    """The form of step 7, reading amounts in `currency`, and what it is filled with."""
    fields: dict[str, Any] = {}
    filled = rules.to_document() | {"budget": rules.budget_minor, "floor": rules.floor_minor}
    for position in range(1, len(rows) + SPARE_CRITERIA + 1):
        fields |= _criterion_fields(position)
    for position, row in enumerate(rows, start=1):
        filled |= {f"{key}_{position}": getattr(row, key) for key in CRITERION}
        filled[f"minimum_{position}"] = "" if row.minimum is None else str(row.minimum)
    for position in range(1, len(rows) + SPARE_CRITERIA + 1):
        scale = scale_of(rows[position - 1] if position <= len(rows) else None)
        filled |= {f"anchor_{position}_{score}": str(words) for score, words in enumerate(scale)}
    for position in range(1, min(len(knock_outs) + SPARE_KNOCK_OUTS, MAX_KNOCK_OUTS) + 1):
        fields[f"knock_title_{position}"] = StringField(_l("A bid must have"), [Optional(), Length(max=MAX_TITLE)])
        fields[f"knock_evidence_{position}"] = StringField(_l("Proof"), [Optional(), Length(max=MAX_EVIDENCE)])
    for position, knock_out in enumerate(knock_outs, start=1):
        filled |= {f"knock_{key}_{position}": getattr(knock_out, key) for key in ("title", "evidence")}
    taken = {one.title for one in knock_outs}
    for number, (title, evidence) in enumerate(USUAL_KNOCK_OUTS, start=1):
        if str(title) not in taken:
            fields[f"usual_{number}"] = BooleanField(title, description=evidence)
    fields["budget"] = AmountField(_l("The price that gets no points"), [Optional()], currency=currency)
    fields["floor"] = AmountField(_l("The price that gets all points"), [Optional()], currency=currency)
    return type(CriteriaForm.__name__, (CriteriaForm,), fields), filled


def _criterion_fields(position: int) -> dict[str, Any]:
    scores = choices({score: str(score) for score in range(1, 6)}, empty=_l("none"))
    fields: dict[str, Any] = {
        f"code_{position}": HiddenField(),
        f"title_{position}": StringField(_l("Criterion"), [Needed(), Length(max=120)]),
        f"weight_{position}": IntegerField(_l("Weight"), [Needed()]),
        f"kind_{position}": SelectField(_l("Kind"), choices=choices(KINDS)),
        f"minimum_{position}": SelectField(_l("Least score"), choices=scores),
        f"description_{position}": StringField(_l("What it looks at"), [Optional(), Length(max=1000)]),
    }
    for score in SCORES:
        # The label is written by the template: the score.
        fields[f"anchor_{position}_{score}"] = StringField("", [Optional(), Length(max=MAX_ANCHOR)])
    return fields


def _numbered(name: str) -> tuple[str, int, str]:
    """The name of a row's field taken apart: ``anchor_2_5`` is ``anchor_``, 2 and ``_5``; 0 where it is no row's."""
    parts = name.split("_")
    for at, part in enumerate(parts):
        if part.isdecimal():
            prefix, rest = "_".join(parts[:at]) + "_", "".join(f"_{one}" for one in parts[at + 1 :])
            return prefix, int(part), rest
    return name, 0, ""
