"""Waves: what some signals did over time; printed, drawn, written as VCD."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.errors import CircuitError
from circuits.time.wave import Wave
from circuits.time.waves_svg import svg
from circuits.time.waves_text import diagram
from circuits.time.waves_vcd import vcd
from perceptron.files import write_whole


class Waves:
    """The values of signals, a step each. Made by `record` and by `Simulation`.

    `waves[name]` is the array (steps,) of a signal, or (steps, samples); `len(waves)` the number of steps; iterating
    gives each `Wave`; `waves + later` joins what was recorded one after the other.

    Parameters
    ----------
    waves : iterable of Wave
        All of the same steps.
    steps : int
    first : int
        The time of the first step.

    Examples
    --------
    >>> import numpy as np
    >>> waves = Waves([Wave("go", np.array([0, 1, 1, 0])), Wave("q", np.array([7, 7, 8, 9]), 4)], 4)
    >>> print(waves)
       0   1   2   3
           ┌───────┐
    go ────┘       └───
    q  ╳ 7     ╳ 8 ╳ 9
    """

    def __init__(self, waves: Iterable[Wave], steps: int, first: int = 0):
        self._waves = {wave.name: wave for wave in waves}
        self.steps = steps
        self.first = first

    def __len__(self) -> int:
        return self.steps

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Wave]:
        return iter(self._waves.values())

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._wave(name).values

    def _wave(self, name: str) -> Wave:
        if name not in self._waves:
            raise CircuitError(f"signal {name!r} was not recorded; these were: {', '.join(self._waves) or 'none'}")
        return self._waves[name]

    @property
    def names(self) -> list[str]:
        """The signals, in order."""
        return list(self._waves)

    def asdict(self) -> dict[str, NDArray[Any]]:
        """Name -> values."""
        return {name: wave.values for name, wave in self._waves.items()}

    def only(self, names: Iterable[str]) -> Waves:
        """The waves of some signals, in that order.

        Raises
        ------
        CircuitError
            If one was not recorded.
        """
        return Waves([self._wave(name) for name in names], self.steps, self.first)

    def sample(self, number: int) -> Waves:
        """The waves of one of several samples.

        Raises
        ------
        CircuitError
            If there is no such sample.
        """
        waves = []
        for wave in self:
            if wave.values.ndim != 2 or not 0 <= number < wave.values.shape[1]:
                count = wave.values.shape[1] if wave.values.ndim == 2 else 1
                raise CircuitError(f"there is no sample {number!r}; there are {count}")
            waves.append(Wave(wave.name, wave.values[:, number], wave.width))
        return Waves(waves, self.steps, self.first)

    def __add__(self, later: Waves) -> Waves:
        """These waves and what was recorded right after them.

        Raises
        ------
        CircuitError
            If the other waves have other signals, or begin at another time than these end.
        """
        if not isinstance(later, Waves):
            return NotImplemented
        end = self.first + self.steps
        if later.names != self.names or later.first != end:
            raise CircuitError(f"{later!r} do not go on from {self!r}; record the same signals, from step {end}")
        joined = [
            Wave(one.name, np.concatenate([one.values, other.values]), one.width)
            for one, other in zip(self, later, strict=True)
        ]
        return Waves(joined, self.steps + later.steps, self.first)

    # --- pictures

    def text(
        self,
        *,
        start: int = 0,
        stop: int | None = None,
        base: str = "decimal",
        ascii: bool = False,
        axis: bool = True,
        width: int = 100,
    ) -> str:
        """A timing diagram of characters.

        Parameters
        ----------
        start, stop : int, optional
            Only the steps from `start` to before `stop`, counted from the first recorded.
        base : 'decimal', 'hex' or 'binary'
            How words are written.
        ascii : bool
            Whether to do without box-drawing characters.
        axis : bool
            Whether the times stand on top.
        width : int
            Columns, after which it wraps.

        Raises
        ------
        CircuitError
            If the steps are none, the base is another, or there are several samples.
        """
        start, stop = self._range(start, stop)
        return diagram(list(self), start, stop, first=self.first, base=base, ascii=ascii, axis=axis, width=width)

    def svg(
        self,
        *,
        start: int = 0,
        stop: int | None = None,
        base: str = "decimal",
        clock: bool = False,
        width: int = 960,
        title: str = "timing diagram",
    ) -> str:
        """A timing diagram as SVG: levels, and hexagons with the values of words.

        Parameters
        ----------
        start, stop, base
            As for `text`.
        clock : bool
            Whether the clock stands on top: it rises at the start of each step.
        width : int
            Pixels, after which it wraps.
        title : str
            What a screen reader says.

        Raises
        ------
        CircuitError
            As `text`.
        """
        start, stop = self._range(start, stop)
        return svg(list(self), start, stop, first=self.first, base=base, clock=clock, width=width, title=title)

    def vcd(self, *, top: str = "top", timescale: str = "1 ns", clock: str | None = None) -> str:
        """The text of a VCD file, for a wave viewer (see `circuits.time.waves_vcd`).

        Parameters
        ----------
        top : str
            The outermost scope.
        timescale : str
            One unit of time; a step takes ten.
        clock : str, optional
            The name of a wire that rises at the start of each step.

        Raises
        ------
        CircuitError
            If two signals would have one name, the timescale is none, or there are several samples.
        """
        self._range(0, None)
        return vcd(list(self), first=self.first, steps=self.steps, top=top, timescale=timescale, clock=clock)

    def save(self, path: str | os.PathLike[str], **options: Any) -> Path:
        """Write the waves as the file's name says, whole or not at all: `.svg`, `.vcd` or `.txt`.

        Raises
        ------
        CircuitError
            If the name ends in none of these, and as `svg`, `vcd` and `text`, which take the options.
        OSError
            If the file cannot be written.
        """
        target = Path(path)
        forms: dict[str, Callable[..., str]] = {".svg": self.svg, ".vcd": self.vcd, ".txt": self.text}
        if target.suffix.lower() not in forms:
            raise CircuitError(f"{str(path)!r}: waves are written as .svg, .vcd or .txt; name the file so")
        text = forms[target.suffix.lower()](**options)
        write_whole(target, text.encode())
        return target

    def _range(self, start: int, stop: int | None) -> tuple[int, int]:
        if any(wave.values.ndim > 1 for wave in self):
            raise CircuitError("there are several samples; choose one, as in waves.sample(0)")
        stop = self.steps if stop is None else min(stop, self.steps)
        if start == stop == self.steps == 0:
            raise CircuitError("nothing was recorded: there were 0 steps; run at least one")
        if not 0 <= start < stop:
            raise CircuitError(f"steps {start} to {stop} are none; the recorded ones are 0 to {self.steps - 1}")
        return start, stop

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Waves of {', '.join(self._waves) or 'no signals'}: {self.steps} steps from {self.first}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        try:
            return {"text/plain": repr(self), "image/svg+xml": self.svg()}
        except CircuitError:
            return {"text/plain": repr(self)}
