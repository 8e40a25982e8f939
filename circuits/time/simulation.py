"""Simulation: a circuit with states and memories in time, by hand or at the engine's full speed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circuits.definition import Circuit, Results
from circuits.errors import CircuitError
from circuits.memory import Memory
from circuits.time.signals import Signal, Signals, shown
from circuits.time.wave import Wave
from circuits.time.waves import Waves
from perceptron import InputError, Network, Tape
from perceptron.engines import as_tape
from perceptron.engines.stepping import BitStepper, RealStepper

Inputs = Mapping[str, Any]


class Simulation:
    """A circuit in time: give inputs, look at its outputs, let a step pass, look inside, change what it holds.

    Within a step the outputs follow the inputs at once. At the end of the step, all together, each state takes its
    next value and each memory stores: the edge of the clock. Signals go by name; `q[0]`, `q[1]`, ... are one integer,
    `q`, and each bit goes by its own name too. Inputs that are not given keep their value, 0 at first.

    Parameters
    ----------
    circuit : Circuit, Network or Tape
    memories : iterable of Memory, optional
        The memories around a network; for a circuit they stand in for its own memories of the same names.
    samples : int, optional
        How many run side by side, each by itself. Every value is then an array (samples,); a single one given
        stands for all.

    Attributes
    ----------
    time : int
        How many steps have passed.

    Raises
    ------
    NetworkError
        If the network is not valid, or the memories read each other within one step.
    CircuitError
        If a memory's pin is missing, memories stand around a network of real values, or `samples` is less than 1.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> net = Network("toggle")
    >>> q, on = net.state("q"), net.input("on")
    >>> both = net.add(Unit(-3), [(q, 2), (on, 2)])
    >>> net.feedback(q, net.add(Unit(-1), [(q, 2), (on, 2), (both, -4)]))
    >>> net.output("out", q)
    >>> toggle = Simulation(net)
    >>> toggle.step(on=1), toggle.step(), toggle.step(), toggle.time
    (0, 1, 0, 3)
    >>> toggle.look(on=0), toggle.following("q")
    (1, 1)
    >>> toggle.poke("q", 0)
    >>> toggle.look()
    0
    """

    def __init__(
        self,
        circuit: Circuit | Network | Tape,
        *,
        memories: Iterable[Memory] | None = None,
        samples: int | None = None,
    ):
        if samples is not None and (isinstance(samples, bool) or not isinstance(samples, int) or samples < 1):
            raise CircuitError(f"samples is {samples!r}; give a whole number of at least 1, or None for a single run")
        self.samples = samples
        self.time = 0
        net, own, *signed = _parts(circuit)
        tape = as_tape(net)
        tape.check()
        around = {memory.name: memory for memory in own}
        given = list(memories or ())
        around |= {memory.name: memory for memory in given}
        self.memories = tuple(around.values())
        self.signals = Signals(tape, self.memories, *signed)
        binary = tape.binary()
        self._real = {tape.name_of(node) for node in tape.given if not binary[node]}
        self._given = {node: number for number, node in enumerate(tape.given)}
        self._state_number = {node: number for number, node in enumerate(tape.states)}
        self._stepper: BitStepper | RealStepper
        if binary.all():
            contents = [memory.initial() for memory in self.memories]
            self._stepper = BitStepper(tape, samples or 1, self.signals.lookups, contents)
        elif self.memories:
            raise CircuitError(f"memory {self.memories[0].name!r} is around a network of real values; harden it first")
        else:
            self._stepper = RealStepper(tape, samples or 1)
        self._settled = self._deep = self._lent = False
        self._outputs = list(self.signals.outputs.values())
        self._output_places = self._places(self._outputs)

    # --- one step at a time

    def look(self, values: Inputs | None = None, /, **inputs: Any) -> Any:
        """The outputs of this step for these inputs; time stands still.

        Parameters
        ----------
        values : mapping of input name -> value, optional
            For names that are no keywords.
        **inputs
            0 or 1 for a bit, an integer for a word; arrays (samples,) with `samples`.

        Returns
        -------
        The single output, or `Results` by name.

        Raises
        ------
        CircuitError
            If there is no such input.
        InputError
            If a value is outside the input's range.
        """
        self._give({**(values or {}), **inputs})
        self._settle()
        bits = self._stepper.get(self._output_places)
        found, at = {}, 0
        for signal in self._outputs:
            found[signal.field.name] = self._single(signal.numbers(bits[:, at : at + len(signal.nodes)]))
            at += len(signal.nodes)
        return next(iter(found.values())) if len(found) == 1 else Results(found)

    def step(self, values: Inputs | None = None, /, **inputs: Any) -> Any:
        """The outputs of this step, as `look` gives them; then time passes to the next."""
        outputs = self.look(values, **inputs)
        self._stepper.commit()
        self._settled = False
        self.time += 1
        return outputs

    def peek(self, name: str) -> Any:
        """The value, in this step, of the output, input, state or unit of that name.

        Raises
        ------
        CircuitError
            If there is none.
        ParameterError
            If it is a unit inside a network with real values that is no output.
        """
        signal = self.signals.find(name)
        self._settle(everything=name not in self.signals.outputs)
        return self._single(signal.numbers(self._stepper.get(self._places([signal]))))

    def following(self, name: str) -> Any:
        """The value that a state, or word of states, will have in the next step.

        Raises
        ------
        CircuitError
            If there is no such state.
        """
        signal = self.signals.state(name)
        self._settle()
        places = [self._stepper.following(self._state_number[node]) for node in signal.nodes]
        return self._single(signal.numbers(self._stepper.get(places)))

    def poke(self, name: str, value: Any) -> None:
        """Put a value into a state, or word of states, in this step.

        Raises
        ------
        CircuitError
            If there is no such state.
        InputError
            If the value is outside its range.
        """
        self._put(self.signals.state(name), value, "state")

    def memory(self, name: str) -> NDArray[np.uint64]:
        """The words of a memory, to read and to write in place.

        Returns
        -------
        ndarray (words,) of uint64
            (samples, words) with `samples`, unless the memory is read-only: then all samples share it.

        Raises
        ------
        CircuitError
            If there is no such memory.
        """
        names = [memory.name for memory in self.memories]
        if name not in names:
            raise CircuitError(f"there is no memory {name!r}; the memories are {shown(names)}")
        assert isinstance(self._stepper, BitStepper)
        self._lent = True  # whoever has the array may write at any time, so nothing stays settled
        words = self._stepper.contents(names.index(name))
        return words[0] if self.samples is None and words.ndim == 2 else words

    def reset(self) -> None:
        """Back to the first step: states and memories as they were made, inputs 0."""
        self._stepper.reset()
        self._settled = False
        self.time = 0

    def copy(self) -> Simulation:
        """An independent simulation at the same moment."""
        other = object.__new__(Simulation)
        other.__dict__.update(self.__dict__)
        other._stepper = self._stepper.copy()
        return other

    # --- many steps

    def advance(
        self, steps: int, *, record: Iterable[str] = (), until: str | None = None, inputs: Inputs | None = None
    ) -> Waves:
        """Let many steps pass with the inputs as they are.

        Parameters
        ----------
        steps : int
            How many at most.
        record : iterable of str
            Signals to keep, any that `peek` knows.
        until : str, optional
            A single bit: time stops in the first step in which it is 1 (for every sample), before that step ends.
        inputs : mapping of input name -> value, optional
            Given first, for all steps.

        Returns
        -------
        Waves
            The recorded signals; its length is the number of steps that passed.

        Raises
        ------
        CircuitError
            If there is no such signal, `until` is a word, or the number of steps is negative.
        """
        self._give(inputs or {})
        return self._run(steps, [], self._found(record), until)

    def play(
        self,
        inputs: Mapping[str, ArrayLike],
        *,
        steps: int | None = None,
        record: Iterable[str] | None = None,
        until: str | None = None,
    ) -> Waves:
        """Let time pass with inputs that change.

        Parameters
        ----------
        inputs : mapping of input name -> values
            A sequence (steps,), or an array (steps, samples) with `samples`; a single value stays.
        steps : int, optional
            How many; by default as long as the sequences are.
        record : iterable of str, optional
            Signals to keep; by default the outputs.
        until : str, optional
            As in `advance`.

        Returns
        -------
        Waves

        Raises
        ------
        CircuitError
            If sequences differ in length, or nothing says how many steps; and as `advance`.
        InputError
            If a value is outside the input's range.
        """
        changing: list[tuple[Signal, NDArray[Any]]] = []
        for name, values in inputs.items():
            if np.ndim(values) == 0:
                self._give({name: values})
            else:
                array = values if isinstance(values, np.ndarray) else _array(values)
                changing.append((self.signals.input(name), array))
        if steps is None and not changing:
            raise CircuitError("nothing says how many steps to run; give steps=, or a sequence of inputs")
        count = len(changing[0][1]) if steps is None else steps
        for signal, values in changing:
            if len(values) != count:
                name = signal.field.name
                raise CircuitError(f"input {name!r} has {len(values)} values for {count} steps; give one for each step")
        names = self.signals.outputs if record is None else record
        return self._run(count, changing, self._found(names), until)

    def _found(self, names: Iterable[str]) -> list[Signal]:
        """The signals of some names; a text would be taken for the names of its letters."""
        if isinstance(names, str):
            raise CircuitError(f"the signals to keep are the text {names!r}; give a list of names, such as [{names!r}]")
        return [self.signals.find(name) for name in names]

    def _run(
        self,
        steps: int,
        changing: Sequence[tuple[Signal, NDArray[Any]]],
        signals: Sequence[Signal],
        until: str | None = None,
    ) -> Waves:
        if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or steps < 0:
            raise CircuitError(f"steps is {steps!r}; give a whole number of at least 0")
        stop = None
        if until is not None:
            condition = self.signals.find(until)
            if condition.field.word:
                raise CircuitError(f"until is the word {until!r}; name a single bit, such as {until}[0]")
            stop = self._places([condition])[0]
        columns: list[NDArray[Any]] = []
        given: list[int] = []
        for signal, values in changing:
            given += [self._given[node] for node in signal.nodes]
            columns.append(self._over_time(signal, values))
        over_time = np.concatenate(columns, axis=2) if columns else None
        seen = self._stepper.run(int(steps), given, over_time, self._places(signals), stop)
        self._settled = False
        first, self.time = self.time, self.time + len(seen)
        waves, at = [], 0
        for signal in signals:
            values = signal.numbers(seen[:, :, at : at + len(signal.nodes)])
            at += len(signal.nodes)
            width = len(signal.nodes) if signal.field.word else None
            waves.append(Wave(signal.field.name, values[:, 0] if self.samples is None else values, width))
        return Waves(waves, len(seen), first)

    def _over_time(self, signal: Signal, values: NDArray[Any]) -> NDArray[Any]:
        """Bits (steps, samples, width) of an input over time."""
        name, steps = signal.field.name, len(values)
        wanted: tuple[int, ...] = (steps,) if self.samples is None else (steps, self.samples)
        if values.shape not in (wanted, (steps,)):
            raise InputError(f"input {name!r} has the shape {values.shape} over time; give {wanted}")
        lanes = 1 if values.ndim == 1 else values.shape[1]

        def where(at: int) -> str:
            return f" in step {at // lanes}" + (f" of sample {at % lanes}" if values.ndim == 2 else "")

        bits = signal.bits(values.ravel(), real=name in self._real, where=where)
        bits = bits.reshape(*values.shape, len(signal.nodes))
        if values.ndim == 1:
            bits = np.broadcast_to(bits[:, None, :], (steps, self.samples or 1, len(signal.nodes)))
        return bits

    # --- inside

    def _give(self, inputs: Inputs) -> None:
        for name, value in inputs.items():
            self._put(self.signals.input(name), value)

    def _put(self, signal: Signal, value: Any, kind: str = "input") -> None:
        array = value if isinstance(value, np.ndarray) else _array(value)
        if array.ndim > 1 or (array.ndim == 1 and len(array) != self.samples):
            told = "a single value" if self.samples is None else f"a single value or an array ({self.samples},)"
            raise InputError(f"{kind} {signal.field.name!r} is given the shape {array.shape}; give {told}")

        def where(at: int) -> str:
            return f" in sample {at}" if array.ndim else ""

        real = signal.field.name in self._real
        bits = signal.bits(array.reshape(-1), real=real, kind=kind, where=where)
        self._stepper.set([self._given[node] for node in signal.nodes], bits)
        self._settled = False

    def _settle(self, *, everything: bool = False) -> None:
        if self._lent or not self._settled or (everything and not self._deep):
            self._stepper.settle(everything=everything)
            self._settled, self._deep = True, everything

    def _places(self, signals: Iterable[Signal]) -> list[int]:
        return [self._stepper.place(node) for signal in signals for node in signal.nodes]

    def _single(self, values: NDArray[Any]) -> Any:
        if self.samples is not None:
            return values
        value = values[0]
        return value.item() if hasattr(value, "item") else value


def run(
    circuit: Circuit | Network | Tape,
    inputs: Mapping[str, ArrayLike] | ArrayLike | None = None,
    *,
    steps: int | None = None,
    samples: int | None = None,
    memories: Iterable[Memory] | None = None,
) -> Any:
    """The outputs of a circuit over time, from its first step.

    Parameters
    ----------
    circuit : Circuit, Network or Tape
    inputs : mapping of input name -> values, or array_like (steps, samples, inputs)
        By name: a sequence (steps,), an array (steps, samples), or a single value that stays; inputs left out are 0.
        As one array: a column for each input of the network, memories' pins aside.
    steps : int, optional
        How many; by default as long as the sequences are.
    samples : int, optional
        How many run side by side; by default as many as the arrays have.
    memories : iterable of Memory, optional
        See `Simulation`.

    Returns
    -------
    dict of output name -> ndarray (steps,) or (steps, samples); or ndarray (steps, samples, outputs)
        In the form of the inputs. What `perceptron.step` gives, step by step.

    Raises
    ------
    CircuitError, InputError
        As `Simulation.play`.

    Examples
    --------
    >>> from perceptron import Network, Unit
    >>> net = Network("delay")
    >>> q = net.state("q")
    >>> net.feedback(q, net.input("x"))
    >>> net.output("out", q)
    >>> run(net, {"x": [1, 0, 1, 1]})
    {'out': array([0, 1, 0, 1], dtype=uint8)}
    """
    if inputs is None or isinstance(inputs, Mapping):
        arrays = {name: np.shape(values) for name, values in (inputs or {}).items()}
        widths = {shape[1] for shape in arrays.values() if len(shape) == 2}
        if samples is None and len(widths) == 1:
            (samples,) = widths
        simulation = Simulation(circuit, memories=memories, samples=samples)
        return simulation.play(dict(inputs or {}), steps=steps).asdict()
    array = np.asarray(inputs)
    simulation = Simulation(circuit, memories=memories, samples=array.shape[1] if array.ndim == 3 else 1)
    given, wanted = simulation.signals.input_bits, simulation.signals.output_bits
    if array.ndim != 3 or array.shape[2] != len(given):
        raise InputError(
            f"inputs have the shape {array.shape}; give (steps, samples, {len(given)}), a column for each of "
            f"{shown(simulation.signals.input_names)}; or a mapping by name"
        )
    for keyword, value, found in (("steps", steps, len(array)), ("samples", samples, array.shape[1])):
        if value is not None and value != found:
            raise InputError(f"{keyword} is {value}, but the inputs have {found}; leave it out")
    changing = [(signal, array[:, :, column]) for column, signal in enumerate(given)]
    waves = simulation._run(len(array), changing, wanted)
    return np.stack([wave.values for wave in waves], axis=2)


def record(
    circuit: Circuit | Network | Tape,
    inputs: Mapping[str, ArrayLike] | None = None,
    *,
    steps: int | None = None,
    signals: Sequence[str] | None = None,
    memories: Iterable[Memory] | None = None,
) -> Waves:
    """The waves of a circuit from its first step: to draw, to print, or to write as VCD.

    Parameters
    ----------
    circuit, inputs, steps, memories
        As for `run`, for a single sample.
    signals : sequence of str, optional
        What to record, any signal that `Simulation.peek` knows; by default the inputs and outputs.

    Returns
    -------
    Waves

    Raises
    ------
    CircuitError, InputError
        As `Simulation.play`.

    Examples
    --------
    >>> from circuits import counter
    >>> print(record(counter(4), {"enable": [1, 0, 1, 1, 1]}))
           0   1   2   3   4
           ────┐   ┌───────────
    enable     └───┘
    <BLANKLINE>
    reset  ────────────────────
    q      ╳ 0 ╳ 1     ╳ 2 ╳ 3
    """
    simulation = Simulation(circuit, memories=memories)
    known = simulation.signals
    names = list(dict.fromkeys([*known.inputs, *known.outputs])) if signals is None else signals
    return simulation.play(dict(inputs or {}), steps=steps, record=names)


def _parts(circuit: Circuit | Network | Tape) -> tuple[Network | Tape, Sequence[Memory], list[str], list[str]]:
    """The network, its memories, and its signed inputs and outputs."""
    if isinstance(circuit, Network | Tape):
        return circuit, (), [], []
    if not isinstance(circuit, Circuit):
        raise CircuitError(f"a simulation is given {circuit!r}; give a Circuit, a Network or a Tape")
    given, found = ([port.name for port in ports if port.signed] for ports in (circuit.inputs, circuit.outputs))
    return circuit.network, circuit.memories, given, found


def _array(values: Any) -> NDArray[Any]:
    """As NumPy makes it, but never a float of an integer."""
    array = np.asarray(values)
    return array if array.dtype != np.float64 else np.asarray(values, dtype=object)
