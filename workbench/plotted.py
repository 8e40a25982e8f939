"""Pictures, as SVG and as PNG; a plot of Matplotlib is one, the same bytes every time."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Picture(Protocol):
    """What a figure is made of: a drawing of a network, or a plot."""

    @property
    def svg(self) -> str:
        """The picture as SVG text."""

    @property
    def png(self) -> bytes:
        """The picture as PNG."""


@dataclass(frozen=True)
class Plotted:
    """A plot with `.svg` and `.png`, as drawings have them; `OPTIONS` go to Matplotlib's `savefig`."""

    plot: Figure

    OPTIONS: ClassVar[dict[str, Any]] = {}

    @property
    def svg(self) -> str:
        """The plot as SVG, the same every time."""
        import matplotlib as mpl

        with mpl.rc_context({"svg.hashsalt": "perceptron", "svg.fonttype": "path"}):
            return self._written("svg", metadata={"Date": None}).decode()

    @property
    def png(self) -> bytes:
        """The plot as PNG."""
        return self._written("png", dpi=144)

    def _written(self, format: str, **options: Any) -> bytes:
        file = io.BytesIO()
        self.plot.savefig(file, format=format, **self.OPTIONS, **options)
        return file.getvalue()
