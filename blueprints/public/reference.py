"""The page of a customer who is asked whether what a vendor says about them is true: one link, one answer."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import PortalForm, form_page, submitted
from blueprints.shared.limits import limiter
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog.actions.references import MAX_COMMENT, answer_reference
from portal.catalog.profile_queries import shown_by_link
from portal.catalog.states import ReferenceState
from portal.kit.errors import NotFound
from portal.measures.words import INDUSTRY_NAMES

routes = Routes()
LOOKS_PER_ADDRESS, ANSWERS_PER_ADDRESS = "120 per hour", "20 per hour"


class ReferenceAnswerForm(PortalForm):
    """The one answer."""

    verdict = RadioField(
        _l("Is this true?"),
        [InputRequired(_l("Choose one of the two answers."))],
        choices=[
            SelectChoice(ReferenceState.CONFIRMED.value, _l("Yes, I confirm it")),
            SelectChoice(ReferenceState.DECLINED.value, _l("No, I do not confirm it")),
        ],
    )
    comment = TextAreaField(
        _l("Comment"),
        [Length(max=MAX_COMMENT, message=_l("Shorten your comment a little."))],
        description=_l("The vendor reads it and may show it beside the reference, in your words only."),
        render_kw={"rows": 4},
    )


@routes.form("/r/<token>")
@open_to_all
@limiter.limit(LOOKS_PER_ADDRESS, methods=["GET"])
@limiter.limit(ANSWERS_PER_ADDRESS, methods=["POST"])
def answer_reference_link(token: str) -> Any:
    """Show what is said, and take the answer."""
    try:
        shown = shown_by_link(token)
    except NotFound:
        return render_template("public/reference/closed.html", state="unknown"), 404
    if shown.state != "open":
        return render_template("public/reference/closed.html", state=shown.state, shown=shown), 410
    form = ReferenceAnswerForm()

    def answer() -> bool:
        answer_reference(token, verdict=form.verdict.data, comment=form.comment.data or "")
        return True

    if submitted(form, answer):
        return redirect(url_for("public.thank_for_reference", token=token))
    return form_page("public/reference/answer.html", form, shown=shown, industries=INDUSTRY_NAMES)


@routes.get("/r/<token>/thanks")
@open_to_all
def thank_for_reference(token: str) -> Any:
    """Say thank you, and what happens with the answer."""
    shown = shown_by_link(token)
    if shown.verdict is None:
        return redirect(url_for("public.answer_reference_link", token=token))
    return render_template("public/reference/thanks.html", shown=shown)
