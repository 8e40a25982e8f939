"""Erase frames, the walls of cells and ruled lines, and turn panels: light digits on a dark plate."""

from __future__ import annotations

import numpy as np

from learn.cutting.arrays import STROKE, Grey, Mask, size, tallest
from learn.cutting.sides import find_sides


def clear(ink: Grey) -> tuple[Grey, Mask]:
    """Erase drawn frames and turn panels (light digits on a dark plate) into ink on ground; and the mask of both."""
    from scipy import ndimage

    ink = ink.copy()
    gone = np.zeros(ink.shape, np.bool_)
    for _ in range(8):
        labels, _count = ndimage.label(ink > STROKE, np.ones((3, 3)))
        places = ndimage.find_objects(labels)
        largest = max((max(size(place)) for place in places), default=0)
        changed = False
        for number, place in enumerate(places, 1):
            if max(size(place)) >= max(8, largest / 8) and min(size(place)) >= 5:
                changed |= _clear_part(ink[place], gone[place], labels[place] == number)
        if not changed:
            break
    return ink, gone


def _clear_part(ink: Grey, gone: Mask, part: Mask) -> bool:
    """Erase the frame or ruled lines of one part in its own box, in place; False if it has none."""
    height, width = part.shape
    if _is_panel(part):
        return _turn_panel(ink, gone)
    sides = find_sides(part, max(part.shape))
    usual = int(np.ceil(np.median([side.thickness for side in sides])))
    if 0 < usual <= 0.15 * min(part.shape):  # a 1 that leans on one side of the frame is not a thicker side
        sides = find_sides(part, usual + 1)
    thickness = [side.thickness for side in sides]
    closed = all(thickness)
    thin = [
        0 < t <= (0.9 if closed else 0.3) * extent
        for t, extent in zip(thickness, (height, height, width, width), strict=True)
    ]
    long = width >= 1.6 * height and (thin[0] or thin[1])
    if sum(thin) < 3 and not long:
        return False
    erased = np.zeros_like(part)
    for side, use in zip(sides, thin, strict=True):
        if use:
            erased |= side.ink
    if tallest((ink > STROKE) & ~erased) < 0.3 * (height - thickness[0] - thickness[1]):
        if closed and _is_frame(part, thickness):
            ink[part] = 0
            gone |= part
            return True
        return False  # nothing is left: it was a digit like a square 0
    if closed:
        erased |= _dividers(ink > STROKE, thickness)
    elif thin[0] and thin[1]:
        erased |= _slanted(part & ~erased, sides[0].ink, sides[1].ink, usual)
    erased |= _slivers(part & ~erased, erased, max(1.0, 0.6 * usual))
    ink[erased] = 0
    gone |= erased
    return True


def _is_frame(part: Mask, thickness: list[int]) -> bool:
    """Whether a part with four straight sides is a frame even if it is empty: no narrower than high, sharp corners.

    A square 0 is narrower, and the corners of a wide one are round.
    """
    height, width = part.shape
    most = max(1, round(0.05 * height))
    top, bottom, left, right = (min(most, line) for line in thickness)
    rows, columns = (np.s_[:top], np.s_[-bottom:]), (np.s_[:left], np.s_[-right:])
    return width >= height and all(part[y, x].mean() >= 0.75 for y in rows for x in columns)


def _is_panel(part: Mask) -> bool:
    """Whether a part is a rectangle of ink with holes of another shape: strokes on a plate, not the room in a frame."""
    height, width = part.shape
    deep = 1 if min(part.shape) < 40 else 2
    ring = [part[deep], part[-1 - deep], part[:, deep], part[:, -1 - deep]]
    if min(height, width) < 8 or min(float(line.mean()) for line in ring) < 0.95 or part.mean() < 0.4:
        return False
    room = ~part[deep:-deep, deep:-deep]
    rows, columns = np.flatnonzero(room.any(1)), np.flatnonzero(room.any(0))
    if rows.size < 3 or columns.size < 3:
        return False
    room = room[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edges = [room[:2], room[-2:], room[:, :2].T, room[:, -2:].T]
    along = float(np.mean([edge.mean(1).max() for edge in edges]))
    y, x = (max(1, extent // 16) for extent in room.shape)
    corners = [room[rows, columns].all() for rows in (np.s_[:y], np.s_[-y:]) for columns in (np.s_[:x], np.s_[-x:])]
    is_room = along + float(np.mean(corners)) > 1.1 and room.shape[1] >= 0.5 * room.shape[0]
    return not is_room or tallest(~room) < 0.3 * room.shape[0]


def _turn_panel(ink: Grey, gone: Mask) -> bool:
    """Turn a panel into ink on ground, in place; False if nothing stands on it: a solid bar, perhaps a 1."""
    edge = np.zeros_like(gone)
    edge[[0, -1]] = True
    edge[:, [0, -1]] = True
    turned = np.where(edge, 0, 1 - ink)
    if tallest(turned > STROKE) < 0.25 * ink.shape[0]:
        return False
    ink[...] = turned
    gone |= edge
    return True


def _dividers(strokes: Mask, thickness: list[int]) -> Mask:
    """The walls of cells: upright lines across the whole inside of a frame, as thick as it, a digit in each cell."""
    top, bottom, left, right = thickness
    none = np.zeros_like(strokes)
    inside = strokes[top + 1 : strokes.shape[0] - bottom - 1, left + 1 : strokes.shape[1] - right - 1]
    if inside.size == 0:
        return none
    cover = np.concatenate([[0.0], inside.mean(0), [0.0]])
    walls = []
    for start, stop in _runs(cover >= 0.99):
        beside = max(cover[max(0, start - 2)], cover[min(len(cover) - 1, stop + 1)])
        if stop - start <= 1.4 * max(thickness) + 0.5 and beside < 0.35:
            walls.append((start - 1, stop + 1))
    edges = [0, *(edge for wall in walls for edge in wall), len(cover)]
    digits = [
        len([run for run in _runs(cover[a:b] > 0) if run[1] - run[0] >= 3])
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    if not walls or not 0 < sum(digits) <= 1.25 * len(digits) or (min(digits) == 0 and len(walls) < 3):
        return none  # ones among other digits
    erased = none.copy()
    for start, stop in walls:
        erased[:, start + left : stop + left] = True
    return erased & strokes


def _slanted(rest: Mask, top: Mask, bottom: Mask, thickness: int) -> Mask:
    """The left and right side of a frame seen in perspective: thin strokes from an end of the top line to the bottom's.

    A 1 between an overline and an underline stands where the lines go on beyond it.
    """
    from scipy import ndimage

    labels, _count = ndimage.label(rest, np.ones((3, 3)))
    near = 2 * thickness + 2
    ends = [np.flatnonzero(line.any(0))[[0, -1]] for line in (top, bottom)]
    erased = np.zeros_like(rest)
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        stroke = labels[place] == number
        under, over = np.flatnonzero(top[:, place[1]].any(1)), np.flatnonzero(bottom[:, place[1]].any(1))
        if under.size == 0 or over.size == 0 or stroke.sum(1).max() > 2 * thickness + 1:
            continue
        meets = place[0].start <= under[-1] + near and place[0].stop >= over[0] - near
        columns = [place[1].start + np.flatnonzero(some.any(0)).mean() for some in (stroke[:3], stroke[-3:])]
        if meets and (np.abs(np.array(ends) - np.array(columns)[:, None]).max(0) <= near).any():
            erased[place] |= stroke
    return erased


def _runs(flags: Mask) -> list[tuple[int, int]]:
    """The runs of True as (start, stop)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _slivers(rest: Mask, erased: Mask, near: float) -> Mask:
    """What an erased line leaves behind: parts that nowhere reach further than `near` from it."""
    from scipy import ndimage

    labels, count = ndimage.label(rest, np.ones((3, 3)))
    if count == 0:
        return rest
    away = ndimage.distance_transform_edt(~erased)
    reach = ndimage.maximum(away, labels, np.arange(count + 1))
    kept: Mask = np.asarray(reach) <= near
    kept[0] = False
    slivers: Mask = kept[labels]
    return slivers
