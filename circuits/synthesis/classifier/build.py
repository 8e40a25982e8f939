"""build: a trained threshold network as one circuit of NANDs, from the digits of the pixels to the label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from circuits.synthesis.classifier.argmax import Match, largest
from circuits.synthesis.classifier.arrays import Arrays, Whole, checked
from circuits.synthesis.classifier.encoder import encode
from circuits.synthesis.classifier.hidden import Layer, literals_of, lower_layer, moved_trace
from circuits.synthesis.classifier.offset import common_offset, common_votes
from circuits.synthesis.classifier.proof import MatchClaim, Proof, SumClaim
from circuits.synthesis.classifier.totals import Added, Sum, add_up
from circuits.synthesis.nand_cones import Signal
from circuits.synthesis.nand_graph import FALSE, Nands
from circuits.synthesis.nand_network import Emitter, nand_rule
from circuits.synthesis.nand_rewrite import rewrite_nands
from circuits.synthesis.sum_certificate import steps_of
from perceptron.network import Network


@dataclass(frozen=True, eq=False)
class Classifier:
    """A classifier in NANDs, and why it is right.

    Attributes
    ----------
    network : Network
        NANDs. Inputs: the binary digits of each pixel's grey, `pixel0[0]`, `pixel0[1]`, ..., the least significant
        first, also of pixels that nothing reads. Outputs: the digits of the index of the largest score, `label[0]`,
        ...; of equal scores the lowest index.
    parts : dict of str -> int
        How many NANDs are there for the encoder, the hidden units, the votes and the largest score; together all. A
        NAND that two parts use counts for the first.
    arrays : Arrays
        What it was made of.
    proof : Proof
    """

    network: Network
    parts: dict[str, int]
    arrays: Arrays
    proof: Proof

    def fault(self, network: Network | None = None) -> str | None:
        """What is wrong with the proof for a network, by default its own; None if nothing is.

        The proof is about `arrays` for every image, whatever the pixels. See `circuits.synthesis.classifier.proof`.
        """
        return next(self.proof.faults(self.arrays, self.network if network is None else network), None)

    def certify(self) -> None:
        """Check the proof.

        Raises
        ------
        AssertionError
            If it does not hold; this would be a bug.
        """
        fault = self.fault()
        if fault is not None:
            raise AssertionError(f"the circuit is not proved: {fault}; please report this")


def build(
    levels: int,
    inputs: int,
    pixel: ArrayLike,
    level: ArrayLike,
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    votes: Sequence[ArrayLike],
    offsets: ArrayLike,
    *,
    rewrite: bool = True,
    name: str = "",
) -> Classifier:
    """A threshold network as a circuit of NANDs that says which score is the largest.

    Parameters
    ----------
    levels : int
        Greys are 0 to levels - 1; a pixel comes as their binary digits.
    inputs : int
        Pixels.
    pixel, level : (bits,) whole numbers
        A bit is 1 where the grey of its pixel is at least its level; of a level of 0 or less it is the binary digit
        number -level of the grey.
    weights : sequence of (units, below) whole numbers
        Of each layer of hidden units: those of the first read the bits.
    biases : sequence of (units,) whole numbers
        A unit fires where the weights of what fires below it and its bias add to more than 0.
    votes : one or two matrices of whole numbers
        (classes, units), or (groups, units) and (classes, groups): each unit counts for groups, and each class weighs
        the counts. Groups of small matrices of 0, 1 and -1 are counted once for all classes.
    offsets : (classes,) whole numbers
        What each score has besides.
    rewrite : bool, default True
        Whether small cones of the hidden units are replaced at the end where that saves NANDs.
    name : str

    Returns
    -------
    Classifier

    Raises
    ------
    ParameterError
        If the arrays do not fit together (see `circuits.synthesis.classifier.arrays`).

    Examples
    --------
    Is the left pixel of two brighter than 3, or the right one?

    >>> from circuits import classifier
    >>> made = classifier.build(8, 2, [0, 1], [4, 4], [[[1, 0], [0, 1]]], [[0, 0]], [[[1, 0], [0, 1]]], [0, 0])
    >>> made.network
    <Network: 6 inputs, 3 units, 6 edges, 1 output>
    >>> made.parts, made.fault()
    ({'encoder': 0, 'hidden': 0, 'votes': 0, 'argmax': 3}, None)

    Cost: a NAND and NOTs for each digit of a level above its lowest 1; 2.5 to 8.5 NANDs for each weight of a hidden
    unit; 9 NANDs for each binary digit of a vote, less what classes share, which leaves about 7 for units of two or
    three votes of 1, 2 and 4, and 3.5 where every unit votes 1 or -1 for every class; for n classes n - 1 matches of
    8 NANDs for each digit of a score. Ten thousand gates take about a second.
    """
    arrays = checked(levels, inputs, pixel, level, weights, biases, votes, offsets)
    return _Builder(arrays, rewrite).made(name)


class _Builder:
    """One graph that grows stage by stage; each stage is made over inputs of its own, then placed."""

    def __init__(self, arrays: Arrays, rewrite: bool):
        self._arrays = arrays
        self._rewrite = rewrite
        self._nands = Nands(arrays.inputs * arrays.digits)
        self._ends: dict[str, int] = {}

    def made(self, name: str) -> Classifier:
        arrays = self._arrays
        digits = arrays.digits
        pins = self._nands.inputs
        words = [pins[at * digits : (at + 1) * digits] for at in range(arrays.inputs)]
        common = common_votes(arrays.votes[-1])
        needed = arrays.needed(common)
        bits = encode(self._nands, arrays, words, needed[0])
        self._ends["encoder"] = len(self._nands)
        layers = []
        below = bits
        for matrix, bias, wanted in zip(arrays.weights, arrays.biases, needed[1:], strict=True):
            layers.append(self._layer(below, matrix, bias, wanted))
            below = layers[-1].literals
        self._ends["hidden"] = len(self._nands)
        stages, offset = self._votes(below, common)
        self._ends["votes"] = len(self._nands)
        matches = largest(self._nands, stages[-1].words, len(arrays.label_names))
        return self._finished(name, bits, layers, stages, common, offset, matches)

    # --- stages

    def _layer(self, below: Sequence[int], matrix: Whole, bias: Whole, wanted: Sequence[bool]) -> Layer:
        """One layer, made over inputs of its own: rewriting then leaves what units read as it is."""
        nodes = sorted({literal >> 1 for literal in below if literal > 1})
        stage = Nands(len(nodes))
        own = {0: 0, **{node: literal >> 1 for node, literal in zip(nodes, stage.inputs, strict=True)}}
        layer = lower_layer(stage, [2 * own[one >> 1] | one & 1 for one in below], matrix, bias, wanted)
        if self._rewrite:
            kept = {one >> 1 for trace in layer.traces.values() for one in literals_of(trace)}
            asked = [one & ~1 for one in layer.literals] + [2 * node for node in sorted(kept)]
            stage, new = rewrite_nands(stage, asked, settled=kept)
            layer = _moved(layer, lambda one: new[one >> 1] ^ (one & 1))
        placed = self._placed(stage, [2 * node for node in nodes])
        return _moved(layer, lambda one: placed[one >> 1] ^ (one & 1))

    def _placed(self, stage: Nands, pins: Sequence[int]) -> list[int]:
        """The literals of the nodes of a stage, put into the whole graph."""
        literals = [FALSE, *pins]
        for a, b in zip(stage.left, stage.right, strict=True):
            literals.append(self._nands.nand(literals[a >> 1] ^ (a & 1), literals[b >> 1] ^ (b & 1)))
        return literals

    def _votes(self, units: Sequence[int], common: Whole) -> tuple[list[Added], int]:
        arrays = self._arrays
        stages: list[Added] = []
        votes = arrays.without(common)
        features = [[literal] for literal in units]  # the digits of what the classes weigh
        constant = np.zeros(arrays.classes, dtype=np.int64)
        if len(arrays.votes) == 2:
            counted = arrays.counted(common)
            least = np.minimum(counted, 0).sum(axis=1)  # a count starts at 0
            most = np.abs(counted).sum(axis=1)
            counts = add_up(
                self._nands,
                [
                    _sum(row, features, -int(low), int(high).bit_length())
                    for row, low, high in zip(counted, least, most, strict=True)
                ],
            )
            stages.append(counts)
            features = counts.words
            constant = votes @ least
        low, high = arrays.span(common)
        width = max(1, (high - low).bit_length())
        plain = [
            _sum(row, features, int(one), width) for row, one in zip(votes, constant + arrays.offsets, strict=True)
        ]
        offset = common_offset(plain, -low, (1 << width) - 1 - high)
        stages.append(add_up(self._nands, [one._replace(constant=one.constant + offset) for one in plain]))
        return stages, offset

    # --- the result

    def _finished(
        self,
        name: str,
        bits: Sequence[int],
        layers: Sequence[Layer],
        stages: Sequence[Added],
        common: Whole,
        offset: int,
        matches: Sequence[Match],
    ) -> Classifier:
        arrays = self._arrays
        label = matches[-1].label
        cut = self._named(bits, layers, stages, matches)
        net = Network(name)
        pins = [net.input(one) for word in arrays.digit_names for one in word]
        emitter = Emitter(net, self._nands, pins, nand_rule, cut)
        for literal in cut.values():
            emitter.node(literal)
        for output, literal in zip(arrays.label_names, label, strict=True):
            net.output(output, emitter.node(literal))

        def signal(literal: int) -> Signal:
            return Signal(emitter.made[literal & ~1] if literal > 1 else "", bool(literal & 1))

        def word(literals: Sequence[int]) -> tuple[Signal, ...]:
            return tuple(signal(one) for one in literals)

        proof = Proof(
            bits=word(bits),
            units=tuple(word(layer.literals) for layer in layers),
            wide=tuple(
                {unit: steps_of(trace, layer.turned[unit], signal) for unit, trace in layer.traces.items()}
                for layer in layers
            ),
            counts=tuple(word(one) for one in stages[0].words) if len(stages) == 2 else (),
            scores=tuple(word(one) for one in stages[-1].words),
            common=tuple(common.tolist()),
            offset=offset,
            steps=tuple(
                tuple(
                    SumClaim(
                        step.number,
                        step.place,
                        word(step.operands),
                        step.constant,
                        signal(step.sum or FALSE),
                        signal(step.carry) if step.place + 1 < len(stage.words[step.number]) else None,
                    )
                    for step in stage.steps
                )
                for stage in stages
            ),
            matches=tuple(
                MatchClaim(one.left, one.right, word(one.carries), word(one.word), word(one.label)) for one in matches
            ),
        )
        parts = self._parts([*cut.values(), *label])
        parts["argmax"] = len(net.units) - sum(parts.values())  # with those of an output that is constant
        return Classifier(net, parts, arrays, proof)

    def _named(
        self, bits: Sequence[int], layers: Sequence[Layer], stages: Sequence[Added], matches: Sequence[Match]
    ) -> dict[str, int]:
        """The nodes that the proof speaks about, by name; of several names for a node the first one counts."""
        arrays = self._arrays
        named: dict[int, str] = {}

        def say(name: str, literal: int) -> None:
            if literal >> 1 >= self._nands.first:
                named.setdefault(literal & ~1, name + (".not" if literal & 1 else ""))

        for pixel, level, literal in zip(arrays.pixel.tolist(), arrays.level.tolist(), bits, strict=True):
            say(f"pixel{pixel}.from{level}", literal)
        for number, layer in enumerate(layers, 1):
            for unit, literal in enumerate(layer.literals):
                say(f"layer{number}.unit{unit}", literal)
            for unit, trace in layer.traces.items():
                for at, literal in enumerate(literals_of(trace)):
                    say(f"layer{number}.unit{unit}.{at}", literal)
        for kind, stage in zip(("score",) if len(stages) == 1 else ("count", "score"), stages, strict=True):
            for number, word in enumerate(stage.words):
                for place, literal in enumerate(word):
                    say(f"{kind}{number}[{place}]", literal)
            for at, step in enumerate(stage.steps):
                say(f"{kind}{step.number}.sum{at}", step.sum or FALSE)
                if step.place + 1 < len(stage.words[step.number]):
                    say(f"{kind}{step.number}.carry{at}", step.carry)
        for number, match in enumerate(matches):
            for at, literal in enumerate(match.carries):
                say(f"match{number}.carry{at}", literal)
            for at, literal in enumerate(match.word):
                say(f"match{number}.word[{at}]", literal)
            if number < len(matches) - 1:
                for at, literal in enumerate(match.label):
                    say(f"match{number}.label[{at}]", literal)
        return {name: literal for literal, name in sorted(named.items())}

    def _parts(self, wanted: Sequence[int]) -> dict[str, int]:
        """The NANDs of each stage but the last: its nodes, and a NOT where the first stage reads a complement."""
        nands = self._nands
        needed = nands.needed(wanted)
        count = {}
        turned: set[int] = set()
        node = nands.first
        for part, end in self._ends.items():
            before = len(turned)
            nodes = [at for at in range(node, end) if needed[at]]
            for at in nodes:
                sides = nands.left[at - nands.first], nands.right[at - nands.first]
                turned.update(side for side in sides if side & 1)
            count[part] = len(nodes) + len(turned) - before
            node = end
        return count


def _moved(layer: Layer, new: Callable[[int], int]) -> Layer:
    """A layer by the literals of another graph."""
    return Layer(
        [new(one) for one in layer.literals],
        {unit: moved_trace(trace, new) for unit, trace in layer.traces.items()},
        layer.turned,
    )


def _sum(row: Whole, features: Sequence[Sequence[int]], constant: int, width: int) -> Sum:
    """The sum of the features, which are words, with the weights of a row."""
    terms = [
        (one, int(row[at]) << place) for at in np.flatnonzero(row).tolist() for place, one in enumerate(features[at])
    ]
    return Sum(terms, constant, width)
