"""The DOT language: quoting, so that any name survives, and the lines that a drawing is made of. Pure text."""

from __future__ import annotations

import html
import re
from collections.abc import Hashable, Iterable

from perceptron.draw.style import LONGEST

# What XML cannot hold: control characters are shown as their pictures, the rest as the replacement character.
CONTROL = {code: chr(0x2400 + code) for code in range(0x20) if code != 0x0A}
PART = 4000  # characters of one quoted string, which Graphviz wants shorter than 16,384 bytes; + joins them
BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Html(str):
    """A label in Graphviz's HTML-like language, written between < and > instead of quotes."""

    __slots__ = ()


class Raw(str):
    """A value whose backslashes are already as DOT wants them, such as the fields of a record."""

    __slots__ = ()


def printable(text: str) -> str:
    """The text with everything replaced that neither DOT nor XML can hold.

    Examples
    --------
    >>> printable("tab\\tstop")
    'tab␉stop'
    """
    return BROKEN.sub("\ufffd", text).translate(CONTROL)


def quote(text: str) -> str:
    r"""The text as a quoted DOT string: quotes, backslashes, newlines and `&` stand for themselves.

    A first line that is empty gets a space: Graphviz 14 loses its hold on memory over a label without one.

    Examples
    --------
    >>> print(quote('say "x<1>" & \\N'))
    "say \"x<1>\" &amp; \\N"
    """
    if text.startswith("\n"):
        text = f" {text}"
    parts = [text[start : start + PART] for start in range(0, len(text), PART)] or [""]
    return " + ".join(f'"{_inside(part)}"' for part in parts)


def _inside(text: str) -> str:
    escaped = printable(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return escaped.replace("\n", "\\n")


def escape(text: str) -> str:
    """The text inside an HTML-like label."""
    return html.escape(printable(text)).replace("\n", "<br/>")


def field(text: str) -> str:
    r"""The text inside a field of a record, where braces, bars and spaces mean something.

    Examples
    --------
    >>> print(field("a|b"))
    a\|b
    """
    escaped = re.sub(r"([{}|<>\\ ])", r"\\\1", printable(text).replace("&", "&amp;"))
    return escaped.replace('"', '\\"').replace("\n", "\\n")


def short(text: str, longest: int = LONGEST) -> str:
    """The text, cut with an ellipsis where it is too long to draw."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def attributes(values: dict[str, object]) -> str:
    """A list of attributes in brackets; those that are None are left out.

    Examples
    --------
    >>> attributes({"label": "x", "width": 0.5, "style": None})
    '[label="x", width="0.5"]'
    """
    parts = []
    for name, value in values.items():
        if isinstance(value, Html):
            parts.append(f"{name}=<{value}>")
        elif isinstance(value, Raw):
            parts.append(f'{name}="{value}"')
        elif value is not None:
            parts.append(f"{name}={quote(number(value) if isinstance(value, float) else str(value))}")
    return f"[{', '.join(parts)}]"


def number(value: float) -> str:
    """A coordinate with at most two decimals.

    Examples
    --------
    >>> number(0.5), number(-0.001), number(12.0)
    ('0.5', '0', '12')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def identifiers(keys: Iterable[tuple[Hashable, str]]) -> dict[Hashable, str]:
    """A different quoted DOT identifier for each key, made of the text beside it.

    Examples
    --------
    >>> identifiers([("node", "a"), ("output", "a")])
    {'node': '"a"', 'output': '"a\\'"'}
    """
    taken: set[str] = set()
    result = {}
    for key, text in keys:
        if text.startswith("%"):  # what Graphviz takes for a thing without a name
            text = f" {text}"
        while quote(text) in taken:
            text += "'"
        taken.add(quote(text))
        result[key] = quote(text)
    return result


def digraph(name: str, lines: Iterable[str]) -> str:
    """The whole DOT text; never strict, because parallel edges are two edges."""
    body = "".join(f"  {line}\n" for line in lines)
    return f"digraph {quote(name or 'network')} {{\n{body}}}\n"
