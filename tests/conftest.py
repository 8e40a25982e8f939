"""Shared by all tests: where the strategies lie, how Hypothesis searches, the garbage collector, the command line."""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("local", max_examples=50, **COMMON)
settings.register_profile("ci", max_examples=50, derandomize=True, print_blob=True, **COMMON)
settings.register_profile("thorough", max_examples=2000, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "local"))


gc.disable()  # until the tests are collected: nothing of them is garbage


def pytest_collection_finish() -> None:
    """Leave the collected tests, which stay to the end, out of every collection, and walk large networks less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 20)
    gc.enable()


@pytest.fixture
def run(capsys):
    """Run the command line: (status, standard output, standard error)."""
    from workbench.cli import main

    def command(*words):
        try:
            status = main([str(word) for word in words])
        except SystemExit as leaving:
            status = leaving.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


@pytest.fixture
def wrong(run):
    """Run something wrong: the one line that says so."""

    def command(*words):
        status, out, err = run(*words)

        assert (status, out) == (2, "")
        assert err.count("\n") == 1, err
        assert err.startswith("perceptron: error: ")
        return err.removeprefix("perceptron: error: ").strip()

    return command
