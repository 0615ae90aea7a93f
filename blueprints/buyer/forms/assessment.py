"""The form of “Should we outsource?”: every answer may wait, so that it can be filled in over several days."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from blueprints.buyer.assessment_words import TRUTHS, WEIGHT_NAMES, WORDS, Words
from blueprints.shared.choices import currency_choices
from blueprints.shared.fields import AmountField, LocalDecimalField
from blueprints.shared.forms import EditingForm
from blueprints.shared.needed import Needed
from blueprints.shared.rate_card_form import choices
from portal.measures.words import CHANNEL_NAMES, MODE_NAMES
from portal.needs.actions.assessments import MAX_NOTE, MAX_TITLE
from portal.needs.assessment import USUAL_WEIGHT, WAYS, Answers, Topic
from portal.needs.figures import AMOUNTS, BOUNDS, USUAL_SYSTEMS, USUAL_TERM, Figures


class AssessmentForm(EditingForm):
    """Title, numbers and answers; the topics' fields are made for each form."""

    title = StringField(_l("Title"), [Needed(), Length(max=MAX_TITLE)])
    requirement_id = SelectField(_l("Belongs to the requirement"), validate_choice=False)
    currency = SelectField(_l("Currency"), choices=currency_choices)
    mode = SelectField(_l("Form of outsourcing"), choices=choices(MODE_NAMES))
    channel = SelectField(
        _l("Most contacts come by"),
        choices=choices(CHANNEL_NAMES),
        description=_l("The others are priced as this one."),
    )
    contacts = IntegerField(_l("Contacts a month"), [Optional()])
    aht_s = IntegerField(_l("Average handle time"), [Optional()])
    agents = LocalDecimalField(_l("Agents, full-time"), [Optional()], decimals=1)
    channels = IntegerField(_l("Channels"), [Optional()], render_kw={"placeholder": "1"})
    languages = IntegerField(_l("Languages"), [Optional()], render_kw={"placeholder": "1"})
    systems = IntegerField(_l("Systems to connect"), [Optional()], render_kw={"placeholder": str(USUAL_SYSTEMS)})
    term_months = IntegerField(_l("Months to look at"), [Optional()], render_kw={"placeholder": str(USUAL_TERM)})
    note = TextAreaField(_l("Notes for yourselves"), [Optional(), Length(max=MAX_NOTE)])

    def questions(self, way: str) -> list[tuple[Topic, Words]]:
        """The topics of one side with their words."""
        return [(topic, WORDS[topic]) for topic in Topic if WAYS[topic] == way]

    def given(self) -> dict[str, Any]:
        """What was said, as `save_assessment` takes it."""
        names = ("title", "note", "currency", "mode", "channel", *BOUNDS, *AMOUNTS)
        found = {name: self._fields[name].data for name in names if name in self._fields}
        answers = {
            topic.value: (self[f"{topic}_truth"].data, int(self[f"{topic}_weight"].data or USUAL_WEIGHT))
            for topic in Topic
        }
        return found | {"answers": answers, "requirement_id": _uuid(self.requirement_id.data)}


def assessment_form(
    title: str,
    figures: Figures,
    answers: Answers,
    *,
    note: str = "",
    currency: str,
    requirement_id: uuid.UUID | None,
    requirements: Sequence[tuple[uuid.UUID, str]],
    version: int | None = None,
) -> AssessmentForm:
    """The form filled with what is known; amounts are read in `currency`."""
    amounts = {
        "own_month": AmountField(_l("What it costs you a month today"), [Optional()], currency=currency),
        "retained_month": AmountField(
            _l("What you would still pay yourselves a month"),
            [Optional()],
            currency=currency,
            description=_l("People who steer the vendor, licences that stay. Left empty: nothing."),
        ),
    }
    fields: dict[str, Any] = dict(amounts)
    filled: dict[str, Any] = {"title": title, "note": note, "version": version}
    for topic in Topic:
        fields[f"{topic}_truth"] = SelectField(
            WORDS[topic].statement, choices=choices(TRUTHS, empty=_l("Not answered"))
        )
        fields[f"{topic}_weight"] = SelectField(
            _l("To us"), choices=[SelectChoice(str(weight), name) for weight, name in WEIGHT_NAMES.items()]
        )
        answer = answers.by_topic.get(topic)
        filled[f"{topic}_truth"] = answer.truth if answer else ""
        filled[f"{topic}_weight"] = str(answer.weight if answer else USUAL_WEIGHT)
    filled |= {name: getattr(figures, name) for name in ("currency", "mode", "channel", "agents", *AMOUNTS)}
    whole = [name for name in BOUNDS if name != "agents"]
    filled |= {name: None if (value := getattr(figures, name)) is None else int(value) for name in whole}
    filled["requirement_id"] = str(requirement_id or "")
    form: AssessmentForm = type("AssessmentForm", (AssessmentForm,), fields)(data=filled)
    form.requirement_id.choices = [SelectChoice("", str(_l("None yet")))] + [
        SelectChoice(str(one), words) for one, words in requirements
    ]
    return form


def _uuid(text: str | None) -> uuid.UUID | None:
    """An id of the list; nonsense is none of them, and is refused as such."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)
