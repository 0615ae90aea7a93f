"""What the people of the journeys write into the forms: one buyer, two vendors, one piece of work.

The journey by HTTP and the one in a browser tell the same story, so that what differs between them is the browser.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.needs.forecast import months_later
from tests.factories.accounts import PASSWORD

ZONE = ZoneInfo("Europe/London")
TITLE = "Order and returns support"
SERVICE = "Retail after-sales, phone and e-mail"


@dataclass(frozen=True)
class Sign:
    """Somebody who signs a company up."""

    kind: str
    company: str
    name: str
    email: str

    @property
    def form(self) -> dict[str, str]:
        """The sign-up form."""
        return {
            "kind": self.kind,
            "company": self.company,
            "country": "GB",
            "timezone": "Europe/London",
            "currency": "GBP",
            "name": self.name,
            "email": self.email,
            "password": PASSWORD,
        }

    @property
    def details(self) -> dict[str, str]:
        """The form of the company's own details."""
        return {
            "legal_name": f"{self.company} Ltd",
            "vat_id": "GB123456789",
            "address": "1 Harbour Street\nLondon E1 1AA",
            "billing_email": self.email,
        }


BUYER = Sign("buyer", "Harbour Retail", "Hana Moor", "hana@harbour.test")
WINNER = Sign("vendor", "Northlight Care", "Nils Berg", "nils@northlight.test")
LOSER = Sign("vendor", "Clearline Contact", "Cleo Park", "cleo@clearline.test")

RATE_CARD = {
    "name": "Retail 2027",
    "card-operating-0-description": "Calls",
    "card-operating-0-code": "CALL",
    "card-operating-0-unit": "contact",
    "card-operating-0-rate": "2.40",
    "card-operating-0-channels": ["phone"],
    "card-one_time-0-note": "Connect phone and order systems",
    "card-one_time-0-code": "CONNECT",
    "card-one_time-0-category": "integration",
    "card-one_time-0-qty": "1",
    "card-one_time-0-rate": "2500",
    "card-extra-0-trigger_text": "A campaign that doubles the calls",
    "card-extra-0-code": "SURGE",
    "card-extra-0-category": "emergency_surge",
    "card-extra-0-qty": "20",
    "card-extra-0-rate": "26",
    "card-extra-0-months": "6",
}
SECOND_LINE = {
    "card-operating-1-description": "E-mails",
    "card-operating-1-code": "MAIL",
    "card-operating-1-unit": "contact",
    "card-operating-1-rate": "1.85",
    "card-operating-1-channels": ["email"],
}
FLAT_CARD = {
    "card-operating-0-description": "Everything, each month",
    "card-operating-0-code": "ALL",
    "card-operating-0-unit": "month",
    "card-operating-0-rate": "21000",
}
PROFILE: dict[str, dict[str, str]] = {
    "about": {
        "headline": "Calm voices for busy shops",
        "description": "We answer shoppers for online retailers from two sites.",
        "founded": "2011",
    },
    "size": {"agents": "240", "seats_free": "35"},
    "languages": {"languages-0-code": "en", "languages-0-level": "native"},
}
"""What the vendor fills in, by section."""
SERVICE_FORM: dict[str, Any] = {
    "title": SERVICE,
    "summary": "Orders, returns and refunds for online shops.",
    "description": "A team of its own for each client, one team leader for twelve, eight quality checks a month.",
    "channels": ["phone", "email"],
    "modes": ["full", "partial"],
    "industries": ["retail"],
    "languages-0-code": "en",
    "languages-0-level": "native",
    "around_the_clock": True,
    "minimum_agents": "10",
    "minimum_months": "6",
    "lead_days": "45",
}
ANSWERS = "We have done this for four shops of this size; the plan and the names of the team are attached."
COMMENT = "Complete, and proven by two references."


class Dates:
    """The days of the story, counted from the day it is told."""

    def __init__(self, told: datetime, *, open_days: int = 21) -> None:
        self.told = told
        self.deadline = (told + timedelta(days=open_days)).astimezone(ZONE).replace(hour=17, minute=0, second=0)
        self.start: date = months_later(told.astimezone(ZONE).date().replace(day=1), 3)

    def on_start(self) -> datetime:
        """The morning on which the service goes live."""
        return datetime(self.start.year, self.start.month, self.start.day, 9, tzinfo=ZONE)

    @property
    def month(self) -> date:
        """The first month of the service."""
        return self.start

    def after_month(self) -> datetime:
        """When the first month can be reported: the seventh of the next."""
        following = months_later(self.month, 1)
        return datetime(following.year, following.month, 7, 10, tzinfo=ZONE)

    def review_time(self) -> datetime:
        """A day after the review window opened."""
        return self.on_start() + timedelta(days=91)

    def goals(self, mode: str) -> dict[str, Any]:
        """The first step of the requirement."""
        return {
            "summary": "Answer orders, deliveries and returns of our shop by phone and e-mail.",
            "goals": ["quality", "cost"],
            "industry": "retail",
            "service_types": ["enquiry", "after_sales"],
            "country": "GB",
        } | ({"split_rule": "by_hours", "retained": "Mornings stay with our own team."} if mode == "partial" else {})

    @property
    def channels(self) -> dict[str, Any]:
        """The second step."""
        return {
            "phone_on": True,
            "phone_average": "5000",
            "phone_aht_s": "240",
            "phone_measured": "measured",
            "email_on": True,
            "email_average": "1500",
            "email_aht_s": "360",
            "email_measured": "estimated",
        }

    @property
    def languages(self) -> dict[str, Any]:
        """The third step."""
        hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00–20:00")
        spoken = {"language_1": "en", "level_1": "C1", "share_1": "100"}
        return {"timezone": "Europe/London", **spoken, **hours}

    @property
    def targets(self) -> dict[str, Any]:
        """The fourth step."""
        return {
            "phone_metric": "SL",
            "phone_value": "80",
            "phone_minimum": "70",
            "phone_seconds": "20",
            "email_metric": "FRT",
            "email_value": "90",
            "email_minimum": "80",
            "email_seconds": "14400",
        }

    @property
    def money(self) -> dict[str, Any]:
        """The fifth step."""
        return {
            "start_on": self.start.isoformat(),
            "term_months": "12",
            "currency": "GBP",
            "validity_days": "60",
            "budget_total": "250000",
            "budget_month": "20000",
            "inhouse_month": "23400",
        }

    @property
    def deadline_form(self) -> dict[str, Any]:
        """The sixth step."""
        return {
            "deadline_date": self.deadline.date().isoformat(),
            "deadline_time": "17:00",
            "deadline_zone": "Europe/London",
            "min_bids": "2",
        }


DIVISION = {"vendor_from": "12:00", "vendor_until": "20:00"}
"""The afternoons go to the vendor of a partial outsourcing."""

MONTH = {
    "phone-offered": "5000",
    "phone-answered": "4800",
    "phone-handled": "4800",
    "phone-abandoned": "200",
    "phone-abandoned_in_T": "50",
    "phone-ans_in_T": "4300",
    "phone-talk_s": "960000",
    "phone-hold_s": "96000",
    "phone-acw_s": "96000",
    "phone-wait_answered_s": "57600",
    "email-handled": "1500",
    "email-talk_s": "540000",
    "email-hold_s": "0",
    "email-acw_s": "45000",
    "email-due_frt": "1500",
    "email-within_frt": "1420",
}
BUYER_REVIEW = "They learned our catalogue in two weeks and kept every promise about hours and quality since."
VENDOR_REVIEW = "Clear forecasts, quick answers and invoices paid on the day: a client we would choose again."

# What must be found afterwards: a kind of evidence for each binding act, an audit entry for each step.
EVIDENCE = frozenset(
    "activation award award_accepted change_order closing go_live milestone opening published signature".split()
)
ACTS = frozenset(
    """
    billing:account:ask billing:account:check billing:account:connect billing:account:open
    accounts:company:create accounts:company:edit_details accounts:session:open agreements:agreement:activate
    agreements:agreement:draft agreements:agreement:go_live agreements:change_order:accept
    agreements:change_order:propose agreements:version:offer billing:charge:raise billing:invoice:draft
    billing:invoice:issue billing:invoice:receive billing:payment:move billing:payment:start
    billing:receipt:approve billing:receipt:book billing:receipt:record billing:schedule:open
    billing:schedule:start catalog:profile:save catalog:service:approve catalog:service:draft
    catalog:service:submit implementation:milestone:accept implementation:milestone:submit
    implementation:plan:make moderation:case:assign moderation:case:decide moderation:case:open
    monitoring:period:agree monitoring:period:report monitoring:period:save monitoring:survey:open
    needs:requirement:draft needs:requirement:publish needs:requirement:save_step pricing:rate_card:activate
    pricing:rate_card:publish
    pricing:rate_card:save reviews:review:write reviews:window:open reviews:window:plan reviews:window:settle
    selection:award:accept selection:award:make selection:bid:answer selection:bid:draft selection:bid:price
    selection:bid:score selection:bid:submit selection:requirement:award selection:requirement:close
    selection:requirement:open signing:document:sign
    """.split()
)
