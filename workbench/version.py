"""The version of the program that is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def this_version() -> str:
    """Such as `0.1.0`, or words where the program is not installed."""
    try:
        return version("perceptron-circuits")
    except PackageNotFoundError:
        return "(not installed)"
