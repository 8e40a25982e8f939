"""Trainings that are broken off: the same numbers as unbroken, whatever was killed when; logs."""

import csv
import json
import os
import signal

import numpy as np
import pytest
from killed import kills

from learn import Expand, Layers, ModelError, PictureError, Settings, Training, load_digits, resume, save_checkpoint
from learn.log import write_log
from learn.training import Epoch


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def start(digits, **settings):
    """A training with everything that has a memory."""
    settings = {"epochs": 6, "rate": 0.2, "cost": "cross-entropy", **settings}
    return Training(
        Layers.start([64, 12, 10], rng=1),
        digits.train,
        Settings(**settings),
        validation=digits.validation,
        expand=Expand(shift=0.5, shape=(8, 8)),
        rng=2,
    )


def numbers(training):
    return [*training.layers.weights, *training.layers.biases]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"method": "nesterov", "rate": 0.02, "l2": 1.0, "schedule": "cosine"},
        {"method": "adam", "rate": 0.002, "dropout": 0.3, "l1": 0.5, "patience": 2},
        {"schedule": "halving", "patience": 1, "epochs": 12, "rate": 3.0},
    ],
    ids=["sgd", "nesterov", "adam", "halving"],
)
@pytest.mark.parametrize("after", [1, 4])
def test_broken_off_and_gone_on_with(tmp_path, digits, settings, after):
    """Bit for bit the unbroken run: numbers, records and the network that was best."""
    whole, first, second = (start(digits, **settings) for _ in range(3))
    list(whole)
    for _ in range(after):
        first.epoch()
    save_checkpoint(tmp_path / "training.npz", first)
    resume(tmp_path / "training.npz", second)
    list(second)
    for one, other in zip(numbers(whole), numbers(second), strict=True):
        np.testing.assert_array_equal(one, other)

    def told(training):
        return [(r.epoch, r.train_cost, r.validation_accuracy, r.rate) for r in training.records]

    assert told(whole) == told(second)


def test_compiled_trainings_go_on_too(tmp_path, digits):
    """The compiled way has no memory but the network and the order."""
    pytest.importorskip("numba", reason="Numba is not installed")
    runs = [start(digits, epochs=400, l2=1.0) for _ in range(3)]
    whole, first, second = runs
    assert {type(run._steps).__name__ for run in runs} == {"SparseSteps"}
    for _ in range(4):
        whole.epoch()
    for _ in range(2):
        first.epoch()
    save_checkpoint(tmp_path / "training.npz", first)
    resume(tmp_path / "training.npz", second)
    for _ in range(2):
        second.epoch()
    for one, other in zip(numbers(whole), numbers(second), strict=True):
        np.testing.assert_array_equal(one, other)


WRITER = """
import sys
from learn import Layers, Settings, Training, load_digits, save_checkpoint
training = Training(Layers.start([64, 800, 10], rng=0), load_digits().train, Settings(epochs=1), rng=0)
"""


def test_killed_while_writing(tmp_path):
    """SIGKILL at any moment leaves a whole file, and the next writing removes what lay beside it."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system has no SIGKILL")
    path = tmp_path / "training.npz"
    digits = load_digits()

    def fresh():
        return Training(Layers.start([64, 800, 10], rng=5), digits.train, Settings(epochs=1), rng=5)

    for _ in kills(path, WRITER):
        training = fresh()
        resume(path, training)
        assert len(training.records) == 1
    save_checkpoint(path, training)
    assert os.listdir(tmp_path) == ["training.npz"]


def test_what_does_not_belong_together(tmp_path, digits):
    """Another network, another setting, other images, another kind of file, a damaged one: each is named."""
    path, training = tmp_path / "training.npz", start(digits)
    training.epoch()
    save_checkpoint(path, training)
    with pytest.raises(ModelError, match=r"was written with rate 0.2 and this training has 0.3; give what it had"):
        resume(path, start(digits, rate=0.3))
    other = Training(Layers.start([64, 10], rng=0), digits.train, Settings())
    with pytest.raises(ModelError, match=r"was written with layers \[64, 12, 10\] and this training has \[64, 10\]"):
        resume(path, other)
    training = start(digits)
    training._images = training._images.copy()
    training._images[3, 5] += 0.25
    with pytest.raises(ModelError, match="was written with other training images"):
        resume(path, training)
    with pytest.raises(ModelError, match="does not exist"):
        resume(tmp_path / "nothing.npz", start(digits))
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ModelError, match="is no checkpoint of a training"):
        resume(tmp_path / "other.npz", start(digits))
    (tmp_path / "half.npz").write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ModelError, match=r"half\.npz"):
        resume(tmp_path / "half.npz", start(digits))
    with np.load(path) as archive:
        arrays = dict(archive)
    for broken in ({"order": np.zeros(1124, int)}, {"values": np.array("{}")}, {"weights_1": np.zeros((2, 2))}):
        np.savez(tmp_path / "broken.npz", **(arrays | broken))
        with pytest.raises(ModelError, match="a part of it is not what it should be"):
            resume(tmp_path / "broken.npz", start(digits))
    with pytest.raises(ModelError, match="cannot be written"):
        save_checkpoint(tmp_path / "no folder" / "training.npz", training)


def test_logs(tmp_path):
    """The numbers come back from both kinds of file."""
    records = [Epoch(1, 0.5, 0.25, None, 0.9, 3.0), Epoch(2, 0.5, 0.125, 0.75, 0.95, 1.5)]
    write_log(records, tmp_path / "log.jsonl")
    told = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [Epoch(**row) for row in told] == records
    write_log(records, tmp_path / "log.csv")
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    assert [float(row["train_cost"]) for row in rows] == [0.25, 0.125]
    assert rows[0]["validation_accuracy"] == ""
    with pytest.raises(PictureError, match=r"a log is a \.csv or \.jsonl file"):
        write_log(records, tmp_path / "log.txt")
    with pytest.raises(PictureError, match="cannot be written"):
        write_log(records, tmp_path / "no folder" / "log.csv")


@pytest.mark.parametrize("where", ["run", "hand_over", "accuracy"])
@pytest.mark.parametrize("settings", [{}, {"method": "adam", "rate": 0.002, "dropout": 0.3, "patience": 2}])
def test_an_epoch_that_is_broken_off_is_forgotten(monkeypatch, digits, settings, where):
    """By Ctrl-C in the updates, after them or in the looking: the network is that of the epoch before, bit for bit."""
    whole, broken = start(digits, **settings), start(digits, **settings)
    for _ in range(2):
        whole.epoch()
        broken.epoch()
    place = Layers if where == "accuracy" else type(broken._steps)
    honest = getattr(place, where)

    def interrupted(*given):
        honest(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(place, where, interrupted)
    with pytest.raises(KeyboardInterrupt):
        broken.epoch()
    monkeypatch.undo()
    assert len(broken.records) == 2
    for one, other in zip(numbers(whole), numbers(broken), strict=True):
        np.testing.assert_array_equal(one, other)
    list(whole)
    list(broken)
    for one, other in zip(numbers(whole), numbers(broken), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_function_that_expands_is_known_by_its_name(tmp_path, digits):
    """Its place in memory is another one in every process."""

    def fresh():
        def flipped(images, rng):
            return images[:, ::-1]

        return Training(Layers.start([64, 10], rng=0), digits.train, Settings(epochs=2), expand=flipped, rng=0)

    first, second = fresh(), fresh()
    first.epoch()
    save_checkpoint(tmp_path / "training.npz", first)
    resume(tmp_path / "training.npz", second)
    assert len(second.records) == 1


def test_what_is_left_of_others_stays(tmp_path, digits):
    """Only what this file's writers left is removed, also where a name reads like a pattern or is long."""
    for name in ("[a]*.npz", "n" * 251 + ".npz"):
        beside = tmp_path / f".a{name[3:8]}.01234567.part"
        beside.touch()
        training = start(digits)
        save_checkpoint(tmp_path / name, training)
        save_checkpoint(tmp_path / name, training)
        assert sorted(os.listdir(tmp_path)) == sorted([beside.name, name])
        beside.unlink()
        (tmp_path / name).unlink()
