"""Forms of reviews: one for each side, with a question for each criterion that side rates."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import EditingForm
from portal.reviews.actions.write import LONGEST, LONGEST_ANSWER, SHORTEST
from portal.reviews.models import Review
from portal.reviews.rating import WEIGHTS, Side
from portal.reviews.words import CRITERION_HINTS, CRITERION_NAMES, MARK_NAMES

NOT_APPLICABLE = "none"


class ReviewForm(EditingForm):
    """What both sides are asked; `review_form` adds the criteria of one of them."""

    recommends = RadioField(
        _l("Would you work with them again?"),
        [InputRequired(_l("Choose yes or no."))],
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
    )
    text = TextAreaField(
        _l("What should others know?"),
        [
            InputRequired(_l("Write at least 50 characters: what went well, what did not.")),
            Length(SHORTEST, LONGEST, _l("Write between 50 and 2,000 characters.")),
        ],
        description=_l("50 to 2,000 characters. Write about the work, name no persons and no secrets."),
        render_kw={"rows": 7},
    )
    is_anonymous = BooleanField(_l("Show this review without our company's name"))

    @property
    def criteria(self) -> list[RadioField]:
        """The fields of the criteria, in the order of the side's table."""
        return [field for name, field in self._fields.items() if name in CRITERION_NAMES]

    def scores(self) -> dict[str, int | None]:
        """A mark by criterion, None for not applicable."""
        return {f.name: None if f.data == NOT_APPLICABLE else int(f.data) for f in self.criteria}


@cache
def review_form(side: Side) -> type[ReviewForm]:
    """The form of one side, with the criteria of that side."""
    marks = [SelectChoice(str(mark), name) for mark, name in MARK_NAMES.items()]
    fields = {
        code: RadioField(
            CRITERION_NAMES[code],
            [InputRequired(_l("Choose a mark, or “Not applicable”."))],
            description=CRITERION_HINTS[code],
            choices=[*marks, SelectChoice(NOT_APPLICABLE, _l("Not applicable"))],
        )
        for code in WEIGHTS[side]
    }
    return type(f"ReviewForm_{side.value}", (ReviewForm,), fields)


def form_for(review: Review) -> ReviewForm:
    """The form of a review, filled with what is written of it already."""
    values: dict[str, Any] = {"version": review.version}
    if review.weighted is not None:
        values |= {
            "recommends": "yes" if review.recommends else "no",
            "text": review.text,
            "is_anonymous": review.is_anonymous,
            **_marks(review.scores),
        }
    return review_form(review.side)(data=values)


def _marks(scores: Mapping[str, int | None]) -> dict[str, str]:
    return {code: NOT_APPLICABLE if mark is None else str(mark) for code, mark in scores.items()}


class ReviewAnswerForm(EditingForm):
    """The one public answer."""

    text = TextAreaField(
        _l("Your answer"),
        [InputRequired(_l("Write your answer.")), Length(max=LONGEST_ANSWER)],
        description=_l("Everybody who reads the review reads it. It cannot be changed afterwards."),
        render_kw={"rows": 5},
    )
