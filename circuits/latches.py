"""Latch and flip-flop of bare gates, fed back across each other: how a loop of gates remembers.

A gate in a loop takes time. Here each takes one step: its output is a state whose next value the gate computes. Such a
network is the chapter's recurrent kind, and it shows what a real latch shows: it needs some steps to settle, and an
input that changes too early or too briefly upsets it. Everywhere else in this package a register is a state by itself.
"""

from __future__ import annotations

from typing import Any

from circuits.definition import circuit
from circuits.gates import nand, nor
from circuits.language.states import state
from circuits.wires import Bit, Wire

__all__ = ["d_flip_flop", "set_reset_latch"]


@circuit
def set_reset_latch(set: Bit, reset: Bit) -> Any:
    """Two NORs, each reading the other's output: `q` is 1 after `set`, 0 after `reset`, and stays in between.

    2 units, 2 states, depth 1. `q` and `not_q` have settled 2 steps after `set` or `reset` became 1 while the other
    is 0, and the input has to stay for 2 steps. With both at 1 both outputs are 0; letting both go in the same step
    leaves the two gates undecided: they change together in every step, for ever.

    Examples
    --------
    >>> from circuits import run
    >>> run(set_reset_latch, {"set": [0, 1, 1, 0, 0, 0, 0, 0], "reset": [0, 0, 0, 0, 0, 1, 1, 0]})["q"]
    array([0, 0, 0, 1, 1, 1, 0, 0], dtype=uint8)
    """
    q, not_q = state(name="q"), state(name="not_q", initial=1)
    q.next = nor(reset, not_q)
    not_q.next = nor(set, q)
    return {"q": q, "not_q": not_q}


@circuit
def d_flip_flop(data: Bit, clock: Bit) -> Any:
    """Six NANDs that take `data` over where `clock` rises, and hold it until it rises again.

    6 units, 6 states, depth 1. The gates are three pairs, each a latch: two of them watch the clock, and the third
    keeps the bit. `data` has to be steady for 2 steps before the clock rises and 2 steps from then on, the clock 3
    steps at 1 and 3 at 0; `q` and `not_q` have settled 3 steps after the rise.

    Examples
    --------
    >>> from circuits import run
    >>> run(d_flip_flop, {"data": [1] * 6 + [0] * 12, "clock": [0, 0, 0, 1, 1, 1] * 3})["q"]
    array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=uint8)
    """
    names = ("low", "set", "reset", "high", "q", "not_q")
    low, set_, reset, high, q, not_q = gates = [
        state(name=name, initial=start) for name, start in zip(names, (0, 1, 1, 1, 0, 1), strict=True)
    ]
    wired: list[list[Wire]] = [
        [high, set_],
        [low, clock],
        [set_, clock, high],
        [reset, data],
        [set_, not_q],
        [reset, q],
    ]
    for gate, read in zip(gates, wired, strict=True):
        gate.next = nand(*read)
    return {"q": q, "not_q": not_q}
