"""The style page: every component on one page, with made-up figures. Registered in development only."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.shared.badges import BADGES
from blueprints.shared.formatting import number, signed
from blueprints.shared.routes import Routes, open_to_all
from portal.kit import charts

routes = Routes()

CALLS = (31, 44, 62, 81, 98, 112, 118, 110, 104, 93, 80, 74, 76, 82, 88, 96, 93, 84, 71, 60, 49, 38, 29, 20)
AGENTS = (7, 9, 12, 15, 18, 20, 21, 20, 19, 17, 15, 14, 14, 15, 16, 18, 17, 15, 14, 12, 10, 8, 7, 5)
RESOLVED = ("78.2", "77.5", "79.1", "78.8", "77.9", "78.4", "79.3", "78.0", "77.6", "78.9", "78.5", "74.1")
MONTHS = ("Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")


class ExampleForm(FlaskForm):  # type: ignore[misc]
    """One field of every kind."""

    submission_id = HiddenField(default="example")
    title = StringField("Title", [InputRequired()], description="Vendors see this first.")
    deadline = StringField("Bid deadline", [InputRequired()], description="Times are Europe/London.")
    calls = IntegerField("Calls a day", [InputRequired()])
    handle = IntegerField("Handle time", [InputRequired()])
    rate = DecimalField("Highest hourly rate")
    language = SelectField(
        "Language", [InputRequired()], choices=[SelectChoice("de", "German"), SelectChoice("en", "English")]
    )
    channels = SelectMultipleField(
        "Channels",
        choices=[SelectChoice("phone", "Phone"), SelectChoice("email", "E-mail"), SelectChoice("chat", "Live chat")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    decision = RadioField(
        "Your decision",
        [InputRequired()],
        choices=[
            SelectChoice("publish", "Publish version 7"),
            SelectChoice("ask", "Ask for changes"),
            SelectChoice("reject", "Reject"),
        ],
    )
    reason = TextAreaField("Reason, sent to the vendor")
    file = FileField("Call records", description="CSV, up to 10 MB.")
    agreed = BooleanField("I have read the terms")


def example() -> dict[str, Any]:
    """What the style page shows."""
    form = ExampleForm(
        formdata=None,
        data={
            "title": "Order, delivery and returns support",
            "calls": 1792,
            "handle": 252,
            "rate": Decimal("22.00"),
            "channels": ["phone"],
            "decision": "ask",
        },
    )
    form.deadline.data = "13 May 2026"
    form.deadline.errors = ["Choose 16 May 2026 or later."]
    form.language.errors = ["Language shares must add up to 100 %; they add up to 95 %."]
    return {"form": form, "badges": BADGES, "charts": drawings(), "now": datetime(2026, 6, 2, 16, 5, tzinfo=UTC)}


def drawings() -> dict[str, charts.Chart]:
    """One chart of every kind."""
    return _bars_drawn() | _shares_drawn() | _lines_drawn()


def _bars_drawn() -> dict[str, charts.Chart]:
    hours = _half_hours()
    operating = [0, 60, 80, *([100] * 22)]
    extra = [0, 0, 0, 31, 31, *([0] * 12), 31, *([0] * 7)]
    cost = (
        charts.Series("one_time", _("One-time"), [48, *([0] * 24)]),
        charts.Series("operating", _("Operating"), operating),
        charts.Series("extra", _("Extra"), extra),
    )
    two = (charts.Series("compare", _("Before"), [72, 41]), charts.Series("operating", _("After"), [86, 55]))
    calls = "Calls offered per half hour on a normal Tuesday, peak 118 at 11:00."
    return {
        "calls": charts.columns(hours, CALLS, label=calls, first="Half hour", name="Calls", peak="Peak", write=number),
        "cost": charts.stacked_columns(
            [str(month) for month in range(25)],
            cost,
            label="Cost per month in thousand pounds.",
            first="Month",
            target=131,
            target_name="In-house £131k",
            write=number,
        ),
        "groups": charts.grouped_bars(
            ["Satisfaction", "Resolved first"], two, label="Before and after.", first="Measure", write=number
        ),
    }


def _shares_drawn() -> dict[str, charts.Chart]:
    weights = [
        ("Price 27 instead of 30", Decimal("1.09")),
        ("Price 30, as agreed", Decimal("0.47")),
        ("Price 33 instead of 30", Decimal("-0.15")),
    ]
    parts = [("one_time", "One-time", 48700), ("operating", "Operating", 2412252), ("extra", "Extra", 117056)]
    return {
        "share": charts.share_bar(
            parts, label="93.6 % of the cost is operating.", first="Class", name="GBP", write=number
        ),
        "lead": charts.difference_bars(
            weights,
            label="Lead of Kestrelway over Vellaro when a weight moves.",
            first="Weight",
            name="Lead",
            left="Vellaro leads",
            right="Kestrelway leads",
            write=lambda value: signed(value, 2),
        ),
    }


def _lines_drawn() -> dict[str, charts.Chart]:
    resolved = [Decimal(value) for value in RESOLVED]
    limits = charts.Limits(
        Decimal("78.38"),
        Decimal("76.17"),
        Decimal("80.59"),
        "Mean 78.38 %",
        "Lower limit 76.17 %",
        "Upper limit 80.59 %",
    )
    agents = "Agents needed on the queue, at most 21 at 11:00."
    return {
        "agents": charts.steps(_half_hours(), AGENTS, label=agents, first="Half hour", name="Agents", write=number),
        "control": charts.control_chart(
            MONTHS,
            resolved,
            limits,
            label="First contact resolution by month.",
            first="Month",
            name="Resolved first, %",
            target=75,
            target_name="Agreed target ≥ 75 %",
            signals={11: "74.1 % · below the limit"},
            write=number,
        ),
        "spark": charts.sparkline(resolved, label="Resolved first, the last 12 months.", target=75, missed=True),
        "line": charts.line(
            MONTHS,
            resolved,
            label="Resolved first by month.",
            first="Month",
            name="Resolved first, %",
            target=75,
            target_name="Target 75",
            counts=[700 + 11 * month for month in range(12)],
            write=number,
        ),
    }


def _half_hours() -> list[str]:
    return [f"{8 + i // 2:02d}:{30 * (i % 2):02d}" for i in range(len(CALLS))]


@routes.get("/look")
@open_to_all
def look() -> str:
    """Every component on one page."""
    return render_template("public/look/components.html", **example())
