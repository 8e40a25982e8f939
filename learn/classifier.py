"""A network of sigmoid neurons as a scikit-learn classifier: pipelines, grid search, cross-validation.

The one module of `learn` that imports scikit-learn with itself: `learn.SigmoidClassifier` loads it on first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from learn.data import Split
from learn.errors import DataError, LayersError, TrainingError
from learn.judge import shares_of
from learn.layers import Layers
from learn.settings import Settings, is_number
from learn.training import Training


class _Table(Split):
    """Rows of any numbers: a `Split` whose images are not asked to lie between 0 and 1."""

    def __post_init__(self) -> None:
        pass


class SigmoidClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A feedforward network trained by stochastic gradient descent, by scikit-learn's contract.

    Parameters
    ----------
    hidden : int or sequence of int
        Neurons of each hidden layer; () for none.
    activation : {"sigmoid", "tanh", "relu", "swish"}
        The f of the hidden neurons.
    start : {"scaled", "book"}
        How the weights start; see `Layers.start`.
    epochs, batch, rate, cost, l2, l1, dropout, method, momentum, schedule, patience
        See `Settings`. A batch larger than the data is cut down to it. The cost "log-likelihood" makes the outputs a
        softmax.
    validation_share : float
        The share of the data, drawn at random, that `patience` watches, in (0, 1).
    random_state : int, RandomState or None
        The seed of the start, the shuffling and the drawing.

    Attributes
    ----------
    classes_ : array (classes,)
    layers_ : Layers
        The trained network, in float64; `learn.to_network(clf.layers_)` makes it a graph.
    n_features_in_, n_iter_ : int
        The inputs, and the epochs that were trained.
    loss_curve_ : list of float
        The training cost of each epoch.

    Features should be of about the same size, around 1: put a scaler before it.

    >>> from sklearn.datasets import load_digits
    >>> from sklearn.model_selection import cross_val_score
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import MinMaxScaler
    >>> model = make_pipeline(MinMaxScaler(), SigmoidClassifier((30,), random_state=0))
    >>> bool(cross_val_score(model, *load_digits(return_X_y=True), cv=3).mean() > 0.9)
    True
    """

    def __init__(
        self,
        hidden: int | Sequence[int] = (100,),
        *,
        activation: str = "sigmoid",
        start: str = "scaled",
        epochs: int = 30,
        batch: int = 10,
        rate: float = 0.5,
        cost: str = "cross-entropy",
        l2: float = 0.0,
        l1: float = 0.0,
        dropout: float = 0.0,
        method: str = "sgd",
        momentum: float = 0.9,
        schedule: str = "constant",
        patience: int | None = None,
        validation_share: float = 0.1,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.start = start
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.cost = cost
        self.l2 = l2
        self.l1 = l1
        self.dropout = dropout
        self.method = method
        self.momentum = momentum
        self.schedule = schedule
        self.patience = patience
        self.validation_share = validation_share
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> SigmoidClassifier:
        """Train on X (samples, features) with labels y (samples,), anew each time.

        Raises ValueError for X and y that are not such arrays, fewer than two classes, and settings that cannot train.
        """
        table, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y has {len(self.classes_)} class; a classifier needs samples of at least two")
        hidden = [self.hidden] if isinstance(self.hidden, int | np.integer) else self.hidden
        if not isinstance(hidden, Sequence | np.ndarray) or isinstance(hidden, str):
            raise LayersError(f"hidden {hidden!r} is no list of layers; give the neurons of each, such as (100,)")
        rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31, size=4))
        softmax = self.cost == "log-likelihood"
        outputs = 1 if len(self.classes_) == 2 and not softmax else len(self.classes_)
        layers = Layers.start(
            [table.shape[1], *hidden, outputs],
            self.start,
            rng,
            activation=self.activation,
            output="softmax" if softmax else "sigmoid",
        )
        settings = Settings(**{field.name: getattr(self, field.name) for field in fields(Settings)})
        with np.errstate(over="ignore"):
            everything = _Table(table.astype(np.float32), numbers.astype(np.int64))
        if not np.isfinite(everything.images).all():
            raise DataError(f"X holds {np.abs(table).max():.3g}, too large for 32 bits; put a scaler before it")
        train, validation = self._split(everything, rng)
        settings = replace(settings, batch=min(settings.batch, len(train)))
        training = Training(layers, train, settings, validation=validation, rng=rng)
        self.loss_curve_ = [record.train_cost for record in training]
        self.n_iter_, self.layers_ = len(self.loss_curve_), layers.astype(np.float64)
        return self

    def _split(self, everything: Split, rng: np.random.Generator) -> tuple[Split, Split | None]:
        """The samples to train on, and those that `patience` watches, if it watches any."""
        if self.patience is None:
            return everything, None
        share = self.validation_share
        count = int(len(everything) * share) if is_number(share) and 0 < share < 1 else 0
        if not count:
            raise TrainingError(
                f"validation_share {share!r} of {len(everything)} samples leaves patience none to watch; give a share "
                "from 0 to 1 that is at least one sample"
            )
        order = rng.permutation(len(everything))
        parts = (order[count:], order[:count])
        train, validation = (_Table(everything.images[rows], everything.labels[rows]) for rows in parts)
        return train, validation

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """How much of the outputs each class gets: (samples, features) -> (samples, classes), rows that add up to 1."""
        check_is_fitted(self)
        table = validate_data(self, X, dtype=np.float64, reset=False)
        return shares_of(self.layers_.forward(table))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class of each sample: (samples, features) -> (samples,)."""
        check_is_fitted(self)
        table = validate_data(self, X, dtype=np.float64, reset=False)
        labels: NDArray[Any] = self.classes_[self.layers_.predict(table)]
        return labels
