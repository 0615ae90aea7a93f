"""The end customer's survey: one question, a comment, no account."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import PortalForm, form_page, submitted
from blueprints.shared.limits import limiter
from blueprints.shared.routes import Routes, open_to_all
from portal.monitoring.actions.surveys import MAX_COMMENT, answer_survey, asked

routes = Routes()
ANSWERS_PER_ADDRESS = "20 per hour"
SCORE_NAMES = (
    (5, _l("Very satisfied")),
    (4, _l("Satisfied")),
    (3, _l("Neither")),
    (2, _l("Dissatisfied")),
    (1, _l("Very dissatisfied")),
)


class SurveyAnswerForm(PortalForm):
    """One answer."""

    score = RadioField(
        _l("How satisfied are you with how you were helped?"),
        [InputRequired(_l("Choose one of the five answers."))],
        choices=[SelectChoice(str(score), name) for score, name in SCORE_NAMES],
    )
    comment = TextAreaField(
        _l("What should we know?"),
        [Length(max=MAX_COMMENT, message=_l("Shorten your comment a little."))],
        description=_l("Please leave out names and numbers; we hide those we find."),
        render_kw={"rows": 4},
    )


@routes.form("/s/<token>")
@open_to_all
@limiter.limit(ANSWERS_PER_ADDRESS, methods=["POST"])
def answer(token: str) -> Any:
    """Ask, and take the answer."""
    survey = asked(token)
    form = SurveyAnswerForm()

    def action() -> bool:
        answer_survey(token, score=int(form.score.data), comment=form.comment.data or "", language=str(get_locale()))
        return True

    if submitted(form, action):
        return redirect(url_for("public.thank", token=token))
    return form_page("public/survey/answer.html", form, survey=survey)


@routes.get("/s/<token>/thanks")
@open_to_all
def thank(token: str) -> str:
    """Say thank you."""
    return render_template("public/survey/thanks.html", survey=asked(token))
