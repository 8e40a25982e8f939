"""smallest: a failing input made as small as it will get, a step or a value at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Rows = list[list[int]]  # a row for each step, a value in it for each input

TRIES = 5_000


def smallest(rows: Rows, fails: Callable[[Rows], int | None], tries: int = TRIES) -> Rows:
    """Failing rows of which no row can be left out and no value made smaller by itself.

    Parameters
    ----------
    rows : list of list of int
    fails : function
        The number of the first row, of some rows, at which they fail; None if they do not. What comes after that row
        is dropped.
    tries : int
        The most calls of `fails`; beyond them the rows are as small as they are by then.

    Returns
    -------
    list of list of int
        Leaving out a row, or making one value 0, positive, without one of its bits or 1 smaller, they no longer fail.

    Examples
    --------
    >>> smallest([[7, 200], [0, 9]], lambda rows: 0 if rows[0][1] > 100 else None)
    [[0, 101]]
    """
    search = _Search(rows, fails, tries)
    while search.shorter() | search.lower():
        pass
    return search.rows


class _Search:
    """The smallest rows so far, and how many calls are left."""

    def __init__(self, rows: Rows, fails: Callable[[Rows], int | None], tries: int):
        self.rows = rows
        self._fails = fails
        self._left = tries
        self._takes(rows)

    def _takes(self, candidate: Rows) -> bool:
        """Whether these rows fail as well; then they are the smallest so far."""
        if self._left <= 0:
            return False
        self._left -= 1
        at = self._fails(candidate)
        if at is None:
            return False
        self.rows = candidate[: at + 1]
        return True

    def shorter(self) -> bool:
        """Leave out rows: half of them, a quarter, ..., one at a time."""
        any_at_all = False
        size = len(self.rows) // 2
        while size:
            start = 0
            while start + size <= len(self.rows) and len(self.rows) > size:
                if self._takes([*self.rows[:start], *self.rows[start + size :]]):
                    any_at_all = True
                else:
                    start += size
            size //= 2
        return any_at_all

    def lower(self) -> bool:
        """Make values smaller, one after another."""
        any_at_all = False
        at = 0
        while at < len(self.rows):
            for place in range(len(self.rows[at])):
                while at < len(self.rows) and any(self._takes(candidate) for candidate in self._with_less(at, place)):
                    any_at_all = True
                if at >= len(self.rows):
                    break
            at += 1
        return any_at_all

    def _with_less(self, at: int, place: int) -> Iterator[Rows]:
        rows = self.rows
        for less in _less(rows[at][place]):
            yield [*rows[:at], [*rows[at][:place], less, *rows[at][place + 1 :]], *rows[at + 1 :]]


def _less(value: int) -> Iterator[int]:
    """Numbers nearer to 0: 0, the number without its sign, without one of its bits, and the next one."""
    size, sign = abs(value), 1 if value >= 0 else -1
    if value:
        yield 0
    if value < 0:
        yield size
    for place in reversed(range(size.bit_length())):
        if size >> place & 1 and size ^ (1 << place):
            yield sign * (size ^ (1 << place))
    if size > 1:
        yield sign * (size - 1)
