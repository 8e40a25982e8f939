"""Certificates: clauses that say what they should, and proofs that a checker of ours accepts, and rejects when cut."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import corners, node_values, single
from rup import Clauses, check_proof, clauses_of
from strategies import networks

from circuits import kogge_stone_adder, nand, nor, ripple_carry_adder, threshold_ripple_carry_adder, to_nand
from perceptron import SIGMOID, Network, NetworkError, ParameterError, Unit, prove, to_dimacs
from perceptron.equivalence import certificate, decide

prove_module = importlib.import_module("perceptron.equivalence.prove")  # not the function of that name


def comments(text, kind):
    """`c kind variable name` lines: name -> variable."""
    lines = (line.split(" ", 3) for line in text.splitlines() if line.startswith(f"c {kind} "))
    return {name: int(variable) for _, _, variable, name in lines}


@given(networks(max_inputs=4, wide=True))
def test_the_models_are_the_rows_of_the_truth_table(net):
    """Of the clauses with the inputs given, unit propagation leaves one value for each output."""
    text = to_dimacs(net)
    variables, outputs = comments(text, "input"), comments(text, "output")
    for values in corners(net):
        known = Clauses()
        for clause in clauses_of(text):
            known.add(clause)
        for name, value in values.items():
            known.add([variables[name] if value else -variables[name]])
        meant = node_values(net, values)
        assert not known.broken
        for name, node in net.outputs.items():
            literal = outputs[name] if meant[node] else -outputs[name]
            assert known.follows([literal])
            assert not known.follows([-literal])


def test_the_heading_counts():
    text = to_dimacs(ripple_carry_adder(4).network)
    heading = next(line for line in text.splitlines() if line.startswith("p"))
    clauses = clauses_of(text)
    assert heading == f"p cnf {max(abs(literal) for clause in clauses for literal in clause)} {len(clauses)}"


def test_names_of_more_than_a_line_stay_in_theirs():
    net = Network()
    net.output("o\nut", net.add(Unit(1), [(net.input("a\nb"), -2)]))
    assert "c input 2 a\\nb\nc output -2 o\\nut\n" in to_dimacs(net)


def test_states_are_named():
    net = Network()
    q = net.state("q")
    net.feedback(q, net.add(Unit(1), [(q, -2)]))
    net.output("out", q)
    text = to_dimacs(net)
    assert (comments(text, "state"), comments(text, "next")) == ({"q": 2}, {"q": -2})


def test_a_smooth_network_is_no_formula():
    with pytest.raises(NetworkError) as error:
        to_dimacs(single([1], 0, SIGMOID))
    assert str(error.value) == (
        "the network has other values than 0 and 1, so it is no formula; harden the network first"
    )


# --- certificates


def certified(folder, first, second, **options):
    path = folder / "proof.drat"
    told = prove(first, second, proof=path, **options)
    if not told.equal:
        assert not path.exists()
        assert not path.with_suffix(".cnf").exists()
        return told, None, None
    return told, path.with_suffix(".cnf").read_text(), path.read_text()


@pytest.mark.parametrize("patience", [1, 200])
def test_every_proof_is_accepted(patience, monkeypatch, tmp_path_factory):
    """Of a network against one built from it by negations, and over several sweeps."""
    monkeypatch.setattr(decide, "_FEW_CONFLICTS", patience)

    @given(networks(max_units=12), st.randoms(use_true_random=False), st.integers(0, 9))
    def accepted(net, random, seed):
        other = Network()
        place = {name: other.input(name) for name in net.inputs}
        for node in net.units:
            place[node] = other.add(net.unit(node), [(place[source], weight) for source, weight in net.fanin(node)])
            if random.random() < 0.5:
                place[node] = other.add(Unit(1), [(other.add(Unit(1), [(place[node], -2)]), -2)])
        for name, node in net.outputs.items():
            other.output(name, place[node])
        told, cnf, proof = certified(tmp_path_factory.mktemp("proof"), net, other, samples=1, rng=seed)
        assert told.equal
        assert check_proof(cnf, proof) is None

    accepted()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ripple_carry_adder(16), kogge_stone_adder(16)),
        (threshold_ripple_carry_adder(16), ripple_carry_adder(16)),
    ],
)
def test_adders_of_different_form(first, second, tmp_path):
    told, cnf, proof = certified(tmp_path, first.network, second.network)
    assert told.effort.merged > 0
    assert set(told.methods.values()) == {"SAT"}
    assert check_proof(cnf, proof) is None


def test_a_proof_by_structure_is_written_out_as_well(tmp_path):
    """Sharing and folding are steps too: nothing of ours has to be believed but the lowering of each network."""
    net = kogge_stone_adder(16).network
    told, cnf, proof = certified(tmp_path, net, to_nand(net))
    assert told.equal
    assert check_proof(cnf, proof) is None


def test_a_proof_without_its_lemmas_is_none(tmp_path):
    """The checker does not accept anything; nor does the question answer itself."""
    _, cnf, proof = certified(tmp_path, ripple_carry_adder(8).network, kogge_stone_adder(8).network)
    lines = proof.splitlines()
    assert check_proof(cnf, "0\n") == []
    assert check_proof(cnf, "\n".join(lines[:-1])) == "there is no empty clause"
    assert check_proof(cnf, "\n".join(lines[len(lines) // 2 :])) is not None


def test_what_differs_has_no_proof(tmp_path):
    told, cnf, _ = certified(tmp_path, nand.network, nor.network)
    assert (told.status, cnf) == ("different", None)
    assert sum(told.difference.values()) == 1


def test_no_certificate_over_time_or_for_numbers(tmp_path):
    net = single([1], 0, SIGMOID)
    with pytest.raises(ParameterError, match="a certificate is written for networks of 0 and 1 without states"):
        prove(net, net, proof=tmp_path / "proof.drat")


@pytest.mark.parametrize("missing", ["folder", ".cnf", ".drat"])
def test_where_no_file_can_be_is_said_before_the_proof(missing, tmp_path, monkeypatch):
    monkeypatch.setattr(prove_module, "certify", None)  # what takes the time
    path = tmp_path / "proof.drat"
    if missing == "folder":
        path = tmp_path / "no" / "proof.drat"
        message = f"proof is {str(path)!r}, but there is no folder {str(path.parent)!r}; make it first"
    else:
        path.with_suffix(missing).mkdir()
        message = f"proof is {str(path)!r}, but {str(path.with_suffix(missing))!r} is a folder; name another"
    with pytest.raises(ParameterError) as error:
        prove(nand.network, nand.network, proof=path)
    assert str(error.value) == message


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_both_files_or_neither(failure, tmp_path, monkeypatch):
    write = certificate.write_whole

    def full(path, data):
        if path.suffix == ".drat":
            raise failure
        write(path, data)

    monkeypatch.setattr(certificate, "write_whole", full)
    with pytest.raises(type(failure)):
        prove(nand.network, to_nand(nand.network), proof=tmp_path / "proof.drat")
    assert list(tmp_path.iterdir()) == []
