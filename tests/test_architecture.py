"""The import arrows, read from the source; and what an import may load, asked of a fresh interpreter."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("perceptron", "circuits", "learn", "workbench")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
OURS = sorted({*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")})


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in SOURCES}


@cache
def imports(path, *, at_import=False):
    """The full names of the modules that a file imports, `if TYPE_CHECKING` left out.

    `from perceptron import Unit` is an import of perceptron; `from perceptron.engines import bits` of
    perceptron.engines.bits, if there is such a module. `at_import` leaves out those inside functions.
    """
    found = set()

    def visit(node):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module_name(path).split(".")
                package = package if path.name == "__init__.py" else package[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def of_ours(path, **options):
    return {name for name in imports(path, **options) if name.split(".")[0] in PACKAGES}


def by_name(paths):
    return {"argvalues": paths, "ids": [str(path.relative_to(ROOT)) for path in paths]}


ALLOWED = {"perceptron": set(), "circuits": {"perceptron"}, "learn": set(), "workbench": set(PACKAGES)}


@pytest.mark.parametrize("path", **by_name(SOURCES))
def test_packages_import_downward(path):
    """workbench -> circuits, learn -> perceptron; circuits and learn never each other; nobody the workbench."""
    package = path.relative_to(ROOT).parts[0]
    allowed = ALLOWED[package] | {package}
    if path.relative_to(ROOT) == Path("learn/convert.py"):
        allowed |= {"perceptron"}
    found = {name.split(".")[0] for name in of_ours(path)}
    assert found <= allowed


def test_the_page_about_the_house_names_what_is_there():
    """Each file or folder in docs/architecture.md exists; one without a folder is beside the one named before it."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folder, missing = ROOT, []
    for name in re.findall(r"`([\w/]+(?:\.py|/))`", page):
        path = next((start / name for start in (ROOT, folder, folder.parent) if (start / name).exists()), None)
        if path is None:
            missing.append(name)
        else:
            folder = path if path.is_dir() else path.parent
    assert not missing


def test_the_page_about_the_house_has_the_layers():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    lines = page.partition("or from its own package:\n\n```\n")[2].partition("```")[0].splitlines()
    assert [set(re.split(r" {3,}", line)[0].split()) for line in lines] == LAYERS


def test_the_bridge_is_where_it_is_said_to_be():
    assert {name.split(".")[0] for name in of_ours(ROOT / "learn" / "convert.py")} == {"learn", "perceptron"}


# Inside perceptron: a module imports only modules of lower layers, or of its own package.
LAYERS = [
    {"errors", "files", "spread", "columns"},
    {"numbers", "matching", "words", "arguments"},
    {"unit"},
    {"network", "activations"},
    {"check"},
    {"evaluate", "tape"},
    {"rewrite", "engines", "names"},
    {"stream", "patterns"},
    {"simulate", "digest", "differences"},
    {"transforms", "equivalence", "agreement", "linearize", "formats", "draw", "testing"},
    {"sensitivity"},
]
HEIGHT = {module: height for height, layer in enumerate(LAYERS) for module in layer}
INSIDE = [path for path in SOURCES if path.relative_to(ROOT).parts[0] == "perceptron"]


def part_of(name):
    """perceptron.engines.bits -> engines; perceptron -> itself, which imports everything."""
    return [*name.split("."), "the package itself"][1]


@pytest.mark.parametrize("path", **by_name([path for path in INSIDE if module_name(path) != "perceptron"]))
def test_modules_of_perceptron_import_downward(path):
    own = part_of(module_name(path))
    assert own in HEIGHT, f"give {own} a layer in this test and in docs/architecture.md"
    for name in of_ours(path):
        other = part_of(name)
        assert other == own or HEIGHT[other] < HEIGHT[own], f"{own} imports {other}"


def test_no_two_modules_import_each_other():
    """No ring of imports among the modules of all packages, package by package of `perceptron` aside."""
    edges = {
        name: {other for other in of_ours(path, at_import=True) if other != name} for name, path in MODULES.items()
    }
    done, ring = set(), []

    def leads_back(name, way):
        if name in way:
            ring.extend([*way[way.index(name) :], name])
            return
        if name in done:
            return
        for other in sorted(edges.get(name, ())):
            leads_back(other, [*way, name])
            if ring:
                return
        done.add(name)

    for name in MODULES:
        leads_back(name, [])
        assert not ring, " -> ".join(ring)


# --- what an import loads

HEAVY = ["graphviz", "pygraphviz", "numba", "scipy", "sklearn", "matplotlib", "PIL", "torch", "onnx", "pandas"]
HEAVY += ["hypothesis"]  # of the tests alone


def loaded_by(statement):
    """The top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["perceptron", "circuits", "learn"])
def test_an_import_loads_no_heavy_library(package):
    assert loaded_by(f"import {package}") & set(HEAVY) == set()


def test_learn_does_not_load_the_engine():
    """The arrays stand alone: perceptron and NetworkX come with `to_network`."""
    assert loaded_by("import learn") & {"perceptron", "networkx", "circuits"} == set()


def test_using_the_model_loads_no_heavy_library():
    work = "from circuits import half_adder\nfrom perceptron import soften, evaluate\nhalf_adder(1, 1)\n"
    work += "evaluate(soften(half_adder.network, 5), x1=1, x2=0)"
    assert loaded_by(work) & set(HEAVY) == set()


@pytest.mark.skipif("workbench.cli" not in MODULES, reason="there is no command line yet")
def test_the_command_line_starts_light():
    assert loaded_by("import workbench.cli") & {"numpy", "networkx", *HEAVY} == set()


# --- what no file of ours does


@pytest.mark.parametrize("path", **by_name(OURS))
def test_no_file_uses_pickle(path):
    """Models and circuits are data: reading one must never run code in it."""
    found = {name.split(".")[0] for name in imports(path)}
    assert found & {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"} == set()
    if path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant)
                assert node.value.value is False
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec")


ABSOLUTE = re.compile(r"""["'\s(=](/(?:home|root|work|tmp|Users|mnt|opt|data|var)/)""")


@pytest.mark.parametrize("path", **by_name(OURS))
def test_no_file_names_a_folder_of_one_computer(path):
    assert not ABSOLUTE.findall(path.read_text(encoding="utf-8").replace(ABSOLUTE.pattern, ""))


@pytest.mark.parametrize("path", **by_name(SOURCES))
def test_the_first_line_says_what_a_file_is_for(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].strip()
