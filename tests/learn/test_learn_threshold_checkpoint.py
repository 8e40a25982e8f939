"""Trainings towards gates that are broken off: the same bits as unbroken, whatever was killed when."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from killed import kills

from learn import (
    GateSettings,
    Layers,
    ModelError,
    Settings,
    Split,
    ThresholdTraining,
    Training,
    TrainingError,
    expand_for,
    load_digits,
    load_threshold,
    resume,
    save_checkpoint,
)
from learn.threshold import Encoder, harden
from workbench.cli import main

DIGITS = load_digits()
SMALL = GateSettings(hidden=(40,), fan_in=4, votes=2, marks=(0.3, 0.6), epochs=7, batch=40)
TWO = GateSettings(hidden=(24, 16), fan_in=None, weights=3, votes=None, epochs=7, batch=100)


def start(settings=SMALL, train=DIGITS.train, **changes):
    given = {"levels": 17, "shape": (8, 8), "expand": expand_for(6000, (8, 8)), "rng": 2, **changes}
    return ThresholdTraining(train, settings, validation=DIGITS.validation, **given)


def numbers(network):
    return [*network.weights, *network.biases, *network.votes, network.offsets]


def require_same(one, other):
    for mine, theirs in zip(numbers(one.network()), numbers(other.network()), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    for mine, theirs in zip(one.state()[0].values(), other.state()[0].values(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    told = [[(r.epoch, r.train_cost, r.validation_accuracy, r.rate) for r in run.records] for run in (one, other)]
    assert told[0] == told[1]


@pytest.mark.parametrize("settings", [SMALL, TWO], ids=["few inputs", "two layers"])
@pytest.mark.parametrize("expand", [None, expand_for(6000, (8, 8))], ids=["plain", "expanded"])
@pytest.mark.parametrize("after", [0, 1, 3, 6])  # smooth and wide, steps, narrow, settled
def test_broken_off_and_gone_on_with(tmp_path, settings, expand, after):
    """Bit for bit the unbroken run: the network, what is behind it, and the records."""
    whole, first, second = (start(settings, expand=expand) for _ in range(3))
    list(whole)
    for _ in range(after):
        first.epoch()
    save_checkpoint(tmp_path / "training.npz", first)
    second.epoch()  # what came before does not matter
    resume(tmp_path / "training.npz", second)
    assert len(second.records) == after
    list(second)
    require_same(whole, second)


def test_a_training_that_started_from_hardened_steps(tmp_path):
    layers = Layers.start([64, 12, 10], rng=0)
    real = harden(layers, Encoder.binary(17, 64, digits=2), DIGITS.test).real
    settings = GateSettings(fan_in=None, weights=7, votes=None, epochs=4, batch=50)
    whole, first, second = (start(settings, start=real, expand=None) for _ in range(3))
    list(whole)
    first.epoch()
    save_checkpoint(tmp_path / "training.npz", first)
    resume(tmp_path / "training.npz", second)
    list(second)
    require_same(whole, second)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError, TrainingError])
def test_an_epoch_that_is_broken_off_is_forgotten(monkeypatch, error):
    """In the middle of the third epoch: the network is that of the second, and the next try is the whole third."""
    whole, broken = start(), start()
    for _ in range(2):
        whole.epoch()
        broken.epoch()
    update, calls = ThresholdTraining._update, []

    def interrupted(self, *given):
        calls.append(1)
        if len(calls) == 5:
            raise error("now")
        return update(self, *given)

    monkeypatch.setattr(ThresholdTraining, "_update", interrupted)
    with pytest.raises(TrainingError if error is ZeroDivisionError else error):
        broken.epoch()
    monkeypatch.undo()
    require_same(whole, broken)
    list(whole)
    list(broken)
    require_same(whole, broken)


@pytest.mark.parametrize("rate", [1e3, 1e20, 1e300])
@pytest.mark.parametrize("settings", [SMALL, TWO], ids=["few inputs", "two layers"])
def test_numbers_that_run_away(settings, rate):
    """Advice, with and without Numba, and the network of the epoch before."""
    training = start(replace(settings, rate=rate))
    before = numbers(training.network())
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match="choose a smaller rate"):
        list(training)
    if not training.records:
        for mine, theirs in zip(numbers(training.network()), before, strict=True):
            np.testing.assert_array_equal(mine, theirs)


WRITER = """
import sys
from learn import GateSettings, ThresholdTraining, load_digits, save_checkpoint
settings = GateSettings(hidden=(600,), fan_in=4, epochs=1)
training = ThresholdTraining(load_digits().train, settings, levels=17, shape=(8, 8), rng=0)
"""


def test_killed_while_writing(tmp_path):
    """SIGKILL at any moment leaves a whole file, and the next writing removes what lay beside it."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system has no SIGKILL")
    path = tmp_path / "training.npz"
    settings = GateSettings(hidden=(600,), fan_in=4, epochs=1)
    for _ in kills(path, WRITER):
        training = start(settings, expand=None, rng=5)
        resume(path, training)
        assert len(training.records) == 1
    save_checkpoint(path, training)
    assert os.listdir(tmp_path) == ["training.npz"]


def test_what_does_not_belong_together(tmp_path):
    """Another setting, other images, the other kind of training, a damaged file: each is named."""
    path, training = tmp_path / "training.npz", start()
    training.epoch()
    save_checkpoint(path, training)
    for other, told in (
        ({"settings": GateSettings(**(vars(SMALL) | {"rate": 0.5}))}, r"with rate 0.002 and this training has 0.5"),
        ({"settings": GateSettings(**(vars(SMALL) | {"hidden": (41,)}))}, r"sizes \[\d+, 40, 10\] and this"),
        ({"expand": None}, r"with expand 'Expand\(.*' and this training has None"),
        ({"levels": 16}, "with levels 17 and this training has 16"),
    ):
        with pytest.raises(ModelError, match=told):
            resume(path, start(**other))
    images = DIGITS.train.images.copy()
    images[3, 20] = 0.5
    with pytest.raises(ModelError, match="was written with other training images"):
        resume(path, start(train=Split(images, DIGITS.train.labels)))
    soft = Training(Layers.start([64, 10], rng=0), DIGITS.train, Settings())
    with pytest.raises(ModelError, match="by a training of perceptrons and this is one of sigmoids"):
        resume(path, soft)
    save_checkpoint(tmp_path / "soft.npz", soft)
    with pytest.raises(ModelError, match="by a training of sigmoids and this is one of perceptrons"):
        resume(tmp_path / "soft.npz", start())
    with pytest.raises(ModelError, match="holds a training that is not done and no network"):
        load_threshold(path)
    with np.load(path) as archive:
        arrays = dict(archive)
    pins = arrays["layer_1.pins"]
    for broken in (
        {"version": np.array(2)},
        {"layer_1.pins": pins + 1000},
        {"layer_1.pins": pins - 1000},
        {"layer_1.pins": pins[:5]},
        {"layer_1.pins": pins[:, :0]},
        {"layer_1.pins": pins.astype(float)},
        {"layer_1.latent": arrays["layer_1.latent"][:1]},
        {"votes.latent": arrays["votes.latent"].astype(float)},
        {"values": np.array("{}")},
    ):
        np.savez(tmp_path / "broken.npz", **(arrays | broken))
        with pytest.raises(ModelError, match=r"a part of it is not what it should be|has version 2"):
            resume(tmp_path / "broken.npz", start())


LONG = ["learn", "digits", "--gates", "6000", "--epochs", "60", "--batch", "25"]


@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_the_command_stopped_and_gone_on_with(tmp_path, capsys, how):
    """Ctrl-C: a sentence, status 130 and the network so far; killed: the checkpoint. Both go on to the same bits."""
    if sys.platform == "win32":
        pytest.skip("there is no such signal to send")
    kept, net, whole = (tmp_path / name for name in ("training.npz", "net.npz", "whole.npz"))
    command = [sys.executable, "-m", "workbench.cli", *LONG, "--checkpoint", kept, "-o", net]
    # What runs in a shell's background ignores SIGINT, and so would its children.
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listen)
    for line in child.stderr:
        if line.startswith("epoch   5/60"):
            break
    child.send_signal(getattr(signal, how))
    _, told = child.communicate()
    if how == "SIGINT":
        assert child.returncode == 130
        assert f"of 60; --checkpoint {kept} --resume goes on" in told
        assert load_threshold(net).network.sizes[1:] == [131, 10]
    assert main([*LONG, "--checkpoint", str(kept), "--resume", "-o", str(net)]) == 0
    assert "going on after epoch" in capsys.readouterr().err
    assert main([*LONG, "-o", str(whole)]) == 0
    one, other = load_threshold(net).network, load_threshold(whole).network
    for mine, theirs in zip(numbers(one), numbers(other), strict=True):
        np.testing.assert_array_equal(mine, theirs)
