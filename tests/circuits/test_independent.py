"""Every published file is simulated by programs that are not ours, and every engine has to agree with them.

Reader and engines are checked at once, since the other side reads the file by itself:

    .bench .blif .aig .pla     Berkeley ABC reads it and writes Verilog, which Icarus Verilog runs
    .v                         Icarus Verilog runs the file itself
    .aag                       a few lines here write Verilog, gate by gate, which Icarus Verilog runs

A circuit with states is run through time from its initial values, unknown ones at 0, as everywhere here: ABC's command
`zero` says so, and flip-flops in Verilog are given a value at the start.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from circuits.formats import FORMATS, read
from perceptron import Tape, compile, initial_state, simulate, step
from perceptron.engines.bits import load_kernels

KINDS = ("iscas85", "iscas89", "epfl", "thor", "aiger", "blif")
SUFFIXES = (".bench", ".blif", ".aig", ".pla", ".v", ".aag")

# Files that are no circuit, or that the other side cannot read, and why.
LEFT_OUT = {
    "lorina_bad_blif_return_code.blif": "made to be broken",
    "lorina_bench_01.bench": "made to be broken",
    "lorina_pla_02.pla": "an exclusive sum, which ABC takes for a sum",
    "mockturtle_verilog_reader_07.v": "cells `crossing` without a body, which Icarus leaves open",
    "mockturtle_write_verilog_12.v": "cells `crossing` without a body, which Icarus leaves open",
    "lorina_verilog_08.v": "a module without a body: nobody knows what it does",
    "mockturtle_verilog_reader_05.v": "a module without a body: nobody knows what it does",
    "mockturtle_write_verilog_08.v": "a module without a body: nobody knows what it does",
    "mockturtle_write_verilog_10.v": "a module without a body: nobody knows what it does",
}

FLAGS = re.MULTILINE | re.DOTALL
REALS_UNITS = 40_000  # matrices are slow on deep circuits
EVALUATE_UNITS = 1000


def files():
    folder = os.environ.get("PERCEPTRON_DATA")
    root = Path(folder).parent / "circuits" if folder else None
    if root is None or not root.is_dir():
        reason = "PERCEPTRON_DATA names no folder beside the circuits"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    paths = [path for kind in KINDS for path in sorted((root / kind).rglob("*")) if path.suffix in SUFFIXES]
    assert all(FORMATS[path.suffix].reads for path in paths)
    marks = {name: pytest.mark.skip(reason=reason) for name, reason in LEFT_OUT.items()}
    return [pytest.param(path, id=str(path.relative_to(root)), marks=marks.get(path.name, ())) for path in paths]


def needs(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


# --- the other side


def by_abc(path, folder, tape):
    """The file as ABC reads it, as Verilog: text, module, and the pins in order, and the clock."""
    needs("berkeley-abc")
    copy = folder / f"dut{path.suffix}"  # ABC names the module after the file
    data = path.read_bytes()
    if path.suffix == ".blif":  # names that mean something in ABC's Verilog, and that it does not mask
        data = re.sub(rb"(?<![\w.])(clock|output)\b", rb"pin_\1", data)
    if path.suffix == ".bench":  # a second name for a signal, which ABC wants as a gate
        data = re.sub(rb"^(\S+) = (\w+)$", rb"\1 = BUFF(\2)", data, flags=re.MULTILINE)
    copy.write_bytes(data)
    script = f"read {copy.name}; strash; zero; write_verilog dut.v"
    done = subprocess.run(["berkeley-abc", "-q", script], cwd=folder, capture_output=True, text=True)
    if not (folder / "dut.v").is_file():
        pytest.skip(f"ABC cannot read it: {' '.join(done.stdout.split()[:12])}")
    text = (folder / "dut.v").read_text()
    head = re.search(r"^module\s+(\\\S+\s|[\w$]+)\s*\((.*?)\);\n", text, FLAGS)
    pins = re.findall(r"\\\S+\s|[^\s,]+", head[2])
    registers = re.search(r"always @", text) is not None
    assert not registers or pins.pop(0) == "clock"
    if "clock" not in tape.inputs and "pin_clock" in pins:
        pins.remove("pin_clock")  # the clock of its latches, which is no input of ours
    return text, head[1], pins, "clock" if registers else None


FLIP_FLOP = """
module dff (CK, Q, D);
  input CK, D; output Q; reg Q = 0;
  always @ (posedge CK) Q <= D;
endmodule
"""
WITHOUT_CLOCK = """
module dff (Q, D);
  input D; output Q; reg Q = 0;
  always @ (posedge testbench.c) Q <= D;
endmodule
"""


def by_itself(path, tape):
    """A published Verilog file; its flip-flops, where it has any, begin at 0.

    Some writers leave out the blank that ends a name with a backslash, and the bodies of buffers and inverters.
    """
    text = re.sub(r"(\\[^\s,;()]+)", r"\1 ", path.read_text())
    text, defined = re.subn(r"^module dff\b.*?^endmodule", FLIP_FLOP, text, flags=FLAGS)
    if tape.states and not defined:
        text += WITHOUT_CLOCK
    for cell, invert in (("buffer", ""), ("inverter", "~")):
        text = re.sub(rf"^(module {cell}\b.*?)^(?=endmodule)", rf"\1assign o = {invert}i;\n", text, flags=FLAGS)
    module = [name for name in re.findall(r"^module\s+(\S+?)\s*\(", text, re.MULTILINE) if name != "dff"][-1]
    return text, f"{module} ", [*tape.inputs, *tape.outputs], "CK" if defined else None


def by_hand(path):
    """An ASCII AIGER file as Verilog, with its literals as names; see FORMAT, which comes with the files."""
    lines = path.read_text().splitlines()
    _, *numbers = lines[0].split()
    _, i, latches, o, a, *more = [int(number) for number in numbers]
    properties = sum(more[:2])  # bad states and constraints; no file in ASCII has more
    at = iter(lines[1:])
    inputs = [next(at) for _ in range(i)]
    registers = [next(at).split() for _ in range(latches)]
    outputs = [next(at) for _ in range(o + properties)]
    gates = [next(at).split() for _ in range(a)]

    def literal(text):
        number = int(text)
        return f"1'b{number}" if number < 2 else "~" * (number & 1) + f"n{number >> 1}"

    body = [f"assign n{int(left) >> 1} = {literal(x)} & {literal(y)};" for left, x, y in gates]
    for now, following, *reset in registers:
        assert reset in ([], ["0"], ["1"])
        body.append(f"reg n{int(now) >> 1} = {(reset or [0])[0]};")
        body.append(f"always @ (posedge clock) n{int(now) >> 1} <= {literal(following)};")
    body += [f"assign o{place} = {literal(text)};" for place, text in enumerate(outputs)]
    pins = [literal(text) for text in inputs] + [f"o{place}" for place in range(len(outputs))]
    heads = [*(f"input {literal(text)}" for text in inputs), *(f"output o{place}" for place in range(len(outputs)))]
    declared = "\n".join(f"wire n{int(left) >> 1};" for left, _, _ in gates)
    clock = ["input clock"] if registers else []
    text = f"module dut ({', '.join([*clock, *heads])});\n{declared}\n" + "\n".join(body) + "\nendmodule\n"
    return text, "dut ", pins, "clock" if registers else None


def by_icarus(folder, text, module, pins, clock, samples, outputs):
    """The outputs (rows, outputs) for rows of inputs, a step of time each."""
    needs("iverilog")
    rows, inputs = samples.shape
    wires = [*(f"i[{place}]" for place in range(inputs)), *(f"o[{place}]" for place in range(outputs))]
    ports = [f".{pin if pin[0] == chr(92) else chr(92) + pin} ({wire})" for pin, wire in zip(pins, wires, strict=True)]
    clocked = [f".{clock}(c)"] if clock else []
    bench = f"""
module testbench;
  reg c = 0;
  reg [{max(1, inputs) - 1}:0] i, stimuli [0:{rows - 1}];
  wire [{outputs - 1}:0] o;
  integer row;
  {module} dut ({", ".join([*clocked, *ports])});
  initial begin
    $readmemb("stimuli.txt", stimuli);
    for (row = 0; row < {rows}; row = row + 1) begin
      i = stimuli[row];
      #1 $display("%b", o);
      c = 1; #1 c = 0;
    end
  end
endmodule
"""
    (folder / "dut.v").write_text(text)
    (folder / "testbench.v").write_text(bench)
    lines = ["".join(map(str, row[::-1])) or "0" for row in samples.tolist()]
    (folder / "stimuli.txt").write_text("\n".join(lines) + "\n")
    command = ["iverilog", "-g2001", "-s", "testbench", "-o", "dut.vvp", "dut.v", "testbench.v"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    done = subprocess.run(["vvp", "dut.vvp"], cwd=folder, check=True, capture_output=True, text=True)
    found = [line[::-1] for line in done.stdout.split()]
    assert set("".join(found)) <= {"0", "1"}, "an output is unknown or open"
    return np.array([[int(bit) for bit in line] for line in found], dtype=np.uint8)


# --- our side


def by_engines(tape, samples):
    """Name -> outputs (rows, outputs) of each engine, of the first rows where it is slow."""
    if tape.states:
        samples = samples[:, None, :]

    def flat(values):
        return values[:, 0, :] if tape.states else values

    program = compile(tape)
    load_kernels()
    found = {"bits": flat(program.run(samples))}
    with mock.patch("perceptron.engines.bits.has_numba", return_value=False):
        found["bits, NumPy"] = flat(program.run(samples))
    if not tape.states:
        found["one sample at a time"] = np.vstack(
            [program.run(samples[at : at + 1]) for at in range(min(9, len(samples)))]
        )
    if len(tape) <= REALS_UNITS:
        found["reals"] = flat(simulate(compile(tape, engine="reals"), samples))
    return found


def by_definition(tape, samples):
    net = tape.to_network()
    state = initial_state(net)
    rows = []
    for sample in samples.tolist():
        outputs, following = step(net, sample, state)
        rows.append(list(outputs.values()))
        state = following if net.states else state
    return np.array(rows)


@pytest.mark.slow
@pytest.mark.parametrize("path", files())
def test_every_engine_agrees_with_an_independent_simulator(path, tmp_path):
    tape = read(path, into=Tape())
    if not tape.outputs:
        pytest.skip("it puts nothing out")
    rows = 3 if len(tape) > 100_000 else 130  # more than two words of 64; hyp takes Icarus seconds a row
    samples = np.random.default_rng(0).integers(0, 2, size=(rows, len(tape.inputs)), dtype=np.uint8)
    if path.suffix == ".v":
        other = by_itself(path, tape)
    else:
        other = by_hand(path) if path.suffix == ".aag" else by_abc(path, tmp_path, tape)
    expected = by_icarus(tmp_path, *other, samples, len(tape.outputs))
    if path.suffix == ".aig":  # ABC keeps constraints complemented
        expected ^= np.array([name.startswith("constraint:") for name in tape.outputs], dtype=np.uint8)

    for engine, found in by_engines(tape, samples).items():
        assert np.array_equal(found, expected[: len(found)]), engine
    if len(tape) <= EVALUATE_UNITS:
        assert np.array_equal(by_definition(tape, samples[:20]), expected[:20])
