"""Timing diagrams for the terminal: levels in two lines, words as values between crossings, a step a few columns."""

from __future__ import annotations

from collections.abc import Sequence

from circuits.time.wave import Wave
from perceptron.columns import cut, left, wide

# high, low, rising (above, below), falling (above, below), change of a word
_UNICODE = ("─", "─", "┌┘", "┐└", "╳")
_ASCII = ("_", "_", " /", " \\", "X")
_LONGEST = 32  # columns of a name


def diagram(
    waves: Sequence[Wave], start: int, stop: int, *, first: int, base: str, ascii: bool, axis: bool, width: int
) -> str:
    """The waves from step `start` to before `stop` as lines of text, wrapped into blocks of at most `width` columns.

    Parameters
    ----------
    waves : sequence of Wave
    start, stop : int
    first : int
        The time of the waves' first step.
    base : str
        How words are written (see `Wave.text`).
    ascii : bool
        Whether to use no other characters.
    axis : bool
        Whether to put a line with the times of the steps on top.
    width : int
    """
    names = [_short(wave.name, ascii=ascii) for wave in waves]
    margin = max(map(wide, names), default=0) + 1
    last = str(first + max(start, stop - 1))
    cell = max(4, len(last) + 1 if len(last) > 3 else 0, *(_widest(wave, start, stop, base) for wave in waves))
    steps = max(1, (width - margin - 1) // cell)
    blocks = []
    for begin in range(start, stop, steps):
        end = min(begin + steps, stop)
        lines = [" " * margin + _axis(begin, end, first, cell)] if axis else []
        for name, wave in zip(names, waves, strict=True):
            above, below = (
                _level(wave, begin, end, cell, ascii) if wave.is_bit else _word(wave, begin, end, cell, base, ascii)
            )
            if above:
                lines.append(" " * margin + above)
            lines.append(left(name, margin) + below)
        blocks.append("\n".join(line.rstrip() for line in lines))
    return "\n\n".join(blocks)


def _short(name: str, *, ascii: bool) -> str:
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    if ascii:
        printable = printable.encode("ascii", "replace").decode()
    return cut(printable, _LONGEST, "...")


def _widest(wave: Wave, start: int, stop: int, base: str) -> int:
    """The columns that a step needs for the values of a wave that stand between two crossings."""
    if wave.is_bit:
        return 0
    return max((-(-(len(wave.text(value, base)) + 3) // (b - a)) for a, b, value in wave.spans(start, stop)), default=0)


def _axis(begin: int, end: int, first: int, cell: int) -> str:
    """The time at every step, or every fifth or tenth where that is too much."""
    line = ""
    every = 1 if end - begin <= 10 or cell > 6 else 5
    for step in range(begin, end):
        if (first + step) % every == 0:
            line = line.ljust((step - begin) * cell) + str(first + step)
    return line


def _level(wave: Wave, begin: int, end: int, cell: int, ascii: bool) -> tuple[str, str]:
    high, low, rising, falling, _ = _ASCII if ascii else _UNICODE
    above = below = ""
    values = wave.values[begin:end].tolist()
    before = wave.values[begin - 1] if begin else values[0]
    for value in values:
        on = value == 1
        edge = (high if on else " ", " " if on else low) if value == before else rising if on else falling
        before = value
        above += edge[0] + (high if on else " ") * (cell - 1)
        below += edge[1] + (" " if on else low) * (cell - 1)
    return above, below


def _word(wave: Wave, begin: int, end: int, cell: int, base: str, ascii: bool) -> tuple[str, str]:
    cross = (_ASCII if ascii else _UNICODE)[4]
    line = ""
    for a, b, value in wave.spans(begin, end):
        goes_on = a == begin and a > 0 and wave.values[a - 1] == value
        line += ((" " if goes_on else cross) + " " + wave.text(value, base)).ljust(cell * (b - a))[: cell * (b - a)]
    return "", line
