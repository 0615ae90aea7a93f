"""Pages of a list, newest first, and the expansion of ids into objects."""

import json
from collections.abc import Iterable
from typing import Any

from tests.doubles.stripe.errors import invalid_request, no_such
from tests.doubles.stripe.store import Object, Store

PLAIN_FILTERS = (
    "customer",
    "payment_intent",
    "charge",
    "destination",
    "status",
    "transfer_group",
    "source",
    "type",
    "currency",
    "email",
)


def page(rows: Iterable[Object], params: dict[str, Any], url: str) -> Object:
    """One page as the API gives it; `created` may be a time or a range, the other filters compare fields."""
    kept = [row for row in rows if _passes(row, params)]
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid_request("limit must be between 1 and 100", param="limit")
    ids = [row["id"] for row in kept]
    if after := params.get("starting_after"):
        kept = kept[_place(ids, after, "starting_after") + 1 :]
    if before := params.get("ending_before"):
        kept = kept[: _place(ids, before, "ending_before")]
        return {"object": "list", "url": url, "has_more": len(kept) > limit, "data": kept[-limit:]}
    return {"object": "list", "url": url, "has_more": len(kept) > limit, "data": kept[:limit]}


def _place(ids: list[str], wanted: str, param: str) -> int:
    if wanted not in ids:
        raise no_such("object", wanted, param=param)
    return ids.index(wanted)


def _passes(row: Object, params: dict[str, Any]) -> bool:
    if any(name in params and row.get(name) != params[name] for name in PLAIN_FILTERS):
        return False
    if "types" in params and row["type"] not in params["types"]:
        return False
    created = params.get("created")
    if isinstance(created, int):
        return bool(row["created"] == created)
    tests = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    return all(tests[name](row["created"], bound) for name, bound in (created or {}).items())


def expanded(store: Store, answer: Object, paths: list[str]) -> Object:
    """A copy of the answer in which each dotted path that holds an id holds the object itself."""
    copy: Object = json.loads(json.dumps(answer))
    for path in paths:
        _expand(store, copy, path.split("."), path)
    return copy


def _expand(store: Store, node: Any, parts: list[str], path: str) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(store, item, parts, path)
        return
    name = parts[0]
    if not isinstance(node, dict) or name not in node:
        raise invalid_request(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(node[name], str):
        found = store.objects.get(node[name])
        if found is None:
            raise invalid_request(f"This property cannot be expanded ({path}).", param="expand")
        node[name] = json.loads(json.dumps(found))
    if parts[1:] and node[name] is not None:
        _expand(store, node[name], parts[1:], path)
