"""Plotted: a plot of Matplotlib as a picture, the same bytes every time."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
