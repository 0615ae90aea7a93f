"""Habits that hide faults: swallowed exceptions, commits below the edge, floats near money, unescaped output."""

import ast
import re

from tests.house_rules.sources import ROOT, sources

# Who may commit: the edge, a job's transaction, and what loads data in bulk.
COMMITTERS = {"blueprints/shared/edge.py", "portal/kit/jobs.py"}
MONEY = (
    "portal/kit/money.py",
    "portal/pricing",
    "portal/billing",
    "portal/needs/in_house.py",
)


def test_no_exception_is_swallowed() -> None:
    """Catch what you expect by name and do something about it."""
    wrong = []
    for source in sources("portal", "blueprints", "."):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or (len(node.body) == 1 and isinstance(node.body[0], ast.Pass))
            ):
                wrong.append(f"{source.path}:{node.lineno}")
    assert wrong == []


def test_only_the_edge_commits() -> None:
    """Actions flush; the edge or a job's transaction commits once."""
    wrong = []
    for source in sources("portal", "blueprints"):
        if str(source.path) in COMMITTERS or source.path.parts[1] == "demo":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                wrong.append(f"{source.path}:{node.lineno}")
    assert wrong == []


def test_money_never_touches_float() -> None:
    """Use Decimal for rates and integers of minor units for amounts."""
    wrong = []
    for source in sources("portal"):
        if not str(source.path).startswith(MONEY):
            continue
        for node in ast.walk(source.tree):
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            if is_literal or is_call:
                wrong.append(f"{source.path}:{node.lineno}")
    assert wrong == []


def test_forms_are_assigned_field_by_field() -> None:
    """populate_obj would let a sender set columns that the form does not show."""
    assert [str(s.path) for s in sources("blueprints", "portal") if "populate_obj" in s.text] == []


def test_templates_escape_and_obey_the_content_security_policy() -> None:
    """No |safe, no inline style or event handler; put styles into static/ and behaviour into portal.js."""
    pattern = re.compile(r"\|\s*safe\b|\sstyle=|\son[a-z]+=\"|autoescape false")
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if pattern.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert wrong == []


def test_every_module_says_what_it_is() -> None:
    """Begin each module with a docstring: what it is and what it refuses to do."""
    assert [str(s.path) for s in sources("portal", "blueprints", ".") if not ast.get_docstring(s.tree)] == []
