"""Requirements written by the real verbs, in a transaction of their own.

What comes back is detached from any session: read its columns freely, and give it to verbs, which read it afresh.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.accounts.actor import Actor
from portal.kit import clock, tenancy
from portal.kit.db import Base, db
from portal.needs.actions import draft_requirement, plan_staffing, publish_requirement, save_step
from portal.needs.criteria import DEFAULT
from portal.needs.forecast import months_later
from portal.needs.models import Requirement
from portal.needs.states import Step

WEEK = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def in_scope(actor: Actor, act: Callable[[], Any]) -> Any:
    """Run `act` as `actor` and commit; an ORM row it gives is detached with its columns loaded."""
    with tenancy.scope(actor.scope):
        try:
            result = act()
            if isinstance(result, Base):
                db.session.refresh(result)
                db.session.expunge(result)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    return result


def answers(mode: str = "full", *, now: datetime, **changes: Any) -> dict[Step, dict[str, Any]]:
    """Complete answers for every step. `changes` replace answers of whichever step has them."""
    start = months_later(now.date(), 3)
    end = months_later(start, 3) - timedelta(days=1)
    local = (now + timedelta(days=21)).astimezone(ZoneInfo("Europe/London")).replace(hour=17, minute=0, tzinfo=None)
    found: dict[Step, dict[str, Any]] = {
        Step.GOALS: {
            "title": "Order and returns support",
            "mode": mode,
            "summary": "Answer orders, deliveries and returns by phone and e-mail.",
            "goals": ["quality", "cost"],
            "industry": "retail",
            "service_types": ["enquiry", "after_sales"],
            "country": "GB",
        },
        Step.CHANNELS: {
            "channels": [
                {"channel": "phone", "aht_s": 240, "concurrency": 1, "measured": True, "monthly": ["18000"]},
                {"channel": "email", "aht_s": 360, "concurrency": 1, "measured": False, "monthly": ["6000"]},
            ]
        },
        Step.LANGUAGES: {
            "timezone": "Europe/London",
            "hours": WEEK,
            "is_24x7": False,
            "languages": [
                {"code": "en", "level": "C1", "share": "80"},
                {"code": "de", "level": "B2", "share": "20"},
            ],
        },
        Step.TARGETS: {
            "targets": {
                "phone": {"metric": "SL", "value": "80", "minimum": "70", "seconds": 20},
                "email": {"metric": "FRT", "value": "90", "minimum": "80", "seconds": 14400},
            }
        },
        Step.MONEY: {
            "currency": "GBP",
            "validity_days": 60,
            "start_on": start,
            "term_months": 12,
            "budget_total_minor": 98765432,
            "budget_month_minor": 8230453,
            "inhouse_month_minor": 9114477,
        },
        Step.DEADLINE: {"deadline_local": local, "deadline_zone": "Europe/London", "min_bids": 1},
    }
    if mode == "partial":
        found[Step.GOALS] |= {"split_rule": "by_hours", "retained": "Mornings stay with our own team."}
    if mode == "temporary":
        found[Step.GOALS] |= {
            "start_on": start,
            "end_on": end,
            "wind_down": "Open cases go back to us in the last week.",
            "data_deletion_on": end + timedelta(days=30),
        }
    for step in found.values():
        step |= {name: value for name, value in changes.items() if name in step}
    return found


def judged_by(*must_haves: str, **rules: Any) -> dict[str, Any]:
    """Step 7 with the usual criteria, these must-haves and rules; `minimum` sets the least score of the first."""
    criteria = [one._asdict() | {"title": str(one.title)} for one in DEFAULT]
    criteria[0]["minimum"] = rules.pop("minimum", None)
    proof = [{"title": title, "evidence": "A copy"} for title in must_haves]
    return {"criteria": criteria, "knock_outs": proof, "rules": rules}


AFTERNOONS = {"vendor_from": "12:00", "vendor_until": "20:00"}


def make_requirement(
    actor: Actor,
    mode: str = "full",
    evaluation: dict[str, Any] | None = None,
    *,
    division: dict[str, Any] | None = AFTERNOONS,
    **changes: Any,
) -> Requirement:
    """A complete draft of the actor's company that only waits for publication.

    `evaluation` as of `judged_by`; `division` is of a partial one.
    """

    def write() -> Requirement:
        data = answers(mode, now=clock.now(), **changes)
        if evaluation is not None:
            data[Step.CRITERIA] = evaluation
        requirement = draft_requirement(actor, title=data[Step.GOALS]["title"], mode=mode)
        for step, fields in data.items():
            save_step(actor, requirement, step, fields, version=requirement.version)
        if mode == "partial" and division:
            plan_staffing(actor, requirement, division, version=requirement.version)
        return requirement

    return in_scope(actor, write)


def publish(actor: Actor, requirement: Requirement) -> Requirement:
    """Publish a complete draft."""
    return in_scope(actor, lambda: publish_requirement(actor, requirement, version=requirement.version))


def make_published(actor: Actor, mode: str = "full", **changes: Any) -> Requirement:
    """A requirement that vendors may bid on."""
    return publish(actor, make_requirement(actor, mode, **changes))


def pass_deadline(requirement: Requirement) -> None:
    """Move the portal's clock to just after the deadline."""
    assert requirement.deadline_at is not None
    clock.move_to(requirement.deadline_at + timedelta(seconds=1))


def a_date(text: str) -> date:
    """A date written as 2026-03-31."""
    return date.fromisoformat(text)
