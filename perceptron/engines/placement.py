"""placement: from operations to passes over rows, in plain functions of numbers that kernels.py compiles as they stand.

Everywhere, operation `at` makes signal `first + at`; signals before that are the constant 0 and the inputs. Operands
are literals of earlier signals, and `third` is 0 for an operation of two. An operation may have a `partner`, a SUM
and a CARRY of the same three signals: one pass makes both. Without a partner it is -1.

A pass is a code and the rows that it reads and writes:

    0  x & y    1  x & not y    2  not x & not y    3  x ^ y        row z
    4  x ^ y ^ v                                                    row z
    5  at least two of x, y, v    6  ... of not x, y, v             row z
    7  4 into row z and 5 into row u    8  4 into z and 6 into u
"""

from __future__ import annotations

from typing import Any

from perceptron.engines.logic import AND, CARRY, SUM, XOR


def mark(first: int, left: Any, right: Any, third: Any, wanted: Any, needed: Any) -> None:
    """Set `needed`, all 0 and one for each signal, where the wanted literals depend on it."""
    for literal in wanted:
        needed[literal >> 1] = 1
    for at in range(len(left) - 1, -1, -1):
        if needed[first + at]:
            needed[left[at] >> 1] = 1
            needed[right[at] >> 1] = 1
            needed[third[at] >> 1] = 1


def adders(first: int, kind: Any, left: Any, right: Any, third: Any, needed: Any, partner: Any) -> None:
    """Make partners of a SUM and the CARRY right behind it, where they read the same and both are needed."""
    for at in range(len(kind) - 1):
        adder = kind[at] == SUM and kind[at + 1] == CARRY and needed[first + at] and needed[first + at + 1]
        if adder and left[at] == left[at + 1] and right[at] == right[at + 1] and third[at] == third[at + 1]:
            partner[at] = at + 1
            partner[at + 1] = at


def in_order(first: int, needed: Any, partner: Any, order: Any) -> int:
    """Put the needed operations into `order` as they come, of partners the earlier; how many there are."""
    count = 0
    for at in range(len(partner)):
        if needed[first + at] and not 0 <= partner[at] < at:
            order[count] = at
            count += 1
    return count


def deep_first(
    first: int,
    left: Any,
    right: Any,
    third: Any,
    partner: Any,
    wanted: Any,
    level: Any,
    state: Any,
    stack: Any,
    order: Any,
) -> int:
    """Put into `order` what the wanted literals depend on, one after another, of each the deepest operand first.

    Values are then used soon after they are made, which needs fewer rows in most networks. Of partners `order` has
    the earlier. Returns how many there are; `level`, `state` (signals) and `stack` (4 for each signal) are room.
    """
    for signal in range(len(level)):
        level[signal] = 0
        state[signal] = 0
    for at in range(len(left)):
        below = max(level[left[at] >> 1], level[right[at] >> 1], level[third[at] >> 1])
        level[first + at] = below + 1
    count = 0
    for literal in wanted:
        stack[0] = literal >> 1
        height = 1
        while height:
            signal = stack[height - 1]
            if signal >= first and 0 <= partner[signal - first] < signal - first:
                signal = first + partner[signal - first]
            if signal < first or state[signal] == 2:
                height -= 1
                continue
            at = signal - first
            if state[signal] == 1:
                state[signal] = 2
                order[count] = at
                count += 1
                height -= 1
                continue
            state[signal] = 1
            a, b, c = left[at] >> 1, right[at] >> 1, third[at] >> 1
            if level[a] > level[b]:
                a, b = b, a
            if level[b] > level[c]:
                b, c = c, b
            if level[a] > level[b]:
                a, b = b, a
            stack[height], stack[height + 1], stack[height + 2] = a, b, c
            height += 3
    return count


def place(
    first: int,
    kind: Any,
    left: Any,
    right: Any,
    third: Any,
    partner: Any,
    wanted: Any,
    order: Any,
    count: int,
    last: Any,
    row: Any,
    flip: Any,
    free: Any,
    code: Any,
    x: Any,
    y: Any,
    v: Any,
    z: Any,
    u: Any,
) -> int:
    """Give every signal a row until its last reader, and write the passes; how many rows that takes.

    `order` holds `count` operations. For each signal, `row` comes to hold its row and `flip` whether the row holds
    its complement; `last` and `free` are room for as many numbers. `code`, `x`, `y`, `v`, `z` and `u` are written.
    """
    for signal in range(len(last)):
        last[signal] = -1
        row[signal] = signal if signal < first else 0
        flip[signal] = 0
    for step in range(count):
        at = order[step]
        last[left[at] >> 1] = step
        last[right[at] >> 1] = step
        last[third[at] >> 1] = step
    for literal in wanted:
        last[literal >> 1] = count  # read at the very end
    last[0] = -1  # the constant keeps its row
    rows = first
    spare = 0
    for step in range(count):
        at = order[step]
        # The rows written are taken before those read are given back: none is both, which lets the compiler work on
        # many words at a time.
        other = partner[at]
        if spare:
            spare -= 1
            out = free[spare]
        else:
            out = rows
            rows += 1
        also = 0
        if other >= 0:
            if spare:
                spare -= 1
                also = free[spare]
            else:
                also = rows
                rows += 1
        what = kind[at]
        a, b, c = left[at], right[at], third[at]
        if other >= 0 and what == SUM:
            a, b, c = left[other], right[other], third[other]
        a, b, c = a ^ flip[a >> 1], b ^ flip[b >> 1], c ^ flip[c >> 1]
        if what == AND:
            if a & 1 and not b & 1:
                a, b = b, a
            code[step] = (a & 1) + (b & 1)
        elif what == XOR or (what == SUM and other < 0):
            code[step] = 3 if what == XOR else 4
            flip[first + at] = (a ^ b ^ c) & 1
        else:
            carry = other if what == SUM else at
            if (a & 1) + (b & 1) + (c & 1) >= 2:  # a majority of complements is the complement of the majority
                a, b, c = a ^ 1, b ^ 1, c ^ 1
                flip[first + carry] = 1
            if b & 1:
                a, b = b, a
            elif c & 1:
                a, c = c, a
            code[step] = (5 if other < 0 else 7) + (a & 1)
        row[first + at] = out
        if other >= 0:
            total = at if what == SUM else other
            odd = left[total] ^ right[total] ^ third[total]
            flip[first + total] = (odd ^ flip[left[total] >> 1] ^ flip[right[total] >> 1] ^ flip[third[total] >> 1]) & 1
            row[first + total] = out
            row[first + at + other - total] = also
        x[step], y[step], v[step] = row[a >> 1], row[b >> 1], row[c >> 1]
        z[step], u[step] = out, also
        for literal in (a, b, c):
            if last[literal >> 1] == step:
                last[literal >> 1] = -1
                free[spare] = row[literal >> 1]
                spare += 1
    return rows
