"""The calculators that can be run from the shell: a registry, and the reading and writing of their JSON.

A calculator is a pure function from one JSON document to another. It is registered under the name that
``flask calc NAME`` uses, together with the JSON Schema of its input. Numbers in a document are read as
``Decimal``, never as float, so that a calculator can be exact. Nothing here touches a database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from portal.kit.errors import Invalid

Document = Mapping[str, Any]
Compute = Callable[[Document], Any]


class CalculationError(Invalid):
    """A refused input of a calculation.

    :ivar path: where the value at fault stands, such as ``operating[2].tiers[1].rate``; also the form `field`
    :ivar message: what to do about it, without the path
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message=message, field=path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else str(self.message)

    def under(self, prefix: str) -> CalculationError:
        """The same refusal seen from an enclosing document: its path gets `prefix` in front."""
        return CalculationError(join_path(prefix, self.path), str(self.message))


def join_path(*parts: str) -> str:
    """Join parts of a field path: ``("operating", "[2]", "rate")`` gives ``operating[2].rate``."""
    path = ""
    for part in filter(None, parts):
        path += part if part.startswith("[") or not path else f".{part}"
    return path


@dataclass(frozen=True, slots=True)
class Calculator:
    """One registered calculation: its name, what it does in a sentence, its input's schema, the function."""

    name: str
    summary: str
    schema: Document
    compute: Compute

    def run(self, document: object) -> Any:
        """Answer one document with one document, or a list of documents with the list of their answers.

        :raises CalculationError: for a refused document; in a list the path starts with its position
        """
        if isinstance(document, list):
            return [self._run_one(one, f"[{position}]") for position, one in enumerate(document)]
        return self._run_one(document, "")

    def _run_one(self, document: object, path: str) -> Any:
        if not isinstance(document, Mapping):
            raise CalculationError(path, "must be a JSON object")
        try:
            return self.compute(document)
        except CalculationError as error:
            raise error.under(path) from error


_registered: dict[str, Calculator] = {}


def calculator(name: str, *, schema: Document) -> Callable[[Compute], Compute]:
    """Register the decorated function as the calculator `name`; its docstring's first line is its summary."""

    def register(compute: Compute) -> Compute:
        if name in _registered:
            raise LookupError(f"two calculators are called {name!r}")
        summary = (compute.__doc__ or name).strip().splitlines()[0]
        _registered[name] = Calculator(name=name, summary=summary, schema=schema, compute=compute)
        return compute

    return register


def find_calculator(name: str) -> Calculator | None:
    """The calculator registered as `name`, or None."""
    return _registered.get(name)


def calculator_names() -> list[str]:
    """The names of all registered calculators, sorted."""
    return sorted(_registered)


def read_json(text: str) -> Any:
    """Parse JSON with every number as Decimal.

    :raises CalculationError: for text that is not JSON, NaN or Infinity, or a key given twice in one object
    """
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_double_keys,
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise CalculationError("", f"the input is not readable JSON ({error})") from error


def write_json(value: object) -> str:
    """Write JSON; a Decimal becomes a string with exactly its digits, because a JSON reader may take floats."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain, allow_nan=False)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"a calculator answered with {type(value).__name__}, which JSON cannot hold")


def _refuse_constant(name: str) -> NoReturn:
    raise CalculationError("", f"{name} is not a number that can be calculated with")


def _refuse_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in pairs:
        if key in document:
            raise CalculationError(key, "is given twice")
        document[key] = value
    return document
