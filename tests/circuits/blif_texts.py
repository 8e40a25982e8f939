"""BLIF for the tests: small models as text, and what to expect of reading them."""

import numpy as np
import pytest

from circuits.formats import blif
from circuits.formats.errors import FormatError
from perceptron import simulate, truth_table

FULL_ADDER = """
.model fa
.inputs a b cin
.outputs s cout
.names a b k
10 1
01 1
.names k cin s
10 1
01 1
.names a b cin cout
11- 1
1-1 1
-11 1
.end
"""


def model(body, inputs="a b c", outputs="y"):
    return f".model m\n.inputs {inputs}\n.outputs {outputs}\n{body}\n.end\n"


def column(net, output="y"):
    table = truth_table(net)
    return "".join(map(str, table.outputs[:, list(net.outputs).index(output)]))


def adder(bits):
    lines = [
        ".model adder",
        ".inputs " + " ".join(f"a{bit} b{bit}" for bit in range(bits)) + " c0",
        ".outputs " + " ".join(f"s{bit}" for bit in range(bits)) + f" c{bits}",
    ]
    lines += [f".subckt fa a=a{bit} b=b{bit} cin=c{bit} s=s{bit} cout=c{bit + 1}" for bit in range(bits)]
    return "\n".join([*lines, ".end"]) + FULL_ADDER


def refused(text, *words, line=None):
    with pytest.raises(FormatError) as caught:
        blif.loads(text)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.line is not None or caught.value.offset is not None
    if line is not None:
        assert caught.value.line == line


def same(net, again, seed=0):
    assert again.inputs == net.inputs
    assert list(again.outputs) == list(net.outputs)
    assert [(name, state.initial) for name, state in again.states.items()] == [
        (name, state.initial) for name, state in net.states.items()
    ]
    samples = np.random.default_rng(seed).integers(0, 2, (6, 40, len(net.inputs)))
    assert np.array_equal(simulate(net, samples), simulate(again, samples))
