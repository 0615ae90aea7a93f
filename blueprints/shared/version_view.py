"""Two versions of a requirement side by side, each field in words a reader understands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import date, datetime_zoned, listed, money, number
from blueprints.shared.requirement_view import month_names, share_of
from blueprints.shared.scenario_lines import NAMES, scenario_line
from portal.measures import words
from portal.measures.catalogue import measure
from portal.needs.differences import REQUIREMENT, Change, differences, is_empty, is_material, rows_by_key
from portal.needs.evaluation_words import BASIS_NAMES
from portal.needs.models import FrozenScenario, Requirement
from portal.needs.states import CHANGE_REASON_NAMES, GOAL_NAMES, SPLIT_NAMES, CriterionKind
from portal.needs.version_models import RequirementVersion
from portal.needs.version_queries import scenarios_of_versions, versions_of
from portal.needs.version_words import FIELD_NAMES, PART_NAMES, UNSHOWN
from portal.pricing.documents import scenario_from_document
from portal.pricing.formula_words import FORMULA_NAMES, TIE_NAMES
from portal.pricing.values import Scenario

KIND_NAMES = {
    "published": _l("Published"),
    "amended": _l("Changed"),
    "extended": _l("Deadline extended"),
    "refined": _l("Refined by both sides"),
}
VERDICTS = {
    "added": (_l("Added"), "ok", "plus-lg"),
    "dropped": (_l("Dropped"), "bad", "dash-lg"),
    "changed": (_l("Changed"), "info", "pencil"),
}


class Row(NamedTuple):
    """One field: its name, what it said and what it says, and the word for what happened to it."""

    label: str
    old: str
    new: str
    verdict: tuple[Any, str, str] | None
    is_material: bool


class Section(NamedTuple):
    """The fields of one part of a requirement that differ, and those that do not."""

    title: Any
    changed: list[Row]
    same: list[Row]


class Comparison(NamedTuple):
    """What a page about two versions shows."""

    sections: list[Section]
    count: int
    is_material: bool


def compared(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    scenarios: Sequence[FrozenScenario] = (),
    planned: Sequence[Scenario] = (),
) -> Comparison:
    """Two documents of versions in words.

    `scenarios` are all that were frozen for the requirement; `planned` those of a change that is not published yet.
    """
    reader = _Reader(old, new, {(one.name, one.sha256): one for one in scenarios}, {one.name: one for one in planned})
    found = differences(old, new)
    rows = {part: reader.changed([one for one in found if one.part == part]) for part in PART_NAMES}
    sections = [Section(name, rows[part], reader.same(part)) for part, name in PART_NAMES.items()]
    return Comparison(
        [one for one in sections if one.changed or one.same],
        sum(len(one.changed) for one in sections),
        is_material(found),
    )


def versions_page(requirement: Requirement) -> dict[str, Any]:
    """The names a page about the versions of a requirement reads; the two compared come from the address."""
    versions = versions_of(requirement)
    by_number = {one.number: one for one in versions}
    new = by_number.get(request.args.get("new", 0, type=int)) or (versions[0] if versions else None)
    wanted = request.args.get("old", 0, type=int)
    old = by_number.get(wanted) or by_number.get(new.number - 1 if new else 0)
    shown = compared(old.document, new.document, scenarios_of_versions(requirement)) if old and new else None
    return {
        "requirement": requirement,
        "versions": versions,
        "old": old,
        "new": new,
        "shown": shown,
        "kind_names": KIND_NAMES,
        "reason_names": CHANGE_REASON_NAMES,
    }


def deadline_of(version: RequirementVersion) -> str:
    """Until when bids were taken by a version."""
    said = version.document[REQUIREMENT]
    return _instant(said.get("deadline_at"), said)


class _Reader:
    """Reads two documents; the same for both, so that what did not change reads the same on both sides."""

    def __init__(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        frozen: Mapping[tuple[str, str], FrozenScenario],
        planned: Mapping[str, Scenario],
    ) -> None:
        self.old, self.new, self.frozen, self.planned = old, new, frozen, planned

    def changed(self, changes: Sequence[Change]) -> list[Row]:
        found: list[Row] = []
        for change in changes:
            if change.part == "scenarios":
                found += self._forecast(change, found)
            elif change.field:
                found += self._row(change.part, change.row, change.field, change.old, change.new, change.is_material)
            else:
                found += self._whole_row(change)
        return found

    def same(self, part: str) -> list[Row]:
        if part == "scenarios":
            return []
        found: list[Row] = []
        for key, values in self._rows(self.new, part).items():
            before = self._rows(self.old, part).get(key, {})
            for field, value in values.items():
                if not is_empty(value) and before.get(field) == value:
                    found += self._row(part, key, field, value, value, material=False, is_same=True)
        return found

    def _whole_row(self, change: Change) -> list[Row]:
        """Everything a row said, on the side that has it."""
        old, new = change.old or {}, change.new or {}
        found: list[Row] = []
        for field in dict.fromkeys((*new, *old)):
            if not is_empty(new.get(field, old.get(field))):
                found += self._row(change.part, change.row, field, old.get(field), new.get(field), material=True)
        return found

    def _row(
        self, part: str, key: str, field: str, old: Any, new: Any, material: bool, is_same: bool = False
    ) -> list[Row]:
        if (part, field) in UNSHOWN or (part, field) == ("channels", "channel"):
            return []
        name = str(FIELD_NAMES.get((part, field), field.replace("_", " ")))
        label = _("%(what)s: %(which)s", what=self._row_name(part, key), which=name) if key else name
        left, right = (
            self._words(part, key, field, value, document) for value, document in ((old, self.old), (new, self.new))
        )
        kind = "added" if is_empty(old) else "dropped" if is_empty(new) else "changed"
        return [Row(label, left, right, None if is_same else VERDICTS[kind], material)]

    def _words(self, part: str, key: str, field: str, value: Any, document: Mapping[str, Any]) -> str:
        if is_empty(value):
            return ""
        said = {"currency": document[REQUIREMENT].get("currency"), **self._rows(document, part).get(key, {})}
        return _WORDS.get((part, field), _plain)(value, said)

    def _row_name(self, part: str, key: str) -> str:
        if part == "channels":
            return str(words.CHANNEL_NAMES.get(key, key))
        for document in (self.new, self.old):
            if key in (rows := self._rows(document, part)):
                return str(rows[key].get("title", key))
        return key

    def _rows(self, document: Mapping[str, Any], part: str) -> dict[str, Mapping[str, Any]]:
        if part == REQUIREMENT:
            return {"": document.get(REQUIREMENT, {})}
        return rows_by_key(part, document.get(part, ()))

    def _forecast(self, change: Change, found: list[Row]) -> list[Row]:
        """One row for each scenario, however many of its marks differ."""
        label = str(NAMES.get(change.row, change.row))  # type: ignore[call-overload]
        if any(row.label == label for row in found):
            return []
        old, new = (self._figures(document, change.row) for document in (self.old, self.new))
        kind = "added" if not old else "dropped" if not new else "changed"
        return [Row(label, old, new, VERDICTS[kind], is_material=True)]

    def _figures(self, document: Mapping[str, Any], name: str) -> str:
        said = self._rows(document, "scenarios").get(name)
        if said is None:
            return ""
        row = self.frozen.get((name, said["sha256"]))
        scenario = scenario_from_document(row.document) if row else self.planned.get(name)
        if scenario is None:
            return ""
        line = scenario_line(scenario)
        return _(
            "%(contacts)s contacts in %(months)s months, %(fte)s full-time people on average",
            contacts=number(line.contacts, 0),
            months=line.months,
            fte=number(line.mean_fte, 1),
        )


Said = Mapping[str, Any]


def _plain(value: Any, _said: Said) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float | Decimal):
        return number(Decimal(str(value)))
    if isinstance(value, Mapping):
        return listed((f"{key} {_plain(one, _said)}" for key, one in value.items()), of_lists=True)
    if isinstance(value, list):
        return listed(_plain(one, _said) for one in value)
    return str(value)


def _one_of(names: Mapping[Any, Any]) -> Callable[[Any, Said], str]:
    return lambda value, _said: str(names.get(value, value))


def _some_of(names: Mapping[Any, Any]) -> Callable[[Any, Said], str]:
    return lambda value, _said: listed((names.get(one, one) for one in value), common=True)


def _day(value: str, _said: Said) -> str:
    return date(Date.fromisoformat(value))


def _instant(value: str | None, said: Said) -> str:
    if value is None:
        return ""
    return datetime_zoned(datetime.fromisoformat(value), said.get("deadline_zone") or said.get("timezone"))


def _hours(value: Said, _said: Said) -> str:
    days = (
        (name, listed(f"{opens}–{closes}" for opens, closes in value[day]))
        for day, name in words.WEEKDAY_NAMES.items()
        if day in value
    )
    return listed((f"{name} {spans}" for name, spans in days), of_lists=True)


def _languages(value: Sequence[Said], _said: Said) -> str:
    return listed(
        (
            f"{spoken_name(one['code'])} {words.LEVEL_NAMES.get(one['level'], one['level'])} {share_of(one['share'])}"
            for one in value
        ),
        of_lists=True,
    )


def _monthly(value: Sequence[str], _said: Said) -> str:
    if len(value) == 1:
        return number(Decimal(value[0]))
    names = [name for _number, name in month_names()]
    return listed((f"{name} {number(Decimal(one))}" for name, one in zip(names, value, strict=False)), of_lists=True)


def _figures(value: Sequence[str], _said: Said) -> str:
    return listed((number(Decimal(one)) for one in value), of_lists=True)


def _decimal(value: str, _said: Said) -> str:
    return number(Decimal(value))


def _percent(value: Any, _said: Said) -> str:
    return share_of(str(value))


def _metric(value: str, _said: Said) -> str:
    return str(measure(value).name)


def _texts(value: Sequence[str], _said: Said) -> str:
    return listed(value, of_lists=True)


def _money(value: int, said: Said) -> str:
    return money(value, said["currency"])


def _file(value: Said, _said: Said) -> str:
    return str(value.get("name", ""))


_WORDS: dict[tuple[str, str], Callable[[Any, Said], str]] = {
    (REQUIREMENT, "mode"): _one_of(words.MODE_NAMES),
    (REQUIREMENT, "goals"): _some_of(GOAL_NAMES),
    (REQUIREMENT, "industry"): _one_of(words.INDUSTRY_NAMES),
    (REQUIREMENT, "service_types"): _some_of(words.SERVICE_TYPE_NAMES),
    (REQUIREMENT, "country"): lambda value, _said: country_name(value),
    (REQUIREMENT, "split_rule"): _one_of(SPLIT_NAMES),
    (REQUIREMENT, "start_on"): _day,
    (REQUIREMENT, "end_on"): _day,
    (REQUIREMENT, "data_deletion_on"): _day,
    (REQUIREMENT, "deadline_at"): _instant,
    (REQUIREMENT, "hours"): _hours,
    (REQUIREMENT, "languages"): _languages,
    ("channels", "monthly"): _monthly,
    ("channels", "weekdays"): _figures,
    ("channels", "day_profile"): _figures,
    ("channels", "seasons"): _figures,
    ("channels", "growth_pct"): _percent,
    ("channels", "target_metric"): _metric,
    ("channels", "target_value"): _decimal,
    ("channels", "target_minimum"): _decimal,
    ("channels", "source"): _one_of({"typed": _l("typed"), "file": _l("from a file")}),
    ("channels", "file_findings"): _file,
    ("criteria", "weight"): _percent,
    ("criteria", "kind"): _one_of(
        {
            CriterionKind.PRICE: _l("by formula, from the total cost"),
            CriterionKind.QUALITY: _l("by people, 0 to 5"),
        }
    ),
    ("criteria", "anchors"): _texts,
    ("rules", "formula"): _one_of(FORMULA_NAMES),
    ("rules", "budget_minor"): _money,
    ("rules", "floor_minor"): _money,
    ("rules", "tie_rule"): _one_of(TIE_NAMES),
    ("rules", "quality_minimum"): _percent,
    ("rules", "two_envelopes"): _one_of({True: _l("After quality is scored"), False: _l("Together with the answers")}),
    ("rules", "pseudonyms"): _one_of({True: _l("Hidden until quality is scored"), False: _l("Shown")}),
    ("rules", "consensus"): _one_of(
        {True: _l("The evaluators seek a consensus"), False: _l("The mean counts as it is")}
    ),
    ("rules", "price_basis"): _one_of(BASIS_NAMES),
}
