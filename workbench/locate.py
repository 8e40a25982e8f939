"""find: the circuit that a word on the command line names."""

from __future__ import annotations

import ast
import difflib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, overload

from circuits import Circuit, Gate
from circuits.formats import FORMATS, read
from circuits.language.where import shown, user_code
from perceptron import Network, NetworkError, PerceptronError, Tape
from workbench.errors import UsageError

READABLE = {suffix for suffix, form in FORMATS.items() if form.reads} | {".npz"}


@overload
def find(name: str) -> Circuit | Network: ...


@overload
def find(name: str, *, tape: bool) -> Circuit | Network | Tape: ...


def find(name: str, *, tape: bool = False) -> Circuit | Network | Tape:
    """The circuit that a name means.

    Parameters
    ----------
    name : str
        `module:name`, `file.py:name`, or a `file.py` that defines one circuit. The name may be a call with
        plain values, such as `ripple_carry_adder(8)`, or a generic circuit with its widths, such as `adder[8]`. Or
        a circuit file by its suffix (see `circuits.formats`), or a `file.npz` saved by `perceptron learn`;
        a threshold network in one comes as perceptrons, from the digits of the pixels to those of the label.
    tape : bool
        Whether a circuit file may come as a Tape, which is quicker to fill and enough to run.

    Returns
    -------
    Circuit, or Network where it has states, real inputs or sigmoid units (or a Tape)

    Raises
    ------
    UsageError
        If there is no such module, file or name, it cannot be loaded, or it is no circuit.
    """
    place, call = _split(name)
    if call is None and Path(place).suffix.lower() in READABLE:
        from_file = _from_circuit_file(Path(place), tape=tape)
        return from_file if isinstance(from_file, Tape) else _as_circuit(from_file, name)
    if place.endswith(".py"):
        module = _from_file(Path(place))
        found = _only_circuit(module, place) if call is None else _member(module, call, place)
    elif call is None and Path(place).suffix.lower() in FORMATS:
        raise UsageError(f"{place!r}: {FORMATS[Path(place).suffix.lower()].name} is written, not read")
    elif call is None:
        raise UsageError(f"{name!r} {_no_circuit(name)}")
    else:
        found = _member(_module(place), call, place)
    return _as_circuit(found, name)


def find_network(name: str) -> tuple[Network | Tape, set[str]]:
    """The network that a name means (a Tape for a file; memories as gates), and its words in two's complement."""
    found = find(name, tape=True)
    if not isinstance(found, Circuit):
        return found, set()
    return whole(found), {port.name for port in (*found.inputs, *found.outputs) if port.signed}


def whole(found: Circuit | Network) -> Network:
    """The network of what was found, with its memories as gates: beside the network they would be left out.

    Raises
    ------
    PerceptronError
        If the memories are too large for that.
    """
    if isinstance(found, Network) or not found.memories:
        return found if isinstance(found, Network) else found.network
    from circuits import expand_memories

    return expand_memories(found.network, found.memories)


def _from_circuit_file(path: Path, *, tape: bool) -> Network | Tape:
    if path.suffix.lower() == ".npz":
        from circuits import classifier
        from learn import to_network
        from learn.threshold import ThresholdModel, load_any
        from workbench.gates.hardening import plain_arrays

        model = load_any(path)
        if isinstance(model, ThresholdModel):
            return classifier.perceptrons(**plain_arrays(model.network), name=path.stem)
        return to_network(model.layers)
    return read(path, into=Tape()) if tape else read(path)


def _split(name: str) -> tuple[str, str | None]:
    """`place:call`; a Windows drive's colon is not ours."""
    place, colon, call = name.rpartition(":")
    if colon and not place:
        raise UsageError(f"{name!r} names no module or file; write it before the colon, as in circuits:half_adder")
    if not colon or (len(place) == 1 and call[:1] in "\\/"):
        return name, None
    return place, call


def _no_circuit(name: str) -> str:
    """Why a word without a colon is no circuit, and what to write instead."""
    import circuits

    path = Path(name)
    if os.path.isdir(name):  # which Path.is_dir refuses to say of a name that is too long
        return "is a folder and no circuit; name a file in it, or a circuit such as circuits:half_adder"
    if os.path.isfile(name):
        kinds = " ".join(sorted(READABLE | {".py"}))
        return f"ends in {path.suffix!r}, and circuits are read from {kinds}; name one of these, or convert it"
    if os.path.isfile(f"{name}.py"):
        return f"names no circuit; did you mean '{name}.py'?"
    if "=" in name:
        return "is an input and no circuit; write the circuit first, such as circuits:half_adder"
    called = name.partition("(")[0].partition("[")[0]
    known = {key: value for key, value in _makers(circuits).items() if key in circuits.__all__}
    if called in known:
        return f"names no circuit; write a module or file and a name, perhaps circuits:{name}"
    near = _near(called, known)
    cure = f"perhaps circuits:{near[0]}" if near else "such as circuits:half_adder (perceptron list shows them)"
    return f"names no circuit; write a module or file and a name, {cure}"


def _makers(module: ModuleType) -> dict[str, Any]:
    """What a word on the command line may mean in a module: its circuits, and the functions that may make some."""
    return {
        key: value
        for key, value in vars(module).items()
        if not key.startswith("_")
        and (isinstance(value, Circuit | Gate | Network) or (callable(value) and not isinstance(value, type)))
    }


def _near(name: str, known: Iterable[str]) -> list[str]:
    """The names that one with a slip was meant to be: begun with it, with it in them, or spelt much like it."""
    known = list(known)
    inside = [key for key in known if len(name) > 3 and name in key]
    begun = [key for key in inside if key.startswith(name)]
    return begun[:4] or inside[:4] or difflib.get_close_matches(name, known, n=1)


def _module(place: str) -> ModuleType:
    if sys.path[:1] != [""]:
        sys.path.insert(0, "")  # modules of the current folder, as `python -m` has them
    return _loaded(place, lambda: importlib.import_module(place))


def _from_file(path: Path) -> ModuleType:
    if path.is_dir():
        raise UsageError(f"{str(path)!r} is a folder; name a Python file, such as examples/voting.py")
    if not path.is_file():
        raise UsageError(f"there is no file {str(path)!r}; name a Python file, such as examples/voting.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{str(path)!r} cannot be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    sys.path.insert(0, str(path.parent))  # so that it may import its neighbours
    loader = spec.loader

    def load() -> ModuleType:
        loader.exec_module(module)
        return module

    return _loaded(str(path), load)


def _loaded(place: str, load: Callable[[], ModuleType]) -> ModuleType:
    """The module, or one line about whatever went wrong in somebody else's code."""
    try:
        return load()
    except ModuleNotFoundError as error:
        if error.name is not None and place.split(".")[0] == error.name.split(".")[0]:
            near = difflib.get_close_matches(place, ["circuits", "examples"], n=1)
            cure = f"did you mean {near[0]!r}?" if near else "name an installed module, or a file ending in .py"
            raise UsageError(f"there is no module {place!r}; {cure}") from None
        raise UsageError(f"{place!r} cannot be loaded: {error}") from None
    except SyntaxError as error:
        raise UsageError(f"{place!r} is not valid Python: {error.msg} (line {error.lineno})") from None
    except (Exception, SystemExit) as error:
        raise UsageError(f"{place!r} cannot be loaded: {type(error).__name__}: {error}") from None


def _member(module: ModuleType, call: str, place: str) -> Any:
    """A name of a module, the result of calling one with plain values, or a generic circuit at some widths."""
    try:
        tree = ast.parse(call, mode="eval").body
    except SyntaxError:
        raise UsageError(f"{call!r} is no name; write a name such as half_adder, or ripple_carry_adder(8)") from None
    name, arguments, options = tree, [], {}
    if isinstance(tree, ast.Call) and all(keyword.arg is not None for keyword in tree.keywords):
        name = tree.func
        try:
            arguments = [ast.literal_eval(argument) for argument in tree.args]
            options = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in tree.keywords}
        except ValueError:
            raise UsageError(f"{call!r} has an argument that is no plain value; write numbers") from None
    elif isinstance(tree, ast.Subscript):
        name = tree.value
        arguments = [_widths(tree.slice, call)]
    if not isinstance(name, ast.Name):
        raise UsageError(f"{call!r} is no name; write a name such as half_adder, or ripple_carry_adder(8)")
    if not hasattr(module, name.id):
        near = _near(name.id, _makers(module))
        if near:
            hint = f"did you mean {' or '.join(map(repr, near))}?"
        elif place == "circuits":
            hint = "perceptron list shows what it has"
        else:
            hint = f"it has {', '.join(_circuits(module)) or 'no circuit'}"
        raise UsageError(f"{place!r} has no {name.id!r}; {hint}")
    found = getattr(module, name.id)
    if name is tree:
        return found
    if isinstance(tree, ast.Subscript):
        if not isinstance(found, Circuit):
            raise UsageError(f"{place}:{name.id} is no circuit with a width to choose; leave out the brackets")
        return found[arguments[0]]
    if not callable(found) or isinstance(found, Circuit | Gate):
        raise UsageError(f"{place}:{name.id} is not a function that makes circuits; leave out the parentheses")
    try:
        return found(*arguments, **options)
    except PerceptronError:
        raise
    except Exception as error:
        raise UsageError(f"{place}:{call} cannot be made: {type(error).__name__}: {error}") from None


def _widths(given: ast.expr, call: str) -> Any:
    try:
        return ast.literal_eval(given)
    except ValueError:
        raise UsageError(f"{call!r} has a width that is no number; write one, as in adder[8]") from None


def _circuits(module: ModuleType) -> list[str]:
    return [key for key, value in vars(module).items() if isinstance(value, Circuit | Gate | Network)]


def _only_circuit(module: ModuleType, place: str) -> Any:
    own = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, Network) or (isinstance(value, Circuit) and value.__module__ == module.__name__)
    }
    if len(own) != 1:
        names = ", ".join(own)
        found = f"several circuits ({names}); add one, as in {place}:{next(iter(own))}" if own else "no circuit"
        raise UsageError(f"{place!r} defines {found}")
    return next(iter(own.values()))


def _as_circuit(found: Any, name: str) -> Circuit | Network:
    from perceptron.check import check
    from perceptron.network import is_binary

    if isinstance(found, Gate):
        return found.circuit
    if isinstance(found, Circuit):
        try:
            _ = found.network  # the circuit's function runs now, whatever is in it
        except PerceptronError:
            raise
        except Exception as error:
            where = user_code(error.__traceback__)
            place = "" if where is None else f" ({shown(where)})"
            raise UsageError(f"{name!r} cannot be built: {type(error).__name__}: {error}{place}") from None
        return found
    if isinstance(found, Network):
        try:
            order = check(found)
        except NetworkError as error:
            raise UsageError(f"{name!r} is no valid network: {error}") from None
        plain = not found.states and all(is_binary(found, node) for node in order)
        return Circuit.from_network(found, words=True) if plain else found
    if callable(found):
        cure = "call it with its arguments, as in 'circuits:ripple_carry_adder(8)', or mark it with @circuit"
        raise UsageError(f"{name!r} is a function and no circuit; {cure}")
    raise UsageError(f"{name!r} is {type(found).__name__} and no circuit; name a circuit or a network")
