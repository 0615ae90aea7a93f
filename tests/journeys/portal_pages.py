"""A person at a browser: opens real pages, fills the forms that are really on them, presses their buttons.

Every page that is opened on the way is held against what every page must have, and its statements are counted.
"""

import re
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.kit.db import db
from tests.journeys.html_pages import Control, Form, Page, faults
from tests.statements import counted

ORIGIN = "http://localhost"
HOPS = 6
NONCE = re.compile(r"'nonce-([^']+)'")


class Budget:
    """How many statements each page of a walk took, and each sending of a form."""

    LIMITS = {"GET": 12, "POST": 45}  # a sending may found an agreement with all that belongs to it

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def note(self, what: str, statements: list[str]) -> None:
        """Remember the highest count of a kind of page."""
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", what)
        self.counts[kind] = max(len(statements), self.counts.get(kind, 0))

    @property
    def over(self) -> dict[str, int]:
        """The pages that took too many."""
        return {what: count for what, count in self.counts.items() if count > self.LIMITS[what.partition(" ")[0]]}


class Reader:
    """One person's browser. `page` is what it shows."""

    def __init__(self, client: FlaskClient, budget: Budget) -> None:
        self.client, self.budget = client, budget
        self.path = "/"
        self.page = Page("")

    def open(self, path: str, *, status: int = 200) -> Page:
        """Open an address, follow where it leads, and check what is shown."""
        return self._show(self._send("GET", path), path, status)

    def follow(self, words: str) -> Page:
        """Follow the first link with these words."""
        for text, address in self.page.links:
            if text == words:
                return self.open(urljoin(self.path, address))
        known = sorted({text for text, _address in self.page.links})
        raise AssertionError(f"{self.path} has no link “{words}”, only {known}")

    def addresses(self, pattern: str) -> list[str]:
        """Where the page's links of this pattern lead, once each."""
        return sorted({address for _text, address in self.page.links if re.match(pattern, address)})

    def press(self, words: str, *, status: int = 200, fields: dict[str, Any] | None = None, **more: Any) -> Page:
        """Fill the form that has a button with these words, press it, and follow where it leads.

        A field takes a text, a bool for a box, or a list for several boxes; a file is (content, name).
        """
        form, button = self._button(words, set(fields or ()) | set(more))
        data = filled(form, (fields or {}) | more)
        if button.name:
            data.add(button.name, button.value)
        path = urljoin(self.path, form.action or self.path)
        if form.method == "get":
            return self.open(f"{path.partition('?')[0]}?{urlencode(list(data.items(multi=True)))}", status=status)
        return self._show(self._send("POST", path, data), path, status)

    def fields(self, *beginnings: str) -> list[str]:
        """The names of the page's fields that begin so, in order and once each."""
        names = (one.name for one in self.page.controls if one.name.startswith(beginnings))
        return list(dict.fromkeys(names))

    def marks(self) -> list[str]:
        """The questions of the page that are answered by one of several buttons from 1 to 5."""
        names = (one.name for one in self.page.controls if one.kind == "radio" and one.value == "5")
        return list(dict.fromkeys(names))

    def offered(self, name: str) -> list[str]:
        """The values that a select field offers."""
        found = [one for one in self.page.controls if one.name == name and one.tag == "select"]
        return [value for one in found for value, _chosen, _words in one.options if value]

    def _button(self, words: str, fields: set[str]) -> tuple[Form, Control]:
        found = [(form, one) for form in self.page.forms for one in form.buttons if one.text == words]
        fitting = [pair for pair in found if fields <= pair[0].names]
        if fitting:
            return fitting[0]
        if found:
            raise AssertionError(f"{self.path}: the form of “{words}” has no {sorted(fields - found[0][0].names)}")
        buttons = sorted({one.text for form in self.page.forms for one in form.buttons})
        raise AssertionError(f"{self.path} has no button “{words}”, only {buttons}; it says: {self.page.words[:600]}")

    def _send(self, method: str, path: str, data: MultiDict[str, Any] | None = None) -> TestResponse:
        with counted(db.engine) as statements:
            response = self.client.open(path, method=method, data=data, headers={"Referer": ORIGIN + self.path})
        self.budget.note(f"{method} {path.partition('?')[0]}", statements)
        return response

    def _show(self, response: TestResponse, path: str, status: int) -> Page:
        for _hop in range(HOPS):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            target = urlsplit(urljoin(ORIGIN + path, response.headers["Location"]))
            path = target.path + (f"?{target.query}" if target.query else "")
            response = self._send("GET", path)
        page = Page(response.get_data(as_text=True))
        if response.status_code != status:
            raise AssertionError(f"{path} answered {response.status_code} instead of {status}: {page.words[:900]}")
        nonce = NONCE.search(response.headers["Content-Security-Policy"])
        wrong = faults(page, nonce.group(1) if nonce else "")
        assert not wrong, f"{path}: {wrong}"
        self.path, self.page = path, page
        return page


def filled(form: Form, fields: dict[str, Any]) -> MultiDict[str, Any]:
    """What a form sends when these of its fields are filled in and the others are left as they are."""
    unknown = fields.keys() - form.names
    assert not unknown, f"the form has no {sorted(unknown)}, only {sorted(form.names)}"
    data: MultiDict[str, Any] = MultiDict()
    for control in form.controls:
        if not control.name or control.tag == "button" or "disabled" in control.attributes:
            continue
        if control.name in fields:
            for value in _chosen(control, fields[control.name]):
                data.add(control.name, value)
        elif control.kind != "file":
            for value in control.values():
                data.add(control.name, value)
    return data


def _chosen(control: Control, wanted: Any) -> list[Any]:
    if control.kind == "file":
        return [wanted]
    if control.is_choice:
        if isinstance(wanted, bool):
            return [control.value] if wanted else []
        return [control.value] if control.value in ([wanted] if isinstance(wanted, str) else wanted) else []
    if control.tag == "select":
        known = {value for value, _chosen, _words in control.options}
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        assert set(values) <= known, f"{control.name} does not offer {values}"
        return values
    return [str(wanted)]
