"""Testing circuits: inputs for properties, and equality with an oracle that shows the smallest failing input.

inputs_of(circuit)          strategies of Hypothesis: values, or sequences of values over time
assert_equivalent(a, b)     two circuits, networks or Python functions answer alike
assert_frozen(circuit, ...) a circuit answers as it did (written by `perceptron freeze`)
"""

from circuits.testing.equivalent import NotEquivalentError, assert_equivalent
from circuits.testing.frozen import assert_frozen
from circuits.testing.inputs import inputs_of

__all__ = ["NotEquivalentError", "assert_equivalent", "assert_frozen", "inputs_of"]
