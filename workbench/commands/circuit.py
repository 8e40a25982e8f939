"""The commands that look at a circuit: table, eval, stats, draw."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from circuits import Circuit, Results, statistics
from perceptron import Network, TruthTable, evaluate, merge_parallel, truth_table
from perceptron import draw as draw_network
from workbench.errors import UsageError
from workbench.locate import find, whole

DRAWN = (".svg", ".png", ".pdf", ".dot")


def table(given: argparse.Namespace) -> None:
    """Print every row of the truth table."""
    rows = truth_table(whole(find(given.circuit)))
    forms: dict[str, Callable[[TruthTable], str]] = {
        "text": str,
        "csv": TruthTable.csv,
        "markdown": TruthTable.markdown,
        "json": TruthTable.json,
    }
    print(forms[given.format](rows).rstrip("\n"))


def eval(given: argparse.Namespace) -> None:
    """Print the outputs for one input."""
    found = find(given.circuit)
    values: dict[str, Any] = read_values(given.values)
    if found.states if isinstance(found, Network) else found.network.states or found.memories:
        raise UsageError(
            f"{given.circuit!r} remembers what came before; run it over time: perceptron run {given.circuit!r}"
        )
    if isinstance(found, Circuit):
        answer = found(**_whole_words(found, values))
        outputs = answer.asdict() if isinstance(answer, Results) else {found.outputs[0].name: answer}
    else:
        outputs = evaluate(found, values)
    if given.json:
        print(json.dumps(outputs))
    else:
        print(
            " ".join(
                f"{name}={value:.6g}" if isinstance(value, float) else f"{name}={value}"
                for name, value in outputs.items()
            )
        )


def stats(given: argparse.Namespace) -> None:
    """Print counts."""
    found = find(given.circuit)
    counts = statistics(found.network if isinstance(found, Circuit) else found)
    memories = found.memories if isinstance(found, Circuit) else ()
    if memories:
        counts["memories"] = {memory.name: memory.words * memory.width for memory in memories}
    if given.json:
        print(json.dumps(counts))
        return
    counts.pop("memories", None)
    gates = counts.pop("gates")
    assert isinstance(gates, dict)
    for name, count in counts.items():
        print(f"{name:16} {count:>8}")
    for name, count in gates.items():
        print(f"  {name:14} {count:>8}")
    for memory in memories:
        print(f"memory {memory.name!r} beside it: {memory.words} words of {memory.width} bits")


def draw(given: argparse.Namespace) -> None:
    """Draw to a file, or print the DOT text."""
    if given.output is not None and Path(given.output).suffix.lower() not in DRAWN:
        raise UsageError(f"{given.output!r} is no {', '.join(DRAWN[:-1])} or {DRAWN[-1]} file; give it that ending")
    if given.depth is not None and given.cone is None:
        raise UsageError(f"--depth {given.depth} goes with --cone; name the output or node to start from with --cone")
    found = find(given.circuit)
    net = whole(found)
    if given.merge:
        net = merge_parallel(net)
    binary = isinstance(found, Circuit)
    options: dict[str, Any] = {
        "style": given.style or ("gates" if binary else "layers"),
        "rankdir": given.rankdir,
        "inputs": given.inputs,
        "cone": given.cone,
        "depth": given.depth,
    }
    if given.values:
        values: dict[str, Any] = read_values(given.values)
        options["values"] = found.assignment(**_whole_words(found, values)) if isinstance(found, Circuit) else values
    drawing = draw_network(net, given.output, **options)
    if given.output is None:
        print(drawing.dot, end="")


def read_values(words: Sequence[str]) -> dict[str, Any]:
    """`name=value` words as a dict; integers in any of Python's notations, else decimal numbers."""
    values: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{word!r} is no input; write name=value, such as x1=1")
        if name in values:
            raise UsageError(f"input {name!r} is given twice; give it once")
        values[name] = _number(name, text)
    return values


def _number(name: str, text: str) -> int | float:
    try:
        return int(text, 0)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"input {name!r} is {text!r}; give a number, such as {name}=1") from None


def _whole_words(found: Circuit, values: dict[str, Any]) -> dict[str, Any]:
    """The values with `a[0]=1 a[1]=0 ...` put together where `a` is a word."""
    whole = dict(values)
    for port in found.inputs:
        bits = [whole.pop(bit) for bit in port.bits if bit in whole] if port.width is not None else []
        if not bits:
            continue
        if port.name in whole or len(bits) < len(port.bits):
            raise UsageError(f"input {port.name!r} is a word; give {port.name}=1, or each of its bits once")
        if any(bit not in (0, 1) for bit in bits):
            raise UsageError(f"a bit of input {port.name!r} is neither 0 nor 1")
        number = sum(int(bit) << place for place, bit in enumerate(bits))
        whole[port.name] = number - (1 << len(bits)) if port.signed and bits[-1] else number
    return whole
