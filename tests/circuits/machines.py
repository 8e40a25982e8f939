"""What the tests of the netlist formats share: machines with states, and whether two are the same."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st
from strategies import networks

from perceptron import Network, simulate


def circuits_folder():
    folder = os.environ.get("PERCEPTRON_DATA")
    if folder is None or not (Path(folder).parent / "circuits").is_dir():
        pytest.skip("PERCEPTRON_DATA names no folder beside the circuits")
    return Path(folder).parent / "circuits"


@st.composite
def machines(draw, **options):
    """A network some of whose inputs became states."""
    net = draw(networks(**options))
    states = set(draw(st.lists(st.sampled_from(net.inputs), unique=True))) if net.inputs else set()
    new = Network("machine")
    for name in net.inputs:
        if name in states:
            new.state(name, draw(st.sampled_from([0, 1, None])))
        else:
            new.input(name)
    for node in net.units:
        new.add(net.unit(node), net.fanin(node), name=node)
    for name, node in net.outputs.items():
        new.output(name, node)
    for name in new.states:
        new.feedback(name, draw(st.sampled_from(list(new.graph))))
    return new


def same(net, back):
    """Names, order, initial values and what both do over 8 steps of 64 random samples."""
    assert back.inputs == net.inputs
    assert list(back.outputs) == list(net.outputs)
    initial = [(name, state.initial) for name, state in net.states.items()]
    assert [(name, state.initial) for name, state in back.states.items()] == initial
    shape = (8, 64, len(net.inputs)) if net.states else (64, len(net.inputs))
    samples = np.random.default_rng(0).integers(0, 2, shape)
    assert np.array_equal(simulate(back, samples), simulate(net, samples))


def numbers(net, samples):
    """The outputs of a combinational network as numbers by the vector that they are bits of."""
    result = []
    for row in simulate(net, samples):
        values: dict[str, int] = {}
        for name, bit in zip(net.outputs, row, strict=True):
            base, _, place = name.partition("[")
            values[base] = values.get(base, 0) | int(bit) << int(place[:-1] or 0)
        result.append(values)
    return result


def module(body, ports="input [3:0] a, b, input c, output [7:0] y"):
    return f"module m ({ports});\n{body}\nendmodule\n"


def icarus(folder, text, name, inputs, outputs, stimuli, clock=None):
    """What Icarus Verilog says for rows of numbers by input vector; a row of strings of bits for each."""
    if shutil.which("iverilog") is None:
        pytest.skip("iverilog is not installed")
    lines = ["module testbench;"]
    lines += [f"reg [{width - 1}:0] i{place};" for place, (_, width) in enumerate(inputs)]
    lines += [f"wire [{width - 1}:0] o{place};" for place, (_, width) in enumerate(outputs)]
    pins = [f".{pin}(i{place})" for place, (pin, _) in enumerate(inputs)]
    pins += [f".{pin}(o{place})" for place, (pin, _) in enumerate(outputs)]
    if clock is not None:
        lines.append("reg c = 0;")
        pins.append(f".{clock}(c)")
    shown = ", ".join(f"o{place}" for place in range(len(outputs)))
    lines += [f"{name} dut ({', '.join(pins)});", "initial begin"]
    for row in stimuli:
        lines += [f"i{place} = {width}'d{row[place]};" for place, (_, width) in enumerate(inputs)]
        lines.append(f'#1 $display("{" ".join(["%b"] * len(outputs))}", {shown});')
        if clock is not None:
            lines.append("c = 1; #1 c = 0;")
    lines.append("end endmodule")
    (folder / "dut.v").write_text(text)
    (folder / "testbench.v").write_text("\n".join(lines))
    subprocess.run(["iverilog", "-g2001", "-o", "dut", "dut.v", "testbench.v"], cwd=folder, check=True)
    done = subprocess.run(["vvp", "dut"], cwd=folder, check=True, capture_output=True, text=True)
    return [line.split() for line in done.stdout.splitlines()]
