"""The exceptions of this package; each message names the thing, the value and the cure.

PerceptronError                 (a ValueError)
├── NetworkError                the network itself is not valid: names, weights, table sums
│   └── CycleError              a unit depends on itself; `.cycle` lists the nodes
├── InputError                  the values given to a network do not fit it
├── ParameterError              an argument of a function is out of its range
└── DrawError                   a picture cannot be made

UnprovedWarning                 (a UserWarning) no difference was found, and none ruled out
"""

SHOWN = 30  # nodes of a loop that a message lists; `CycleError.cycle` has them all


class PerceptronError(ValueError):
    """Whatever this package finds wrong with what it was given."""


class NetworkError(PerceptronError):
    """The network breaks one of its invariants (see `perceptron.check`)."""


class CycleError(NetworkError):
    """The network has a loop, which a feedforward network cannot have.

    Attributes
    ----------
    cycle : list of str
        The nodes of one loop in the order of its edges; the last feeds the first.
    """

    def __init__(self, cycle: list[str]):
        self.cycle = list(cycle)
        shown = [repr(node) for node in self.cycle[:SHOWN]]
        if len(self.cycle) > SHOWN:
            shown.append(f"... ({len(self.cycle) - SHOWN} more)")
        path = " -> ".join([*shown, repr(self.cycle[0])])
        super().__init__(
            f"the network has a loop: {path}; a feedforward network has none, so remove one of these edges"
        )


class InputError(PerceptronError):
    """The values given do not fit the inputs of the network."""


class ParameterError(PerceptronError):
    """An argument is outside the range that the docstring states."""


class DrawError(PerceptronError):
    """The picture cannot be drawn; the message says what would make it possible."""


class UnprovedWarning(UserWarning):
    """No difference was found, but that is no proof: samples were compared, or the time was up."""
