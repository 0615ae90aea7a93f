"""Reads the project's own Python files once, for the rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = ("portal", "blueprints", "migrations", "benchmarks", "script")


class Source(NamedTuple):
    """One file: its path from the root, its text, its syntax tree, its dotted name."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The dotted name under which it is imported."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources(*tops: str) -> tuple[Source, ...]:
    """The Python files below the given folders, and those at the root for `.`."""
    return tuple(_read(tops))


def _read(tops: tuple[str, ...]) -> Iterator[Source]:
    for top in tops:
        files = sorted(ROOT.glob("*.py")) if top == "." else sorted((ROOT / top).rglob("*.py"))
        for file in files:
            text = file.read_text(encoding="utf-8")
            yield Source(file.relative_to(ROOT), text, ast.parse(text))


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports at any depth; relative imports are made absolute."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = source.module.split(".")
                keep = len(package) - node.level + (1 if source.path.name == "__init__.py" else 0)
                base = ".".join([*package[:keep], *filter(None, [base])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
