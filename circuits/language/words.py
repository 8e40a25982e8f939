"""Word and Signed: several wires that carry an integer, least significant bit first."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NoReturn, Self, overload

from circuits import cells
from circuits.cells import Cell
from circuits.errors import CircuitError
from circuits.language.arithmetic import Number, number
from circuits.language.bits import Wire, checked_times, is_bit
from circuits.language.choosing import chosen
from circuits.language.operators import Operand
from circuits.language.scope import Scope, required


class Width:
    """A width that the caller of a circuit chooses: parameters with the same one have the same width.

    Examples
    --------
    >>> from circuits import Width, Word, circuit
    >>> N = Width("N")
    >>> @circuit
    ... def both(a: Word[N], b: Word[N]):
    ...     return a & b
    >>> both[4](12, 10), both[16](40_000, 65_535)
    (8, 40000)
    """

    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return self.name


class WordType:
    """What `Word[n]` and `Signed[n]` are as annotations: a word of n bits, or of a width that is open."""

    def __init__(self, width: int | Width, signed: bool = False):
        if not isinstance(width, Width) and (isinstance(width, bool) or not isinstance(width, int) or width < 1):
            raise CircuitError(f"a word has the width {width!r}; give a whole number of at least 1, as in Word[8]")
        self.width = width
        self.signed = signed

    def __repr__(self) -> str:
        return f"{'Signed' if self.signed else 'Word'}[{self.width}]"


class Word(Operand, Sequence[Wire]):
    """Several wires that carry an integer, least significant bit first, unsigned.

    `Word[n]` as an annotation makes a parameter of n bits; `Word(wires)` makes a word from wires, 0 and 1. An index
    gives a wire, a slice an unsigned word, and a word as the index chooses a bit while the circuit runs. `&`, `|`,
    `^`, `~` work bit by bit, on equal widths; see `Operand` for arithmetic, comparisons and shifts.
    """

    __slots__ = ("_wires", "scope")
    _wires: tuple[Wire, ...]
    is_signed: ClassVar[bool] = False

    def __init__(self, wires: Iterable[Wire | int]):
        if isinstance(wires, int):
            raise CircuitError(f"a word is made of {wires!r}; write Word[{wires}] for a parameter of {wires} bits")
        bits = list(wires)
        scope = next((wire.scope for wire in bits if isinstance(wire, Wire)), None)
        if not bits:
            raise CircuitError("a word is made of no bits; give at least one wire, 0 or 1")
        object.__setattr__(self, "scope", scope or required("a word of constants"))
        object.__setattr__(self, "_wires", tuple(map(self.scope.wire, bits)))

    def __class_getitem__(cls, width: int | Width) -> WordType:
        return WordType(width, cls.is_signed)

    @classmethod
    def constant(cls, value: int, width: int | None = None) -> Self:
        """An integer as a word of the circuit that is being defined.

        Parameters
        ----------
        value : int
        width : int, optional
            By default as many bits as the value needs.

        Raises
        ------
        CircuitError
            If no circuit is being defined, the value does not fit, or it is negative in an unsigned word.
        """
        scope = required(f"the constant {value!r}")
        bits = fitting(value, width, cls.is_signed, f"{cls.__name__}.constant")
        return cls([scope.wire(bit) for bit in bits])

    def __len__(self) -> int:
        return len(self._wires)

    def __iter__(self) -> Iterator[Wire]:
        return iter(self._wires)

    @overload
    def __getitem__(self, index: int | Operand) -> Wire: ...

    @overload
    def __getitem__(self, index: slice) -> Word: ...

    def __getitem__(self, index: int | slice | Operand) -> Wire | Word:
        if isinstance(index, slice):
            return self._slice(index)
        if isinstance(index, Operand):
            return self._chosen(index)
        try:
            place = operator.index(index)
        except TypeError:
            raise CircuitError(f"{self._said()} is indexed by {index!r}; give an integer, a slice or a word") from None
        if not -len(self) <= place < len(self):
            raise CircuitError(f"bit {index} of a word of {len(self)} bits; the bits are 0 to {len(self) - 1}")
        return self._wires[place]

    def _slice(self, index: slice) -> Word:
        if any(isinstance(end, Operand) for end in (index.start, index.stop, index.step)):
            raise CircuitError(f"{self._said()} is cut at a word; the ends of a slice are integers, so shift it first")
        wires = self._wires[index]
        if not wires:
            ends = f"{'' if index.start is None else index.start}:{'' if index.stop is None else index.stop}"
            raise CircuitError(f"[{ends}] of {self._said()} is empty; its bits are 0 to {len(self) - 1}")
        return Word(wires)

    def _chosen(self, index: Operand) -> Wire:
        index_bits = index._number().bits
        if 2 ** len(index_bits) > len(self):
            raise CircuitError(
                f"{self._said()} is indexed by a word of {len(index_bits)} bits, which reaches beyond its last bit; "
                "write select(index, list(word), default=0)"
            )
        return self.scope.wire(chosen(self.scope, index_bits, self._wires))

    def __contains__(self, item: object) -> NoReturn:
        raise CircuitError(
            f"`in` asks {self._said()} for values that come only when the circuit runs; (word == value) is a wire"
        )

    def __setitem__(self, index: object, value: object) -> NoReturn:
        raise CircuitError(
            f"{self._said()} does not change, so a bit cannot be set; make a new one, as in Word([bit, *word[1:]])"
        )

    # --- bit by bit

    def __and__(self, other: Word | int) -> Word:
        return self._bitwise(cells.and_(2), other, "&")

    def __rand__(self, other: int) -> Word:
        return self._bitwise(cells.and_(2), other, "&")

    def __or__(self, other: Word | int) -> Word:
        return self._bitwise(cells.or_(2), other, "|")

    def __ror__(self, other: int) -> Word:
        return self._bitwise(cells.or_(2), other, "|")

    def __xor__(self, other: Word | int) -> Word:
        return self._bitwise(cells.parity(2), other, "^")

    def __rxor__(self, other: int) -> Word:
        return self._bitwise(cells.parity(2), other, "^")

    def __invert__(self) -> Word:
        not_ = cells.nor(1)
        return word_of([self.scope.add(not_, [wire]) for wire in self], self.is_signed)

    def _bitwise(self, cell: Cell, other: Any, sign: str) -> Word:
        bits: list[Wire | int]
        if isinstance(other, Word):
            bits = [*other]
            if len(other) != len(self):
                shorter = f"the shorter one as word.extend({max(len(self), len(other))})"
                raise CircuitError(
                    f"a word of {len(self)} bits meets one of {len(other)} bits; `{sign}` needs the same width, so "
                    f"write {shorter}, or cut the longer one, as in word[:{min(len(self), len(other))}]"
                )
        elif isinstance(other, Wire):
            raise CircuitError(
                f"{self._said()} meets {other._said()}; `{sign}` needs the same width, and wire.repeat({len(self)}) "
                "is a word of that bit"
            )
        else:
            bits = [*fitting(other, len(self), self.is_signed, f"{self._said()} {sign} {other!r}")]
        signed = self.is_signed and (not isinstance(other, Word) or other.is_signed)
        return word_of([self.scope.add(cell, [one, two]) for one, two in zip(self, bits, strict=True)], signed)

    def all(self) -> Wire:
        """1 where every bit is 1: one AND of n inputs."""
        return self.scope.add(cells.and_(len(self)), self._wires)

    def any(self) -> Wire:
        """1 where a bit is 1: one OR of n inputs."""
        return self.scope.add(cells.or_(len(self)), self._wires)

    def parity(self) -> Wire:
        """1 where an odd number of bits is 1: one table unit of n inputs."""
        return self.scope.add(cells.parity(len(self)), self._wires)

    # --- other words of the same bits: no units

    def extend(self, width: int) -> Word:
        """The same value in more bits: zeros above it, or copies of the sign. At most a constant.

        Raises
        ------
        CircuitError
            If the width is smaller, which `[:width]` is for.
        """
        if isinstance(width, bool) or not isinstance(width, int) or width < len(self):
            raise CircuitError(
                f"{self._said()} is extended to {width!r} bits; give at least {len(self)}, or cut it with [:width]"
            )
        return word_of([*self._wires, *[self[-1] if self.is_signed else 0] * (width - len(self))], self.is_signed)

    def repeat(self, times: int) -> Word:
        """The bits `times` times, one after the other, unsigned.

        Raises
        ------
        CircuitError
            If `times` is not a whole number of at least 1.
        """
        return Word(self._wires * checked_times(times))

    def signed(self) -> Signed:
        """The same bits read in two's complement."""
        return Signed(self._wires)

    def unsigned(self) -> Word:
        """The same bits read as an unsigned number."""
        return Word(self._wires)

    def _instead(self) -> str:
        return ", and for `is it not 0` word.any()"

    def _number(self) -> Number:
        return Number(self._wires, self.is_signed)

    def _said(self) -> str:
        return f"a {'signed ' if self.is_signed else ''}word of {len(self)} bits"

    def __repr__(self) -> str:
        return f"{'Signed' if self.is_signed else 'Word'}([{', '.join(wire.node for wire in self)}])"


class Signed(Word):
    """A word that is read in two's complement: n bits carry -2**(n - 1) to 2**(n - 1) - 1."""

    __slots__ = ()
    is_signed: ClassVar[bool] = True


def word_of(wires: Sequence[Wire | int], signed: bool) -> Word:
    """The wires as an unsigned word, or as a signed one."""
    return Signed(wires) if signed else Word(wires)


def _made(scope: Scope, made: Number) -> Word:
    return word_of([scope.wire(bit) for bit in made.bits], made.signed)


Operand.made = staticmethod(_made)


def fitting(value: Any, width: int | None, signed: bool, what: str) -> list[int]:
    """The bits of an integer in a word of that width and sign.

    Raises
    ------
    CircuitError
        If it is no integer, or does not fit; `what` says whose it is.
    """
    try:
        whole = operator.index(value)
    except TypeError:
        raise CircuitError(f"{what}: give a word, or an integer that fits") from None
    needs = number(whole)
    needed = len(needs.bits) + (signed and whole >= 0 and whole.bit_length() > 0)
    if whole < 0 and not signed:
        raise CircuitError(f"{what}: an unsigned word is not negative; give at least 0, or make the word signed")
    if width is not None and needed > width:
        least, most = (f"-2**{width - 1}", f"2**{width - 1} - 1") if signed else ("0", f"2**{width} - 1")
        raise CircuitError(f"{what}: {whole} does not fit {width} bits, which take {least} to {most}")
    return [whole >> place & 1 for place in range(width or needed)]


def concat(*parts: Wire | Word | int) -> Word:
    """The bits of wires and words in one word, the lowest first. No units.

    Parameters
    ----------
    *parts
        Wires, words, 0 and 1, at least one.

    Returns
    -------
    Word

    Raises
    ------
    CircuitError
        If there are none, or one is something else.

    Examples
    --------
    >>> from circuits import Word, circuit, concat
    >>> @circuit
    ... def swap(byte: Word[8]):
    ...     return concat(byte[4:], byte[:4])
    >>> hex(swap(0x2F))
    '0xf2'
    """
    bits: list[Wire | int] = []
    for part in parts:
        if isinstance(part, Word):
            bits.extend(part)
        elif isinstance(part, Wire) or is_bit(part):
            bits.append(part)
        else:
            raise CircuitError(f"concat is given {part!r}; give wires and words, the lowest first")
    return Word(bits)
