"""Steppers: a network with its values kept between steps of time, to be looked into and changed at any moment.

    BitStepper     0/1 networks, with memories looked up within the step: one bit a sample, on the plan of schedule.py
    RealStepper    networks with other values, through the matrices of reals.py

Both count a step in two halves: `settle` computes every node from the inputs and states, `commit` ends the step.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perceptron.engines.bits import has_numba, pack, unpack
from perceptron.engines.logic import AND
from perceptron.engines.program import Program
from perceptron.engines.schedule import LOOKUP, Lookup, Schedule
from perceptron.errors import ParameterError
from perceptron.tape import Tape

_CHUNK = 1 << 16  # words that are given and seen in one go
_KERNELS = "perceptron.engines.step_kernels"
_WORTH_NUMBA = 60_000  # passes of NumPy that take about as long as starting Numba
_FULL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class BitStepper:
    """A 0/1 network in time.

    Parameters
    ----------
    tape : Tape
        Checked, of 0 and 1 throughout.
    samples : int
        How many run side by side, each by itself.
    lookups : sequence of Lookup
        The memories.
    contents : sequence of ndarray (words,) of uint64
        What each memory holds at first. One that is only read is shared by all samples.

    Raises
    ------
    NetworkError
        If the memories' addresses depend on each other's words within the step.
    """

    def __init__(
        self,
        tape: Tape,
        samples: int = 1,
        lookups: Sequence[Lookup] = (),
        contents: Sequence[NDArray[np.uint64]] = (),
    ):
        self.samples = samples
        self.words = -(-samples // 64)
        self._lookups = tuple(lookups)
        self._contents = [np.array(words, dtype=np.uint64) for words in contents]
        self._schedule = Schedule(tape, lookups)
        literals = self._schedule.literals
        self._following = np.array(
            [literals[state.next] for state in tape.states.values() if state.next is not None], dtype=np.int32
        )
        self._state = 1 + len(tape.inputs)  # the row of the first state
        self._initial = [bool(state.initial) for state in tape.states.values()]
        pins: list[int] = []
        banks = np.zeros((len(self._lookups), 7), dtype=np.int64)
        base = 0
        for number, (lookup, words) in enumerate(zip(self._lookups, self._contents, strict=True)):
            load = () if lookup.load is None else (lookup.load,)
            apart = len(words) if load else 0
            edges = []
            for part in (lookup.address, lookup.out, lookup.data, load):
                edges.append(len(pins))
                pins += [literals[node] for node in part]
            banks[number] = (base, apart, *edges, len(pins))
            base += len(words) * (samples if load else 1)
        self._pins = np.array(pins, dtype=np.int32)
        self._banks = banks
        self._store = np.zeros(base, dtype=np.uint64)
        self._passes = 0  # made by NumPy so far
        self.values = np.zeros((self._schedule.rows, self.words), dtype=np.uint64)
        self.reset()

    def reset(self) -> None:
        """Back to the first step: states and memories as they were, inputs 0."""
        self.values[:] = 0
        for at, initial in enumerate(self._initial):
            if initial:
                self.values[self._state + at] = _FULL
        for number, words in enumerate(self._contents):
            self.contents(number)[...] = words

    def copy(self) -> BitStepper:
        """An independent one at the same moment."""
        other = object.__new__(BitStepper)
        other.__dict__.update(self.__dict__)
        other.values, other._store = self.values.copy(), self._store.copy()
        return other

    def contents(self, number: int) -> NDArray[np.uint64]:
        """A memory's words (words,), or (samples, words) where each sample has its own; a view."""
        base, apart = self._banks[number, :2].tolist()
        size = len(self._contents[number])
        if not apart:
            return self._store[base : base + size]
        return self._store[base : base + self.samples * size].reshape(self.samples, size)

    # --- values of nodes

    def place(self, node: int) -> int:
        """Where the value of a node is, for `get`."""
        return self._schedule.literals[node]

    def following(self, number: int) -> int:
        """Where the next value of a state is, for `get`."""
        return int(self._following[number])

    def get(self, places: Sequence[int]) -> NDArray[np.uint8]:
        """The values (samples, places) of 0 and 1."""
        literals = np.asarray(places, dtype=np.int64)
        return self._bits(self.values[literals >> 1], literals)

    def _bits(self, rows: NDArray[np.uint64], literals: NDArray[np.int64]) -> NDArray[np.uint8]:
        return unpack(rows, self.samples) ^ (literals & 1).astype(np.uint8)

    def set(self, given: Sequence[int], values: NDArray[Any]) -> None:
        """Give values (samples, given) of 0 and 1 to inputs and states, by their numbers among these."""
        self.values[np.asarray(given, dtype=np.int64) + 1] = pack(np.broadcast_to(values, (self.samples, len(given))))

    # --- time

    def settle(self, *, everything: bool = False) -> None:
        """Compute the step: what outputs, next states and memories need, or every node."""
        schedule = self._schedule
        plan = schedule.plan if everything else schedule.plan[: schedule.needed]
        if self._compiled(len(plan)):
            from perceptron.engines.step_kernels import settle

            settle(*self._inner(schedule.merged_all if everything else schedule.merged))
            return
        values = self.values
        left, right, first = schedule.left, schedule.right, schedule.first
        for kind, start, stop in plan.tolist():
            if kind == LOOKUP:
                self._look_up(start)
                continue
            a, b = left[start:stop], right[start:stop]
            x = values[a >> 1] ^ _masks(a)
            y = values[b >> 1] ^ _masks(b)
            values[first + start : first + stop] = x & y if kind == AND else x ^ y

    def commit(self) -> None:
        """End the step: memories store, states take their next values."""
        for number, lookup in enumerate(self._lookups):
            if lookup.load is not None:
                store = self.get([self.place(lookup.load)])[:, 0].astype(bool)
                at, words = self._number(lookup.address)[store], self._number(lookup.data)[store]
                self.contents(number)[np.flatnonzero(store), at.astype(np.int64)] = words
        following = self._following
        self.values[self._state : self._state + len(following)] = self.values[following >> 1] ^ _masks(following)

    def _number(self, nodes: Sequence[int]) -> NDArray[np.uint64]:
        """The number (samples,) that some nodes carry."""
        bits = self.get([self.place(node) for node in nodes]).astype(np.uint64)
        return np.asarray((bits << np.arange(len(nodes), dtype=np.uint64)).sum(axis=1, dtype=np.uint64))

    def _look_up(self, number: int) -> None:
        lookup = self._lookups[number]
        at = self._number(lookup.address).astype(np.int64)
        contents = self.contents(number)
        found = contents[at] if contents.ndim == 1 else contents[np.arange(self.samples), at]
        bits = found[:, None] >> np.arange(len(lookup.out), dtype=np.uint64) & np.uint64(1)
        self.values[[self.place(node) >> 1 for node in lookup.out]] = pack(bits)

    def run(
        self,
        steps: int,
        given: Sequence[int],
        over_time: NDArray[Any] | None,
        watched: Sequence[int],
        until: int | None = None,
    ) -> NDArray[np.uint8]:
        """Let time pass.

        Parameters
        ----------
        steps : int
        given : sequence of int
            Inputs, by number, that change over time.
        over_time : ndarray (steps, samples, given), or None where nothing does
        watched : sequence of int
            Places to look at in every step.
        until : int, optional
            Stop in the step in which this place is 1 for every sample; that step is not ended.

        Returns
        -------
        ndarray (steps passed, samples, watched)
        """
        size = max(1, _CHUNK // (self.words * max(1, len(given) + len(watched))))
        parts = []
        done = 0
        while done < steps:
            count = min(size, steps - done)
            part = None if over_time is None else over_time[done : done + count]
            seen = self._run_chunk(count, given, part, watched, until)
            parts.append(seen)
            done += len(seen)
            if len(seen) < count:
                break
        return np.concatenate(parts) if parts else np.zeros((0, self.samples, len(watched)), dtype=np.uint8)

    def _run_chunk(
        self,
        steps: int,
        given: Sequence[int],
        over_time: NDArray[Any] | None,
        watched: Sequence[int],
        until: int | None,
    ) -> NDArray[np.uint8]:
        schedule = self._schedule
        everything = any(place >> 1 >= self._spare() for place in [*watched, *(() if until is None else (until,))])
        if not self._compiled(steps * len(schedule.plan)):
            return self._run_numpy(steps, given, over_time, watched, until, everything=everything)
        from perceptron.engines import step_kernel_one, step_kernels

        run: Any = step_kernel_one.run_one if self.samples == 1 else step_kernels.run
        packed = np.zeros((steps, len(given), self.words), dtype=np.uint64)
        if over_time is not None:
            packed[:] = pack(over_time.transpose(1, 0, 2).reshape(self.samples, -1)).reshape(packed.shape)
        seen = np.empty((steps, len(watched), self.words), dtype=np.uint64)
        rows = np.asarray(given, dtype=np.int32) + np.int32(1)
        literals = np.asarray(watched, dtype=np.int32)
        done = run(
            *self._inner(schedule.merged_all if everything else schedule.merged),
            self._following,
            self._state,
            steps,
            rows.astype(np.int32),
            packed,
            literals,
            seen,
            -1 if until is None else until,
        )
        bits = unpack(seen[:done].reshape(done * len(watched), self.words), self.samples)
        return bits.reshape(self.samples, done, len(watched)).transpose(1, 0, 2)

    def _run_numpy(
        self,
        steps: int,
        given: Sequence[int],
        over_time: NDArray[Any] | None,
        watched: Sequence[int],
        until: int | None,
        *,
        everything: bool,
    ) -> NDArray[np.uint8]:
        seen = np.empty((steps, self.samples, len(watched)), dtype=np.uint8)
        for step in range(steps):
            if over_time is not None:
                self.set(given, over_time[step])
            self.settle(everything=everything)
            if until is not None and self.get([until]).all():
                return seen[:step]
            seen[step] = self.get(watched)
            self.commit()
        return seen

    def _spare(self) -> int:
        """The first row that only somebody who looks inside wants."""
        plan, needed = self._schedule.plan, self._schedule.needed
        return self._schedule.rows if needed == len(plan) else self._schedule.first + int(plan[needed, 1])

    def _inner(self, plan: NDArray[np.int32]) -> tuple[Any, ...]:
        """The arguments that the compiled functions share."""
        schedule = self._schedule
        return (
            self.values.reshape(-1),
            self.words,
            self.samples,
            plan,
            schedule.left,
            schedule.right,
            schedule.first,
            self._store,
            self._banks,
            self._pins,
        )

    def _compiled(self, passes: int) -> bool:
        """Whether to use the compiled loop: it is loaded, or NumPy would by now have cost as much as loading it."""
        if _KERNELS in sys.modules and has_numba():
            return True
        self._passes += passes
        return self._passes >= _WORTH_NUMBA and has_numba()


def _masks(literals: NDArray[np.int32]) -> NDArray[np.uint64]:
    """(literals, 1) all ones for each complement."""
    return ((literals & 1).astype(np.uint64) * _FULL)[:, None]


class RealStepper:
    """A network with values beside 0 and 1, in time. It has no memories.

    Parameters
    ----------
    tape : Tape
        Checked.
    samples : int
    """

    def __init__(self, tape: Tape, samples: int = 1):
        program = Program(tape, "reals")
        assert program.reals is not None
        self.samples = samples
        self._reals = program.reals
        self._first = [0.0] * len(program.inputs) + [float(initial) for _, initial in program.states]
        self._state = len(program.inputs)
        self._outputs = len(program.outputs)
        self._column = {node: column for column, node in enumerate([*tape.given, *tape.wanted])}
        self._label = tape.label
        self.reset()

    def reset(self) -> None:
        """Back to the first step."""
        self._given = np.tile(np.array(self._first, dtype=np.float64), (self.samples, 1))
        self._after = np.zeros((self.samples, 0))

    def copy(self) -> RealStepper:
        """An independent one at the same moment."""
        other = object.__new__(RealStepper)
        other.__dict__.update(self.__dict__)
        other._given, other._after = self._given.copy(), self._after.copy()
        return other

    def place(self, node: int) -> int:
        """Where the value of a node is, for `get`.

        Raises
        ------
        ParameterError
            If the node is neither an input, a state, an output nor the next value of a state.
        """
        if node not in self._column:
            raise ParameterError(
                f"unit {self._label(node)} is inside a network with real values, which keeps only inputs, outputs and "
                "states; make it an output"
            )
        return self._column[node]

    def following(self, number: int) -> int:
        """Where the next value of a state is, for `get`."""
        return len(self._first) + self._outputs + number

    def get(self, places: Sequence[int]) -> NDArray[np.float64]:
        """The values (samples, places)."""
        return np.hstack([self._given, self._after])[:, list(places)]

    def set(self, given: Sequence[int], values: NDArray[Any]) -> None:
        """Give values (samples, given) to inputs and states, by their numbers among these."""
        self._given[:, list(given)] = values

    def settle(self, *, everything: bool = False) -> None:
        """Compute the step."""
        self._after = np.asarray(self._reals.run(self._given), dtype=np.float64)

    def commit(self) -> None:
        """End the step: states take their next values."""
        self._given[:, self._state :] = self._after[:, self._outputs :]

    def run(
        self,
        steps: int,
        given: Sequence[int],
        over_time: NDArray[Any] | None,
        watched: Sequence[int],
        until: int | None = None,
    ) -> NDArray[np.float64]:
        """Let time pass (see `BitStepper.run`)."""
        seen = np.empty((steps, self.samples, len(watched)))
        for step in range(steps):
            if over_time is not None:
                self.set(given, over_time[step])
            self.settle()
            if until is not None and (self.get([until]) == 1).all():
                return seen[:step]
            seen[step] = self.get(watched)
            self.commit()
        return seen
