"""nand_walk, compiled. Importing this loads Numba; the machine code is cached on disk."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numba

from circuits.synthesis import nand_walk


def _compiled() -> dict[str, Any]:
    """The functions of nand_walk, each with those that it calls compiled as well."""
    made = dict(vars(nand_walk))
    for name, function in vars(nand_walk).items():
        if isinstance(function, FunctionType):
            own = FunctionType(function.__code__, made, name)
            own.__qualname__, own.__module__ = name, nand_walk.__name__
            made[name] = numba.njit(own, cache=True)
    return made


functions = _compiled()
