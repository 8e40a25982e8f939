"""The distinctive shapes of gates as outlines in points: inputs on the left, the output at the right, y upwards.

      ┌──╮                ╲  ╲
AND   │   )─        OR     )  >─        NOT  |>o─        a bubble (o) at the tip negates
      └──╯                ╱  ╱

         ┌──────┐
register ┤D    Q├       a state: what stands at D is at Q one step later
         │>     │
         └──────┘
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from perceptron.draw.dot import short
from perceptron.draw.style import PAPER, SMALL, SMOOTH_FILL, TABLE_FILL

Point = tuple[float, float]

BODY = 40.0  # width of a gate
PITCH = 16.0  # from one pin to the next
MOST = 6  # pins for which a circle is not too large yet
BUBBLE = 3.6  # radius
BOW = 9.0  # how far the back of an OR bends inwards
GAP = 5.5  # from the back of an XOR to its second curve
ABOVE, BELOW = 13.0, 27.0  # how far a register reaches from the height of its pins
WORD = 12.0  # the height of the name above it


@dataclass(frozen=True)
class Stroke:
    """One line of an outline: 'curve' (cubic Béziers), 'polygon', 'line' or 'circle' (centre, then a point on it)."""

    kind: str
    points: tuple[Point, ...]
    filled: bool = True


@dataclass(frozen=True)
class Note:
    """A word inside a shape, around a point."""

    text: str
    place: Point
    size: float = SMALL


@dataclass(frozen=True)
class Symbol:
    """A gate's shape. It is centred on y = 0 and starts at x = 0.

    Attributes
    ----------
    width, height : float
    strokes : tuple of Stroke
        Later ones lie over earlier ones.
    text : str
        What is written in it.
    center, rise : float
        The x and y of that text.
    edge : function y -> x
        Where a wire at height y meets the outline.
    fill : str
        Its colour.
    pin_words : str
        What is to be written at each pin: '' for a gate, whose pins are alike; 'weights' at a general unit,
        whose shape does not tell them; 'roles' in a multiplexer, whose pins differ.
    notes : tuple of Note
        Small print in it.
    """

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    text: str = ""
    center: float = BODY / 2
    edge: Callable[[float], float] = field(default=lambda y: 0.0)
    fill: str = PAPER
    pin_words: str = ""
    rise: float = 0.0
    notes: tuple[Note, ...] = ()

    def pins(self, count: int) -> list[float]:
        """The y of each of `count` pins, from the top."""
        step = self.height / count if count else 0.0
        return [self.height / 2 - (index + 0.5) * step for index in range(count)]


def symbol(name: str, pins: int, inside: str = "") -> Symbol:
    """The symbol of a gate of this name with this many pins; an unknown name stands in a box.

    Parameters
    ----------
    name : str
        As `perceptron.names.gate_name` gives it.
    pins : int
        The number of incoming edges.
    inside : str
        What is written into the shapes that are not gates: the bias of a perceptron, the values of a table.
    """
    tall = max(32.0, PITCH * pins)
    if name in ("AND", "NAND"):
        return _with_bubble(_and(tall), name == "NAND")
    if name in ("OR", "NOR"):
        return _with_bubble(_or(tall), name == "NOR")
    if name in ("XOR", "XNOR"):
        return _with_bubble(_xor(tall), name == "XNOR")
    if name in ("NOT", "BUFFER"):
        return _with_bubble(_triangle(max(26.0, PITCH * pins)), name == "NOT")
    if name.startswith("CONSTANT "):
        return _box(name.removeprefix("CONSTANT "), 22.0, 22.0)
    if name == "MUX":
        return _multiplexer(max(54.0, PITCH * pins))
    if name in ("PERCEPTRON", "SIGMOID"):
        if pins <= MOST:
            return _circle(max(42.0, PITCH * pins), inside, smooth=name == "SIGMOID")
        inside = f"σ {inside}" if name == "SIGMOID" else inside
        return _box(inside, 52.0, PITCH * pins, fill=SMOOTH_FILL if name == "SIGMOID" else PAPER)
    if name == "MAJORITY":
        return _box("MAJ", 44.0, tall)
    if name.startswith("AT LEAST "):
        return _box("≥ " + name.removeprefix("AT LEAST "), 44.0, tall)
    rows = (inside if name == "TABLE" else name).split("\n")
    width = max(44.0, 14.0 + 8.0 * max(map(len, rows)))
    return _box("\n".join(rows), width, max(tall, 10.0 + 15.0 * len(rows)), fill=TABLE_FILL if name == "TABLE" else "")


def register(initial: str, *, standing: bool = False) -> Symbol:
    """The symbol of a state: a flip-flop with D and Q at y = 0 and room for its name above.

    Parameters
    ----------
    initial : str
        What is written in it about its initial value; '' for nothing.
    standing : bool
        Whether it will be turned upright. Words never turn, so these have other places then.
    """
    said = short(f"init {initial}" if initial else "", 16)
    room = 4.4 * len(said)
    width = 44.0 if standing else max(44.0, 18.0 + room)
    below = max(BELOW, room + 4.0 - ABOVE) if standing else BELOW
    corners: tuple[Point, ...] = ((0, ABOVE), (width, ABOVE), (width, -below), (0, -below))
    clock: tuple[Point, ...] = ((0, -12.0), (8.0, -17.0), (0, -22.0))
    notes = [Note("D", (8.0, 0.0)), Note("Q", (width - 8.5, 0.0))]
    if said:
        place = (width / 2, (ABOVE - below) / 2) if standing else ((width + 8.0) / 2, -17.0)
        notes.append(Note(said, place, SMALL - 2))
    strokes = (Stroke("polygon", corners), Stroke("line", clock, filled=False))
    return Symbol(width, 2 * max(ABOVE + WORD, below), strokes, center=width / 2, notes=tuple(notes))


def _with_bubble(body: Symbol, inverted: bool) -> Symbol:
    if not inverted:
        return body
    tip: Point = (body.width + BUBBLE, 0.0)
    bubble = Stroke("circle", (tip, (tip[0] + BUBBLE, 0.0)))
    return replace(body, width=body.width + 2 * BUBBLE, strokes=(*body.strokes, bubble))


def _and(height: float) -> Symbol:
    half = height / 2
    straight = BODY * 0.5
    round_ = BODY - straight
    k = 0.5523  # the control points that bend a Bézier curve into a quarter of an ellipse
    outline: tuple[Point, ...] = (
        (0, half), (0, half), (straight, half), (straight, half),
        (straight + k * round_, half), (BODY, k * half), (BODY, 0),
        (BODY, -k * half), (straight + k * round_, -half), (straight, -half),
        (straight, -half), (0, -half), (0, -half),
        (0, -half), (0, half), (0, half),
    )  # fmt: skip
    return Symbol(BODY, height, (Stroke("curve", outline),), center=BODY * 0.45)


def _back(height: float) -> tuple[Point, ...]:
    """The bent back of an OR, from the bottom to the top."""
    half, third = height / 2, height / 6
    return (0, -half), (BOW, -third), (BOW, third), (0, half)


def _bend(height: float) -> Callable[[float], float]:
    """The x of that back at a height y: the curve has y linear in its parameter."""

    def edge(y: float) -> float:
        t = min(1.0, max(0.0, y / height + 0.5))
        return 3 * BOW * t * (1 - t)

    return edge


def _or(height: float) -> Symbol:
    half = height / 2
    outline: tuple[Point, ...] = (
        (0, half), (BODY * 0.50, half), (BODY * 0.80, half * 0.62), (BODY, 0),
        (BODY * 0.80, -half * 0.62), (BODY * 0.50, -half), *_back(height),
    )  # fmt: skip
    return Symbol(BODY, height, (Stroke("curve", outline),), edge=_bend(height))


def _xor(height: float) -> Symbol:
    body = _or(height)
    moved = tuple((x + GAP, y) for x, y in body.strokes[0].points)
    second = Stroke("curve", _back(height), filled=False)
    return Symbol(BODY + GAP, height, (Stroke("curve", moved), second), center=body.center + GAP, edge=body.edge)


def _triangle(height: float) -> Symbol:
    width = 26.0
    corners: tuple[Point, ...] = ((0, height / 2), (width, 0), (0, -height / 2))
    return Symbol(width, height, (Stroke("polygon", corners),), center=width / 3)


def _box(text: str, width: float, height: float, *, fill: str = "") -> Symbol:
    half = height / 2
    corners: tuple[Point, ...] = ((0, half), (width, half), (width, -half), (0, -half))
    box = Symbol(width, height, (Stroke("polygon", corners),), text, width / 2)
    return replace(box, fill=fill, pin_words="weights") if fill else box


def _multiplexer(height: float) -> Symbol:
    width, half = 30.0, height / 2
    corners: tuple[Point, ...] = ((0, half), (width, half * 0.62), (width, -half * 0.62), (0, -half))
    return Symbol(width, height, (Stroke("polygon", corners),), pin_words="roles")


def _circle(size: float, text: str, *, smooth: bool) -> Symbol:
    radius = size / 2
    strokes = [Stroke("circle", ((radius, 0.0), (size, 0.0)))]
    if smooth:
        low, high, left, right = -radius * 0.6, -radius * 0.1, radius * 0.55, radius * 1.45
        mid = (left + right) / 2
        strokes.append(Stroke("curve", ((left, low), (mid, low), (mid, high), (right, high)), filled=False))

    def edge(y: float) -> float:
        return radius - math.sqrt(max(0.0, radius**2 - y**2))

    fill = SMOOTH_FILL if smooth else PAPER
    rise = radius * 0.34 if smooth else 0.0
    return Symbol(size, size, tuple(strokes), text, radius, edge, fill, "weights", rise)
