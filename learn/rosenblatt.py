"""How perceptrons learned before the sigmoid: Rosenblatt's rule, when it must end, and the pocket algorithm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learn.arrays import Seed
from learn.data import Split
from learn.errors import DataError, LayersError, TrainingError
from learn.targets import targets

Wide = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StepLayer:
    """One layer of step units, the chapter's first perceptrons: unit j fires where w_j . x + b_j > 0.

    `weights` (outputs, inputs) and `biases` (outputs,), both float64. Raises LayersError where they do not fit
    each other or are not finite.

    >>> StepLayer([[-2, -2]], [3]).predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    array([1, 1, 1, 0])
    """

    weights: Wide
    biases: Wide

    def __post_init__(self) -> None:
        w, b = np.array(self.weights, np.float64), np.array(self.biases, np.float64)
        if w.ndim != 2 or b.shape != w.shape[:1] or not w.size:
            raise LayersError(f"weights of shape {w.shape} and biases of {b.shape}; give (outputs, inputs), (outputs,)")
        if not (np.isfinite(w).all() and np.isfinite(b).all()):
            raise LayersError("weights and biases hold numbers that are not finite; give finite ones")
        object.__setattr__(self, "weights", w)
        object.__setattr__(self, "biases", b)

    def sums(self, images: ArrayLike) -> Wide:
        """The weighted inputs: (n, inputs) -> (n, outputs). Raises LayersError for images of another width."""
        table = np.asarray(images, np.float64)
        if table.ndim != 2 or table.shape[1] != self.weights.shape[1]:
            raise LayersError(f"images of shape {table.shape}; give (n, {self.weights.shape[1]})")
        sums: Wide = table @ self.weights.T + self.biases
        return sums

    def predict(self, images: ArrayLike) -> NDArray[np.int64]:
        """The label of each image: 1 or 0 for one unit, else the unit with the highest sum, the first of equals."""
        sums = self.sums(images)
        labels = sums[:, 0] > 0 if sums.shape[1] == 1 else sums.argmax(axis=1)
        return labels.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Learned:
    """What a rule came to.

    `layer`: the units. `converged`: whether each fired for its images and for no other. `cycles`: whether the
    rule had come back to weights that it had had before at the start of a pass, so that it will never end.
    `updates`: how often weights were changed. `mistakes`: wrong answers in each pass over the images, one number
    for each, counted for each unit.
    """

    layer: StepLayer
    converged: bool
    cycles: bool
    updates: int
    mistakes: list[int]

    def __repr__(self) -> str:
        passes, updates = f"{len(self.mistakes)} passes", f"{self.updates} updates"
        if self.converged:
            return f"Learned(converged after {passes}, {updates})"
        if self.cycles:
            return f"Learned(never converges: the weights of an earlier pass came again after {passes}, {updates})"
        return f"Learned(not converged after {passes}, {updates}, {self.mistakes[-1]} mistakes in the last)"


def perceptron_rule(
    split: Split, outputs: int = 1, *, epochs: int = 1000, shuffle: bool = False, rng: Seed = None
) -> Learned:
    """Rosenblatt's rule (1958) for a layer of step units, from weights of 0.

    Image by image, for a unit that ought to give y and gives o:  w -> w + (y - o) x,  b -> b + (y - o). The rule
    stops after a pass without a mistake. Where such weights exist it makes at most `novikoff_bound` updates for
    each unit; where none exist it goes on forever, which it notices, with images in the same order in each pass,
    when weights come again. With `shuffle` each pass has an order of its own, drawn by `rng`.

    `split`: labels 0 and 1 for one output, else below `outputs`. Raises DataError for no images or labels that do
    not fit, and TrainingError for fewer than one epoch.

    >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> perceptron_rule(Split(corners, [1, 1, 1, 0]))  # NAND
    Learned(converged after 6 passes, 11 updates)
    >>> perceptron_rule(Split(corners, [0, 1, 1, 0]))  # XOR
    Learned(never converges: the weights of an earlier pass came again after 3 passes, 9 updates)
    """
    x, y = _table(split, outputs)
    if epochs < 1:
        raise TrainingError(f"epochs {epochs} is too small; give at least 1")
    generator = np.random.default_rng(rng)
    w = np.zeros((outputs, x.shape[1]))
    order, updates, mistakes, seen = np.arange(len(x)), 0, list[int](), set[bytes]()
    for _ in range(epochs):
        if shuffle:
            generator.shuffle(order)
        else:
            seen.add(w.tobytes())
        before = updates
        for i in order:
            error = y[i] - (w @ x[i] > 0)
            if error.any():
                w += np.outer(error, x[i])
                updates += int(np.count_nonzero(error))
        mistakes.append(updates - before)
        if updates == before or w.tobytes() in seen:
            break
    converged = not mistakes[-1]
    cycles = not converged and w.tobytes() in seen
    return Learned(StepLayer(w[:, :-1], w[:, -1]), converged, cycles, updates, mistakes)


def pocket(split: Split, *, steps: int = 10_000, rng: Seed = None) -> Learned:
    """The pocket algorithm with ratchet (Gallant 1990) for one step unit: the rule, with the best weights kept.

    Images come at random. Weights that were right for longer in a row than those in the pocket, and are right on
    more of all images, take their place. What cannot be separated is so separated as well as was seen; `mistakes`
    has one number, those of the pocket.

    Raises as `perceptron_rule` does, and TrainingError for fewer than one step.

    >>> learned = pocket(Split([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]), rng=0)  # XOR
    >>> learned.converged, learned.mistakes
    (False, [1])
    """
    x, y = _table(split, 1)
    if steps < 1:
        raise TrainingError(f"steps {steps} is too small; give at least 1")
    wanted = y[:, 0]
    w = np.zeros(x.shape[1])
    best, best_run, run, updates = w.copy(), 0, 0, 0
    best_right = int(np.sum((x @ w > 0) == wanted))
    for i in np.random.default_rng(rng).integers(len(x), size=steps):
        error = wanted[i] - (w @ x[i] > 0)
        if error:
            w += error * x[i]
            run, updates = 0, updates + 1
            continue
        run += 1
        if run > best_run:
            right = int(np.sum((x @ w > 0) == wanted))
            if right > best_right:
                best, best_run, best_right = w.copy(), run, right
                if right == len(x):
                    break
    wrong = len(x) - best_right
    return Learned(StepLayer(best[None, :-1], best[-1:]), not wrong, False, updates, [wrong])


def novikoff_bound(split: Split, layer: StepLayer) -> float:
    """The convergence theorem (Novikoff 1962): the most updates that the rule can make, (R / margin)^2.

    `layer`: one step unit that is right on all images, with a sum that is not 0 on any. R is the greatest length
    of an image with a 1 added for the bias; the margin is the smallest distance of these to the unit's plane.

    Raises DataError where the unit is not right on all of them.

    >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> round(novikoff_bound(Split(corners, [1, 1, 1, 0]), StepLayer([[-2, -2]], [3])), 1)
    51.0
    """
    x, y = _table(split, 1)
    w = np.append(layer.weights[0], layer.biases[0])
    margins = (2 * y[:, 0] - 1) * (x @ w) / np.linalg.norm(w)
    if not (margins > 0).all():
        raise DataError("the unit is not right on all images, so it says nothing about how long the rule takes")
    return float((np.linalg.norm(x, axis=1).max() / margins.min()) ** 2)


def _table(split: Split, outputs: int) -> tuple[Wide, Wide]:
    """Images with a 1 for the bias behind them, and the desired outputs."""
    if not len(split):
        raise DataError("the training set has no images; give at least one")
    images = split.images.astype(np.float64)
    y: Wide = targets(split.labels, outputs, np.float64).astype(np.float64)
    return np.hstack([images, np.ones((len(images), 1))]), y
