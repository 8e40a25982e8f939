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


def fewest(net, values):
    before = evaluate(net, values)
    for size in range(1, len(net.inputs) + 1):
        for chosen in combinations(net.inputs, size):
            turned = {name: value ^ (name in chosen) for name, value in values.items()}
            if evaluate(net, turned) != before:
                return size
    return None


@pytest.mark.parametrize("tried", [1 << 18, 0])
def test_the_fewest_inputs(tried, monkeypatch):
    """By trying all sets, and by the solver."""
    import sys

    monkeypatch.setattr(sys.modules["perceptron.sensitivity"], "_TRIED", tried)

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


def test_some_of_forty_voters():
    """25 of 41 are for it; it takes 5 that change their minds, more sets than are tried."""
    net = single([2] * 41, -41)
    told = sensitivity(net, [1] * 25 + [0] * 16)
    assert told.exact
    assert len(told.inputs) == 5


def test_only_the_outputs_that_count():
    net = ripple_carry_adder(4).network
    told = sensitivity(net, [0] * 8, outputs=("sum[4]",))  # to carry out of 4 bits both top bits have to be 1
    assert sorted(told.inputs) == ["a[3]", "b[3]"]
    with pytest.raises(ParameterError, match="there is no output 'no'"):
        sensitivity(net, [0] * 8, outputs=("no",))


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


def test_smooth_units_never_turn_over():
    with pytest.raises(ParameterError, match="smooth and never turns over"):
        weight_changes(single([1], 0, SIGMOID), [1])
