"""replay: the definition over a tape, for circuits that are too large to become a graph first.

The same exact sums and the same rule, unit by unit, as `perceptron.evaluate`, and nothing of any engine.
"""

from __future__ import annotations

from collections.abc import Mapping

from perceptron.evaluate import evaluate, initial_state, step
from perceptron.network import Network
from perceptron.numbers import Exact, exact
from perceptron.tape import Tape

Values = dict[str, int | float]


def replay(net: Network | Tape, values: Mapping[str, int | float]) -> Values:
    """The outputs by the definition, for one assignment; with states, at the first step of time.

    Parameters
    ----------
    net : Network or Tape
        Valid. A network goes through `evaluate`.
    values : mapping of input name -> value
        One for each input, each 0 or 1 or, where the input takes real numbers, any finite number.

    Returns
    -------
    dict of output name -> value
        As `evaluate` gives them.

    Examples
    --------
    >>> from perceptron import Unit
    >>> tape = Tape("nand")
    >>> x1, x2 = tape.input("x1"), tape.input("x2")
    >>> tape.output("out", tape.add(Unit(3), [(x1, -2), (x2, -2)]))
    >>> replay(tape, {"x1": 1, "x2": 1}), replay(tape, {"x1": 0, "x2": 1})
    ({'out': 0}, {'out': 1})
    """
    return _step(net, values, _initial(net))[0] if isinstance(net, Tape) else evaluate(net, values)


def outputs_after(net: Network | Tape, runs: Mapping[str, list[int] | list[float]], steps: int) -> Values:
    """The outputs at the last of some steps from the initial states, by the definition.

    Parameters
    ----------
    net : Network or Tape
        Valid.
    runs : mapping of input name -> its values, step by step
    steps : int
        At least 1.
    """
    outputs: Values = {}
    state = _initial(net) if isinstance(net, Tape) else initial_state(net)
    for at in range(steps):
        values = {name: run[at] for name, run in runs.items()}
        outputs, state = _step(net, values, state) if isinstance(net, Tape) else step(net, values, state)
    return outputs


def _initial(tape: Tape) -> Values:
    states = tape.states.items()
    return {str(tape.name_of(node)): 0 if state.initial is None else state.initial for node, state in states}


def _step(tape: Tape, values: Mapping[str, int | float], state: Values) -> tuple[Values, Values]:
    """The outputs, and the states at the next step."""
    value: list[int | float] = [0] * len(tape)
    for name, node in zip(tape.inputs, tape.input_nodes, strict=True):
        value[node] = values[name]
    for node in tape.states:
        value[node] = state[str(tape.name_of(node))]
    biases: list[Exact] = [exact(cell.unit.bias) for cell in tape.cells]
    weights: list[list[Exact]] = [[exact(weight) for weight in cell.weights] for cell in tape.cells]
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node, number in enumerate(tape.cell_numbers.tolist()):
        if number < 0:
            continue
        z = biases[number]
        for source, weight in zip(sources[starts[node] : starts[node + 1]], weights[number], strict=True):
            z += weight * exact(value[source])
        value[node] = tape.cells[number].unit.activation(z)
    outputs = {name: value[node] for name, node in tape.outputs.items()}
    following = {str(tape.name_of(node)): entry.next for node, entry in tape.states.items()}
    return outputs, {name: value[node] for name, node in following.items() if node is not None}
