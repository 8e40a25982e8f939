"""The command `perceptron`: its arguments, its help, and how it reports what is wrong.

Each command's work is one function of `workbench.commands`, imported when that command runs, so that `--help`
answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

WRONG = 2  # exit status for anything wrong with what was given
INTERRUPTED = 130

CIRCUIT_HELP = (
    "a circuit: circuits:half_adder, 'circuits:ripple_carry_adder(8)', file.py:name, a file.py with one circuit, "
    "a .aag .aig .bench .blif .json .onnx .pla or .v file, or a saved network net.npz"
)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line on standard error, and leave with status 2."""
        fail(f"{message} (try '{self.prog} --help')")


def fail(message: str) -> NoReturn:
    """Write one line on standard error and leave with status 2."""
    print(f"perceptron: error: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(WRONG)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    command = getattr(import_module(f"workbench.commands.{given.module}"), given.function)
    try:
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
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename!r}: {error.strerror}"
    return str(error)


def build_parser() -> Parser:
    """All commands with their arguments."""
    parser = Parser(
        prog="perceptron",
        description="From the NAND gate to the network that reads handwriting, and back to gates.",
        epilog="Example: perceptron table circuits:half_adder",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
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
    _table(command)
    _eval(command)
    _stats(command)
    _draw(command)
    _convert(command)
    _simulate(command)
    _bench(command)
    _learn(command)
    _read(command)
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("perceptron-circuits")
    except PackageNotFoundError:
        return "(not installed)"


def _tour(command: Any) -> None:
    made = command(
        "tour", "tour", "tell the chapter's story with pictures and numbers, in two minutes", "perceptron tour -o tour"
    )
    made.add_argument(
        "-o", "--output", metavar="DIR", default="tour", help="the folder for index.html and its pictures"
    )
    made.add_argument("--rng", type=int, default=0, help="the seed of the learning (default 0)")


def _table(command: Any) -> None:
    made = command(
        "table", "circuit", "print a circuit's truth table", "perceptron table circuits:half_adder --format csv"
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument("--format", choices=["text", "csv", "markdown", "json"], default="text")


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
        "convert", "files", "write a circuit in another format", "perceptron convert adder.bench adder.aig --merge"
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument("output", help="a .aag .aig .bench .blif .dot .json .onnx or .v file")
    made.add_argument("--nand", action="store_true", help="build it of NAND gates alone first")
    made.add_argument("--merge", action="store_true", help="merge parallel edges first")


def _simulate(command: Any) -> None:
    made = command(
        "simulate",
        "files",
        "run a circuit on many inputs, or over time",
        "perceptron simulate circuits:half_adder --random 1000000 --rng 0 --digest",
    )
    made.add_argument("circuit", help=CIRCUIT_HELP)
    made.add_argument(
        "-i", "--input", metavar="CSV", help="stimuli: a header of input names, then a row each (- for stdin)"
    )
    made.add_argument("-o", "--output", metavar="CSV", help="where the outputs go; by default they are printed")
    made.add_argument("--random", type=int, metavar="N", help="N random patterns instead of a file")
    made.add_argument("--rng", type=int, default=0, metavar="S", help="the seed of the patterns (default 0)")
    made.add_argument(
        "--steps", type=int, metavar="T", help="with --random and states: steps of time from the initial values"
    )
    made.add_argument("--digest", action="store_true", help="with --random: end with a digest of all outputs")


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
        "train a network of sigmoid neurons to read digits",
        "perceptron learn mnist --layers 784 30 10 --epochs 30 --batch 10 --rate 3.0 --rng 0 -o net.npz",
    )
    made.add_argument(
        "data", help="digits (8x8, comes with the program), mnist, or a folder with files named as MNIST's"
    )
    made.add_argument("--layers", type=int, nargs="+", metavar="N", help="neurons of each layer, inputs first")
    made.add_argument("--epochs", type=int, default=30, help="passes over the training images (default 30)")
    made.add_argument("--batch", type=int, default=10, help="images to a step (default 10)")
    made.add_argument("--rate", type=float, default=3.0, help="learning rate (default 3.0)")
    made.add_argument("--cost", choices=["quadratic", "cross-entropy"], default="quadratic")
    made.add_argument(
        "--start", choices=["scaled", "book"], default="scaled", help="how the weights start (see docs/tour.md)"
    )
    made.add_argument("--full", action="store_true", help="train on the validation images as well")
    made.add_argument(
        "--only", type=int, metavar="DIGIT", help="one output: is it this digit? (the chapter's 0.5 rule)"
    )
    made.add_argument("--rng", type=int, default=0, help="the seed of start and shuffling (default 0)")
    made.add_argument("-o", "--output", metavar="FILE", help="save the network as .npz")
    made.add_argument("--curve", metavar="FILE", help="draw the learning curve as .png or .svg")
    made.add_argument("--json", action="store_true", help="end with a line of JSON")


def _read(command: Any) -> None:
    made = command("read", "learning", "read a picture of handwritten digits", "perceptron read strip.png")
    made.add_argument("picture", help="dark digits on light ground or light on dark, in a line, perhaps in a frame")
    made.add_argument("--model", metavar="FILE", help="a saved network; by default one trained once on MNIST")
    made.add_argument("--json", action="store_true", help="print digits, confidences and boxes as JSON")


if __name__ == "__main__":
    raise SystemExit(main())
