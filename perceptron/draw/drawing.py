"""Drawing: a finished picture, as DOT text at once and as SVG, PNG or PDF when asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from perceptron.draw.render import FORMATS, render
from perceptron.errors import DrawError
from perceptron.files import write_whole


class Drawing:
    """A picture of a network. Made by `perceptron.draw`; a notebook shows it as it is.

    Attributes
    ----------
    dot : str
        The DOT text: pure, the same for the same network and options, drawn without running anything. For
        style 'gates' it has boxes with pins, because DOT knows no gate shapes.
    """

    def __init__(self, dot: str, name: str = "", placed: Callable[[], str] | None = None):
        self.dot = dot
        self.name = name
        self._place = placed

    @cached_property
    def placed(self) -> str:
        """The DOT text that is rendered: `dot`, but with style 'gates' the one with true shapes, in their places.

        Raises
        ------
        DrawError
            If there is no Graphviz to find the places.
        """
        return self.dot if self._place is None else self._place()

    @cached_property
    def svg(self) -> str:
        """The picture as SVG.

        Raises
        ------
        DrawError
            If there is no Graphviz; the message says what to install.
        """
        return render(self.placed, "svg").decode()

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG, at 144 dots per inch (see `svg`)."""
        return render(self.placed, "png")

    @cached_property
    def pdf(self) -> bytes:
        """The picture as PDF (see `svg`)."""
        return render(self.placed, "pdf")

    def save(self, path: str | os.PathLike[str], format: str | None = None) -> Path:
        """Write the picture; the file is there as a whole or, after an error, as it was before.

        Parameters
        ----------
        path : str or path
        format : 'svg', 'png', 'pdf' or 'dot', optional
            By default what the name ends in.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        DrawError
            If the format is none of the four, the file cannot be written, or there is no Graphviz.
        """
        target = Path(path)
        kind = format_of(target, format)
        if not target.parent.is_dir():
            raise DrawError(f"{str(target)!r} cannot be written (no such folder); make the folder first")
        data = self._data(kind)
        try:
            write_whole(target, data)
        except OSError as error:
            cure = "make the folder first" if not target.parent.is_dir() else "choose another place"
            raise DrawError(f"{str(target)!r} cannot be written ({error.strerror or error}); {cure}") from error
        return target

    def _data(self, format: str) -> bytes:
        if format == "dot":
            return self.dot.encode()
        return self.svg.encode() if format == "svg" else self.png if format == "png" else self.pdf

    def __repr__(self) -> str:
        return f"<Drawing of {self.name}>" if self.name else "<Drawing>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        try:
            return {"text/plain": repr(self), "image/svg+xml": self.svg}
        except DrawError as error:
            return {"text/plain": f"{self!r}: {error}"}


def format_of(path: Path, format: str | None) -> str:
    """The format to write a file in: the one asked for, or what the name ends in.

    Raises
    ------
    DrawError
        If it is none of svg, png, pdf and dot.

    Examples
    --------
    >>> format_of(Path("adder.PNG"), None)
    'png'
    """
    if format is not None:
        if format not in FORMATS:
            raise DrawError(f"format is {format!r}; give one of {', '.join(map(repr, FORMATS))}")
        return format
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        ending = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
        raise DrawError(
            f"{str(path)!r} {ending}, and a drawing is written as .svg, .png, .pdf or .dot; "
            "name the file so, or give format='svg'"
        )
    return suffix
