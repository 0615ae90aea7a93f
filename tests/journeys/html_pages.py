"""Reading a page as its user does: its forms with their labels and buttons, its links, its words.

Only what a journey needs of HTML: no layout, no script.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

CONTROLS = frozenset({"input", "select", "textarea", "button"})
QUIET = frozenset({"script", "style", "template", "svg", "head"})
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr path circle rect line polyline use".split()
)


@dataclass
class Control:
    """A field or a button of a form."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    options: list[tuple[str, bool, str]] = field(default_factory=list)
    in_label: bool = False

    @property
    def name(self) -> str:
        """The name it is sent under; '' when it is not sent."""
        return self.attributes.get("name", "")

    @property
    def kind(self) -> str:
        """The type of an input or button; the tag of anything else."""
        default = {"input": "text", "button": "submit"}.get(self.tag, self.tag)
        return self.attributes.get("type", default)

    @property
    def is_choice(self) -> bool:
        """Whether it is ticked rather than written."""
        return self.kind in ("checkbox", "radio")

    @property
    def value(self) -> str:
        """What it holds, or would send when ticked."""
        return self.text if self.tag == "textarea" else self.attributes.get("value", "on" if self.is_choice else "")

    def values(self) -> list[str]:
        """What an untouched control sends."""
        if self.tag == "select":
            chosen = [value for value, is_chosen, _words in self.options if is_chosen]
            first = [] if "multiple" in self.attributes else [value for value, _c, _w in self.options][:1]
            return chosen or first
        if self.is_choice:
            return [self.value] if "checked" in self.attributes else []
        return [self.value]


@dataclass
class Form:
    """A form with its controls, in the order of the page."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    @property
    def buttons(self) -> list[Control]:
        """What sends it."""
        return [one for one in self.controls if one.tag == "button" and one.kind == "submit"]

    @property
    def names(self) -> set[str]:
        """The names of its fields."""
        return {one.name for one in self.controls if one.name and one.tag != "button"}

    def of(self, name: str) -> list[Control]:
        """The controls of a name: several for radio buttons and groups of boxes."""
        return [one for one in self.controls if one.name == name and one.tag != "button"]


class Page(HTMLParser):
    """One page, read once."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.loose: list[Control] = []
        self.links: list[tuple[str, str]] = []
        self.labels: dict[str, str] = {}
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.scripts: list[dict[str, str]] = []
        self.styled: list[str] = []
        self.language = ""
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._form: Form | None = None
        self._outside: dict[str, list[Control]] = {}
        self._words: list[str] = []
        self.title = ""
        self.feed(text)
        self.close()
        self.words = " ".join(" ".join(self._words).split())

    @property
    def controls(self) -> list[Control]:
        """Every control of the page, inside forms and outside."""
        return [one for form in self.forms for one in form.controls] + self.loose

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "style" in attributes or tag == "style" or any(name.startswith("on") for name in attributes):
            self.styled.append(self.get_starttag_text() or tag)
        if tag == "html":
            self.language = attributes.get("lang", "")
        if tag == "script":
            self.scripts.append(attributes)
        if tag == "form":
            self._form = Form(attributes.get("action", ""), attributes.get("method", "get").lower())
            self.forms.append(self._form)
        if tag in CONTROLS:
            self._begin_control(Control(tag, attributes, in_label=any(one[0] == "label" for one in self._open)))
        if tag == "option" and self._latest and self._latest.tag == "select":
            self._latest.options.append((attributes.get("value", ""), "selected" in attributes, ""))
        if tag not in VOID:
            self._open.append((tag, attributes, []))

    _latest: Control | None = None

    def _begin_control(self, control: Control) -> None:
        self._latest = control
        (self._form.controls if self._form else self.loose).append(control)

    def handle_data(self, data: str) -> None:
        """Words."""
        for _tag, _attributes, words in self._open:
            words.append(data)
        if not any(tag in QUIET for tag, _attributes, _words in self._open):
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """An element ends; those inside it that were never closed end with it."""
        if tag not in (one[0] for one in self._open):
            return
        while True:
            name, attributes, words = self._open.pop()
            self._end(name, attributes, "".join(words))
            if name == tag:
                return

    def _end(self, tag: str, attributes: dict[str, str], text: str) -> None:
        words = " ".join(text.split())
        if tag == "a" and "href" in attributes:
            self.links.append((words or attributes.get("aria-label", ""), attributes["href"]))
        elif tag == "label" and "for" in attributes:
            self.labels[attributes["for"]] = words
        elif tag == "h1":
            self.headings.append(words)
        elif tag == "title" and not any(one[0] == "svg" for one in self._open):
            self.title = words
        elif tag == "form":
            self._form = None
        elif tag == "textarea" and self._latest:
            self._latest.text = text.removeprefix("\n")
        elif tag == "button" and self._latest:
            self._latest.text = words
        elif tag == "option" and self._latest and self._latest.options:
            value, chosen, _words = self._latest.options[-1]
            self._latest.options[-1] = (value or words if "value" not in attributes else value, chosen, words)


def faults(page: Page, nonce: str) -> list[str]:
    """What every page must have and this one has not, in words."""
    found = []
    if len(page.headings) != 1:
        found.append(f"{len(page.headings)} level-one headings: {page.headings}")
    if not page.title:
        found.append("no title")
    if not page.language:
        found.append("no language")
    twice = sorted({one for one in page.ids if page.ids.count(one) > 1})
    if twice:
        found.append(f"ids used twice: {twice}")
    if page.styled:
        found.append(f"styles or handlers in the page: {page.styled[:3]}")
    found += [f"a script without the nonce: {script}" for script in page.scripts if script.get("nonce") != nonce]
    found += [f"a field without a label: {one.attributes}" for one in page.controls if not _is_labelled(page, one)]
    found += [f"a button without words: {one.attributes}" for one in page.controls if _is_mute(one)]
    return found


def _is_labelled(page: Page, control: Control) -> bool:
    if control.tag == "button" or control.kind in UNLABELLED or control.in_label:
        return True
    named = {"aria-label", "aria-labelledby"} & control.attributes.keys()
    return bool(named) or bool(page.labels.get(control.attributes.get("id", "")))


def _is_mute(control: Control) -> bool:
    return control.tag == "button" and not control.text and not control.attributes.get("aria-label")
