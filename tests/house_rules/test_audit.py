"""Every act leaves an entry in the audit log: each public write verb comes past `audit.record` on its way."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house_rules.sources import Source, sources

RECORD = "portal.kit.audit.record"

# Public functions of portal/*/actions that record nothing themselves, and why that is right.
READS_OR_CHECKS = "reads or checks, and changes nothing"
PART_OF_A_VERB = "one step of the verbs that call it, and those record"
BEFORE_SIGN_IN = "nobody has signed in and no company is known: links and sessions are the trace"
OWN_READING = "only what its own reader sees or is told; the act it is about has its entry"
BY_A_CUSTOMER = "an anonymous customer's answer must not be traced to anybody"
SILENT = {
    "accounts.actions.sign_up.ask_reset": BEFORE_SIGN_IN,
    "accounts.actions.sign_up.issue_link": BEFORE_SIGN_IN,
    "accounts.actions.sign_up.reset_is_open": READS_OR_CHECKS,
    "accounts.actions.sign_up.send_confirmation": BEFORE_SIGN_IN,
    "billing.actions.invoices.content_hash": READS_OR_CHECKS,
    "billing.actions.receipts.find_invoice": READS_OR_CHECKS,
    "messaging.actions.choose_mail": OWN_READING,
    "messaging.actions.mark_read": OWN_READING,
    "messaging.actions.notify": OWN_READING,
    "messaging.actions.notify_each": OWN_READING,
    "messaging.actions.notify_person": OWN_READING,
    "moderation.actions.withdraw_service_case": PART_OF_A_VERB,
    "monitoring.actions.surveys.answer_survey": BY_A_CUSTOMER,
    "monitoring.actions.surveys.asked": READS_OR_CHECKS,
    "needs.actions.amend.amendment_gaps": READS_OR_CHECKS,
    "needs.actions.amend.both_locked": READS_OR_CHECKS,
    "needs.actions.amend.check_amendment": PART_OF_A_VERB,
    "needs.actions.amend.checked_reason": READS_OR_CHECKS,
    "needs.actions.amend.pending_document": READS_OR_CHECKS,
    "needs.actions.draft.begin": PART_OF_A_VERB,
    "needs.actions.draft.checked_mode": READS_OR_CHECKS,
    "needs.actions.draft.checked_title": READS_OR_CHECKS,
    "needs.actions.process.award": PART_OF_A_VERB,
    "needs.actions.process.close": PART_OF_A_VERB,
    "needs.actions.process.decide": PART_OF_A_VERB,
    "needs.actions.process.end": PART_OF_A_VERB,
    "needs.actions.process.open_": PART_OF_A_VERB,
    "needs.actions.publish.check_complete": READS_OR_CHECKS,
    "needs.actions.publish.scenarios_of": READS_OR_CHECKS,
    "needs.actions.scenarios.digest": READS_OR_CHECKS,
    "needs.actions.scenarios.freeze": PART_OF_A_VERB,
    "needs.actions.scenarios.planned": READS_OR_CHECKS,
    "needs.actions.step_channels.save": PART_OF_A_VERB,
    "needs.actions.step_channels.save_targets": PART_OF_A_VERB,
    "needs.actions.step_criteria.checked_criteria": READS_OR_CHECKS,
    "needs.actions.step_criteria.save": PART_OF_A_VERB,
    "needs.actions.step_evaluation.checked_knock_outs": READS_OR_CHECKS,
    "needs.actions.step_evaluation.save_knock_outs": PART_OF_A_VERB,
    "needs.actions.step_evaluation.checked_rules": READS_OR_CHECKS,
    "needs.actions.step_evaluation.save_rules": PART_OF_A_VERB,
    "needs.actions.step_goals.checked_text": READS_OR_CHECKS,
    "needs.actions.step_goals.save": PART_OF_A_VERB,
    "needs.actions.step_languages.checked_hours": READS_OR_CHECKS,
    "needs.actions.step_languages.checked_languages": READS_OR_CHECKS,
    "needs.actions.step_languages.save": PART_OF_A_VERB,
    "needs.actions.step_money.save": PART_OF_A_VERB,
    "needs.actions.step_money.save_deadline": PART_OF_A_VERB,
    "needs.actions.steps.mark_saved": PART_OF_A_VERB,
    "needs.actions.versions.store_version": PART_OF_A_VERB,
    "reviews.actions.windows.closing_of": READS_OR_CHECKS,
    "reviews.actions.write.can_answer": READS_OR_CHECKS,
    "selection.actions.awards.offer": PART_OF_A_VERB,
    "selection.actions.awards.snapshot": READS_OR_CHECKS,
    "selection.actions.bids.asked_of_vendors": READS_OR_CHECKS,
    "selection.actions.bids.check_may_bid": READS_OR_CHECKS,
    "selection.actions.bids.hold_window": READS_OR_CHECKS,
    "selection.actions.bids.price_over_newest": PART_OF_A_VERB,
    "selection.actions.bids.take_into_work": PART_OF_A_VERB,
    "selection.actions.submission.gaps_of": READS_OR_CHECKS,
    "selection.actions.submission.least_validity": READS_OR_CHECKS,
    "selection.actions.submission.priced_now": READS_OR_CHECKS,
    "signing.actions.prepare": PART_OF_A_VERB,
}


def test_every_write_verb_records_what_was_done() -> None:
    """Call `audit.record(actor, "area:thing:verb", thing, before=…, after=…)`, or say in SILENT why not."""
    silent = {verb for verb in _verbs() if not _records(f"portal.{verb}", set())}
    assert sorted(silent - SILENT.keys()) == []


def test_the_list_of_silent_verbs_is_up_to_date() -> None:
    """Take out of SILENT what records by now, or is gone."""
    silent = {verb for verb in _verbs() if not _records(f"portal.{verb}", set())}
    assert sorted(SILENT.keys() - silent) == []


def _verbs() -> Iterator[str]:
    for module, source in _modules().items():
        if module.split(".")[2:3] == ["actions"]:
            for node in source.tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{module}.{node.name}".removeprefix("portal.")


@cache
def _modules() -> dict[str, Source]:
    return {source.module: source for source in sources("portal")}


@cache
def _functions() -> dict[str, tuple[str, ast.FunctionDef]]:
    """Every function of portal by dotted name, with its module."""
    return {
        f"{module}.{node.name}": (module, node)
        for module, source in _modules().items()
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def _imported(module: str) -> dict[str, str]:
    """What each imported name of a module stands for."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(_modules()[module].tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _records(name: str, seen: set[str]) -> bool:
    """Whether a function names `audit.record`, or another function of portal that does."""
    if name == RECORD:
        return True
    if name in seen or name not in _functions():
        return False
    seen.add(name)
    module, function = _functions()[name]
    return any(_records(used, seen) for used in _used(module, function))


def _used(module: str, function: ast.FunctionDef) -> Iterator[str]:
    """The dotted names of what a function speaks of, followed to where each is defined."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name | ast.Attribute):
            head, _, rest = ast.unparse(node).partition(".")
            name = _imported(module).get(head, f"{module}.{head}")
            yield _defined(f"{name}.{rest}" if rest else name)


def _defined(name: str) -> str:
    """A name that a package hands on, where it comes from."""
    module, _, last = name.rpartition(".")
    while module in _modules() and name not in _functions() and last in _imported(module):
        name = _imported(module)[last]
        module, _, last = name.rpartition(".")
    return name
