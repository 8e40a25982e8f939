"""A checker of proofs, of nothing but clauses: every lemma must follow from those before it by unit propagation.

Two literals of each clause are watched, as in every solver (M. Moskewicz et al., "Chaff", 2001).
"""


def clauses_of(text):
    """The clauses of a DIMACS file, or of a proof without deletions."""
    clauses = []
    for line in text.splitlines():
        if not line.startswith(("c", "p")):
            *literals, end = map(int, line.split())
            assert end == 0
            clauses.append(literals)
    return clauses


class Clauses:
    """Clauses that hold, and what follows from them by unit propagation alone."""

    def __init__(self):
        self.broken = False  # whether they contradict one another
        self._value = {}
        self._trail = []
        self._head = 0
        self._watching = {}

    def add(self, literals):
        clause = list(dict.fromkeys(literals))
        if self.broken or any(-literal in clause for literal in clause):
            return
        clause.sort(key=lambda literal: self._value.get(literal, 0) < 0)
        if not clause or self._value.get(clause[0], 0) < 0:
            self.broken = True
            return
        for literal in clause[:2] if len(clause) > 1 else ():
            self._watching.setdefault(literal, []).append(clause)
        if (len(clause) == 1 or self._value.get(clause[1], 0) < 0) and clause[0] not in self._value:
            self._assign(clause[0])
            self.broken = self._propagate()

    def follows(self, clause):
        """Whether the opposite of a clause leads to a contradiction."""
        if self.broken:
            return True
        base = len(self._trail)
        contradiction = False
        for literal in clause:
            if self._value.get(literal, 0) > 0:
                contradiction = True
            elif literal not in self._value:
                self._assign(-literal)
        contradiction = contradiction or self._propagate()
        while len(self._trail) > base:
            literal = self._trail.pop()
            del self._value[literal], self._value[-literal]
        self._head = base
        return contradiction

    def _assign(self, literal):
        self._value[literal], self._value[-literal] = 1, -1
        self._trail.append(literal)

    def _propagate(self):
        while self._head < len(self._trail):
            false = -self._trail[self._head]
            self._head += 1
            watching, kept = self._watching.get(false, []), []
            for at, clause in enumerate(watching):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], clause[0]
                if self._value.get(clause[0], 0) > 0:
                    kept.append(clause)
                    continue
                other = next((place for place in range(2, len(clause)) if self._value.get(clause[place], 0) >= 0), None)
                if other is not None:
                    clause[1], clause[other] = clause[other], clause[1]
                    self._watching.setdefault(clause[1], []).append(clause)
                    continue
                kept.append(clause)
                if self._value.get(clause[0], 0) < 0:
                    self._watching[false] = kept + watching[at + 1 :]
                    return True
                self._assign(clause[0])
            self._watching[false] = kept
        return False


def check_proof(cnf, proof):
    """The first lemma that does not follow; None if all do and they end in the empty clause."""
    known = Clauses()
    for clause in clauses_of(cnf):
        known.add(clause)
    ended = known.broken
    for clause in clauses_of(proof):
        if not known.follows(clause):
            return clause
        known.add(clause)
        ended = ended or not clause
    return None if ended else "there is no empty clause"
