"""chosen: one of several wires by the bits of an index, a tree of multiplexers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuits.language.arithmetic import choose

if TYPE_CHECKING:
    from circuits.language.bits import Wire
    from circuits.language.scope import Scope


def chosen(
    scope: Scope, index: Sequence[Wire | int], options: Sequence[Wire | int], part: str | None = None
) -> Wire | int:
    """The option whose number the bits of the index say, least significant first; further options are not read.

    At most 2**m - 1 units for an index of m bits: a tree of multiplexers.
    """
    part = part or scope.next_part("select")
    level = list(options[: 2 ** len(index)])
    for stage, bit in enumerate(index):
        level = [
            choose(scope, bit, level[at + 1], level[at], f"{part}.s{stage}.{at // 2}")
            if at + 1 < len(level)
            else level[at]
            for at in range(0, len(level), 2)
        ]
    return level[0]
