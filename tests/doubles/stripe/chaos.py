"""Trouble to order: the next requests that match a rule meet it, each as often as the rule says.

`before` kinds strike when nothing has happened yet, `after` kinds when the work is done but the caller cannot know.
"""

import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Trouble(StrEnum):
    """What can go wrong between the caller and the provider."""

    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    RATE_LIMIT = "rate_limit"
    KEY_IN_USE = "key_in_use"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    DELAY = "delay"
    DELAY_AFTER = "delay_after"


@dataclass
class Rule:
    """`path` is a regular expression searched in the request's path; `times` runs down to nothing."""

    trouble: Trouble
    method: str = "POST"
    path: str = ""
    times: int = 1
    seconds: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in (method, "ANY") and re.search(self.path, path) is not None


@dataclass
class Chaos:
    """The rules in force, in the order they were set."""

    rules: list[Rule] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, given: dict[str, Any]) -> None:
        """Add a rule from a control message; raises ValueError for an unknown kind of trouble or field."""
        known = {"method", "path", "times", "seconds"}
        if set(given) - known - {"kind"}:
            raise ValueError(f"unknown fields: {sorted(set(given) - known - {'kind'})}")
        rule = Rule(Trouble(given["kind"]), **{name: value for name, value in given.items() if name != "kind"})
        with self.lock:
            self.rules.append(rule)

    def meet(self, method: str, path: str) -> list[Rule]:
        """The troubles that this request meets: every delay and the first other rule; each is used up by one."""
        met: list[Rule] = []
        with self.lock:
            for rule in self.rules:
                other = any(one.trouble is not Trouble.DELAY for one in met)
                if rule.matches(method, path) and (rule.trouble is Trouble.DELAY or not other):
                    rule.times -= 1
                    met.append(rule)
            self.rules = [rule for rule in self.rules if rule.times > 0]
        return met

    def clear(self) -> None:
        with self.lock:
            self.rules = []
