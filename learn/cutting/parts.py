"""Label the connected strokes, measure the height of a digit, and sort the strokes into lines of digits."""

from __future__ import annotations

import numpy as np

from learn.cutting.arrays import Labels, Mask, size


def find_parts(strokes: Mask) -> tuple[Labels, float]:
    """Label the connected strokes, specks and ruled lines left out, and measure the height of a digit."""
    from scipy import ndimage

    labels, count = ndimage.label(strokes, np.ones((3, 3)))
    if count == 0:
        return labels, 0.0
    sizes = np.array([size(place) for place in ndimage.find_objects(labels)])
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    keep = sizes.max(1) >= 3
    height = 0.0
    for _ in range(3):
        if not keep.any():
            return labels, 0.0
        order = np.argsort(sizes[:, 0])
        weight = np.cumsum((areas * keep)[order])
        height = float(sizes[order[np.searchsorted(weight, weight[-1] / 2)], 0])
        speck = (sizes.max(1) < 0.15 * height) | (areas < 0.006 * height**2)
        flat = (sizes[:, 0] <= 0.2 * height) & (sizes[:, 1] >= 1.2 * height)
        line = (sizes[:, 0] >= 1.6 * height) & (sizes[:, 1] <= 0.15 * height)
        ruled = (sizes[:, 1] >= 8 * sizes[:, 0]) & (sizes[:, 1] >= 12)
        keep = (sizes.max(1) >= 3) & ~speck & ~flat & ~line & ~ruled
    if not keep.any():
        return labels, 0.0
    renumber = np.concatenate([[0], np.where(keep, np.cumsum(keep), 0)]).astype(np.int32)
    return renumber[labels], height


def find_lines(labels: Labels, height: float) -> list[list[int]]:
    """The parts of each line of digits, top line first."""
    from scipy import ndimage

    places = ndimage.find_objects(labels)
    spans = {n: (p[0].start, p[0].stop, p[1].start, p[1].stop) for n, p in enumerate(places, 1)}
    tall = sorted((n for n in spans if spans[n][1] - spans[n][0] >= 0.5 * height), key=lambda n: spans[n][0])
    groups: list[list[int]] = []
    bottom = 0
    for n in tall:
        if groups and spans[n][0] < bottom - 0.2 * height:
            groups[-1].append(n)
            bottom = max(bottom, spans[n][1])
        else:
            groups.append([n])
            bottom = spans[n][1]

    def across(group: list[int]) -> tuple[int, int]:
        return min(spans[n][2] for n in group), max(spans[n][3] for n in group)

    joined: list[list[int]] = []
    for group in groups:  # digits at different heights that stand side by side are one line after all
        if joined:
            (left, right), (start, stop) = across(joined[-1]), across(group)
            gap = min(spans[n][0] for n in group) - max(spans[n][1] for n in joined[-1])
            alone = min(len(group), len(joined[-1])) == 1 and gap < 0.25 * height  # two parts of one digit
            if alone or min(right, stop) - max(left, start) < 0.3 * height:
                joined[-1] += group
                continue
        joined.append(group)
    if not joined:
        return [list(spans)]
    for n in set(spans) - set(tall):
        middle = (spans[n][0] + spans[n][1]) / 2
        nearest = min(
            joined,
            key=lambda group: min(
                max(spans[m][0] - middle, middle - spans[m][1], 0.0) + 0.01 * abs(spans[m][2] - spans[n][2])
                for m in group
            ),
        )
        nearest.append(n)
    return joined
