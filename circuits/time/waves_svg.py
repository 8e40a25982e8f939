"""Timing diagrams as SVG: bits as levels, words as hexagons with their values, times along the top."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from circuits.time.wave import Wave
from perceptron.columns import cut, wide
from perceptron.draw import style

ROW = 30  # pixels a signal
TALL = 18  # pixels from low to high
SLANT = 3  # pixels that a change takes
TOP = 24  # pixels for the times
GAP = 18  # pixels between wrapped parts
LETTER = 0.58 * style.SIZE  # the width of a column of names
DIGIT = 0.6 * (style.SIZE - 1)  # and of values, which are written in equal widths
STEP = (22, 190)  # the least and the greatest width of a step
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"
CLOCK = "clock"


def svg(
    waves: Sequence[Wave],
    start: int,
    stop: int,
    *,
    first: int,
    base: str,
    clock: bool,
    width: int,
    title: str,
) -> str:
    """The waves from step `start` to before `stop` as an SVG picture, wrapped to about `width` pixels.

    Parameters
    ----------
    waves : sequence of Wave
        Of one sample.
    start, stop : int
    first : int
        The time of the waves' first step.
    base : str
        How words are written (see `Wave.text`).
    clock : bool
        Whether a row with the clock stands on top.
    width : int
    title : str
        What a reader of the screen is told.
    """
    names = [*([CLOCK] if clock else []), *(_short(wave.name) for wave in waves)]
    margin = round(max(map(wide, names), default=0) * LETTER) + 22
    step = _step_width(waves, start, stop, base)
    count = max(1, min(stop - start, int((width - margin - 12) // step)))
    height = TOP + ROW * len(names)
    parts, y = [], 4.0
    for begin in range(start, max(stop, start + 1), count):
        end = min(begin + count, stop)
        parts.append(_panel(waves, names, begin, end, first, base, clock, margin, step, y))
        y += height + GAP
    breadth, high = round(margin + count * step + 12), round(y - GAP + 8)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{breadth}" height="{high}" viewBox="0 0 {breadth} {high}" '
            f'role="img" aria-label="{escape(_printable(title))}" font-family="{style.FONT}, Arial, sans-serif" '
            f'font-size="{style.SIZE}" fill="{style.INK}">',
            f"<title>{escape(_printable(title))}</title>",
            f'<rect width="{breadth}" height="{high}" fill="{style.PAPER}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _short(name: str) -> str:
    return cut(_printable(name), style.LONGEST, "…")


def _step_width(waves: Sequence[Wave], start: int, stop: int, base: str) -> float:
    """Wide enough for every value where it stands, as far as that goes."""
    need = float(STEP[0])
    for wave in waves:
        if not wave.is_bit:
            for begin, end, value in wave.spans(start, stop):
                need = max(need, (len(wave.text(value, base)) * DIGIT + 3 * SLANT + 4) / (end - begin))
    return min(need, STEP[1])


def _panel(
    waves: Sequence[Wave],
    names: Sequence[str],
    begin: int,
    end: int,
    first: int,
    base: str,
    clock: bool,
    margin: float,
    step: float,
    y: float,
) -> str:
    """One part of the picture: times, lines at the steps, names, waves."""
    bottom = y + TOP + ROW * len(names)
    lines = []
    every = next(
        n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if n * step >= len(str(first + end)) * DIGIT + 8 or n == 1000
    )
    grid, times = [], []
    for at in range(begin, end + 1):
        x = _round(margin + (at - begin) * step)
        grid.append(f"M{x} {_round(y + TOP - 4)}V{_round(bottom)}")
        if at < end and (first + at) % every == 0:
            times.append(f'<text x="{x}" y="{_round(y + 12)}">{first + at}</text>')
    lines.append(f'<path d="{"".join(grid)}" stroke="#e9ecef" stroke-width="1" fill="none"/>')
    lines.append(f'<g font-size="{style.SMALL}" fill="{style.SOFT}" text-anchor="middle">{"".join(times)}</g>')
    rows: list[Wave | None] = [*([None] if clock else []), *waves]
    for row, (name, wave) in enumerate(zip(names, rows, strict=True)):
        low = y + TOP + ROW * row + (ROW + TALL) / 2
        color = style.SOFT if wave is None else style.INK
        label = f'<text x="{_round(margin - 12)}" y="{_round(low - TALL / 2 + 4.5)}" text-anchor="end" fill="{color}">'
        full = "" if wave is None or wave.name == name else f"<title>{escape(_printable(wave.name))}</title>"
        lines.append(f"{label}{escape(name)}{full}</text>")
        if wave is None:
            lines.append(_ticks(begin, end, margin, step, low))
        elif wave.is_bit:
            lines.append(_level(wave, begin, end, margin, step, low))
        else:
            lines.append(_bus(wave, begin, end, margin, step, low, base))
    return "\n".join(lines)


def _ticks(begin: int, end: int, margin: float, step: float, low: float) -> str:
    """The clock: up at the start of a step, down in its middle."""
    path = f"M{_round(margin)} {_round(low)}"
    for at in range(end - begin):
        x = margin + at * step
        path += f"H{_round(x)}V{_round(low - TALL)}H{_round(x + step / 2)}V{_round(low)}"
    path += f"H{_round(margin + (end - begin) * step)}"
    return f'<path d="{path}" stroke="{style.DIM}" stroke-width="{style.LINE}" fill="none"/>'


def _level(wave: Wave, begin: int, end: int, margin: float, step: float, low: float) -> str:
    """A bit: the line goes up and down, and what carries 1 is filled."""
    high = low - TALL
    path, filled = "", []
    before = wave.values[max(begin - 1, 0)]
    for a, b, value in wave.spans(begin, end):
        left, right = margin + (a - begin) * step, margin + (b - begin) * step
        level = high if value == 1 else low
        start = left + (SLANT if value != before else 0)
        if not path:
            path = f"M{_round(left)} {_round(high if before == 1 else low)}"
        else:
            path += f"H{_round(left)}"
        path += f"L{_round(start)} {_round(level)}H{_round(right)}"
        if value == 1:
            stop = right + (SLANT if b < end else 0)
            foot = f"L{_round(stop)} {_round(low)}Z"
            filled.append(f"M{_round(left)} {_round(low)}L{_round(start)} {_round(high)}H{_round(right)}{foot}")
        before = value
    fill = f'<path d="{"".join(filled)}" fill="{style.LIT_FILL}"/>' if filled else ""
    line = f'stroke="{style.INK}" stroke-width="{style.LINE + 0.3:g}" stroke-linejoin="round" fill="none"'
    return f'{fill}<path d="{path}" {line}/>'


def _bus(wave: Wave, begin: int, end: int, margin: float, step: float, low: float, base: str) -> str:
    """A word: a hexagon for each stretch of one value."""
    high, middle = low - TALL, low - TALL / 2
    shapes, words = [], []
    for a, b, value in wave.spans(begin, end):
        left, right = margin + (a - begin) * step, margin + (b - begin) * step
        opens = left + (SLANT if a > 0 and (a > begin or wave.values[a - 1] != value) else 0)
        closes = right - (SLANT if b < len(wave.values) and (b < end or wave.values[b] != value) else 0)
        shapes.append(
            f"M{_round(left)} {_round(middle)}L{_round(opens)} {_round(high)}H{_round(closes)}L{_round(right)} "
            f"{_round(middle)}L{_round(closes)} {_round(low)}H{_round(opens)}Z"
        )
        text = wave.text(value, base)
        room = int((right - left - 2 * SLANT) // DIGIT)
        shown = text if len(text) <= room else text[: room - 1] + "…" if room > 2 else ""
        title = "" if shown == text else f"<title>{escape(text)}</title>"
        words.append(f'<text x="{_round((left + right) / 2)}" y="{_round(middle + 4.2)}">{escape(shown)}{title}</text>')
    outline = f'stroke="{style.INK}" stroke-width="{style.LINE}" fill="{style.SMOOTH_FILL}" stroke-linejoin="round"'
    letters = f'font-family="{MONO}" font-size="{style.SIZE - 1}" text-anchor="middle"'
    return f'<path d="{"".join(shapes)}" {outline}/><g {letters}>{"".join(words)}</g>'


def _round(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
