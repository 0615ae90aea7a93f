"""A person's saved searches: saving one, renaming it, turning its e-mails on or off, deleting it."""

import uuid

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, update

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.catalog import watch
from portal.catalog.kept_models import SavedSearch
from portal.catalog.kept_queries import MOST_SEARCHES
from portal.catalog.wanted import Wanted
from portal.kit import audit, clock, tenancy
from portal.kit.db import check_version, db
from portal.kit.errors import Forbidden, Invalid, NotFound
from portal.kit.tenancy import mine
from portal.kit.text import clean_line

MAX_NAME = 80


def save_search(actor: Actor, wanted: Wanted, *, name: str, by_mail: bool) -> SavedSearch:
    """Keep a search under a name. With `by_mail` its person is told of vendors that fit from now on.

    Raises Invalid for a name that is missing, too long or taken, a search that is kept already, and when the person
    has as many as fit.
    """
    actor.permit(Permission.SHORTLIST_EDIT)
    if actor.company_id is None or actor.person_id is None:
        raise Forbidden
    # The lock keeps a second sending from taking the last place, or the same name.
    db.session.execute(select(Company.id).where(Company.id == actor.company_id).with_for_update())
    words = _free_name(actor, name)
    same = db.session.scalar(_own(actor).where(SavedSearch.query == wanted.query))
    if same is not None:
        raise Invalid(_l("You have saved this search already, as “%(name)s”.", name=same.name))
    if (db.session.scalar(select(func.count()).select_from(_own(actor).subquery())) or 0) >= MOST_SEARCHES:
        raise Invalid(_l("You can keep %(most)s searches. Delete one that you no longer need.", most=MOST_SEARCHES))
    search = SavedSearch(
        company_id=actor.company_id, person_id=actor.person_id, name=words, query=wanted.query, by_mail=by_mail
    )
    db.session.add(search)
    db.session.flush()
    if by_mail:
        _begin(search)
    audit.record(actor, "catalog:search:save", search, after={"name": words, "query": search.query, "by_mail": by_mail})
    return search


def edit_search(actor: Actor, search: SavedSearch, *, name: str, by_mail: bool, version: int) -> None:
    """Rename a search and choose its e-mails. Raises Invalid or StaleVersion."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    search = _locked(actor, search)
    check_version(search, version, mine=name, theirs=search.name)
    before = {"name": search.name, "by_mail": search.by_mail}
    search.name = _free_name(actor, name, search)
    _turn(search, by_mail=by_mail)
    db.session.flush()
    audit.record(actor, "catalog:search:edit", search, before=before, after={"name": search.name, "by_mail": by_mail})


def turn_mail(actor: Actor, search: SavedSearch, *, by_mail: bool) -> None:
    """Turn the e-mails of a search on or off; what is so already stays so."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    search = _locked(actor, search)
    before = search.by_mail
    _turn(search, by_mail=by_mail)
    db.session.flush()
    audit.record(actor, "catalog:search:mail", search, before={"by_mail": before}, after={"by_mail": by_mail})


def delete_search(actor: Actor, search: SavedSearch) -> None:
    """Delete a search and what it remembered. Raises NotFound when it is gone already."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    search = _locked(actor, search)
    audit.record(actor, "catalog:search:delete", search, before={"name": search.name, "query": search.query})
    db.session.delete(search)
    db.session.flush()


def stop_mails(company_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """Turn off the e-mails of all searches that a person saved in a company, asked for by a link in such a mail.

    Gives how many brought e-mails. Whoever holds the link may be anybody, so that the log names the company's robot.
    """
    with tenancy.scope(tenancy.member(company_id, person_id)):
        own = (mine(SavedSearch), SavedSearch.person_id == person_id, SavedSearch.by_mail)
        stopped = [search.id for search in db.session.scalars(select(SavedSearch).where(*own).with_for_update())]
        if stopped:
            off = {"by_mail": False, "version": SavedSearch.version + 1}
            db.session.execute(update(SavedSearch).where(SavedSearch.id.in_(stopped)).values(off))
    robot = Actor.robot(company_id, "buyer")
    if stopped:
        with tenancy.scope(robot.scope):
            audit.record(robot, "catalog:search:stop_mails", None, after={"searches": [str(one) for one in stopped]})
    return len(stopped)


def _own(actor: Actor) -> Select[SavedSearch]:
    return select(SavedSearch).where(mine(SavedSearch), SavedSearch.person_id == actor.person_id)


def _locked(actor: Actor, search: SavedSearch) -> SavedSearch:
    query = _own(actor).where(SavedSearch.id == search.id)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _free_name(actor: Actor, name: str, search: SavedSearch | None = None) -> str:
    words = clean_line(name)
    if not words:
        raise Invalid(_l("Give the search a name."), "name")
    if len(words) > MAX_NAME:
        raise Invalid(_l("Write at most %(most)s characters.", most=MAX_NAME), "name")
    query = _own(actor).where(SavedSearch.name == words)
    taken = db.session.scalar(query if search is None else query.where(SavedSearch.id != search.id))
    if taken is not None:
        raise Invalid(_l("You have a search of this name already. Choose another."), "name")
    return words


def _turn(search: SavedSearch, *, by_mail: bool) -> None:
    if by_mail and not search.by_mail:
        search.watched_from = search.looked_at = clock.now()
        _begin(search)
    search.by_mail = by_mail


def _begin(search: SavedSearch) -> None:
    """Whoever fits at this moment is nothing new."""
    search.is_broad = watch.meet_all(search)
    db.session.flush()
