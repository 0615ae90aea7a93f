"""Who may import whom: blueprints use the portal, never the other way round, and capabilities only look down."""

import ast

from tests.house_rules.sources import Source, imports, sources

ORDER = (
    "kit accounts messaging help measures pricing catalog signing needs selection billing agreements implementation"
    " monitoring reviews moderation demo"
).split()
REQUEST_NAMES = {"request", "session", "g", "abort", "url_for", "flash", "redirect", "render_template"}


def test_the_portal_never_imports_blueprints() -> None:
    """The domain does not know who is looking at a page: move what both need into the portal."""
    assert [
        f"{source.path}:{line} imports {name}"
        for source in sources("portal")
        for line, name in imports(source)
        if name.split(".")[0] in ("blueprints", "wsgi")
    ] == []


def test_the_portal_reads_nothing_of_the_request() -> None:
    """Pass the actor and plain values as arguments instead of reading Flask's request, session or g."""
    assert [
        f"{source.path}:{line} imports {name}"
        for source in sources("portal")
        for line, name in imports(source)
        if name.startswith(("flask.", "flask_login.")) and name.rpartition(".")[2] in {*REQUEST_NAMES, "current_user"}
    ] == []


def test_capabilities_import_only_what_stands_before_them() -> None:
    """Upper to lower is a call; lower to upper is a signal, heard in the upper part's reactions.py."""
    wrong = []
    for source in sources("portal"):
        own = source.path.parts[1] if len(source.path.parts) > 2 else None
        if own is None:
            continue
        for line, name in imports(source):
            parts = name.split(".")
            if (
                parts[0] == "portal"
                and len(parts) > 1
                and parts[1] in ORDER
                and ORDER.index(parts[1]) > ORDER.index(own)
            ):
                wrong.append(f"{source.path}:{line} imports {name}, which stands above {own}")
    assert wrong == []


def test_every_capability_has_its_place() -> None:
    """A new capability is added to the order, and to wsgi.CAPABILITIES."""
    from wsgi import CAPABILITIES

    rooms = {source.path.parts[1] for source in sources("portal") if len(source.path.parts) > 2}
    assert rooms <= set(ORDER)
    assert list(CAPABILITIES) == ORDER


def test_no_module_imports_itself_in_a_circle() -> None:
    """Break a circle by moving what both sides need into a third module."""
    known = {source.module: source for source in sources("portal", "blueprints", ".")}
    graph = {name: _targets(source, known) for name, source in known.items()}
    circles = []
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circles.append(" -> ".join([*path[path.index(name) :], name]))
            return
        if name in done:
            return
        for target in sorted(graph[name]):
            visit(target, (*path, name))
        done.add(name)

    for name in graph:
        visit(name, ())
    assert circles == []


def _targets(source: Source, known: dict[str, Source]) -> set[str]:
    """Modules a file needs while it is itself being imported; a package that holds the file does not count."""
    found = set()
    for node in source.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            single = Source(source.path, "", ast.Module(body=[node], type_ignores=[]))
            for _line, name in imports(single):
                found.add(name if name in known else name.rpartition(".")[0])
    return {
        name for name in found if name in known and not source.module.startswith(f"{name}.") and name != source.module
    }
