"""Equivalence: whether two networks compute the same, with a proof or an input on which they differ.

difference.py   find_difference: an input, or None          prove.py       prove: a Verdict, with how
lowering.py     both networks on the same inputs            folding.py     shared more than to the letter
decide.py       which method when                           exhaustive.py  all inputs there are
simulation.py   values that tell operations apart           sweeping.py    operations proved equal, from the inputs on
clauses.py      operations as clauses, to_dimacs            solver.py      questions to a SAT solver
certificate.py  a proof that others can check               shrink.py      a small counterexample
over_time.py    networks with states                        sampling.py    networks of real values
windows.py      operations equal by those near them         replay.py      the definition over a tape
"""

from perceptron.equivalence.clauses import to_dimacs
from perceptron.equivalence.difference import find_difference
from perceptron.equivalence.prove import prove
from perceptron.equivalence.solver import Effort
from perceptron.equivalence.verdict import Verdict
from perceptron.errors import UnprovedWarning

__all__ = ["Effort", "UnprovedWarning", "Verdict", "find_difference", "prove", "to_dimacs"]
