"""Checks a request against the parameter types that the installed `stripe` library itself declares.

The library's service classes name every route and the TypedDict of its parameters. They are read from the source once
(`ast`, nothing is executed) and each TypedDict is resolved when its route is first used, so the double always refuses
exactly what the pinned version of the library would call a mistake. It checks shape only; what a value refers to is
the business of the routes.
"""

import ast
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from types import UnionType

import stripe
import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_context import StripeContext

from tests.doubles.stripe.errors import StripeRefusal, invalid_request

INTEGER = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
TRANSPORT_KEYS = frozenset(RequestOptions.__annotations__)


@dataclass(frozen=True)
class Route:
    """One route of the API: method, path template such as `/v1/refunds/{refund}`, and the type of its parameters."""

    method: str
    template: str
    module: str
    params_name: str | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The library's route for this request and the values in its path; None when the API has no such route."""
    wanted = path.strip("/").split("/")
    best: tuple[Route, dict[str, str]] | None = None
    for route in catalogue():
        parts = route.template.strip("/").split("/")
        if route.method != method or len(parts) != len(wanted):
            continue
        values = {p[1:-1]: w for p, w in zip(parts, wanted, strict=True) if p.startswith("{")}
        literal = all(p.startswith("{") or p == w for p, w in zip(parts, wanted, strict=True))
        if literal and (best is None or len(values) < len(best[1])):
            best = (route, values)
    return best


@cache
def catalogue() -> tuple[Route, ...]:
    """Every route declared by the service classes of the installed library."""
    root = Path(stripe.__file__).parent
    found: dict[tuple[str, str], Route] = {}
    for source in sorted(root.rglob("_*_service.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for route in _routes_of(node, _imports_of(source)):
                    found.setdefault((route.method, route.template), route)
    return tuple(found.values())


@cache
def _imports_of(source: Path) -> dict[str, str]:
    """Name -> module for the parameter types that a service file imports for its annotations."""
    modules: dict[str, str] = {}
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules.update({alias.name: node.module for alias in node.names})
    return modules


def _routes_of(service: ast.ClassDef, modules: dict[str, str]) -> Iterator[Route]:
    for function in service.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        params_name = _params_name(function)
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr != "_request" or len(call.args) < 2:
                continue
            method, template = _literal(call.args[0]), _literal(call.args[1])
            if method and template:
                yield Route(method.upper(), template, modules.get(params_name or "", ""), params_name)


def _literal(node: ast.expr) -> str | None:
    """The text of a string, or of the template in `"…{id}".format(id=…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _params_name(function: ast.FunctionDef) -> str | None:
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            match = re.search(r"\w+Params", ast.unparse(argument.annotation))
            return match.group(0) if match else None
    return None


def validate(route: Route, params: dict[str, object]) -> dict[str, object]:
    """The parameters with their declared types; raises the 400 of the API for anything the types do not allow."""
    if route.params_name is None:
        if params:
            raise _unknown(next(iter(params)))
        return {}
    return _typed_dict(getattr(import_module(route.module), route.params_name), params, "")


@cache
def _fields(shape: type) -> tuple[dict[str, object], frozenset[str]]:
    """Resolved annotations of a TypedDict, and the names it requires."""
    namespace = dict(vars(import_module(shape.__module__)))
    namespace.update(vars(import_module("stripe._request_options")), StripeContext=StripeContext)
    hints = typing_extensions.get_type_hints(shape, globalns=namespace, include_extras=True)
    hints = {name: hint for name, hint in hints.items() if name not in TRANSPORT_KEYS}
    optional = {name for name, hint in hints.items() if typing.get_origin(hint) in _NOT_REQUIRED}
    return {name: _bare(hint) for name, hint in hints.items()}, frozenset(set(hints) - optional)


_NOT_REQUIRED: tuple[object, ...] = (typing_extensions.NotRequired, typing.NotRequired)


def _bare(hint: object) -> object:
    return typing.get_args(hint)[0] if typing.get_origin(hint) in _NOT_REQUIRED else hint


def _typed_dict(shape: type, value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise invalid_request(f"Invalid object: {path} must be a set of fields", param=path)
    fields, required = _fields(shape)
    for name in value:
        if name not in fields:
            raise _unknown(_join(path, name))
    for name in sorted(required):
        if value.get(name) in (None, ""):
            raise invalid_request(
                f"Missing required param: {_join(path, name)}.", code="parameter_missing", param=_join(path, name)
            )
    return {name: _typed(fields[name], given, _join(path, name)) for name, given in value.items()}


def _typed(hint: object, value: object, path: str) -> object:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal or origin is typing_extensions.Literal:
        return _enumerated(arguments, value, path)
    if origin in (typing.Union, UnionType):
        return _one_of(arguments, value, path)
    if origin is list:
        if not isinstance(value, list):
            raise invalid_request(f"Invalid array: {path}", param=path)
        return [_typed(arguments[0], item, f"{path}[{place}]") for place, item in enumerate(value)]
    if origin is dict or (isinstance(origin, type) and issubclass(origin, dict)):
        return _mapping(arguments, value, path)
    if isinstance(hint, type) and typing_extensions.is_typeddict(hint):
        return _typed_dict(hint, value, path)
    if hint is str and isinstance(value, str):
        return value
    if hint is bool and value in ("true", "false"):
        return value == "true"
    if hint is int and isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    if hint in (Decimal, float) and isinstance(value, str) and DECIMAL.fullmatch(value):
        return Decimal(value)
    if hint is typing.Any:
        return value
    name = {int: "integer", bool: "boolean", str: "string", Decimal: "decimal"}.get(hint, "value")  # type: ignore[call-overload]
    raise invalid_request(f"Invalid {name}: {value}", code=f"parameter_invalid_{name}", param=path)


def _enumerated(allowed: tuple[object, ...], value: object, path: str) -> object:
    if value in allowed:
        return value
    listed = ", ".join(str(one) for one in allowed if one != "")
    raise invalid_request(f"Invalid {path}: must be one of {listed}", param=path)


def _one_of(members: tuple[object, ...], value: object, path: str) -> object:
    """A union; a `Literal | str` is an open list of names in the library and is taken as closed here."""
    has_names = any(_names(member) for member in members)
    refusal: StripeRefusal | None = None
    for member in members:
        if member is type(None) or (member is str and has_names):
            continue
        try:
            return _typed(member, value, path)
        except StripeRefusal as refused:
            refusal = refusal if refusal and _structured(value) != _structured_hint(member) else refused
    raise refusal or invalid_request(f"Invalid {path}", param=path)


def _names(hint: object) -> bool:
    """Whether this is a list of names; `Literal['']` only says that a value may be cleared."""
    return typing.get_origin(hint) in (typing.Literal, typing_extensions.Literal) and typing.get_args(hint) != ("",)


def _structured(value: object) -> bool:
    return isinstance(value, dict | list)


def _structured_hint(hint: object) -> bool:
    origin = typing.get_origin(hint)
    return origin in (list, dict) or (isinstance(hint, type) and typing_extensions.is_typeddict(hint))


def _mapping(arguments: tuple[object, ...], value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise invalid_request(f"Invalid hash: {path}", param=path)
    item = arguments[-1] if arguments else str
    return {str(name): _typed(item, given, _join(path, str(name))) for name, given in value.items()}


def _unknown(path: str) -> StripeRefusal:
    return invalid_request(f"Received unknown parameter: {path}", code="parameter_unknown", param=path)


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
