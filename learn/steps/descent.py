"""What a gradient does to the numbers of a network: momentum, Nesterov's and Adam. Plain descent needs nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from learn.arrays import Array

DECAY = 0.999  # beta_2 of Adam
TINY = 1e-8  # epsilon of Adam


class Descent(Protocol):
    """A rule that changes arrays in place, with memory of the gradients before.

    Different rows of the arrays may be changed by different threads at the same time.
    """

    def change(self, place: int, rows: slice, nabla: Array, rate: float) -> None:
        """Change these rows of array number `place` by their gradient, which is overwritten."""

    def tick(self) -> None:
        """A mini-batch begins."""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """The memory, by name."""

    def restore(self, state: dict[str, NDArray[np.generic]]) -> None:
        """Take what `state` gave."""


class Momentum:
    """Equations (107) and (108): v -> mu v - rate nabla, then w -> w + v.

    With `ahead` it is Nesterov's: w -> w + mu v - rate nabla with the new v, which is the gradient taken where the
    step would lead (Sutskever and others 2013, in the form with one array).
    """

    def __init__(self, arrays: Sequence[Array], mu: float, *, ahead: bool = False) -> None:
        self.arrays, self.mu, self.ahead = list(arrays), mu, ahead
        self.velocities = [np.zeros_like(array) for array in arrays]

    def tick(self) -> None:
        """Nothing to count."""

    def change(self, place: int, rows: slice, nabla: Array, rate: float) -> None:
        """Change these rows of array number `place` by their gradient, which is overwritten."""
        array, v = self.arrays[place][rows], self.velocities[place][rows]
        nabla *= -rate
        v *= self.mu
        v += nabla
        if self.ahead:
            array += nabla
            np.multiply(v, self.mu, out=nabla)
            array += nabla
        else:
            array += v

    def state(self) -> dict[str, NDArray[np.generic]]:
        """The velocities."""
        return {f"velocity_{place}": v.copy() for place, v in enumerate(self.velocities)}

    def restore(self, state: dict[str, NDArray[np.generic]]) -> None:
        """Take what `state` gave."""
        for place, v in enumerate(self.velocities):
            np.copyto(v, state[f"velocity_{place}"])


class Adam:
    """Steps scaled, for each number by itself, by the size of its gradients so far (Kingma and Ba 2015)."""

    def __init__(self, arrays: Sequence[Array], beta: float) -> None:
        self.arrays, self.beta, self.steps = list(arrays), beta, 0
        self.means = [np.zeros_like(array) for array in arrays]
        self.squares = [np.zeros_like(array) for array in arrays]

    def tick(self) -> None:
        """Count the steps: the means of few gradients are made larger by what is missing in them."""
        self.steps += 1

    def change(self, place: int, rows: slice, nabla: Array, rate: float) -> None:
        """Change these rows of array number `place` by their gradient, which is overwritten."""
        array, mean, square = (each[place][rows] for each in (self.arrays, self.means, self.squares))
        mean *= self.beta
        square *= DECAY
        nabla *= 1 - self.beta
        mean += nabla
        np.multiply(nabla, nabla, out=nabla)
        nabla *= (1 - DECAY) / (1 - self.beta) ** 2
        square += nabla
        np.sqrt(square, out=nabla)
        nabla *= (1 - DECAY**self.steps) ** -0.5
        nabla += TINY
        np.divide(mean, nabla, out=nabla)
        nabla *= -rate / (1 - self.beta**self.steps)
        array += nabla

    def state(self) -> dict[str, NDArray[np.generic]]:
        """The means, the mean squares and the number of steps."""
        kept: dict[str, NDArray[np.generic]] = {"steps": np.array(self.steps)}
        for place, (mean, square) in enumerate(zip(self.means, self.squares, strict=True)):
            kept |= {f"mean_{place}": mean.copy(), f"square_{place}": square.copy()}
        return kept

    def restore(self, state: dict[str, NDArray[np.generic]]) -> None:
        """Take what `state` gave."""
        self.steps = int(state["steps"])
        for place, (mean, square) in enumerate(zip(self.means, self.squares, strict=True)):
            np.copyto(mean, state[f"mean_{place}"])
            np.copyto(square, state[f"square_{place}"])


def find_descent(method: str, arrays: Sequence[Array], momentum: float) -> Descent | None:
    """The rule of that name; None for "sgd", which keeps nothing."""
    if method == "adam":
        return Adam(arrays, momentum)
    if method in ("momentum", "nesterov"):
        return Momentum(arrays, momentum, ahead=method == "nesterov")
    return None
