"""Stopping mails about saved searches from the mail itself, signed in or not: a page to press, or one click of a mail
program (RFC 8058), which sends no cookie and no form of ours."""

from typing import Any

from flask import Response, make_response, render_template, request

from blueprints.shared.limits import limiter
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog.actions.searches import stop_mails
from portal.catalog.stop_links import read_stop_token

routes = Routes()
PER_ADDRESS = "120 per hour"
EXEMPT = f"{__name__}.stop_search_mails"
"""The view that needs no CSRF token: its address is signed and stops mails, nothing else."""


@routes.form("/stop-mail/<token>")
@open_to_all
@limiter.limit(PER_ADDRESS)
def stop_search_mails(token: str) -> Any:
    """Ask before anything is stopped, because mail scanners open links; a POST stops."""
    company_id, person_id = read_stop_token(token)
    if request.method == "POST":
        stop_mails(company_id, person_id)
    shown: Response = make_response(
        render_template("public/stop_mail/show.html", is_stopped=request.method == "POST", token=token)
    )
    shown.headers["X-Robots-Tag"] = "noindex"
    return shown
