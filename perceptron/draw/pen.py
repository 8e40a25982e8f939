"""The xdot language, in which Graphviz takes strokes for the background of a picture. Pure text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from perceptron.draw import style
from perceptron.draw.dot import number

Point = tuple[float, float]
HEAD = (7.0, 2.6)  # length of an arrow's head, and half its width


def color(letter: str, name: str) -> str:
    """A colour: of lines and words ('c') or of areas ('C')."""
    return f"{letter} {len(name)} -{name}"


def set_pen(ink: str, fill: str, width: float) -> str:
    """Pen colour, fill colour and line width."""
    return f"{color('c', ink)} {color('C', fill)} {_style(f'setlinewidth({number(width)})')} "


def stroke(letter: str, points: Sequence[Point]) -> str:
    """A line ('L'), a polygon ('P') or a Bézier curve ('B', filled 'b')."""
    return f"{letter} {len(points)} " + " ".join(f"{number(x)} {number(y)}" for x, y in points)


def ellipse(letter: str, center: Point, radius: float) -> str:
    """A circle, filled ('E') or not ('e')."""
    return f"{letter} {number(center[0])} {number(center[1])} {number(radius)} {number(radius)}"


def dashed(strokes: str) -> str:
    """Strokes in dashes."""
    return f"{_style('dashed')} {strokes} {_style('solid')}"


def set_font(size: float) -> str:
    """The font of the words that follow."""
    return f"F {number(size)} {len(style.FONT)} -{style.FONT} {color('c', style.INK)}"


def word(text: str, place: Point, align: int) -> str:
    """A word whose baseline starts (-1), is centred (0) or ends (1) at a point."""
    return f"T {number(place[0])} {number(place[1])} {align} {6 * len(text)} {len(text.encode())} -{text}"


def arrow_along(corners: Sequence[Point], radius: float) -> str:
    """A dashed line along corners, which it rounds, with the head of an arrow at its end."""
    before, end = corners[-2], corners[-1]
    away = _toward(end, before, 1.0)
    along = (away[0] - end[0], away[1] - end[1])
    length, half = HEAD
    back = (end[0] + length * along[0], end[1] + length * along[1])
    head = [
        end,
        (back[0] - half * along[1], back[1] + half * along[0]),
        (back[0] + half * along[1], back[1] - half * along[0]),
    ]
    points = [corners[0]]
    for previous, corner, following in zip(corners, corners[1:], corners[2:], strict=False):
        start, stop = _toward(corner, previous, radius), _toward(corner, following, radius)
        points += [points[-1], start, start, corner, corner, stop]
    points += [points[-1], back, back]
    return f"{dashed(stroke('B', points))} {stroke('P', head)}"


def _toward(start: Point, end: Point, length: float) -> Point:
    """The point so far from one point to another, or half the way where they are nearer."""
    distance = math.dist(start, end)
    share = min(0.5, length / distance) if distance else 0.0
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _style(text: str) -> str:
    return f"S {len(text)} -{text}"
