"""Beginning a requirement."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects.postgresql import insert

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Forbidden, Invalid
from portal.kit.text import clean_line
from portal.measures.words import Mode
from portal.needs.criteria import from_template
from portal.needs.models import Requirement, RequirementCounter

MAX_TITLE = 120


def draft_requirement(actor: Actor, *, title: str, mode: str) -> Requirement:
    """Begin a requirement of the actor's company, numbered, with the default criteria and the company's own zone.

    Raises Invalid for an empty title or an unknown mode, Forbidden where the company may begin nothing new.
    """
    requirement = begin(actor, title=title, mode=mode)
    db.session.add_all(from_template(requirement))
    db.session.flush()
    audit.record(actor, "needs:requirement:draft", requirement, after={"number": requirement.number})
    return requirement


def begin(actor: Actor, *, title: str, mode: str) -> Requirement:
    """An empty numbered draft without criteria. Raises as `draft_requirement`."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    assert actor.company_id is not None
    company = accounts.company(actor.company_id)
    if not company.is_open:
        raise Forbidden(_l("Your company cannot begin anything new at the moment."))
    requirement = Requirement(
        buyer_id=actor.company_id,
        number=_next_number(actor),
        title=checked_title(title),
        mode=checked_mode(mode),
        country=company.country,
        currency=company.currency,
        timezone=company.timezone,
        author_id=actor.person_id,
        saved_at=clock.now(),
    )
    db.session.add(requirement)
    db.session.flush()
    return requirement


def checked_title(title: str) -> str:
    """The title as one clean line. Raises Invalid."""
    cleaned = clean_line(title)
    if not cleaned or len(cleaned) > MAX_TITLE:
        raise Invalid(_l("Give a title of at most %(most)s characters.", most=MAX_TITLE), "title")
    return cleaned


def checked_mode(mode: str) -> str:
    """The mode's value. Raises Invalid."""
    if mode not in list(Mode):
        raise Invalid(_l("Choose one of the three forms of outsourcing."), "mode")
    return Mode(mode).value


def _next_number(actor: Actor) -> str:
    """RQ-2026-0001 and on: the counter's row is locked until the transaction ends, so no number is given twice."""
    year = clock.now().year
    query = (
        insert(RequirementCounter)
        .values(buyer_id=actor.company_id, year=year, last=1)
        .on_conflict_do_update(index_elements=["buyer_id", "year"], set_={"last": RequirementCounter.last + 1})
        .returning(RequirementCounter.last)
    )
    return f"RQ-{year}-{db.session.execute(query).scalar_one():04d}"
