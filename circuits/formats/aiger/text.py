"""The ascii form's definitions: in any order and with any variables, so they are checked and put in order."""

from __future__ import annotations

import re

import numpy as np

from circuits.formats.aiger.aig import Aig, Latch
from circuits.formats.aiger.scan import Scanner

_AND = re.compile(rb"([1-9][0-9]{0,17}) (0|[1-9][0-9]{0,17}) (0|[1-9][0-9]{0,17})")
SHOWN = 30  # literals of a loop that a message lists


class Definitions:
    """The variables that an ascii file defines and the literals that it uses.

    Inputs and latches are renumbered from 1 as they come; the ANDs follow when all are known and in order.
    """

    def __init__(self, scanner: Scanner, largest: int):
        self._scanner = scanner
        self._largest = largest
        self._place: dict[int, int] = {0: 0}  # variable of the file -> line of its definition
        self._number: dict[int, int] = {0: 0}  # variable of the file -> variable of the Aig
        self._used: list[tuple[int, str, int]] = []  # literal, who reads it, line

    def define(self, literal: int, what: str) -> None:
        """The literal of an input or a latch."""
        self._claim(literal, what)
        self._number[literal >> 1] = len(self._number)

    def use(self, literal: int, what: str) -> None:
        """A literal that may be defined later in the file."""
        if literal >> 1 not in self._place:
            self._used.append((literal, what, self._scanner.place))

    def finish(self, aig: Aig, count: int) -> None:
        """Read the ANDs, check that everything used is defined, and renumber the whole graph."""
        ands = self._read(count)
        for literal, what, line in self._used:
            if literal >> 1 not in self._place:
                raise self._scanner.error_at(f"{what} is the literal {literal}, which nothing defines", line)
        number = self._number
        for variable in self._order(ands):
            number[variable] = len(number)
        order = list(number)[aig.first_and :]
        for at, side in enumerate((aig.left, aig.right)):
            renumbered = (ands[variable][at] for variable in order)
            side = np.fromiter((2 * number[v >> 1] | v & 1 for v in renumbered), np.int64, len(order))
            setattr(aig, ("left", "right")[at], side)
        new = self._renumbered
        aig.latches = [Latch(new([latch.next])[0], latch.reset) for latch in aig.latches]
        aig.outputs, aig.bad, aig.constraints = new(aig.outputs), new(aig.bad), new(aig.constraints)
        aig.justice, aig.fairness = [new(literals) for literals in aig.justice], new(aig.fairness)

    def _renumbered(self, literals: list[int]) -> list[int]:
        return [2 * self._number[literal >> 1] | literal & 1 for literal in literals]

    def _claim(self, literal: int, what: str) -> None:
        if literal & 1 or literal < 2:
            raise self._scanner.error(f"{what} defines the literal {literal}; only even ones from 2 are defined")
        variable = literal >> 1
        if variable > self._largest:
            raise self._scanner.error(
                f"{what} defines the literal {literal}; with M = {self._largest} they end at {2 * self._largest}"
            )
        if variable in self._place:
            raise self._scanner.error(
                f"{what} defines the literal {literal} a second time (first on line {self._place[variable]})"
            )
        self._place[variable] = self._scanner.place

    def _read(self, count: int) -> dict[int, tuple[int, int]]:
        """Variable -> the two literals that its AND reads."""
        scanner, place, bound = self._scanner, self._place, 2 * self._largest + 1
        ands: dict[int, tuple[int, int]] = {}
        for position in range(count):
            line = scanner.next_line("an AND")
            match = _AND.fullmatch(line)
            if match is None:
                scanner.at, scanner.line = scanner.start, scanner.line - 1
                whole, left, right = scanner.numbers(f"AND {position}", 3, 3)
            else:
                whole, left, right = map(int, match.groups())
            self._claim(whole, f"AND {position}")
            for literal in (left, right):
                if literal > bound:
                    raise scanner.error(
                        f"AND {position} reads the literal {literal}; with M = {self._largest} they end at {bound}"
                    )
                if literal >> 1 not in place:
                    self._used.append((literal, f"a source of AND {position}", scanner.place))
            ands[whole >> 1] = (left, right)
        return ands

    def _order(self, ands: dict[int, tuple[int, int]]) -> list[int]:
        """The ANDs' variables, sources first, in the order of the file wherever that allows it."""
        order: list[int] = []
        done = set(self._number)
        for first in ands:
            path: dict[int, None] = {}  # what is being looked at, from the reader down to its sources
            waiting = [] if first in done else [first]
            while waiting:
                variable = waiting[-1]
                path[variable] = None
                source = next((v >> 1 for v in ands[variable] if v >> 1 not in done), None)
                if source is None:
                    waiting.pop()
                    del path[variable]
                    done.add(variable)
                    order.append(variable)
                elif source in path:
                    self._loop(list(path), source)
                else:
                    waiting.append(source)
        return order

    def _loop(self, path: list[int], variable: int) -> None:
        loop = path[path.index(variable) :]
        shown = [str(2 * one) for one in loop[:SHOWN]]
        if len(loop) > SHOWN:
            shown.append(f"... ({len(loop) - SHOWN} more)")
        chain = " reads ".join([*shown, str(2 * variable)])
        raise self._scanner.error_at(f"ANDs form a loop without a latch: {chain}", self._place[variable])
