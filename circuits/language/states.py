"""state: a bit or word that carries a value from one step of time to the next."""

from __future__ import annotations

from typing import Any, NoReturn

from circuits.errors import CircuitError
from circuits.language.bits import Wire
from circuits.language.operators import Operand, bits_of
from circuits.language.scope import Held, required
from circuits.language.where import shown, user_code
from circuits.language.words import Signed, Word, fitting


class _Keeps(Operand):
    """What states add to wires and words: `next`, which is set once."""

    __slots__ = ()

    @property
    def next(self) -> NoReturn:
        """What the state is in the next step of time. It is set, and not read: read the state itself.

        Raises
        ------
        CircuitError
            If it is read; set a second time; or set to something of another width.
        """
        raise CircuitError(
            f"{self._said()}: next is set and not read; keep what you set it to in a variable of its own"
        )

    @next.setter
    def next(self, value: Any) -> None:
        wires = bits_of([self])
        held = self.scope.states[wires[0].node]
        if held.told is not None:
            raise CircuitError(
                f"{self._said()}: next is set already ({shown(held.told)}); set it once, with mux(select, high, low) "
                "where it depends"
            )
        sources = self._next_bits(value)
        for wire, source in zip(wires, sources, strict=True):
            self.scope.builder.feedback(wire.node, self.scope.wire(source).node)
        held.told = user_code() or ("", 0)

    def _next_bits(self, value: Any) -> list[Wire | int]:
        raise NotImplementedError

    def __setattr__(self, name: str, value: Any) -> None:  # type: ignore[override]
        if name == "next":
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)


class StateWire(_Keeps, Wire):
    """A bit that is a state: a wire with a `next`."""

    __slots__ = ()

    def _said(self) -> str:
        return f"state {self.node!r}"

    def _next_bits(self, value: Any) -> list[Wire | int]:
        if isinstance(value, Word):
            raise CircuitError(f"{self._said()} is one bit, but its next is a word of {len(value)} bits; write word[0]")
        return [value]


class StateWord(_Keeps, Word):
    """A word that is a state: a word with a `next`."""

    __slots__ = ()

    def _said(self) -> str:
        return f"state {self[0].node.removesuffix('[0]')!r}"

    def _next_bits(self, value: Any) -> list[Wire | int]:
        if isinstance(value, Word):
            if len(value) != len(self):
                cure = f"word[:{len(self)}]" if len(value) > len(self) else f"word.extend({len(self)})"
                raise CircuitError(f"{self._said()} has {len(self)} bits, but its next has {len(value)}; write {cure}")
            return list(value)
        if isinstance(value, Wire):
            raise CircuitError(f"{self._said()} has {len(self)} bits, but its next is a single wire; give a word")
        return list(fitting(value, len(self), self.is_signed, f"{self._said()}: next is {value!r}"))


class StateSigned(StateWord, Signed):
    """A signed word that is a state."""

    __slots__ = ()


def state(width: int | None = None, *, initial: int = 0, name: str | None = None, signed: bool = False) -> Any:
    """A state of the circuit that is being defined: set its `next` to what it is in the next step.

    No units. Within a step it is like an input.

    Parameters
    ----------
    width : int, optional
        Of a word; without it the state is one bit.
    initial : int
        What it is in the first step.
    name : str, optional
        By default state1, state2, ...
    signed : bool
        Whether the word is read in two's complement.

    Returns
    -------
    StateWire or StateWord

    Raises
    ------
    CircuitError
        If no circuit is being defined, the name is taken, or the initial value does not fit. At the end of the
        definition, if the `next` was not set.

    Examples
    --------
    >>> from circuits import circuit, state
    >>> @circuit
    ... def toggle(flip):
    ...     light = state(name="light")
    ...     light.next = light ^ flip
    ...     return light
    >>> toggle.network.states
    mappingproxy({'light': State(next='n1', initial=0)})
    """
    scope = required("a state")
    name = scope.part("state", name)
    if width is None:
        if initial not in (0, 1):
            raise CircuitError(f"state {name!r} is one bit, but starts as {initial!r}; give 0 or 1, or a width")
        node = scope.builder.state(name, int(initial))
        made: Wire | Word = StateWire(scope, node)
        nodes = [node]
    else:
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise CircuitError(f"state {name!r} has the width {width!r}; give a whole number of at least 1")
        bits = fitting(initial, width, signed, f"state {name!r} starts as {initial!r}")
        nodes = [scope.builder.state(f"{name}[{place}]", bit) for place, bit in enumerate(bits)]
        wires = [Wire(scope, node) for node in nodes]
        made = StateSigned(wires) if signed else StateWord(wires)
    scope.states[nodes[0]] = Held(name, user_code())
    return made
