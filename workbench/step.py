"""Step: one step of a story on the terminal and on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Picture(NamedTuple):
    """A picture file in the folder of the tour, and what it shows."""

    file: str
    caption: str


@dataclass
class Step:
    """One step of the story.

    `words` are paragraphs, `lines` the numbers as they are printed (monospaced), `pictures` what to look at.
    """

    title: str
    words: list[str]
    lines: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
