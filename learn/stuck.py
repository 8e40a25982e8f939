"""Whether a network has come to where it cannot learn, as far as that can be known for sure, and what to do."""

from __future__ import annotations

import numpy as np

from learn.data import Split
from learn.layers import Layers

DOWN = 0.02  # the slope a (1 - a) of an output so low is less than a twelfth of the steepest


def stuck(layers: Layers, split: Split, cost: str = "quadratic") -> list[str]:
    """Sentences about what more of the same training will hardly mend, each with its cure; none for a sound network.

    `split`: images that it was trained on; `cost`: by which cost. Two things are looked for. The first: one answer to
    all images, though they have several labels. The second, by the quadratic cost and with several outputs: an output
    that stays below `DOWN` for every image of its own label. Such a neuron learns slowest where it is most wrong (the
    book's chapter 3), and weights that start with spread 1 often put one there.

    Raises LayersError where the images do not fit the network.

    >>> low = Layers([[[4.0], [0.0]]], [[-2.0, -9.0]])
    >>> images = Split([[0.0], [1.0], [1.0]], [1, 0, 1])
    >>> [sentence.partition(":")[0] for sentence in stuck(low, images)]
    ['the answer to all 3 images is 0']
    >>> low.weights[0][1], low.biases[0][:] = -4.0, [-6.0, -4.5]
    >>> [sentence.partition(",")[0] for sentence in stuck(low, images)]
    ['output 1 stays below 0.02 for all 2 images of a 1']
    """
    labels = np.unique(split.labels)
    if len(labels) < 2:
        return []
    answers = np.unique(layers.predict(split.images))
    if len(answers) == 1:
        return [
            f"the answer to all {len(split):,} images is {answers[0]}: the weights went too far or have hardly begun; "
            "choose a smaller rate, or more epochs"
        ]
    if cost != "quadratic" or layers.sizes[-1] == 1:
        return []
    outputs, found = layers.forward(split.images), []
    for label in labels:
        own = outputs[split.labels == label, label]
        if own.max() < DOWN:
            found.append(
                f"output {label} stays below {DOWN:g} for all {len(own):,} images of a {label}, where the quadratic "
                "cost hardly moves it; choose the cost cross-entropy, or weights that start scaled"
            )
    return found
