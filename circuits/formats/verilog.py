"""Structural Verilog: loads and dumps.

What is read: modules with ports in either style, `wire`, `reg` and `logic` with ranges, parameters, gate primitives,
`assign` with the operators of whole expressions, instances of modules (flattened), `always @(posedge clock) q <= d;`,
initial values, and `dff`. Anything that has no structure, such as `if`, `case` or a delay path, is refused by its name.

Vectors become a[0], a[1], ... with the least significant bit first. The clock is no input of the network: a step of
time is one rising edge.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload

from circuits.formats.errors import FormatError
from circuits.formats.verilog_elaborate import elaborate
from circuits.formats.verilog_writer import write
from perceptron import Builder, Network, NetworkError
from perceptron.formats.text import decoded
from perceptron.tape import Tape

Built = TypeVar("Built", bound=Builder[Any])


@overload
def loads(text: str | bytes, *, into: None = None) -> Network: ...
@overload
def loads(text: str | bytes, *, into: Built) -> Built: ...
def loads(text: str | bytes, *, into: Any = None) -> Any:
    """The circuit in a file of structural Verilog: its top module, which is the last one that no other uses.

    Inputs and outputs are in the order in which the ports are declared. An input of the name GND or VDD that nothing
    reads is a supply pin and left out, unless it is written with a backslash. A register without an initial value
    has an unknown one.

    Parameters
    ----------
    text : str or bytes
        The contents of the file; bytes are UTF-8.
    into : Builder, optional
        What to fill, for example a `Tape()`; a new `Network` of the module's name otherwise.

    Returns
    -------
    Network, or `into`

    Raises
    ------
    FormatError
        If the file breaks the language, has something that is not read, drives a net twice or not at all, has a loop
        that no register interrupts, or says a circuit that is out of all proportion to the file. It has the line.

    Examples
    --------
    >>> net = loads("module m (input [1:0] a, output y); assign y = a[0] & ~a[1]; endmodule")
    >>> net, net.fanin("y")
    (<Network 'm': 2 inputs, 1 unit, 2 edges, 1 output>, [('a[0]', 2), ('a[1]', -2)])
    """
    netlist, name = elaborate(decoded(text))
    try:
        return netlist.build(Network(name) if into is None else into)
    except NetworkError as error:  # `into` has such a name already
        raise FormatError(str(error), line=1) from None


def dumps(net: Network | Tape) -> str:
    """The network as one Verilog module of assigns; states are registers at the rising edge of a clock.

    Inputs and outputs that are called a[0], a[1], ... in a row are the vector `[n:0] a`. Other names that are no
    identifiers are written with a backslash. A unit keeps its name unless Verilog cannot write it (blanks, signs
    beyond ASCII) or an output of another node has it. A unit that is no gate is written as a sum of products, or, if
    it has more than six inputs, as the two-input gates that compute it, called t1, t2, ...

    Raises
    ------
    NetworkError
        If the network is not valid.
    CannotWriteError
        If an input takes real numbers, a unit is no logic, a state starts elsewhere than at 0 or 1, an input, state
        or output has a name that Verilog cannot write, or an output has the name of an input.

    Examples
    --------
    >>> from circuits import half_adder
    >>> print(dumps(half_adder.network), end="")
    module half_adder (x1, x2, sum, carry);
      input x1, x2;
      output sum, carry;
      wire n1, n2, n3;
      assign n1 = ~(x1 & x2);
      assign n2 = ~(x1 & n1);
      assign n3 = ~(x2 & n1);
      assign sum = ~(n2 & n3);
      assign carry = ~(n1 & n1);
    endmodule
    """
    return write(net.to_network() if isinstance(net, Tape) else net)
