"""The opaque marks by which a page of the directory says where the next one begins: the sort keys of its last row."""

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

MAX_MARK = 2000
MAX_BIGINT = 2**63 - 1


def write_mark(row: Row[Any], keys: int) -> str:
    """The mark of a row that carries its keys as `key_1` …"""
    values = [str(getattr(row, f"key_{number}")) for number in range(1, keys + 1)]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_mark(mark: str, kinds: Sequence[str]) -> tuple[Any, ...] | None:
    """The values of a mark, None for one that is not ours."""
    if not mark or len(mark) > MAX_MARK:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            return None
        return tuple(_read_key(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error, RecursionError):
        return None


def _read_key(value: Any, kind: str) -> Any:
    if kind == "uuid":
        return uuid.UUID(value)
    if kind == "timestamptz":
        return datetime.fromisoformat(value)
    if kind == "text":
        if "\x00" in value or not value.isprintable():
            raise ValueError(value)
        return value
    number = int(value)
    if abs(number) > MAX_BIGINT:
        raise ValueError(value)
    return number
