"""What people do to their own account."""

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.models import Person
from portal.kit import audit
from portal.kit.db import check_version, db
from portal.kit.errors import Forbidden, Invalid
from portal.kit.text import clean_line
from portal.kit.zones import zone_names

EDITABLE = ("name", "locale", "timezone")


def edit_person(actor: Actor, person: Person, *, version: int, name: str, locale: str, timezone: str) -> None:
    """Change the actor's own name, language and time zone.

    Raises Invalid for an empty name or a zone that does not exist, Forbidden for anybody else's account.
    """
    if person.id != actor.person_id:
        raise Forbidden
    before = {field: getattr(person, field) for field in EDITABLE}
    check_version(person, version, mine=name, theirs=person.name)
    if not clean_line(name):
        raise Invalid(_l("Write a name."), "name")
    if timezone not in zone_names():
        raise Invalid(_l("Choose a time zone from the list."), "timezone")
    person.name, person.locale, person.timezone = clean_line(name), locale, timezone
    db.session.flush()
    after = {field: getattr(person, field) for field in EDITABLE}
    audit.record(actor, "accounts:person:edit", person, before=before, after=after)
