"""page: steps of a story as one HTML page that needs nothing but itself, pictures included."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from workbench.step import Picture, Step

_STYLE = """
:root { --ink: #1f2933; --pale: #69757f; --rule: #e3e7eb; --ground: #ffffff; --panel: #f6f8fa; --accent: #2563eb }
* { box-sizing: border-box }
body { margin: 0; color: var(--ink); background: var(--ground); font: 17px/1.6 Georgia, 'Times New Roman', serif }
header, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 3.5rem }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3.5rem 0 .75rem }
h2 span { color: var(--accent); margin-right: .6rem }
header p, footer { color: var(--pale) }
pre { background: var(--panel); border-radius: 6px; padding: .9rem 1.1rem; overflow-x: auto;
      font: 13.5px/1.55 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
figure { margin: 1.5rem 0; text-align: center }
figure .frame { overflow-x: auto }
figure img { max-width: 100%; height: auto }
figcaption { color: var(--pale); font-size: .9rem; margin-top: .4rem }
code { font: .85em ui-monospace, Menlo, Consolas, monospace; background: var(--panel); padding: .1em .3em;
       border-radius: 4px }
footer { border-top: 1px solid var(--rule); margin-top: 4rem; padding: 1.5rem 1.25rem 3rem; font-size: .9rem }
@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --ink: #e3e7eb; --pale: #9aa5b1; --rule: #323f4b; --ground: #15191e; --panel: #1f252c;
          --accent: #7aa7ff }
  figure img { background: #ffffff; border-radius: 6px }
}
"""

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


_TITLE = "From the NAND gate to the network that reads handwriting"
_LEAD = """Chapter 1 of Michael Nielsen's <em>Neural Networks and Deep Learning</em>, computed. Every number and picture
on this page was made when the page was."""


def page(steps: Sequence[Step], folder: Path, *, title: str = _TITLE, lead: str = _LEAD, maker: str = "tour") -> str:
    """The page for these steps, whose pictures lie in `folder`.

    `title` is text, `lead` HTML, and `maker` the command that makes the page; by default those of the tour.
    """
    body = "\n".join(_section(number, step, folder) for number, step in enumerate(steps, start=1))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<p>{lead}</p>
</header>
<main>
{body}
</main>
<footer>Made by <code>perceptron {escape(maker)}</code>.</footer>
</body>
</html>
"""


def _section(number: int, step: Step, folder: Path) -> str:
    words = "\n".join(f"<p>{_with_code(paragraph)}</p>" for paragraph in step.words)
    lines = f"<pre>{escape(chr(10).join(step.lines))}</pre>" if step.lines else ""
    pictures = "\n".join(_figure(picture, folder) for picture in step.pictures)
    return f"<section>\n<h2><span>{number}</span>{escape(step.title)}</h2>\n{words}\n{lines}\n{pictures}\n</section>"


def _figure(picture: Picture, folder: Path) -> str:
    path = folder / picture.file
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    caption = escape(picture.caption)
    source = f"data:{_TYPES[path.suffix]};base64,{data}"
    return (
        f'<figure><div class="frame"><img src="{source}" alt="{caption}"></div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _with_code(paragraph: str) -> str:
    """Escaped text, with `code` marked as code."""
    parts = escape(paragraph).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
