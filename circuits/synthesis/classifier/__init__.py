"""A trained threshold network as one circuit, from the greys of pixels to the label.

arrays.py   the plain arrays, checked          encoder.py  pixels to bits
hidden.py   hidden units                       totals.py   votes, added up for all classes together
offset.py   what all scores have in common     argmax.py   the largest score
build.py    all of it in NANDs: build          proof.py    why that is right
perceptrons.py  the same function in perceptrons
robust.py   the fewest pixels that change a label
"""

from circuits.synthesis.classifier.arrays import Arrays
from circuits.synthesis.classifier.build import Classifier, build
from circuits.synthesis.classifier.perceptrons import perceptrons
from circuits.synthesis.classifier.proof import Proof
from circuits.synthesis.classifier.robust import Flip, smallest_flip

__all__ = ["Arrays", "Classifier", "Flip", "Proof", "build", "perceptrons", "smallest_flip"]
