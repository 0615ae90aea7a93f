"""How reviews spread over the marks, so that a mean never stands alone. Pure."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from portal.kit.rounding import rounded
from portal.reviews.rating import HIGHEST, LOWEST


class Marked(Protocol):
    """Something with a weighted mark as decimal text."""

    @property
    def weighted(self) -> str: ...


def distribution_of(reviews: Iterable[Marked]) -> list[tuple[int, int]]:
    """(mark, how many reviews round to it) from the highest mark to the lowest."""
    counts = Counter(int(rounded(Decimal(review.weighted), 0)) for review in reviews)
    return [(mark, counts[mark]) for mark in range(HIGHEST, LOWEST - 1, -1)]
