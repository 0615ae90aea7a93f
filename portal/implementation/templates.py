"""The milestones fit for each mode, with owner, working days, what must come first and what acceptance means.

Durations follow published practice for transitions of 20 to 50 agents: 10 to 14 weeks for all of a service, 6 to 8
where the buyer's own team stays, 2 to 4 for a peak.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.implementation.states import Owner
from portal.pricing.values import OneTimeCategory as C

GO_LIVE = "go_live"


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone of a template. `days` are working days after everything in `after` is done.

    One-time fees of the categories in `pays` fall due when it is accepted.
    """

    code: str
    owner: Owner
    days: int
    after: tuple[str, ...] = ()
    pays: tuple[C, ...] = ()


NAMES: dict[str, tuple[Any, Any]] = {
    "kick_off": (
        _l("Kick-off and governance"),
        _l("Both project leads are named, meetings and escalation agreed."),
    ),
    "processes": (_l("Processes documented"), _l("The most frequent contact reasons are documented and signed off.")),
    "knowledge": (_l("Knowledge transfer"), _l("Knowledge base and materials are handed over; trainers pass at 85 %.")),
    "recruitment": (_l("Recruitment"), _l("All agents plus a buffer are hired; language levels are proven.")),
    "integration": (_l("System integration"), _l("Routing, accounts and reports work; all test cases are executed.")),
    "security": (_l("Security and compliance readiness"), _l("The checklist is complete; no high finding is open.")),
    "training": (_l("Training in products and systems"), _l("Each agent attends 95 % and passes at 85 %.")),
    "culture": (
        _l("Training in values, culture and service standards"),
        _l("Every agent has taken the buyer's module on values, tone of voice and service standards."),
    ),
    "split_test": (_l("Split routing tested"), _l("Contacts reach the right team by the agreed rule, also when busy.")),
    "acceptance_test": (_l("User acceptance test"), _l("No critical and at most three minor defects are open.")),
    "go_no_go": (_l("Go or no-go"), _l("All mandatory points are green or waived by both.")),
    "pilot": (_l("Pilot"), _l("Quality reaches 80 % and satisfaction is within five points of its target.")),
    GO_LIVE: (_l("Go-live"), _l("Contacts are routed to the vendor; monthly fees begin.")),
    "hypercare": (_l("Hypercare"), _l("All service targets are met in two weeks running.")),
    "steady_state": (_l("Acceptance and steady state"), _l("Figures, survey and reporting calendar are active.")),
    "wind_down": (
        _l("Wind-down"),
        _l("Knowledge is returned, data erased with a certificate, the last report done."),
    ),
}

_B, _V, _J = Owner.BUYER, Owner.VENDOR, Owner.JOINT
_SET_UP = (C.INTEGRATION, C.EQUIPMENT, C.SETUP)
_PEOPLE = (C.TRAINING_INITIAL, C.RECRUITMENT, C.RAMP)

FULL = (
    Step("kick_off", _J, 3, (), (C.CONTRACT, C.OTHER)),
    Step("processes", _J, 10, ("kick_off",)),
    Step("knowledge", _B, 15, ("kick_off",)),
    Step("recruitment", _V, 20, ("kick_off",)),
    Step("integration", _J, 20, ("kick_off",), _SET_UP),
    Step("security", _V, 15, ("kick_off",)),
    Step("training", _V, 12, ("knowledge", "recruitment", "integration"), _PEOPLE),
    Step("culture", _V, 3, ("knowledge", "recruitment")),
    Step("acceptance_test", _B, 5, ("integration",)),
    Step("go_no_go", _J, 1, ("security", "training", "culture", "acceptance_test", "processes")),
    Step("pilot", _V, 10, ("go_no_go",)),
    Step(GO_LIVE, _V, 1, ("pilot",), (C.WIND_DOWN,)),
    Step("hypercare", _V, 20, (GO_LIVE,)),
    Step("steady_state", _V, 1, ("hypercare",)),
)
PARTIAL = (
    Step("kick_off", _J, 3, (), (C.CONTRACT, C.OTHER)),
    Step("knowledge", _B, 10, ("kick_off",)),
    Step("integration", _J, 10, ("kick_off",), _SET_UP),
    Step("security", _V, 10, ("kick_off",)),
    Step("training", _V, 8, ("knowledge", "integration"), _PEOPLE),
    Step("culture", _V, 2, ("knowledge",)),
    Step("split_test", _J, 3, ("integration",)),
    Step("go_no_go", _J, 1, ("security", "training", "culture", "split_test")),
    Step(GO_LIVE, _V, 1, ("go_no_go",), (C.WIND_DOWN,)),
    Step("steady_state", _V, 10, (GO_LIVE,)),
)
TEMPORARY = (
    Step("kick_off", _J, 2, (), (C.CONTRACT, C.OTHER)),
    Step("integration", _J, 5, ("kick_off",), _SET_UP),
    Step("training", _V, 4, ("kick_off",), _PEOPLE),
    Step("culture", _V, 1, ("kick_off",)),
    Step(GO_LIVE, _V, 1, ("integration", "training", "culture")),
    Step("wind_down", _V, 10, (GO_LIVE,), (C.WIND_DOWN,)),
)
BY_MODE = {"full": FULL, "partial": PARTIAL, "temporary": TEMPORARY}
