"""Beginning a requirement from another one: a copy of an old one, or a template the company keeps.

What belongs to one occasion stays behind: dates, the state and its history, and files, whose rows belong to the old
requirement; volumes that were read from a file come along as figures.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.kit import audit
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.tenancy import mine
from portal.kit.text import clean_line
from portal.measures.words import Mode
from portal.needs import policy
from portal.needs.actions.draft import begin, checked_title
from portal.needs.content import DATES, FILES, Document, fill, whole_of
from portal.needs.models import Requirement
from portal.needs.states import VolumeSource
from portal.needs.version_models import RequirementTemplate

MAX_NAME, MOST_TEMPLATES = 80, 50


def copy_requirement(actor: Actor, requirement: Requirement, *, title: str) -> Requirement:
    """A new draft with the content of one of the company's own requirements. Raises Invalid, NotFound for another's."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    if not policy.is_mine(actor, requirement):
        raise NotFound
    copy = _drafted(actor, title, requirement.mode, _lasting(requirement))
    audit.record(
        actor, "needs:requirement:copy", copy, after={"number": copy.number, "copied_from": requirement.number}
    )
    return copy


def save_template(actor: Actor, requirement: Requirement, *, name: str) -> RequirementTemplate:
    """Keep a requirement's content under a name. Raises Invalid for a name that is missing, too long or taken."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    if not policy.is_mine(actor, requirement):
        raise NotFound
    words = _free_name(actor, name)
    template = RequirementTemplate(
        buyer_id=requirement.buyer_id, name=words, mode=requirement.mode, document=_lasting(requirement)
    )
    db.session.add(template)
    db.session.flush()
    after = {"name": words, "from": requirement.number}
    audit.record(actor, "needs:template:save", template, after=after)
    return template


def draft_from_template(actor: Actor, template: RequirementTemplate, *, title: str) -> Requirement:
    """A new draft with a template's content. Raises Invalid for no title."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    draft = _drafted(actor, title, template.mode, template.document)
    audit.record(actor, "needs:requirement:draft", draft, after={"number": draft.number, "template": template.name})
    return draft


def rename_template(actor: Actor, template: RequirementTemplate, *, name: str, version: int) -> RequirementTemplate:
    """Give a template another name. Raises Invalid for one that is missing or taken, StaleVersion."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = _locked(template)
    check_version(found, version, mine=name, theirs=found.name)
    before = found.name
    found.name = _free_name(actor, name, found)
    db.session.flush()
    audit.record(actor, "needs:template:rename", found, before={"name": before}, after={"name": found.name})
    return found


def delete_template(actor: Actor, template: RequirementTemplate) -> None:
    """Delete a template; requirements begun from it stay. Raises NotFound when it is gone already."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = _locked(template)
    audit.record(actor, "needs:template:delete", found, before={"name": found.name})
    db.session.delete(found)
    db.session.flush()


def _lasting(requirement: Requirement) -> Document:
    """What is worth keeping beyond one occasion."""
    without = DATES | FILES
    if requirement.mode == Mode.TEMPORARY:
        without |= {"term_months"}  # it follows from the dates
    document = whole_of(requirement, without=without)
    for row in document["channels"]:
        row["source"] = VolumeSource.TYPED.value
    return document


def _drafted(actor: Actor, title: str, mode: str, document: dict[str, Any]) -> Requirement:
    wanted = checked_title(title)
    draft = begin(actor, title=wanted, mode=mode)
    content = {key: value for key, value in document["requirement"].items() if key != "title"}
    fill(draft, document | {"requirement": content})
    return draft


def _locked(template: RequirementTemplate) -> RequirementTemplate:
    query = select(RequirementTemplate).where(RequirementTemplate.id == template.id, mine(RequirementTemplate))
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _free_name(actor: Actor, name: str, template: RequirementTemplate | None = None) -> str:
    words = clean_line(name)
    if not words or len(words) > MAX_NAME:
        raise Invalid(_l("Give the template a name of at most %(most)s characters.", most=MAX_NAME), "name")
    # The lock keeps a second sending from taking the same name.
    db.session.execute(select(Company.id).where(Company.id == actor.company_id).with_for_update())
    names = {
        row.name: row.id for row in db.session.scalars(select(RequirementTemplate).where(mine(RequirementTemplate)))
    }
    if names.get(words, template.id if template else None) != (template.id if template else None):
        raise Invalid(_l("There is a template of this name already. Choose another."), "name")
    if template is None and len(names) >= MOST_TEMPLATES:
        raise Conflict(_l("A company keeps at most %(most)s templates. Delete one first.", most=MOST_TEMPLATES))
    return words
