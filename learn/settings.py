"""The settings of a training, checked: how long, how fast, by which cost and rule, and when to stop."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass

import numpy as np

from learn.cost import find_cost
from learn.errors import TrainingError

METHODS = ("sgd", "momentum", "nesterov", "adam")
SCHEDULES = ("constant", "linear", "cosine", "halving")
HALVINGS = 7  # the book's exercise stops where the rate has fallen to 1/128


@dataclass(frozen=True)
class Settings:
    """What a training does, without its data. All are keywords of `sgd` too.

    epochs : passes over the training images, at least 0.
    batch : images in a mini-batch, at least 1.
    rate : the learning rate eta of equation (20), a positive number.
    cost : "quadratic" (6), "cross-entropy" (63), or "log-likelihood" (80) for softmax outputs.
    l2, l1 : the book's lambda of equations (87) and (95), at least 0.
    dropout : the share of hidden neurons that is left out, for each image anew, in [0, 1) (Srivastava and others
        2014). The rest are made larger by 1/(1 - dropout) meanwhile, so that nothing has to be halved afterwards.
    method : "sgd"; "momentum", equations (107) and (108); "nesterov", the same with the gradient ahead of the step
        (Sutskever and others 2013); or "adam" (Kingma and Ba 2015), whose rate is around 0.001.
    momentum : the mu of momentum and nesterov, and the beta_1 of adam, in [0, 1).
    schedule : the rate of each epoch: "constant"; "linear" or "cosine" (Loshchilov and Hutter 2017), both falling
        from `rate` towards 0; "halving", which halves it after `patience` epochs without a better validation
        accuracy and stops after the seventh time, at 1/128, as in the book's chapter 3.
    patience : stop after so many epochs without a better validation accuracy, the book's "no improvement in n",
        and keep the network that was best; None trains all epochs.

    Raises TrainingError, with the name, the value and the cure, for anything else.

    >>> Settings(rate=0.5, cost="cross-entropy", l2=5.0).l2
    5.0
    """

    epochs: int = 30
    batch: int = 10
    rate: float = 3.0
    cost: str = "quadratic"
    l2: float = 0.0
    l1: float = 0.0
    dropout: float = 0.0
    method: str = "sgd"
    momentum: float = 0.9
    schedule: str = "constant"
    patience: int | None = None

    def __post_init__(self) -> None:
        find_cost(self.cost)
        for name, least in (("epochs", 0), ("batch", 1)):
            object.__setattr__(self, name, whole(name, getattr(self, name), least))
        if not is_number(self.rate) or not 0 < self.rate < math.inf:
            raise TrainingError(f"rate {self.rate!r} cannot train; give a positive number, such as 3.0")
        for name in ("l2", "l1"):
            value = getattr(self, name)
            if not is_number(value) or not 0 <= value < math.inf:
                raise TrainingError(f"{name} {value!r} cannot regularise; give a number of at least 0, such as 5.0")
        for name in ("dropout", "momentum"):
            value = getattr(self, name)
            if not is_number(value) or not 0 <= value < 1:
                raise TrainingError(f"{name} {value!r} is out of range; give a number from 0 to below 1")
        for name, known in (("method", METHODS), ("schedule", SCHEDULES)):
            if getattr(self, name) not in known:
                raise TrainingError(f"{name} {getattr(self, name)!r} is not known; choose {', '.join(known)}")
        if self.patience is not None:
            object.__setattr__(self, "patience", whole("patience", self.patience, 1))
        if self.schedule == "halving" and self.patience is None:
            raise TrainingError("schedule 'halving' needs patience; say after how many epochs the rate is halved")
        for name in ("rate", "l2", "l1", "dropout", "momentum"):
            object.__setattr__(self, name, float(getattr(self, name)))

    def rate_of(self, epoch: int, halvings: int = 0) -> float:
        """The rate of an epoch, counted from 1, after so many halvings.

        >>> Settings(rate=2.0, epochs=4, schedule="linear").rate_of(3)
        1.0
        """
        done = (epoch - 1) / max(1, self.epochs)
        factor = {"constant": 1.0, "linear": 1 - done, "cosine": (1 + math.cos(math.pi * done)) / 2}
        return self.rate * factor.get(self.schedule, 0.5**halvings)


def is_number(value: object) -> bool:
    """Whether a setting is a real number: Python's or NumPy's, and no truth value."""
    return isinstance(value, (int, float, np.floating, np.integer)) and not isinstance(value, bool)


def whole(name: str, value: object, least: int) -> int:
    """A setting as a whole number of at least `least`, or TrainingError."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TrainingError(f"{name} {value!r} is not a whole number; give one of at least {least}") from None
    if number < least:
        raise TrainingError(f"{name} {number} is too small; give at least {least}")
    return number
