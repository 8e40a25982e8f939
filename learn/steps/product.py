"""One matrix product into the same arrays again and again, by BLAS and without Python's lock."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

from learn.arrays import Array

_REALS: dict[str, tuple[str, Any]] = {"float32": ("sgemm", ctypes.c_float), "float64": ("dgemm", ctypes.c_double)}


class Product:
    """C <- alpha A B + beta C, for three arrays that stay where they are: (m, k), (k, n), (m, n).

    All are views of rows or of columns: in each the numbers of a row, or those of a column, lie side by side; in C
    those of a row. Nothing is copied and nothing is allocated. While it computes, other threads of Python run; two
    calls of one product at the same time are not allowed. BLAS's own threads are not touched (see `learn.steps.blas`).

    Raises ValueError where the types or shapes do not fit, or where an array lies otherwise.

    >>> import numpy as np
    >>> a, b, c = np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones((2, 2))
    >>> Product(a, b.T, c)(2.0, 1.0)
    >>> c
    array([[3., 7.],
           [5., 9.]])
    """

    def __init__(self, a: Array, b: Array, c: Array) -> None:
        (m, n), k = c.shape, a.shape[1]
        if a.shape != (m, k) or b.shape != (k, n) or not a.dtype == b.dtype == c.dtype:
            raise ValueError(f"no product of {a.dtype} {a.shape} and {b.dtype} {b.shape} is {c.dtype} {c.shape}")
        name, real = _REALS[str(c.dtype)]
        by_rows, wide = _lies(c)
        if not by_rows:
            raise ValueError("the numbers of a row of C do not lie side by side")
        self._alpha, self._beta = real(), real()
        # BLAS has the numbers of a column side by side. What it takes for its three matrices are the transposes of
        # ours, and C transposed is B transposed times A transposed.
        layouts = [_lies(array) for array in (b, a)]
        flags = [ctypes.c_char(b"N" if rows else b"T") for rows, _ in layouts]
        counts = [ctypes.c_int(count) for count in (n, m, k, layouts[0][1], layouts[1][1], wide)]
        self._kept = (a, b, c, flags, counts)
        at = [array.ctypes.data for array in (b, a, c)]
        n_, m_, k_, b_step, a_step, c_step = map(ctypes.byref, counts)
        alpha, beta = ctypes.byref(self._alpha), ctypes.byref(self._beta)
        self._words = (*map(ctypes.byref, flags), n_, m_, k_, alpha, at[0], b_step, at[1], a_step, beta, at[2], c_step)
        self._gemm = _gemm(name)

    def __call__(self, alpha: float = 1.0, beta: float = 0.0) -> None:
        """Compute it; with beta = 0 what C held does not matter."""
        self._alpha.value, self._beta.value = alpha, beta
        self._gemm(*self._words)


def _lies(array: Array) -> tuple[bool, int]:
    """Whether rows lie side by side in themselves, not columns; and the step, in numbers, from one to the next."""
    (rows, columns), size = array.shape, array.itemsize
    if array.strides[1] == size or columns == 1:
        return True, max(array.strides[0] // size, columns)
    if array.strides[0] == size or rows == 1:
        return False, max(array.strides[1] // size, rows)
    raise ValueError(f"an array of steps {array.strides} lies neither by rows nor by columns")


@cache
def _gemm(name: str) -> Callable[..., None]:
    """BLAS's routine of that name, as SciPy hands it to compiled code: Fortran's arguments, each an address."""
    from scipy.linalg import cython_blas

    capsule = cython_blas.__pyx_capi__[name]
    api = ctypes.pythonapi
    text = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(("PyCapsule_GetName", api))(capsule)
    address = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(("PyCapsule_GetPointer", api))
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 13)(address(capsule, text))
