"""decoded: the text of a file, for every reader of text."""

from __future__ import annotations

from perceptron.formats.errors import FormatError


def decoded(text: str | bytes) -> str:
    r"""The text of a file in UTF-8, without the byte-order mark that it may begin with.

    Raises
    ------
    FormatError
        If it is no UTF-8, with the byte; or has a zero byte, with the line.

    Examples
    --------
    >>> decoded(b"\xef\xbb\xbfINPUT(a)")
    'INPUT(a)'
    """
    if not isinstance(text, str):
        try:
            text = bytes(text).decode()
        except UnicodeDecodeError as error:
            raise FormatError("the file is not text in UTF-8", offset=error.start) from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise FormatError("the file has a zero byte; it is not text", line=text.count("\n", 0, text.index("\0")) + 1)
    return text
