"""Waves: what is printed, drawn and written says what the arrays say; VCD is read back by readers that are not ours."""

import contextlib
import io
import itertools
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import names
from vcd.reader import TokenKind, tokenize

from circuits import CircuitError
from circuits.time.simulation import record
from circuits.time.wave import Wave
from circuits.time.waves import Waves
from perceptron import Network
from perceptron.draw import style

SVG = "{http://www.w3.org/2000/svg}"


def some(steps=24):
    rng = np.random.default_rng(1)
    return Waves(
        [
            Wave("reset", (np.arange(steps) < 3).astype(int)),
            Wave("cpu.go", rng.integers(0, 2, steps)),
            Wave("cpu.count", np.arange(steps) // 2, 8),
            Wave("a_name_that_goes_on_and_on_until_nobody_reads_it", np.arange(steps) % 2),
        ],
        steps,
    )


def parse_vcd(text):
    """Name with scopes -> {time: value}, and the last time, by pyvcd's tokenizer."""
    scopes, named, changes, now = [], {}, defaultdict(dict), 0
    for token in tokenize(io.BytesIO(text.encode())):
        if token.kind is TokenKind.SCOPE:
            scopes.append(token.data.ident)
        elif token.kind is TokenKind.UPSCOPE:
            scopes.pop()
        elif token.kind is TokenKind.VAR:
            named[token.data.id_code] = (".".join([*scopes, token.data.reference]), token.data.size)
        elif token.kind is TokenKind.CHANGE_TIME:
            now = token.data
        elif token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR, TokenKind.CHANGE_REAL):
            changes[token.data.id_code][now] = token.data.value
    return {name: (size, changes[code]) for code, (name, size) in named.items()}, now


def resampled(changes, times):
    """The values at some times from the changes before them."""
    values = []
    for at in times:
        last = max(time for time in changes if time <= at)
        values.append(float(changes[last]) if isinstance(changes[last], float) else int(changes[last]))
    return values


@given(st.data())
def test_a_vcd_file_says_what_was_recorded(data):
    steps, first = data.draw(st.integers(1, 12)), data.draw(st.integers(0, 5))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    words = {f"w{width}": rng.integers(0, 2**width, steps) for width in (1, 2, 9, 33)}
    waves = [Wave(name, values, int(name[1:])) for name, values in words.items()]
    waves += [Wave("part.inner.bit", rng.integers(0, 2, steps)), Wave("part.level", rng.random(steps))]
    waves.append(Wave("part.signed", rng.integers(-8, 8, steps), 4))
    found, last = parse_vcd(Waves(waves, steps, first).vcd(top="board", clock="tick"))

    assert last == 10 * (first + steps)
    times = [10 * (first + at) for at in range(steps)]
    for wave in waves:
        size, changes = found[f"board.{wave.name}"]
        values = resampled(changes, times)
        if wave.name == "part.level":
            np.testing.assert_allclose(values, wave.values, rtol=1e-9)
        else:
            assert size == (wave.width or 1)
            assert values == [value % (1 << (wave.width or 1)) for value in wave.values.tolist()]
    ticks = found["board.tick"][1]
    assert resampled(ticks, sorted([*times, *(time + 5 for time in times)])) == [1, 0] * steps


@given(st.lists(names(), min_size=1, max_size=4, unique=True))
def test_any_name_can_be_written(called):
    waves = Waves([Wave(name, np.array([0, 1])) for name in called], 2)
    with contextlib.suppress(CircuitError):  # two names that only differ in what VCD cannot say
        found, _ = parse_vcd(waves.vcd())
        assert len(found) == len(called)
    ET.fromstring(waves.svg())
    assert waves.text(ascii=True).isascii()


def test_the_header_of_a_vcd_file():
    text = some().vcd(timescale="10 us")
    assert "$timescale 10 us $end" in text
    assert "$date" not in text  # the same waves give the same file
    with pytest.raises(CircuitError, match="timescale is 'soon'; give a number and a unit"):
        some().vcd(timescale="soon")
    with pytest.raises(CircuitError, match="a signal is called 'reset' already"):
        some().vcd(clock="reset")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("vcd2fst") is None, reason="GTKWave's vcd2fst is not installed")
def test_gtkwave_reads_it(tmp_path):
    waves = some()
    waves.save(tmp_path / "w.vcd", clock="clk")
    done = subprocess.run(
        ["vcd2fst", tmp_path / "w.vcd", tmp_path / "w.fst"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "rror" not in done.stderr
    back = subprocess.run(["fst2vcd", tmp_path / "w.fst"], capture_output=True, text=True, check=True).stdout
    found, _ = parse_vcd(back)
    assert resampled(found["top.cpu.count"][1], range(0, 240, 10)) == waves["cpu.count"].tolist()
    assert resampled(found["top.reset"][1], range(0, 240, 10)) == waves["reset"].tolist()


# --- characters


def test_a_diagram_of_characters():
    go, q = Wave("go", np.array([0, 1, 1, 0])), Wave("q", np.array([7, 7, 12, -1]), 5)
    waves = Waves([go, q], 4, 10)
    assert waves.text().split("\n") == [
        "   10   11   12   13",
        "        ┌─────────┐",
        "go ─────┘         └────",
        "q  ╳ 7       ╳ 12 ╳ -1",
    ]
    assert waves.text(ascii=True, base="hex", axis=False).split("\n") == [
        "         _________",
        "go _____/         \\____",
        "q  X 07      X 0C X 1F",
    ]
    assert waves.text(start=2, base="binary").split("\n")[-1] == "q  ╳ 01100 ╳ 11111"


@given(st.data())
def test_levels_can_be_read_back(data):
    """Where the lower line has a line or a rising edge's foot, the bit is as it was."""
    values = np.array(data.draw(st.lists(st.integers(0, 1), min_size=1, max_size=40)))
    lines = Waves([Wave("x", values)], len(values)).text(axis=False, width=10_000).split("\n")
    below = lines[-1].ljust(2 + 4 * len(values))
    assert [int(below[2 + 4 * at + 2] == " ") for at in range(len(values))] == values.tolist()


@given(st.data())
def test_words_can_be_read_back(data):
    values = np.array(data.draw(st.lists(st.integers(0, 999), min_size=1, max_size=40)))
    line = Waves([Wave("x", values, 10)], len(values)).text(axis=False, width=10_000).split("\n")[-1]
    shown = [int(word) for word in line.removeprefix("x").split("╳")[1:]]
    assert shown == [values[0], *(b for a, b in itertools.pairwise(values) if a != b)]


def test_long_waves_wrap_and_are_cut():
    text = some(60).text(width=80)
    assert max(map(len, text.split("\n"))) <= 80
    assert len(text.split("\n\n")) > 2
    assert some(60).text(start=10, stop=14).split("\n")[0].split() == ["10", "11", "12", "13"]
    assert "a_name_that_goes_on_and_on_un..." in text
    with pytest.raises(CircuitError, match="steps 9 to 9 are none; the recorded ones are 0 to 59"):
        some(60).text(start=9, stop=9)
    with pytest.raises(CircuitError, match="base is 'octal'; give one of 'decimal', 'hex', 'binary'"):
        some().text(base="octal")


# --- pictures


@pytest.mark.parametrize("draw", ["text", "svg"])
def test_each_step_is_read_a_few_times_however_long_the_wave_is(draw):
    """Wrapped into many lines, a wave was read from its start for each of them."""
    taken = []

    class Watched(np.ndarray):
        def tolist(self):
            taken.append(self.size)
            return super().tolist()

    steps = 3000
    values = [np.arange(steps).view(Watched), (np.arange(steps) % 2).view(Watched)]
    waves = Waves([Wave("count", values[0], 12), Wave("tick", values[1])], steps)
    getattr(waves, draw)(width=80 if draw == "text" else 400)

    assert sum(taken) < 10 * steps


def test_letters_that_take_two_columns_leave_the_waves_below_each_other():
    """East Asian letters are twice as wide in a terminal; a mark on a letter takes no column."""
    waves = Waves([Wave(name, np.arange(3), 4) for name in ("sum", "合計", "e\N{COMBINING ACUTE ACCENT}")], 3)
    text = waves.text(axis=False)

    assert text.split("\n") == ["sum  ╳ 0 ╳ 1 ╳ 2", "合計 ╳ 0 ╳ 1 ╳ 2", "e\N{COMBINING ACUTE ACCENT}    ╳ 0 ╳ 1 ╳ 2"]
    long = Waves([Wave("桁" * 40, np.arange(3), 4)], 3).text(axis=False)
    assert long.startswith("桁" * 14 + "... ╳")
    pictures = [ET.fromstring(Waves([Wave(name, np.arange(3), 4)], 3).svg()) for name in ("桁" * 8, "a" * 16)]
    assert pictures[0].get("width") == pictures[1].get("width")


def test_a_picture_has_every_value_and_every_name():
    waves = some()
    picture = ET.fromstring(waves.svg(clock=True, width=5000))
    words = [element.text for element in picture.iter(f"{SVG}text")]
    assert {"clock", "reset", "cpu.go", "cpu.count", *map(str, range(12))} <= set(words)
    titles = {element.text for element in picture.iter(f"{SVG}title")}
    assert "a_name_that_goes_on_and_on_until_nobody_reads_it" in titles
    assert max(len(word or "") for word in words) <= style.LONGEST
    background = picture.find(f"{SVG}rect")
    assert background.get("fill") == style.PAPER


def test_a_picture_wraps():
    def size(**options):
        picture = ET.fromstring(some(100).svg(**options))
        return int(picture.get("width")), int(picture.get("height"))

    wide, narrow = size(width=4000), size(width=700)
    assert narrow[0] <= 700 < wide[0]
    assert narrow[1] > 3 * wide[1]
    assert size(start=0, stop=10, width=700)[1] == wide[1]


def test_values_that_do_not_fit_are_shortened_and_told():
    wave = Wave("x", np.array([2**200 + 1, 5, 5, 5]), 256)
    picture = ET.fromstring(Waves([wave], 4).svg())
    assert str(2**200 + 1) in {element.text for element in picture.iter(f"{SVG}title")}


def test_what_a_file_is_called_says_what_it_is(tmp_path):
    waves = some()
    for name, start in (("w.svg", "<svg"), ("w.VCD", "$comment"), ("w.txt", " ")):
        assert waves.save(tmp_path / name).read_text(encoding="utf-8").startswith(start)
    with pytest.raises(CircuitError, match=r"waves are written as .svg, .vcd or .txt"):
        waves.save(tmp_path / "w.png")


def test_taking_signals_out():
    waves = some()
    assert waves.only(["cpu.count", "reset"]).names == ["cpu.count", "reset"]
    assert repr(waves.only(["reset"])) == "<Waves of reset: 24 steps from 0>"
    assert set(waves.asdict()) == set(waves.names)
    with pytest.raises(CircuitError, match="signal 'x' was not recorded; these were: reset"):
        waves["x"]
    assert "image/svg+xml" in waves._repr_mimebundle_()


def test_waves_join():
    whole = some(24)
    parts = [Waves([Wave(w.name, w.values[a:b], w.width) for w in whole], b - a, a) for a, b in ((0, 9), (9, 24))]
    joined = parts[0] + parts[1]
    assert joined.vcd() == whole.vcd()
    assert joined.text() == whole.text()
    with pytest.raises(CircuitError, match=r"do not go on from .*; record the same signals, from step 24"):
        parts[1] + parts[0]


def test_recording_a_network():
    net = Network("delay")
    q = net.state("q")
    net.feedback(q, net.input("x"))
    net.output("out", q)
    waves = record(net, {"x": [1, 0, 1]})
    assert waves.names == ["x", "out"]
    assert waves["out"].tolist() == [0, 1, 0]


def test_the_picture_in_the_documents_is_what_the_example_draws(tmp_path):
    from workbench.cli import main

    root = Path(__file__).parents[2]
    drawn = tmp_path / "ring.svg"
    place = "examples/cascade.py:ring"
    with contextlib.chdir(root):
        assert main(["run", place, "--steps", "16", "--input", "poke=0,1,0", "--svg", str(drawn)]) == 0
    assert drawn.read_text() == (root / "docs/gallery/ring-waves.svg").read_text()
