"""The command `perceptron learn`: presets, logs, reports, and a training stopped by Ctrl-C and gone on with."""

import csv
import json
import signal
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from learn import load
from workbench.cli import main

LONG = ["--layers", "64", "400", "10", "--epochs", "60", "--rate", "0.5", "--cost", "cross-entropy", "--patience", "50"]


def run(*words):
    """The command in this process: its exit status."""
    return main(["learn", *map(str, words)])


def test_stopped_by_ctrl_c_and_gone_on_with(tmp_path):
    """SIGINT: a sentence, status 130 and the network so far; with --resume, bit for bit the unbroken run."""
    if sys.platform == "win32":
        pytest.skip("there is no SIGINT to send")
    kept, net, whole = (tmp_path / name for name in ("training.npz", "net.npz", "whole.npz"))
    command = [sys.executable, "-m", "workbench.cli", "learn", "digits", *LONG, "--checkpoint", kept, "-o", net]
    # What runs in a shell's background ignores SIGINT, and so would its children.
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listen)
    for line in child.stderr:
        if line.startswith("epoch   3/60"):
            break
    assert "left" in line
    child.send_signal(signal.SIGINT)
    _, told = child.communicate()
    assert child.returncode == 130
    assert f"of 60; --checkpoint {kept} --resume goes on" in told
    assert load(net).layers.sizes == [64, 400, 10]

    assert run("digits", *LONG, "--checkpoint", kept, "--resume", "-o", net, "--log", tmp_path / "log.csv") == 0
    assert run("digits", *LONG, "-o", whole) == 0
    one, other = load(net).layers, load(whole).layers
    for mine, theirs in zip(one.weights + one.biases, other.weights + other.biases, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == list(range(1, len(rows) + 1))


def test_a_preset_and_what_replaces_its_settings(tmp_path, capsys):
    """What is given beside the preset wins; all of it is told and kept."""
    net = tmp_path / "net.npz"
    assert run("digits", "--preset", "digits", "--epochs", "3", "--l2", "0.5", "-o", net, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sizes"], told["method"], told["l2"]) == ([64, 200, 10], "adam", 0.5)
    assert len(told["epochs"]) == 3
    assert told["expand"].startswith("Expand(shift=0.8")
    assert load(net).settings["schedule"] == "cosine"


def test_a_report(tmp_path):
    """A page with five pictures, all of them there; other activations and a softmax on the way."""
    folder = tmp_path / "page"
    words = ["--activation", "tanh", "--softmax", "--cost", "log-likelihood", "--rate", "0.1", "--epochs", "2"]
    assert run("digits", *words, "--report", folder, "--expand", "shift=0.5", "turn=5") == 0
    page = (folder / "index.html").read_text()
    for name in ("curve", "confusion", "hardest", "hidden", "calibration"):
        assert f'src="{name}.png"' in page
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--resume"], "--resume goes on from a file; name it with --checkpoint"),
        (["--expand", "shift"], "--expand 'shift' says nothing; write for example shift=1"),
        (["--expand", "zoom=2"], "--expand 'zoom=2' says nothing"),
        (["--log", "log.txt"], "give it that ending"),
        (["--cost", "log-likelihood"], "is for softmax outputs and these are sigmoid"),
        (["--preset", "best"], "are not of 28 x 28 pixels"),
    ],
)
def test_refusals(words, told, capsys):
    with pytest.raises(SystemExit) as caught:
        run("digits", *words)
    assert caught.value.code == 2
    assert told in capsys.readouterr().err
