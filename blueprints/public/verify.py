"""Is this document genuine? Anybody may ask with a digest."""

import re
from typing import Any

from flask import redirect, render_template, request, url_for

from blueprints.shared.routes import Routes, open_to_all
from portal.signing import queries

routes = Routes()
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")


@routes.get("/verify")
@open_to_all
def ask_verify() -> Any:
    """Ask for a digest, and go to its page."""
    typed = "".join(request.args.get("digest", "").split())
    if _DIGEST.fullmatch(typed):
        return redirect(url_for("public.verify", sha256=typed.lower()))
    return render_template("public/verify/ask.html", typed=typed)


@routes.get("/verify/<sha256>")
@open_to_all
def verify(sha256: str) -> Any:
    """What the portal knows of a digest: the same page, and the same status, for known and unknown ones."""
    found = queries.verify(sha256) if _DIGEST.fullmatch(sha256) else None
    return render_template("public/verify/show.html", found=found, sha256=sha256[:64])
