"""compose: a chip's template from those of its parts, with every connection checked."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from circuits.formats.errors import FormatError
from circuits.formats.hdl.builtin import ids
from circuits.formats.hdl.template import MOST_NODES, Held, Ids, Placed, Store, Template
from circuits.formats.hdl.text import ChipText, Connection, PartText, Pin

CONSTANTS = {"false": 0, "true": 1}


def compose(text: ChipText, template_of: Callable[[str], Template], file: str | None = None) -> Template:
    """The template of a chip.

    Parameters
    ----------
    text : ChipText
    template_of : function of the name of a part's chip -> Template
    file : str, optional
        For the messages about loops.

    Raises
    ------
    FormatError
        With the line: a pin that is not there, bits outside it, widths that differ, a pin driven twice, an output
        or a part of an internal pin that is read, an internal pin that nothing drives, too many nodes.
    """
    return _Chip(text, [template_of(part.chip) for part in text.parts]).template(file)


class _Drive(NamedTuple):
    ids: Ids
    line: int


class _Chip:
    def __init__(self, text: ChipText, kinds: list[Template]):
        self.text = text
        self.kinds = kinds
        self.first = 2 + sum(text.inputs.values())
        total = self.first + sum(len(kind.codes) for kind in kinds)
        if total > MOST_NODES:
            raise FormatError(f"chip {text.name} has {total} nodes with all its parts; the most is {MOST_NODES}")
        self.inputs: dict[str, Ids] = {}
        at = 2
        for name, width in text.inputs.items():
            self.inputs[name] = ids(range(at, at + width))
            at += width
        self.outputs = {name: ids([0] * width) for name, width in text.outputs.items()}
        self.driven = {name: [0] * width for name, width in text.outputs.items()}  # the line that drives each bit
        self.internal: dict[str, _Drive] = {}

    def template(self, file: str | None) -> Template:
        starts = []
        start = self.first
        for part, kind in zip(self.text.parts, self.kinds, strict=True):
            starts.append(start)
            for connection in part.connections:
                self._drive(part, kind, connection, start)
            start += len(kind.codes)
        sources: list[Ids] = []
        stores: list[Store] = []
        held: list[Held] = []
        parts: list[Placed] = []
        counts: dict[str, int] = {}
        for part, kind, start in zip(self.text.parts, self.kinds, starts, strict=True):
            to = self._connected(part, kind, start)
            counts[part.chip] = counts.get(part.chip, 0) + 1
            name = f"{part.chip}_{counts[part.chip]}"
            sources.append(to[kind.sources])
            stores.extend(store.moved(to, name) for store in kind.stores)
            held.extend(word.moved(to, name) for word in kind.held)
            parts.append(Placed(name, kind, start, part.line))
        internal = {name: drive.ids for name, drive in self.internal.items()}
        return Template(
            self.text.name,
            self.text.inputs,
            self.text.outputs,
            _joined(kind.codes for kind in self.kinds),
            _joined(sources),
            self.outputs,
            {**self.inputs, **internal, **self.outputs},
            tuple(stores),
            tuple(held),
            tuple(parts),
            states=tuple(f"{part.name}.{name}" for part in parts for name in part.template.states),
            file=file,
        )

    # --- from the outputs of a part

    def _drive(self, part: PartText, kind: Template, connection: Connection, start: int) -> None:
        left, right, line = connection
        if left.name in kind.inputs:
            return
        if left.name not in kind.outputs:
            known = [*kind.inputs, *kind.outputs]
            raise FormatError(
                f"{part.chip} has no pin {left.name!r}; {_known('its pins are', left.name, known)}", line=line
            )
        driving = kind.results[left.name][_bits(left, kind.outputs[left.name], part.chip, line)]
        driving = np.where(driving < kind.first, driving, driving + (start - kind.first)).astype(np.int32)
        if right.name in CONSTANTS:
            raise FormatError(f"output {left} of {part.chip} cannot drive the constant {right.name}", line=line)
        if right.name in self.inputs:
            raise FormatError(
                f"output {left} of {part.chip} drives {right}, an input of {self.text.name}; name an internal pin or "
                "an output",
                line=line,
            )
        if right.name in self.outputs:
            places = _bits(right, len(self.outputs[right.name]), self.text.name, line)
            _same_width(part, left, len(driving), right, len(places), line)
            for place in places:
                if self.driven[right.name][place]:
                    raise FormatError(
                        f"output {right} is driven twice (first on line {self.driven[right.name][place]})", line=line
                    )
                self.driven[right.name][place] = line
            self.outputs[right.name][places] = driving
            return
        if right.low is not None:
            raise FormatError(
                f"{right} is a part of an internal pin, which cannot be driven in pieces; give the piece a name of its "
                "own, and connect the pieces where they are read",
                line=line,
            )
        if right.name in self.internal:
            raise FormatError(
                f"internal pin {right.name!r} is driven twice (first on line {self.internal[right.name].line})",
                line=line,
            )
        self.internal[right.name] = _Drive(driving, line)

    # --- to the inputs of a part

    def _connected(self, part: PartText, kind: Template, start: int) -> Ids:
        """What each id of the part is in this chip; inputs that are left open read 0."""
        to = np.zeros(kind.ids, np.int32)
        to[1] = 1
        to[kind.first :] = np.arange(start, start + len(kind.codes), dtype=np.int32)
        fed: dict[int, int] = {}
        for left, right, line in part.connections:
            if left.name not in kind.inputs:
                continue
            begin = kind.input_ids(left.name).start
            places = [begin + place for place in _bits(left, kind.inputs[left.name], part.chip, line)]
            for place in places:
                if place in fed:
                    raise FormatError(
                        f"input {left} of {part.chip} is connected twice (first on line {fed[place]})", line=line
                    )
                fed[place] = line
            to[places] = self._read(part, left, right, len(places), line)
        return to

    def _read(self, part: PartText, left: Pin, right: Pin, width: int, line: int) -> Ids:
        if right.name in CONSTANTS:
            if right.low is not None:
                raise FormatError(
                    f"{right}: the constant {right.name} fits every width; leave the brackets out", line=line
                )
            return ids([CONSTANTS[right.name]] * width)
        if right.name in self.inputs:
            found = self.inputs[right.name][_bits(right, len(self.inputs[right.name]), self.text.name, line)]
        elif right.name in self.outputs:
            raise FormatError(
                f"{left}={right} reads {right.name!r}, an output of {self.text.name}, which cannot be read inside; "
                f"where a part drives it, give its pin a second destination, as in out={right.name}, out=inner, and "
                "read that",
                line=line,
            )
        elif right.name not in self.internal:
            known = [*self.inputs, *self.internal]
            raise FormatError(
                f"{left}={right} reads {right.name!r}, which nothing drives; {_known('there are', right.name, known)}",
                line=line,
            )
        elif right.low is not None:
            raise FormatError(
                f"{right} is a part of an internal pin, which cannot be read; where a part drives {right.name!r}, give "
                f"those bits a second destination, as in out{str(right)[len(right.name) :]}=piece, and read that",
                line=line,
            )
        else:
            found = self.internal[right.name].ids
        _same_width(part, left, width, right, len(found), line)
        return found


def _joined(arrays: Iterable[Ids]) -> Ids:
    return np.concatenate([ids([]), *arrays])


def _bits(pin: Pin, width: int, chip: str, line: int) -> list[int]:
    if pin.low is None or pin.high is None:
        return list(range(width))
    if pin.high >= width:
        raise FormatError(f"{pin}: pin {pin.name!r} of {chip} has the bits 0 to {width - 1}", line=line)
    return list(range(pin.low, pin.high + 1))


def _same_width(part: PartText, left: Pin, one: int, right: Pin, other: int, line: int) -> None:
    if one != other:
        raise FormatError(
            f"{left}={right} of {part.chip} connects {one} bit{'s' * (one != 1)} to {other}; give both sides the same "
            "width, with bits in brackets such as [0..7]",
            line=line,
        )


def _known(begin: str, name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"{begin} {', '.join(known[:12])}{', ...' * (len(known) > 12)}" if known else "it has none"
