"""The component macros and layouts: what they draw from what they are given."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import FileField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from blueprints.shared.look import init_look, plain_errors
from portal.kit.errors import StaleVersion

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def app():
    """The templates with their helpers and nothing else of the portal."""
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.config.update(SECRET_KEY="only for this test", BOOTSTRAP_SERVE_LOCAL=True)
    Babel(app, timezone_selector=lambda: "Europe/London")
    Bootstrap5(app)
    CSRFProtect(app)
    init_look(app)
    app.jinja_env.globals["shared_part"] = str  # what surrounds every page of the portal is not drawn here
    return app


@pytest.fixture
def drawn(app):
    """Draws a template text inside a request."""
    with app.test_request_context():
        yield lambda text, **context: render_template_string(text, **context)


class ExampleForm(FlaskForm):
    """A field of the kinds that differ."""

    submission_id = HiddenField(default="one")
    version = IntegerField(widget=HiddenInput(), default=7)
    title = StringField("Title", [InputRequired()], description="Vendors see it.")
    note = StringField("Note")
    choice = RadioField("Choice", [InputRequired()], choices=[SelectChoice("a", "First"), SelectChoice("b", "Second")])


class FileForm(FlaskForm):
    """A form that needs another encoding."""

    file = FileField("File")


class Tags(HTMLParser):
    """Gathers the tags of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, name):
        return [attrs for tag, attrs in self.found if tag == name]


FORM = '{% from "components/forms.html" import form_tag, field, radio_cards %}{% call form_tag(form) %}'


class TestForm:
    def test_carries_token_submission_and_version(self, drawn):
        tags = Tags(drawn(FORM + "{% endcall %}", form=ExampleForm()))
        hidden = {each["name"]: each.get("value") for each in tags.all("input") if each["type"] == "hidden"}
        assert hidden["submission_id"] == "one"
        assert hidden["version"] == "7"
        assert hidden["csrf_token"]

    def test_with_a_file_is_sent_in_parts(self, drawn):
        assert Tags(drawn(FORM + "{% endcall %}", form=FileForm())).all("form")[0]["enctype"] == "multipart/form-data"

    def test_an_error_is_listed_linked_and_tied_to_its_field(self, drawn):
        form = ExampleForm()
        form.title.errors = ["Name it in a few words."]
        page = drawn(FORM + "{{ field(form.title) }}{% endcall %}", form=form)
        field = next(each for each in Tags(page).all("input") if each.get("id") == "title")
        assert "1 answer needs another look" in page
        assert any(each.get("href") == "#title" for each in Tags(page).all("a"))
        assert field["aria-invalid"] == "true"
        assert field["aria-describedby"] == "title-hint title-error"

    def test_the_same_error_of_two_fields_names_each(self, drawn):
        form = ExampleForm()
        form.title.errors = form.note.errors = ["Write a name."]
        page = drawn(FORM + "{% endcall %}", form=form)
        assert "Title: Write a name." in page and "Note: Write a name." in page

    def test_only_what_may_stay_empty_says_so(self, drawn):
        page = drawn(FORM + "{{ field(form.title) }}{{ field(form.note) }}{% endcall %}", form=ExampleForm())
        assert page.count("optional") == 2  # the class and the word, once

    @pytest.mark.parametrize(("first", "says"), [("de", False), ("", True)])
    def test_a_select_says_so_only_with_an_empty_answer(self, drawn, first, says):
        class Selecting(FlaskForm):
            language = SelectField("Language", choices=[SelectChoice(first, "First"), SelectChoice("en", "English")])

        page = drawn(FORM + "{{ field(form.language) }}{% endcall %}", form=Selecting())
        assert ("optional" in page) is says

    def test_every_choice_has_its_label_and_note(self, drawn):
        page = drawn(
            FORM + "{{ radio_cards(form.choice, notes={'a': 'All go live.'}) }}{% endcall %}", form=ExampleForm()
        )
        ids = {each["id"] for each in Tags(page).all("input") if each["type"] == "radio"}
        assert ids == {each["for"] for each in Tags(page).all("label")}
        assert "All go live." in page

    def test_what_was_typed_is_escaped(self, drawn):
        form = ExampleForm(data={"title": '"><script>'})
        assert "<script>" not in drawn(FORM + "{{ field(form.title) }}{% endcall %}", form=form)

    def test_errors_of_nested_fields_are_flattened(self):
        class Nested:
            errors = [{"rate": ["Above zero."]}, "Both."]

        assert plain_errors(Nested()) == ["Above zero.", "Both."]


class TestStages:
    def test_only_the_current_one_is_marked_as_step(self, drawn):
        states = [
            {"name": name, "state": state, "note": ""}
            for name, state in zip("abcd", ("done", "now", "later", "later"), strict=True)
        ]
        page = drawn('{% from "components/stages.html" import stage_bar %}{{ stage_bar(stages) }}', stages=states)
        assert page.count('aria-current="step"') == 1


class TestKeyFigure:
    def test_with_too_few_answers_is_no_data(self, drawn):
        page = drawn(
            '{% from "components/figures.html" import figure_tile %}'
            '{{ figure_tile("CSAT", "86 %", 12, "Survey", needs=30) }}'
        )
        assert "No data (n = 12, needs 30)" in page
        assert "86 %" not in page


class TestComparison:
    def test_an_excluded_option_never_gets_the_word_of_the_best(self, drawn):
        page = drawn(
            '{% from "components/comparison.html" import option_cell %}'
            '{{ option_cell("1", best="Lowest", excluded=True) }}'
        )
        assert "Lowest" not in page


class TestFlashes:
    def test_failures_are_alerts_and_successes_leave(self, drawn):
        flash("Saved.", "success")
        flash("Not saved.", "error")
        page = drawn('{% include "layouts/parts/flashes.html" %}')
        roles = [each["role"] for each in Tags(page).all("div") if each.get("role")]
        assert roles == ["status", "alert"]
        assert page.count("data-leaves") == 1


class TestErrorPages:
    @pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
    def test_say_what_happened_under_one_heading(self, app, status):
        error = StaleVersion(mine="my text", theirs="their text")
        with app.test_request_context():
            page = render_template(f"errors/{status}.html", error=error, reference="r-1")
        assert len(Tags(page).all("h1")) == 1
        assert str(error.message) in page
        assert "r-1" in page

    def test_of_a_conflict_keeps_both_texts(self, app):
        with app.test_request_context():
            page = render_template("errors/409.html", error=StaleVersion(mine="my words", theirs="their words"))
        assert "<ins>my</ins> words" in page
        assert "<del>their</del> words" in page


class TestEveryTemplate:
    @pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.stem)
    def test_keeps_the_content_policy_and_its_length(self, path):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son(click|submit|change|load|input)=|javascript:", text), (
            f"{path}: use classes"
        )
        assert len(text.splitlines()) < 200, f"{path}: split it by subject"
