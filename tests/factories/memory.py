"""Long stories told once: what a factory made on an empty database is put back when a later test asks for the same."""

import copy
import pickle
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app

from portal.kit.db import db
from tests.database import Copy

P = ParamSpec("P")
R = TypeVar("R")

_told: dict[tuple[str, bytes], tuple[dict[str, bytes], object]] = {}


def remembered(make: Callable[P, R]) -> Callable[P, R]:
    """Let `make` do its work once per worker and set of arguments.

    Only for what it does on a database that holds nothing yet, so that its rows are all there is to remember; after
    anything else it works as if it were not remembered. The clock goes on from where the story left it.
    """

    @wraps(make)
    def tell(*args: P.args, **kwargs: P.kwargs) -> R:
        database: Copy | None = current_app.extensions.get("worker_copy")
        if database is None or not database.is_empty():
            return make(*args, **kwargs)
        key = f"{make.__module__}.{make.__qualname__}", pickle.dumps((args, kwargs))
        if key not in _told:
            result = make(*args, **kwargs)
            _told[key] = database.rows(), copy.deepcopy(result)
            return result
        rows, result = _told[key]
        db.session.remove()
        database.put(rows)
        return copy.deepcopy(result)  # type: ignore[return-value]

    return tell
