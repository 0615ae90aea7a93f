"""What a public page tells search engines and whoever shares it: its address, its languages, a line about it, facts.

A page without a language in its address is written in the reader's; with `lang` it is in that language for everybody,
so those are the addresses that search engines are told of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request, url_for
from flask_babel import get_locale

from blueprints.shared.context import LANGUAGES
from blueprints.shared.formatting import html_lang

SHORT = 155
"""Characters of a description that search engines show."""

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Findable:
    """A page as it is to be found.

    :ivar path: its address within the portal, without a language
    :ivar description: a sentence or two about it, in the reader's language
    :ivar facts: what it says, in the words of schema.org
    :ivar languages: those it is written in
    :ivar is_indexed: whether search engines are asked to list it; links on it are followed either way
    """

    path: str
    description: str
    facts: Sequence[Facts] = ()
    languages: Sequence[str] = field(default_factory=lambda: tuple(LANGUAGES))
    kind: str = "website"
    is_indexed: bool = True

    @property
    def canonical(self) -> str:
        """The one address of what is shown: with the language where the reader's address names one."""
        asked = request.args.get("lang")
        return in_language(self.path, asked) if asked in self.languages else absolute(self.path)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """(language, address) of the same page in each language, and of the one that goes by the reader."""
        return alternates(self.path, self.languages)

    @property
    def document(self) -> Facts | None:
        """All facts as one document of linked data; None without any."""
        return {"@context": "https://schema.org", "@graph": list(self.facts)} if self.facts else None

    @property
    def locale(self) -> str:
        """The language of the page as sharing sites name it."""
        return _SHARED_AS[str(get_locale())]

    @property
    def picture(self) -> str:
        """What is shown beside a shared link."""
        return absolute(url_for("static", filename="share.png"))


_SHARED_AS = {"en": "en_GB", "zh_Hant": "zh_TW", "zh_Hans": "zh_CN"}


def absolute(path: str) -> str:
    """A path as the address people reach the portal by, whatever name this request came under."""
    base: str = current_app.config["PORTAL"].base_url
    return base + path


def in_language(path: str, language: str) -> str:
    """The whole address of a page in one language."""
    return absolute(f"{path}{'&' if '?' in path else '?'}lang={language}")


def alternates(path: str, languages: Iterable[str] = tuple(LANGUAGES)) -> list[tuple[str, str]]:
    """(language, address) of a page in each of `languages`; `x-default` goes by the reader's own."""
    named = [(html_lang(language), in_language(path, language)) for language in languages]
    return [*named, ("x-default", absolute(path))]


def shortened(text: str) -> str:
    """The beginning of a text, as long as search engines show, ending with a whole word where it has words."""
    line = " ".join(text.split())
    if len(line) <= SHORT:
        return line
    cut = line[: SHORT - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > SHORT // 2 else cut).rstrip(" ,;，、；") + "…"
