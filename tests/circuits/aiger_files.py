"""What the tests of AIGER share: small files, what two networks must have in common, and how a file is refused."""

import os
from pathlib import Path

import numpy as np
import pytest

from circuits.formats import aiger
from circuits.formats.errors import FormatError
from perceptron import Network, Tape, evaluate, simulate

DATA = Path(os.environ.get("PERCEPTRON_DATA", "")).parent / "circuits"
needs_files = pytest.mark.skipif(
    not os.environ.get("PERCEPTRON_DATA") or not (DATA / "aiger").is_dir(),
    reason="PERCEPTRON_DATA names no folder beside which the circuits lie",
)


def text(*lines):
    return "".join(f"{line}\n" for line in lines)


HALF_ADDER = text(
    *("aag 5 2 0 2 3", 2, 4, 10, 6, "10 7 9", "6 2 4", "8 3 5"),
    *("i0 a", "i1 b", "o0 sum", "o1 carry", "c", "the sum reads what stands below it"),
)
TOGGLE = text(
    *("aag 7 2 1 2 4", 2, 4, "6 14", 6, 7, "8 2 7", "10 3 6", "12 9 11", "14 4 13"),
    *("i0 enable", "i1 reset", "o0 q", "o1 not q"),
)
PROPERTIES = text(
    *("aag 3 3 0 1 0 2 1 2 2", 2, 4, 6),
    *(2, 3, 4, 5, 2, 1, 6, 7, 2, 4, 6),
    *("o0 out", "b1 crash", "c0 legal", "j1 live", "f0 busy"),
)


def code(x):
    """A number in the binary form's code, written here from its definition: 7 bits a byte, the lowest first."""
    groups = []
    while x > 127:
        groups.append(x % 128 + 128)
        x //= 128
    return bytes([*groups, x])


def table(net):
    """The values of all outputs for all inputs in counting order, the first input slowest."""
    width = len(net.inputs)
    rows = [[number >> (width - 1 - place) & 1 for place in range(width)] for number in range(1 << width)]
    return [tuple(evaluate(net, dict(zip(net.inputs, row, strict=True))).values()) for row in rows]


def signature(net):
    """What a round trip must keep besides the function."""
    states = (
        net.states if isinstance(net, Network) else {net.name_of(node): state for node, state in net.states.items()}
    )
    return net.inputs, list(net.outputs), [(name, state.initial) for name, state in states.items()]


def same(first, second, *, steps=5, samples=64):
    """Whether two networks have the same names in the same order and behave the same from their initial values."""
    assert signature(first) == signature(second)
    if not first.outputs:
        return
    rng = np.random.default_rng(0)
    patterns = rng.integers(0, 2, (steps, samples, len(first.inputs)))
    assert simulate(first, patterns).tolist() == simulate(second, patterns).tolist()


def refused(data, reason, *, line=None, offset=None):
    """The one error of a broken file, as text or bytes, into both builders."""
    for builder in (None, Tape()):
        with pytest.raises(FormatError, match=reason) as caught:
            aiger.loads(data, into=builder)
        assert (caught.value.line, caught.value.offset) == (line, offset)


def published():
    return sorted([*DATA.glob("aiger/**/*.aag"), *DATA.glob("aiger/**/*.aig"), *DATA.glob("blif/*.aag")])
