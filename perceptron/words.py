"""Words: names such as `a[0]` to `a[7]` as one integer, and integers as packed rows of bits and back.

A packed row has sample 64 i + j in bit j of word i, as in `perceptron.engines.bits`. Turning integers into rows is a
transposition of bits: eight samples of eight bits are one 64-bit word, turned in three exchanges of bits (H. S. Warren,
"Hacker's Delight", 7-3), a byte of the word at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from perceptron.errors import InputError

Rows = NDArray[np.uint64]

_BIT = re.compile(r"(.+)\[(0|[1-9][0-9]*)\]", re.DOTALL)
_EXCHANGES = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))
_BLOCK = 1 << 12  # 64-bit words transposed at once: 32 KiB stay in the first-level cache


@dataclass(frozen=True, slots=True)
class Field:
    """One bit, or a word of bits, among names in order.

    Attributes
    ----------
    name : str
    places : tuple of int
        Where its bits stand among the names, least significant first; one place for a bit.
    word : bool
        Whether its bits are called `name[0]`, `name[1]`, ...; a bit is called `name`.
    signed : bool
        Whether the word is read in two's complement.
    """

    name: str
    places: tuple[int, ...]
    word: bool
    signed: bool = False

    @property
    def bits(self) -> list[str]:
        """The names of its bits, least significant first."""
        return [f"{self.name}[{place}]" for place in range(len(self.places))] if self.word else [self.name]

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest value."""
        width = len(self.places)
        return (-(1 << width - 1), (1 << width - 1) - 1) if self.signed else (0, (1 << width) - 1)

    def value(self, bits: Sequence[int]) -> int:
        """The value that these bits are, least significant first."""
        number = sum(bit << place for place, bit in enumerate(bits))
        return number - (1 << len(bits)) if self.signed and bits[-1] else number

    @property
    def kind(self) -> str:
        """What a value has to be, in words."""
        if not self.word:
            return "0 or 1"
        least, most = self.range
        width = len(self.places)
        if width > 64:
            return f"an integer from {'-2**' + str(width - 1) if self.signed else 0} to 2**{width - self.signed} - 1"
        return f"an integer from {least} to {most}"


def fields(names: Sequence[str], signed: Collection[str] = ()) -> dict[str, Field]:
    """The words and the single bits that some names make up, in the order of their first bits.

    `a[0]` to `a[n - 1]`, each there in whatever order, are the word `a`, unless there is a name `a` as well. Every
    other name is a bit.

    Parameters
    ----------
    names : sequence of str
    signed : collection of str, optional
        The words that are read in two's complement.

    Examples
    --------
    >>> list(fields(["a[0]", "a[1]", "carry", "b[2]"]))
    ['a', 'carry', 'b[2]']
    >>> fields(["a[1]", "a[0]"])["a"].places
    (1, 0)
    """
    place = {name: at for at, name in enumerate(names)}
    width: dict[str, int] = {}
    highest: dict[str, int] = {}
    base = {}
    for name in names:
        matched = _BIT.fullmatch(name)
        if matched is not None:
            word, bit = base[name] = matched[1], int(matched[2])
            width[word] = width.get(word, 0) + 1
            highest[word] = max(bit, highest.get(word, 0))
    found: dict[str, Field] = {}
    for name in names:
        word = base[name][0] if name in base else name
        if name in base and highest[word] == width[word] - 1 and word not in place:
            if word not in found:
                places = tuple(place[f"{word}[{bit}]"] for bit in range(width[word]))
                found[word] = Field(word, places, True, word in signed)
        else:
            found[name] = Field(name, (place[name],), False)
    return found


def bits(names: Sequence[str]) -> dict[str, Field]:
    """Every name a bit by itself.

    >>> list(bits(["a[0]", "a[1]"]))
    ['a[0]', 'a[1]']
    """
    return {name: Field(name, (at,), False) for at, name in enumerate(names)}


def to_rows(field: Field, values: ArrayLike) -> Rows:
    """Values as packed rows (bits, words), least significant bit first; zeros beyond the last sample.

    Parameters
    ----------
    field : Field
    values : array_like (samples,)
        Integers of any size (NumPy's or Python's), booleans, or floats that are whole.

    Raises
    ------
    InputError
        If a value is no integer, or outside the range of the field.

    Examples
    --------
    >>> word = fields(["a[0]", "a[1]", "a[2]"])["a"]
    >>> to_rows(word, [1, 3, 4]).tolist()
    [[3], [2], [4]]
    """
    array = integers(field, values)
    width, count = len(field.places), len(array)
    words = -(-count // 64)
    if width == 1:
        bits = np.packbits(array.astype(bool), bitorder="little")
        row = np.zeros(8 * words, dtype=np.uint8)
        row[: len(bits)] = bits
        return row.view("<u8").astype(np.uint64, copy=False)[None]
    size = -(-width // 8)
    if array.dtype == object:
        joined = b"".join([int(value).to_bytes(size, "little", signed=field.signed) for value in array.tolist()])
        octets = np.frombuffer(joined, dtype=np.uint8).reshape(count, size)
    else:
        octets = np.ascontiguousarray(array.astype("<u8", copy=False)).view(np.uint8).reshape(count, 8)
    rows = np.empty((8 * size, 8 * words), dtype=np.uint8)
    for byte in range(size):
        for first in range(0, 8 * words, _BLOCK):
            stop = min(first + _BLOCK, 8 * words)
            samples = octets[8 * first : 8 * stop, byte]
            column = np.zeros(8 * (stop - first), dtype=np.uint8)
            column[: len(samples)] = samples
            turned = _turned(column.view("<u8")).view(np.uint8).reshape(-1, 8)
            rows[8 * byte : 8 * byte + 8, first:stop] = turned.T
    return rows[:width].view("<u8").astype(np.uint64, copy=False)


def from_rows(field: Field, rows: Rows, count: int) -> NDArray[Any]:
    """The first `count` values of packed rows (bits, words), least significant bit first.

    Returns
    -------
    ndarray (count,)
        uint8 for a bit; int64 for a word that fits, and Python ints for a wider one.

    Examples
    --------
    >>> word = fields(["a[0]", "a[1]", "a[2]"])["a"]
    >>> from_rows(word, np.array([[3], [2], [4]], dtype=np.uint64), 3)
    array([1, 3, 4])
    """
    width = len(field.places)
    octets_of_rows = np.ascontiguousarray(rows).astype("<u8", copy=False).view(np.uint8)
    if not field.word:
        return np.unpackbits(octets_of_rows[0], count=count, bitorder="little")
    small = width < 64 or (width == 64 and field.signed)
    size = 8 if small else -(-width // 8)
    octets = np.zeros((8 * octets_of_rows.shape[1], size), dtype=np.uint8)
    for byte in range(-(-width // 8)):
        part = octets_of_rows[8 * byte : 8 * byte + 8]
        for first in range(0, part.shape[1], _BLOCK):
            block = np.zeros((min(_BLOCK, part.shape[1] - first), 8), dtype=np.uint8)
            block[:, : len(part)] = part[:, first : first + _BLOCK].T
            turned = _turned(block.view("<u8").ravel())
            octets[8 * first : 8 * (first + len(block)), byte] = turned.view(np.uint8)
    if small:
        values = octets.view("<i8").ravel()[:count].astype(np.int64, copy=False)
        if field.signed and width < 64:
            sign = np.int64(1 << width - 1)
            values = (values ^ sign) - sign
        return values
    wide = np.empty(count, dtype=object)
    wide[:] = [int.from_bytes(value, "little") for value in octets[:count]]
    if field.signed:
        wide = (wide ^ (1 << width - 1)) - (1 << width - 1)
    return wide


def _turned(words: Rows) -> Rows:
    """Each word as a square of 8 by 8 bits, rows and columns exchanged, in place."""
    for shift, mask in _EXCHANGES:
        moved = words >> np.uint64(shift)
        moved ^= words
        moved &= np.uint64(mask)
        words ^= moved
        moved <<= np.uint64(shift)
        words ^= moved
    return words


def integers(field: Field, values: ArrayLike) -> NDArray[Any]:
    """The values as an array (samples,), each in the field's range: NumPy's integers, Python's for more than 64 bits.

    Raises
    ------
    InputError
        If a value is no integer, or outside the range.
    """
    array = values if isinstance(values, np.ndarray) else _array(values)
    if array.dtype == object or np.issubdtype(array.dtype, np.floating):
        listed = array.tolist()
        entries = [_integer(entry) for entry in listed]
        if None in entries:
            raise InputError(f"input {field.name!r} is {listed[entries.index(None)]!r}; give {field.kind}")
        array = np.empty(len(entries), dtype=object)
        array[:] = entries
    elif array.dtype != bool and not np.issubdtype(array.dtype, np.integer):
        raise InputError(f"input {field.name!r} has values of type {array.dtype}; give {field.kind}")
    least, most = field.range
    if len(array) and not least <= int(array.min()) <= int(array.max()) <= most:
        at, wrong = next((at, value) for at, value in enumerate(array.tolist()) if not least <= value <= most)
        raise InputError(f"input {field.name!r} is {int(wrong)} in sample {at}; give {field.kind}")
    if len(field.places) > 64:
        return array.astype(object)
    return array.astype(np.int64 if field.signed else np.uint64) if array.dtype == object else array


def _array(values: ArrayLike) -> NDArray[Any]:
    """As NumPy makes it, but never a float of an integer: a list such as [1, 2**63] would be rounded."""
    array = np.asarray(values)
    return np.asarray(values, dtype=object) if np.issubdtype(array.dtype, np.floating) else array


def _integer(value: Any) -> int | None:
    if isinstance(value, bool | int | np.integer | np.bool_):
        return int(value)
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return int(value)
    return None
