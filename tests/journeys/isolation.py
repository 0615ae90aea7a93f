"""Walks every route as a stranger, or a stranger's program, who knows the true ids of two companies, and says what
they gave away.

The rule needs no list of right answers: for a stranger, an id that exists answers exactly like one that does not. What
comes back never holds an id or a word that is private to the two, and no row of theirs is different afterwards.
"""

import re
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.accounts.actor import Actor
from portal.billing import queries as billing
from portal.billing.actions import draft_invoice, issue_invoice, raise_charge
from portal.catalog.actions.calendar import add_closure, set_availability
from portal.catalog.actions.certificates import add_certificate
from portal.catalog.actions.profile import save_private
from portal.catalog.actions.references import add_reference, ask_contact
from portal.catalog.actions.searches import save_search
from portal.catalog.actions.shortlist import keep_vendor
from portal.catalog.certificate_files import check_document
from portal.catalog.models import DirectoryEntry
from portal.catalog.wanted import Wanted
from portal.kit import clock, files
from portal.kit.db import db
from portal.kit.ids import new_id
from portal.messaging import threads
from portal.needs.actions import begin_assessment, save_template
from portal.needs.queries import requirement_for
from portal.pricing.actions import publish_rate_card, save_rate_card
from tests.factories import agreements as deals
from tests.factories import reviews
from tests.factories.accounts import PASSWORD, MadeCompany, MadePerson, actor_for, make_company, make_person, sign_in
from tests.factories.api import make_token, program_of
from tests.factories.catalog import MadeVendor, make_live_service
from tests.factories.memory import remembered
from tests.factories.needs import in_scope
from tests.factories.pricing import PHONE_BY_THE_HOUR, answered

# What an address's value names; a route with another name has to be added here, or the walk fails.
TABLES = {
    "agreement_id": "agreements",
    "assessment_id": "self_assessments",
    "availability_id": "vendor_availability",
    "award_id": "awards",
    "bid_id": "bids",
    "card_id": "rate_cards",
    "case_id": "cases",
    "certificate_id": "certificates",
    "closure_id": "vendor_closures",
    "company_id": "companies",
    "entry_id": "shortlist_entries",
    "file_id": "stored_files",
    "help_question_id": "help_questions",
    "invitation_id": "invitations",
    "invoice_id": "invoices",
    "mail_id": "mails",
    "membership_id": "memberships",
    "milestone_id": "milestones",
    "notification_id": "notifications",
    "order_id": "change_orders",
    "payment_id": "payments",
    "person_id": "people",
    "receipt_id": "bank_receipts",
    "reference_id": "vendor_references",
    "requirement_id": "requirements",
    "review_id": "reviews",
    "search_id": "saved_searches",
    "service_id": "services",
    "template_id": "requirement_templates",
    "thread_id": "threads",
    "token_id": "api_tokens",
}
# Values that are no ids and tell nothing.
PLAIN = {"number": "1", "channel": "phone", "step": "goals", "section": "private"}
# In the world below nothing of these exists: their true id is a random one.
NOT_MADE = frozenset({"case_id", "help_question_id", "payment_id", "receipt_id"})
# Any vendor reads a published requirement; that its id exists is no secret, and neither is a listed service.
KNOWN_TO_VENDORS = re.compile(r"(/vendor|/api/v1)/requirements/<uuid:requirement_id>")
KNOWN_TABLES = frozenset({"requirements", "services", "companies"})
# A complete body for the figures of a month, so that only the wrong sender stands in its way.
FIGURES = {"figures": [{"channel": "phone", "items": {"handled": "1"}}]}
LEAVES = frozenset({"account.sign_out"})
CANARY = "CNRY-private-words-of-the-two"


@dataclass
class World:
    """Two companies with an agreement in force and everything around it, and what is theirs."""

    buyer: Actor
    vendor: Actor
    ids: dict[str, str] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)

    @property
    def companies(self) -> list[uuid.UUID]:
        """The two."""
        return [actor.company_id for actor in (self.buyer, self.vendor) if actor.company_id]


def person_of(actor: Actor) -> MadePerson:
    """The person behind an actor."""
    assert actor.person_id is not None
    return MadePerson(actor.person_id, actor.person_name, actor.email, actor.locale, actor.timezone)


def make_world(superuser: psycopg.Connection[Any]) -> World:
    """Everything that an engagement brings, and the ids of it."""
    world = World(*_engagement())
    _collect(superuser, world)
    return world


@remembered
def _engagement() -> tuple[Actor, Actor]:
    """An engagement after 90 days: plan, figures, extra fee, invoice, messages, a hidden review, a draft service."""
    deal = reviews.make_open()
    buyer, vendor = deal.sides
    deals.propose(deal, title=CANARY)
    reviews.write(buyer, deal, text=f"{CANARY}: {reviews.WORDS}")
    company = MadeCompany(vendor.company_id, "vendor", "", "", "GB", "UTC", "GBP")  # type: ignore[arg-type]
    make_live_service(MadeVendor(company, person_of(vendor), vendor))

    def more() -> None:
        publish_rate_card(vendor, save_rate_card(vendor, None, name=CANARY, document=answered(PHONE_BY_THE_HOUR)))
        files.put(vendor, CANARY.encode(), name=f"{CANARY}.txt", content_type="text/plain", vendor_id=vendor.company_id)

    def keep() -> None:
        slug = db.session.scalar(select(DirectoryEntry.slug).where(DirectoryEntry.vendor_id == vendor.company_id))
        keep_vendor(buyer, slug or "", note=CANARY)
        save_search(buyer, Wanted(), name=CANARY, by_mail=True)
        save_template(buyer, requirement_for(buyer, deal.agreement.requirement_id), name=CANARY)
        begin_assessment(buyer, {"title": CANARY, "note": CANARY, "currency": "USD"})

    in_scope(vendor, more)
    in_scope(buyer, keep)
    make_token(vendor, name=CANARY)
    in_scope(vendor, lambda: _fill_in_profile(vendor))
    deals.within(vendor, deal, lambda agreement: _talk_and_bill(vendor, agreement))
    return buyer, vendor


def _fill_in_profile(vendor: Actor) -> None:
    """What of a profile is private, or an id in an address: a contact, a certificate's number and file, a reference."""
    day = clock.now().date() + timedelta(days=20)
    save_private(vendor, values={"contacts": [{"name": CANARY}]}, version=0)
    values = {"code": "iso27001", "number": CANARY, "valid_to": day}
    add_certificate(vendor, values=values, document=check_document(b"%PDF-1.4 %%EOF", f"{CANARY}.pdf"))
    reference = add_reference(
        vendor, values={"customer": CANARY, "is_anonymous": True, "started": "2024-03", "scope": "Phone."}
    )
    ask_contact(
        vendor, reference.id, name=CANARY, email="contact@customer.example", language="en", version=reference.version
    )
    set_availability(vendor, from_on=day, seats=9)
    add_closure(vendor, first_on=day, last_on=day, reason="")


def _talk_and_bill(vendor: Actor, agreement: Any) -> None:
    thread = threads.thread_for(
        vendor, "agreement", agreement.id, agreement.buyer_id, agreement.vendor_id, agreement.title
    )
    threads.post(vendor, thread, body=CANARY)
    schedule = billing.schedule_of(agreement.id)
    raise_charge(
        vendor,
        schedule,
        fee_class="extra",
        source_key="isolation",
        line_code="custom_request",
        description=CANARY,
        quantity=1,
        unit="unit",
        amount_minor=5_000,
        change_order_id=new_id(),
    )
    invoice = draft_invoice(vendor, schedule)
    if invoice is not None:
        issue_invoice(vendor, invoice)


def tenant_tables(superuser: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Every table with rows of companies, with the columns that say whose."""
    rows = superuser.execute(
        "SELECT c.relname, array_agg(a.attname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        " AND a.attname IN ('company_id', 'buyer_id', 'vendor_id') AND NOT a.attisdropped GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return dict(rows)


def _ours(columns: list[str]) -> sql.Composed:
    return sql.SQL(" OR ").join(sql.SQL("{} = ANY (%(two)s)").format(sql.Identifier(column)) for column in columns)


def state(superuser: psycopg.Connection[Any], world: World) -> dict[str, str]:
    """A hash of the two companies' rows in each table."""
    found = {}
    for table, columns in tenant_tables(superuser).items():
        statement = sql.SQL("SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t WHERE {}")
        row = superuser.execute(
            statement.format(sql.Identifier(table), _ours(columns)), {"two": world.companies}
        ).fetchone()
        assert row is not None
        found[table] = row[0]
    return found


@contextmanager
def without_row_level_security(superuser: psycopg.Connection[Any]) -> Iterator[None]:
    """Take the database's wall down, for every table, until the block ends."""
    tables = superuser.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in tables:
        superuser.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    try:
        yield
    finally:
        for (table,) in tables:
            superuser.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))


def _collect(superuser: psycopg.Connection[Any], world: World) -> None:
    """Fill in the true ids for addresses, and all ids that are private to the two."""
    with_id = {
        name
        for (name,) in superuser.execute(
            "SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attname = 'id'"
            " AND a.atttypid = 'uuid'::regtype AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
    }
    ids_of: dict[str, list[str]] = {}
    for table, columns in tenant_tables(superuser).items():
        if table in with_id:
            statement = sql.SQL("SELECT id::text FROM {} WHERE {} ORDER BY id DESC")
            rows = superuser.execute(
                statement.format(sql.Identifier(table), _ours(columns)), {"two": world.companies}
            ).fetchall()
            ids_of[table] = [one for (one,) in rows]
    ids_of["companies"] = [str(world.buyer.company_id)]
    ids_of["people"] = [str(world.buyer.person_id)]
    rows = superuser.execute("SELECT id::text FROM bids WHERE vendor_id = %s", [world.vendor.company_id]).fetchall()
    ids_of["bids"] = [one for (one,) in rows]
    for name, table in TABLES.items():
        world.ids[name] = next(iter(ids_of.get(table, [])), str(uuid.uuid4()))
    missing = sorted(name for name, table in TABLES.items() if not ids_of.get(table) and name not in NOT_MADE)
    assert missing <= ["invitation_id", "mail_id"], f"the world holds nothing for {missing}"
    world.ids["month"] = "2026-06"
    world.private = {one for table, found in ids_of.items() if table not in KNOWN_TABLES for one in found}


def strangers() -> list[Actor]:
    """The owners of another buyer and of another vendor."""
    found = []
    for kind in ("buyer", "vendor"):
        company = make_company(kind)
        found.append(actor_for(make_person(company), company))
    return found


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that is not public, with each method it takes."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
        guard = getattr(app.view_functions[rule.endpoint], "guard", "open_to_all")
        if guard != "open_to_all" and rule.endpoint not in LEAVES:
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield rule, method


def ask(client: FlaskClient, rule: Rule, method: str, ids: Mapping[str, str]) -> TestResponse:
    """One request with the ids in path, query and body."""
    unknown = rule.arguments - TABLES.keys() - PLAIN.keys() - {"month"}
    assert not unknown, f"{rule.rule}: say in TABLES or PLAIN what {sorted(unknown)} means"
    values = {name: {**PLAIN, **ids}[name] for name in rule.arguments}
    address = rule.build(values, append_unknown=False)
    assert address is not None, rule.rule
    given = {**ids, "id": ids["agreement_id"], "buyer_id": ids["company_id"], "vendor_id": ids["company_id"]}
    if is_of_programs(rule):
        body = {"version": 1} | (FIGURES if rule.rule.endswith("/figures") else {})
        return client.open(
            address[1],
            method=method,
            json=None if method == "GET" else body,
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
    words = dict.fromkeys(("text", "body", "reason", "remark", "objection", "answer", "shown", "title"), "x" * 60)
    form = {**words, **given, "version": "1", "submission_id": str(uuid.uuid4()), "password": PASSWORD, "accept": "1"}
    return client.open(address[1], method=method, query_string=given, data=None if method == "GET" else form)


def signed_in(app: Flask, actor: Actor) -> FlaskClient:
    """A browser of its own, so that nothing said on the last page is said again on this one."""
    client = app.test_client()
    sign_in(client, person_of(actor))
    return client


def is_of_programs(rule: Rule) -> bool:
    """Whether a route is asked by programs, with a token in place of a cookie."""
    return rule.endpoint.startswith("api.")


def walk(
    app: Flask, world: World, stranger: Actor, *, only: Collection[str] = (), past_guards_only: bool = False
) -> list[str]:
    """A sentence for everything that a stranger learns or is let do by knowing the true ids.

    `only` leaves out all but these pages. Each answer is compared with that for ids that do not exist. With
    `past_guards_only`, for walls behind the guards, what is for another kind of company is left out, and nothing is
    compared whose answer is the very page that ids which do not exist have had on this walk.
    """
    behind = ("/admin", "/vendor/" if stranger.company_kind == "buyer" else "/buyer/") if past_guards_only else ()
    faults = []
    not_found: set[str] = set()
    program = program_of(app, stranger)
    invented = {name: str(uuid.uuid4()) for name in TABLES} | {"month": world.ids["month"]}
    for rule, method in routes(app):
        if rule.rule.startswith(behind) or (only and (method != "GET" or rule.rule not in only)):
            continue
        asker = program if is_of_programs(rule) else signed_in(app, stranger)
        told = ask(asker, rule, method, world.ids)
        if told.status_code == 404 and _masked(told) in not_found and past_guards_only:
            continue
        untold = ask(asker if is_of_programs(rule) else signed_in(app, stranger), rule, method, invented)
        if untold.status_code == 404:
            not_found.add(_masked(untold))
        where = f"{method} {rule.rule} as another {stranger.company_kind}"
        is_known = stranger.company_kind == "vendor" and KNOWN_TO_VENDORS.match(rule.rule)
        if told.status_code >= 500:
            faults.append(f"{where}: {told.status_code}")
        if not is_known and told.status_code != untold.status_code:
            faults.append(f"{where}: {told.status_code}, but {untold.status_code} for ids that do not exist")
        elif told.status_code == 404 == untold.status_code and _masked(told) != _masked(untold):
            faults.append(f"{where}: its page differs from that of ids that do not exist")
        if leaked := _leaked(world, told):
            faults.append(f"{where}: shows {leaked}")
    return faults


_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|nonce=\"[^\"]*\"|value=\"[^\"]*\"|\d+")


def _masked(answer: TestResponse) -> str:
    return _VARYING.sub("·", _text(answer))


def _text(answer: TestResponse) -> str:
    return answer.get_data().decode(errors="replace")  # some are PDF


def _leaked(world: World, answer: TestResponse) -> list[str]:
    body = _text(answer) + str(answer.headers)
    found = set(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", body))
    leaked = sorted((found & world.private) - set(world.ids.values()))
    return [*leaked, *([CANARY] if CANARY in body else [])]


def own_answers(app: Flask, world: World) -> dict[str, int]:
    """What the two themselves get for each page with an id in its address: the better answer of the two."""
    sides = (world.buyer, world.vendor)
    clients = {False: [signed_in(app, actor) for actor in sides], True: [program_of(app, actor) for actor in sides]}
    return {
        rule.rule: min(ask(client, rule, "GET", world.ids).status_code for client in clients[is_of_programs(rule)])
        for rule, method in routes(app)
        if method == "GET" and rule.arguments and not rule.rule.startswith("/admin")
    }
