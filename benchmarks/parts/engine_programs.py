"""The simulators that are programs: ABC, and C++ that Verilator or Yosys makes of Verilog with wide nets.

Every net of the Verilog is `[width-1:0]`, so that one evaluation runs `width` patterns side by side. The C++ reads
the same stimuli as everybody, runs them over and over, and prints its times and a checksum of the outputs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

from parts.engine_peers import REPEATS, SECONDS

ABC_WORDS = 512  # of 32 patterns, for each frame

# What both programs share. `word` is 64 bits; `S` and `R` are stimuli (inputs, W) and results (outputs, W).
HARNESS = """
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <vector>
{include}
typedef uint64_t word;
static const int I = {inputs}, O = {outputs}, W = {words}, B = {width} / 64;
static std::vector<word> S((size_t)I * W), R((size_t)O * W);
static double cpu() {{ return clock() / (double)CLOCKS_PER_SEC; }}
static double now() {{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}}
int main(int, char **argv) {{
    FILE *file = fopen(argv[1], "rb");
    if (!file || fread(S.data(), 8, S.size(), file) != S.size()) return 1;
    fclose(file);
    {declare}
    auto run = [&]() {{
        for (int w = 0; w < W; w += B) {{
            {set}
            {evaluate}
            {get}
        }}
    }};
    run();
    for (int repeat = 0; repeat < {repeats}; repeat++) {{
        double began = cpu(), started = now();
        long calls = 0;
        do {{ run(); calls++; }} while (now() - started < {seconds});
        printf("%.9g %.9g\\n", (cpu() - began) / calls, (now() - started) / calls);
    }}
    word sum = 0;
    for (size_t i = 0; i < R.size(); i++) sum += R[i] * (2 * i + 1);
    printf("%llu\\n", (unsigned long long)sum);
}}
"""


class Absent(Exception):
    """Why a peer is not in the table as a figure."""


def need(program, package, *others):
    """The path of the first of these programs that is there."""
    for name in (program, *others):
        found = shutil.which(name)
        if found:
            return found
    raise Absent(f"{program} is not on the PATH; apt-get install {package}")


def call(command, folder, seconds):
    """Run a command in a folder; its output, or Absent with its last line."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise Absent(f"{Path(command[0]).name} given up after {seconds:.0f} s") from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "it ended without a word").splitlines()[-1]
        raise Absent(f"{Path(command[0]).name}: {last[:100]}")
    return done.stdout


def abc(folder, graph, seconds):
    """ABC's &sim: (version, seconds to load, [(seconds, seconds)] a call, patterns a call, None)."""
    program = need("berkeley-abc", "berkeley-abc", "abc")
    version = re.search(r"ABC \S+", call([program, "-q", "version"], folder, 60) or "")
    frames = max(4, int(4e10 / (32 * ABC_WORDS * max(1, len(graph.left)))))  # some half a second
    while True:  # its clock has hundredths of a second, so that short runs are made longer
        runs = f"&sim -F {frames} -W {ABC_WORDS} -T {int(seconds)}; time; " * REPEATS
        text = call([program, "-q", f"&r graph.aig; time; {runs}"], folder, seconds)
        ready, *took = (float(found) for found in re.findall(r"elapse: +([0-9.]+) seconds", text))
        if len(took) != REPEATS:
            raise Absent(f"{Path(program).name}: {text.strip().splitlines()[-1][:100]}")
        if min(took) >= 1.5 * SECONDS or frames >= 1 << 20:
            break
        frames *= 4
    return version[0] if version else "", ready, [(one, one) for one in took], frames * 32 * ABC_WORDS, None


def verilog(graph, width):
    """The ANDs as Verilog, every net `width` bits wide."""
    names = ["{W{1'b0}}", *(f"x{index}" for index in range(graph.inputs))]
    names += [f"n{index}" for index in range(len(graph.left))]

    def net(literal):
        return f"{'~' if literal & 1 else ''}{names[literal >> 1]}"

    ports = [f"input [{width - 1}:0] x{index}" for index in range(graph.inputs)]
    ports += [f"output [{width - 1}:0] y{index}" for index in range(len(graph.outputs))]
    lines = [f"module top ({', '.join(ports)});", f"  localparam W = {width};"]
    pairs = zip(graph.left.tolist(), graph.right.tolist(), strict=True)
    for index, (left, right) in enumerate(pairs):
        lines.append(f"  wire [{width - 1}:0] n{index} = {net(left)} & {net(right)};")
    lines += [f"  assign y{index} = {net(literal)};" for index, literal in enumerate(graph.outputs)]
    return "\n".join([*lines, "endmodule", ""])


def _harness(graph, words, width, include, declare, port, evaluate):
    count = width // 8
    sets = [f"memcpy(&{port.format(name=f'x{i}')}, &S[(size_t){i} * W + w], {count});" for i in range(graph.inputs)]
    gets = [
        f"memcpy(&R[(size_t){i} * W + w], &{port.format(name=f'y{i}')}, {count});" for i in range(len(graph.outputs))
    ]
    return HARNESS.format(
        include=include,
        inputs=graph.inputs,
        outputs=len(graph.outputs),
        words=words,
        width=width,
        declare=declare,
        set="\n            ".join(sets),
        evaluate=evaluate,
        get="\n            ".join(gets),
        repeats=REPEATS,
        seconds=SECONDS,
    )


def _run(program, folder, version, ready, patterns):
    *lines, digest = call([program, "stimuli.bin"], folder, 120).split("\n")[:-1]
    times = [tuple(map(float, line.split())) for line in lines]
    return version, ready, times, patterns, int(digest)


def verilator(folder, graph, words, width, seconds):
    """Verilator with packed nets; the time to build is told apart."""
    program = need("verilator", "verilator")
    need("g++", "g++")
    version = " ".join(call([program, "--version"], folder, 60).split()[:2])
    name = f"v{width}"
    (folder / f"{name}.v").write_text(verilog(graph, width))
    (folder / f"{name}.cpp").write_text(
        _harness(graph, words, width, '#include "Vtop.h"', "Vtop top;", "top.{name}", "top.eval();")
    )
    optimize = "-O3" if len(graph.left) < 10_000 else "-O1"  # beyond that -O3 takes longer and gives no more
    started = time.perf_counter()
    flags = ["--cc", "--exe", optimize, "-Wno-fatal", "--top-module", "top", "--Mdir", name]
    call([program, *flags, "-CFLAGS", "-O3 -march=native", f"{name}.v", f"{name}.cpp"], folder, seconds)
    left = max(1, seconds - (time.perf_counter() - started))
    call(["make", "-s", "-C", name, "-f", "Vtop.mk", "OPT_FAST=-O3 -march=native", "Vtop"], folder, left)
    ready = time.perf_counter() - started
    return _run(str(folder / name / "Vtop"), folder, version, ready, 64 * words)


def cxxrtl(folder, graph, words, width, seconds):
    """CXXRTL with packed nets; the time to build is told apart."""
    program = need("yosys", "yosys")
    need("g++", "g++")
    header = next((path for path in _headers(program) if (path / "backends/cxxrtl/cxxrtl.h").exists()), None)
    if header is None:
        raise Absent("Yosys is there without cxxrtl.h; apt-get install yosys-dev")
    version = " ".join(call([program, "-V"], folder, 60).split()[:2])
    name = f"c{width}"
    (folder / f"{name}.v").write_text(verilog(graph, width))
    (folder / f"{name}.cpp").write_text(
        _harness(
            graph,
            words,
            width,
            f'#include "{name}.cc"',
            "cxxrtl_design::p_top top;",
            "top.p_{name}.data[0]",
            "top.eval();",
        )
    )
    started = time.perf_counter()
    script = f"read_verilog {name}.v; write_cxxrtl -O6 -g0 -header {name}.cc"
    call([program, "-q", "-p", script], folder, seconds)
    left = max(1, seconds - (time.perf_counter() - started))
    call(["g++", "-O2", "-march=native", f"-I{header}", "-o", name, f"{name}.cpp"], folder, left)
    ready = time.perf_counter() - started
    return _run(str(folder / name), folder, version, ready, 64 * words)


def _headers(program):
    prefix = Path(program).resolve().parent.parent
    return prefix / "share/yosys/include", Path("/usr/share/yosys/include"), Path("/usr/include/yosys")
