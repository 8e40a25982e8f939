"""PyRTL on one circuit over time: what `steps.py` runs in the Python that has it.

    python steps_peers.py compiled|fast NETLIST.json

One line of JSON comes back. Nothing of ours is imported here.
"""

from __future__ import annotations

import importlib.metadata
import json
import statistics
import sys
import time
from pathlib import Path

import pyrtl

SECONDS, REPEATS = 0.5, 5


def build(told):
    """The netlist in PyRTL: registers, NANDs one by one, memory blocks that read at once."""
    pyrtl.reset_working_block()
    wire, registers, memories = {}, {}, []
    driven = {pin for memory in told["memories"] for pin in memory["pins"]["out"]}
    for name in told["given"]:
        wire[name] = pyrtl.WireVector(1) if name in driven else pyrtl.Input(1, name)
    for at, (name, _, initial) in enumerate(told["states"]):
        wire[name] = registers[name] = pyrtl.Register(1, f"state{at}", reset_value=initial)
    for name, sources, value in told["gates"]:
        if not sources:
            wire[name] = pyrtl.Const(int(value), 1)
        else:
            a, b = (wire[source] for source in (sources * 2)[:2])
            wire[name] = a.nand(b)
    for name, following, _ in told["states"]:
        registers[name].next <<= wire[following]
    for memory in told["memories"]:
        pins, outputs = memory["pins"], told["outputs"]
        block = pyrtl.MemBlock(
            bitwidth=memory["width"], addrwidth=memory["address_bits"], name=memory["name"], asynchronous=True
        )
        address = pyrtl.concat_list([wire[outputs[pin]] for pin in pins["address"]])
        read = block[address]
        for bit, pin in enumerate(pins["out"]):
            wire[pin] <<= read[bit]
        if pins["load"]:
            data = pyrtl.concat_list([wire[outputs[pin]] for pin in pins["data"]])
            block[address] <<= pyrtl.MemBlock.EnabledWrite(data, enable=wire[outputs[pins["load"][0]]])
        memories.append((memory, block))
    for at, register in enumerate(registers.values()):
        shown = pyrtl.Output(1, f"shown{at}")
        shown <<= register
    return list(registers), memories


def main():
    """Build, run, check, measure."""
    kind, path = sys.argv[1:]
    told = json.loads(Path(path).read_text())
    started = time.perf_counter()
    registers, memories = build(told)
    contents = {block: dict(enumerate(memory["contents"])) for memory, block in memories}
    watched = [pyrtl.working_block().wirevector_by_name[f"shown{at}"] for at in range(len(registers))]
    made = {"compiled": pyrtl.CompiledSimulation, "fast": pyrtl.FastSimulation}[kind]
    inputs = told["inputs"]

    def simulation(wires):
        return made(memory_value_map=contents, tracer=pyrtl.SimulationTrace(wires))

    def run(sim, steps):
        if kind == "compiled":
            sim.run([inputs] * steps)
        else:
            for _ in range(steps):
                sim.step(inputs)

    sim = simulation(watched)
    ready = time.perf_counter() - started
    run(sim, told["steps"])
    words = []
    for memory, block in memories:
        if memory["pins"]["load"]:
            found = sim.inspect_mem(block)
            words.append([found.get(at, 0) for at in range(2 ** memory["address_bits"])])
    run(sim, 1)  # the trace has what the registers held within a step
    states = {}
    for at, name in enumerate(registers):
        word, _, place = name.partition("[")
        states[word] = states.get(word, 0) + (int(sim.tracer.trace[f"shown{at}"][-1]) << int(place.rstrip("]") or 0))
    rates = []
    steps = 20_000 if kind == "compiled" else 200
    sim = simulation(watched[:1])
    for _ in range(REPEATS):
        done, cpu, clock = 0, time.process_time(), time.perf_counter()
        while done == 0 or time.perf_counter() - clock < SECONDS:
            run(sim, steps)
            done += steps
        rates.append((done / (time.process_time() - cpu), done / (time.perf_counter() - clock)))
    print(
        json.dumps(
            {
                "version": importlib.metadata.version("pyrtl"),
                "ready": ready,
                "rates": [statistics.median(column) for column in zip(*rates, strict=True)],
                "states": list(states.values()),
                "memories": words,
            }
        )
    )


if __name__ == "__main__":
    main()
