"""Files and functions stay short enough to be read in one go."""

import ast

from tests.house_rules.sources import ROOT, sources

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES, TEST_LINES = 400, 60, 200, 700


def test_production_files_stay_under_400_lines() -> None:
    """Split a file by verb or subject before it gets there."""
    assert [
        f"{source.path}: {source.text.count(chr(10)) + 1} lines"
        for source in sources("portal", "blueprints", "migrations", "benchmarks", ".")
        if source.text.count("\n") + 1 > FILE_LINES
    ] == []


def test_test_files_stay_under_700_lines() -> None:
    """Split tests as the code they test is split."""
    assert [str(s.path) for s in sources("tests") if s.text.count("\n") + 1 > TEST_LINES] == []


def test_functions_stay_under_60_lines() -> None:
    """A longer function does two things: name them."""
    long = []
    for source in sources("portal", "blueprints", "benchmarks", "."):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{source.path}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


def test_templates_stay_under_200_lines() -> None:
    """Move a part into a macro or an included file."""
    assert [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file() and (lines := path.read_text(encoding="utf-8").count("\n") + 1) > TEMPLATE_LINES
    ] == []
