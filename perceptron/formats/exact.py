"""Numbers and activations as JSON values and back, so that value and type survive to the last bit.

int       3           from 1,000 digits on "0x1f..."      step, sigmoid, relu, ...   "step", "sigmoid", "relu"
float     0.1         the shortest text that reads back   Table(0, 1, 0)             {"table": "010"}
Fraction  "1/3"       whole ones too: "2/1"               LeakyRelu(0.1)             {"leaky_relu": 0.1}
"""

from __future__ import annotations

import re
from fractions import Fraction

from perceptron.activations import EXP, IDENTITY, RECIPROCAL, RELU, TANH, LeakyRelu
from perceptron.errors import NetworkError
from perceptron.numbers import Number, as_number
from perceptron.unit import SIGMOID, STEP, Activation, Table

DIGITS, HEX_DIGITS = 1000, 40_000  # the longest integers in decimal and in hexadecimal
NAMED: dict[str, Activation] = {f.name: f for f in (STEP, SIGMOID, RELU, TANH, IDENTITY, EXP, RECIPROCAL)}

_WHOLE = rf"(?:\d{{1,{DIGITS}}}|0x[0-9a-f]{{1,{HEX_DIGITS}}})"
_TEXT = re.compile(rf"(-?)({_WHOLE})(?:/({_WHOLE}))?", re.ASCII)


def number_json(value: Number) -> str:
    """The JSON text of a number.

    Raises
    ------
    NetworkError
        If an integer in it has more than 40,000 hexadecimal digits.

    Examples
    --------
    >>> number_json(-2), number_json(0.1), number_json(Fraction(-1, 3))
    ('-2', '0.1', '"-1/3"')
    """
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Fraction):
        return f'"{_whole(value.numerator)}/{_whole(value.denominator)}"'
    text = _whole(value)
    return f'"{text}"' if "x" in text else text


def _whole(value: int) -> str:
    if value.bit_length() <= 3 * DIGITS:
        return str(value)
    if value.bit_length() > 4 * HEX_DIGITS:
        raise NetworkError(f"an integer of {value.bit_length()} bits is longer than a file takes; divide the weights")
    return hex(value)


def number_of(value: object) -> Number:
    """The number that a JSON value stands for.

    Raises
    ------
    NetworkError
        If it stands for none.

    Examples
    --------
    >>> number_of("-1/3"), number_of("0x10"), number_of(2.0)
    (Fraction(-1, 3), 16, 2.0)
    """
    if isinstance(value, str):
        match = _TEXT.fullmatch(value)
        if match and (match[3] or match[2].startswith("0x")):
            sign = -1 if match[1] else 1
            whole = sign * int(match[2], 0 if "x" in match[2] else 10)
            if match[3] is None:
                return whole
            below = int(match[3], 0 if "x" in match[3] else 10)
            if below:
                return Fraction(whole, below)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        return as_number(value, "a number")
    raise NetworkError(f'{shown(value)} is no number; write 2, 0.5, or a fraction in quotes such as "1/3"')


def activation_json(activation: Activation) -> str | None:
    """The JSON text of an activation, or None for one that is not of this package.

    Examples
    --------
    >>> activation_json(STEP), activation_json(Table(0, 1, 0)), activation_json(LeakyRelu(0.1))
    ('"step"', '{"table": "010"}', '{"leaky_relu": 0.1}')
    """
    if isinstance(activation, Table):
        return f'{{"table": "{"".join(map(str, activation.values))}"}}'
    if isinstance(activation, LeakyRelu):
        return f'{{"leaky_relu": {number_json(activation.alpha)}}}'
    return f'"{activation.name}"' if NAMED.get(activation.name) == activation else None


def activation_of(value: object) -> Activation:
    """The activation that a JSON value stands for.

    Raises
    ------
    NetworkError
        If it stands for none.

    Examples
    --------
    >>> activation_of("step"), activation_of({"table": "010"})
    (STEP, Table(0, 1, 0))
    """
    if isinstance(value, str) and value in NAMED:
        return NAMED[value]
    if isinstance(value, dict) and len(value) == 1:
        key, argument = next(iter(value.items()))
        if key == "table" and isinstance(argument, str) and argument and not argument.strip("01"):
            return Table(*map(int, argument))
        if key == "leaky_relu":
            return LeakyRelu(number_of(argument))
    raise NetworkError(
        f"{shown(value)} is no activation; write one of {', '.join(NAMED)}, "
        '{"table": "010"} or {"leaky_relu": 0.01}'
    )


def shown(value: object) -> str:
    """A JSON value in a message, cut where it is long."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"an object of {len(value)} keys"
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:37] + "...")
    if isinstance(value, int) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
