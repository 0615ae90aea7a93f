"""A person at a browser: opens real pages, fills the forms that are really on them, presses their buttons.

Every page that is opened on the way is held against what every page must have. `HttpReader` speaks HTTP and counts
the statements of each page; the journeys in a real browser have a reader of their own with the same acts.
"""

import re
from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.kit.db import db
from tests.factories.accounts import PASSWORD
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


class Reader(ABC):
    """One person's browser. `page` is what it shows, `path` where it is."""

    def __init__(self, email: str = "") -> None:
        self.email = email
        self.path = "/"
        self.page = Page("")

    @abstractmethod
    def visit(self, path: str, *, status: int = 200) -> Page:
        """Open an address, follow where it leads, and check what is shown."""

    @abstractmethod
    def follow(self, words: str) -> Page:
        """Follow the first link with these words."""

    @abstractmethod
    def press(self, words: str, *, status: int = 200, fields: dict[str, Any] | None = None, **more: Any) -> Page:
        """Fill the form that has a button with these words, press it, and follow where it leads.

        A field takes a text, a bool for a box, or a list for several boxes; a file is (content, name).
        """

    def open(self, path: str, *, status: int = 200) -> Page:
        """Visit an address; where that asks to sign in first, as after a long time, sign in."""
        page = self.visit(path, status=status)
        if self.email and self.path.startswith("/sign-in?"):
            page = self.press("Sign in", email=self.email, password=PASSWORD, status=status)
        return page

    def addresses(self, pattern: str) -> list[str]:
        """Where the page's links of this pattern lead, once each."""
        return sorted({address for _text, address in self.page.links if re.match(pattern, address)})

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

    def button(self, beginning: str) -> str:
        """The words of the one button that begins so."""
        (words,) = (one.text for form in self.page.forms for one in form.buttons if one.text.startswith(beginning))
        return words

    def link_at(self, words: str) -> int:
        """Which of the page's links has these words."""
        known = [text for text, _address in self.page.links]
        if words not in known:
            raise AssertionError(f"{self.path} has no link “{words}”, only {sorted(set(known))}")
        return known.index(words)

    def form_of(self, words: str, fields: set[str]) -> tuple[Form, Control]:
        """The form that has a button with these words and all these fields, and that button."""
        found = [(form, one) for form in self.page.forms for one in form.buttons if one.text == words]
        fitting = [pair for pair in found if fields <= pair[0].names]
        if fitting:
            return fitting[0]
        if found:
            raise AssertionError(f"{self.path}: the form of “{words}” has no {sorted(fields - found[0][0].names)}")
        buttons = sorted({one.text for form in self.page.forms for one in form.buttons})
        raise AssertionError(f"{self.path} has no button “{words}”, only {buttons}; it says: {self.page.words[:600]}")

    def show(self, path: str, html: str, nonce: str) -> Page:
        """Take a page in, after checking it."""
        page = Page(html)
        wrong = faults(page, nonce)
        assert not wrong, f"{path}: {wrong}"
        self.path, self.page = path, page
        return page


class HttpReader(Reader):
    """Reads without a browser."""

    def __init__(self, client: FlaskClient, budget: Budget, email: str = "") -> None:
        super().__init__(email)
        self.client, self.budget = client, budget

    def visit(self, path: str, *, status: int = 200) -> Page:
        """Open an address."""
        return self._shown(self._send("GET", path), path, status)

    def follow(self, words: str) -> Page:
        """Follow a link."""
        return self.open(urljoin(self.path, self.page.links[self.link_at(words)][1]))

    def press(self, words: str, *, status: int = 200, fields: dict[str, Any] | None = None, **more: Any) -> Page:
        """Send the form that a browser would send."""
        form, button = self.form_of(words, set(fields or ()) | set(more))
        data = filled(form, (fields or {}) | more)
        if button.name:
            data.add(button.name, button.value)
        path = urljoin(self.path, form.action or self.path)
        if form.method == "get":
            return self.open(f"{path.partition('?')[0]}?{urlencode(list(data.items(multi=True)))}", status=status)
        return self._shown(self._send("POST", path, data), path, status)

    def _send(self, method: str, path: str, data: MultiDict[str, Any] | None = None) -> TestResponse:
        with counted(db.engine) as statements:
            response = self.client.open(path, method=method, data=data, headers={"Referer": ORIGIN + self.path})
        self.budget.note(f"{method} {path.partition('?')[0]}", statements)
        return response

    def _shown(self, response: TestResponse, path: str, status: int) -> Page:
        for _hop in range(HOPS):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            target = urlsplit(urljoin(ORIGIN + path, response.headers["Location"]))
            path = target.path + (f"?{target.query}" if target.query else "")
            response = self._send("GET", path)
        html = response.get_data(as_text=True)
        if response.status_code != status:
            raise AssertionError(f"{path} answered {response.status_code}, not {status}: {Page(html).words[:900]}")
        return self.show(path, html, nonce_of(response.headers["Content-Security-Policy"]))


def nonce_of(policy: str) -> str:
    """The nonce that a security policy names."""
    found = NONCE.search(policy)
    assert found, f"no nonce in {policy}"
    return found.group(1)


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
