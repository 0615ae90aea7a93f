"""Renders mails in their reader's language from `templates/emails/<kind>.txt`; installed for the sending job."""

import re
from typing import Any

from flask import Flask, current_app, render_template

from portal.kit.language import written_in
from portal.kit.mail import Rendered

_BLANKS = re.compile(r"\n{3,}")


def render(kind: str, language: str, params: dict[str, Any]) -> Rendered:
    """Subject (first line) and text of a mail. A `path` among the values becomes an address of this portal; further
    ones are put behind `base_url` by the mail's own words."""
    values = {**params, "base_url": current_app.config["PORTAL"].base_url}
    if "path" in values:
        values["action_url"] = values["base_url"] + values.pop("path")
    if "stop_path" in values:
        values["stop_url"] = values["base_url"] + values.pop("stop_path")
    with written_in(language):
        subject, _, text = render_template(f"emails/{kind}.txt", **values).strip().partition("\n")
    # A part that a mail does not have leaves its blank lines behind.
    words = _BLANKS.sub("\n\n", text.strip()) + "\n"
    return Rendered(subject.strip(), words, values.get("stop_url", ""))


def install(app: Flask) -> None:
    """Hand the renderer to the job that sends mail."""
    app.extensions["portal.mail_renderer"] = render
