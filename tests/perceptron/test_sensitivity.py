"""How little changes a decision: against all subsets of the inputs, and against weights that are really changed."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import single
from strategies import assignments, networks

from circuits import nand, ripple_carry_adder
from perceptron import (
    SIGMOID,
    STEP,
    Network,
    ParameterError,
    Unit,
    evaluate,
    sensitivity,
    weight_changes,
)


def fewest(net, values, among=None):
    before = evaluate(net, values)
    free = net.inputs if among is None else among
    for size in range(1, len(free) + 1):
        for chosen in combinations(free, size):
            turned = {name: value ^ (name in chosen) for name, value in values.items()}
            if evaluate(net, turned) != before:
                return size
    return None


@pytest.mark.parametrize(("tried", "patience"), [(1 << 18, 120), (0, 120), (0, 0)])
def test_the_fewest_inputs(tried, patience, monkeypatch):
    """By trying all sets, at once or once the solver has found some, and by the solver alone."""
    import sys

    monkeypatch.setattr(sys.modules["perceptron.sensitivity"], "_TRIED", tried)
    monkeypatch.setattr(sys.modules["perceptron.sensitivity"], "_PATIENCE", patience)
    monkeypatch.setattr(sys.modules["perceptron.sensitivity"], "_CELLS", 64)

    @given(st.data())
    def agrees(data):
        net = data.draw(networks())
        values = data.draw(assignments(net))
        told = sensitivity(net, values)
        wanted = fewest(net, values)
        assert told.exact
        if wanted is None:
            assert told.constant
            assert told.inputs is None
        else:
            assert len(told.inputs) == told.at_least == wanted
            turned = {name: value ^ (name in told.inputs) for name, value in values.items()}
            one, two = evaluate(net, values), evaluate(net, turned)
            assert told.outputs == tuple(name for name in one if one[name] != two[name]) != ()

    agrees()


@given(st.data())
def test_the_fewest_inputs_of_perceptrons_side_by_side(data):
    """Each reads inputs alone, by parallel edges too: what the weights say is what trying all sets says."""
    net = Network()
    inputs = [net.input(f"x{at}") for at in range(data.draw(st.integers(1, 6)))]
    weights = st.one_of(st.integers(-4, 4), st.fractions(-3, 3, max_denominator=4))
    for at in range(data.draw(st.integers(1, 3))):
        fanin = data.draw(st.lists(st.tuples(st.sampled_from(inputs), weights), max_size=8))
        net.output(f"y{at}", net.add(Unit(data.draw(weights)), fanin))
    values = data.draw(assignments(net))
    told = sensitivity(net, values)
    wanted = fewest(net, values)
    assert told.exact
    assert (None if told.inputs is None else len(told.inputs)) == wanted
    assert told.constant == (wanted is None)


@pytest.mark.parametrize(("tried", "patience"), [(1 << 18, 120), (0, 120), (0, 0)])
def test_among_some_inputs_and_few_at_most(tried, patience, monkeypatch):
    import sys

    monkeypatch.setattr(sys.modules["perceptron.sensitivity"], "_TRIED", tried)
    monkeypatch.setattr(sys.modules["perceptron.sensitivity"], "_PATIENCE", patience)

    @given(st.data())
    def agrees(data):
        net = data.draw(networks().filter(lambda net: net.inputs))
        values = data.draw(assignments(net))
        among = data.draw(st.lists(st.sampled_from(net.inputs), min_size=1, unique=True))
        at_most = data.draw(st.integers(1, 3))
        told = sensitivity(net, values, among=among, at_most=at_most)
        wanted = fewest(net, values, among)
        if wanted is None:
            assert told.inputs is None
            assert told.constant or told.at_least == at_most + 1 <= len(among)
        elif wanted > at_most:
            assert told.inputs is None
            assert not told.constant
            assert at_most < told.at_least <= wanted
        else:
            assert len(told.inputs) == told.at_least == wanted
            assert set(told.inputs) <= set(among)

    agrees()


def behind_a_not(net):
    """The same question for the search: the output is no longer a perceptron of the inputs."""
    net = net.copy()
    target = net.outputs["y"]
    net.output("turned", net.add(Unit(1), [(target, -2)]))
    return net


def test_some_of_forty_voters():
    """25 of 41 are for it; it takes 5 that change their minds, more sets than are tried."""
    net = single([2] * 41, -41)
    for one in (net, behind_a_not(net)):
        told = sensitivity(one, [1] * 25 + [0] * 16)
        assert told.exact
        assert len(told.inputs) == 5


def test_a_wide_perceptron_needs_no_search():
    """150 of 400 inputs are 1 and more than 100 are wanted: 50 have to go."""
    net = single([1] * 400, -100)
    told = sensitivity(net, [1] * 150 + [0] * 250, limit=0)
    assert (len(told.inputs), told.exact) == (50, True)


def test_a_small_set_where_the_smallest_is_not_found_in_time():
    """At most 2 of 400 are all tried; a set is given all the same, none of which can be left out."""
    net = behind_a_not(single([1] * 400, -100))
    values = {name: int(at < 150) for at, name in enumerate(net.inputs)}
    told = sensitivity(net, values, limit=0)
    assert 3 <= told.at_least <= 50 <= len(told.inputs)
    before = evaluate(net, values)
    turned = {name: value ^ (name in told.inputs) for name, value in values.items()}
    assert evaluate(net, turned) != before
    for name in told.inputs:
        assert evaluate(net, turned | {name: values[name]}) == before


def test_only_the_outputs_that_count():
    net = ripple_carry_adder(4).network
    told = sensitivity(net, [0] * 8, outputs=("sum[4]",))  # to carry out of 4 bits both top bits have to be 1
    assert sorted(told.inputs) == ["a[3]", "b[3]"]


def test_names_that_can_be_read_only_once():
    """A generator of names says the same as a list of them, and is not taken for no name at all."""
    net = ripple_carry_adder(4).network
    told = sensitivity(net, [0] * 8, outputs=(name for name in ["sum[4]"]), among=iter(["a[3]", "b[3]", "a[0]"]))
    assert (told.inputs, told.outputs) == (("a[3]", "b[3]"), ("sum[4]",))
    assert sensitivity(net, [0] * 8, outputs=["sum[4]", "sum[4]"], among=["b[3]", "a[3]"]) == told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outputs": ("no",)}, "there is no output 'no'; the outputs are out"),
        ({"outputs": ()}, "outputs names none; the outputs are out"),
        ({"outputs": "out"}, "outputs is the text 'out'; give a tuple of names, such as ('out',)"),
        ({"among": ("x1", "x3")}, "there is no input 'x3'; the inputs are x1, x2"),
        ({"among": []}, "among names none; the inputs are x1, x2"),
        ({"among": "x1"}, "among is the text 'x1'; give a tuple of names, such as ('x1',)"),
        ({"at_most": 0}, "at_most is 0; give at least 1 input, or None for any number"),
        ({"at_most": 1.5}, "at_most is 1.5; give at least 1 input, or None for any number"),
        ({"limit": -1}, "limit is -1; give at least 0 seconds, or None for no limit"),
        ({"limit": "1"}, "limit is '1'; give at least 0 seconds, or None for no limit"),
        ({"outputs": 5}, "outputs is 5; give a tuple of names of outputs"),
    ],
)
def test_what_cannot_be_asked(options, message):
    with pytest.raises(ParameterError) as error:
        sensitivity(nand.network, [0, 1], **options)
    assert str(error.value) == message


def test_real_networks_have_no_inputs_to_turn():
    with pytest.raises(ParameterError, match="other values than 0 and 1"):
        sensitivity(single([1], 0, SIGMOID), [1])


# --- weights


def with_change(net, node, source, change):
    """The network with a number added to a bias, or to the first of the edges from a source."""
    new = Network()
    for name in net.inputs:
        new.input(name)
    for unit in net.units:
        bias, fanin = net.unit(unit).bias, net.fanin(unit)
        if unit == node and source is None:
            bias = Fraction(bias) + change
        elif unit == node:
            at = [one for one, _ in fanin].index(source)
            fanin = [(one, Fraction(weight) + change * (place == at)) for place, (one, weight) in enumerate(fanin)]
        new.add(Unit(bias, net.unit(unit).activation), fanin, name=unit)
    for name, target in net.outputs.items():
        new.output(name, target)
    return new


@given(st.data())
def test_a_weight_turns_its_unit_just_there(data):
    """At the change said (or just beyond) the outputs said turn over, and short of it nothing does."""
    net = data.draw(networks())
    values = data.draw(assignments(net))
    changes = weight_changes(net, values)
    before = evaluate(net, values)
    sizes = [abs(one.change) for one in changes]
    assert sizes == sorted(sizes)
    for one in changes:
        sign = 1 if one.beyond else -1
        tiny = Fraction(1, 10**6) * sign
        over = evaluate(with_change(net, one.unit, one.source, one.change + (tiny if one.beyond else 0)), values)
        short = evaluate(with_change(net, one.unit, one.source, one.change - (0 if one.beyond else tiny)), values)
        assert one.outputs == tuple(name for name in before if over[name] != before[name])
        assert short == before
    listed = {(one.unit, one.source) for one in changes}
    for node in net.units:
        assert ((node, None) in listed) == (net.unit(node).activation is STEP)


def test_a_real_input_divides():
    net = single([1], -2, real=True)
    told = weight_changes(net, [3])
    assert [(one.source, one.change, one.beyond) for one in told] == [
        ("x1", Fraction(-1, 3), False),
        (None, -1, False),
    ]


def test_the_chapters_nand_flips_by_one():
    told = weight_changes(nand.network, [1, 1])
    assert told[0].outputs == ("out",)
    assert all(one.change == 1 for one in told)


def test_what_turns_over_a_long_chain():
    """Every NOT of a chain turns its end, and a second way round a part of it does not take that back."""
    net = Network()
    node = net.input("x")
    for at in range(20_000):
        before = node
        node = net.add(Unit(1), [(node, -2)])
        if at % 100 == 99:  # one of the two is always 1, whatever is before
            net.output(f"y{at}", net.add(Unit(-1), [(node, 2), (before, 2)]))
    net.output("end", node)
    told = {one.unit: one.outputs for one in weight_changes(net, [1])}
    assert told["n1"] == ("end",)
    assert told[node] == ("y19999", "end")


def test_smooth_units_never_turn_over():
    with pytest.raises(ParameterError, match="smooth and never turns over"):
        weight_changes(single([1], 0, SIGMOID), [1])
