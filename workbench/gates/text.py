"""What came of a network that became gates, in lines of text."""

from __future__ import annotations

from learn.threshold import Robustness
from perceptron.columns import aligned
from workbench.gates.hardening import Gates


def stage_table(gates: Gates) -> list[str]:
    """A line for each step from the trained network to the NANDs."""
    test = f"right of {len(gates.labels):,} test images"
    rows = [["step", test, "as at first"]]
    rows += [[one.name, f"{one.accuracy:.2%}", f"{one.same:.2%}"] for one in gates.stages]
    return aligned(rows)


def part_table(gates: Gates) -> list[str]:
    """A line for each part of the circuit: its NANDs, and their share."""
    rows = [["part", "NANDs", "share"]]
    rows += [[part, f"{count:,}", f"{count / gates.nands:.1%}"] for part, count in gates.classifier.parts.items()]
    return aligned([*rows, ["all", f"{gates.nands:,}", f"depth {gates.depth}"]])


def check_lines(gates: Gates) -> list[str]:
    """What was proved, compared and run, with seconds."""
    seconds, test = gates.seconds, len(gates.labels)
    return [
        f"built in {seconds['NANDs']:.1f} s, proved for every image there can be in {seconds['proof']:.1f} s",
        f"the label of the whole numbers for all {gates.images:,} images of {gates.data.name}",
        f"and for all {gates.random:,} random images",
        f"compiled in {seconds['compile']:.2f} s, then {test:,} test images in {seconds['test images']:.4f} s",
    ]


def robust_line(robust: Robustness) -> str:
    """How many test images no change of a single pixel can change."""
    return (
        f"{int(robust.robust.sum()):,} of {len(robust.labels):,} test images ({robust.share:.2%}) keep their label "
        "whatever one pixel becomes"
    )
