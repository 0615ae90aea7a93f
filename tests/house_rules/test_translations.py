"""Every word that a reader must understand is there in the three languages, with its placeholders intact."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh_Hant", "zh_Hans")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
# Where nothing may stay English: what strangers read, what names things, what binds, what goes wrong.
REQUIRED = (
    "templates/public",
    "templates/account",
    "templates/layouts",
    "templates/components",
    "templates/errors",
    "templates/emails",
    "blueprints/public",
    "blueprints/account",
    "blueprints/shared",
    "portal/kit",
    "portal/accounts",
    "portal/measures",
    "portal/pricing",
    "portal/agreements",
    "portal/implementation/templates.py",
    "portal/reviews/words.py",
    "portal/selection/words.py",
    "portal/needs/states.py",
    "portal/needs/criteria.py",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
SPACE_BESIDE_WIDE = re.compile(r"[，。；：？！、「」“”（）] | [，。；：？！、「」（）]")
# Shapes that exist in one of the scripts only, or words of the other side of the strait.
FOREIGN = {
    "zh_Hant": re.compile("[这们么个发务应为说请变网络错误数据单邮认证过级订]|軟件|信息|質量|渠道|在線|反饋|服務器"),
    "zh_Hans": re.compile("[這們麼個發務應為說請變網絡錯誤數據單郵認證過級訂]|资讯|品质|通路|线上|回馈|伺服器|登入"),
}


@cache
def catalogue(language: str) -> Catalog:
    """The words of one language."""
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def words(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def all_forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def sources(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else [p for p in sorted(path.rglob("*")) if p.suffix in (".py", ".html", ".txt")]


def used_in(path: Path) -> list[tuple[int, str]]:
    """The line and English words of each message of a file; of a plural its first form, which is its key."""
    method = "python" if path.suffix == ".py" else "jinja2"
    options = {} if path.suffix == ".py" else {"newstyle_gettext": "true", "silent": "false"}
    found = extract_from_file(method, str(path), keywords=KEYWORDS, options=options)
    return [(line, all_forms(message)[0]) for line, message, _comments, _context in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", REQUIRED)
def test_nothing_a_reader_needs_is_left_untranslated(language: str, place: str) -> None:
    """Run script/translations and write the missing words into the catalogue."""
    paths = sources(place)
    assert paths, f"{place} is gone: name its new place in REQUIRED"
    missing = []
    for path in paths:
        for line, english in used_in(path):
            message = catalogue(language).get(english)
            if message is None or not all(all_forms(message.string)):
                missing.append(f"{path.relative_to(ROOT)}:{line}: {english}")
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
class TestEachTranslation:
    def test_is_nobodys_guess(self, language):
        assert [message.id for message in words(language) if message.fuzzy] == []

    def test_keeps_its_placeholders(self, language):
        """A missing one hides a value; a mistyped one breaks the page."""
        wrong = [
            message.id
            for message in words(language)
            for string in all_forms(message.string)
            if string and set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(all_forms(message.id)[-1]))
        ]
        assert wrong == []

    def test_is_spaced_as_chinese_is(self, language):
        wrong = [
            string
            for message in words(language)
            for string in all_forms(message.string)
            if SPACE_BESIDE_WIDE.search(string) or string != string.strip()
        ]
        assert wrong == []

    def test_speaks_the_language_of_its_readers(self, language):
        wrong = [
            string
            for message in words(language)
            for string in all_forms(message.string)
            if FOREIGN[language].search(string.replace("简体中文", ""))
        ]
        assert wrong == []

    def test_quotes_as_its_readers_do(self, language):
        foreign = "“”" if language == "zh_Hant" else "「」"
        wrong = [m.id for m in words(language) if set(foreign) & set("".join(all_forms(m.string)))]
        assert wrong == []
