"""Arguments of functions: each is checked before anything is done, and an error names it, its value and the cure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np

from perceptron.errors import ParameterError


def require_whole(name: str, value: object, least: int, most: int | None = None, *, cure: str | None = None) -> int:
    """A whole number in a range, as Python's int; NumPy's count too, True and False do not.

    Raises
    ------
    ParameterError
        If it is none; `cure` is what to give instead.

    Examples
    --------
    >>> require_whole("steps", 3, 1)
    3
    >>> require_whole("leaves", 7, 2, 6)
    Traceback (most recent call last):
        ...
    perceptron.errors.ParameterError: leaves is 7; give a whole number from 2 to 6
    """
    if isinstance(value, Integral) and not isinstance(value, bool):
        number = int(value)
        if number >= least and (most is None or number <= most):
            return number
    if cure is None:
        cure = f"a whole number of at least {least}" if most is None else f"a whole number from {least} to {most}"
    raise ParameterError(f"{name} is {value!r}; give {cure}")


def require_seconds(name: str, value: object) -> float | None:
    """Seconds, or None for no limit.

    Raises
    ------
    ParameterError
        If it is neither None nor a number of at least 0.

    Examples
    --------
    >>> require_seconds("limit", 60), require_seconds("limit", None)
    (60.0, None)
    """
    if value is None:
        return None
    if isinstance(value, Real) and float(value) >= 0:
        return float(value)
    raise ParameterError(f"{name} is {value!r}; give at least 0 seconds, or None for no limit")


def require_distance(name: str, value: object) -> float:
    """How far two numbers may lie apart.

    Raises
    ------
    ParameterError
        If it is no finite number of at least 0.
    """
    if isinstance(value, Real) and math.isfinite(value) and float(value) >= 0:
        return float(value)
    raise ParameterError(f"{name} is {value!r}; give a finite number of at least 0")


def require_names(name: str, kind: str, given: Any, known: Collection[str]) -> tuple[str, ...]:
    """Some of the inputs or outputs that a network has, each once, in the order given.

    Parameters
    ----------
    name : str
        Of the argument.
    kind : str
        What is named: 'input' or 'output'.
    given : iterable of str
    known : collection of str

    Raises
    ------
    ParameterError
        If it is a text and no collection of names, names nothing, or something that is not there.

    Examples
    --------
    >>> require_names("among", "input", ["x2"], ("x1", "x2"))
    ('x2',)
    >>> require_names("among", "input", "x2", ("x1", "x2"))
    Traceback (most recent call last):
        ...
    perceptron.errors.ParameterError: among is the text 'x2'; give a tuple of names, such as ('x2',)
    """
    if isinstance(given, str):
        raise ParameterError(f"{name} is the text {given!r}; give a tuple of names, such as ({given!r},)")
    if not isinstance(given, Iterable):
        raise ParameterError(f"{name} is {given!r}; give a tuple of names of {kind}s")
    names = tuple(dict.fromkeys(given))
    unknown = [one for one in names if one not in known]
    if unknown or not names:
        wrong = f"there is no {kind} {unknown[0]!r}" if unknown else f"{name} names none"
        raise ParameterError(f"{wrong}; the {kind}s are {_few(list(known))}")
    return names


def _few(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 20 else f"{', '.join(names[:19])}, ... and {names[-1]}"


def require_rng(value: Any) -> np.random.Generator:
    """The generator that `rng` means.

    Raises
    ------
    ParameterError
        If it is nothing that `numpy.random.default_rng` takes.

    Examples
    --------
    >>> require_rng(-1)
    Traceback (most recent call last):
        ...
    perceptron.errors.ParameterError: rng is -1; give None, a whole number of at least 0, or a numpy.random.Generator
    """
    try:
        return np.random.default_rng(value)
    except (TypeError, ValueError):
        cure = "give None, a whole number of at least 0, or a numpy.random.Generator"
        raise ParameterError(f"rng is {value!r}; {cure}") from None
