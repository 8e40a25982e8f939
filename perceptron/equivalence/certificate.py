"""certify: a proof that another program can check: the question as clauses, and the answer as clauses that follow.

The question is a file of clauses (DIMACS, `.cnf`): both networks, lowered each for itself so that they share only the
inputs, and the claim that some output differs. The answer is a list of further clauses (`.drat`). Each follows from
those before it by unit propagation alone, and the last is the empty one: so no output ever differs. Such a list is
called a RUP proof (E. Goldberg and Y. Novikov, "Verification of proofs of unsatisfiability for CNF formulas", 2003);
each is a DRAT proof too.

How sweeping becomes such a list. Every operation that is built keeps the variable of an operation of the question:

    rewritten     its new clauses; where propagation does not see that they follow, first the cases
    merged        what the solver has learned, then the two clauses that say: equal
    at the end    for each output that it does not differ, and the empty clause
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perceptron.equivalence.clauses import Clause, dimacs, named, of_logic, of_operation, variable
from perceptron.equivalence.decide import SAT, UNDECIDED, Decision, Plan, run_sweeps
from perceptron.equivalence.folding import Folding
from perceptron.equivalence.lowering import Pairs
from perceptron.equivalence.solver import Effort
from perceptron.equivalence.sweeping import Sweep
from perceptron.errors import ParameterError
from perceptron.files import write_whole

SUFFIXES = (".cnf", ".drat")  # the question's and the answer's


def destination(proof: object) -> Path:
    """The path of a certificate's .drat file, once it is known that both files can have their names.

    Raises
    ------
    ParameterError
        If it is no path, the folder is not there, or a folder has the name of one of the files.
    """
    if not isinstance(proof, str | os.PathLike) or not Path(proof).name:
        raise ParameterError(f"proof is {proof!r}; give the name of a file, such as 'proof.drat'")
    path = Path(proof)
    if not path.parent.is_dir():
        raise ParameterError(f"proof is {str(path)!r}, but there is no folder {str(path.parent)!r}; make it first")
    for suffix in SUFFIXES:
        folder = path.with_suffix(suffix)
        if folder.is_dir():
            raise ParameterError(f"proof is {str(path)!r}, but {str(folder)!r} is a folder; name another")
    return path.with_suffix(SUFFIXES[1])


def certify(pairs: Pairs, inputs: Sequence[str], plan: Plan) -> tuple[Decision, Certificate | None]:
    """Prove pairs equal by sweeping alone, and write down how; None where they differ or it is undecided."""
    told = Decision([UNDECIDED] * len(pairs.literals), Effort(operations=len(pairs.logic.kind)))
    certificate = Certificate(pairs, inputs)
    sweep = Sweep(pairs, plan.rng, told.effort, certificate)
    sweep.sample(plan.samples)
    told.difference = sweep.difference
    if told.difference is None:
        deadline = None if plan.limit is None else time.perf_counter() + plan.limit
        run_sweeps(sweep, plan, told, deadline)
    if told.difference is not None or told.open:
        return told, None
    told.methods[:] = [SAT] * len(told.methods)
    certificate.finish()
    return told, certificate


class Certificate:
    """The two files, growing.

    Parameters
    ----------
    pairs : Pairs
        Of which none is to differ.
    inputs : sequence of str
        Their names, for the comments.
    """

    def __init__(self, pairs: Pairs, inputs: Sequence[str]):
        logic = pairs.logic
        self.clauses = of_logic(logic)
        self._count = 1 + len(logic.inputs) + len(logic.kind)
        self._pairs = [(variable(a), variable(b)) for a, b in pairs.literals]
        self._differ: list[int] = []
        comments = ["both networks, and that some output differs; variable 1 is the constant 0"]
        comments += [f"input {place} {named(name)}" for place, name in enumerate(inputs, start=2)]
        for name, (a, b) in zip(pairs.labels, self._pairs, strict=True):
            self._count += 1
            self.clauses += of_operation(1, self._count, a, b)
            self._differ.append(self._count)
            comments.append(f"output {a} {b} differs {self._count} {named(name)}")
        self.clauses.append(list(self._differ))
        self._comments = comments
        self._proof: list[str] = []
        self._solver: Any = None
        self._read = 0  # how much of the solver's own proof is taken over
        self._given = {frozenset(clause) for clause in self.clauses}

    # --- what the sweep tells

    def begin(self, logic: Folding) -> None:
        """Operations are now built in this logic; its constant and inputs have the variables of the question's."""
        self._logic = logic
        self._variable = list(range(1, len(logic.inputs) + 2))

    def variable(self, node: int) -> int:
        """The signed variable of a node that is built."""
        return self._variable[node]

    def _signed(self, literal: int) -> int:
        made = self._variable[literal >> 1]
        return -made if literal & 1 else made

    def built(self, node: int, kind: int, a: int, b: int, made: int) -> None:
        """Operation `node` of the question, over literals that are built, is the literal `made`."""
        own, x, y = node + 1, self._signed(a), self._signed(b)
        plain = of_operation(kind, own, x, y)
        for clause in plain:
            self.lemma(clause)
        nodes = [a >> 1, b >> 1]
        if made >> 1 == len(self._variable):
            self._variable.append(-own if made & 1 else own)
            wanted = self._clauses_of(made >> 1)
        else:
            result = self._signed(made)
            wanted = [[-own, result], [own, -result]]
            nodes.append(made >> 1)
        self._follow(wanted, plain, nodes)

    def _follow(self, wanted: list[Clause], plain: list[Clause], nodes: list[int]) -> None:
        """Clauses that follow from a few and from those of some nodes, or else of what these are made of, and so on."""
        local, reached = list(plain), dict.fromkeys(nodes)
        while True:
            for node in nodes:
                local += self._clauses_of(node)
            try:
                found = [lemma for clause in wanted for lemma in _by_cases(clause, local)]
            except _DoesNotFollow:
                nodes = [node for node in self._operands(nodes) if node not in reached]
                if not nodes:
                    raise
                reached |= dict.fromkeys(nodes)
            else:
                for lemma in found:
                    self.lemma(lemma)
                return

    def _operands(self, nodes: list[int]) -> dict[int, None]:
        logic, first = self._logic, len(self._logic.inputs) + 1
        operations = [node - first for node in nodes if node >= first]
        return dict.fromkeys(side[at] >> 1 for at in operations for side in (logic.left, logic.right))

    def merged(self, node: int, made: int) -> None:
        """Operation `node` of the question is the literal `made`."""
        own, result = node + 1, self._signed(made)
        self.lemma([-own, result])
        self.lemma([own, -result])

    def _clauses_of(self, node: int) -> list[Clause]:
        """The clauses of a node that is built."""
        logic, first = self._logic, len(self._logic.inputs) + 1
        if node == 0:
            return [[-1]]
        if node < first:
            return []
        left, right = self._signed(logic.left[node - first]), self._signed(logic.right[node - first])
        return of_operation(logic.kind[node - first], self._variable[node], left, right)

    def learned(self, solver: Any) -> None:
        """What a solver has learned since it was last asked.

        Its last line after a question is the empty clause, which holds only under what the question assumed; and
        clauses that it drops may be wanted again.
        """
        import pysolvers

        pysolvers.flushpr(solver.prfp)
        if solver is not self._solver:
            self._solver, self._read = solver, 0
        descriptor = solver.prfile.fileno()
        size = os.fstat(descriptor).st_size
        text = os.pread(descriptor, size - self._read, self._read).decode("ascii")
        self._read = size
        self._proof += [line.rstrip() for line in text.splitlines() if not line.startswith(("d", "0"))]

    def lemma(self, clause: Clause) -> None:
        """A clause that follows by unit propagation."""
        literals = dict.fromkeys(clause)
        always = any(-literal in literals for literal in literals)
        if not always and frozenset(literals) not in self._given:
            self._proof.append(" ".join(map(str, [*literals, 0])))

    def finish(self) -> None:
        """Every output is proved equal: none differs, and so the question has no answer."""
        for (a, _), differ in zip(self._pairs, self._differ, strict=True):
            self.lemma([-differ, a])
            self.lemma([-differ])
        self._proof.append("0")

    # --- the files

    def write(self, path: Path) -> None:
        """Write both files, the path with the suffixes .cnf and .drat; a failure leaves neither without the other.

        Raises
        ------
        OSError
        """
        question, answer = (path.with_suffix(suffix) for suffix in SUFFIXES)
        write_whole(question, dimacs(self.clauses, self._count, self._comments).encode())
        try:
            write_whole(answer, ("\n".join(self._proof) + "\n").encode())
        except BaseException:
            with contextlib.suppress(OSError):
                question.unlink()
            raise


class _DoesNotFollow(Exception):
    """A clause is no consequence of some others."""


def _by_cases(clause: Clause, local: list[Clause]) -> list[Clause]:
    """A clause that follows from others, behind the cases of some variables where propagation alone does not see it."""
    found = []
    waiting: list[tuple[Clause, bool]] = [(clause, False)]
    while waiting:
        wanted, ready = waiting.pop()
        free = None if ready else _unsettled(wanted, local)
        if free is None:
            found.append(wanted)
        else:
            waiting += [(wanted, True), ([*wanted, free], False), ([*wanted, -free], False)]
    return found


def _unsettled(clause: Clause, local: list[Clause]) -> int | None:
    """A variable that stays free when all of a clause is false; None where that is a contradiction already."""
    true = {-literal for literal in clause}
    if any(-literal in true for literal in true):
        return None
    changed = True
    while changed:
        free, changed = 0, False
        for one in local:
            if any(literal in true for literal in one):
                continue
            left = {literal for literal in one if -literal not in true}
            if not left:
                return None
            if len(left) == 1:
                true |= left
                changed = True
            elif not free:
                free = abs(min(left))
    if not free:
        raise _DoesNotFollow(clause)
    return free
