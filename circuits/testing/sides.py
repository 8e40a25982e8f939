"""The two sides of a comparison: circuits, networks and Python functions in one form, and whether they fit together."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from circuits.definition import Circuit
from circuits.errors import CircuitError
from circuits.language.gate import Gate
from circuits.language.ports import Port
from circuits.language.results import Results
from circuits.language.values import whole
from circuits.time.simulation import Simulation
from perceptron import Network, ParameterError, Tape
from perceptron.engines import as_tape

Values = Mapping[str, Sequence[int]]  # name -> a value for each sample, or for each step of one run
Answers = dict[str, list[int]]


class Side(Protocol):
    """One side: it has a name, and answers for many samples, or for the steps of one run from the beginning."""

    name: str

    def answers(self, values: Values, count: int) -> Answers:
        """The outputs by name, for `count` samples or steps."""
        ...


def in_words(circuit: object, signed: Collection[str] = ()) -> Circuit:
    """A circuit, gate, network or tape of 0 and 1 as a circuit whose `a[0]`, `a[1]`, ... are words.

    Raises
    ------
    CircuitError
        If it is nothing of these, or generic in its width.
    ParameterError
        If it has real values.
    """
    if isinstance(circuit, Gate):
        circuit = circuit.circuit
    if isinstance(circuit, Circuit):
        net = circuit.network
        words = any(port.width is not None for port in (*circuit.inputs, *circuit.outputs))
        made = (
            circuit if words else Circuit.from_network(net, circuit.name, circuit.memories, words=True, signed=signed)
        )
    elif isinstance(circuit, Network | Tape):
        net = circuit.to_network() if isinstance(circuit, Tape) else circuit
        made = Circuit.from_network(net, words=True, signed=signed)
    else:
        raise CircuitError(f"there is {circuit!r} where a circuit should be; give a Circuit or a Network")
    if not as_tape(net).binary().all():
        raise ParameterError(f"{made.name} has real values, and here all are 0 or 1; harden it first")
    return made


def over_time(circuit: Circuit) -> bool:
    """Whether what it answers depends on what came before."""
    return bool(circuit.network.states or circuit.memories)


class CircuitSide:
    """A circuit, compiled."""

    def __init__(self, circuit: Circuit, *, timed: bool):
        self.circuit, self.name = circuit, circuit.name
        self._simulation = Simulation(circuit) if timed else None

    def answers(self, values: Values, count: int) -> Answers:
        """As the circuit answers arrays, or as `run` does."""
        ports = self.circuit.outputs
        if self._simulation is not None:
            self._simulation.reset()
            waves = self._simulation.play(values, steps=count)
            return {port.name: [int(value) for value in waves[port.name]] for port in ports}
        if not self.circuit.inputs:
            found = self.circuit()
            return {name: [value] * count for name, value in named(found, ports, self.name).items()}
        given: dict[str, Any] = {name: list(column) for name, column in values.items()}
        found = self.circuit(**given)
        answers = found.asdict() if isinstance(found, Results) else {ports[0].name: found}
        return {name: [int(value) for value in column] for name, column in answers.items()}


class FunctionSide:
    """A Python function: of one value for each input, or of one sequence over time for each.

    Parameters
    ----------
    function : callable
        Its parameters have the names of the inputs; if they have no names, as those of many built-in functions, they
        take the inputs in order.
    inputs, outputs : sequence of Port
        Of the circuit beside it.
    timed : bool

    Raises
    ------
    CircuitError
        If its parameters are not the inputs.
    """

    def __init__(self, function: Callable[..., Any], inputs: Sequence[Port], outputs: Sequence[Port], *, timed: bool):
        called = getattr(function, "__name__", "function")
        self.name = "function" if called == "<lambda>" else called
        self._function, self._outputs, self._timed = function, outputs, timed
        self._by_name = _takes_names(function, self.name, [port.name for port in inputs])

    def answers(self, values: Values, count: int) -> Answers:
        """Call by call, or one call for all steps."""
        if self._timed:
            found = self._call({name: list(column) for name, column in values.items()})
            return self._sequences(found, count)
        names = list(values)
        rows = zip(*values.values(), strict=True) if names else [()] * count
        answers: Answers = {port.name: [] for port in self._outputs}
        for row in rows:
            for name, value in named(self._call(dict(zip(names, row, strict=True))), self._outputs, self.name).items():
                answers[name].append(value)
        return answers

    def _call(self, given: dict[str, Any]) -> Any:
        try:
            return self._function(**given) if self._by_name else self._function(*given.values())
        except Exception as error:
            error.add_note(f"{self.name} was given {', '.join(f'{name}={value!r}' for name, value in given.items())}")
            raise

    def _sequences(self, found: Any, count: int) -> Answers:
        several = _by_output(found, self._outputs, self.name, whole_answer=len(self._outputs) == 1)
        answers = {}
        for port in self._outputs:
            try:
                column = list(several[port.name])
            except TypeError:
                raise CircuitError(
                    f"{self.name} answers {several[port.name]!r} for output {port.name!r}; over time it is given "
                    "sequences and answers one: a value for each step"
                ) from None
            if len(column) != count:
                raise CircuitError(
                    f"{self.name} answers {len(column)} value{'s' if len(column) != 1 else ''} of output {port.name!r} "
                    f"for {count} steps; give one for each step"
                )
            answers[port.name] = [_whole(value, port, self.name) for value in column]
        return answers


def named(found: Any, ports: Sequence[Port], name: str) -> dict[str, int]:
    """What was answered for one sample: an integer for each output.

    Raises
    ------
    CircuitError
        If the outputs are others, or an answer is no integer.
    """
    several = _by_output(found, ports, name, whole_answer=False)
    return {port.name: _whole(several[port.name], port, name) for port in ports}


def _by_output(found: Any, ports: Sequence[Port], name: str, *, whole_answer: bool) -> Mapping[str, Any]:
    """The answer by output: a dict is taken by name, a tuple in order; `whole_answer` takes it for the only output."""
    names = [port.name for port in ports]
    if isinstance(found, Results):
        found = found.asdict()
    if isinstance(found, Mapping):
        if set(found) != set(names):
            raise CircuitError(f"{name} answers {', '.join(map(str, found))}; the outputs are {', '.join(names)}")
        return found
    if whole_answer:
        return {names[0]: found}
    row = tuple(found) if isinstance(found, tuple | list) else (found,)
    if len(row) != len(names):
        raise CircuitError(
            f"{name} answers {len(row)} value{'s' if len(row) != 1 else ''} ({found!r}); the outputs are "
            f"{', '.join(names)}, so give {f'a tuple of {len(names)}' if len(names) > 1 else 'an integer'} or a dict "
            "by name"
        )
    return dict(zip(names, row, strict=True))


def _whole(value: Any, port: Port, name: str) -> int:
    number = whole(value)
    if number is None:
        raise CircuitError(f"{name} answers {value!r} for output {port.name!r}; give an integer")
    return number


def _takes_names(function: Callable[..., Any], called: str, inputs: list[str]) -> bool:
    """Whether the function takes the inputs by name (else in order)."""
    kinds = inspect.Parameter
    try:
        known = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a built-in function that does not say
        return False
    positional = [one for one in known if one.kind in (kinds.POSITIONAL_ONLY, kinds.VAR_POSITIONAL)]
    if positional:
        return False
    if any(one.kind is kinds.VAR_KEYWORD for one in known):
        return True
    names = [one.name for one in known]
    needed = [one.name for one in known if one.default is kinds.empty]
    if not set(needed) <= set(inputs) <= set(names):
        raise CircuitError(
            f"{called} takes {', '.join(names) or 'nothing'}, and the inputs are {', '.join(inputs) or 'none'}; give "
            "its parameters the names of the inputs"
        )
    return True


def require_alike(kind: str, first: Circuit, second: Circuit) -> None:
    """Raise CircuitError if two circuits have not the same ports of a kind ('input' or 'output'), in any order."""
    mine, theirs = ({port.name: port for port in getattr(one, f"{kind}s")} for one in (first, second))
    one, other = ("the first", "the second") if first.name == second.name else (first.name, second.name)
    for name in (*mine, *theirs):
        if name not in mine or name not in theirs:
            only, lacks, known = (one, other, theirs) if name in mine else (other, one, mine)
            raise CircuitError(
                f"only {only} has the {kind} {name!r}; {lacks} has {', '.join(known) or 'none'}: give both the same "
                "names"
            )
        if (mine[name].width, mine[name].signed) != (theirs[name].width, theirs[name].signed):
            raise CircuitError(
                f"{kind} {name!r} is {_a(mine[name])} in {one} and {_a(theirs[name])} in {other}; give it the same "
                "width and sign in both"
            )


def _a(port: Port) -> str:
    return "one bit" if port.width is None else port.kind
