"""The side navigation: one table per audience, from which each page's menu is drawn.

An entry is shown to who has its permission. Counts come from `count` functions registered by the audience.
"""

from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission as P


class Entry(NamedTuple):
    """One line of the menu. It is current on every endpoint whose name speaks of its `section`, or of `also`."""

    label: Any
    endpoint: str
    icon: str
    permission: P | None
    section: str
    also: tuple[str, ...] = ()
    needs_cards: bool = False
    """Only where the portal takes cards."""

    def place_in(self, name: str) -> int | None:
        """Where the name of an endpoint first speaks of this entry; None when it does not."""
        return min((name.find(word) for word in (self.section, *self.also) if word in name), default=None)


WORK, IN_FORCE, COMPANY = "", _l("In force"), _l("Company")

_IN_FORCE = (
    (
        IN_FORCE,
        (
            Entry(
                _l("Agreements"),
                "workspace.list_agreements",
                "file-earmark-text",
                P.AGREEMENT_VIEW,
                "agreement",
                ("sign",),
            ),
            Entry(_l("Implementation"), "workspace.list_plans", "list-check", P.AGREEMENT_VIEW, "plan", ("milestone",)),
            Entry(
                _l("Monitoring"),
                "workspace.list_monitoring",
                "activity",
                P.MONITORING_VIEW,
                "monitoring",
                ("kpi", "survey"),
            ),
        ),
    ),
)
_INVOICES = Entry(_l("Invoices"), "workspace.list_invoices", "receipt", P.INVOICE_VIEW, "invoice")
_CARD_PAYMENTS = Entry(
    _l("Card payments"), "vendor.show_card_account", "credit-card", P.INVOICE_VIEW, "card_account", needs_cards=True
)
_COMPANY = (
    Entry(_l("Reviews"), "workspace.list_reviews", "star", P.AGREEMENT_VIEW, "review"),
    Entry(_l("Messages"), "workspace.list_threads", "chat-left-text", P.AGREEMENT_VIEW, "thread"),
    Entry(_l("Team"), "account.show_team", "people", P.COMPANY_VIEW, "team"),
    Entry(_l("Company details"), "account.edit_company", "building", P.COMPANY_VIEW, "company"),
)

MENUS: dict[str, tuple[tuple[Any, tuple[Entry, ...]], ...]] = {
    "buyer": (
        (
            WORK,
            (
                Entry(_l("Overview"), "buyer.show_dashboard", "house", None, "dashboard"),
                Entry(
                    _l("Requirements"), "buyer.list_requirements", "clipboard-data", P.REQUIREMENT_VIEW, "requirement"
                ),
                Entry(
                    _l("Should we outsource?"),
                    "buyer.list_assessments",
                    "signpost-split",
                    P.REQUIREMENT_VIEW,
                    "assess",
                ),
                Entry(_l("Find vendors"), "public.list_vendors", "search", None, "vendor"),
                Entry(_l("Shortlist"), "buyer.list_shortlist", "bookmark", P.REQUIREMENT_VIEW, "shortlist"),
                Entry(_l("Saved searches"), "buyer.list_searches", "bell", P.REQUIREMENT_VIEW, "search"),
                Entry(
                    _l("Bids to compare"), "buyer.list_evaluations", "layout-three-columns", P.BID_VIEW, "evaluation"
                ),
            ),
        ),
        *_IN_FORCE,
        (COMPANY, (_INVOICES, *_COMPANY)),
    ),
    "vendor": (
        (
            WORK,
            (
                Entry(_l("Overview"), "vendor.show_dashboard", "house", None, "dashboard"),
                Entry(_l("Open requirements"), "vendor.list_requirements", "search", P.REQUIREMENT_VIEW, "requirement"),
                Entry(_l("Bids"), "vendor.list_bids", "layout-three-columns", P.BID_VIEW, "bid"),
                Entry(_l("Services"), "vendor.list_services", "patch-check", P.COMPANY_VIEW, "service"),
                Entry(_l("Rate cards"), "vendor.list_rate_cards", "cash-stack", P.COMPANY_VIEW, "rate_card"),
                Entry(_l("Profile"), "vendor.edit_profile", "building", P.COMPANY_VIEW, "profile"),
            ),
        ),
        *_IN_FORCE,
        (COMPANY, (_INVOICES, _CARD_PAYMENTS, *_COMPANY)),
    ),
    "staff": (
        (
            WORK,
            (
                Entry(_l("Overview"), "admin.show_dashboard", "house", None, "dashboard"),
                Entry(_l("Moderation"), "admin.list_cases", "flag", P.STAFF_MODERATE, "case"),
                Entry(_l("Documents"), "admin.list_documents", "patch-check", P.STAFF_MODERATE, "document"),
                Entry(_l("Companies"), "admin.list_companies", "building", P.STAFF_COMPANIES, "compan"),
                Entry(_l("People"), "admin.list_people", "people", P.STAFF_PEOPLE, "people"),
            ),
        ),
        (
            _l("Platform"),
            (
                Entry(_l("Bank receipts"), "admin.list_bank_receipts", "cash-stack", P.STAFF_FINANCE, "bank_receipt"),
                Entry(
                    _l("Exchange rates"),
                    "admin.list_exchange_rates",
                    "currency-exchange",
                    P.STAFF_FINANCE,
                    "exchange_rate",
                ),
                Entry(_l("Questions and answers"), "admin.list_help", "question-circle", P.STAFF_HELP, "help"),
                Entry(_l("Audit log"), "admin.list_audit", "journal-text", P.STAFF_AUDIT, "audit"),
                Entry(_l("Jobs and mail"), "admin.show_operations", "clock-history", P.STAFF_OPERATIONS, "operations"),
            ),
        ),
    ),
}


def menu_for(actor: Actor | None, known_endpoints: Any) -> list[dict[str, Any]]:
    """The groups and entries this actor may use, with the current one marked."""
    if actor is None:
        return []
    groups = []
    takes_cards = current_app.config["PORTAL"].takes_cards
    menu = MENUS.get(actor.company_kind or ("staff" if actor.is_staff else ""), ())
    current = _current_entry([entry for _label, entries in menu for entry in entries])
    for label, entries in menu:
        items = [
            {"label": e.label, "url": url_for(e.endpoint), "icon": e.icon, "count": None, "current": e is current}
            for e in entries
            if e.endpoint in known_endpoints
            and (e.permission is None or actor.can(e.permission))
            and (takes_cards or not e.needs_cards)
        ]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def _current_entry(entries: list[Entry]) -> Entry | None:
    """The entry of the page being shown: its own, else the one whose section its name speaks of first.

    `list_agreement_invoices` belongs to the agreements, though it speaks of invoices too.
    """
    blueprint, _, name = (request.endpoint or "").partition(".")
    own = next((entry for entry in entries if entry.endpoint == request.endpoint), None)
    if own is not None:
        return own
    near = [entry for entry in entries if blueprint in (entry.endpoint.partition(".")[0], "workspace")]
    placed = [(place, entry) for entry in near if (place := entry.place_in(name)) is not None]
    return min(placed, key=lambda pair: pair[0], default=(0, None))[1]
