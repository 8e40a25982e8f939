"""The course's scripts on circuits written in Python, and how the parts that they look into are found by name."""

import importlib.util

import pytest
from chips import OURS, course
from test_scripts_course import SCRIPTS

from circuits import Circuit, Memory, Word, circuit, register, state
from circuits.language.memories import memory_word
from circuits.scripts import ScriptError, run
from examples.computer import as_nands, computer, cpu, memory
from perceptron import Network, State
from workbench.cli import main


@pytest.fixture(scope="module")
def chips():
    """The module `examples/nand2tetris/chips.py`."""
    spec = importlib.util.spec_from_file_location("chips_in_python", OURS / "chips.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EACH = [(project, name) for project in ("01", "02", "03") for name in SCRIPTS[project].split()] + [("03", "RAM16K")]


@pytest.mark.parametrize(("project", "name"), EACH, ids=[name for _, name in EACH])
def test_the_chips_of_the_projects_01_to_03(chips, project, name):
    script = course(project) / f"{name}.tst"
    verdict = run(script, circuit=getattr(chips, name.partition("-")[0]))
    assert verdict.passed, verdict.difference
    assert (
        verdict.rows == len([line for line in script.with_suffix(".cmp").read_text().split("\n") if line.strip()]) - 1
    )


@pytest.fixture(scope="module", params=["units", "nands"])
def parts(request):
    """The processor, the memory and the computer, as they are written and as NANDs."""
    made = {"CPU": cpu, "Memory": memory, "Computer": computer()}
    return {name: as_nands(one) if request.param == "nands" else one for name, one in made.items()}


@pytest.mark.parametrize("name", [*SCRIPTS["05"].split(), "Memory"])
def test_the_computer_of_project_05(parts, name):
    made = next(one for kind, one in parts.items() if name.startswith(kind))
    verdict = run(course("05") / f"{name}.tst", circuit=made)
    assert verdict.passed, verdict.difference
    assert verdict.keys == ((75, 89) if name == "Memory" else ())


def test_a_fault_in_the_processor_is_found():
    """With D never loaded, D=A at time 1+ leaves D at 0."""
    net = cpu.network
    states = {name: State(name if name.startswith("d_register") else held.next, 0) for name, held in net.states.items()}
    faulty = Network.from_graph(net.graph, net.inputs, net.outputs, "cpu", states)
    verdict = run(course("05") / "CPU.tst", circuit=Circuit.from_network(faulty, words=True))
    assert verdict.difference.expected[0] == "1+"
    assert verdict.difference.got[-1] == "0"


# --- the parts by name


@circuit
def kept(in_: Word[4], at: Word[2], load):
    """A word of memory, a register, an inner register, and a key."""
    word = memory_word(Memory("ram", 2, 4), at)
    word.write(in_, load)
    inner = register_of(in_, name="inner")
    held = state(4, name="my_counter")
    held.next = (held + 1)[:4]
    return {"out": word, "inner": inner, "count": held}


@circuit
def register_of(data: Word[4]):
    return register(data, name="Last")


def script(folder, body, rows):
    path = folder / "Kept.tst"
    path.write_text(f"compare-to Kept.cmp, output-list {body}")
    path.with_suffix(".cmp").write_text("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return path


@pytest.mark.parametrize("name", ["RAM", "ram", "Ram", "RAM4", "RAM16K", "r_a_m"])
def test_words_of_a_memory(tmp_path, name):
    path = script(
        tmp_path,
        f"{name}[2]%D1.9.1; output, set {name}[2] 9, output; "
        "set at 2, set in 5, set load 1, tick, output; tock, output;",
        [[f"{name}[2]"], ["0"], ["9"], ["5"], ["5"]],
    )
    assert run(path, circuit=kept).passed


@pytest.mark.parametrize("name", ["MyCounter", "my_counter"])
def test_states(tmp_path, name):
    """At a tick it shows what it took in; it is set to 7 at once, and counts on."""
    path = script(
        tmp_path,
        f"{name}[]%D1.12.1; output; tick, output; tock, output; set {name}[] 7, output; ticktock, output;",
        [[f"{name}[]"], *([value] for value in "01178")],
    )
    assert run(path, circuit=kept).passed


def test_the_last_word_of_a_name_counts(tmp_path):
    path = script(tmp_path, "Last[]%D1.7.1; set in 3, tick, output;", [["Last[]"], ["3"]])
    assert run(path, circuit=kept).passed


def test_bits_of_a_pin_stay_bits(tmp_path):
    path = script(tmp_path, "count[0]%B1.16.1; ticktock, output;", [["count[0]"], ["0" * 15 + "1"]])
    assert run(path, circuit=kept).passed


def test_programs_go_into_a_memory(tmp_path, capsys):
    (tmp_path / "two.hack").write_text("0000000000000111\n1110110000010000\n")
    path = script(
        tmp_path,
        "ARegister[]%D1.6.1 DRegister[]%D1.6.1 PC[]%D1.6.1; ROM32K load two.hack, ticktock, ticktock, output;",
        [["ARegiste", "DRegiste", "PC[]"], ["7", "7", "2"]],
    )
    assert run(path, circuit=computer()).passed
    assert main(["test", str(path), "--circuit", "examples.computer:computer()"]) == 0
    assert capsys.readouterr().out == "passed  Kept.tst  1 row\n"


def test_a_key_is_an_input(tmp_path):
    """The keyboard of the memory is an input, which the script sets by the name that the course has for it."""
    path = script(
        tmp_path,
        "out%D1.6.1; set address 24576, eval, output; set Keyboard 75, eval, output; set Keyboard[] 80, tick, output;",
        [["out"], ["0"], ["75"], ["80"]],
    )
    assert run(path, circuit=memory).passed


def test_what_cannot_be_looked_into(tmp_path):
    path = script(tmp_path, "RAM[2]%D1.9.1 Screen[1]%D1.9.1; output;", [["RAM[2]"], ["0"]])
    told = r"chip kept has no memory or state that is called like Screen \(it has ram, inner.Last, my_counter\)"
    with pytest.raises(ScriptError, match=told):
        run(path, circuit=kept)
    path = script(tmp_path, "RAM[4]%D1.9.1; output;", [["RAM[4]"], ["0"]])
    with pytest.raises(ScriptError, match=r"RAM\[4\]: ram has the words 0 to 3"):
        run(path, circuit=kept)


def test_two_that_are_alike(tmp_path):
    @circuit
    def two(in_: Word[4]):
        return {"a": register_of(in_, name="a"), "b": register_of(in_, name="b")}

    path = script(tmp_path, "Last[]%D1.9.1; output;", [["Last[]"], ["0"]])
    with pytest.raises(ScriptError, match=r"Last may be 'a.Last' and 'b.Last'; give one of them another name"):
        run(path, circuit=two)
