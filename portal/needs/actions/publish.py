"""Publishing a requirement: from here on it, its criteria and its forecasts change only by a next version."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.needs import policy, signals
from portal.needs.actions import scenarios
from portal.needs.actions.versions import store_version
from portal.needs.completeness import Gap, gaps
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.planning import Unplannable
from portal.needs.queries import approval_is_needed, channels_of, criteria_of, locked, staffing_inputs_of
from portal.needs.states import REQUIREMENT_MOVES, RequirementState, Step, VersionKind
from portal.pricing.values import Scenario

NEEDS_APPROVAL = _l("In your company another person approves a requirement before it is published: ask for the review.")


class Incomplete(Invalid):
    """A requirement that cannot be priced or bid on yet; `gaps` says what is missing and in which step."""

    def __init__(self, found: list[Gap]) -> None:
        self.gaps = found
        sentences = " ".join(str(gap.sentence) for gap in found)
        super().__init__(_l("This cannot be published yet. %(what)s", what=sentences))


def publish_requirement(actor: Actor, requirement: Requirement, *, version: int) -> Requirement:
    """Show the requirement to all vendors and fix what they bid on: texts, criteria and the scenarios.

    Raises Incomplete naming everything missing, Conflict where it was published or ended already, or where the
    company wants it approved by another person first.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_publish(actor, found):
        raise Conflict
    if approval_is_needed(actor):
        raise Conflict(NEEDS_APPROVAL)
    return make_public(actor, found)


def make_public(actor: Actor, found: Requirement) -> Requirement:
    """What publication does to a locked requirement, once it is known that the actor may. Raises Incomplete."""
    if not accounts.company(found.buyer_id).is_open:
        raise Forbidden(_l("Your company cannot begin anything new at the moment."))
    check_complete(found)
    inputs = staffing_inputs_of(actor, found)
    scenarios.freeze(found, scenarios_of(found, channels_of(found), inputs))
    states.move(found, RequirementState.PUBLISHED, REQUIREMENT_MOVES, clock.instant())
    found.version_number = 1
    db.session.flush()
    version = store_version(actor, found, VersionKind.PUBLISHED)
    after = {"number": found.number, "staffing": inputs, "sha256": version.sha256}
    audit.record(actor, "needs:requirement:publish", found, after=after)
    signals.published.send(found, actor=actor)
    return found


def check_complete(found: Requirement) -> None:
    """Refuse a requirement that lacks something. Raises Incomplete."""
    missing = gaps(found, channels_of(found), criteria_of(found), clock.instant())
    if missing:
        raise Incomplete(missing)


def scenarios_of(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: dict[str, object]
) -> tuple[Scenario, ...]:
    """The scenarios a publication would freeze. Raises Incomplete where they cannot be worked out."""
    try:
        return scenarios.planned(requirement, channels, inputs)
    except Unplannable as error:
        raise Incomplete([Gap(Step.CHANNELS, error.message)]) from error
