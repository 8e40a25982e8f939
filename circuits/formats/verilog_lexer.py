"""Words: the words of a Verilog file, with the line of each."""

from __future__ import annotations

import re
from bisect import bisect_right

from circuits.formats.errors import FormatError

NAME, ESCAPED, NUMBER, SIGN, KEYWORD, END = range(6)
MOST_DIGITS = 4096  # of one number

_KEYWORDS = """
always always_comb always_ff always_latch and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos
config deassign default defparam design disable edge else end endcase endconfig endfunction endgenerate endmodule
endprimitive endspecify endtable endtask event for force forever fork function generate genvar highz0 highz1 if ifnone
incdir include initial inout input instance integer join large liblist library localparam logic macromodule medium
module nand negedge nmos nor noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive pull0 pull1
pulldown pullup pulsestyle_ondetect pulsestyle_onevent rcmos real realtime reg release repeat rnmos rpmos rtran
rtranif0 rtranif1 scalared showcancelled signed small specify specparam strong0 strong1 supply0 supply1 table task
time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use vectored wait wand weak0 weak1 while wire wor
xnor xor
"""
KEYWORDS = frozenset(_KEYWORDS.split())

_WORD = r"""
      (?P<blank>\s++ | //[^\n]*+ | /\*[\s\S]*?\*/ | \(\*(?!\s*+\))[\s\S]*?\*\)
        | `(?:timescale|default_nettype|resetall|celldefine|endcelldefine)\b[^\n]*+ )
    | (?P<name>[A-Za-z_][A-Za-z0-9_$]*+)
    | \\(?P<escaped>REST)
    | (?P<number>(?:[0-9][0-9_]*+\s*+)?+'\s*+[sS]?+[bBoOdDhH]\s*+[0-9a-fA-FxXzZ?_]++ | [0-9][0-9_]*+)
    | (?P<sign><<<|>>>|===|!==|<=|>=|==|!=|&&|\|\||<<|>>|\*\*|~\^|\^~|~&|~\|
        | \+:|-:|/(?!\*)|[-+*%!~&|^?:<>=(){}\[\],;.\#@])
    """
_STRICT = re.compile(_WORD.replace("REST", "[!-~]++"), re.VERBOSE)
_LENIENT = re.compile(_WORD.replace("REST", r"[!-'*+\-./0-:<-~]++"), re.VERBOSE)
CROWDED = re.compile(r"\\[^\s(),;\\]*+[(),;]")  # an escaped name with a sign that should stand after a blank


class Words:
    """The words of a file; `kind[i]`, `text[i]` and `line(i)` belong together, and the last is the end.

    Comments, attributes `(* ... *)` and directives that say nothing about the circuit are left out.

    Parameters
    ----------
    source : str
    lenient : bool
        Whether a name with a backslash ends before `,` `;` and parentheses too, not only before a blank: some tools
        leave out the blank that the language asks for.

    Raises
    ------
    FormatError
        If a character starts no word, a comment does not end, or a directive is one that rewrites the text.

    Examples
    --------
    >>> Words("assign y = ~\\\\a[0] ; // not").text
    ['assign', 'y', '=', '~', 'a[0]', ';', '']
    """

    def __init__(self, source: str, *, lenient: bool = False):
        self.kind: list[int] = []
        self.text: list[str] = []
        self._at: list[int] = []
        self._ends = [match.start() for match in re.finditer("\n", source)]
        kind, text, at = self.kind, self.text, self._at
        kinds = {"escaped": ESCAPED, "number": NUMBER, "sign": SIGN}
        position, length, match_at = 0, len(source), (_LENIENT if lenient else _STRICT).match
        while position < length:
            match = match_at(source, position)
            if match is None:
                raise self._bad(source, position)
            group = match.lastgroup
            if group != "blank":
                assert group is not None
                word = match[group]
                text.append(word)
                at.append(position)
                if group == "name":
                    kind.append(KEYWORD if word in KEYWORDS else NAME)
                else:
                    kind.append(kinds[group])
            position = match.end()
        kind.append(END)
        text.append("")
        at.append(max(0, length - 1) if source.endswith("\n") else length)

    def line(self, index: int) -> int:
        """The line, from 1, of a word."""
        return self._line_of(self._at[index])

    def _line_of(self, position: int) -> int:
        return bisect_right(self._ends, position - 1) + 1

    def _bad(self, source: str, position: int) -> FormatError:
        line, first = self._line_of(position), source[position]
        if source.startswith("/*", position):
            return FormatError("this comment does not end; close it with */", line=line)
        if source.startswith("(*", position):
            return FormatError("this attribute does not end; close it with *)", line=line)
        if first == "`":
            found = re.compile(r"`\w*+").match(source, position)
            name = found[0][:30] if found else "`"
            return FormatError(f"the directive {name} is not read; run the preprocessor first", line=line)
        if first == '"':
            return FormatError("text in quotes is no part of a circuit's structure", line=line)
        return FormatError(f"the character {first!r} starts no word of Verilog", line=line)


def number_of(text: str, line: int) -> tuple[int | None, int]:
    """A number's width (None where it has none) and value.

    Raises
    ------
    FormatError
        If a digit is not of its base or is x or z, the width is 0, or there are more than 4096 digits.

    Examples
    --------
    >>> number_of("4'b01_01", 1), number_of("12", 1), number_of("8 'hff", 1)
    ((4, 5), (None, 12), (8, 255))
    """
    width_text, quote, rest = text.replace("_", "").partition("'")
    if len(text) > MOST_DIGITS:
        raise FormatError(f"a number has {len(text)} characters; the most is {MOST_DIGITS}", line=line)
    if not quote:
        return None, int(width_text)
    rest = rest.strip()
    if rest[0] in "sS":
        raise FormatError(f"{text!r} is a signed number, which is not read", line=line)
    base, digits = rest[0].lower(), rest[1:].strip().lower()
    radix = {"b": 2, "o": 8, "d": 10, "h": 16}[base]
    bad = next((digit for digit in digits if digit in "xz?"), None)
    if bad is not None:
        raise FormatError(f"{text!r} has the digit {bad!r}; only 0 and 1 are values here", line=line)
    try:
        value = int(digits, radix)
    except ValueError:
        raise FormatError(f"{text!r} has digits that are not of base {radix}", line=line) from None
    if not width_text.strip():
        return None, value
    width = int(width_text)
    if not 0 < width <= 4 * MOST_DIGITS:
        raise FormatError(f"{text!r} is {width} bits wide; give 1 to {4 * MOST_DIGITS}", line=line)
    return width, value & ((1 << width) - 1)
