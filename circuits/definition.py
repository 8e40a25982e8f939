"""@circuit: a Python function over wires is a circuit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from circuits.errors import CircuitError
from circuits.language.bits import wires_in
from circuits.language.operators import Operand
from circuits.language.placing import place
from circuits.language.ports import Parameter, Port, parameters, ports_of
from circuits.language.results import Results, unpacked
from circuits.language.scope import current
from circuits.language.tracing import Traced, trace
from circuits.language.values import answers, numbers, rows, sample
from circuits.language.widths import chosen_widths, closed, inferred, open_widths
from circuits.memory import Memory
from perceptron import Network, TruthTable, Unit, compile, truth_table
from perceptron.draw import Drawing, draw
from perceptron.names import statistics
from perceptron.numbers import Number

__all__ = ["Circuit", "Port", "Results", "circuit"]


class Circuit:
    """A circuit: made of a Python function by `@circuit`, or of a network by `Circuit.from_network`.

    Called with 0 and 1 (integers for words) it answers; called with arrays (samples,) it answers for all
    samples; called with wires, inside the function of another circuit, it is placed there. One whose widths are
    open (`Word` or `Word[N]`) is generic: `adder[8]` is the circuit of that width, and `adder[4, 8]` of those.

    Attributes
    ----------
    name : str
    inputs, outputs : tuple of Port
        Parameters and results, in order.
    memories : tuple of Memory
        What the network around it has pins for; they are no inputs and outputs of the circuit.
    network : Network
        What it is. The same object each time: `copy()` it before you edit it.

    Raises
    ------
    CircuitError
        By `inputs`, `outputs`, `memories` and `network`, if the circuit is generic.
    """

    def __init__(self, function: Callable[..., Any], name: str | None = None):
        self.name = self.kind = name or function.__name__
        self.__doc__ = function.__doc__
        self.__name__ = self.name
        self.__module__ = function.__module__
        self.__wrapped__ = function
        self._parameters = parameters(function, self.name)
        self._instances: dict[tuple[int, ...], Circuit] = {}

    @classmethod
    def from_network(
        cls,
        net: Network,
        name: str | None = None,
        memories: Sequence[Memory] = (),
        *,
        words: bool = False,
        signed: Collection[str] = (),
    ) -> Circuit:
        """A circuit that is the given 0/1 network.

        Parameters
        ----------
        net : Network
        name : str, optional
        memories : sequence of Memory
            Their pins are inputs and outputs of the network, and none of the circuit.
        words : bool
            Whether `a[0]`, `a[1]`, ... up to some bit, all there, are one word `a`. Without it each input and output
            is one bit.
        signed : collection of str
            The words that are read in two's complement.

        Raises
        ------
        CircuitError
            If the network has no such pin of a memory.
        """
        made = cls.__new__(cls)
        made.name = made.kind = made.__name__ = name or net.name or "network"
        made.__doc__ = None
        made._instances = {}
        driven = dict.fromkeys(pin for memory in memories for pin in memory.out)
        read = dict.fromkeys(pin for memory in memories for pin in (*memory.address, *memory.data, *memory.load))
        for pins, known, what in ((driven, net.inputs, "input"), (read, net.outputs, "output")):
            for pin in pins:
                if pin not in known:
                    raise CircuitError(f"{made.name}: the network has no {what} {pin!r} for its memory; add it first")
        ports = ports_of([key for key in net.inputs if key not in driven], words=words, signed=signed)
        outputs = ports_of([key for key in net.outputs if key not in read], words=words, signed=signed)
        made._parameters = tuple(Parameter(port.name, port.width, port.signed) for port in ports)
        made.__dict__["_traced"] = Traced(net, outputs, tuple(memories))
        return made

    # --- what it is

    def __getitem__(self, widths: int | tuple[int, ...]) -> Circuit:
        """The generic circuit at a width: one number for all open widths, or one for each in order.

        Raises
        ------
        CircuitError
            If it is not generic, or the numbers do not fit.
        """
        chosen = chosen_widths(self.name, self._parameters, widths)
        if chosen not in self._instances:
            made = Circuit.__new__(Circuit)
            made.__dict__.update(self.__dict__, _instances={})
            made.name = made.__name__ = f"{self.kind}[{', '.join(map(str, chosen))}]"
            made._parameters = tuple(
                Parameter(port.name, port.width, port.signed, one.default)
                for one, port in zip(self._parameters, closed(self._parameters, chosen), strict=True)
            )
            self._instances[chosen] = made
        return self._instances[chosen]

    @cached_property
    def inputs(self) -> tuple[Port, ...]:
        """The parameters, in order."""
        if open_widths(self._parameters):
            self._is_generic()
        return closed(self._parameters, ())

    @cached_property
    def _traced(self) -> Traced:
        """The function called with wires, once."""
        called = self.name.replace("[", "_").replace(", ", "_").removesuffix("]")  # adder_8: a name that files take
        return trace(self.__wrapped__, self.name, self.inputs, self, called)

    @property
    def network(self) -> Network:
        """The network that the circuit is (built on first use)."""
        return self._traced.network

    @property
    def outputs(self) -> tuple[Port, ...]:
        """The results, in order."""
        return self._traced.outputs

    @property
    def memories(self) -> tuple[Memory, ...]:
        """The memories beside the network, in order."""
        return self._traced.memories

    @cached_property
    def units_in_order(self) -> list[tuple[str, Unit | None, list[tuple[str, Number]]]]:
        """Node, unit (None for inputs and states) and incoming edges, each node after its sources."""
        net = self.network
        units = net.graph.nodes(data="unit")
        return [(key, units[key], net.fanin(key)) for key in net.order()]

    @cached_property
    def _program(self) -> Any:
        return compile(self.network)

    @property
    def _over_time(self) -> bool:
        return bool(self.network.states or self.memories)

    def _is_generic(self, call: str = "") -> NoReturn:
        raise CircuitError(f"{self.name} is generic in its width: write {self.name}[8]{call}")

    # --- calling it

    def __call__(self, *args: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Answer for bits or arrays, or place the circuit among wires.

        Parameters
        ----------
        *args, **kwargs
            One value for each parameter. A bit is 0 or 1, a word an integer from 0 to 2**width - 1 (a signed one from
            -2**(width - 1) to 2**(width - 1) - 1); arrays (samples,) of these; or wires and words of a circuit that
            is being defined.
        name : str, optional
            With wires: the name of this part. Its nodes are called `name.node`. By default the circuit's name
            and a number.

        Returns
        -------
        The single result, or `Results` by name.

        Raises
        ------
        CircuitError
            If a parameter is missing or unknown, a value is out of range, a width or sign does not fit, a generic
            circuit is called with numbers, or a circuit with states or memories outside another circuit.
        """
        given = self._bind(args, kwargs)
        wires = [value for value in given if isinstance(value, Operand)]
        if open_widths(self._parameters):
            if not wires:
                self._is_generic(f"({', '.join(map(repr, given))})")
            return self[inferred(self.name, self._parameters, given)](*given, name=name)
        if wires:
            return place(self, given, wires[0].scope, name)
        if self._over_time:
            scope = current()
            if scope is not None:
                return place(self, given, scope, name)
            call = f"{{{self.inputs[0].name!r}: [0, 1]}}" if self.inputs else "steps=8"
            raise CircuitError(
                f"{self.name} has {'states' if self.network.states else 'memories'}, so what it answers depends on "
                f"what came before; write run({self.name}, {call}) or Simulation({self.name})"
            )
        return self._answer(given)

    def _bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        names = [one.name for one in self._parameters]
        if len(args) > len(names):
            raise CircuitError(f"{self.name} takes {len(names)} inputs ({', '.join(names)}), but {len(args)} are given")
        given = dict(zip(names, args, strict=False))
        for key, value in kwargs.items():
            if key not in names:
                raise CircuitError(f"{self.name} has no input {key!r}; its inputs are {', '.join(names)}")
            if key in given:
                raise CircuitError(f"{self.name}: input {key!r} is given twice; give it once")
            given[key] = value
        for one in self._parameters:
            if one.default is not inspect.Parameter.empty:
                given.setdefault(one.name, one.default)
        missing = [key for key in names if key not in given]
        if missing:
            raise CircuitError(f"{self.name}: input {missing[0]!r} has no value; its inputs are {', '.join(names)}")
        for key, value in given.items():
            if wires_in(value):
                raise CircuitError(
                    f"{self.name}: input {key!r} is given a {type(value).__name__} of wires; write Word([...]) to make "
                    "a word of them, the lowest bit first"
                )
        return [given[key] for key in names]

    def _answer(self, given: Sequence[Any]) -> Any:
        net = self.network
        if not any(np.ndim(value) for value in given):
            bits = list(sample(self.name, self.inputs, given, net.inputs).values())
            found = self._program.run(np.array([bits], dtype=np.uint8))[0]
            return unpacked(answers(self.outputs, dict(zip(net.outputs, found.tolist(), strict=True))))
        made, count = rows(self.name, self.inputs, given, net.inputs)
        after, _ = self._program.step_words(made, made[:0])
        return unpacked(numbers(self.outputs, after, count, list(net.outputs)))

    def assignment(self, *args: Any, **kwargs: Any) -> dict[str, int]:
        """The 0/1 value of every input of `network` for one value of each parameter (0 at pins of memories).

        Raises
        ------
        CircuitError
            As a call does.

        Examples
        --------
        >>> from circuits import ripple_carry_adder
        >>> ripple_carry_adder(2).assignment(a=1, b=2)
        {'a[0]': 1, 'a[1]': 0, 'b[0]': 0, 'b[1]': 1}
        """
        return sample(self.name, self.inputs, self._bind(args, kwargs), self.network.inputs)

    # --- looking at it

    def truth_table(self) -> TruthTable:
        """Every row, by bits (see `perceptron.truth_table`)."""
        return truth_table(self.network)

    def statistics(self) -> dict[str, object]:
        """Units, edges, depth, inputs, outputs and gates (see `perceptron.names.statistics`)."""
        return statistics(self.network)

    def draw(self, path: str | None = None, **options: Any) -> Drawing:
        """The circuit as gates (see `perceptron.draw` for the options)."""
        return draw(self.network, path, **{"style": "gates", **options})

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.network._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        known = ", ".join(map(str, self._parameters))
        if open_widths(self._parameters):
            return f"<Circuit {self.name}({known})>"
        return f"<Circuit {self.name}({known}) -> {', '.join(map(str, self.outputs))}>"


def circuit(function: Callable[..., Any]) -> Circuit:
    """Make a circuit of a Python function over wires.

    Each parameter is one bit (`Bit`, or no annotation), or a word where its annotation is `Word[n]`, or `Signed[n]`
    for two's complement; `Word`, `Signed` and `Word[N]` with `N = Width("N")` leave the width to the caller. A
    default, such as `carry=0`, is what a parameter is given where the caller gives nothing. The function computes with
    the gates of `circuits`, with Python's operators (see `circuits.language.operators.Operand`), and with other
    circuits. It returns a wire or word (the result is then called `out`), a dict of name -> wire or word, or a tuple
    (`out0`, `out1`, ...). 0 and 1 are constants.

    Raises
    ------
    CircuitError
        If the function takes other than plain parameters; and, when it is used for the first time, if it returns
        nothing or something else than wires.

    Examples
    --------
    >>> from circuits import Word, circuit
    >>> @circuit
    ... def toggle(a, b):
    ...     return {"same": ~(a ^ b), "both": a & b}
    >>> toggle(1, 1)
    Results(same=1, both=1)
    >>> @circuit
    ... def average(a: Word, b: Word):
    ...     return (a + b) >> 1
    >>> average[8](200, 101)
    150
    """
    if not callable(function) or isinstance(function, Circuit):
        raise CircuitError(f"@circuit is given {function!r}; write it above a function, without parentheses")
    return Circuit(function)
