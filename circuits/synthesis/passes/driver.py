"""clean: clean-up passes one after another, again and again, until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, overload

from circuits.synthesis.passes.balance import balance
from circuits.synthesis.passes.cones import minimize_cones
from circuits.synthesis.passes.constants import fold_constants
from circuits.synthesis.passes.dead import remove_dead
from circuits.synthesis.passes.draft import Net, named
from circuits.synthesis.passes.negations import absorb_negations, remove_negations
from circuits.synthesis.passes.sharing import share_units
from perceptron.engines import as_tape
from perceptron.errors import ParameterError
from perceptron.network import Network
from perceptron.tape import Tape

Pass = Callable[[Tape], Tape]
PASSES: dict[str, Pass] = {
    "fold_constants": fold_constants,
    "remove_negations": remove_negations,
    "absorb_negations": absorb_negations,
    "share_units": share_units,
    "minimize_cones": minimize_cones,
    "balance": balance,
    "remove_dead": remove_dead,
}
USUAL = ("fold_constants", "remove_negations", "share_units", "minimize_cones", "balance", "remove_dead")
ROUNDS = 20


class CleanStep(NamedTuple):
    """What one pass did.

    Attributes
    ----------
    round : int
        From 1.
    name : str
    units, depth : (before, after)
    """

    round: int
    name: str
    units: tuple[int, int]
    depth: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CleanReport:
    """What `clean` did.

    Attributes
    ----------
    steps : list of CleanStep
        In order, those that changed neither units nor depth included.
    units, depth : (before, after)
    """

    steps: list[CleanStep]
    units: tuple[int, int]
    depth: tuple[int, int]

    def __str__(self) -> str:
        lines = ["round  pass                 units            depth"]
        for step in self.steps:
            if step.units[0] != step.units[1] or step.depth[0] != step.depth[1]:
                units, depth = (f"{before} -> {after}" for before, after in (step.units, step.depth))
                lines.append(f"{step.round:5}  {step.name:19}  {units:15}  {depth}")
        units, depth = (f"{before} -> {after}" for before, after in (self.units, self.depth))
        lines.append(f"{'':5}  {'all together':19}  {units:15}  {depth}")
        return "\n".join(lines)


@overload
def clean(net: Net, *, passes: Iterable[str | Pass] = ..., report: Literal[False] = ...) -> Net: ...
@overload
def clean(net: Net, *, passes: Iterable[str | Pass] = ..., report: Literal[True]) -> tuple[Net, CleanReport]: ...


def clean(net: Net, *, passes: Iterable[str | Pass] = USUAL, report: bool = False) -> Net | tuple[Net, CleanReport]:
    """Apply clean-up passes until a whole round changes neither the units, nor the edges, nor the depth.

    Parameters
    ----------
    net : Network or Tape
        Of step and table units with 0/1 inputs.
    passes : names or functions
        Names of `fold_constants`, `remove_negations`, `absorb_negations`, `share_units`, `minimize_cones`, `balance`
        and `remove_dead`, or functions from tape to tape of your own; by default all but `absorb_negations`. A pass
        that only leaves units behind that nothing reads wants `remove_dead` after it.
    report : bool, default False
        Whether to say what each pass did.

    Returns
    -------
    Network or Tape, or (network, CleanReport)
        As given; the argument is untouched.

    Raises
    ------
    ParameterError
        If a pass is not known or gives no tape for a tape, or `passes` is one name and no list.
    NetworkError
        If the network is not valid, or has a unit or input whose values are not 0 and 1.

    Examples
    --------
    >>> from circuits import clean, full_adder
    >>> net, done = clean(full_adder.network, report=True)
    >>> print(done)
    round  pass                 units            depth
        1  remove_dead          9 -> 7           6 -> 6
           all together         9 -> 7           6 -> 6
    """
    if isinstance(passes, str):
        raise ParameterError(f"passes is the text {passes!r}; give a list of names, such as [{passes!r}]")
    if not isinstance(passes, Iterable):
        raise ParameterError(f"passes is {passes!r}; give a list of names, such as ['remove_dead']")
    chosen = [_named_pass(one) for one in passes]
    tape = as_tape(net)
    steps: list[CleanStep] = []
    first = size = dimensions(tape)
    for turn in range(1, ROUNDS + 1):
        start = size
        for name, edit in chosen:
            made = edit(tape)
            if not isinstance(made, Tape):
                raise ParameterError(f"pass {name!r} gave {made!r} for a tape; give a function from tape to tape")
            tape = made
            before, size = size, dimensions(tape)
            steps.append(CleanStep(turn, name, (before[0], size[0]), (before[2], size[2])))
        if size == start:
            break
    cleaned = named(tape, net) if isinstance(net, Network) else tape
    if report:
        return cleaned, CleanReport(steps, (first[0], size[0]), (first[2], size[2]))
    return cleaned


def _named_pass(one: str | Pass) -> tuple[str, Pass]:
    if callable(one):
        return getattr(one, "__name__", "a function"), one
    if one not in PASSES:
        raise ParameterError(f"there is no pass {one!r}; the passes are {', '.join(PASSES)}")
    return one, PASSES[one]


def dimensions(tape: Tape) -> tuple[int, int, int]:
    """Units, edges, and depth: the most units one behind another on a way to an output or a state's next value."""
    return len(tape) - len(tape.given), len(tape.sources), _depth(tape)


def _depth(tape: Tape) -> int:
    depth = [0] * len(tape)
    starts, sources = tape.starts.tolist(), tape.sources.tolist()
    for node in range(len(tape)):
        read = sources[starts[node] : starts[node + 1]]
        if read:
            depth[node] = 1 + max([depth[source] for source in read])
    return max((depth[node] for node in tape.wanted), default=0)
