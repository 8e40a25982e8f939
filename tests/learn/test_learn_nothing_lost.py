"""The command `perceptron learn` where something cannot be written or runs away: told before, or nothing is lost."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from learn import (
    Layers,
    ModelError,
    PictureError,
    Settings,
    ThresholdTraining,
    Training,
    TrainingError,
    load,
    load_any,
    load_digits,
    resume,
    save_checkpoint,
)
from workbench.cli import main
from workbench.commands import epochs, gates, learning

SHORT = ["learn", "digits", "--epochs", "3"]


def run(*words):
    """The exit status, also of what is refused."""
    try:
        return main([str(word) for word in words])
    except SystemExit as leaving:
        return leaving.code


@pytest.fixture
def untrained(monkeypatch):
    """Fail where a training begins."""

    def begun(self):
        raise AssertionError("the training has begun")

    monkeypatch.setattr(Training, "epoch", begun)
    monkeypatch.setattr(ThresholdTraining, "epoch", begun)


@pytest.mark.parametrize("option", ["-o", "--checkpoint", "--log", "--curve"])
@pytest.mark.parametrize(
    ("place", "told"),
    [("n" * 300, "File name too long"), ("file/net", "there is no folder"), ("folder", "is a folder; name a file")],
)
@pytest.mark.parametrize("kind", [[], ["--gates", "6000"]], ids=["sigmoids", "gates"])
@pytest.mark.usefixtures("untrained")
def test_places_are_tried_before_the_training(tmp_path, capsys, option, place, told, kind):
    ending = {"--log": ".csv", "--curve": ".svg"}.get(option, ".npz")
    (tmp_path / "file").touch()
    (tmp_path / f"folder{ending}").mkdir()
    assert run(*SHORT, *kind, option, tmp_path / f"{place}{ending}") == 2
    error = capsys.readouterr().err
    assert error.startswith("perceptron: error: ")
    assert error.count("\n") == 1
    assert told in error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", f"folder{ending}"]


@pytest.mark.usefixtures("untrained")
def test_a_folder_that_cannot_be_written(tmp_path, capsys, monkeypatch):
    """As a full or read-only disk says it; nobody is kept out of a folder who is root."""

    def refused(self, *given, **options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "touch", refused)
    for words in (["-o", "net.npz"], ["--report", "page/new"], ["--log", "log.csv"]):
        assert run(*SHORT, words[0], tmp_path / words[1]) == 2
        assert "cannot be written (Permission denied); choose another" in capsys.readouterr().err


@pytest.mark.usefixtures("untrained")
def test_a_report_where_a_file_is(tmp_path, capsys):
    (tmp_path / "file").touch()
    for place in ("file", "file/page"):
        assert run(*SHORT, "--report", tmp_path / place) == 2
        assert "is a file; name a folder" in capsys.readouterr().err


def test_the_longest_name(tmp_path):
    """What is written beside it meanwhile has a shorter one."""
    net = tmp_path / ("n" * 251 + ".npz")
    assert run(*SHORT, "-o", net) == 0
    assert load(net).layers.sizes == [64, 30, 10]


@pytest.mark.parametrize("kind", [[], ["--gates", "6000"]], ids=["sigmoids", "gates"])
def test_a_checkpoint_is_not_written_over(tmp_path, capsys, kind):
    kept = tmp_path / "training.npz"
    assert run(*SHORT, *kind, "--checkpoint", kept) == 0
    before = kept.read_bytes()
    capsys.readouterr()
    assert run(*SHORT, *kind, "--checkpoint", kept) == 2
    assert "is there already; add --resume to go on with it" in capsys.readouterr().err
    assert run(*SHORT, *kind, "--checkpoint", kept, "--resume", "-o", kept) == 2
    assert "the network would be written over the checkpoint" in capsys.readouterr().err
    assert kept.read_bytes() == before


def test_a_log_and_a_checkpoint_that_fail_for_a_while(tmp_path, capsys, monkeypatch):
    """The training goes on, and they are whole in the end."""
    honest, calls = epochs.save_checkpoint, []

    def full(path, training):
        calls.append(path)
        if len(calls) in (1, 2):
            raise ModelError("'training.npz' cannot be written: no space; choose another place")
        honest(path, training)

    monkeypatch.setattr(epochs, "save_checkpoint", full)
    log, kept = tmp_path / "log.csv", tmp_path / "training.npz"
    assert run(*SHORT, "--log", log, "--checkpoint", kept) == 0
    assert capsys.readouterr().err.count("no space; choose another place; the training goes on") == 1
    assert [int(row["epoch"]) for row in csv.DictReader(log.read_text().splitlines())] == [1, 2, 3]


def test_a_log_that_fails_to_the_end(tmp_path, capsys, monkeypatch):
    honest = epochs.write_log

    def full(records, path):
        if records:
            raise PictureError("'log.csv' cannot be written: no space; choose another place")
        honest(records, path)

    monkeypatch.setattr(epochs, "write_log", full)
    net = tmp_path / "net.npz"
    assert run(*SHORT, "--log", tmp_path / "log.csv", "-o", net) == 2
    assert "perceptron: error: 'log.csv' cannot be written" in capsys.readouterr().err
    assert load(net).layers.sizes == [64, 30, 10]


def test_a_network_that_cannot_be_written_after_all(tmp_path, capsys, monkeypatch):
    """It is in the folder for temporary files, and the rest is written."""
    honest, net, curve = learning.save, tmp_path / "net.npz", tmp_path / "curve.png"

    def full(path, *given):
        if path == str(net):
            raise ModelError(f"{path!r} cannot be written: no space; choose another place")
        honest(path, *given)

    monkeypatch.setattr(learning, "save", full)
    monkeypatch.setattr(epochs.tempfile, "tempdir", str(tmp_path))
    assert run(*SHORT, "-o", net, "--curve", curve) == 2
    told = capsys.readouterr()
    spare = re.search(r"choose another place; the network is in (\S+) meanwhile", told.err)[1]
    assert load(spare).layers.sizes == [64, 30, 10]
    assert "test images right" in told.out
    assert f"the learning curve is in {curve}" in told.out
    assert curve.exists()


@pytest.mark.parametrize("kind", [[], ["--gates", "6000"]], ids=["sigmoids", "gates"])
def test_a_training_that_runs_away(tmp_path, capsys, monkeypatch, kind):
    """The advice, status 2, and the network of the last sound epoch."""
    place = ThresholdTraining if kind else Training
    honest = place.epoch

    def away(self):
        if len(self.records) == 2:
            raise TrainingError("the cost rose; choose a smaller rate")
        return honest(self)

    monkeypatch.setattr(place, "epoch", away)
    net = tmp_path / "net.npz"
    assert run(*SHORT, *kind, "-o", net) == 2
    told = capsys.readouterr()
    assert "perceptron: error: the cost rose; choose a smaller rate" in told.err
    assert "stopped after epoch 2 of 3" in told.err
    assert f"the network is in {net}" in told.out
    assert load_any(net).accuracy


def test_only_what_is_written_is_said_to_be_there(tmp_path, capsys):
    """With no epoch there is a log without rows, and no curve."""
    log, curve = tmp_path / "log.csv", tmp_path / "curve.svg"
    assert run("learn", "digits", "--epochs", "0", "--log", log, "--curve", curve) == 0
    assert f"the log is in {log}" in (out := capsys.readouterr().out)
    assert "curve" not in out
    assert len(log.read_text().splitlines()) == 1
    assert not curve.exists()


def test_a_finished_training_that_is_gone_on_with(tmp_path):
    """No epoch is left, and its log is there all the same."""
    kept, log = tmp_path / "training.npz", tmp_path / "log.jsonl"
    assert run(*SHORT, "--checkpoint", kept) == 0
    assert run(*SHORT, "--checkpoint", kept, "--resume", "--log", log) == 0
    assert [json.loads(line)["epoch"] for line in log.read_text().splitlines()] == [1, 2, 3]


def test_more_weights_than_memory(capsys):
    for words in (["--layers", "64", str(10**15), "10"], ["--gates", str(10**15)]):
        assert run("learn", "digits", *words) == 2
        assert re.search(r"more than there is memory for; choose smaller", capsys.readouterr().err)


def test_a_digit_that_cannot_be_saved(tmp_path, capsys, monkeypatch):
    """The reading is printed first, the error names the file, and no empty file is left."""
    from PIL import Image

    net, photo, seen = tmp_path / "net.npz", tmp_path / "photo.png", tmp_path / "seen"
    learned = Layers.start([64, 10], rng=0)
    learning.save(net, learned)
    page = np.full((40, 60), 255, np.uint8)
    page[8:32, 10:14] = 0
    Image.fromarray(page).save(photo)

    def full(self, file, *given):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    assert run("read", photo, "--model", net, "--save-digits", seen) == 2
    told = capsys.readouterr()
    assert re.fullmatch(r"\d\n", told.out)
    assert "01-reads-" in told.err
    assert list(seen.iterdir()) == []


def test_a_checkpoint_is_no_network(tmp_path, capsys):
    training = Training(Layers.start([64, 10], rng=0), load_digits().train, Settings(epochs=2))
    save_checkpoint(tmp_path / "training.npz", training)
    with pytest.raises(ModelError, match="holds a training that is not done and no network; finish it"):
        load(tmp_path / "training.npz")
    resume(tmp_path / "training.npz", training)


def test_a_circuit_that_cannot_be_written_after_all(tmp_path, capsys, monkeypatch):
    """What was found in minutes is printed first."""

    def full(made, path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(gates, "write_circuit", full)
    net = tmp_path / "net.npz"
    assert run(*SHORT, "--gates", "6000", "--hidden", "10", "-o", net) == 0
    capsys.readouterr()
    for words in ([], ["--json"]):
        assert run("harden", net, "--data", "digits", "--random", "5", "-o", tmp_path / "a.aig", *words) == 2
        told = capsys.readouterr()
        assert json.loads(told.out) if words else "proved for every image" in told.out
        assert "No space left on device" in told.err
