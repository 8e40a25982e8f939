"""perceptron: networks of one kind of unit, from the NAND gate to the sigmoid neuron.

Network, Unit       what a network is            evaluate, simulate, truth_table     what it computes
merge_parallel, scale, soften, harden, ...       what can be done to it              find_difference
draw                                             what it looks like
"""

from perceptron.activations import EXP, IDENTITY, RECIPROCAL, RELU, TANH, LeakyRelu
from perceptron.agreement import Agreement, agreement
from perceptron.check import check
from perceptron.differences import Differences, FirstDifference, count_differences
from perceptron.draw import draw
from perceptron.engines import Program, compile
from perceptron.equivalence import Verdict, find_difference, prove, to_dimacs
from perceptron.errors import (
    CycleError,
    DrawError,
    InputError,
    NetworkError,
    ParameterError,
    PerceptronError,
    UnprovedWarning,
)
from perceptron.evaluate import evaluate, initial_state, step, trace
from perceptron.linearize import Linearization, linearize
from perceptron.network import Builder, Network, State
from perceptron.sensitivity import Sensitivity, WeightChange, sensitivity, weight_changes
from perceptron.simulate import TruthTable, simulate, truth_table
from perceptron.stream import stream
from perceptron.tape import Tape
from perceptron.transforms import harden, layered, layers, merge_parallel, prune, scale, soften
from perceptron.unit import SIGMOID, STEP, Activation, Table, Unit

__all__ = [
    "EXP",
    "IDENTITY",
    "RECIPROCAL",
    "RELU",
    "SIGMOID",
    "STEP",
    "TANH",
    "Activation",
    "Agreement",
    "Builder",
    "CycleError",
    "Differences",
    "DrawError",
    "FirstDifference",
    "InputError",
    "LeakyRelu",
    "Linearization",
    "Network",
    "NetworkError",
    "ParameterError",
    "PerceptronError",
    "Program",
    "Sensitivity",
    "State",
    "Table",
    "Tape",
    "TruthTable",
    "Unit",
    "UnprovedWarning",
    "Verdict",
    "WeightChange",
    "agreement",
    "check",
    "compile",
    "count_differences",
    "draw",
    "evaluate",
    "find_difference",
    "harden",
    "initial_state",
    "layered",
    "layers",
    "linearize",
    "merge_parallel",
    "prove",
    "prune",
    "scale",
    "sensitivity",
    "simulate",
    "soften",
    "step",
    "stream",
    "to_dimacs",
    "trace",
    "truth_table",
    "weight_changes",
]
