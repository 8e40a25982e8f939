"""mux, where and select: choosing between wires or words while the circuit runs."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from circuits import cells
from circuits.errors import CircuitError
from circuits.language.bits import is_bit
from circuits.language.choosing import chosen
from circuits.language.gate import Gate
from circuits.language.operators import Operand
from circuits.language.scope import Scope
from circuits.language.words import fitting, word_of
from circuits.wires import Wire, Word


class _Mux(Gate):
    """The gate mux, which takes words and integers too."""

    def __call__(self, *operands: Any, name: str | None = None) -> Any:
        """`high` where `select` is 1, else `low`: wires, words of one width, integers; or bits and arrays (samples,).

        A `select` of 0 or 1 that is known while the circuit is built chooses at once, without a unit.

        Raises
        ------
        CircuitError
            If there are not three operands, `select` is no single bit, or the widths or signs of `high` and `low`
            differ.
        """
        if len(operands) != 3 or not any(isinstance(operand, Operand) for operand in operands):
            return super().__call__(*operands, name=name)
        select, high, low = operands
        if isinstance(select, Word):
            raise CircuitError(
                f"mux is given a word of {len(select)} bits to decide; give one wire, such as word.any() or word == 1, "
                "or choose by a number with select(word, options)"
            )
        if not isinstance(select, Wire) and not is_bit(select):
            raise CircuitError(f"mux is given {select!r} to decide; give a wire, 0 or 1")
        if not any(isinstance(value, Word) or _is_number(value) for value in (high, low)):
            if isinstance(select, Wire):
                return super().__call__(*operands, name=name)
            return _scope(high, low).wire(high if select else low)
        signed, columns = _columns([high, low], "mux")
        if isinstance(select, Wire):
            made = [super(_Mux, self).__call__(select, *pair) for pair in zip(*columns, strict=True)]
        else:
            scope = _scope(high, low)
            made = [scope.wire(bit) for bit in columns[0 if select else 1]]
        return word_of(made, signed)


mux = _Mux(
    "mux",
    lambda pins: cells.mux(),
    ["select", "high", "low"],
    3,
    "`high` where `select` is 1, else `low`. One table unit a bit. An integer beside a word takes its width.",
)
where = mux


def select(index: Word | Wire, options: Sequence[Any], default: Any = None) -> Any:
    """The option whose number is the index, while the circuit runs.

    A tree of multiplexers: at most 2**m - 1 table units for each bit of an option and m bits of index.

    Parameters
    ----------
    index : Word or Wire
        Read as an unsigned number.
    options : sequence of wires, words of one width, or integers
        At most 2**m of them. Integers take the width of the words; 0 and 1 alone are bits, larger ones words.
    default : wire, word or integer, optional
        What the numbers beyond the options give; needed where there are any.

    Returns
    -------
    Wire or Word

    Raises
    ------
    CircuitError
        If the index is no wire or word, there are too many options, too few without a default, or their widths
        differ.

    Examples
    --------
    >>> from circuits import Word, circuit, select
    >>> @circuit
    ... def prime(at: Word[2]):
    ...     return select(at, [2, 3, 5, 7])
    >>> prime([0, 1, 2, 3])
    array([2, 3, 5, 7])
    """
    if not isinstance(index, Wire | Word):
        raise CircuitError(f"select is given the index {index!r}; give a wire or a word first, then the options")
    scope, places = index.scope, list(index._number().bits)
    every = list(options)
    if len(every) > 2 ** len(places):
        raise CircuitError(
            f"select is given {len(every)} options, but an index of {len(places)} bits reaches {2 ** len(places)}; "
            "give a wider index, or leave out options"
        )
    if len(every) < 2 ** len(places):
        if default is None:
            raise CircuitError(
                f"select is given {len(every)} options for an index of {len(places)} bits, which reaches "
                f"{2 ** len(places)}; say with default= what the others give"
            )
        every += [default] * (2 ** len(places) - len(every))
    part = scope.next_part("select")
    if all(isinstance(option, Wire) or is_bit(option) for option in every):
        return scope.wire(chosen(scope, places, every, part))
    signed, columns = _columns(every, "select")
    bits = [
        scope.wire(chosen(scope, places, column, f"{part}.bit{place}"))
        for place, column in enumerate(zip(*columns, strict=True))
    ]
    return word_of(bits, signed)


def _columns(values: Sequence[Any], what: str) -> tuple[bool, list[list[Wire | int]]]:
    """Words and integers as bits of one width, and whether they are signed."""
    words = [value for value in values if isinstance(value, Word)]
    _require_one_sign(words, what)
    for value in values:
        if isinstance(value, Wire):
            others = f"words of {len(words[0])} bits" if words else "integers"
            raise CircuitError(f"{what} is given a wire beside {others}; make it a word, as in Word([wire]).extend(8)")
    widths = sorted({len(word) for word in words})
    if len(widths) > 1:
        raise CircuitError(
            f"{what} is given words of {' and '.join(map(str, widths))} bits; give one width, as in "
            f"word.extend({widths[-1]})"
        )
    if words:
        width, signed = widths[0], words[0].is_signed
    else:
        signed = any(_is_number(value) and value < 0 for value in values)
        width = max(len(fitting(value, None, signed, f"{what} of {value!r}")) for value in values)
    return signed, [
        list(value)
        if isinstance(value, Word)
        else list(fitting(value, width, signed, f"{what} of words and {value!r}"))
        for value in values
    ]


def _scope(*values: Any) -> Scope:
    return next(value.scope for value in values if isinstance(value, Operand))


def _require_one_sign(words: Sequence[Word], what: str) -> None:
    if len({word.is_signed for word in words}) > 1:
        raise CircuitError(
            f"{what} is given a signed and an unsigned word; write word.signed() or word.unsigned() for one of them"
        )


def _is_number(value: Any) -> bool:
    """Whether it is an integer, and no bit."""
    try:
        return not isinstance(value, Operand) and operator.index(value) not in (0, 1)
    except TypeError:
        return False
