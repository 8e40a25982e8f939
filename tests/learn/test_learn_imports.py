"""What `import learn` may load, and who imports whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import learn


def test_import_is_light():
    """Heavy libraries and the engine are loaded by the functions that need them."""
    heavy = ["sklearn", "scipy", "matplotlib", "networkx", "PIL", "perceptron", "threadpoolctl", "urllib.request"]
    code = f"import sys, learn; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_convert_imports_the_engine():
    """And nothing here imports circuits or workbench."""
    for path in Path(learn.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            tops = {name.split(".")[0] for name in names}
            assert not tops & {"circuits", "workbench"}, path
            assert "perceptron" not in tops or path.name == "convert.py", path


def test_every_exported_name_is_there():
    """`__all__` holds what it says, sorted as the linter wants it; other names are an ordinary error."""
    for name in learn.__all__:
        assert getattr(learn, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'fit'"):
        _ = learn.fit
