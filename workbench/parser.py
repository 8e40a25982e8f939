"""The argument parser of the command line: whatever is wrong is one line with a cure, and exit status 2."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

WRONG = 2  # exit status for anything wrong with what was given

_NO_NUMBER = re.compile(r"argument (\S+): invalid (int|float|seed) value: (.+)")
_KINDS = {"int": "a whole number", "float": "a number", "seed": "a whole number of at least 0"}


def fail(message: str) -> NoReturn:
    """Write one line on standard error and leave with status 2."""
    print(f"perceptron: error: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(WRONG)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, and which guesses what was meant.

    Examples
    --------
    >>> parser = Parser(prog="adder")
    >>> option = parser.add_argument("--style", choices=["gates", "neurons"])
    >>> parser.parse_args(["--style", "neurons"])
    Namespace(style='neurons')
    """

    _words: tuple[str, ...] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and refuse what is left over here: a command knows its options, the program all of them does not."""
        self._words = tuple(sys.argv[1:] if args is None else args)
        known, left = super().parse_known_args(args, namespace)
        if left:
            self.error(self._left_over(left))
        return known, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line on standard error, and leave with status 2."""
        number = _NO_NUMBER.fullmatch(message)
        if number is not None:
            message = f"{number[1]} is {number[3]}; give {_KINDS[number[2]]}"
        if message.startswith("the following arguments are required") and (greedy := self._greedy()):
            message += f"; {greedy} takes every word after it, so write what is missing before it"
        fail(f"{message} (try '{self.prog} --help')")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Argparse's own, but it says which choice is close."""
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        cure = _close(str(value), choices) or f" (choose from {', '.join(choices)})"
        raise argparse.ArgumentError(action, f"invalid choice: {value!r}{cure}")

    def _left_over(self, left: list[str]) -> str:
        unknown = next((word for word in left if word.startswith("-") and word != "-"), None)
        if unknown is None:
            return f"{left[0]!r} is one argument too many"
        name = unknown.partition("=")[0]
        options = [option for action in self._actions for option in action.option_strings if option.startswith("--")]
        return f"there is no option {name!r}{_close(name, options)}"

    def _greedy(self) -> str | None:
        """The last option given that takes as many words as there are."""
        several = {option for action in self._actions if action.nargs == "+" for option in action.option_strings}
        return next((word for word in reversed(self._words) if word in several), None)


def _close(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""
