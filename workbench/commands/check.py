"""The command that proves two circuits equal, or shows where they differ: check."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from perceptron import Verdict, prove
from perceptron.columns import aligned
from perceptron.words import Field, bits, fields
from workbench.errors import UsageError
from workbench.locate import find_network

STATUS = {"equal": 0, "different": 1, "undecided": 3}


def check(given: argparse.Namespace) -> int:
    """Compare two circuits for all inputs; the status says how it came out."""
    if given.proof is not None:
        _require_free(Path(given.proof), given.force)
    if not given.limit >= 0:
        raise UsageError(f"--limit is {given.limit:g}; give 0 seconds or more")
    (first, signed), (second, _) = (find_network(name) for name in (given.first, given.second))
    showing = sys.stderr.isatty() and not given.json
    progress = _show if showing else None
    told = prove(
        first,
        second,
        steps=given.steps,
        limit=given.limit,
        proof=given.proof,
        rng=given.rng,
        progress=progress,
    )
    uncertified = None
    if given.proof is not None and told.status == "undecided":
        # All inputs may be tried where nothing is to be written down.
        other = prove(first, second, limit=given.limit, rng=given.rng, progress=progress)
        told, uncertified = (told, other) if other.equal else (other, None)
    if showing:
        print("\r\033[K", end="", file=sys.stderr)
    grouped = bits if given.bits else fields
    inputs = grouped(first.inputs, *([] if given.bits else [signed]))
    outputs = grouped(list(first.outputs), *([] if given.bits else [signed]))
    if given.json:
        print(json.dumps(_as_json(told, uncertified, given.proof)))
    elif uncertified is not None:
        print(
            f"undecided: no proof that others can check was found in {given.limit:g} s, so none is written; without "
            f"one the two are equal: {_ways(uncertified)}; give a longer --limit, or leave out --proof"
        )
    else:
        timed = bool(first.states or second.states)
        print("\n".join(_report(told, inputs, outputs, given, timed)))
    return STATUS[told.status]


def _require_free(proof: Path, force: bool) -> None:
    """The name is that of a certificate, and none of its files is there: an old one could be taken for the new."""
    if proof.suffix not in (".cnf", ".drat"):
        raise UsageError(f"{str(proof)!r}: a certificate is two files; name one of them, as in proof.drat")
    for path in (proof.with_suffix(".cnf"), proof.with_suffix(".drat")):
        if path.exists() and not force:
            raise UsageError(f"{str(path)!r} is there already; add --force to write it anew")


def _show(what: str, done: int, total: int) -> None:
    print(f"\r\033[K{what}: {done / max(1, total):.0%}", end="", file=sys.stderr, flush=True)


def _as_json(told: Verdict, uncertified: Verdict | None, proof: str | None) -> dict[str, Any]:
    """The verdict; `proof` is the certificate that was written, and `uncertified` how it is equal without one."""
    return {
        "status": told.status,
        "difference": told.difference,
        "outputs": told.outputs,
        "smallest": told.smallest,
        "steps": told.steps,
        "methods": told.methods,
        "effort": asdict(told.effort),
        "seconds": told.seconds,
        "proof": None if proof is None or not told.equal else str(Path(proof).with_suffix(".drat")),
        "uncertified": None if uncertified is None else uncertified.methods,
    }


def _report(
    told: Verdict, inputs: Mapping[str, Field], outputs: Mapping[str, Field], given: argparse.Namespace, timed: bool
) -> list[str]:
    """The verdict for a person."""
    if told.status == "equal":
        written = "" if given.proof is None else f"; the proof is in {Path(given.proof).with_suffix('.drat')}"
        return [f"equal: {_ways(told)}{written}"]
    if told.status == "undecided":
        if told.steps is not None:
            return [f"undecided: equal for the first {told.steps} steps, and not shown beyond ({told.seconds:.2f} s)"]
        left = Counter(told.methods.values())["undecided"]
        where = hint = ""
        if timed and given.steps is None:
            where, hint = " in random runs", "; --steps K compares the first K steps"
        elif not timed and not told.effort.operations:
            where = " on samples"
        return [
            f"undecided: {left} of {len(told.methods)} outputs, no difference found{where} ({told.seconds:.2f} s){hint}"
        ]
    assert told.difference is not None
    assert told.outputs is not None
    steps = told.steps or 1
    heading = "different" + (f" at step {steps - 1}" if timed else "") + (f"; {told.smallest}" if told.smallest else "")
    given_values = told.difference
    columns = [
        {name: given_values[name][step] if timed else given_values[name] for name in given_values}
        for step in range(steps)
    ]
    rows = [["input", *([f"step {step}" for step in range(steps)] if timed else ["value"])]]
    rows += [[name, *(_value(field, values) for values in columns)] for name, field in inputs.items()]
    lines = [heading, "", *aligned(rows)] if inputs else [heading]
    rows = [["output", "one", "other", ""]]
    for name, field in outputs.items():
        one, other = (_value(field, values) for values in told.outputs)
        rows.append([name, one, other, "" if one == other else "differs"])
    return [*lines, "", *aligned(rows)]


def _ways(told: Verdict) -> str:
    """How the outputs were proved equal, and how long it took."""
    counted = Counter(told.methods.values())
    return f"{', '.join(f'{count} by {method}' for method, count in counted.items())} ({told.seconds:.2f} s)"


def _value(field: Field, values: Mapping[str, Any]) -> str:
    """The value of a word or a bit; a real number as it is."""
    found = [values[bit] for bit in field.bits]
    if all(value in (0, 1) and isinstance(value, int) for value in found):
        return str(field.value(found))
    return " ".join(f"{value:g}" for value in found)
