"""The form of a question and its answer, in every language side by side."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.shared.context import LANGUAGES
from blueprints.shared.forms import EditingForm
from blueprints.shared.help_words import TOPIC_NAMES
from portal.help.actions import MAX_ANSWER, MAX_QUESTION, Wording
from portal.help.models import HelpQuestion
from portal.help.states import Topic

LAST_PLACE = 99_999


class QuestionForm(EditingForm):
    """A question: where it stands, and its words in each language."""

    topic = SelectField(_l("Topic"), choices=[SelectChoice(topic.value, name) for topic, name in TOPIC_NAMES.items()])
    position = IntegerField(
        _l("Place"),
        [
            InputRequired(_l("Write a number: the lowest stands first.")),
            NumberRange(0, LAST_PLACE, _l("Write a whole number from 0 to 99999.")),
        ],
        description=_l("The lowest stands first. Steps of ten leave room between two questions."),
        default=100,
    )

    def words(self, language: str) -> tuple[Any, Any]:
        """The two fields of a language."""
        return self[f"question_{language}"], self[f"answer_{language}"]

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        fields = {language: self.words(language) for language in LANGUAGES}
        return {
            "topic": Topic(self.topic.data),
            "position": self.position.data,
            "wordings": {
                language: Wording(question.data or "", answer.data or "")
                for language, (question, answer) in fields.items()
            },
        }


for _language, _name in LANGUAGES.items():
    setattr(
        QuestionForm,
        f"question_{_language}",
        StringField(
            _l("Question in %(language)s", language=_name),
            [Length(max=MAX_QUESTION, message=_l("Shorten the question a little."))],
        ),
    )
    setattr(
        QuestionForm,
        f"answer_{_language}",
        TextAreaField(
            _l("Answer in %(language)s", language=_name),
            [Length(max=MAX_ANSWER, message=_l("Shorten the answer a little."))],
            render_kw={"rows": 12},
        ),
    )


def filled_from(question: HelpQuestion) -> QuestionForm:
    """The form as a question stands."""
    data: dict[str, Any] = {"topic": question.topic, "position": question.position, "version": question.version}
    for text in question.texts:
        data |= {f"question_{text.language}": text.question, f"answer_{text.language}": text.answer}
    return QuestionForm(data=data)
