"""What the code imports is what the project says it needs, and the lock holds it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ("config.py", "wsgi.py", "portal", "blueprints", "migrations", "script")
# Scripts that only run where the development packages are.
DEVELOPMENT = ("tests", "benchmarks", "script/run_tests.py")


def named(file: str) -> list[str]:
    """The requirement lines of a file, without those it includes."""
    return [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith(("-", "#"))]


def names(lines: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", line)[0].lower().replace("_", "-") for line in lines}


def locked(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^ ]+)", (ROOT / file).read_text(), re.MULTILINE))


def sources(places: tuple[str, ...]) -> list[Path]:
    return [
        file for place in places for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]


def imported(files: list[Path]) -> dict[str, Path]:
    """Top-level modules that are neither ours nor Python's, each with a file that imports it."""
    found: dict[str, Path] = {}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            modules = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for module in modules:
                found.setdefault(module.split(".")[0], file)
    ours = {path.stem for path in ROOT.iterdir()}
    return {name: file for name, file in found.items() if name not in sys.stdlib_module_names and name not in ours}


@pytest.mark.parametrize(
    "places, lists",
    [(RUNTIME, ["requirements.in"]), (DEVELOPMENT, ["requirements.in", "requirements-dev.in"])],
    ids=["runtime", "development"],
)
def test_every_import_is_of_a_named_dependency(places, lists):
    known = names([line for file in lists for line in named(file)])
    providers = packages_distributions()
    files = [file for file in sources(places) if places is DEVELOPMENT or file.name != "run_tests.py"]
    missing = {
        f"{module} (imported by {file.relative_to(ROOT)})"
        for module, file in imported(files).items()
        if not known & {provider.lower().replace("_", "-") for provider in providers.get(module, [module])}
    }
    assert not missing, f"Add to {lists[-1]} and pyproject.toml, then run script/lock: {sorted(missing)}"


def test_the_project_names_the_same_dependencies_as_the_list():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert sorted(project["dependencies"]) == sorted(named("requirements.in"))


def test_both_locks_hold_every_named_dependency_at_one_version():
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert names(named("requirements.in")) <= runtime.keys()
    assert names(named("requirements-dev.in")) <= development.keys()
    assert runtime.items() <= development.items(), "Run script/lock"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address(lock):
    assert "://" not in (ROOT / lock).read_text()
