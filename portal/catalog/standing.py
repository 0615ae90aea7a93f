"""Public figures about companies: written by the parts that work them out, read by everybody with n and as-of."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text

from portal.catalog.models import Standing
from portal.kit.db import db

RATING = "rating"
"""The weighted mark from 1 to 5 as decimal text; `n` counts the reviews it is based on."""


def write(company_id: uuid.UUID, figure: str, value: str, n: int, as_of: datetime) -> None:
    """Set one figure of a company. Whoever changes what the directory shows also calls `directory.project`."""
    db.session.flush()
    db.session.execute(
        text("SELECT standing_write(:company, :figure, :value, :n, :as_of)"),
        {"company": company_id, "figure": figure, "value": value, "n": n, "as_of": as_of},
    )


def read(company_id: uuid.UUID) -> dict[str, Standing]:
    """All figures of a company by name."""
    rows: Sequence[Standing] = db.session.scalars(select(Standing).where(Standing.company_id == company_id)).all()
    return {row.figure: row for row in rows}
