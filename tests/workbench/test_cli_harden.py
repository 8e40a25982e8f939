"""The command that makes gates of a network that learned: its numbers, its files, its report, and what it refuses."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from circuits.formats import read
from learn import Layers, load, load_digits, save, sgd
from learn.threshold import (
    Encoder,
    ThresholdTraining,
    harden,
    load_threshold,
    robustness,
    save_threshold,
)
from perceptron import compile

DIGITS = load_digits()
FAST = ("--data", "digits", "--random", "200")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two networks that learned the 8x8 digits a little: of sigmoids, and the same as small whole numbers."""
    place = tmp_path_factory.mktemp("networks")
    layers = Layers.start([64, 12, 10], rng=0)
    for _ in sgd(layers, DIGITS.train, epochs=15, rng=0):
        pass
    save(place / "soft.npz", layers)
    encoder = Encoder.thermometer(17, 64, marks=(8,))
    hardened = harden(layers, encoder, DIGITS.test, fit=DIGITS.train, most=1)
    save_threshold(place / "hard.npz", hardened.network)
    return place


def every_image():
    """All images of the data as whole greys, and their labels."""
    splits = (DIGITS.train, DIGITS.validation, DIGITS.test)
    greys = np.rint(16 * np.concatenate([split.images for split in splits])).astype(np.int64)
    return greys, np.concatenate([split.labels for split in splits])


def read_by_file(path, greys, ports):
    """The labels that a circuit file gives, fed as its sidecar says."""
    program = compile(read(path))
    digits = ports["input"]["digits"]
    names = [f"pixel{pixel}[{digit}]" for pixel in range(ports["input"]["pixels"]) for digit in range(digits)]
    assert program.inputs == tuple(names)
    assert program.outputs == tuple(f"label[{digit}]" for digit in range(ports["output"]["digits"]))
    bits = greys[:, :, None] >> np.arange(digits) & 1
    return program.run(bits.reshape(len(greys), -1)) @ (1 << np.arange(len(program.outputs)))


def test_sigmoids_become_nands_step_by_step(run, folder):
    _, out, _ = run("harden", folder / "soft.npz", *FAST, "--marks", "4", "8", "--weights", "2", "--json")
    told = json.loads(out)
    stages = {stage["name"]: stage for stage in told["stages"]}

    assert list(stages) == ["sigmoids on greys", "sigmoids on bits", "steps", "whole weights", "NANDs"]
    soft = load(folder / "soft.npz").layers
    assert stages["sigmoids on greys"]["accuracy"] == soft.accuracy(DIGITS.test.images, DIGITS.test.labels)
    assert stages["NANDs"] == stages["whole weights"] | {"name": "NANDs"}
    assert told["accuracy"]["share"] == stages["NANDs"]["accuracy"] > 0.6
    assert told["network"]["largest_weight"] <= 2
    parts = dict(told["nands"])
    assert parts.pop("all") == sum(parts.values()) > 0
    assert told["checked"]["images_compared"] == 1797


def test_training_again_wins_back_what_hardening_lost(run, folder):
    words = ("harden", folder / "soft.npz", *FAST, "--digits", "2", "--weights", "2", "--retrain", "15", "--json")
    stages = {stage["name"]: stage for stage in json.loads(run(*words)[1])["stages"]}

    assert list(stages)[-3:] == ["whole weights", "trained again", "NANDs"]
    assert stages["trained again"]["accuracy"] > stages["whole weights"]["accuracy"]
    assert stages["NANDs"] == stages["trained again"] | {"name": "NANDs"}


def test_the_table_shows_each_step_and_each_part(run, folder):
    status, out, err = run("harden", folder / "soft.npz", *FAST, "--digits", "1", "--weights", "1")

    assert (status, err) == (0, "")
    for word in ("sigmoids on greys", "whole weights", "NANDs", "encoder", "hidden", "votes", "argmax", "depth"):
        assert word in out
    assert "all 1,797 images of digits\nand for all 200 random images\n" in out


@pytest.mark.parametrize("suffix", [".aig", ".aag", ".bench", ".blif", ".json", ".v"])
def test_the_file_reads_every_image_as_the_whole_numbers_do(run, folder, tmp_path, suffix):
    path = tmp_path / f"digits{suffix}"
    status, out, _ = run("harden", folder / "hard.npz", *FAST, "-o", path)
    ports = json.loads(path.with_name(path.name + ".ports.json").read_text())
    greys, _ = every_image()
    labels = load_threshold(folder / "hard.npz").network.predict(greys)

    assert status == 0
    assert str(path) in out
    assert np.array_equal(read_by_file(path, greys, ports), labels)
    assert ports["circuit"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    tested = labels[-len(DIGITS.test) :]
    assert ports["checked"]["labels_sha256"] == hashlib.sha256(bytes(tested.tolist())).hexdigest()
    assert ports["accuracy"]["right"] == np.count_nonzero(tested == DIGITS.test.labels)
    assert (ports["input"]["rows"], ports["input"]["columns"], ports["input"]["levels"]) == (8, 8, 17)
    assert "1" in ports["input"]["read"][4]
    assert list(tmp_path.iterdir()) != [path]  # and nothing half written beside the two
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(("suffix", "mark"), [(".aag", ""), (".blif", "# "), (".bench", "# "), (".v", "// ")])
def test_the_file_says_what_its_ports_are(run, folder, tmp_path, suffix, mark):
    path = tmp_path / f"digits{suffix}"
    run("harden", folder / "hard.npz", *FAST, "-o", path)
    lines = path.read_text().splitlines()

    assert any(line.startswith(f"{mark}Inputs: 320; 64 pixels of 5 digits, 8 rows of 8") for line in lines)
    assert any(line.startswith(f"{mark}Output: label, 4 digits") for line in lines)
    if suffix == ".aag":
        assert lines[lines.index("c") - 1] == "o3 label[3]"
        assert "i5 pixel1[0]" in lines


def test_the_report_is_a_page_that_needs_nothing_else(run, folder, tmp_path):
    place = tmp_path / "report"
    status, out, _ = run("harden", folder / "hard.npz", *FAST, "--report", place, "--robustness", "--json")
    page = (place / "index.html").read_text(encoding="utf-8")
    told = json.loads((place / "report.json").read_text())
    network = load_threshold(folder / "hard.npz").network
    found = robustness(network, network.encoder.greys(DIGITS.test.images))

    assert status == 0
    assert json.loads(out) == told
    assert (place / "hidden.png").read_bytes().startswith(b"\x89PNG")
    assert "The circuit reads a digit" in page
    assert 'src="data:image' in page
    assert 'src="http' not in page
    assert f"{told['nands']['all']:,}" in page
    assert told["single_pixels"]["share"] == found.share
    assert f"{found.share:.2%}" in page


def test_a_threshold_file_is_a_circuit_of_perceptrons(run, folder):
    network = load_threshold(folder / "hard.npz").network
    greys = network.encoder.greys(DIGITS.test.images[:1])
    values = [f"pixel{pixel}={grey}" for pixel, grey in enumerate(greys[0])]

    assert run("eval", folder / "hard.npz", *values)[1] == f"label={network.predict(greys)[0]}\n"
    assert json.loads(run("stats", folder / "hard.npz", "--json")[1])["inputs"] == 5 * 64


def test_a_threshold_file_reads_pictures(run, folder, tmp_path):
    from PIL import Image

    row = Image.new("L", (6 * 80 + 16, 96), 255)
    for place, image in enumerate(DIGITS.test.images[6:12]):
        grey = (255 * (1 - image)).round().astype("uint8").reshape(8, 8)
        row.paste(Image.fromarray(grey).resize((64, 64), Image.Resampling.BICUBIC), (16 + 80 * place, 16))
    row.save(tmp_path / "strip.png")
    written = "".join(str(label) for label in DIGITS.test.labels[6:12])
    told = json.loads(run("read", tmp_path / "strip.png", "--model", folder / "hard.npz", "--json")[1])

    assert sum(a == b for a, b in zip(told["text"], written, strict=True)) >= 4
    assert all(0 < digit["confidence"] <= 1 for digit in told["digits"])


def test_a_file_that_is_there_is_left_alone(run, wrong, folder, tmp_path):
    path = tmp_path / "digits.aig"
    path.write_text("mine")
    words = ("harden", folder / "hard.npz", *FAST, "-o", path)

    assert "is there already; add --force" in wrong(*words)
    assert path.read_text() == "mine"
    assert run(*words, "--force")[0] == 0
    path.unlink()
    assert "digits.aig.ports.json' is there already" in wrong(*words)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["missing.npz", "--data", "digits"], "missing.npz"),
        (["hard.npz", "--data", "nowhere"], "no folder 'nowhere'"),
        (["hard.npz", "--data", "digits", "-o", "digits.onnx"], "name it .aag .aig .bench .blif .dot .json .v"),
        (["hard.npz", "--data", "digits", "-o", "digits.xyz"], "no format for a circuit of NANDs has this suffix"),
        (["hard.npz", "--data", "digits", "-o", "nowhere/digits.aig"], "there is no folder 'nowhere'"),
        (["hard.npz", "--data", "digits", "--save", "net.txt"], "is no .npz file"),
        (["hard.npz", "--data", "digits", "--report", "hard.npz"], "is a file; name a folder"),
        (["hard.npz", "--data", "digits", "--marks", "8"], "leave out --marks"),
        (["hard.npz", "--data", "digits", "--weights", "3"], "leave out --weights"),
        (["hard.npz", "--data", "digits", "--random", "-1"], "--random is -1"),
        (["soft.npz", "--data", "digits", "--weights", "0"], "--weights is 0"),
        (["soft.npz", "--data", "digits", "--retrain", "0"], "--retrain is 0"),
        (["soft.npz", "--data", "digits", "--marks", "17"], "which no grey reaches"),
        (["soft.npz", "--data", "digits", "--digits", "6"], "give 1 to 5"),
        (["wide.npz", "--data", "digits"], "reads 784 pixels and the images of digits have 8 x 8"),
        (["notes.npz", "--data", "digits"], "notes.npz"),
    ],
)
def test_what_is_wrong_is_one_line(wrong, folder, monkeypatch, words, part):
    monkeypatch.chdir(folder)
    if not (folder / "wide.npz").exists():
        save(folder / "wide.npz", Layers.start([784, 2, 10], rng=0))
        (folder / "notes.npz").write_text("no network")

    assert part in wrong("harden", *words)


SHORT = ("digits", "--gates", "9000", "--hidden", "40", "--epochs", "6", "--batch", "20")


def test_perceptrons_are_trained_towards_gates_and_become_them(run, tmp_path):
    net = tmp_path / "net.npz"
    status, out, _ = run("learn", *SHORT, "--fan-in", "4", "--votes", "2", "-o", net, "--json")
    told = json.loads(out.splitlines()[-1])
    model = load_threshold(net)

    assert status == 0
    assert [epoch["epoch"] for epoch in told["epochs"]] == [1, 2, 3, 4, 5, 6]
    assert model.network.accuracy(DIGITS.test) == told["test_accuracy"] == model.accuracy["test"]
    assert np.count_nonzero(model.network.weights[0], axis=1).max() <= 4
    assert (np.count_nonzero(model.network.votes_of_units, axis=0) <= 2).all()
    assert model.settings["gates"] == 9000
    hardened = json.loads(run("harden", net, *FAST, "--json")[1])
    assert hardened["nands"]["all"] == told["nands"]
    assert hardened["accuracy"]["share"] == told["test_accuracy"]


def test_a_larger_budget_trains_more_units(run):
    sizes = [
        json.loads(run("learn", "digits", "--gates", gates, "--epochs", "1", "--json")[1])["sizes"][1]
        for gates in ("3000", "6000")
    ]

    assert sizes[0] < sizes[1]


def test_training_towards_gates_tells_a_person_how_many(run):
    _, out, err = run("learn", *SHORT, "--only", "9")

    assert "NANDs from the digits of the pixels to the label; 9,000 were aimed at" in out
    assert err.count("test accuracy") == 6


def test_ctrl_c_keeps_the_network_so_far(run, tmp_path, monkeypatch):
    epoch = ThresholdTraining.epoch

    def broken_off(self):
        if len(self.records) == 4:
            raise KeyboardInterrupt
        return epoch(self)

    monkeypatch.setattr(ThresholdTraining, "epoch", broken_off)
    net = tmp_path / "net.npz"
    status, out, err = run("learn", *SHORT, "-o", net)

    assert status == 130
    assert "stopped after epoch 4 of 6" in err
    assert f"the network is in {net}" in out
    assert load_threshold(net).network.sizes[1:] == [40, 10]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--gates", "500"], "a budget of 500 NANDs leaves no room"),
        (["--gates", "9000", "--cost", "quadratic"], "--cost is about sigmoids"),
        (["--gates", "9000", "--layers", "64", "10"], "--layers is about sigmoids"),
        (["--gates", "9000", "--report", "page"], "--report is about sigmoids"),
        (["--gates", "9000", "--fan-in", "0"], "fan_in 0 is too small"),
        (["--gates", "9000", "--fan-in", "11"], "give 1 to 10"),
        (["--gates", "9000", "-o", "net.aig"], "no .npz file"),
        (["--fan-in", "4"], "--fan-in is about perceptrons that become gates; give --gates"),
    ],
)
def test_what_a_budget_does_not_go_with(wrong, tmp_path, monkeypatch, words, part):
    monkeypatch.chdir(tmp_path)

    assert part in wrong("learn", "digits", *words)
