"""The catalogue of the library: every part by what it is for. `python -m circuits.library` prints docs/library.md."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from circuits import (
    adders,
    alu,
    codes,
    compare,
    counters,
    counting,
    division,
    fast_adders,
    gates,
    latches,
    multiplexers,
    multipliers,
    rams,
    sequential,
    shift,
    shift_registers,
    sorting,
    subtract,
)
from circuits.costs import WIDTHS, Cost, stated_costs
from circuits.definition import Circuit
from perceptron.names import depth

Part = Circuit | Callable[..., Circuit]

CATALOGUE: Mapping[str, tuple[Part, ...]] = {
    "Adding": (
        adders.half_adder,
        adders.full_adder,
        adders.threshold_half_adder,
        adders.threshold_full_adder,
        adders.ripple_carry_adder,
        adders.threshold_ripple_carry_adder,
        fast_adders.carry_select_adder,
        fast_adders.carry_lookahead_adder,
        fast_adders.kogge_stone_adder,
        fast_adders.brent_kung_adder,
        fast_adders.depth_two_adder,
        fast_adders.carry_save_adder,
        fast_adders.multi_operand_adder,
    ),
    "Subtracting": (subtract.subtractor, subtract.negator, subtract.absolute),
    "Comparing": (
        compare.less,
        compare.chain_less,
        compare.equal,
        compare.threshold_equal,
        compare.comparator,
        compare.minimum,
        compare.maximum,
    ),
    "Multiplying": (
        multipliers.array_multiplier,
        multipliers.wallace_multiplier,
        multipliers.dadda_multiplier,
        multipliers.booth_multiplier,
        multipliers.threshold_multiplier,
        multipliers.squarer,
    ),
    "Dividing": (division.divider, division.square_root),
    "Shifting": (shift.left_shifter, shift.right_shifter, shift.left_rotator, shift.right_rotator),
    "Choosing": (
        multiplexers.decoder,
        multiplexers.demultiplexer,
        multiplexers.multiplexer,
        multiplexers.word_multiplexer,
        multiplexers.encoder,
        multiplexers.priority_encoder,
    ),
    "Counting": (
        counting.parity_chain,
        counting.parity_tree,
        counting.threshold_parity,
        counting.skipping_parity,
        counting.popcount,
        counting.threshold_popcount,
        counting.compact_popcount,
        counting.majority_vote,
        counting.leading_zeros,
    ),
    "Sorting": (sorting.sorting_network, sorting.threshold_sorter, sorting.word_sorting_network),
    "Codes": (codes.gray_encoder, codes.gray_decoder, codes.bcd_encoder, codes.seven_segments),
    "Arithmetic logic units": (alu.hack_alu, alu.general_alu),
}

# What has no cost that grows with a width, or remembers: in no table of docs/library.md, but in every list of circuits.
GATES: tuple[gates.Gate, ...] = (
    gates.nand,
    gates.not_,
    gates.and_,
    gates.or_,
    gates.nor,
    gates.xor,
    gates.xnor,
    gates.majority,
    gates.mux,
)
OVER_TIME: tuple[Part, ...] = (
    counters.counter,
    counters.modulo_counter,
    counters.up_down_counter,
    counters.ring_counter,
    counters.johnson_counter,
    shift_registers.shift_register,
    shift_registers.lfsr,
    sequential.accumulator,
    sequential.edge_detector,
    sequential.debouncer,
    latches.set_reset_latch,
    latches.d_flip_flop,
    rams.ram,
    rams.rom,
    rams.ram_of_gates,
    rams.rom_of_gates,
)

OF_ADDRESS_BITS: tuple[Part, ...] = (
    multiplexers.decoder,
    multiplexers.demultiplexer,
    multiplexers.multiplexer,
    multiplexers.encoder,
)

_INTRODUCTION = """\
# The library of circuits

Every part is a function of a width that gives a circuit: `kogge_stone_adder(32)`. The same arguments give the same
circuit. It answers for numbers and arrays, stands in other circuits, and is drawn and saved like any other.

```python
>>> from circuits import Word, booth_multiplier, circuit, divider, minimum
>>> divider(8)(200, 7)
Results(quotient=28, remainder=4)
>>> booth_multiplier(8)(-100, [1, -1, 127])
array([  -100,    100, -12700])
>>> @circuit
... def smallest(a: Word[8], b: Word[8], c: Word[8]):
...     return minimum(8)(minimum(8)(a, b), c)
>>> smallest(30, 10, 20), smallest.statistics()["units"]
(10, 18)

```

Words are unsigned. Where a part has `signed=True` its words are `Signed`, in two's complement.

**What the parts are made of.** All units are perceptrons, but for the exclusive or and the multiplexer, which no
single perceptron is; those are table units. A full adder is two perceptrons, a step of a carry one. (`half_adder`,
`full_adder` and `ripple_carry_adder` are the chapter's, in NAND gates only; `to_nand` turns any of the others into
NANDs.) Where a part compares, decodes or looks for the highest bit, it is one perceptron that reads whole words, with
weights 2**i.

**What they cost.** `n` is the width, or for the decoder, demultiplexer, multiplexer and encoder the bits of the
address. `lg(n)` is log2(n) rounded up, and `ones(n)` the number of ones of n in binary. A cost that no formula suits
is given at 8, 16 and 32. The last three columns are units / depth, as measured. Everything here is without options;
the docstring of a part says what options cost. A test compares every number and formula with the circuits.
"""


@dataclass(frozen=True)
class Entry:
    """A circuit that comes with the package.

    Attributes
    ----------
    name : str
        What `circuits` calls it.
    call : str
        How it is written: the name, with what a function must be given, such as `ripple_carry_adder(width)`.
    what : str
        What it is, in one line.
    """

    name: str
    call: str
    what: str


def entries() -> dict[str, list[Entry]]:
    """Every circuit that comes with the package, by what it is for: gates, the catalogue, and what remembers.

    Examples
    --------
    >>> entries()["Subtracting"][1].call
    'negator(width)'
    """
    groups: dict[str, tuple[Part | gates.Gate, ...]] = {"Gates": GATES, **CATALOGUE, "Over time": OVER_TIME}
    return {
        heading: [Entry(_name(part), _call(part), _what(part)) for part in parts] for heading, parts in groups.items()
    }


def document() -> str:
    """The text of docs/library.md."""
    lines = [_INTRODUCTION]
    for heading, parts in CATALOGUE.items():
        lines += [f"## {heading}\n", f"| part | what it is | units | depth | {' | '.join(map(str, WIDTHS))} |"]
        lines += ["|---|---|---|---|---|---|---|", *map(_row, parts), ""]
    return "\n".join(lines).rstrip() + "\n"


def _row(part: Part) -> str:
    cost = stated_costs(part)[""]
    return f"| `{_name(part)}` | {_what(part)} | {cost.units} | {cost.depth} | {' | '.join(_measured(part, cost))} |"


def _name(part: Part | gates.Gate) -> str:
    return part.name if isinstance(part, Circuit | gates.Gate) else part.__name__


def _call(part: Part | gates.Gate) -> str:
    if isinstance(part, Circuit | gates.Gate):
        return _name(part)
    needed = [one.name for one in inspect.signature(part).parameters.values() if one.default is one.empty]
    return f"{_name(part)}({', '.join(needed)})"


def _what(part: Part | gates.Gate) -> str:
    first = (part.__doc__ or "").strip().splitlines()[0]
    first = first if first.endswith("...") else first.rstrip(".")
    return first.split(". Cost:")[0].split(". One ")[0]


def _measured(part: Part, cost: Cost) -> list[str]:
    if isinstance(part, Circuit):
        return [_found(part), "", ""]
    return [_found(part(n)) if n == WIDTHS[0] or part not in OF_ADDRESS_BITS else "" for n in WIDTHS]


def _found(part: Circuit) -> str:
    return f"{len(part.network.units)} / {depth(part.network)}"


if __name__ == "__main__":
    print(document(), end="")
