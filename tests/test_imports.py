"""Import arrows only ever point down, and no module is in a circle (docs/decisions/0001)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "impasto"

# From the ground up: each may import what stands before it in this list, and itself.
ORDER = ["errors", "text", "chinese", "colours", "files", "folders", "mirrors", "signals"]
ORDER += ["events", "work", "settings", "asked", "task", "imaging", "faces", "media", "painters"]
ORDER += ["library", "samples", "words", "networks", "losses", "methods", "arrangements"]
ORDER += ["painting", "verbs", "reports", "training", "workflows", "exporters", "service", "cli"]
DOOR = {"__init__", "__main__"}  # the package's own door names everything, lazily


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax of a file, which is parsed once for all that ask."""
    return ast.parse(path.read_text())


def imports_of(path: Path) -> set[str]:
    """Parts of impasto that a file imports, anywhere in it."""
    imports = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative imports hide which floor they reach"
            names = [node.module]
            if node.module == "impasto":
                names = [f"impasto.{a.name}" for a in node.names if a.name != "__version__"]
        else:
            continue
        imports |= {name.split(".")[1] for name in names if name.startswith("impasto.")}
    return imports


FILES = sorted(p for p in ROOT.rglob("*.py") if part_of(p) not in DOOR)


def test_imports_point_down() -> None:
    for path in FILES:
        part = part_of(path)
        for target in imports_of(path) - {part}:
            place = path.relative_to(ROOT)
            assert ORDER.index(target) < ORDER.index(part), f"{place} imports {target}"


def name_of(path: Path) -> str:
    parts = ["impasto", *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(p) for p in ROOT.rglob("*.py")}


def run_at_load(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that loading a module runs: all but functions and what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield other
                yield from run_at_load(other)
            continue
        yield node
        yield from run_at_load(node)


def modules_imported_at_load(path: Path) -> set[str]:
    """Modules of impasto that a file needs as soon as it is loaded, as dotted names."""
    modules: set[str] = set()
    for node in run_at_load(tree_of(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names if alias.name in MODULES}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("impasto"):
            # `from package import module` needs the module; the package only gathers it.
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES
            if inner or node.module != "impasto":  # the door itself, for its version
                modules |= inner or {str(node.module)}
    return modules


def test_imports_are_found_wherever_loading_runs_them(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text(
        "import impasto.files\n"
        "from impasto import errors\n"
        "if TYPE_CHECKING:\n    import impasto.settings.recipes\nelse:\n    import impasto.events\n"
        "try:\n    import impasto.text as s\nexcept ImportError:\n    import impasto.painting\n"
        "class A:\n    from impasto.imaging import read\n"
        "def f():\n    import impasto.task\n"
    )
    names = {"files", "errors", "events", "text", "painting", "imaging.read"}
    assert modules_imported_at_load(page) == {f"impasto.{name}" for name in names}


def test_no_module_is_in_a_circle() -> None:
    graph = {name_of(p): modules_imported_at_load(p) for p in ROOT.rglob("*.py")}
    graph = {name: targets & graph.keys() for name, targets in graph.items()}
    visits: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name in visits:
            return
        for target in graph[name]:
            walk(target, (*trail, name))
        visits.add(name)

    for name in graph:
        walk(name, ())


def public_names() -> dict[str, set[str]]:
    """What each module that says so has for others, by the module's name."""
    names: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names[name_of(path)] = set(ast.literal_eval(node.value))
    return names


def test_modules_take_from_each_other_only_what_is_in_all() -> None:
    public = public_names()
    assert len(public) > 300
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module in public.keys() - {name_of(path)}:
                names = {a.name for a in node.names if f"{node.module}.{a.name}" not in MODULES}
                assert names <= public[node.module], f"{path} takes of {node.module}"


def test_every_part_has_its_place() -> None:
    assert {part_of(path) for path in FILES} == set(ORDER)


HOUSE = ROOT.parents[1]
# What stands beside the package, and what of it each part may know.
BESIDE = {"src/impasto": {"impasto"}, "training": {"impasto", "training"}}


def tops_of(path: Path) -> set[str]:
    """First names of all that a file imports, anywhere in it."""
    tops = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            tops |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            tops.add(node.module.split(".")[0])
    return tops


@pytest.mark.parametrize("folder", BESIDE)
def test_the_package_knows_no_training_and_training_no_benchmark(folder: str) -> None:
    paths = list((HOUSE / folder).rglob("*.py"))
    houses = {"impasto", "training", "benchmarks", "tools", "examples", "tests"}
    names = set().union(*(tops_of(path) & houses for path in paths))
    assert names == BESIDE[folder]


def test_what_paints_loads_no_httpx_which_takes_a_quarter_of_a_second() -> None:
    below = [path for path in FILES if ORDER.index(part_of(path)) <= ORDER.index("reports")]
    loads = {
        name_of(path)
        for path in below
        for node in run_at_load(ast.parse(path.read_text()))
        if isinstance(node, ast.Import) and node.names[0].name == "httpx"
    }
    # Both are loaded inside the functions that ask another machine.
    assert loads == {"impasto.networks.weights.download", "impasto.words.language_model"}
