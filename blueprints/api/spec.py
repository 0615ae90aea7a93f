"""What the API takes and gives: checked by the same schemas that its OpenAPI document is written from."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from flask import Flask
from pydantic import BaseModel, ValidationError
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from blueprints.api.schemas.values import Problem
from blueprints.shared.problems import CONTENT_TYPE, InvalidFields
from blueprints.shared.submissions import KEY_HEADER
from portal.accounts.permissions import Permission

ABOUT = (
    "Everything a program may do for a company on Switchboard. Amounts are integers of the currency's minor unit,"
    " decimals are text, instants are ISO 8601 in UTC; a thing that has a time zone of its own names it. Lists come"
    " in pages: send `next` as `after` to get the following one. Refusals are problem documents (RFC 9457)."
)
SCHEME = "token"
_PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")  # a value in an address, as Flask writes it
ALWAYS = {
    "429": "Too many refused tokens from this network address",
    "500": "The fault is ours",
    "503": "Worth another try in a moment",
}
ONE_THING = {"404": "There is no such thing for you"}
BY_TOKEN = ONE_THING | {
    "401": "No token, or one that opens nothing",
    "403": "The token or its person may not do this",
}
WRITING = {
    "400": "No Idempotency-Key, or a body that is not JSON",
    "409": "It moved meanwhile, or its state does not allow this",
    "413": "The body is too large",
    "415": "The body is not sent as JSON",
}


def _refuse(_request: Any, _response: Any, error: Any, _instance: Any, _adapter: Any) -> None:
    """Before a view: name every value that cannot be taken, in the words of the one renderer."""
    if isinstance(error, ValidationError):
        faults = [(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors()]
        raise InvalidFields(faults)


def _fail(_request: Any, _response: Any, error: Any, _instance: Any, _adapter: Any) -> None:
    """After a view: an answer that is not what the document promises is a mistake of ours."""
    if error is not None:
        raise RuntimeError("an answer of the API does not fit its schema")


spec = SpecTree(
    "flask",
    mode="strict",
    title="Switchboard API",
    version="1",
    description=ABOUT,
    before=_refuse,
    after=_fail,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[
        SecurityScheme(
            name=SCHEME,
            data=SecuritySchemeData(
                type=SecureType.HTTP, scheme="bearer", description="Made under Your account, API tokens"
            ),
        )
    ],
)


def documented(answer: type[BaseModel], tag: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view gives `answer`, and takes the models its parameters `query` and `json` are annotated with."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        described = spec.validate(resp=Response(HTTP_200=answer), tags=(tag,), operation_id=view.__name__)(view)
        return cast("Callable[..., Any]", described)

    return decorate


def document_of(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the application's API."""
    with app.app_context():
        document: dict[str, Any] = copy.deepcopy(spec.spec)
    document["components"]["schemas"][Problem.__name__] = Problem.model_json_schema()
    guards = dict(_guards(app))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation, guards[(path, method)])
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


def _guards(app: Flask) -> Iterator[tuple[tuple[str, str], Any]]:
    """Who may use each operation, by the address as the document writes it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            address = _PLACE.sub(r"{\1}", rule.rule)
            for method in rule.methods or ():
                yield (address, method.lower()), getattr(app.view_functions[rule.endpoint], "guard", None)


def _complete(path: str, method: str, operation: dict[str, Any], guard: Any) -> None:
    """Add what the library does not know: who may ask, which refusals there are and how they look."""
    is_public = guard == "open_to_all"
    refusals = ALWAYS | ({"401": BY_TOKEN["401"]} if is_public else BY_TOKEN)
    refusals |= ONE_THING if "{" in path else {}
    operation["security"] = [{}, {SCHEME: []}] if is_public else [{SCHEME: []}]
    if isinstance(guard, Permission):
        operation["description"] = f"{operation['description']}\n\nThe person needs the permission `{guard}`.".strip()
    if method == "post":
        refusals |= WRITING
        operation["parameters"].append(
            {
                "name": KEY_HEADER,
                "in": "header",
                "required": True,
                "description": "Of your choice; the same key with the same body is done once and answered alike",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
            }
        )
    takes_values = "requestBody" in operation or any(one["in"] == "query" for one in operation["parameters"])
    if not takes_values:
        del operation["responses"]["422"]
    for one in operation["parameters"]:
        if one["name"] == "month":
            one["schema"] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "example": "2026-06"}
    known = {"422": "Values that cannot be taken, named in `errors`"} if takes_values else {}
    for status, words in (refusals | known).items():
        schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
        operation["responses"][status] = {"description": words, "content": {CONTENT_TYPE: {"schema": schema}}}
    operation["responses"] = dict(sorted(operation["responses"].items()))
