"""What both forms of AIGER have in common: header, interface sections, symbol table and comment."""

from __future__ import annotations

from typing import NamedTuple

from circuits.formats.aiger.aig import Aig, Latch
from circuits.formats.aiger.binary import read_ands as read_binary_ands
from circuits.formats.aiger.scan import Scanner, shown, unprintable
from circuits.formats.aiger.text import Definitions
from circuits.formats.errors import FormatError

# A binary file does not list its inputs. Each that is used costs two bytes elsewhere; of those that are not
# used, only this many are believed, so that ten bytes of header cannot ask for billions of them.
SPARE_INPUTS = 1 << 16

_SECTIONS = {"i": "input", "l": "latch", "o": "output", "b": "bad state", "c": "constraint", "j": "justice property"}
WORDS = _SECTIONS | {"f": "fairness constraint"}


class Header(NamedTuple):
    """The numbers of the first line, with 0 for those that it leaves out."""

    largest: int
    inputs: int
    latches: int
    outputs: int
    ands: int
    bad: int = 0
    constraints: int = 0
    justice: int = 0
    fairness: int = 0


def read(data: bytes) -> Aig:
    """The graph that a file of either form describes.

    Raises
    ------
    FormatError
        If the file breaks the format, with the line or the byte offset.
    """
    scanner = Scanner(data)
    header = _header(scanner)
    aig = Aig(inputs=header.inputs, binary=scanner.binary)
    defined = None if scanner.binary else Definitions(scanner, header.largest)
    if defined is not None:
        for position in range(header.inputs):
            (literal,) = scanner.numbers(f"input {position}", 1, 1)
            defined.define(literal, f"input {position}")
    for position in range(header.latches):
        aig.latches.append(_latch(scanner, header, position, defined))
    aig.outputs = _literals(scanner, header, "output", header.outputs, defined)
    aig.bad = _literals(scanner, header, "bad state", header.bad, defined)
    aig.constraints = _literals(scanner, header, "constraint", header.constraints, defined)
    sizes = [_justice_size(scanner, position) for position in range(header.justice)]
    for position, size in enumerate(sizes):
        _require_lines(scanner, size, f"justice property {position}")
        aig.justice.append(_literals(scanner, header, f"justice property {position}: literal", size, defined))
    aig.fairness = _literals(scanner, header, "fairness constraint", header.fairness, defined)
    if defined is None:
        aig.left, aig.right = read_binary_ands(scanner, aig.first_and, header.ands)
    else:
        defined.finish(aig, header.ands)
    _symbols(scanner, aig)
    return aig


def _header(scanner: Scanner) -> Header:
    data = scanner.data
    if data[:3] not in (b"aag", b"aig"):
        raise FormatError(f"an AIGER file starts with 'aag' or 'aig', this one with {shown(data[:12])}", offset=0)
    scanner.binary = data[:3] == b"aig"
    line = scanner.next_line("the header")
    if line.endswith(b"\r"):
        if scanner.binary:
            raise scanner.error("the header ends with a carriage return: a binary file was copied as text")
        scanner.crlf = True
        line = line[:-1]
    words = line.split(b" ")
    if len(words[0]) > 3 or not 6 <= len(words) <= 10:
        raise scanner.error(
            f"the header is {shown(line)}; it is '{words[0][:3].decode()} M I L O A' and up to four more numbers, "
            "with one blank between two"
        )
    named = zip("MILOABCJF", words[1:], strict=False)  # the last four are optional
    header = Header(*(scanner.number(word, f"{name} in the header") for name, word in named))
    parts = header.inputs + header.latches + header.ands
    if scanner.binary and header.largest != parts:
        raise scanner.error(
            f"the header has M = {header.largest}, but I + L + A = {parts}; a binary file has them equal"
        )
    if header.largest < parts:
        raise scanner.error(f"the header has M = {header.largest}, but I + L + A = {parts} variables are defined")
    listed = sum(header[2:]) + (0 if scanner.binary else header.inputs)
    _require_lines(scanner, listed, "the header")
    if scanner.binary and header.inputs > scanner.left + SPARE_INPUTS:
        raise scanner.error(
            f"the header promises {header.inputs} inputs, but only {scanner.left} bytes follow; "
            f"at most {SPARE_INPUTS} more than these are read"
        )
    return header


def _require_lines(scanner: Scanner, count: int, who: str) -> None:
    """Refuse a promise that the rest of the file cannot keep, before anything is made for it."""
    if 2 * count > scanner.left:
        raise scanner.error(f"{who} promises {count} entries, but only {scanner.left} bytes follow; it is truncated")


def _latch(scanner: Scanner, header: Header, position: int, defined: Definitions | None) -> Latch:
    what = f"latch {position}"
    own = 0 if defined is None else 1  # the ascii form starts the line with the latch's literal
    numbers = scanner.numbers(what, own + 1, own + 2)
    if defined is None:
        literal = 2 * (header.inputs + position + 1)
    else:
        literal = numbers.pop(0)
        defined.define(literal, what)
    _check_literal(scanner, header, numbers[0], f"{what}: the next value", defined)
    reset: int | None = numbers[1] if len(numbers) > 1 else 0
    if reset not in (0, 1):
        if reset != literal:
            raise scanner.error(
                f"{what}: the reset value is {reset}; give 0, 1, or the latch's own literal {literal} for unknown"
            )
        reset = None
    return Latch(numbers[0], reset)


def _literals(scanner: Scanner, header: Header, what: str, count: int, defined: Definitions | None) -> list[int]:
    literals = []
    for position in range(count):
        (literal,) = scanner.numbers(f"{what} {position}", 1, 1)
        _check_literal(scanner, header, literal, f"{what} {position}", defined)
        literals.append(literal)
    return literals


def _check_literal(scanner: Scanner, header: Header, literal: int, what: str, defined: Definitions | None) -> None:
    if literal > 2 * header.largest + 1:
        raise scanner.error(
            f"{what} is the literal {literal}; with M = {header.largest} they end at {2 * header.largest + 1}"
        )
    if defined is not None:
        defined.use(literal, what)


def _justice_size(scanner: Scanner, position: int) -> int:
    (size,) = scanner.numbers(f"the size of justice property {position}", 1, 1)
    if size == 0:
        raise scanner.error(f"justice property {position} has no literals; a network cannot keep an empty property")
    return size


def _symbols(scanner: Scanner, aig: Aig) -> None:
    counts = {"i": aig.inputs, "l": len(aig.latches), "o": len(aig.outputs), "b": len(aig.bad)}
    counts |= {"c": len(aig.constraints), "j": len(aig.justice), "f": len(aig.fairness)}
    while scanner.left:
        head = scanner.data[scanner.at : scanner.at + 2]
        if head[:1] == b"c" and len(head) == 2 and not head[1:].isdigit():
            return  # the comment reaches to the end of the file; some writers put data of their own behind the c
        line = scanner.next_line("the symbol table")
        letter = line[:1].decode("ascii", "replace")
        if letter not in counts:
            raise scanner.error(
                f"{shown(line)} stands after the last AND; only symbols (i l o b c j f) and a comment (c) may"
            )
        word, blank, raw = line.partition(b" ")
        if not blank:
            raise scanner.error(f"the symbol {shown(line)} has no name; write the position, a blank and the name")
        position = scanner.number(word[1:], "the position of a symbol")
        what = f"{WORDS[letter]} {position}"
        if position >= counts[letter]:
            raise scanner.error(f"there is a symbol for {what}, but they are only {counts[letter]} (from 0)")
        if (letter, position) in aig.places:
            raise scanner.error(f"{what} has a second symbol {shown(raw)}; it can have one")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise scanner.error(f"the symbol of {what} is {shown(raw)}, which is neither ASCII nor UTF-8") from error
        if unprintable(name):
            raise scanner.error(f"the symbol of {what} is {shown(raw)}; a name has printable characters only")
        aig.places[letter, position] = scanner.place
        if name:  # an empty name is as good as none
            aig.symbols[letter, position] = name
