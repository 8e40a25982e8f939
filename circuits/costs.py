"""What a part says that it costs: the line `Cost: 9 n - 4 units, depth 2 n + 2 (n = 1: 3).` of its docstring, read."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from circuits.errors import CircuitError

WIDTHS = (8, 16, 32)  # where a cost without a formula is stated

_EXCEPTIONS = r"(?: \((n = \d+: \d+(?:; n = \d+: \d+)*)\))?"
_LINE = re.compile(
    rf"Cost(?:, (\w+))?: (.+?) units?{_EXCEPTIONS}[,;]? (?:and )?depth (.+?){_EXCEPTIONS}"
    rf"( at n = {', '.join(map(str, WIDTHS))})?\.(?=\s|$)"
)
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "lg": lambda n: (int(n) - 1).bit_length(),
    "ones": lambda n: int(n).bit_count(),
    "log2": math.log2,
    "sqrt": math.sqrt,
    "floor": math.floor,
    "ceil": math.ceil,
}
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@dataclass(frozen=True)
class Formula:
    """A number that depends on n: a formula with exceptions, or its values at n = 8, 16 and 32.

    In a formula `lg(n)` is log2(n) rounded up and `ones(n)` the number of ones of n in binary; there are log2, sqrt,
    floor and ceil too, and what stands side by side is multiplied.
    """

    text: str
    exceptions: Mapping[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text

    def at(self, n: int) -> int | None:
        """The value; None where it is not stated.

        Raises
        ------
        CircuitError
            If the formula is none, or its value is not whole.

        Examples
        --------
        >>> Formula("2 n lg(n) + 1", {1: 7}).at(8), Formula("2 n lg(n) + 1", {1: 7}).at(1)
        (49, 7)
        >>> Formula("5, 6, 7").at(16), Formula("5, 6, 7").at(17)
        (6, None)
        """
        if "," in self.text:
            return dict(zip(WIDTHS, map(int, self.text.split(", ")), strict=True)).get(n)
        if n in self.exceptions:
            return self.exceptions[n]
        value = _value(ast.parse(_python(self.text), mode="eval").body, n)
        if value != int(value):
            raise CircuitError(f"the cost {self.text!r} is {value} for n = {n}; give a formula with whole values")
        return int(value)


@dataclass(frozen=True)
class Cost:
    """How many units a part of size n has, and how many are on its longest path."""

    units: Formula
    depth: Formula


def stated_costs(part: object) -> dict[str, Cost]:
    """The costs in a docstring by the option that they are for; "" for the part as it is without options.

    Raises
    ------
    CircuitError
        If there is none.

    Examples
    --------
    >>> from circuits import ripple_carry_adder
    >>> stated_costs(ripple_carry_adder)[""].units.at(8)
    68
    """
    text = " ".join((part.__doc__ or "").split())
    found = {
        option or "": Cost(Formula(units, _exceptions(but)), Formula(depth, _exceptions(but_depth)))
        for option, units, but, depth, but_depth, _ in _LINE.findall(text)
    }
    if not found:
        name = getattr(part, "__name__", part)
        raise CircuitError(f"{name}: the docstring states no cost; write `Cost: 9 n - 4 units, depth 2 n + 2.`")
    return found


def _exceptions(text: str) -> dict[int, int]:
    return {int(n): int(value) for n, value in re.findall(r"n = (\d+): (\d+)", text)}


def _python(formula: str) -> str:
    """The formula as a Python expression: ^ is **, and what stands side by side is multiplied."""
    tokens = re.findall(r"\d+|[a-z][a-z0-9]*|[-+*/^()]", formula)
    unknown = {token for token in tokens if token[0].isalpha()} - {"n", *_FUNCTIONS}
    if unknown or "".join(tokens) != formula.replace(" ", ""):
        raise CircuitError(f"the cost {formula!r} is no formula in n; give one such as 2 n lg(n) + 1")
    written: list[str] = []
    for token in tokens:
        ends = written and (written[-1].isdigit() or written[-1] in ("n", ")"))
        if ends and (token.isalnum() or token == "("):
            written.append("*")
        written.append("**" if token == "^" else token)
    return " ".join(written)


def _value(node: ast.expr, n: int) -> float:
    match node:
        case ast.Name():
            return n
        case ast.Constant(value=int(number)):
            return number
        case ast.Call(func=ast.Name(id=function), args=[argument]):
            return _FUNCTIONS[function](_value(argument, n))
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, n), _value(right, n))
    raise CircuitError(f"a cost contains {ast.unparse(node)!r}; give a formula in n, such as 2 n lg(n) + 1")
