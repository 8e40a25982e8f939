"""The clean-up passes: each keeps the function of drawn networks and machines, leaves its argument, and ends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machines import circuits_folder, machines
from reference import chain, snapshot, table_of
from strategies import networks

from circuits import (
    absorb_negations,
    balance,
    clean,
    fold_constants,
    full_adder,
    majority,
    minimize_cones,
    read,
    remove_dead,
    remove_negations,
    share_units,
    statistics,
    to_nand,
)
from circuits.synthesis import tables
from circuits.synthesis.passes.cones import said
from circuits.synthesis.passes.driver import PASSES
from circuits.synthesis.passes.two_level import cubes
from perceptron import (
    SIGMOID,
    Network,
    NetworkError,
    ParameterError,
    Table,
    Tape,
    Unit,
    check,
    evaluate,
    find_difference,
    prune,
)

ALL = [*PASSES.values(), clean]
ONCE = [fold_constants, remove_negations, absorb_negations, share_units, balance, remove_dead]
DRAWN = st.one_of(
    networks(extreme=True, wide=True, wild=True, max_units=12),
    networks(max_units=25, max_inputs=6),
    networks(max_units=25, max_inputs=4, max_fanin=2),
)


@pytest.mark.parametrize("edit", ALL, ids=[*PASSES, "clean"])
@given(net=DRAWN)
@settings(max_examples=80)
def test_drawn_networks(edit, net):
    before = snapshot(net)
    made = edit(net)
    check(made)
    assert snapshot(net) == before
    assert (made.name, made.inputs, list(made.outputs)) == (net.name, net.inputs, list(net.outputs))
    assert table_of(made) == table_of(net)
    assert len(remove_dead(made).units) <= len(remove_dead(net).units)
    if edit in ONCE:
        assert snapshot(edit(made)) == snapshot(made)


@pytest.mark.parametrize("edit", ALL, ids=[*PASSES, "clean"])
@given(net=machines(max_units=12))
@settings(max_examples=40)
def test_drawn_machines(edit, net):
    before = snapshot(net)
    made = edit(net)
    assert snapshot(net) == before
    assert find_difference(net, made) is None


@pytest.mark.parametrize("edit", ALL, ids=[*PASSES, "clean"])
@given(net=networks(min_inputs=1, max_inputs=4, max_units=12))
@settings(max_examples=40)
def test_a_name_still_means_what_it_meant(edit, net):
    made = edit(net)
    old = Network.from_graph(net.graph, net.inputs, {node: node for node in net.graph})
    new = Network.from_graph(made.graph, made.inputs, {node: node for node in made.graph})
    shared = {*net.graph} & {*made.graph}
    for row in range(2 ** len(net.inputs)):
        values = {name: row >> place & 1 for place, name in enumerate(net.inputs)}
        before, after = evaluate(old, values), evaluate(new, values)
        assert {node: before[node] for node in shared} == {node: after[node] for node in shared}


@pytest.mark.parametrize("edit", ALL, ids=[*PASSES, "clean"])
@given(net=networks(max_units=10))
@settings(max_examples=20)
def test_a_tape_is_answered_with_a_tape(edit, net):
    tape = Tape.from_network(net)
    nodes = len(tape)
    made = edit(tape)
    assert isinstance(made, Tape)
    assert len(tape) == nodes
    assert table_of(made.to_network()) == table_of(net)


def test_constants_go_into_biases():
    net = Network()
    a = net.input("a")
    one = net.add(Unit(1), name="one")
    gate = net.add(Unit(3), [(a, -2), (one, -2)], name="gate")
    net.output("y", net.add(Unit(0, Table(0, 1, 0)), [(gate, 1), (one, 1)], name="y"))
    made = fold_constants(net)
    assert made.unit("gate") == Unit(1)
    assert made.fanin("gate") == [("a", -2)]
    assert made.fanin("y") == [("gate", 1)]
    assert made.unit("y") == Unit(1, Table(0, 1, 0))


def test_states_that_never_change_are_constants():
    """q starts at 0 and takes q and a; r keeps its 1; s starts at 1 and becomes 0."""
    net = Network()
    a, q, r, s = net.input("a"), net.state("q", 0), net.state("r", 1), net.state("s", 1)
    net.feedback(q, net.add(Unit(-3), [(q, 2), (a, 2)], name="q and a"))
    net.feedback(r, r)
    net.feedback(s, q)
    net.output("y", net.add(Unit(-3), [(r, 2), (a, 2)], name="y"))
    net.output("z", net.add(Unit(-1), [(s, 2), (q, 2)], name="z"))
    made = remove_dead(fold_constants(net))
    assert made.fanin("y") == [("a", 2)]
    assert find_difference(net, made) is None
    assert set(made.states) == {"q", "s"}


def test_an_unknown_start_is_no_constant():
    net = Network()
    q = net.state("q", None)
    net.feedback(q, q)
    net.output("y", net.add(Unit(1), [(q, -2)], name="y"))
    assert fold_constants(net).fanin("y") == [("q", -2)]


def test_equal_units_are_those_that_decide_the_same():
    """Scaled, in another order, parallel edges added: all one. Another bias: another unit."""
    net = Network()
    a, b = net.input("a"), net.input("b")
    net.output("1", net.add(Unit(3), [(a, -2), (b, -2)], name="first"))
    net.output("2", net.add(Unit(1.5), [(b, -1), (a, -1)]))
    net.output("3", net.add(Unit(3), [(a, -1), (b, -2), (a, -1)]))
    net.output("4", net.add(Unit(2), [(a, -2), (b, -2)], name="other"))
    made = share_units(net)
    assert list(made.outputs.values()) == ["first", "first", "first", "other"]


def test_double_negations_and_wires_go():
    made = remove_dead(remove_negations(chain(1000)))
    assert made.units == []
    assert len(remove_dead(remove_negations(chain(1001))).units) == 1
    wires = remove_dead(remove_negations(chain(1000, weight=1, bias=0)))
    assert wires.outputs["y"] == "x"


def test_no_not_is_left_in_front_of_a_perceptron():
    made = remove_dead(absorb_negations(to_nand(majority.network)))
    for node in made.units:
        for source, _ in made.fanin(node):
            assert source in made.inputs or len(made.fanin(source)) > 1
    assert find_difference(made, majority.network) is None


@given(st.integers(1, 6), st.data())
def test_cubes_cover_a_table_and_none_is_idle(width, data):
    table = data.draw(st.integers(0, tables.full(width)))
    products = []
    for on, off in cubes(table, width):
        product = tables.full(width)
        for place, column in enumerate(tables.columns(width)):
            product &= column if on >> place & 1 else product
            product &= ~column if off >> place & 1 else product
        products.append(product)
    union = 0
    for product in products:
        union |= product
    assert union == table
    for at in range(len(products)):
        rest = 0
        for product in products[:at] + products[at + 1 :]:
            rest |= product
        assert rest != table


@given(st.integers(2, 4), st.data())
def test_said_is_the_function(width, data):
    table = data.draw(st.integers(1, tables.full(width) - 1))
    units, output = said(table, width)
    net = Network()
    leaves = [net.input(f"x{place}") for place in range(width)]
    made = []
    for bias, edges in units:
        made.append(net.add(Unit(bias), [((leaves[p] if p >= 0 else made[-1 - p]), weight) for p, weight in edges]))
    net.output("y", leaves[output] if output >= 0 else made[-1 - output])
    for row in range(2**width):
        assert evaluate(net, {f"x{p}": row >> p & 1 for p in range(width)}) == {"y": table >> row & 1}


def test_cones_that_are_one_perceptron():
    made = remove_dead(minimize_cones(to_nand(majority.network)))
    assert len(made.units) == 1


@pytest.mark.parametrize("leaves", [1, 7, 3.5, "4", None])
def test_leaves_of_cones(leaves):
    with pytest.raises(ParameterError) as error:
        minimize_cones(full_adder.network, leaves=leaves)
    assert str(error.value) == f"leaves is {leaves!r}; give a whole number from 2 to 6"


@pytest.mark.parametrize("kind", ["and", "or", "xor", "nand and not"])
def test_chains_become_trees(kind):
    """Sixteen operands in a row: four deep instead of fifteen, and no more units."""
    net = Network()
    node = net.input("x0")
    for pin in range(1, 16):
        source = net.input(f"x{pin}")
        if kind == "xor":
            node = net.add(Unit(0, Table(0, 1, 0)), [(node, 1), (source, 1)])
        elif kind == "nand and not":
            node = net.add(Unit(1), [(net.add(Unit(3), [(node, -2), (source, -2)]), -2)])
        else:
            node = net.add(Unit(-3 if kind == "and" else -1), [(node, 2), (source, 2)])
    net.output("y", node)
    made = remove_dead(balance(net))
    # With NOTs between them the last unit is a NOT, which stays.
    assert statistics(made)["depth"] == 4 + (kind == "nand and not")
    assert len(made.units) <= len(net.units)
    assert find_difference(net, made) is None


def test_what_comes_late_is_read_late():
    net = Network()
    late = net.input("late")
    for _ in range(3):
        late = net.add(Unit(0, Table(0, 1, 0)), [(late, 1), (net.input(f"l{len(net.inputs)}"), 1)])
    node = late
    for pin in range(3):
        node = net.add(Unit(-3), [(node, 2), (net.input(f"x{pin}"), 2)])
    net.output("y", node)
    assert statistics(net)["depth"] == 6
    made = remove_dead(balance(net))
    assert statistics(made)["depth"] == 3  # the exclusive ors become a tree of two, and the ANDs join them last


def test_a_read_unit_is_not_taken_apart():
    """The middle of a chain is an output: it stays, with its name and its value."""
    net = Network()
    node = net.input("x0")
    for pin in range(1, 9):
        node = net.add(Unit(-3), [(node, 2), (net.input(f"x{pin}"), 2)], name=f"u{pin}")
    net.output("middle", "u4")
    net.output("y", node)
    made = remove_dead(balance(net))
    assert made.outputs["middle"] == "u4"
    assert statistics(made)["depth"] < 8
    assert find_difference(net, made) is None


def test_what_nothing_reads_goes_as_with_prune():
    net = full_adder.network.copy()
    net.add(Unit(1), [("a", -2)], name="dead")
    assert snapshot(remove_dead(net)) == snapshot(prune(net)) == snapshot(full_adder.network)


def test_the_report_adds_up():
    net, report = clean(to_nand(majority.network), report=True)
    assert report.units == (6, 1)
    assert report.units[1] == len(net.units)
    assert report.depth == (5, 1)
    for one, two in zip(report.steps, report.steps[1:], strict=False):
        assert (one.units[1], one.depth[1]) == (two.units[0], two.depth[0])
    lines = str(report).splitlines()
    assert lines[0].split() == ["round", "pass", "units", "depth"]
    assert lines[-1].split() == ["all", "together", "6", "->", "1", "5", "->", "1"]


def test_passes_of_your_own():
    net, report = clean(chain(6), passes=["remove_negations", remove_dead], report=True)
    assert net.units == []
    assert {step.name for step in report.steps} == {"remove_negations", "remove_dead"}
    with pytest.raises(ParameterError) as error:
        clean(net, passes=["polish"])
    assert str(error.value) == f"there is no pass 'polish'; the passes are {', '.join(PASSES)}"
    with pytest.raises(ParameterError) as error:
        clean(net, passes="balance")
    assert str(error.value) == "passes is the text 'balance'; give a list of names, such as ['balance']"
    with pytest.raises(ParameterError) as error:
        clean(net, passes=None)
    assert str(error.value) == "passes is None; give a list of names, such as ['remove_dead']"
    with pytest.raises(ParameterError) as error:
        clean(net, passes=[None])
    assert str(error.value).startswith("there is no pass None; the passes are ")


def test_a_pass_that_gives_nothing():
    def forgets(tape):
        remove_dead(tape)

    with pytest.raises(ParameterError) as error:
        clean(chain(2), passes=[forgets])
    assert str(error.value) == "pass 'forgets' gave None for a tape; give a function from tape to tape"


def test_only_logic_is_cleaned():
    net = Network()
    net.output("y", net.add(Unit(0, SIGMOID), [(net.input("x"), 1)]))
    for edit in ALL:
        with pytest.raises(NetworkError, match="has other values than 0 and 1"):
            edit(net)


def test_a_benchmark_circuit_stays_itself():
    net = read(circuits_folder() / "iscas85" / "c432.bench")
    made = clean(net)
    assert len(made.units) < len(net.units)
    assert find_difference(net, made) is None
    assert find_difference(net, to_nand(net)) is None
