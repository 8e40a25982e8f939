"""stream: any number of samples through a network, a block at a time, as arrays or by name.

array (samples, inputs)            {"a": (samples,), "b": (samples,)}
        |                                 |  words to packed rows (`perceptron.words`)
    Program.run                    Program.step_words
        |                                 |
array (samples, outputs)           {"sum": (samples,)}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.engines import Program, compile
from perceptron.engines.bits import pack, unpack
from perceptron.errors import InputError
from perceptron.network import Network
from perceptron.tape import Tape
from perceptron.words import Field, fields, from_rows, integers, to_rows
from perceptron.words import bits as one_by_one

ByName = Mapping[str, ArrayLike]
Part = tuple[Field, NDArray[Any]]


@overload
def stream(
    net: Network | Tape | Program, blocks: Iterable[ByName], *, signed: Collection[str] = (), bits: bool = False
) -> Iterator[dict[str, NDArray[Any]]]: ...


@overload
def stream(
    net: Network | Tape | Program, blocks: Iterable[ArrayLike], *, signed: Collection[str] = (), bits: bool = False
) -> Iterator[NDArray[Any]]: ...


def stream(
    net: Network | Tape | Program,
    blocks: Iterable[ArrayLike] | Iterable[ByName],
    *,
    signed: Collection[str] = (),
    bits: bool = False,
) -> Iterator[Any]:
    """The outputs of a network for blocks of samples, one block after another.

    Only one block is held at a time, so that the samples may be any number. With states, the blocks are one run
    through time: each goes on where the one before it stopped.

    Parameters
    ----------
    net : Network, Tape or Program
    blocks : iterable of arrays, or of mappings from input name to array
        Arrays as `simulate` takes them. Mappings hold arrays (samples,), or (steps, samples) over time: 0 and 1 for
        an input, any finite number for a real one, and integers for a word, `a` for the inputs `a[0]`, `a[1]`, ...
        A single number stands for all samples.
    signed : collection of str, optional
        The words that are read in two's complement.
    bits : bool
        Whether outputs come bit by bit by their own names where blocks are mappings, and not as words.

    Yields
    ------
    ndarray, or dict of output name -> ndarray
        As the blocks are. By name: uint8 for a bit, int64 for a word that fits, Python ints for a wider one.

    Raises
    ------
    NetworkError
        If the network is not valid.
    InputError
        If a block has another shape, lacks an input or has one that is not there, or has a value that the input
        cannot take; and with states, if the number of samples changes.

    Examples
    --------
    >>> from circuits import ripple_carry_adder
    >>> for out in stream(ripple_carry_adder(8).network, [{"a": [200, 3], "b": [100, 4]}, {"a": [1], "b": 1}]):
    ...     print(out["sum"])
    [300   7]
    [2]
    """
    program = net if isinstance(net, Program) else compile(net)
    names = Names(program, signed, bits)
    state: NDArray[Any] | None = None
    for block in blocks:
        if isinstance(block, Mapping):
            parts, timed = names.parts(block)
            if program.states or timed or not program.zero_one:
                values, after = _through_time(program, names.matrix(parts), state)
                state = after if program.states else None
                yield names.by_name(values if timed else values[0])
            else:
                yield names.answer(parts)
        elif program.states:
            values, state = _through_time(program, names.checked(np.asarray(block)), state)
            yield values
        else:
            yield program.run(block)


class Names:
    """The inputs and outputs of a program as bits and words by name."""

    def __init__(self, program: Program, signed: Collection[str] = (), bits: bool = False):
        self.program = program
        self.inputs = fields(program.inputs, signed)
        by_bit = bits or not program.binary
        self.outputs = one_by_one(program.outputs) if by_bit else fields(program.outputs, signed)

    def split(self, names: Collection[str]) -> list[Field]:
        """The fields that these names are, each the name of an input or of a word, every input once.

        Raises
        ------
        InputError
            If a name is none of them, or an input is missing or named twice.
        """
        inputs = self.program.inputs
        found: list[Field] = []
        by: dict[int, str] = {}
        each = one_by_one(inputs)
        for name in names:
            field = self.inputs.get(name) or each.get(name)
            if field is None:
                shown = ", ".join([*self.inputs][:8]) + (", ..." if len(self.inputs) > 8 else "")
                raise InputError(f"there is no input {name!r}; the inputs are {shown or 'none'}")
            for at in field.places:
                if at in by:
                    raise InputError(f"input {inputs[at]!r} is given by {by[at]!r} and by {name!r}; give it once")
                by[at] = name
            found.append(field)
        for at, name in enumerate(inputs):
            if at not in by:
                word = next(field for field in self.inputs.values() if at in field.places)
                raise InputError(
                    f"input {word.name if not by.keys() & set(word.places) else name!r} has no value; give one"
                )
        return found

    def parts(self, block: ByName) -> tuple[list[Part], bool]:
        """The fields of a block with their arrays, all of one shape, and whether that is (steps, samples).

        Raises
        ------
        InputError
            As `split` does; or if the shapes do not fit.
        """
        found = self.split(block.keys())
        arrays = [_array(block[field.name]) for field in found]
        shapes = {array.shape for array in arrays if array.ndim} or {(1,)}
        shape = next(iter(shapes))
        need = "(steps, samples)" if self.program.states else "(samples,), or (steps, samples) over time"
        if len(shapes) > 1 or len(shape) > 2 or (self.program.states and len(shape) != 2):
            told = ", ".join(f"{field.name!r}: {array.shape}" for field, array in zip(found, arrays, strict=True))
            raise InputError(f"the inputs have the shapes {told}; give all the same, {need}")
        full = [np.broadcast_to(array, shape) for array in arrays]
        return list(zip(found, full, strict=True)), len(shape) == 2

    def answer(self, parts: list[Part]) -> dict[str, NDArray[Any]]:
        """The outputs of a 0/1 program without states, on packed rows all the way."""
        count = len(parts[0][1]) if parts else 1
        rows = np.empty((len(self.program.inputs), -(-count // 64)), dtype=np.uint64)
        for field, values in parts:
            rows[list(field.places)] = to_rows(field, values)
        outputs, _ = self.program.step_words(rows, self.program.first_states(rows.shape[1]))
        return {name: from_rows(field, outputs[list(field.places)], count) for name, field in self.outputs.items()}

    def matrix(self, parts: list[Part]) -> NDArray[Any]:
        """The samples (steps, samples, inputs) of a block."""
        shape = parts[0][1].shape if parts else (1,)
        real = self.program.real
        flat = np.empty((int(np.prod(shape)), len(real)), dtype=np.float64 if any(real) else np.uint8)
        for field, values in parts:
            if real[field.places[0]] and not field.word:
                flat[:, field.places[0]] = _finite(field.name, values.ravel())
            else:
                rows = to_rows(field, values.ravel())
                flat[:, list(field.places)] = unpack(rows, len(flat))
        return flat.reshape(*(shape if len(shape) == 2 else (1, *shape)), len(real))

    def checked(self, array: NDArray[Any]) -> NDArray[Any]:
        """Samples (steps, samples, inputs) whose values the inputs can take."""
        inputs = self.program.inputs
        if array.ndim != 3 or array.shape[2] != len(inputs):
            raise InputError(
                f"samples have the shape {array.shape}; this network has states, so give (steps, samples, "
                f"{len(inputs)}), a column for each of {', '.join(inputs) or 'no inputs'}"
            )
        for at, (name, real) in enumerate(zip(inputs, self.program.real, strict=True)):
            column = array[..., at].ravel()
            if real:
                _finite(name, column)
            else:
                integers(Field(name, (at,), False), column)
        return array

    def by_name(self, values: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Outputs (..., outputs) as arrays (...) by name."""
        flat = values.reshape(-1, values.shape[-1])
        named = {}
        for name, field in self.outputs.items():
            column = flat[:, list(field.places)]
            found = from_rows(field, pack(column), len(flat)) if field.word else column[:, 0]
            named[name] = found.reshape(values.shape[:-1])
        return named


def _through_time(
    program: Program, array: NDArray[Any], state: NDArray[Any] | None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Outputs (steps, samples, outputs) from a state on (None: the initial ones), and the state after them."""
    steps, count, _ = array.shape
    reals = None if program.zero_one else program.reals
    dtype = np.dtype(np.uint8) if program.binary or reals is None else np.dtype(reals.dtype)
    result = np.empty((steps, count, len(program.outputs)), dtype=dtype)
    if state is None:
        initial = np.array([float(value) for _, value in program.states])
        state = program.first_states(-(-count // 64)) if reals is None else np.tile(initial, (count, 1))
    known = state.shape[1] if reals is None else len(state)
    if known != (-(-count // 64) if reals is None else count):
        raise InputError(f"a block has {count} samples, and the states before it are of another number; give as many")
    for step in range(steps):
        if reals is None:
            outputs, state = program.step_words(pack(array[step]), state)
            result[step] = unpack(outputs, count)
        else:
            after = reals.run(np.hstack([array[step], state]).astype(reals.dtype, copy=False))
            result[step], state = after[:, : len(program.outputs)], after[:, len(program.outputs) :]
    return result, state


def _array(values: ArrayLike) -> NDArray[Any]:
    """As NumPy makes it, but never a float of an integer: a list such as [1, 2**63] would be rounded."""
    array = np.asarray(values)
    if not isinstance(values, np.ndarray) and np.issubdtype(array.dtype, np.floating):
        return np.asarray(values, dtype=object)
    return array


def _finite(name: str, values: NDArray[Any]) -> NDArray[np.float64]:
    """Values of a real input as float64."""
    try:
        found = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"input {name!r} has values of type {values.dtype}; give finite numbers") from None
    wrong = ~np.isfinite(found)
    if np.issubdtype(values.dtype, np.integer):
        wrong |= np.abs(found) >= 1 << 53
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise InputError(
            f"input {name!r} is {values[at]} in sample {at}; give a finite number below 2**53 in size, or a float"
        )
    return found
