"""The transforms: each a function Network -> Network that leaves its argument untouched, one public verb a file."""

from perceptron.transforms.layer import layered, layers
from perceptron.transforms.merge import merge_parallel
from perceptron.transforms.prune import prune
from perceptron.transforms.scale import scale
from perceptron.transforms.soften import harden, soften

__all__ = ["harden", "layered", "layers", "merge_parallel", "prune", "scale", "soften"]
