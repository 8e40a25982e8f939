"""certify_sum: a wide perceptron in NANDs with a proof that can be checked whatever the number of its inputs.

The proof is a list of small cells. Each is tried on all values of its operands, in the NANDs themselves; each keeps a
weighted sum, so that the cells together say what is left of the whole sum; and what is left says the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from circuits.synthesis.nand_cones import Cone, Gates, Signal, affine, gates_of
from circuits.synthesis.nand_graph import Nands
from circuits.synthesis.nand_network import emit
from circuits.synthesis.sums import Trace, exceeds
from circuits.synthesis.unit_nands import decision, positive
from perceptron.engines.logic import whole_terms
from perceptron.errors import ParameterError
from perceptron.network import Network
from perceptron.numbers import Number, as_number
from perceptron.unit import Unit


class CheckedCell(NamedTuple):
    """One cell of the proof: operands + constant = sum + 2 carry, where nothing asks for the sum its value is 0 or 1.

    Attributes
    ----------
    weight : int
        What each operand counts in the whole sum.
    operands : tuple of Signal
    constant : int
    sum, carry : Signal or None
        None for a sum that is not made, and for a carry that is always 0.
    """

    weight: int
    operands: tuple[Signal, ...]
    constant: int
    sum: Signal | None
    carry: Signal | None


class Steps(NamedTuple):
    """How a perceptron is added up, by the signals of a network: see the attributes of `SumCertificate`."""

    asked: tuple[tuple[Signal, int], ...]
    threshold: int
    turned: bool
    cells: tuple[CheckedCell, ...]
    over: tuple[Signal, ...]
    left: tuple[tuple[Signal, int], ...]

    def fault(self, gates: Gates, weights: Mapping[str, int], bias: int, output: Signal) -> str | None:
        """What is wrong with these steps for a perceptron; None if nothing is.

        Parameters
        ----------
        gates : Gates
            What each NAND of the network reads.
        weights : mapping of node -> weight
            Those of the perceptron, which are not 0.
        bias : int
        output : Signal
            What is to be the value of the perceptron.
        """
        wrong = self._question_fault(weights, bias)
        if wrong is None:
            wrong = next((text for cell in self.cells if (text := cell_fault(gates, cell))), None)
        if wrong is None:
            wrong = self._sum_fault()
        if wrong is None:
            wrong = self._output_fault(gates, output)
        return wrong

    def _question_fault(self, wanted: Mapping[str, int], bias: int) -> str | None:
        """Whether what is asked is what the perceptron decides, in whole numbers."""
        coefficients, constant = affine(self.asked)
        sign = -1 if self.turned else 1
        common = 0
        if coefficients:
            name = next(iter(coefficients))
            common = abs(wanted.get(name, 0)) // abs(coefficients[name])
        if common < 1 or {name: sign * common * one for name, one in coefficients.items()} != wanted:
            return "what is added up is not what the perceptron weighs"
        # common * (sum asked - constant) is the weighted sum, or with `turned` minus that.
        bound = constant * common - bias if not self.turned else constant * common + bias - 1
        return (
            None if bound // common == self.threshold else f"the threshold is {self.threshold}, not {bound // common}"
        )

    def _sum_fault(self) -> str | None:
        """Whether what is asked, plus a constant, is what the last cells drop and what is left."""
        over = set(self.over)
        small = [(signal, weight) for signal, weight in self.asked if signal not in over]
        if any(weight <= self.threshold for signal, weight in self.asked if signal in over):
            return "a signal that is said to decide alone does not"
        last = [cell for cell in self.cells if cell.sum is None]
        place = len(last)
        if [cell.weight for cell in last] != [1 << at for at in range(place)]:
            return "the columns do not end one by one"
        if any(weight < 1 << place for _, weight in self.left):
            return "something is left below the deciding place"
        # What a column drops is at most 1, so all columns drop less than 2**place together.
        terms = [*small, *((signal, -weight) for signal, weight in self.left)]
        extra = (1 << place) - 1 - self.threshold
        for cell in self.cells:
            terms += [(signal, -cell.weight) for signal in cell.operands]
            extra -= cell.weight * cell.constant
            if cell.sum is not None:
                terms.append((cell.sum, cell.weight))
            if cell.carry is not None:
                terms.append((cell.carry, 2 * cell.weight))
        coefficients, constant = affine(terms)
        if coefficients or constant + extra:
            return f"the weighted sum is not kept: {len(coefficients)} nodes and {constant + extra} too much"
        return None

    def _output_fault(self, gates: Gates, output: Signal) -> str | None:
        """Whether the output is 0 exactly if all is 0 that may decide."""
        targets = {*self.over, *(signal for signal, _ in self.left)}
        seen: set[Signal] = set()
        # A signal that must be 0, of a tree of NANDs: NAND is 0 if both are 1, that is, their complements 0.
        waiting = [Signal(output.node, output.turned != self.turned)]
        while waiting:
            signal = waiting.pop()
            if signal in targets:
                seen.add(signal)
                continue
            read = gates.get(signal.node)
            if read is None or (signal.turned and read[0] != read[1]):
                return f"the output rests on {signal.node!r}, which is none of what is left"
            waiting += [Signal(source, not signal.turned) for source in dict.fromkeys(read)]
        return None if seen == targets else "the output misses something of what is left"


def steps_of(trace: Trace, turned: bool, signal: Callable[[int], Signal]) -> Steps:
    """The steps of a trace, by the signals of its literals."""
    return Steps(
        asked=tuple((signal(literal), weight) for literal, weight in trace.terms),
        threshold=trace.threshold,
        turned=turned,
        cells=tuple(
            CheckedCell(
                cell.weight,
                tuple(signal(one) for one in cell.operands),
                cell.constant,
                None if cell.sum is None else signal(cell.sum),
                signal(cell.carry) if cell.carry else None,
            )
            for cell in trace.cells
        ),
        over=tuple(signal(one) for one in trace.over),
        left=tuple((signal(literal), weight) for literal, weight in trace.left),
    )


def cell_fault(gates: Gates, cell: CheckedCell) -> str | None:
    """Try a cell on all values that its operands can have together."""
    cone = Cone(gates, cell.operands)
    nothing = Signal("", False)
    total, carry = cone.table(cell.sum or nothing), cone.table(cell.carry or nothing)
    if total is None or carry is None:
        return f"the cell of weight {cell.weight} reads more than its operands"
    columns = [cone.table(signal) or 0 for signal in cell.operands]
    for row in range(1 << len(cone.free)):
        rest = sum(column >> row & 1 for column in columns) + cell.constant - 2 * (carry >> row & 1)
        if rest != (total >> row & 1) if cell.sum is not None else rest not in (0, 1):
            return f"the cell of weight {cell.weight} is wrong for {cone.row(row)}"
    return None


@dataclass(frozen=True, slots=True)
class SumCertificate:
    """A perceptron as NANDs, and why.

    Attributes
    ----------
    weights, bias : the perceptron
        Whole numbers: it fires if the weights of the inputs that are 1 and the bias add to more than 0.
    network : Network
        NANDs; inputs x1, x2, ..., output y.
    asked : tuple of (Signal, weight)
        Positive weights.
    threshold : int
    turned : bool
        It fires if the sum of what is asked is more than the threshold; with `turned`, if it is not.
    cells : tuple of CheckedCell
    over : tuple of Signal
        Each of them alone is more than the threshold.
    left : tuple of (Signal, weight)
        What the cells leave of the others.
    """

    weights: tuple[int, ...]
    bias: int
    network: Network
    asked: tuple[tuple[Signal, int], ...]
    threshold: int
    turned: bool
    cells: tuple[CheckedCell, ...]
    over: tuple[Signal, ...]
    left: tuple[tuple[Signal, int], ...]

    def fault(self, network: Network | None = None) -> str | None:
        """What is wrong with the proof for a network, by default its own; None if nothing is.

        Cost: each NAND is looked at a few times, whatever the number of inputs.
        """
        net = self.network if network is None else network
        steps = Steps(self.asked, self.threshold, self.turned, self.cells, self.over, self.left)
        weights = {name: weight for name, weight in zip(net.inputs, self.weights, strict=True) if weight}
        return steps.fault(gates_of(net), weights, self.bias, Signal(net.outputs["y"], False))


def certify_sum(weights: Iterable[Number], bias: Number = 0) -> SumCertificate:
    """A perceptron as the adder tree that `to_nand` uses for wide ones, with a proof.

    Parameters
    ----------
    weights : numbers
        Integer or rational.
    bias : number

    Raises
    ------
    ParameterError
        If the perceptron always gives the same, so that there is nothing to add up, or `weights` is no collection.
    NetworkError
        If a weight or the bias is not a finite number.

    Examples
    --------
    >>> from circuits import certify_sum
    >>> proof = certify_sum([1, -1] * 200, 3)
    >>> len(proof.network.units), len(proof.cells), proof.fault()
    (3537, 399, None)
    """
    if not isinstance(weights, Iterable):
        raise ParameterError(f"weights is {weights!r}; give a number for each input")
    numbers = [as_number(weight, f"weight {place}") for place, weight in enumerate(weights, start=1)]
    terms, whole = whole_terms(Unit(bias), list(enumerate(numbers)))
    total = dict(terms)
    whole_weights = tuple(total.get(pin, 0) for pin in range(len(numbers)))
    nands = Nands(len(numbers))
    pins = [nands.inputs[pin] for pin, weight in enumerate(whole_weights) if weight]
    given, shifted = positive(pins, [weight for weight in whole_weights if weight], whole)
    asked = decision(given, shifted)
    if isinstance(asked, bool):
        raise ParameterError(
            f"the perceptron of bias {bias} always gives {int(asked)}; give one that depends on its inputs"
        )
    wanted, threshold, turned = asked
    trace = exceeds(nands, wanted, threshold)
    literals = [literal & ~1 for cell in trace.cells for literal in (*cell.operands, cell.sum or 0, cell.carry)]
    literals += [literal & ~1 for literal, _ in [*trace.terms, *trace.left]]
    net, names = emit(
        nands, [f"x{pin + 1}" for pin in range(len(numbers))], {"y": trace.output ^ turned}, also=literals
    )

    def signal(literal: int) -> Signal:
        return Signal(names[literal & ~1], bool(literal & 1))

    steps = steps_of(trace, turned, signal)
    return SumCertificate(
        weights=whole_weights,
        bias=whole,
        network=net,
        asked=steps.asked,
        threshold=threshold,
        turned=turned,
        cells=steps.cells,
        over=steps.over,
        left=steps.left,
    )
