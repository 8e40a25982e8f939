"""The exception of circuit definitions; it stands in the tree of perceptron.errors.

PerceptronError
└── CircuitError                a circuit is defined or called in a way that cannot mean anything
"""

from perceptron.errors import PerceptronError


class CircuitError(PerceptronError):
    """A circuit is defined or called wrongly; the message says what to write instead."""
