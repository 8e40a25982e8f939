"""Program: a network made ready to run, whatever engine runs it."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.engines.bits import BitProgram, pack, unpack
from perceptron.engines.logic import Logic, lowers
from perceptron.engines.reals import RealProgram
from perceptron.errors import InputError, ParameterError
from perceptron.files import write_whole
from perceptron.tape import Tape

_BITS = frozenset((0, 1))

Outputs = NDArray[np.uint8] | NDArray[np.float64] | NDArray[np.float32]


class Program:
    """A network made ready to run. It does not change when the network is edited afterwards.

    Made by `compile`.

    Attributes
    ----------
    inputs, outputs : tuple of str
        The names, in order.
    states : tuple of (str, value)
        Each state with its value at the first step (0 where it is unknown).
    real : tuple of bool
        Whether each input takes any finite number.
    binary : bool
        Whether every output is 0 or 1.
    zero_one : bool
        Whether every input and state is 0 or 1 as well.
    bits : BitProgram or None
        The bit-parallel engine, where the network is 0/1 and small enough in each unit; it takes and gives
        packed rows, inputs then states, outputs then next states.
    reals : RealProgram or None
        The other engine, where `bits` is None.
    """

    def __init__(self, tape: Tape, engine: str | None = None, dtype: type[np.float32 | np.float64] = np.float64):
        tape.check()
        binary = tape.binary()
        self.inputs = tape.inputs
        self.outputs = tuple(tape.outputs)
        self.states = tuple(
            (str(tape.name_of(node)), 0 if state.initial is None else state.initial)
            for node, state in tape.states.items()
        )
        self.binary = bool(binary[list(tape.outputs.values())].all())
        self.zero_one = bool(binary[[*tape.given, *tape.wanted]].all())
        real = ~binary[tape.input_nodes]
        self.real = tuple(real.tolist())
        self._real = real
        self.bits: BitProgram | None = None
        self.reals: RealProgram | None = None
        if engine not in (None, "bits", "reals"):
            raise ParameterError(f"engine is {engine!r}; give 'bits', 'reals' or None")
        if dtype not in (np.float32, np.float64):
            raise ParameterError(f"dtype is {dtype!r}; give numpy.float64 or numpy.float32")
        if engine == "bits" and not binary.all():
            node = int(np.flatnonzero(~binary)[0])
            raise ParameterError(
                f"engine 'bits' runs 0 and 1, but node {tape.label(node)} has other values; leave it out"
            )
        if engine == "bits" or (engine is None and binary.all() and lowers(tape)):
            logic = Logic(len(tape.given), whole_adders=True)
            literals = logic.trace(tape, logic.inputs)
            self.bits = BitProgram(logic, [literals[node] for node in tape.wanted])
        else:
            self.reals = RealProgram(tape, binary, dtype)

    def run(self, samples: ArrayLike) -> Outputs:
        """The outputs for an array of samples.

        Parameters
        ----------
        samples : array_like (samples, inputs), or (steps, samples, inputs) over time
            Each sample runs through time by itself, from the initial states. A network with states needs time.

        Returns
        -------
        ndarray (samples, outputs) or (steps, samples, outputs)
            uint8 0 and 1 where every output is 0 or 1, otherwise the floating type it was compiled for.

        Raises
        ------
        InputError
            If the array has another shape, or a value that its input cannot take.
        """
        array = np.asarray(samples)
        if array.ndim == 2 and self.bits is not None and 0 < len(array) <= self.bits.few_at_most and not self.states:
            found = self._few(array, self.bits)
            if found is not None:
                return found
        array = self._checked(array)
        if array.ndim == 2:
            return self._step(array)
        if not self.states:
            steps, count, width = array.shape
            flat = self._step(array.reshape(steps * count, width))
            return flat.reshape(steps, count, len(self.outputs))
        return self._through_time_bits(array) if self.bits is not None else self._through_time_reals(array)

    def _few(self, array: NDArray[Any], bits: BitProgram) -> NDArray[np.uint8] | None:
        """The outputs for a few samples; None where they must be looked at closer."""
        if array.dtype.kind not in "biu" or array.shape[1] != bits.inputs:
            return None
        samples: list[list[int]] = array.tolist()
        for sample in samples:
            if not _BITS.issuperset(sample):
                return None
        return np.array(bits.few(samples), dtype=np.uint8)

    def _step(self, given: NDArray[Any]) -> Outputs:
        if self.bits is not None:
            return unpack(self.bits.words(pack(given)), len(given))
        assert self.reals is not None
        return self._typed(self.reals.run(given))

    def _typed(self, values: NDArray[Any]) -> Outputs:
        return values.astype(np.uint8) if self.binary else values

    def _through_time_bits(self, array: NDArray[Any]) -> NDArray[np.uint8]:
        steps, count, _ = array.shape
        result = np.empty((steps, count, len(self.outputs)), dtype=np.uint8)
        state = self.first_states(-(-count // 64))
        for step in range(steps):
            outputs, state = self.step_words(pack(array[step]), state)
            result[step] = unpack(outputs, count)
        return result

    def first_states(self, words: int) -> NDArray[np.uint64]:
        """The states (states, words) at the first step, packed, the same for every sample."""
        state = np.zeros((len(self.states), words), dtype=np.uint64)
        state[[index for index, (_, initial) in enumerate(self.states) if initial]] = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
        return state

    def step_words(
        self, inputs: NDArray[np.uint64], state: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """One step of a 0/1 network on packed rows: inputs (inputs, words) and states to outputs and next states."""
        if self.bits is not None:
            after = self.bits.words(np.concatenate([inputs, state]) if len(state) else inputs)
        else:
            assert self.reals is not None
            count = 64 * inputs.shape[1] if len(inputs) else 64 * state.shape[1]
            given = np.hstack([unpack(inputs, count), unpack(state, count)])
            after = pack(self.reals.run(given))
        return after[: len(self.outputs)], after[len(self.outputs) :]

    def _through_time_reals(self, array: NDArray[Any]) -> Outputs:
        assert self.reals is not None
        steps, count, width = array.shape
        result = np.empty((steps, count, len(self.outputs)), dtype=self.reals.dtype)
        given = np.empty((count, width + len(self.states)), dtype=self.reals.dtype)
        given[:, width:] = [float(initial) for _, initial in self.states]
        for step in range(steps):
            given[:, :width] = array[step]
            after = self.reals.run(given)
            result[step] = after[:, : len(self.outputs)]
            given[:, width:] = after[:, len(self.outputs) :]
        return self._typed(result)

    # --- on disk

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a program of the bit engine to a `.npz` file, whole or not at all; `load` reads it back.

        Raises
        ------
        ParameterError
            If it does not run on bits.
        OSError
            If the file cannot be written.
        """
        if self.bits is None:
            raise ParameterError("only a program of the bit engine is saved; save the network itself as .json instead")
        names = {"inputs": self.inputs, "outputs": self.outputs, "states": self.states}
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, names=np.array(json.dumps(names)), **self.bits.arrays())
        write_whole(Path(path), file.getvalue())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Program:
        """A program that `save` wrote.

        Raises
        ------
        ParameterError
            If the file is none, or was changed.
        OSError
            If it cannot be read.
        """
        data = Path(path).read_bytes()
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                names = json.loads(str(stored["names"]))
                bits = BitProgram.from_arrays({name: stored[name] for name in stored.files if name != "names"})
            program = cls.__new__(cls)
            program.inputs = tuple(str(name) for name in names["inputs"])
            program.outputs = tuple(str(name) for name in names["outputs"])
            program.states = tuple((str(name), int(initial)) for name, initial in names["states"])
        except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise ParameterError(f"{str(path)!r} is no program that `save` wrote ({error})") from None
        given, wanted = len(program.inputs) + len(program.states), len(program.outputs) + len(program.states)
        if (bits.inputs, bits.outputs) != (given, wanted):
            raise ParameterError(f"{str(path)!r} names {given} inputs and states, but its program has {bits.inputs}")
        program.binary = program.zero_one = True
        program.real = (False,) * len(program.inputs)
        program._real = np.zeros(len(program.inputs), dtype=bool)
        program.bits, program.reals = bits, None
        return program

    # --- what the samples may be

    def _checked(self, array: NDArray[Any]) -> NDArray[Any]:
        width = len(self.inputs)
        if array.size == 0 and array.ndim == 1 and not self.states:
            array = array.reshape(0, width)
        names = ", ".join(self.inputs) or "no inputs"
        if self.states and array.ndim != 3:
            raise InputError(
                f"samples have the shape {array.shape}; this network has states, so give (steps, samples, {width}), "
                f"a column for each of {names}"
            )
        if array.ndim not in (2, 3) or array.shape[-1] != width:
            raise InputError(
                f"samples have the shape {array.shape}; give (samples, {width}), a column for each of {names}"
            )
        if array.dtype == bool or (array.dtype == np.uint8 and array.max(initial=0) <= 1):
            return array
        if not (np.issubdtype(array.dtype, np.integer) or np.issubdtype(array.dtype, np.floating)):
            raise InputError(f"samples are of type {array.dtype}; give numbers")
        wrong = (array != 0) & (array != 1)
        if self._real.any():
            wrong &= ~self._real | ~np.isfinite(array)
        if wrong.any():
            place = np.argwhere(wrong)[0]
            need = "a finite number" if self._real[place[-1]] else "0 or 1"
            raise InputError(f"{self._place(array, place)}; give {need}")
        if self._real.any() and np.issubdtype(array.dtype, np.integer):
            rounded = np.abs(array.astype(np.float64)) >= 1 << 53
            if rounded.any():
                raise InputError(
                    f"{self._place(array, np.argwhere(rounded)[0])}, an integer of 2**53 or more, which float64 may "
                    "round; give floats, or evaluate it by itself"
                )
        return array

    def _place(self, array: NDArray[Any], place: NDArray[np.intp]) -> str:
        where = f"in sample {place[-2]}" + (f" of step {place[0]}" if len(place) == 3 else "")
        return f"input {self.inputs[place[-1]]!r} is {array[tuple(place)]} {where}"
