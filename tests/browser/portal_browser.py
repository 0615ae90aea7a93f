"""A person at Chromium: the same acts as by HTTP, done by filling, clicking and looking."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Response
from playwright.sync_api import Page as Tab

from tests.journeys.html_pages import Page
from tests.journeys.portal_pages import Reader, nonce_of

SCREENSHOTS = os.environ.get("SCREENSHOTS")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1360, "height": 900}
GRAVE = frozenset({"serious", "critical"})
PATIENCE_MS = 10_000


class BrowserReader(Reader):
    """One browser context with one tab. What its console complains of is kept in `complaints`."""

    def __init__(self, context: BrowserContext, origin: str, complaints: list[str], email: str = "") -> None:
        super().__init__(email)
        context.set_default_timeout(PATIENCE_MS)
        self.origin, self.complaints = origin, complaints
        self.tab: Tab = context.new_page()
        self.tab.on("console", lambda message: self._hear(message.type, message.text))
        self.tab.on("pageerror", lambda error: self._hear("error", str(error)))

    def visit(self, path: str, *, status: int = 200) -> Page:
        """Type an address."""
        response = self.tab.goto(urljoin(self.origin, path))
        return self._seen(response, status)

    def follow(self, words: str) -> Page:
        """Click a link."""
        link = self.tab.locator("a[href]").nth(self.link_at(words))
        with self.tab.expect_navigation() as navigation:
            link.click()
        return self._seen(navigation.value, 200)

    def press(self, words: str, *, status: int = 200, fields: dict[str, Any] | None = None, **more: Any) -> Page:
        """Fill a form and click its button."""
        values = (fields or {}) | more
        form, button = self.form_of(words, set(values))
        shown = self.tab.locator("form").nth(self.page.forms.index(form))
        for name, value in values.items():
            self._fill(shown.locator(f'[name="{name}"]'), value)
        pressed = shown.locator("button").nth([one for one in form.controls if one.tag == "button"].index(button))
        reveal(pressed)
        if button.attributes.get("data-part"):
            return self._reworked(pressed)
        with self.tab.expect_navigation() as navigation:
            pressed.click()
        return self._seen(navigation.value, status)

    def click(self, words: str) -> Page:
        """Click a button whose form stands elsewhere on the page."""
        with self.tab.expect_navigation() as navigation:
            self.tab.get_by_role("button", name=words, exact=True).click()
        return self._seen(navigation.value, 200)

    def _reworked(self, pressed: Locator) -> Page:
        """Press a button that only gets a part of the page anew."""
        self.tab.evaluate("document.addEventListener('portal:reworked', () => { document.body.dataset.reworked = 1 })")
        pressed.click()
        self.tab.locator("body[data-reworked]").wait_for()
        self.tab.evaluate("delete document.body.dataset.reworked")
        html = self.tab.content().replace('nonce=""', f'nonce="{self.nonce}"')  # the browser hides it from scripts
        return self.show(self.path, html, self.nonce)

    def axe(self) -> list[str]:
        """The serious and critical findings of axe on what is shown."""
        found = Axe().run(self.tab).response["violations"]
        return [
            f"{self.path}: {one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in GRAVE
        ]

    def shoot(self, name: str) -> None:
        """Keep pictures of what is shown, if the environment names a folder: wide, as on a phone, and dark."""
        if SCREENSHOTS is None:
            return
        folder = Path(SCREENSHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        for kind, size, scheme in (("wide", DESKTOP, "light"), ("phone", PHONE, "light"), ("dark", DESKTOP, "dark")):
            self.tab.set_viewport_size(size)
            self.tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.tab.screenshot(path=folder / f"{name}-{kind}.png", full_page=True)
        self.tab.set_viewport_size(DESKTOP)
        self.tab.emulate_media(color_scheme="light")

    def is_too_wide(self) -> bool:
        """Whether a phone would have to scroll the whole page sideways."""
        self.tab.set_viewport_size(PHONE)
        wide = self.tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        self.tab.set_viewport_size(DESKTOP)
        return bool(wide)

    def _fill(self, controls: Locator, value: Any) -> None:
        for control in controls.all():
            kind = control.evaluate("it => it.type")
            reveal(control)
            if kind in ("checkbox", "radio"):
                own = control.get_attribute("value") or "on"
                wanted = value if isinstance(value, bool) else own in ([value] if isinstance(value, str) else value)
                if wanted or kind == "checkbox":
                    control.set_checked(wanted, force=True)  # the label of a choice card lies over it
            elif kind.startswith("select"):
                control.select_option(value)
            elif kind == "file":
                control.set_input_files({"name": value[1], "mimeType": "text/csv", "buffer": value[0].read()})
            else:
                control.fill(str(value))

    def _seen(self, response: Response | None, status: int) -> Page:
        assert response is not None
        html = response.text()
        place = urlsplit(self.tab.url)
        path = place.path + (f"?{place.query}" if place.query else "")
        if response.status != status:
            raise AssertionError(f"{path} answered {response.status}, not {status}: {Page(html).words[:900]}")
        self.nonce = nonce_of(response.headers["content-security-policy"])
        return self.show(path, html, self.nonce)

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and self.tab.url.startswith(self.origin):
            self.complaints.append(f"{self.tab.url}: {text}")


def reveal(control: Locator) -> None:
    """Unfold what a control is folded into, as its user would."""
    for fold in control.locator("xpath=ancestor::details[not(@open)]").all():
        fold.locator("summary").first.click()
