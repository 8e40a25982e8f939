"""`SigmoidClassifier` by scikit-learn's own checks, and in the company it was made for."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from learn import SigmoidClassifier, TrainingError, to_network
from perceptron import simulate


def test_scikit_learns_own_checks():
    """All of them, none skipped for a fault of ours: cloning, pickling, refusals, labels of every kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)  # checks that need another array library
        results = check_estimator(SigmoidClassifier(), on_fail=None)
    failed = [result["check_name"] for result in results if result["status"] == "failed"]
    assert failed == []
    assert sum(result["status"] == "passed" for result in results) > 40


def test_in_a_pipeline_under_cross_validation():
    model = make_pipeline(StandardScaler(), SigmoidClassifier((8,), epochs=60, random_state=0))
    assert cross_val_score(model, *load_iris(return_X_y=True), cv=3).mean() > 0.93


def test_under_grid_search():
    """The better rate is found, and the best estimator reads."""
    model = make_pipeline(MinMaxScaler(), SigmoidClassifier((20,), epochs=8, random_state=0))
    search = GridSearchCV(model, {"sigmoidclassifier__rate": [1e-4, 0.5]}, cv=3)
    search.fit(*load_digits(return_X_y=True))
    assert search.best_params_ == {"sigmoidclassifier__rate": 0.5}
    assert search.best_score_ > 0.85


@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy", "log-likelihood"])
def test_words_as_labels_and_the_graph(cost):
    """Two classes by name; the trained network as a graph gives the same probabilities."""
    x, numbers = load_iris(return_X_y=True)
    x, names = x[:100] / 8, np.array(["setosa", "versicolor"])[numbers[:100]]
    model = SigmoidClassifier((4,), cost=cost, epochs=40, rate=1.0, random_state=3).fit(x, names)
    assert model.classes_.tolist() == ["setosa", "versicolor"]
    assert model.score(x, names) == 1
    outputs = simulate(to_network(model.layers_), x)
    np.testing.assert_allclose(outputs[:, -1], model.predict_proba(x)[:, 1], rtol=1e-9)


def test_early_stopping_holds_samples_back():
    """Fewer epochs than asked for, as good on samples that were not seen; the same twice for one seed."""
    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x / 16, y, random_state=0)
    model = SigmoidClassifier((30,), epochs=300, patience=4, random_state=0).fit(x_train, y_train)
    assert model.n_iter_ == len(model.loss_curve_) < 300
    assert model.score(x_test, y_test) > 0.93
    again = clone(model).fit(x_train, y_train)
    np.testing.assert_array_equal(model.layers_.weights[0], again.layers_.weights[0])


def test_refusals():
    x, y = load_iris(return_X_y=True)
    with pytest.raises(NotFittedError):
        SigmoidClassifier().predict(x)
    with pytest.raises(TrainingError, match="rate -1 cannot train"):
        SigmoidClassifier(rate=-1).fit(x, y)
    with pytest.raises(ValueError, match="y has 1 class; a classifier needs samples of at least two"):
        SigmoidClassifier().fit(x, np.zeros(150, int))
