"""What every page about one agreement shows: names, side, stage bar, tabs. Every part of it adds its tab here."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared.actor import require_actor
from blueprints.shared.formatting import datetime_zoned
from blueprints.shared.stages import stages_of_agreement
from portal.agreements.models import Agreement
from portal.implementation.templates import NAMES as MILESTONES
from portal.kit.evidence import EvidenceEntry

# (label, endpoint, beginning of the endpoints that count as this tab)
TABS = (
    (_l("Agreement"), "workspace.show_agreement", ("sign", "edit_agreement", "counter", "refuse", "terminate")),
    (_l("Requirement"), "workspace.show_agreed_requirement", ("agreed_requirement",)),
    (_l("Implementation"), "workspace.show_plan", ("plan", "milestone")),
    (_l("Monitoring"), "workspace.show_monitoring", ("monitoring", "kpi", "survey")),
    (_l("Changes"), "workspace.list_agreement_changes", ("agreement_change",)),
    (_l("Invoices"), "workspace.list_agreement_invoices", ("agreement_invoice",)),
    (_l("Messages"), "workspace.open_thread", ("thread",)),
    (_l("Reviews"), "workspace.show_reviews", ("review",)),
)
EVIDENCE_NAMES = {
    "signature": _l("Signed"),
    "activation": _l("In force"),
    "change_order": _l("Change order accepted"),
    "milestone": _l("Milestone accepted"),
    "go_live": _l("Went live"),
}


def agreement_frame(agreement: Agreement) -> dict[str, Any]:
    """The values that `workspace/agreements/frame.html` needs."""
    return {
        "agreement": agreement,
        "names": names_in(agreement),
        "side": agreement.side_of(require_actor().company_id),
        "stages": stages_of_agreement(agreement),
        "agreement_tabs": _tabs(agreement.id),
    }


def names_in(agreement: Agreement) -> dict[uuid.UUID, str]:
    """The names of both parties as the agreement prints them."""
    parties = agreement.terms["parties"]
    return {agreement.buyer_id: parties["buyer"]["name"], agreement.vendor_id: parties["vendor"]["name"]}


def _tabs(agreement_id: uuid.UUID) -> list[dict[str, Any]]:
    shown = (request.endpoint or "").partition(".")[2]
    return [
        {
            "label": label,
            "url": url_for(endpoint, agreement_id=agreement_id),
            "current": request.endpoint == endpoint or any(word in shown for word in words),
        }
        for label, endpoint, words in TABS
        if endpoint in current_app.view_functions
    ]


def _evidence_title(entry: EvidenceEntry, names: dict[str, str]) -> str:
    """What was done; for a milestone also which, for a signature or an acceptance also by which company."""
    words, payload = str(EVIDENCE_NAMES.get(entry.kind, entry.kind)), json.loads(entry.payload)
    if entry.kind == "milestone" and payload.get("milestone") in MILESTONES:
        return _("%(what)s: %(which)s", what=words, which=MILESTONES[payload["milestone"]][0])
    if payload.get("side") in names:
        return _("%(what)s: %(which)s", what=words, which=names[payload["side"]])
    return words


def evidence_lines(entries: Iterable[EvidenceEntry], agreement: Agreement) -> list[dict[str, Any]]:
    """The evidence chain as lines of a timeline."""
    by_id = names_in(agreement)
    names = {"buyer": by_id[agreement.buyer_id], "vendor": by_id[agreement.vendor_id]}
    return [
        {
            "title": _evidence_title(entry, names),
            "note": _("%(time)s, %(hash)s…", time=datetime_zoned(entry.at), hash=entry.hash[:12]),
            "state": "done",
        }
        for entry in entries
    ]
