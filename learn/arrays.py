"""The types that all of `learn` shares: arrays of floats, and what seeds a random generator."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Seed = int | np.random.Generator | None
