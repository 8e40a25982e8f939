"""DOT, the language of Graphviz: written only. A picture of a circuit as text (see perceptron.draw)."""

from __future__ import annotations

from perceptron import Network, Tape, draw

NO_LIMIT = 1 << 60  # a file may be as large as it likes; laying it out is another matter


def dumps(net: Network | Tape, *, style: str = "gates") -> str:
    """The DOT text of a network.

    Parameters
    ----------
    net : Network or Tape
    style : 'gates', 'neurons' or 'layers'
        As for `perceptron.draw`: boxes with the names of gates, circles with biases and weights, or whole layers.

    Raises
    ------
    NetworkError
        If the network is not valid.
    ParameterError
        If the style is another.

    Examples
    --------
    >>> from circuits import half_adder
    >>> text = dumps(half_adder.network)
    >>> text.startswith("digraph"), text.count("NAND") >= 5
    (True, True)
    """
    return draw(net.to_network() if isinstance(net, Tape) else net, style=style, limit=NO_LIMIT).dot
