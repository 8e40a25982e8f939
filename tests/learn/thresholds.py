"""Drawn threshold networks, and what they do in Python's integers, one number after the other."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from learn import Encoder, ThresholdNetwork


@st.composite
def encoders(draw, most_pixels=5, most_bits=8):
    """Any mix of thermometer bits and binary digits, repeated ones too, and pixels without a bit."""
    inputs, levels = draw(st.integers(1, most_pixels)), draw(st.sampled_from([2, 3, 4, 8, 17]))
    digits = (levels - 1).bit_length()
    bits = draw(
        st.lists(
            st.tuples(st.integers(0, inputs - 1), st.integers(1 - digits, levels - 1)), min_size=1, max_size=most_bits
        )
    )
    return Encoder(levels, inputs, [pixel for pixel, _ in bits], [level for _, level in bits])


@st.composite
def threshold_networks(draw, min_hidden=0, most=4):
    """Up to two hidden layers, one or two matrices of votes, two to four classes."""
    encoder = draw(encoders())
    widths = draw(st.lists(st.integers(1, 5), min_size=min_hidden, max_size=2))
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    sparse = draw(st.sampled_from([0.3, 1.0]))

    def matrix(rows, columns):
        return rng.integers(-most, most + 1, (rows, columns)) * (rng.random((rows, columns)) < sparse)

    below = [encoder.bits, *widths]
    weights = [matrix(rows, columns) for columns, rows in pairwise(below)]
    biases = [rng.integers(-most, most + 1, rows) for rows in widths]
    classes = draw(st.integers(2, 4))
    tops = draw(st.sampled_from([[classes], [3, classes]]))
    votes = [matrix(rows, columns) for columns, rows in zip([below[-1], *tops], tops, strict=False)]
    return ThresholdNetwork(encoder, weights, biases, votes, rng.integers(-2, 3, classes), (1, encoder.inputs))


@st.composite
def networks_with_greys(draw, **options):
    """A network and a few images."""
    network = draw(threshold_networks(**options))
    shape = (draw(st.integers(1, 6)), network.encoder.inputs)
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    return network, rng.integers(0, network.encoder.levels, shape).astype(np.uint8)


def bits_by_hand(encoder, image):
    """The bits of one image."""
    found = []
    for pixel, level in zip(encoder.pixel.tolist(), encoder.level.tolist(), strict=True):
        grey = int(image[pixel])
        found.append(int(grey >= level) if level > 0 else int(f"{grey:016b}"[::-1][-level]))
    return found


def by_hand(network, image):
    """The weighted inputs of each hidden layer, the values, the scores and the label of one image."""

    def product(matrix, vector):
        return [sum(w * x for w, x in zip(row, vector, strict=True)) for row in matrix.tolist()]

    values, sums = [bits_by_hand(network.encoder, image)], []
    for w, b in zip(network.weights, network.biases, strict=True):
        sums.append([z + bias for z, bias in zip(product(w, values[-1]), b.tolist(), strict=True)])
        values.append([int(z > 0) for z in sums[-1]])
    scores = values[-1]
    for votes in network.votes:
        scores = product(votes, scores)
    scores = [score + offset for score, offset in zip(scores, network.offsets.tolist(), strict=True)]
    return sums, values[1:], scores, scores.index(max(scores))
