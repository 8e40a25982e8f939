"""Running Graphviz: the only module here that does. pygraphviz carries its own; else the `dot` program is asked."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

from perceptron.errors import DrawError

FORMATS = ("svg", "png", "pdf", "dot")
CURE = (
    "install pygraphviz >= 2, whose wheel brings Graphviz along (python -m pip install pygraphviz), or the graphviz "
    "package and the program dot; the DOT text can be had without either (.dot, or a file name ending in .dot)"
)


def render(dot: str, format: str) -> bytes:
    """The picture of a DOT text.

    Parameters
    ----------
    dot : str
    format : str
        'svg', 'png' or 'pdf'; or another output format of Graphviz, such as 'json'.

    Returns
    -------
    bytes

    Raises
    ------
    DrawError
        If there is no Graphviz to run, or it cannot draw the text.

    Examples
    --------
    >>> render("digraph { a -> b }", "png")[:4]
    b'\\x89PNG'
    """
    if format == "png":
        dot = _with_resolution(dot)
    drawn = _by_pygraphviz(dot, format)
    return _by_program(dot, format) if drawn is None else drawn


def _with_resolution(dot: str) -> str:
    from perceptron.draw.style import DPI

    head, brace, rest = dot.partition("{\n")  # a quoted name has no newline, so this brace opens the graph
    return f"{head}{brace}  graph [dpi={DPI}]\n{rest}" if brace else dot


def _by_pygraphviz(dot: str, format: str) -> bytes | None:
    """The picture, or None where pygraphviz is missing."""
    try:
        import pygraphviz
    except (ImportError, OSError):  # OSError: a shared library of it is missing
        return None
    try:
        graph = pygraphviz.AGraph(string=dot)
        try:
            # Not layout() and then draw(): that loses the labels of some nodes.
            with _quiet():
                drawn = graph.draw(prog="dot", format=format)
        finally:
            graph.close()
    except Exception as error:
        raise DrawError(f"Graphviz cannot draw this picture as {format}: {error}") from error
    return drawn if isinstance(drawn, bytes) else str(drawn).encode()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep words of no use off standard error: that a layout may take long, and what font libraries complain of.

    Libraries in C write to file descriptor 2 by themselves, whatever Python's `sys.stderr` is.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        with redirect_stderr(io.StringIO()):
            yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        with redirect_stderr(io.StringIO()):
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _by_program(dot: str, format: str) -> bytes:
    try:
        import graphviz
    except ImportError as error:
        raise DrawError(f"no Graphviz was found to draw {format} with; {CURE}") from error
    try:
        return bytes(graphviz.Source(dot).pipe(format=format))
    except graphviz.ExecutableNotFound as error:
        raise DrawError(f"no Graphviz was found to draw {format} with; {CURE}") from error
    except (graphviz.CalledProcessError, ValueError) as error:
        raise DrawError(f"Graphviz cannot draw this picture as {format}: {error}") from error
