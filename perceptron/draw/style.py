"""Every colour, font, size and word of the drawings: change the look here and nowhere else."""

INK = "#20262d"  # outlines, wires and words
SOFT = "#6b7580"  # what steps back: captions, notes, small print
PAPER = "#ffffff"
LIT = "#d9480f"  # a wire that carries 1, a neuron that fires
LIT_FILL = "#ffe3cc"
DIM = "#aab2ba"  # a wire that carries 0, while values are shown
MARK = "#1864ab"  # an edge that the caller points at
SMOOTH_FILL = "#e8f1fb"  # sigmoid neurons, so that they differ from perceptrons without a legend
TABLE_FILL = "#f1f3f5"

FONT = "Helvetica"
SIZE = 13  # words and biases, in points
SMALL = 10  # weights, captions, notes
LINE = 1.1  # width of an outline or a wire
BOLD = 2.0  # width of what is lit or marked
ARROW = 0.6

CIRCLE = 0.5  # diameter of a neuron, in inches
DPI = 144  # of PNG files
LONGEST = 40  # characters of a name that are shown; the tooltip has all of it

RANKS = ("LR", "RL", "TB", "BT")
STYLES = ("neurons", "gates", "layers")


def shade(value: float) -> str:
    """The fill of a neuron of this value: paper at 0, fully lit at 1.

    Examples
    --------
    >>> shade(0), shade(1)
    ('#ffffff', '#ffb27a')
    """
    share = max(0.0, min(1.0, float(value)))
    return "#" + "".join(f"{round(255 + share * (full - 255)):02x}" for full in (0xFF, 0xB2, 0x7A))
