"""A company's rating from the published reviews about it: written as its standing, shown in the directory."""

import uuid
from decimal import Decimal

from sqlalchemy import text

from portal.catalog import directory, standing
from portal.kit import clock
from portal.kit.db import db
from portal.kit.rounding import rounded
from portal.reviews.rating import PRIOR_WEIGHT, rate

DECIMALS = 4
BUYER_RATING = "buyer_rating"
"""The standing of a buyer, as vendors see it while they consider a bid."""


def update_rating(company_id: uuid.UUID, subject_side: str) -> None:
    """Work out a company's rating anew: the Bayesian average with the platform's mean as prior and weight 10.

    `subject_side` is the side the company is on: `vendor` writes `rating` and brings the directory in line, `buyer`
    writes `buyer_rating`. Without published reviews about it nothing is written.
    """
    author_side = "buyer" if subject_side == "vendor" else "vendor"
    found = db.session.execute(
        text("SELECT own, mean FROM reviews_marks(:side, :company)"), {"side": author_side, "company": company_id}
    ).one()
    if not found.own:
        return
    rating = rate([Decimal(mark) for mark in found.own], Decimal(found.mean), PRIOR_WEIGHT)
    figure = standing.RATING if subject_side == "vendor" else BUYER_RATING
    standing.write(company_id, figure, f"{rounded(rating.bayesian, DECIMALS):f}", rating.n, clock.now())
    if subject_side == "vendor":
        directory.project(company_id)
