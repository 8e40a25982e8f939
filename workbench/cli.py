"""The command `perceptron`: its arguments, its help, and how it reports what is wrong.

Each command's work is one function of `workbench.commands`, imported when that command runs, so that `--help`
answers at once.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.parser import WRONG, Parser, fail
from workbench.version import this_version

INTERRUPTED = 130

_CURES = {
    errno.ENOENT: "; check the name",
    errno.EISDIR: "; name a file",
    errno.ENOTDIR: "; name a folder that is one",
    errno.EACCES: "; choose another file, or ask for its permission",
    errno.EROFS: "; choose another place",
    errno.ENOSPC: "; make room, or choose another place",
}

LIMIT_HELP = "how many steps a script may take (default 100000)"

CIRCUIT_HELP = (
    "a circuit: circuits:half_adder, 'circuits:ripple_carry_adder(8)', file.py:name, a file.py with one circuit, "
    "a .aag .aig .bench .blif .hdl .json .onnx .pla or .v file, or a saved network net.npz"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = build_parser()
    if not (sys.argv[1:] if arguments is None else arguments):
        parser.print_help(sys.stderr)
        return WRONG
    given = parser.parse_args(arguments)
    sys.set_int_max_str_digits(0)  # a word may have any width
    try:
        command = getattr(import_module(f"workbench.commands.{given.module}"), given.function)
        status = command(given) or 0
        sys.stdout.flush()
        return int(status)
    except KeyboardInterrupt:
        print("perceptron: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError) as error:
        if not is_for_the_user(error):
            raise
        fail(_line(error))


def seed(text: str) -> int:
    """A seed of random numbers; the parser says what is wrong with any other."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is negative; give a seed of at least 0")
    return number


def is_for_the_user(error: Exception) -> bool:
    """Whether an error is about what was given (ours, or the system's about a file) and not a fault of the program."""
    if isinstance(error, OSError):
        return True
    ours = (
        ("workbench.errors", "UsageError"),
        ("perceptron.errors", "PerceptronError"),
        ("learn.errors", "LearnError"),
    )
    loaded = (getattr(sys.modules[module], name) for module, name in ours if module in sys.modules)
    return isinstance(error, tuple(loaded))


def _line(error: Exception) -> str:
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    cure = _CURES.get(error.errno or 0, "")
    if error.errno == errno.ENOENT and path is not None and not path.parent.is_dir():
        cure = f"; there is no folder {str(path.parent)!r}"
    return f"{error.filename!r}: {error.strerror}{cure}"


def build_parser() -> Parser:
    """All commands with their arguments."""
    parser = Parser(
        prog="perceptron",
        description="From the NAND gate to the network that reads handwriting, and back to gates.",
        epilog="Example: perceptron table circuits:half_adder",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {this_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)

    def command(name: str, module: str, summary: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=f"Example: {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(module=module, function=name)
        return made

    _tour(command)
    _list(command)
    _table(command)
    _eval(command)
    _stats(command)
    _draw(command)
    _convert(command)
    _simulate(command)
    _check(command)
    _run(command)
    _bench(command)
    _learn(command)
    _harden(command)
    _read(command)
    _test(command)
    _grade(command)
    _freeze(command)
    return parser


def _tour(command: Any) -> None:
    made = command(
        "tour", "tour", "tell the chapter's story with pictures and numbers, in a minute", "perceptron tour -o tour"
    )
    made.add_argument(
        "-o", "--output", metavar="DIR", default="tour", help="the folder for index.html and its pictures"
    )
    made.add_argument("--rng", type=int, default=0, metavar="S", help="the seed of the learning (default 0)")


def _list(command: Any) -> None:
    made = command("list", "catalogue", "list the circuits that come with the program", "perceptron list adder")
    made.add_argument("words", nargs="*", metavar="word", help="only those with this in their name or description")
    made.add_argument("--json", action="store_true", help="print a JSON object")


def _table(command: Any) -> None:
    made = command(
        "table", "circuit", "print a circuit's truth table", "perceptron table circuits:half_adder --format csv"
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument("--format", choices=["text", "csv", "markdown", "json"], default="text", help="(default text)")


def _eval(command: Any) -> None:
    made = command(
        "eval", "circuit", "print a circuit's outputs for one input", "perceptron eval circuits:half_adder x1=1 x2=1"
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument("values", nargs="*", metavar="name=value", help="0 or 1 for a bit, an integer for a word")
    made.add_argument("--json", action="store_true", help="print a JSON object")


def _stats(command: Any) -> None:
    made = command(
        "stats", "circuit", "count a circuit's units, edges, depth and gates", "perceptron stats circuits:half_adder"
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument("--json", action="store_true", help="print a JSON object")


def _draw(command: Any) -> None:
    made = command(
        "draw", "circuit", "draw a circuit", "perceptron draw circuits:half_adder -o adder.svg --style neurons --merge"
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument(
        "-o", "--output", metavar="FILE", help="a .svg, .png, .pdf or .dot file; without it DOT is printed"
    )
    made.add_argument("--style", choices=["gates", "neurons", "layers"], help="gate symbols, circles, or whole layers")
    made.add_argument("--merge", action="store_true", help="merge parallel edges first")
    made.add_argument("--values", nargs="+", metavar="name=value", default=[], help="light up the wires for one input")
    made.add_argument("--inputs", choices=["floating", "layer"], default="floating", help="how neurons show inputs")
    made.add_argument("--rankdir", choices=["LR", "TB", "RL", "BT"], default="LR", help="the direction of the drawing")
    made.add_argument("--cone", metavar="NODE", help="draw only what this node depends on")
    made.add_argument("--depth", type=int, metavar="K", help="with --cone: only so many layers of it")


def _convert(command: Any) -> None:
    made = command(
        "convert",
        "files",
        "write a circuit in another format, other gates, or few perceptrons",
        "perceptron convert adder.bench adder.aig --gates nor",
    )
    made.epilog += """
         perceptron convert adder.bench few.json --collapse --report
         perceptron check adder.bench few.json"""
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument(
        "output", help="a .aag .aig .bench .blif .dot .json .onnx or .v file; .json keeps every unit as it is"
    )
    made.add_argument(
        "--clean", action="store_true", help="make it smaller first: constants, doubles, dead units, cones"
    )
    built = made.add_mutually_exclusive_group()
    built.add_argument("--nand", action="store_true", help="then build it of NAND gates alone")
    built.add_argument("--gates", metavar="SET", help="or of nand, nor, aig, and_or_not, or lut2 to lut6")
    built.add_argument("--collapse", action="store_true", help="or of as few perceptrons as are found")
    made.add_argument("--max-fanin", type=int, metavar="N", help="with --collapse: the most edges into a perceptron")
    made.add_argument("--merge", action="store_true", help="then merge parallel edges")
    made.add_argument("--report", action="store_true", help="tell what each of these did")


def _simulate(command: Any) -> None:
    made = command(
        "simulate",
        "simulate",
        "run a circuit on many inputs, over time, or against another circuit",
        "perceptron simulate circuits:half_adder --random 1000000 --rng 0 --digest",
    )
    made.epilog += """
         perceptron simulate 'circuits:ripple_carry_adder(8)' -i numbers.csv    (columns a,b)
         perceptron simulate adder.aig --against adder.v --exhaustive

Exit status: 0; with --against 1 if there is a difference; 2 if something given is wrong."""
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument(
        "-i",
        "--inputs",
        "--csv",
        dest="input",
        metavar="CSV",
        help="stimuli: a header of input names or words, then a row each (- for stdin); a word a stands for the inputs "
        "a[0], a[1], ..., and its cells are integers such as 200, 0xc8 or 0b11001000",
    )
    made.add_argument("-o", "--output", metavar="CSV", help="where the outputs go; by default they are printed")
    made.add_argument("--random", type=int, metavar="N", help="N random patterns instead of a file")
    made.add_argument("--exhaustive", action="store_true", help="all patterns there are instead of a file")
    made.add_argument("--rng", type=int, default=0, metavar="S", help="the seed of the patterns (default 0)")
    made.add_argument("--steps", type=int, metavar="T", help="with patterns: steps of time from the initial values")
    made.add_argument("--digest", action="store_true", help="with patterns: end with a digest of all outputs")
    made.add_argument(
        "--against",
        metavar="OTHER",
        help="with patterns: count where this circuit's outputs differ, and show the first",
    )
    made.add_argument("--json", action="store_true", help="with --digest or --against: print a JSON object")
    shown = made.add_mutually_exclusive_group()
    shown.add_argument(
        "--words",
        action="store_true",
        default=None,
        help="words as one column (the default where a file has such a column, and with --against)",
    )
    shown.add_argument("--bits", dest="words", action="store_false", help="a column for each bit")


def _run(command: Any) -> None:
    made = command(
        "run",
        "run",
        "run a circuit over time and show its timing diagram",
        "perceptron run 'circuits:counter(4)' --steps 20 --input enable=1",
    )
    made.epilog += "\n         perceptron run counter.py --steps 12 --input go=1,1,0,1 --svg counter.svg"
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument("--steps", type=int, metavar="N", help="how many (default: as many as the inputs have values)")
    made.add_argument(
        "--input",
        nargs="+",
        action="extend",
        metavar="name=values",
        default=[],
        help="a value for each step, as in go=0,1,1; the last one stays; an input that is not given is 0",
    )
    made.add_argument(
        "-i", "--inputs", "--csv", metavar="CSV", help="a header of input names or words, then a row for each step"
    )
    made.add_argument("--signals", metavar="A,B", help="what to show, states and units too (default: inputs, outputs)")
    made.add_argument("--base", choices=["decimal", "hex", "binary"], default="decimal", help="(default decimal)")
    made.add_argument("--clock", action="store_true", help="with --svg or --vcd: the clock too")
    made.add_argument("--vcd", metavar="FILE", help="write the waves as a .vcd file, for a wave viewer")
    made.add_argument("--svg", metavar="FILE", help="draw the timing diagram into a .svg file")
    made.add_argument("--table", action="store_true", help="print comma-separated values instead of a diagram")
    made.add_argument("--ascii", action="store_true", help="print a diagram without box-drawing characters")


def _check(command: Any) -> None:
    made = command(
        "check",
        "check",
        "prove that two circuits compute the same, or show where they differ",
        "perceptron check 'circuits:ripple_carry_adder(64)' 'circuits:threshold_ripple_carry_adder(64)'",
    )
    made.epilog += """
         perceptron check before.v after.aig --proof proof.drat

Exit status: 0 if they are proved equal, 1 if they differ, 2 if something given is wrong, 3 if it is not
decided, or if no proof was found that --proof could write."""
    made.add_argument("first", metavar="A", help=CIRCUIT_HELP)
    made.add_argument("second", metavar="B", help="another, with inputs and outputs of the same names")
    made.add_argument(
        "--limit",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="roughly how long to look for a proof (default 60; with --proof as long again for one without files)",
    )
    made.add_argument(
        "--steps", type=int, metavar="K", help="with states: compare K steps if it cannot be shown for all"
    )
    made.add_argument(
        "--proof", metavar="FILE", help="write the question as FILE.cnf and a proof that others can check as FILE.drat"
    )
    made.add_argument("--force", action="store_true", help="with --proof: write over files that are there")
    made.add_argument("--rng", type=seed, default=0, metavar="S", help="the seed of random patterns (default 0)")
    made.add_argument("--bits", action="store_true", help="show a row for each bit, not for each word")
    made.add_argument("--json", action="store_true", help="print a JSON object")


def _bench(command: Any) -> None:
    made = command(
        "bench", "files", "measure gate evaluations a second on this machine", "perceptron bench circuit.aig --json"
    )
    made.add_argument("circuit", nargs="?", help=CIRCUIT_HELP + "; by default an adder of 64 bits")
    made.add_argument("--cores", type=int, metavar="N", help="how many to use (default: all)")
    made.add_argument("--json", action="store_true", help="print a JSON object")


def _learn(command: Any) -> None:
    made = command(
        "learn",
        "learning",
        "train a network of sigmoid neurons, or of perceptrons, to read digits",
        "perceptron learn mnist --layers 784 30 10 --epochs 30 --batch 10 --rate 3.0 --rng 0 -o net.npz",
    )
    made.epilog += "\n         perceptron learn mnist --gates 60000 -o net.npz"
    made.add_argument(
        "data", help="digits (8x8, comes with the program), mnist, or a folder with files named as MNIST's"
    )
    preset = made.add_argument("--preset", choices=["book", "book3", "quick", "best", "digits"])
    preset.help = "a training that has a name; what else is given replaces its settings"
    made.add_argument("--layers", type=int, nargs="+", metavar="N", help="neurons of each layer, inputs first")
    made.add_argument(
        "--gates",
        type=int,
        metavar="N",
        help="train perceptrons of which at most about N NANDs can be made (see harden)",
    )
    made.add_argument(
        "--hidden", type=int, nargs="+", metavar="N", help="with --gates: perceptrons of each hidden layer"
    )
    made.add_argument("--fan-in", type=int, metavar="N", help="with --gates: inputs of each")
    made.add_argument("--votes", type=int, metavar="N", help="with --gates: classes that each votes for or against")
    made.add_argument("--epochs", type=int, help="passes over the training images (default 30)")
    made.add_argument("--batch", type=int, help="images to a step (default 10)")
    made.add_argument("--rate", type=float, help="learning rate (default 3.0)")
    made.add_argument("--cost", choices=["quadratic", "cross-entropy", "log-likelihood"], help="(default quadratic)")
    made.add_argument("--softmax", action="store_true", help="outputs that add up to 1, for --cost log-likelihood")
    made.add_argument("--activation", choices=["sigmoid", "tanh", "relu", "swish"], default="sigmoid")
    made.add_argument("--l2", type=float, metavar="LAMBDA", help="keep the weights small by their squares")
    made.add_argument("--l1", type=float, metavar="LAMBDA", help="keep the weights small by their sizes")
    made.add_argument("--dropout", type=float, metavar="SHARE", help="leave out hidden neurons while learning")
    made.add_argument("--method", choices=["sgd", "momentum", "nesterov", "adam"], help="how a gradient is used")
    made.add_argument("--momentum", type=float, metavar="MU", help="how much of a step is kept (default 0.9)")
    made.add_argument("--schedule", choices=["constant", "linear", "cosine", "halving"], help="how the rate falls")
    made.add_argument("--patience", type=int, metavar="N", help="stop after N epochs without a better validation")
    made.add_argument(
        "--expand", nargs="+", metavar="NAME=X", help="new images each epoch: shift turn scale slant elastic smooth"
    )
    made.add_argument(
        "--start", choices=["scaled", "book"], default="scaled", help="how the weights start (see docs/tour.md)"
    )
    made.add_argument("--full", action="store_true", help="train on the validation images as well")
    made.add_argument(
        "--only", type=int, metavar="DIGIT", help="one output: is it this digit? (the chapter's 0.5 rule)"
    )
    made.add_argument("--rng", type=int, default=0, help="the seed of start and shuffling (default 0)")
    made.add_argument("--checkpoint", metavar="FILE", help="keep the training in a .npz file after each epoch")
    made.add_argument("--resume", action="store_true", help="go on from --checkpoint, if it is there")
    made.add_argument("--log", metavar="FILE", help="write a row for each epoch as .csv or .jsonl")
    made.add_argument("--report", metavar="DIR", help="make a page: confusions, hardest images, hidden weights")
    made.add_argument("-o", "--output", metavar="FILE", help="save the network as .npz")
    made.add_argument("--curve", metavar="FILE", help="draw the learning curve as .png or .svg")
    made.add_argument("--json", action="store_true", help="end with a line of JSON")


def _harden(command: Any) -> None:
    made = command(
        "harden",
        "gates",
        "turn a network that learned into NANDs, prove and run them",
        "perceptron harden net.npz --data mnist -o digits.aig --report report",
    )
    made.add_argument("network", help="a .npz file of `perceptron learn`, trained with --gates or without")
    made.add_argument("--data", required=True, help="the data it was trained on: digits, mnist, or a folder")
    made.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write the NANDs as .aag .aig .bench .blif .dot .json or .v, and FILE.ports.json beside it",
    )
    made.add_argument("--report", metavar="DIR", help="make a page and report.json: steps, parts, pictures")
    bits = made.add_mutually_exclusive_group()
    bits.add_argument(
        "--marks",
        type=int,
        nargs="+",
        metavar="GREY",
        help="of a network of sigmoids: pixels become a bit for each of these greys, is it at least that?",
    )
    bits.add_argument(
        "--digits", type=int, metavar="N", help="or their N most significant binary digits (the default, with N = 4)"
    )
    made.add_argument("--weights", type=int, metavar="N", help="of sigmoids: whole weights up to N (default 7)")
    made.add_argument(
        "--retrain", type=int, metavar="EPOCHS", help="of sigmoids: train the perceptrons again, from where they are"
    )
    made.add_argument("--robustness", action="store_true", help="try every change of a single pixel as well")
    made.add_argument("--random", type=int, default=10_000, metavar="N", help="N random images too (default 10000)")
    made.add_argument("--rng", type=seed, default=0, metavar="S", help="the seed of the random images (default 0)")
    made.add_argument("--save", metavar="FILE", help="save the whole numbers as .npz")
    made.add_argument("--force", action="store_true", help="write over files that are there")
    made.add_argument("--json", action="store_true", help="print a JSON object")


def _read(command: Any) -> None:
    made = command("read", "learning", "read a picture of handwritten digits", "perceptron read strip.png")
    made.add_argument("picture", help="dark digits on light ground or light on dark, in a line, perhaps in a frame")
    made.add_argument("--model", metavar="FILE", help="a saved network; by default one trained once on MNIST")
    made.add_argument("--save-digits", metavar="FOLDER", help="save each digit's picture as the network saw it")
    made.add_argument("--json", action="store_true", help="print digits, confidences and boxes as JSON")


def _test(command: Any) -> None:
    made = command(
        "test", "test", "run nand2tetris test scripts on chips", "perceptron test projects/01 --chips my/chips"
    )
    made.epilog += "\n\nExit status: 0 if all pass, 1 if a chip fails, 2 if a test is broken."
    made.add_argument("scripts", nargs="+", metavar="script", help=".tst files, or folders with them")
    where = "the folder of the .hdl files; by default they stand beside the script"
    made.add_argument("--chips", metavar="FOLDER", help=where)
    made.add_argument("--circuit", metavar="CIRCUIT", help="test this instead of a chip: " + CIRCUIT_HELP)
    made.add_argument("--limit", type=int, default=100_000, metavar="N", help=LIMIT_HELP)


def _grade(command: Any) -> None:
    made = command(
        "grade", "grade", "mark a folder of submissions", "perceptron grade handed-in --tests projects/01 --csv m.csv"
    )
    made.epilog += "\n\nExit status: 0 if all pass, 1 if not, 2 if nothing could be marked."
    made.add_argument("folder", help="a folder with a folder or a .zip file for each student")
    made.add_argument("--tests", required=True, metavar="FOLDER", help="the folder of the .tst and .cmp files")
    made.add_argument("--csv", metavar="FILE", help="write the marks as comma-separated values")
    made.add_argument("--junit", metavar="FILE", help="write the marks as JUnit XML")
    made.add_argument("--limit", type=int, default=100_000, metavar="N", help=LIMIT_HELP)


def _freeze(command: Any) -> None:
    made = command(
        "freeze",
        "freeze",
        "write down what a circuit answers today, as a test",
        "perceptron freeze adder.py:adder -o test_adder.py",
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument(
        "-o", "--output", metavar="FILE", help="the test, such as test_adder.py; by default it is printed"
    )
    many = "N random patterns for the digest (default: all of up to 16 input bits, else 10000; over time 1000)"
    made.add_argument("--samples", type=int, metavar="N", help=many)
    made.add_argument("--steps", type=int, metavar="N", help="steps of time (default 16 if there are states)")
    made.add_argument("--rng", type=int, default=0, metavar="S", help="the seed of inputs and patterns (default 0)")
    made.add_argument("--force", action="store_true", help="write over a file that is there")


if __name__ == "__main__":
    raise SystemExit(main())
