"""“Why is this here?” for the order of the list itself: where the words were found, and the points of standing."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.public.matching import Reason
from blueprints.shared.formatting import number
from portal.catalog.entry import standing_points


def standing_reasons(row: Any, *, has_words: bool) -> list[Reason]:
    """What put a row of the directory where it stands, in the order in which it decides."""
    points = standing_points(row.quality, row.rating, row.review_count)
    found = []
    if has_words and row.in_title:
        found.append(Reason(True, _("All your words stand in the name or a title: they count ten times"), ""))
    elif has_words:
        found.append(Reason(False, _("Your words stand in the description"), ""))
    if row.rating is None:
        found.append(Reason(False, _("No verified review yet: counts as %(mark)s", mark=3), _points(points.rating)))
    else:
        mark = number(Decimal(row.rating), 2)
        found.append(Reason(True, _("Rating %(rating)s of 5", rating=mark), _points(points.rating)))
    found.append(
        Reason(
            points.profile >= 100,
            _("Profile filled in: %(percent)s of 100", percent=points.profile),
            _points(points.profile),
        )
    )
    if row.review_count:
        words = ngettext("%(num)d verified review", "%(num)d verified reviews", row.review_count)
        found.append(Reason(True, words, _points(points.reviews)))
    return found


def _points(points: int) -> str:
    return _("%(points)s points", points=number(points, 0))
