"""A picture of the bit engine at work: samples as bits, and rows that are used again."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np

from circuits import ripple_carry_adder
from perceptron import compile
from perceptron.engines.bits import BitProgram, counting
from perceptron.files import write_whole

INK, PALE, INPUT, VALUE = "#1f2933", "#69757f", "#9db8e8", "#f3b183"


def picture() -> bytes:
    """The picture as SVG: the rows of a 3-bit adder for all 64 inputs, and what lives in each row over the passes."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    program = compile(ripple_carry_adder(3).network).bits
    assert program is not None
    figure = Figure(figsize=(9.2, 5.6), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    words, life = figure.subplots(2, 1, height_ratios=[1, 1.5])
    _draw_words(words, program)
    _draw_life(life, program)
    file = io.BytesIO()
    with rc_context({"svg.hashsalt": "rows"}):  # the same picture is the same file
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _draw_words(axes, program: BitProgram) -> None:  # type: ignore[no-untyped-def]
    """The input words and the output words, bit by bit."""
    from matplotlib.colors import ListedColormap

    _, inputs = next(counting(program.inputs))
    outputs = program.words(inputs)
    rows = np.concatenate([inputs[:, 0], outputs[:, 0]])
    bits = (rows[:, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)).astype(float)
    bits[program.inputs :] *= 2
    axes.imshow(bits, aspect="auto", cmap=ListedColormap(["#eef1f4", INPUT, VALUE]), vmin=0, vmax=2)
    names = [f"a[{i}]" for i in range(3)] + [f"b[{i}]" for i in range(3)] + [f"sum[{i}]" for i in range(4)]
    axes.set_yticks(range(len(names)), names, color=INK, fontsize=8)
    axes.set_xticks([0, 16, 32, 48, 63], ["sample 0", "16", "32", "48", "63"], color=PALE, fontsize=8)
    title = "One word a row: bit i belongs to sample i, here all 64 inputs of a 3-bit adder"
    axes.set_title(title, loc="left", fontsize=10)
    for place in np.arange(0.5, len(names) - 0.5):
        axes.axhline(place, color="white", linewidth=1.5)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_life(axes, program: BitProgram) -> None:  # type: ignore[no-untyped-def]
    """From which pass to which a value stays in a row; a dot where it is read for the last time."""
    steps = program.steps()
    end = len(steps)
    begun = dict.fromkeys(range(1, program.inputs + 1), -1)
    read = dict(begun)
    spans = []
    for at, (_, left, right, out) in enumerate(steps):
        read[left] = read[right] = at
        if out in begun:
            spans.append((out, begun[out], read.get(out, begun[out])))
        begun[out] = read[out] = at
    wanted = {row for row, _ in program.results()}
    spans.extend((row, start, end if row in wanted else read[row]) for row, start in begun.items())
    for row, start, stop in spans:
        colour = INPUT if start < 0 else VALUE
        axes.barh(row, stop - start, left=start + 0.5, height=0.62, color=colour, edgecolor="white", linewidth=0.8)
    axes.set_ylim(program.rows - 0.4, 0.4)
    axes.set_xlim(-0.6, end + 0.6)
    axes.set_yticks(range(1, program.rows), [f"row {row}" for row in range(1, program.rows)], fontsize=8, color=INK)
    axes.set_xlabel("pass (one operation over whole rows)", color=PALE, fontsize=9)
    values = end + program.inputs
    axes.set_title(
        f"A row is used again after its last reader: {values} values, {end} passes, {program.rows - 1} rows in use",
        loc="left",
        fontsize=10,
    )
    axes.tick_params(length=0, labelcolor=PALE)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color("#e3e7eb")


if __name__ == "__main__":
    write_whole(Path(sys.argv[1]), picture())
