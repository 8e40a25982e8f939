"""One walk of `rewrite_nands` through a graph that is kept in flat arrays, and changed in place.

Plain functions of numbers, which nand_kernels.py compiles. Without that they do the same on lists, some thirty times
slower. A literal is twice the number of a node, plus 1 for its complement, as in `Nands`; a truth table of up to four
leaves is always written for four, so that leaf j is bit j of a row and the places beyond do not matter.
"""

from __future__ import annotations

from typing import Any, NamedTuple

WIDEST = 4  # leaves of a cut
KEPT = 7  # cuts of a node
CUTS = KEPT + 1  # and the node itself
SPARE = 2048  # nodes that a step of the walk may add
COUNT, PARTS = 0, 1  # in `Graph.numbers`
LOOKED = 64  # nodes that are looked at to see on what one rests
NEVER = 1 << 30  # more NANDs than any
SUM, CARRY = 0, 1
_FULL = 0xFFFF
_LOW = (1 << 30) - 1


class Graph(NamedTuple):
    """The graph and what is known of it, as arrays or lists of whole numbers.

    Attributes
    ----------
    numbers : (2,)
        How many nodes there are, and how many parts of adders were seen.
    left, right, alias, use, turned : (room,)
        By node: its operands; the literal in whose place it stands, its own if it is still there; how often it is
        read, and how often as its complement.
    label : (room,)
        By node: a number that is at least that of each node which it reads. So what has a smaller label than a node
        does not rest on it, and may take its place; of equal labels that has to be looked at.
    keys, values : (slots,)
        Both operands of a node in one number, and its literal; a key of -1 is free.
    cut_count : (room,)
    cut_width, cut_table : (room * CUTS,)
    cut_leaves : (room * CUTS * WIDEST,)
    part_head : (slots,)
        The first part of an adder with this hash of its leaves, or -1.
    part_next, part_cut, part_node : (room,)
        Of each part the next one with its hash, a cut with its leaves and table, and the node.
    stack, also : (room,)
        To work with.
    """

    numbers: Any
    left: Any
    right: Any
    alias: Any
    use: Any
    turned: Any
    label: Any
    keys: Any
    values: Any
    cut_count: Any
    cut_width: Any
    cut_table: Any
    cut_leaves: Any
    part_head: Any
    part_next: Any
    part_cut: Any
    part_node: Any
    stack: Any
    also: Any


class Known(NamedTuple):
    """What does not depend on the graph.

    Attributes
    ----------
    first, free : (1,)
        The first node that is no input; whether complements cost nothing.
    spread : (16 * 65536,)
        A table by the mask of places that its places become.
    mask, shrunk : (65536,)
        The places that a table depends on, and the table over them alone.
    recipes, forms : (65536,)
        Where the forms of a table begin, or -1 if nobody has asked yet; how many there are.
    start, end, output : (forms,)
        The operations of a form, and the literal of its value: node 0 is the constant, then come the pins.
    a, b : (operations,)
    part, turns : (256,)
        Which part of a full adder a table of three leaves is, or -1; the leaves that a carry complements, as bits.
    adder_end : (8,)
        Of a full adder with these leaves complemented the end of its operations, which start at 16 times its number.
    adder_a, adder_b : (128,)
    adder_output : (16,)
        Its sum and its carry.
    """

    first: Any
    free: Any
    spread: Any
    mask: Any
    shrunk: Any
    recipes: Any
    forms: Any
    start: Any
    end: Any
    output: Any
    a: Any
    b: Any
    part: Any
    turns: Any
    adder_end: Any
    adder_a: Any
    adder_b: Any
    adder_output: Any


# --- what is there


def resolve(g: Graph, literal: int) -> int:
    """The literal that stands in its place now."""
    while g.alias[literal >> 1] != literal & ~1:
        literal = g.alias[literal >> 1] ^ (literal & 1)
    return literal


def slot_of(g: Graph, a: int, b: int) -> int:
    """Where the NAND of two literals is, or where it would go."""
    mask = len(g.keys) - 1
    key = a << 32 | b
    at = (a * 0x9E3779B1 + b * 0x85EBCA77) >> 13 & mask
    while g.keys[at] != key and g.keys[at] != -1:
        at = (at + 1) & mask
    return at


def lower(g: Graph, node: int, a: int, b: int) -> None:
    """Give a node that is still the NAND of two literals the least label, not the one for where it stood."""
    if g.left[node] == a and g.right[node] == b:
        g.label[node] = max(g.label[a >> 1], g.label[b >> 1])


def learn(g: Graph, first: int) -> None:
    """Enter the nodes from a number on into the hash, the earlier of equal ones."""
    for node in range(first, g.numbers[COUNT]):
        at = slot_of(g, g.left[node], g.right[node])
        if g.keys[at] == -1:
            g.keys[at] = g.left[node] << 32 | g.right[node]
            g.values[at] = 2 * node


def take(g: Graph, k: Known, literal: int, times: int, turns: int) -> int:
    """Read a literal so often, and so often as a complement of its node; how many NANDs that brings."""
    first, free, stack = k.first[0], k.free[0], g.stack
    added, waiting = 0, 0
    while True:
        node = literal >> 1
        if node and times:
            if turns:
                if not g.turned[node] and not free:
                    added += 1
                g.turned[node] += turns
            if not g.use[node] and node >= first:
                added += 1
                stack[waiting] = resolve(g, g.left[node])
                stack[waiting + 1] = resolve(g, g.right[node])
                waiting += 2
            g.use[node] += times
        if not waiting:
            return added
        waiting -= 1
        literal = stack[waiting]
        times, turns = 1, literal & 1


def release(g: Graph, k: Known, literal: int, times: int, turns: int) -> int:
    """Read a literal so often no more; how many NANDs that saves."""
    first, free, stack = k.first[0], k.free[0], g.stack
    saved, waiting = 0, 0
    while True:
        node = literal >> 1
        if node and times:
            if turns:
                g.turned[node] -= turns
                if not g.turned[node] and not free:
                    saved += 1
            g.use[node] -= times
            if not g.use[node] and node >= first:
                saved += 1
                stack[waiting] = resolve(g, g.left[node])
                stack[waiting + 1] = resolve(g, g.right[node])
                waiting += 2
        if not waiting:
            return saved
        waiting -= 1
        literal = stack[waiting]
        times, turns = 1, literal & 1


# --- changing it


def nand(g: Graph, a: int, b: int, most: int) -> int:
    """The literal of a NAND, folded, found or made; it is lowered if it has a label of `most` or more."""
    if a > b:
        a, b = b, a
    if a == 0 or a == b ^ 1:
        return 1
    if a == 1 or a == b:
        return b ^ 1
    at = slot_of(g, a, b)
    if g.keys[at] != -1:
        same = resolve(g, g.values[at])
        if g.label[same >> 1] >= most:
            lower(g, same >> 1, a, b)
        return same
    node: int = g.numbers[COUNT]
    g.numbers[COUNT] = node + 1
    g.left[node], g.right[node] = a, b
    g.alias[node] = 2 * node
    g.use[node] = g.turned[node] = 0
    g.label[node] = max(g.label[a >> 1], g.label[b >> 1])
    g.cut_count[node] = 1
    g.cut_width[node * CUTS] = 1
    g.cut_table[node * CUTS] = 0xAAAA
    g.cut_leaves[node * CUTS * WIDEST] = node
    g.keys[at] = a << 32 | b
    g.values[at] = 2 * node
    return 2 * node


def replace(g: Graph, k: Known, node: int, same: int) -> None:
    """Put a literal in the place of a node."""
    times, turned = g.use[node], g.turned[node]
    take(g, k, same, times, times - turned if same & 1 else turned)
    release(g, k, 2 * node, times, turned)
    g.alias[node] = same


def may_rest(g: Graph, node: int, one: int, two: int) -> bool:
    """Whether a node may rest on one of two others (0 for none): it does, or too much would have to be looked at."""
    least = NEVER
    if one:
        least = g.label[one]
    if two and g.label[two] < least:
        least = g.label[two]
    if g.label[node] != least:
        return bool(g.label[node] > least)
    stack, waiting, looked = g.stack, 1, 0
    stack[0] = node
    while waiting:
        waiting -= 1
        node = stack[waiting]
        looked += 1
        if node in (one, two) or looked > LOOKED:
            return True
        for side in (g.left[node], g.right[node]):
            read = resolve(g, side) >> 1
            if g.label[read] == least:
                stack[waiting] = read
                waiting += 1
    return False


def refreshed(g: Graph, k: Known, node: int) -> bool:
    """Bring the operands up to date; whether another node stands in the place of this one now."""
    a, b = resolve(g, g.left[node]), resolve(g, g.right[node])
    if a > b:
        a, b = b, a
    if a == g.left[node] and b == g.right[node]:
        return False
    if a == 0 or a == b ^ 1:
        same = 1
    elif a == 1 or a == b:
        same = b ^ 1
    else:
        at = slot_of(g, a, b)
        if g.keys[at] == -1:
            g.left[node], g.right[node] = a, b
            g.keys[at] = a << 32 | b
            g.values[at] = 2 * node
            return False
        same = resolve(g, g.values[at])
        if g.label[same >> 1] >= g.label[node]:
            lower(g, same >> 1, a, b)
            if same == 2 * node or may_rest(g, same >> 1, node, 0):
                g.left[node], g.right[node] = a, b
                return False
    replace(g, k, node, same)
    return True


# --- cuts


def current(g: Graph, cut: int) -> bool:
    """Whether all leaves of a cut are still there."""
    for at in range(cut * WIDEST, cut * WIDEST + g.cut_width[cut]):
        if g.alias[g.cut_leaves[at]] != 2 * g.cut_leaves[at]:
            return False
    return True


def place_of(g: Graph, own: int, other: int, width: int) -> int:
    """The mask of the places that the leaves of a cut have among those at another place."""
    mask = 0
    at, end = own * WIDEST, own * WIDEST + g.cut_width[own]
    for place in range(width):
        if at < end and g.cut_leaves[at] == g.also[other + place]:
            mask |= 1 << place
            at += 1
    return mask


def find_cuts(g: Graph, k: Known, node: int, first: Any, second: Any, one: Any, two: Any) -> None:
    """The cuts of a node beside itself: unions of those of its operands, those of few leaves first.

    Parameters
    ----------
    first, second, one, two : (64,)
        To work with: the leaves of the candidates in order, packed into two numbers, and the cuts they are made of.
    """
    a, b = g.left[node], g.right[node]
    count = 0
    for i in range((a >> 1) * CUTS, (a >> 1) * CUTS + g.cut_count[a >> 1]):
        if not current(g, i):
            continue
        for j in range((b >> 1) * CUTS, (b >> 1) * CUTS + g.cut_count[b >> 1]):
            p, p_end = i * WIDEST, i * WIDEST + g.cut_width[i]
            q, q_end = j * WIDEST, j * WIDEST + g.cut_width[j]
            width, high, low = 0, 0, 0
            while p < p_end or q < q_end:
                if q == q_end or (p < p_end and g.cut_leaves[p] <= g.cut_leaves[q]):
                    leaf = g.cut_leaves[p]
                    if q < q_end and g.cut_leaves[q] == leaf:
                        q += 1
                    p += 1
                else:
                    leaf = g.cut_leaves[q]
                    q += 1
                if width == 0:
                    high = leaf << 30
                elif width == 1:
                    high |= leaf
                elif width == 2:
                    low = leaf << 30
                else:
                    low |= leaf
                width += 1
                if width > WIDEST:
                    break
            if width > WIDEST or not current(g, j):
                continue
            high |= width << 60
            at = count
            while at and (first[at - 1] > high or (first[at - 1] == high and second[at - 1] > low)):
                at -= 1
            if at and first[at - 1] == high and second[at - 1] == low:
                continue
            for to in range(count, at, -1):
                first[to], second[to], one[to], two[to] = first[to - 1], second[to - 1], one[to - 1], two[to - 1]
            first[at], second[at], one[at], two[at] = high, low, i, j
            count += 1
    for at in range(count):
        if keep_cut(g, k, node, first[at], second[at], one[at], two[at]) == CUTS:
            return


def keep_cut(g: Graph, k: Known, node: int, high: int, low: int, i: int, j: int) -> int:
    """Add one cut to those of a node, unless it has the leaves of another and more; how many there are then."""
    width = high >> 60
    also = g.also
    kept: int = g.cut_count[node]
    also[0], also[1], also[2], also[3] = high >> 30 & _LOW, high & _LOW, low >> 30, low & _LOW
    a = k.spread[place_of(g, i, 0, width) << 16 | g.cut_table[i]] ^ (_FULL if g.left[node] & 1 else 0)
    b = k.spread[place_of(g, j, 0, width) << 16 | g.cut_table[j]] ^ (_FULL if g.right[node] & 1 else 0)
    table = _FULL ^ (a & b)
    mask, table = k.mask[table], k.shrunk[table]
    width = 0
    for place in range(WIDEST):
        if mask >> place & 1:
            also[width] = also[place]
            width += 1
    for cut in range(node * CUTS + 1, node * CUTS + kept):
        shared = place_of(g, cut, 0, width)
        found = 0
        while shared:
            shared &= shared - 1
            found += 1
        if found == g.cut_width[cut]:
            return kept
    cut = node * CUTS + kept
    g.cut_width[cut], g.cut_table[cut] = width, table
    for place in range(width):
        g.cut_leaves[cut * WIDEST + place] = also[place]
    g.cut_count[node] = kept + 1
    return kept + 1


def keep(g: Graph, k: Known, first: int, work: Any) -> None:
    """Find the cuts of those nodes from a number on that are read."""
    for node in range(first, g.numbers[COUNT]):
        if g.use[node] and g.cut_count[node] == 1:
            find_cuts(g, k, node, work[0], work[1], work[2], work[3])


# --- cones


def missing(g: Graph, k: Known, form: int, cut: int, own: int) -> int:
    """At least how many NANDs a form would bring; NEVER if it is seen to rest on the node that it is to replace."""
    literals, at = g.also, 1
    literals[0] = 0
    for leaf in range(cut * WIDEST, cut * WIDEST + g.cut_width[cut]):
        literals[at] = 2 * g.cut_leaves[leaf]
        at += 1
    count = 0
    for operation in range(k.start[form], k.end[form]):
        one, two = literals[k.a[operation] >> 1], literals[k.b[operation] >> 1]
        made = -1
        if one >= 0 and two >= 0:
            one, two = one ^ (k.a[operation] & 1), two ^ (k.b[operation] & 1)
            slot = slot_of(g, min(one, two), max(one, two))
            if g.keys[slot] != -1:
                made = resolve(g, g.values[slot])
                if made >> 1 == own:
                    return NEVER
                if g.label[made >> 1] >= g.label[own]:
                    lower(g, made >> 1, min(one, two), max(one, two))
                    if g.label[made >> 1] > g.label[own]:
                        return NEVER
        if made < 0 or (made >> 1 >= k.first[0] and not g.use[made >> 1]):
            count += 1
        literals[at] = made
        at += 1
    return count


def place(g: Graph, cut: int, a: Any, b: Any, start: int, end: int, most: int) -> None:
    """Make operations over the leaves of a cut, or find them (see `nand`); their literals are then in `also`."""
    literals, at = g.also, 1
    literals[0] = 0
    for leaf in range(cut * WIDEST, cut * WIDEST + g.cut_width[cut]):
        literals[at] = 2 * g.cut_leaves[leaf]
        at += 1
    for operation in range(start, end):
        one, two = a[operation], b[operation]
        literals[at] = nand(g, literals[one >> 1] ^ (one & 1), literals[two >> 1] ^ (two & 1), most)
        at += 1


def placed(g: Graph, k: Known, cut: int, form: int, most: int) -> int:
    """The literal of a form over the leaves of a cut."""
    place(g, cut, k.a, k.b, k.start[form], k.end[form], most)
    output: int = k.output[form]
    literal: int = g.also[output >> 1]
    return literal ^ (output & 1)


def improve(g: Graph, k: Known, node: int, work: Any) -> None:
    """Replace the cone of a node by the form that needs the fewest NANDs besides those that stay."""
    times, turned = g.use[node], g.turned[node]
    best = release(g, k, 2 * node, times, turned)
    best_cut, best_form = -1, -1
    first = g.numbers[COUNT]
    for cut in range(node * CUTS + 1, node * CUTS + g.cut_count[node]):
        if not g.cut_width[cut]:
            best_cut = cut
            break
        table = g.cut_table[cut]
        for form in range(k.recipes[table], k.recipes[table] + k.forms[table]):
            if missing(g, k, form, cut, node) >= best:
                continue
            literal = placed(g, k, cut, form, g.label[node])
            if g.label[literal >> 1] >= g.label[node] and may_rest(g, literal >> 1, node, 0):
                continue
            turns = times - turned if literal & 1 else turned
            added = take(g, k, literal, times, turns)
            release(g, k, literal, times, turns)
            if added < best:
                best, best_cut, best_form = added, cut, form
    take(g, k, 2 * node, times, turned)
    if best_cut < 0:
        return
    chosen = placed(g, k, best_cut, best_form, g.label[node]) if g.cut_width[best_cut] else g.cut_table[best_cut] & 1
    replace(g, k, node, chosen)
    keep(g, k, first, work)


def pair(g: Graph, k: Known, node: int, work: Any) -> None:
    """Try a node and each earlier one of the same three leaves as the sum and the carry of one full adder."""
    for cut in range(node * CUTS + 1, node * CUTS + g.cut_count[node]):
        if g.cut_width[cut] != 3 or k.part[g.cut_table[cut] & 0xFF] < 0 or not current(g, cut):
            continue
        at = cut * WIDEST
        one, two, three = g.cut_leaves[at], g.cut_leaves[at + 1], g.cut_leaves[at + 2]
        slot = (one * 0x9E3779B1 + two * 0x85EBCA77 + three * 0xC2B2AE35) >> 13 & (len(g.part_head) - 1)
        last, other = -1, g.part_head[slot]
        while other >= 0:
            theirs = g.part_cut[other] * WIDEST
            if (
                g.cut_leaves[theirs] == one
                and g.cut_leaves[theirs + 1] == two
                and g.cut_leaves[theirs + 2] == three
                and k.part[g.cut_table[g.part_cut[other]] & 0xFF] != k.part[g.cut_table[cut] & 0xFF]
            ):
                join(g, k, node, cut, g.part_node[other], g.part_cut[other], work)
            last, other = other, g.part_next[other]
        new = g.numbers[PARTS]
        g.numbers[PARTS] = new + 1
        g.part_next[new], g.part_cut[new], g.part_node[new] = -1, cut, node
        if last < 0:
            g.part_head[slot] = new
        else:
            g.part_next[last] = new


def join(g: Graph, k: Known, later: int, cut: int, earlier: int, other: int, work: Any) -> None:
    """Two parts of one adder, made as one if that takes fewer NANDs."""
    one, two = resolve(g, 2 * later), resolve(g, 2 * earlier)
    if one >> 1 == two >> 1 or not g.use[one >> 1] or not g.use[two >> 1]:
        return
    first = g.numbers[COUNT]
    one_table, two_table = g.cut_table[cut] & 0xFF, g.cut_table[other] & 0xFF
    turns = k.turns[one_table] if k.part[one_table] == CARRY else k.turns[two_table]
    most = min(g.label[one >> 1], g.label[two >> 1])
    place(g, cut, k.adder_a, k.adder_b, 16 * turns, k.adder_end[turns], most)
    total = g.also[k.adder_output[2 * turns] >> 1] ^ (k.adder_output[2 * turns] & 1)
    carry = g.also[k.adder_output[2 * turns + 1] >> 1] ^ (k.adder_output[2 * turns + 1] & 1)
    if k.part[one_table] == SUM:
        one_new, two_new, odd = total, carry, one_table
    else:
        one_new, two_new, odd = carry, total, two_table
    # The sum of complements is turned, and so may be what the table says and what a literal stands for.
    odd = (odd ^ turns ^ turns >> 1 ^ turns >> 2) & 1
    one_new ^= (one & 1) ^ (odd if k.part[one_table] == SUM else 0)
    two_new ^= (two & 1) ^ (odd if k.part[two_table] == SUM else 0)
    one_old = 0 if one >> 1 == one_new >> 1 else one >> 1
    two_old = 0 if two >> 1 == two_new >> 1 else two >> 1
    if one_old and may_rest(g, one_new >> 1, one_old, two_old):
        return
    if two_old and may_rest(g, two_new >> 1, one_old, two_old):
        return
    one_use, one_turned, two_use, two_turned = g.use[one >> 1], g.turned[one >> 1], g.use[two >> 1], g.turned[two >> 1]
    before = release(g, k, one & ~1, one_use, one_turned)
    two_use, two_turned = g.use[two >> 1], g.turned[two >> 1]
    before += release(g, k, two & ~1, two_use, two_turned)
    after = NEVER
    if two_use and not g.use[one >> 1] and not g.use[two >> 1]:
        one_turns = one_use - one_turned if one_new & 1 else one_turned
        two_turns = two_use - two_turned if two_new & 1 else two_turned
        after = take(g, k, one_new, one_use, one_turns) + take(g, k, two_new, two_use, two_turns)
        release(g, k, one_new, one_use, one_turns)
        release(g, k, two_new, two_use, two_turns)
    take(g, k, two & ~1, two_use, two_turned)
    take(g, k, one & ~1, one_use, one_turned)
    if after >= before:
        return
    if one_old:
        replace(g, k, one_old, one_new)
    if two_old:
        replace(g, k, two_old, two_new)
    keep(g, k, first, work)


# --- the walk


def roomy(g: Graph) -> bool:
    """Whether there is room for one more step."""
    most: int = max(g.numbers[COUNT], g.numbers[PARTS])
    return most + SPARE <= len(g.left)


def walk(g: Graph, k: Known, begin: int, stop: int, settled: Any, work: Any) -> int:
    """Visit the nodes of a range that are read; where it stopped, for want of room or of a table's forms.

    Parameters
    ----------
    settled : (stop,)
        1 for nodes to leave as they are.
    work : four times (64,)
        See `find_cuts`.
    """
    for node in range(begin, stop):
        if not g.use[node] or g.alias[node] != 2 * node or refreshed(g, k, node) or settled[node]:
            continue
        if not roomy(g):
            return node
        g.cut_count[node] = 1
        find_cuts(g, k, node, work[0], work[1], work[2], work[3])
        for cut in range(node * CUTS + 1, node * CUTS + g.cut_count[node]):
            if k.recipes[g.cut_table[cut]] < 0:
                return node
        improve(g, k, node, work)
        pair(g, k, node, work)
    return stop


def count_uses(g: Graph, k: Known, wanted: Any) -> None:
    """Read all literals that are asked for."""
    for at in range(len(wanted)):
        take(g, k, wanted[at], 1, wanted[at] & 1)


def ordered(g: Graph, k: Known, wanted: Any, order: Any, done: Any, waiting: Any) -> int:
    """The nodes that wanted literals rest on, operands first, with their operands up to date; how many there are.

    Parameters
    ----------
    order, done : (nodes,)
        The result, and 0 for each node.
    waiting : (2 * nodes,)
        To work with.
    """
    count = 0
    for at in range(len(wanted)):
        waiting[0] = resolve(g, wanted[at]) >> 1
        size = 1
        while size:
            node = waiting[size - 1]
            if node < k.first[0] or done[node]:
                size -= 1
                continue
            a, b = resolve(g, g.left[node]), resolve(g, g.right[node])
            g.left[node], g.right[node] = a, b
            before = size
            if a >> 1 >= k.first[0] and not done[a >> 1]:
                waiting[size] = a >> 1
                size += 1
            if b >> 1 >= k.first[0] and not done[b >> 1]:
                waiting[size] = b >> 1
                size += 1
            if size == before:
                size -= 1
                done[node] = 1
                order[count] = node
                count += 1
    return count
