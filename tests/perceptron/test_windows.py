"""Windows: what is said to be equal is, by truth tables over all inputs; and a window of everything misses nothing."""

from hypothesis import given
from hypothesis import strategies as st

from perceptron.engines.logic import AND, XOR, Logic
from perceptron.equivalence.windows import equal_nearby, unequal_nowhere

INPUTS = 4
FULL = (1 << (1 << INPUTS)) - 1


def drawn(random, count):
    """Operations that are not folded, the depth of each node, and its truth table."""
    logic = Logic(INPUTS)
    depth = [0] * (INPUTS + 1)
    table = [0, *(sum((row >> place & 1) << row for row in range(1 << INPUTS)) for place in range(INPUTS))]

    def of(literal):
        return table[literal >> 1] ^ (FULL if literal & 1 else 0)

    for _ in range(count):
        nodes = range(max(0, len(table) - 8), len(table))
        a, b = (2 * random.choice(nodes) + random.randint(0, 1) for _ in range(2))
        kind = random.choice([AND, AND, XOR])
        logic.kind.append(kind)
        logic.left.append(a)
        logic.right.append(b)
        depth.append(1 + max(depth[a >> 1], depth[b >> 1]))
        table.append(of(a) & of(b) if kind == AND else of(a) ^ of(b))
    return logic, depth, of


@given(st.randoms(use_true_random=False), st.integers(1, 30), st.integers(2, 10))
def test_what_is_equal_nearby_is_equal(random, count, leaves):
    logic, depth, of = drawn(random, count)
    for _ in range(20):
        a, b = (random.randrange(2 * len(depth)) for _ in range(2))
        if equal_nearby(logic, depth, a, b, leaves=leaves):
            assert of(a) == of(b)


@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_a_solver_that_knows_everything_misses_nothing(random, count):
    logic, depth, of = drawn(random, count)
    for _ in range(10):
        a, b = (random.randrange(2 * len(depth)) for _ in range(2))
        assert unequal_nowhere(logic, depth, a, b, 1000, "glucose4", 10_000) == (of(a) == of(b))


@given(st.randoms(use_true_random=False), st.integers(1, 30), st.integers(1, 6))
def test_a_solver_that_knows_little_is_never_wrong(random, count, size):
    logic, depth, of = drawn(random, count)
    for _ in range(10):
        a, b = (random.randrange(2 * len(depth)) for _ in range(2))
        if unequal_nowhere(logic, depth, a, b, size, "glucose4", 10_000):
            assert of(a) == of(b)
