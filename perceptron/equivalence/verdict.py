"""Verdict: what a comparison of two networks came to, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from perceptron.equivalence.solver import Effort


@dataclass(frozen=True)
class Verdict:
    """What `prove` found.

    Attributes
    ----------
    status : 'equal', 'different' or 'undecided'
        'equal' is always a proof, and 'different' was always replayed by `evaluate`.
    methods : dict of output name -> str
        How each output was proved: 'structure' (both become the same operations), 'all inputs', 'SAT', 'induction',
        or 'undecided'. The next value of a state q counts as an output 'the next q'.
    difference : dict of input name -> value, or None
        An input on which the networks differ; over time input name -> list of values, step by step.
    outputs : tuple of two dicts of output name -> value, or None
        What they make of it (at its last step), in the first's order.
    smallest : str
        In which sense the difference is a small one; empty where it is none or was not made small.
    steps : int or None
        Over time: after how many steps from the initial states the two differ, or, where undecided, for how many they
        are proved equal. None otherwise.
    effort : Effort
        What it took.
    seconds : float
        From the two networks to the verdict.
    """

    status: str
    methods: dict[str, str]
    difference: dict[str, Any] | None = None
    outputs: tuple[dict[str, Any], dict[str, Any]] | None = None
    smallest: str = ""
    steps: int | None = None
    effort: Effort = field(default_factory=Effort)
    seconds: float = 0.0

    @property
    def equal(self) -> bool:
        """Whether the two are proved equal."""
        return self.status == "equal"

    def __bool__(self) -> bool:
        raise TypeError("a verdict is one of three: ask for verdict.status, or verdict.equal")
