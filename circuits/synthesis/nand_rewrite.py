"""rewrite_nands: small cones of a NAND graph replaced by smaller ones, with what they share counted exactly.

For each node a few cuts of up to four leaves are found. The cone between is taken out, the forms of its function are
put in on trial, and the one that needs the fewest NANDs besides those that stay is kept (A. Mishchenko, S. Chatterjee,
R. Brayton, DAG-aware AIG rewriting, 2006; here a complement that is read costs a NOT). A sum and a carry of the same
three nodes are tried as one full adder.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product

from circuits.synthesis import tables
from circuits.synthesis.mapping.cuts import essential, spread
from circuits.synthesis.nand_graph import Nands, Recipe
from circuits.synthesis.small_nands import WIDEST, recipes

KEPT = 7  # cuts of a node
ENOUGH = 250  # a walk that saves less than this part of the NANDs is the last
GONE = -1

Cut = tuple[tuple[int, ...], int]

SUM, CARRY = 0, 1
_PARITY = 0b10010110


def _parts() -> dict[int, tuple[int, tuple[int, ...]]]:
    """Truth tables of three places that a full adder gives: which part, and the polarities of its operands."""
    made: dict[int, tuple[int, tuple[int, ...]]] = {_PARITY: (SUM, ()), _PARITY ^ 0xFF: (SUM, ())}
    for turns in product((0, 1), repeat=3):
        a, b, c = (column ^ 0xFF * turn for column, turn in zip(tables.columns(3), turns, strict=True))
        made[a & b | a & c | b & c] = (CARRY, turns)
    return made


PARTS = _parts()


def rewrite_nands(
    nands: Nands, wanted: Sequence[int], *, settled: Collection[int] = (), rounds: int = 4
) -> tuple[Nands, list[int]]:
    """The same functions of fewer NANDs, or as many.

    Parameters
    ----------
    nands : Nands
    wanted : sequence of int
        Literals that are asked for.
    settled : collection of int
        Nodes to leave as they are, unless what they read changes: those of large adder trees, where nothing is gained.
    rounds : int
        The most walks through the graph; it ends earlier when one saves next to nothing.

    Returns
    -------
    (Nands, literals)
        The new literal of each old node; GONE for nodes that are not there any more.
    """
    literals = [2 * node for node in range(len(nands))]
    wanted = list(wanted)
    size = nands.size(wanted)
    for _ in range(rounds):
        walk = _Walk(nands, wanted)
        walk.run(settled)
        nands, new = walk.rebuilt()
        literals = moved(new, literals)
        wanted = [_of(new, one) for one in wanted]
        settled = {new[node] >> 1 for node in settled if new[node] != GONE}
        before, size = size, nands.size(wanted)
        if before - size <= size // ENOUGH:
            break
    return nands, literals


def _by_width(item: Cut) -> tuple[int, tuple[int, ...]]:
    return len(item[0]), item[0]


def _mask(leaves: tuple[int, ...], among: tuple[int, ...]) -> int:
    mask = 0
    for leaf in leaves:
        mask |= 1 << among.index(leaf)
    return mask


def moved(new: Sequence[int], literals: Sequence[int]) -> list[int]:
    """Where `rewrite_nands` moved literals: GONE for those that are not there any more."""
    return [GONE if one == GONE else _of(new, one) for one in literals]


def _of(new: Sequence[int], literal: int) -> int:
    made = new[literal >> 1]
    return made if made == GONE else made ^ (literal & 1)


class _Walk:
    """One walk through a graph that changes it in place."""

    def __init__(self, nands: Nands, wanted: Sequence[int]):
        self._first = nands.first
        self._free = nands.free
        self._inputs = len(nands.inputs)
        self._left = [0] * nands.first + nands.left
        self._right = [0] * nands.first + nands.right
        self._known = dict(nands.known)
        self._wanted = list(wanted)
        count = len(nands)
        self._alias = [2 * node for node in range(count)]
        self._use = [0] * count  # how often a node is read, and how often as its complement
        self._turned = [0] * count
        self._cuts: list[list[Cut]] = [[((node,), 0b10)] for node in range(count)]
        self._adders: dict[tuple[int, ...], list[tuple[int, int]]] = {}  # leaves -> (node, table) of their parts
        for literal in wanted:
            self._take(literal)

    # --- counting what is there

    def _resolve(self, literal: int) -> int:
        while (other := self._alias[literal >> 1]) != literal & ~1:
            literal = other ^ (literal & 1)
        return literal

    def _take(self, literal: int, times: int = 1, turned: int | None = None) -> int:
        """Read a literal; how many NANDs that brings."""
        use, complement, first = self._use, self._turned, self._first
        added = 0
        waiting = [(literal, times, (times if literal & 1 else 0) if turned is None else turned)]
        while waiting:
            literal, times, turns = waiting.pop()
            node = literal >> 1
            if not node or not times:
                continue
            if turns:
                if not complement[node] and not self._free:
                    added += 1
                complement[node] += turns
            if not use[node] and node >= first:
                added += 1
                sides = self._resolve(self._left[node]), self._resolve(self._right[node])
                waiting += [(side, 1, side & 1) for side in sides]
            use[node] += times
        return added

    def _release(self, literal: int, times: int = 1, turned: int | None = None) -> int:
        """Read a literal no more; how many NANDs that saves."""
        use, complement, first = self._use, self._turned, self._first
        saved = 0
        waiting = [(literal, times, (times if literal & 1 else 0) if turned is None else turned)]
        while waiting:
            literal, times, turns = waiting.pop()
            node = literal >> 1
            if not node or not times:
                continue
            if turns:
                complement[node] -= turns
                if not complement[node] and not self._free:
                    saved += 1
            use[node] -= times
            if not use[node] and node >= first:
                saved += 1
                sides = self._resolve(self._left[node]), self._resolve(self._right[node])
                waiting += [(side, 1, side & 1) for side in sides]
        return saved

    # --- changing it

    def run(self, settled: Collection[int]) -> None:
        """Visit every node that is read, sources first."""
        for node in range(self._first, len(self._left)):
            if not self._use[node] or self._alias[node] != 2 * node or self._refreshed(node):
                continue
            if node not in settled:
                self._cuts[node] += self._cuts_of(node)
                self._improve(node)
                self._pair(node)

    def _refreshed(self, node: int) -> bool:
        """Bring the operands up to date; whether the node is another one now."""
        old = self._left[node], self._right[node]
        a, b = sorted(map(self._resolve, old))
        if (a, b) == old:
            return False
        if a == 0 or a == b ^ 1:
            same = 1
        elif a == 1 or a == b:
            same = b ^ 1
        elif (a, b) in self._known:
            same = self._resolve(self._known[a, b])
        else:
            self._left[node], self._right[node] = a, b
            self._known[a, b] = 2 * node
            return False
        if same == 2 * node:
            return False
        self._replace(node, same)
        return True

    def _keep(self, first: int) -> None:
        """Find the cuts of those nodes from a number on that are read."""
        for node in range(first, len(self._left)):
            if self._use[node] and len(self._cuts[node]) == 1:
                self._cuts[node] += self._cuts_of(node)

    def _replace(self, node: int, same: int) -> None:
        times, turned = self._use[node], self._turned[node]
        self._take(same, times, times - turned if same & 1 else turned)
        self._release(2 * node, times, turned)
        self._alias[node] = same

    def _cuts_of(self, node: int) -> list[Cut]:
        a, b = self._left[node], self._right[node]
        found: dict[tuple[int, ...], int] = {}
        others = self._current(b)
        for a_leaves, one in self._current(a):
            for b_leaves, two in others:
                if a_leaves == b_leaves:
                    if a_leaves not in found:
                        found[a_leaves] = tables.full(len(a_leaves)) ^ (one & two)
                    continue
                union = {*a_leaves, *b_leaves}
                width = len(union)
                if width > WIDEST:
                    continue
                both = tuple(sorted(union))
                if both in found:
                    continue
                first = one if width == len(a_leaves) else spread(one, _mask(a_leaves, both), width)
                second = two if width == len(b_leaves) else spread(two, _mask(b_leaves, both), width)
                found[both] = tables.full(width) ^ (first & second)
        made: dict[tuple[int, ...], int] = {}
        sets: list[set[int]] = []
        for leaves, table in sorted(found.items(), key=_by_width):
            mask, smaller = essential(table, len(leaves))
            if mask + 1 != 1 << len(leaves):
                leaves = tuple(leaf for place, leaf in enumerate(leaves) if mask >> place & 1)
                table = smaller
            members = set(leaves)
            for other in sets:
                if other <= members:
                    break
            else:
                made[leaves] = table
                sets.append(members)
                if len(made) == KEPT:
                    break
        return list(made.items())

    def _current(self, literal: int) -> list[Cut]:
        """The cuts of an operand whose leaves are still there, with the truth tables of the literal."""
        alias = self._alias
        cuts = [cut for cut in self._cuts[literal >> 1] if all(alias[leaf] == 2 * leaf for leaf in cut[0])]
        if literal & 1:
            return [(leaves, table ^ tables.full(len(leaves))) for leaves, table in cuts]
        return cuts

    def _improve(self, node: int) -> None:
        times, turned = self._use[node], self._turned[node]
        before = self._release(2 * node, times, turned)
        best, chosen, first = before, None, len(self._left)
        for leaves, table in self._cuts[node][1:]:
            pins = [2 * leaf for leaf in leaves]
            if not leaves:
                chosen = table & 1
                break
            for recipe in recipes(table, len(leaves), self._free):
                if self._missing(recipe, pins, node) >= best:
                    continue
                literal = self._place(recipe, pins)
                turns = times - turned if literal & 1 else turned
                added = self._take(literal, times, turns)
                if added < best:
                    best, chosen = added, literal
                self._release(literal, times, turns)
        self._take(2 * node, times, turned)
        if chosen is not None:
            self._replace(node, chosen)
            self._keep(first)

    def _pair(self, node: int) -> None:
        """Try a node and an earlier one as the sum and the carry of one full adder."""
        for leaves, table in self._cuts[node][1:]:
            if len(leaves) != 3 or table not in PARTS or any(self._alias[leaf] != 2 * leaf for leaf in leaves):
                continue
            seen = self._adders.setdefault(leaves, [])
            for other, other_table in seen:
                if PARTS[other_table][0] != PARTS[table][0]:
                    self._join(leaves, (node, table), (other, other_table))
            seen.append((node, table))

    def _join(self, leaves: tuple[int, ...], later: tuple[int, int], earlier: tuple[int, int]) -> None:
        """Two parts of one adder, the one that may read the other first."""
        use, complement = self._use, self._turned
        old = [self._resolve(2 * node) for node, _ in (later, earlier)]
        if old[0] >> 1 == old[1] >> 1:
            return
        first = len(self._left)
        tables_of = [later[1], earlier[1]]
        turns = next(turns for part, turns in map(PARTS.__getitem__, tables_of) if part == CARRY)
        parts = self._full_adder([2 * leaf ^ turn for leaf, turn in zip(leaves, turns, strict=True)])
        made, counts, before, taken = [], [], 0, []
        for literal, table in zip(old, tables_of, strict=True):
            node = literal >> 1
            part = PARTS[table][0]
            # What the literal stands for may itself be a complement.
            new = parts[part] ^ (literal & 1)
            if part == SUM:
                new ^= (sum(turns) & 1) ^ (table & 1)
            times, turned = use[node], complement[node]
            before += self._release(2 * node, times, turned)
            made.append(new)
            counts.append((times, times - turned if new & 1 else turned))
            taken.append((2 * node, times, turned))
        after = 1 << 30
        if min(times for times, _ in counts) > 0 and not any(use[literal >> 1] for literal in old):
            after = sum(self._take(new, *count) for new, count in zip(made, counts, strict=True))
            for new, count in zip(made, counts, strict=True):
                self._release(new, *count)
        for part_taken in reversed(taken):
            self._take(*part_taken)
        if after < before:
            for literal, new in zip(old, made, strict=True):
                if literal >> 1 != self._resolve(new) >> 1:
                    self._replace(literal >> 1, new)
            self._keep(first)

    def _full_adder(self, operands: Sequence[int]) -> tuple[int, int]:
        own = Nands(3, free=self._free)
        total, carry = own.full_adder(*(2 * (place + 1) | literal & 1 for place, literal in enumerate(operands)))
        literals = [0, *(literal & ~1 for literal in operands)]
        for a, b in zip(own.left, own.right, strict=True):
            literals.append(self._nand(literals[a >> 1] ^ (a & 1), literals[b >> 1] ^ (b & 1)))
        return literals[total >> 1] ^ (total & 1), literals[carry >> 1] ^ (carry & 1)

    def _missing(self, recipe: Recipe, pins: Sequence[int], own: int) -> int:
        """At least how many NANDs a recipe would bring; too many if it rests on the node that it is to replace."""
        literals = [0, *pins]
        count = 0
        for a, b in recipe.operations:
            one, two = literals[a >> 1], literals[b >> 1]
            made = -1
            if one >= 0 and two >= 0:
                one, two = one ^ (a & 1), two ^ (b & 1)
                made = self._known.get((one, two) if one < two else (two, one), -1)
                if made >= 0:
                    made = self._resolve(made)
                    if made >> 1 == own:
                        return 1 << 30
            if made < 0 or (made >> 1 >= self._first and not self._use[made >> 1]):
                count += 1
            literals.append(made)
        return count

    def _place(self, recipe: Recipe, pins: Sequence[int]) -> int:
        literals = [0, *pins]
        for a, b in recipe.operations:
            literals.append(self._nand(literals[a >> 1] ^ (a & 1), literals[b >> 1] ^ (b & 1)))
        return literals[recipe.output >> 1] ^ (recipe.output & 1)

    def _nand(self, a: int, b: int) -> int:
        if a > b:
            a, b = b, a
        if a == 0 or a == b ^ 1:
            return 1
        if a in (1, b):
            return b ^ 1
        literal = self._known.get((a, b))
        if literal is not None:
            return self._resolve(literal)
        node = len(self._left)
        self._left.append(a)
        self._right.append(b)
        self._alias.append(2 * node)
        self._use.append(0)
        self._turned.append(0)
        self._cuts.append([((node,), 0b10)])
        self._known[a, b] = 2 * node
        return 2 * node

    # --- the result

    def rebuilt(self) -> tuple[Nands, list[int]]:
        """The nodes that are read, in a new graph, and where each old one went."""
        new = Nands(self._inputs, free=self._free)
        made = [2 * node if node < self._first else GONE for node in range(len(self._left))]
        for wanted in self._wanted:
            waiting = [self._resolve(wanted) >> 1]
            while waiting:
                node = waiting[-1]
                if made[node] != GONE:
                    waiting.pop()
                    continue
                sides = [self._resolve(side) for side in (self._left[node], self._right[node])]
                missing = [side >> 1 for side in sides if made[side >> 1] == GONE]
                if missing:
                    waiting.extend(missing)
                    continue
                waiting.pop()
                a, b = (made[side >> 1] ^ (side & 1) for side in sides)
                made[node] = new.nand(a, b)
        return new, [_of(made, self._resolve(2 * node)) for node in range(len(self._left))]
