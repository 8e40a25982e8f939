"""Pictures below each other as one picture: nested SVGs, or PNGs pasted on one sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.plotted import Picture

GAP = 18.0  # points between two pictures
SIZE = re.compile(r'<svg\s+width="([0-9.]+)pt"\s+height="([0-9.]+)pt"')


@dataclass(frozen=True)
class Stack:
    """Drawings below each other, from the left.

    Attributes
    ----------
    parts : tuple of pictures
        From the top; each alone has `.svg` and `.png`, too.
    name : str
    """

    parts: Sequence[Picture]
    name: str

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        pieces, top, widest = [], 0.0, 0.0
        for number, part in enumerate(self.parts):
            text = part.svg
            text = text[text.index("<svg") :]
            found = SIZE.match(text)
            assert found is not None, "Graphviz states the size in points"
            width, height = float(found[1]), float(found[2])
            text = re.sub(r'\bid="', f'id="part{number}-', text)
            pieces.append(f'<svg x="0" y="{top:g}" width="{width:g}" height="{height:g}"{text[found.end() :].rstrip()}')
            top, widest = top + height + GAP, max(widest, width)
        height = top - GAP
        head = f'width="{widest:g}pt" height="{height:g}pt" viewBox="0 0 {widest:g} {height:g}"'
        inside = "\n".join(pieces)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'{head}>\n<rect width="100%" height="100%" fill="#ffffff"/>\n{inside}\n</svg>\n'
        )

    @property
    def png(self) -> bytes:
        """The picture as PNG, at 144 dots per inch."""
        from PIL import Image

        images = [Image.open(io.BytesIO(part.png)).convert("RGB") for part in self.parts]
        gap = round(2 * GAP)
        size = (max(image.width for image in images), sum(image.height + gap for image in images) - gap)
        sheet, top = Image.new("RGB", size, "white"), 0
        for image in images:
            sheet.paste(image, (0, top))
            top += image.height + gap
        file = io.BytesIO()
        sheet.save(file, format="PNG", optimize=True)
        return file.getvalue()
