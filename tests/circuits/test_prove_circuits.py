"""prove on circuits from files, and on machines: by matched states, by induction, and step by step."""

import shutil
import subprocess

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from machines import circuits_folder, machines

from circuits import to_nand
from circuits.formats import read
from perceptron import STEP, Network, Unit, prove
from perceptron.evaluate import initial_state, step


def test_c6288_and_its_nand_form_and_a_restructured_one(tmp_path):
    path = circuits_folder() / "iscas85" / "c6288.bench"
    net = read(path)
    assert prove(net, to_nand(net)).equal
    if shutil.which("berkeley-abc") is None:
        pytest.skip("ABC is not installed")
    commands = "strash; balance; rewrite; refactor; balance; rewrite; rewrite -z; balance; refactor -z; rewrite -z"
    script = f"read {path}; {commands}; write {tmp_path / 'other.aig'}"
    subprocess.run(["berkeley-abc", "-q", script], check=True, capture_output=True, cwd=tmp_path)
    told = prove(net, read(tmp_path / "other.aig"))
    assert told.equal
    assert told.effort.merged > 0


def other_states(net, random):
    """The same machine: its states renamed and shuffled, some of them carrying the complement."""
    new = Network()
    place = {name: new.input(name) for name in net.inputs}
    names = list(net.states)
    random.shuffle(names)
    turned = {name: random.random() < 0.5 for name in names}
    own = {}
    for at, name in enumerate(names):
        own[name] = new.state(f"other{at}", int(net.states[name].initial or 0) ^ turned[name])
        place[name] = new.add(Unit(1), [(own[name], -2)]) if turned[name] else own[name]
    for node in net.units:
        place[node] = new.add(net.unit(node), [(place[source], weight) for source, weight in net.fanin(node)])
    for name, node in net.outputs.items():
        new.output(name, place[node])
    for name in names:
        following = place[net.states[name].next]
        new.feedback(own[name], new.add(Unit(1), [(following, -2)]) if turned[name] else following)
    return new


@given(machines(max_units=9), st.randoms(use_true_random=False))
def test_states_are_matched_by_induction(net, random):
    assert prove(net, other_states(net, random)).equal


@given(machines(min_inputs=2, max_inputs=3), st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_first_steps_agree_with_brute_force(first, random, steps):
    """A machine against itself with other states, and perhaps another bias in one of its units."""
    assume(first.states)
    second = other_states(first, random)
    steps_of = [node for node in second.units if second.unit(node).activation is STEP]
    if steps_of:
        node = random.choice(steps_of)
        second.graph.nodes[node]["unit"] = Unit(second.unit(node).bias + random.choice([-2, -1, 0, 1, 2]))
    names = first.inputs

    def shortest():
        now = [(initial_state(first), initial_state(second))]
        for length in range(1, steps + 1):
            following = []
            for states in now:
                for number in range(1 << len(names)):
                    values = {name: number >> at & 1 for at, name in enumerate(names)}
                    (one, a), (two, b) = (
                        step(net, values, state) for net, state in zip((first, second), states, strict=True)
                    )
                    if one != two:
                        return length
                    following.append((a, b))
            now = following
        return None

    told = prove(first, second, steps=steps)
    wanted = shortest()
    if wanted is None:
        assert told.status != "different"
        assert told.status == "equal" or told.steps == steps
    else:
        assert (told.status, told.steps, told.smallest) == ("different", wanted, "no shorter run differs")
        assert all(len(values) == wanted for values in told.difference.values())
