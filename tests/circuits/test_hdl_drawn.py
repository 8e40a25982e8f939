"""Text of any kind: it is read, or refused in one line with the kind of error that the command line shows."""

from pathlib import Path
from tempfile import TemporaryDirectory

from chips import OURS
from hypothesis import example, given
from hypothesis import strategies as st

from circuits.formats import FormatError
from circuits.formats.hdl import loads
from circuits.scripts import ScriptError, run
from circuits.scripts.commands import parse

CHIP = (OURS / "02" / "FullAdder.hdl").read_text()
SCRIPT = (OURS / "vote" / "Tally.tst").read_text()
SIGNS = '(){}[];:,=.%/*a0 \n"!<>'


@st.composite
def damaged(draw, text):
    """A text with pieces of it cut out, doubled, or replaced by signs."""
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, min(len(text), begin + 12)))
        piece = draw(st.one_of(st.just(""), st.just(text[begin:end] * 2), st.text(SIGNS, max_size=4)))
        text = text[:begin] + piece + text[end:]
    return text


def refusal(kind, read, *arguments, **options):
    """The error of that kind, or None; any other is a fault."""
    try:
        read(*arguments, **options)
    except kind as error:
        return error
    return None


@given(text=damaged(CHIP))
@example(text="CHIP A { IN a[99999999999999999999]; PARTS: }")
@example(text="\x00")
def test_damaged_chips(text):
    error = refusal(FormatError, loads, text)
    if error is not None:
        assert error.line is None or 1 <= error.line <= text.count("\n") + 1
        assert "\n" not in str(error)


@given(text=damaged(SCRIPT))
def test_damaged_scripts(text):
    with TemporaryDirectory() as folder:
        for name in ("Tally.hdl", "Vote.hdl", "Tally.cmp"):
            Path(folder, name).write_text((OURS / "vote" / name).read_text())
        Path(folder, "Tally.tst").write_text(text)
        error = refusal(ScriptError, run, Path(folder, "Tally.tst"), limit=200)
    assert error is None or "\n" not in str(error)


@given(text=st.text(max_size=60))
def test_any_text(text):
    assert refusal(FormatError, loads, text) is not None
    error = refusal(ScriptError, parse, text)
    assert error is None or error.line is not None
