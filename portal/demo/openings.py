"""The doors open: people sign up and confirm, staff are appointed, vendors publish, a moderator approves."""

import uuid
from datetime import timedelta
from functools import partial

from sqlalchemy import text

from portal.accounts.actions import company as companies
from portal.accounts.actions import sign_up, team
from portal.accounts.actor import Actor
from portal.accounts.permissions import permissions_of
from portal.accounts.queries import details_for
from portal.catalog.actions.profile import save_profile
from portal.catalog.actions.service import draft_service, submit_service
from portal.catalog.queries import service_for
from portal.demo.cast import PASSWORD, STAFF, Player, Troupe
from portal.demo.services import Offer
from portal.demo.stage import act, within
from portal.kit import tenancy
from portal.kit.db import db, owner_engine
from portal.messaging.actions import choose_mail
from portal.moderation import actions as moderation
from portal.moderation import queries as cases
from portal.moderation.states import Verdict
from portal.pricing.actions import activate_rate_card, save_rate_card
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.fees import waive_the_rest

LINK_LASTS = timedelta(hours=1)


def join(player: Player, timezone: str) -> uuid.UUID:
    """Somebody signs up and confirms their address by the link they were sent."""

    def does() -> uuid.UUID:
        person = sign_up.NewPerson(player.name, player.email, PASSWORD, player.locale, timezone)
        person_id = sign_up.join(person)
        sign_up.confirm_address(sign_up.issue_link("confirm", person_id, LINK_LASTS))
        return person_id

    return within(tenancy.PUBLIC, does)


def found_company(troupe: Troupe) -> dict[str, Actor]:
    """A company is founded and its people join it by invitation; gives each one's actor by e-mail address."""
    owner_id = join(troupe.owner, troupe.timezone)
    company = sign_up.NewCompany(troupe.kind, troupe.name, troupe.country, troupe.timezone, troupe.currency)
    company_id = within(tenancy.PUBLIC, lambda: sign_up.create_company(owner_id, troupe.owner.name, company))
    owner = _actor(owner_id, troupe, troupe.owner, company_id)

    def introduce() -> None:
        details = details_for(owner)
        companies.edit_details(owner, details, version=details.version, values=troupe.details())
        choose_mail(owner, by_mail=False)

    act(owner, introduce)
    actors = {troupe.owner.email: owner}
    for player in troupe.people[1:]:
        person_id = join(player, troupe.timezone)
        _invite(owner, player, person_id)
        actors[player.email] = _actor(person_id, troupe, player, company_id)
        act(actors[player.email], partial(choose_mail, actors[player.email], by_mail=False))
    return actors


def _invite(owner: Actor, player: Player, person_id: uuid.UUID) -> None:
    act(owner, lambda: team.invite(owner, email=player.email, role=player.role, language=player.locale))
    token = within(tenancy.staff(), _token_of_last_invitation)
    within(tenancy.PUBLIC, lambda: team.accept_invitation(token, person_id, player.name))


def _token_of_last_invitation() -> str:
    """The link of the invitation just sent, read from its letter as its reader would."""
    query = (
        "SELECT c.params ->> 'path' FROM mails m, LATERAL mail_content(m.id) c"
        " WHERE m.kind = 'invitation' ORDER BY m.id DESC LIMIT 1"
    )
    path: str = db.session.execute(text(query)).scalar_one()
    return path.rpartition("/")[2]


def _actor(person_id: uuid.UUID, troupe: Troupe, player: Player, company_id: uuid.UUID) -> Actor:
    return Actor(
        person_id=person_id,
        person_name=player.name,
        email=player.email,
        locale=player.locale,
        timezone=troupe.timezone,
        company_id=company_id,
        company_name=troupe.name,
        company_kind=troupe.kind,
        role=player.role,
        permissions=permissions_of(player.role, (), troupe.kind),
    )


def appoint_staff() -> list[Actor]:
    """The platform's staff; like `flask staff add`, this is the owner's to do."""
    actors = []
    engine = owner_engine()
    for player, roles in STAFF:
        person_id = join(player, "Europe/London")
        with engine.begin() as connection:
            for role in roles:
                connection.execute(
                    text("INSERT INTO staff_memberships (person_id, role) VALUES (:person, :role)"),
                    {"person": person_id, "role": role},
                )
        permissions = permissions_of(None, roles, None)
        actors.append(
            Actor(
                person_id, player.name, player.email, "en", "Europe/London", staff_roles=roles, permissions=permissions
            )
        )
    engine.dispose()
    return actors


def publish(offer: Offer, vendor: Actor, moderator: Actor) -> None:
    """A vendor fills in its profile, prices a service and sends it in; a moderator approves it."""
    act(vendor, lambda: save_profile(vendor, values=offer.profile, version=0))

    def send_in() -> None:
        document = to_document(waive_the_rest(rate_card_from_document(offer.document)))
        card = save_rate_card(vendor, None, name=offer.card_name, document=document)
        activate_rate_card(vendor, card)
        service = draft_service(vendor, values={**offer.service, "rate_card_id": card.id})
        submit_service(vendor, service_for(vendor, service.id), version=service.version)

    act(vendor, send_in)
    approve_all(moderator)


def approve_all(moderator: Actor) -> None:
    """A moderator takes each waiting case and approves it."""

    def decide() -> None:
        for case, _company in cases.cases_for(moderator):
            moderation.assign_case(moderator, case, version=case.version)
            db.session.flush()
            moderation.decide_case(moderator, case, verdict=Verdict.APPROVE, reasons={}, version=case.version)

    act(moderator, decide)
