"""Companies that look like others: the same tax number, the same website, or a name that reads like another one's.

Each vendor leaves marks when it sends a service in, and each company when it takes another name; equal marks of two
companies are shown to the moderator, who decides what they mean: a subsidiary, a second account, or somebody who
poses as a known name.
"""

import re
import unicodedata
import uuid
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyDetails
from portal.accounts.permissions import Permission
from portal.catalog.models import VendorProfile
from portal.kit.db import db
from portal.kit.text import fold
from portal.moderation.models import CompanyMark

MOST = 10
"""Look-alikes shown for one company."""
_LEGAL = frozenset(
    "ab ag bv co company corp corporation gmbh inc kk limited llc lda ltd nv oy plc pte pty sa sarl sp srl spa zoo"
    " 公司 有限公司 股份有限公司 株式会社".split()
)
# Characters that read like Latin letters: Cyrillic and Greek ones, and digits in the place of letters.
_LIKE_LATIN = str.maketrans(
    "авеёкмнорстухіјѕԁɡαβεηικμνορτυχω0135", "abeekmhopctyxijsdgabenikmvoptuxwoles"
)  # fmt: skip


class MarkKind(StrEnum):
    """By what two companies can be taken for one."""

    NAME = "name"
    TAX = "tax"
    SITE = "site"


class Twin(NamedTuple):
    """Another company that shares a mark."""

    company_id: uuid.UUID
    name: str
    kind: MarkKind


def skeleton(name: str) -> str:
    """What a name reads like: without accents, legal form, blanks and signs, look-alike letters made equal.

    Two names with the same skeleton can be mistaken for each other: “Kеstrelway Ltd” with a Cyrillic е is
    “kestrelway”, and so is “Kestrel-Way GmbH”. Empty where nothing is left.
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", fold(name)) if not unicodedata.combining(c))
    words = [word for word in re.split(r"[\W_]+", plain.translate(_LIKE_LATIN)) if word and word not in _LEGAL]
    return "".join(words)


def leave_marks(actor: Actor, company_id: uuid.UUID) -> None:
    """Write the marks of the actor's company anew, as its name, papers and profile are now."""
    assert actor.company_id == company_id
    details = db.session.get(CompanyDetails, company_id)
    profile = db.session.get(VendorProfile, company_id)
    values = {
        MarkKind.NAME: skeleton(accounts.company(company_id).name),
        MarkKind.TAX: re.sub(r"\W", "", details.vat_id).upper() if details else "",
        MarkKind.SITE: _host(profile.website) if profile else "",
    }
    db.session.execute(delete(CompanyMark).where(CompanyMark.company_id == company_id))
    db.session.add_all(
        CompanyMark(company_id=company_id, kind=kind, value=value) for kind, value in values.items() if value
    )
    db.session.flush()


def mark_name(company: Company) -> None:
    """Write anew what a company's name reads like, and leave its other marks."""
    own = (CompanyMark.company_id == company.id, CompanyMark.kind == MarkKind.NAME)
    db.session.execute(delete(CompanyMark).where(*own))
    if value := skeleton(company.name):
        db.session.add(CompanyMark(company_id=company.id, kind=MarkKind.NAME, value=value))
    db.session.flush()


def looking_alike(actor: Actor, companies: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those of the companies whose name reads like another company's. One statement."""
    actor.permit(Permission.STAFF_MODERATE)
    mine, theirs = aliased(CompanyMark), aliased(CompanyMark)
    query = (
        select(mine.company_id)
        .join(theirs, (mine.kind == theirs.kind) & (mine.value == theirs.value))
        .where(mine.company_id.in_(companies), mine.kind == MarkKind.NAME, theirs.company_id != mine.company_id)
    )
    return frozenset(db.session.scalars(query.distinct()))


def twins_of(actor: Actor, company_id: uuid.UUID) -> Sequence[Twin]:
    """Other companies that share a mark with this one, by name."""
    actor.permit(Permission.STAFF_MODERATE)
    mine, theirs = aliased(CompanyMark), aliased(CompanyMark)
    found = (
        select(theirs.company_id, Company.name, theirs.kind)
        .join(mine, (mine.kind == theirs.kind) & (mine.value == theirs.value))
        .join(Company, Company.id == theirs.company_id)
        .where(mine.company_id == company_id, theirs.company_id != company_id)
        .order_by(Company.name, theirs.kind)
        .limit(MOST)
    )
    return [Twin(row.company_id, row.name, MarkKind(row.kind)) for row in db.session.execute(found)]


def _host(website: str) -> str:
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    return host.removeprefix("www.")
