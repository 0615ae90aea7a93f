"""Up to five vendors side by side, from the public directory alone. The address of the page is what one shares."""

from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from blueprints.public.chosen import MOST, asked_for, compare_url, whole
from blueprints.public.compare_view import Column, column_of, groups_of
from blueprints.public.keeping import chosen_and_kept
from blueprints.shared.actor import current_actor
from blueprints.shared.caching import public_page
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog import directory
from portal.kit import clock

routes = Routes()

DIFFERENCES = "differences"


@routes.get("/vendors/compare")
@open_to_all
def compare_vendors() -> Response:
    """The vendors that `v` names, one column each; with `only=differences` without what is the same for all."""
    asked = asked_for(request.args)
    found = directory.compared(asked) if asked else []
    shown, left_out = found[:MOST], found[MOST:]
    slugs = [vendor.slug for vendor in shown]
    only_differences = request.args.get("only") == DIFFERENCES and len(shown) > 1
    _chosen, keeping = chosen_and_kept(current_actor(), MultiDict(), [vendor.vendor_id for vendor in shown])
    groups = groups_of(shown)
    differing = [group.differing() for group in groups]
    return public_page(
        render_template(
            "public/vendors/compare.html",
            columns=[_column(vendor, slugs) for vendor in shown],
            groups=[group for group in (differing if only_differences else groups) if group.rows],
            same=sum(len(group.rows) for group in groups) - sum(len(group.rows) for group in differing),
            only_differences=only_differences,
            all_url=compare_url(slugs),
            differences_url=url_for("public.compare_vendors", v=slugs, only=DIFFERENCES),
            left_out=[vendor.name for vendor in left_out],
            unknown=len(asked) - len(found),
            most=MOST,
            add_url=url_for("public.list_vendors", v=slugs),
            share_url=whole(compare_url(slugs)),
            keeping=keeping,
        )
    )


def _column(vendor: Any, slugs: list[str]) -> Column:
    return column_of(vendor, clock.now(), compare_url([slug for slug in slugs if slug != vendor.slug]), slugs)
