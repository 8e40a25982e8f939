"""perceptron check: the four statuses, what is printed for each, and the certificate's two files."""

import json
import shutil
import subprocess
from functools import partial

import pytest
from rup import check_proof

BROKEN = """
from circuits import ripple_carry_adder
from perceptron import Unit

broken = ripple_carry_adder(16).network.copy()
broken.graph.nodes["fa7.n5"]["unit"] = Unit(-100)
"""

COUNTERS = """
from perceptron import Network, Unit

def counter(period):
    '''Counts to a period in unary; `out` is 1 at its last step.'''
    net = Network()
    go = net.input("go")
    states = [net.state(f"q{at}_{period}", int(at == 0)) for at in range(period)]
    for at, q in enumerate(states):
        before = states[at - 1]
        stay = net.add(Unit(-1), [(q, 2), (go, -2)])
        move = net.add(Unit(-3), [(before, 2), (go, 2)])
        net.feedback(q, net.add(Unit(-1), [(stay, 2), (move, 2)]))
    net.output("out", states[-1])
    return net
"""


RARE = """
from perceptron import Network, Unit

def rare(which):
    net = Network()
    inputs = [net.input(f"x{at}") for at in range(20)]
    net.output("out", net.add(Unit(-19), [(one, which) for one in inputs]))
    return net
"""

SMOOTH = """
from perceptron import SIGMOID, Network, Unit

neuron = Network()
neuron.output("out", neuron.add(Unit(1, SIGMOID), [(neuron.input("x", real=True), 2)]))
"""

MOD_THREE = """
from perceptron import Network, Unit

def counter(wrong):
    net = Network()
    net.input("go")
    high, low = net.state("high", 0), net.state("low", 0)
    both = net.add(Unit(-3), [(high, 2), (low, 2)])
    neither = net.add(Unit(1), [(high, -2), (low, -2)])
    net.feedback(high, net.add(Unit(-1), [(low, 2)]))
    net.feedback(low, net.add(Unit(-1), [(neither, 2), (both, 2)]))
    net.output("never", both if wrong else net.add(Unit(0)))
    return net
"""


@pytest.fixture
def run(run):
    """Run `perceptron check`: (status, standard output, standard error)."""
    return partial(run, "check")


def test_equal(run):
    status, out, err = run("circuits:ripple_carry_adder(64)", "circuits:kogge_stone_adder(64)")
    assert (status, err) == (0, "")
    assert out.startswith("equal: ")
    assert "by SAT" in out


def test_different(run):
    status, out, _ = run("circuits:nand", "circuits:nor")
    assert status == 1
    assert out.splitlines() == [
        "different; the first in counting order",
        "",
        "input  value",
        "x1     0",
        "x2     1",
        "",
        "output  one  other",
        "out     1    0      differs",
    ]


def test_words_are_numbers_that_do_not_add_up(run, tmp_path):
    (tmp_path / "wrong.py").write_text(BROKEN)
    status, out, _ = run("circuits:ripple_carry_adder(16)", f"{tmp_path / 'wrong.py'}:broken")
    assert status == 1
    rows = dict(line.split(maxsplit=1) for line in out.splitlines() if line)
    one, other, _ = rows["sum"].split()
    assert int(one) == int(rows["a"]) + int(rows["b"]) != int(other)
    assert "a[0]" not in rows
    status, out, _ = run("circuits:ripple_carry_adder(16)", f"{tmp_path / 'wrong.py'}:broken", "--bits")
    assert status == 1
    assert "\na[0]  " in out


def test_json(run):
    status, out, _ = run("circuits:nand", "circuits:nor", "--json")
    told = json.loads(out)
    assert (status, told["status"], told["difference"]) == (1, "different", {"x1": 0, "x2": 1})
    assert told["outputs"] == [{"out": 1}, {"out": 0}]


def test_undecided(run):
    status, out, _ = run("circuits:array_multiplier(24)", "circuits:wallace_multiplier(24)", "--limit", "0.2")
    assert status == 3
    assert out.startswith("undecided: ")


def test_over_time(run, tmp_path):
    """Periods of 3 and 4 differ in the third step and not before."""
    path = tmp_path / "counters.py"
    path.write_text(COUNTERS)
    three, four = f"{path}:counter(3)", f"{path}:counter(4)"
    assert run(three, three)[0] == 0
    status, out, _ = run(three, four, "--steps", 2)
    assert (status, out[: out.index(" (")]) == (3, "undecided: equal for the first 2 steps, and not shown beyond")
    status, out, _ = run(three, four, "--steps", 8)
    assert status == 1
    assert out.splitlines()[:4] == [
        "different at step 2; no shorter run differs",
        "",
        "input  step 0  step 1  step 2",
        "go     1       1       0",
    ]


@pytest.mark.parametrize("name", ["proof.drat", "proof.cnf"])
def test_a_certificate(run, tmp_path, name):
    status, out, _ = run("circuits:ripple_carry_adder(8)", "circuits:kogge_stone_adder(8)", "--proof", tmp_path / name)
    assert status == 0
    assert out.rstrip().endswith(f"the proof is in {tmp_path / 'proof.drat'}")
    cnf, proof = ((tmp_path / f"proof{suffix}").read_text() for suffix in (".cnf", ".drat"))
    assert check_proof(cnf, proof) is None


@pytest.mark.parametrize("checker", ["drat-trim", "dratify"])
def test_a_checker_that_is_not_ours(run, tmp_path, checker):
    """Of multipliers of different form, where the solver has to search."""
    if checker == "drat-trim" and shutil.which(checker) is None:
        pytest.skip("drat-trim is not installed")
    elif checker == "dratify":
        pytest.importorskip(checker)
    path = tmp_path / "proof.drat"
    run("circuits:array_multiplier(4)", "circuits:wallace_multiplier(4)", "--proof", path)
    lines = path.read_text().splitlines()
    cut = tmp_path / "cut.drat"
    cut.write_text("\n".join([*lines[len(lines) // 2 :], ""]))

    def accepts(proof):
        cnf = tmp_path / "proof.cnf"
        if checker == "drat-trim":
            done = subprocess.run([checker, cnf, proof], capture_output=True, text=True)
            return "s VERIFIED" in done.stdout
        import dratify

        told = dratify.check_proof(dratify.parse_dimacs(cnf.read_text()), proof.read_text())
        return told.ok and told.reached_empty

    assert accepts(path)
    assert not accepts(cut)


def test_what_no_induction_shows(run, tmp_path):
    """Both bits of a counter 0, 1, 2, 0 are never 1, but they would stay so: no match of states says that."""
    path = tmp_path / "three.py"
    path.write_text(MOD_THREE)
    words = (f"{path}:counter(0)", f"{path}:counter(1)")
    status, out, _ = run(*words)
    assert status == 3
    assert out.startswith("undecided: 1 of 1 outputs, no difference found in random runs (")
    assert out.endswith("; --steps K compares the first K steps\n")
    assert run(*words, "--steps", 7)[1].startswith("undecided: equal for the first 7 steps, and not shown beyond")


def test_equal_but_not_so_that_others_can_check(run, tmp_path):
    """In no time nothing is proved clause by clause, and all inputs of 8 bits are still tried."""
    words = ("circuits:array_multiplier(4)", "circuits:wallace_multiplier(4)", "--limit", 0, "--proof")
    status, out, err = run(*words, tmp_path / "proof.drat")
    assert (status, err) == (3, "")
    assert out.startswith("undecided: no proof that others can check was found in 0 s, so none is written; without one")
    assert out.endswith("give a longer --limit, or leave out --proof\n")
    status, out, _ = run(*words, tmp_path / "proof.drat", "--json")
    told = json.loads(out)
    assert (status, told["status"], told["proof"]) == (3, "undecided", None)
    assert "all inputs" in told["uncertified"].values()
    assert list(tmp_path.iterdir()) == []


def test_a_difference_that_only_all_inputs_show(run, tmp_path):
    """One in a million: random inputs miss it, and no time is left to look for a proof."""
    (tmp_path / "rare.py").write_text(RARE)
    words = (f"{tmp_path / 'rare.py'}:rare(1)", f"{tmp_path / 'rare.py'}:rare(0)", "--limit", 0, "--json")
    status, out, _ = run(*words, "--proof", tmp_path / "proof.drat")
    told = json.loads(out)
    assert (status, told["status"], told["uncertified"]) == (1, "different", None)
    assert set(told["difference"].values()) == {1}
    assert not (tmp_path / "proof.drat").exists()


def test_a_certificate_is_named_in_json(run, tmp_path):
    path = tmp_path / "proof.cnf"
    status, out, _ = run("circuits:full_adder", "circuits:threshold_full_adder", "--proof", path, "--json")
    assert (status, json.loads(out)["proof"]) == (0, str(tmp_path / "proof.drat"))


@pytest.mark.parametrize("there", ["proof.cnf", "proof.drat"])
def test_a_certificate_takes_no_other_files_place(run, tmp_path, there):
    """An answer that is left from another question could be taken for this one's."""
    (tmp_path / there).write_text("mine")
    words = ("circuits:full_adder", "circuits:threshold_full_adder", "--proof", tmp_path / "proof.drat")
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err == f"perceptron: error: {str(tmp_path / there)!r} is there already; add --force to write it anew\n"
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"
    assert run(*words, "--force")[0] == 0
    assert check_proof(*((tmp_path / f"proof{suffix}").read_text() for suffix in (".cnf", ".drat"))) is None


def test_a_folder_that_is_not_there_is_told_before_the_proof(run, tmp_path):
    path = tmp_path / "no" / "proof.drat"
    status, out, err = run("circuits:array_multiplier(24)", "circuits:wallace_multiplier(24)", "--proof", path)
    assert (status, out) == (2, "")
    assert err.startswith(f"perceptron: error: proof is {str(path)!r}, but there is no folder")


def test_numbers_are_only_sampled(run, tmp_path):
    (tmp_path / "smooth.py").write_text(SMOOTH)
    status, out, _ = run(f"{tmp_path / 'smooth.py'}:neuron", f"{tmp_path / 'smooth.py'}:neuron")
    assert status == 3
    assert out.startswith("undecided: 1 of 1 outputs, no difference found on samples")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("circuits:half_adder", "circuits:xor"),
            "only the first network has the output 'carry'; to compare two networks give both the same output names",
        ),
        (("circuits:nand", "circuits:nor", "--limit", "-1"), "--limit is -1; give 0 seconds or more"),
        (("circuits:nand", "circuits:nor", "--proof", "x.txt"), "'x.txt': a certificate is two files; name one of"),
        (("circuits:nand", "circuits:nor", "--rng", "-4"), "argument --rng: -4 is negative; give a seed of at least 0"),
        (("circuits:nand", "circuits:nothing"), "'circuits' has no 'nothing'"),
    ],
)
def test_whatever_is_wrong_is_one_line(run, words, message):
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err.startswith(f"perceptron: error: {message}")
    assert err.count("\n") == 1
