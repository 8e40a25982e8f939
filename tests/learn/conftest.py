"""Where the real MNIST files and the networks of others are, for the tests that need them."""

import os
from pathlib import Path

import pytest

from learn import load_mnist


@pytest.fixture(scope="session")
def mnist_folder():
    """The folder of the four real files, from PERCEPTRON_DATA; else the test is skipped."""
    folder = os.environ.get("PERCEPTRON_DATA")
    if not folder or not Path(folder, "train-images-idx3-ubyte.gz").is_file():
        pytest.skip("PERCEPTRON_DATA does not name a folder with the four MNIST files")
    return Path(folder)


@pytest.fixture(scope="session")
def mnist(mnist_folder):
    """The real MNIST data set."""
    return load_mnist(mnist_folder)


@pytest.fixture(scope="session")
def networks_folder(mnist_folder):
    """The folder `networks` beside the MNIST files, with networks that others trained; else skipped."""
    folder = mnist_folder.parent / "networks"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: it holds the networks that others trained")
    return folder
