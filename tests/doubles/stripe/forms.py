"""Decodes the nested form keys of the API: `line_items[0][price_data][currency]=eur` and `expand[]=customer`."""

from typing import Any
from urllib.parse import parse_qsl

from tests.doubles.stripe.errors import invalid_request


def decode(encoded: str) -> dict[str, Any]:
    """Nested dicts and lists of strings; a key that is both a value and a container is refused with 400."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        parts = key.replace("]", "").split("[")
        node = root
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise invalid_request(f"Invalid parameters: {key} is both a value and a container", param=parts[0])
        name = parts[-1] or str(len(node))
        node[name] = value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    """Containers whose names are 0, 1, 2 … become lists."""
    if not isinstance(value, dict):
        return value
    items = {name: _listed(item) for name, item in value.items()}
    if items and sorted(items, key=lambda name: (len(name), name)) == [str(place) for place in range(len(items))]:
        return [items[str(place)] for place in range(len(items))]
    return items
