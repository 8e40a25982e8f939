"""AIGER, ascii (.aag) and binary (.aig), with the sections of version 1.9: loads and dumps.

An AND with its inverted inputs is read as one perceptron, a latch as a state; bad states, constraints, justice and
fairness become outputs whose names say so (see `names`). Comments are skipped and not kept.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload

from circuits.formats.aiger.build import fill
from circuits.formats.aiger.lower import lower
from circuits.formats.aiger.reader import read
from circuits.formats.aiger.writer import write
from circuits.formats.errors import FormatError
from perceptron import Builder, Network, Tape

__all__ = ["dumps", "loads"]

Built = TypeVar("Built", bound=Builder[Any])


@overload
def loads(data: bytes | str) -> Network: ...
@overload
def loads(data: bytes | str, *, into: Built) -> Built: ...
def loads(data: bytes | str, *, into: Any = None) -> Any:
    """The network that an AIGER file describes; the first three bytes tell its form.

    An input, latch or output without a symbol is called i0, l0 or o0 by its position. A reset value that is the
    latch itself is an unknown initial value, None.

    Parameters
    ----------
    data : bytes or str
        The whole file; text only for the ascii form.
    into : Builder, optional
        What to fill, for example an empty `Tape`; by default a new `Network`.

    Returns
    -------
    Network or `into`

    Raises
    ------
    FormatError
        If the file breaks the format or two names are the same. It has the `line` of an ascii file, or the byte
        `offset` in a binary one.

    Examples
    --------
    >>> net = loads("aag 3 2 0 1 1\\n2\\n4\\n7\\n6 3 5\\ni0 x\\ni1 y\\no0 or\\n")
    >>> net.inputs, dict(net.outputs), net.fanin("n1"), net.unit("n1")
    (('x', 'y'), {'or': 'n2'}, [('x', -2), ('y', -2)], Unit(bias=1, activation=STEP))
    >>> loads("aag 2 1 0 1 1\\n2\\n4\\n4 2 4\\n")
    Traceback (most recent call last):
        ...
    perceptron.formats.errors.FormatError: line 4: ANDs form a loop without a latch: 4 reads 4
    """
    if isinstance(data, str):
        if data.startswith("aig"):
            raise FormatError("a binary AIGER file is bytes, not text; open it in binary mode", offset=0)
        data = data.encode("utf-8", "surrogatepass")
    return fill(read(bytes(data)), Network() if into is None else into)


def dumps(net: Network | Tape, *, binary: bool = True) -> bytes:
    """The binary or the ascii form of a 0/1 network.

    Every unit is lowered to two-input ANDs, equal ones are shared and constants folded; units that nothing reads
    are kept. The names of inputs, outputs and states are kept, those of units are not, for AIGER has no place
    for them.

    Raises
    ------
    CannotWriteError
        If an input or a state takes other numbers than 0 and 1, a unit is no logic (a sigmoid), a state has no
        next value, a name has a control character, or the outputs are not in the order of AIGER's sections.
    NetworkError
        If a `Network` is not valid.

    Examples
    --------
    >>> from circuits import nand
    >>> print(dumps(nand.network, binary=False).decode(), end="")
    aag 3 2 0 1 1
    2
    4
    7
    6 4 2
    i0 x1
    i1 x2
    o0 out
    >>> dumps(nand.network)
    b'aig 3 2 0 1 1\\n7\\n\\x02\\x02i0 x1\\ni1 x2\\no0 out\\n'
    """
    return write(lower(net), binary=binary)
