"""docs/reference.md is what the code says: every public name of every package, by its docstring."""

import re
from importlib import import_module
from pathlib import Path

from workbench.reference import PACKAGES, document

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"


def test_the_page_is_what_the_code_says():
    cure = "write it again: python -m workbench.reference > docs/reference.md"
    assert document() == PAGE.read_text(encoding="utf-8"), cure


def test_every_public_name_says_what_it_is():
    told = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", document(), re.MULTILINE))

    for package in PACKAGES:
        for name in import_module(package).__all__:
            assert re.match(r"[A-Za-z0-9`@]\S* \S", told[name]), f"{package}.{name} has the docstring {told[name]!r}"
