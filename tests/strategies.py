"""The strategies of `perceptron.testing`, under the name that these tests import them by."""

from perceptron.testing import AWKWARD, assignments, names, networks, weights

__all__ = ["AWKWARD", "assignments", "names", "networks", "weights"]
