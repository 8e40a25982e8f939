"""Options: what a style is told about the look of a picture, checked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from perceptron.draw import style
from perceptron.draw.dot import Html, attributes, escape, short
from perceptron.draw.view import Edge, View, number_text
from perceptron.errors import ParameterError
from perceptron.network import Network
from perceptron.numbers import Number, exact

WEIGHTS = ("all", "uncommon", "none")
INPUTS = ("floating", "layer")
BARE: dict[str, object] = {"width": 0.0, "height": 0.0, "margin": "0.06,0.04"}
Marks = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Options:
    """The look of a picture: see `perceptron.draw.draw` for each of these."""

    rankdir: str
    label: Callable[[Network, str], str | None]
    weights: str
    marks: Marks
    inputs: str
    title: str
    captions: bool = True


def require_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a value that is none of the choices.

    Raises
    ------
    ParameterError
    """
    if value not in choices:
        raise ParameterError(f"{name} is {value!r}; give one of {', '.join(map(repr, choices))}")


def require_marks(view: View, marks: Marks) -> None:
    """Refuse marks that are no mapping (source, target) -> text, or that name an edge which is not there.

    Raises
    ------
    ParameterError
    """
    if not isinstance(marks, Mapping):
        raise ParameterError(f"marks is {marks!r}; give a mapping (source, target) -> text")
    for edge, text in marks.items():
        if not (isinstance(edge, tuple) and len(edge) == 2) or not isinstance(text, str):
            raise ParameterError(f"marks has {edge!r}: {text!r}; give (source, target): text")
        if not view.net.graph.has_edge(*edge):
            raise ParameterError(f"marks names the edge {edge[0]!r} -> {edge[1]!r}, but there is none; leave it out")


def common_weight(view: View) -> Number | None:
    """The weight that most of the edges shown have, if at least two have it; the first such weight on a tie."""
    counts = Counter(exact(weight) for *_, weight in view.edges)
    best = max(counts.values(), default=0)
    if best < 2:
        return None
    return next(weight for *_, weight in view.edges if counts[exact(weight)] == best)


def weight_texts(view: View, weights: str) -> tuple[Callable[[Edge], str], str]:
    """The text of each edge, and the note that says what the unmarked ones weigh ('' if none is unmarked)."""
    if weights == "none":
        return (lambda edge: ""), ""
    common = common_weight(view) if weights == "uncommon" else None
    if common is None:
        return (lambda edge: number_text(edge[2])), ""
    hidden = exact(common)
    return (
        lambda edge: "" if exact(edge[2]) == hidden else number_text(edge[2]),
        f"all unmarked weights are {number_text(common)}",
    )


def heading(title: str, note: str) -> dict[str, object]:
    """The graph attributes that put the title above the picture, or else the note below it."""
    if not title and not note:
        return {}
    size = f'<font point-size="{style.SMALL}" color="{style.SOFT}">{escape(note)}</font>'
    if not title:
        return {"label": Html(size), "labelloc": "b"}
    return {"label": Html(f"<b>{escape(title)}</b>" + (f"<br/>{size}" if note else "")), "labelloc": "t"}


def graph_line(options: Options, note: str, **more: object) -> str:
    """The line of graph attributes that all styles share."""
    shared: dict[str, object] = {
        "bgcolor": style.PAPER,
        "pad": 0.15,
        "fontname": style.FONT,
        "fontsize": style.SIZE,
        "fontcolor": style.INK,
    }
    return f"graph {attributes(shared | more | heading(options.title, note))}"


def rank_lines(view: View, ids: Mapping[Any, str], *, inputs_above: bool = False) -> list[str]:
    """The lines that put inputs and states into the first column and outputs into the last.

    Invisible edges keep the order of the inputs, of the states (see `order_of_states`) and of the outputs. An
    input stands above the states that it goes into, and with `inputs_above` all inputs do; else a state may stand
    between inputs. `ids` has the identifiers of ("node", node) and ("out", name).
    """
    inputs = [ids["node", name] for name in view.inputs]
    states = [ids["node", name] for name in order_of_states(view)]
    outputs = [ids["out", name] for name, _ in view.outputs]
    lines = []
    for rank, column in (("source", inputs + states), ("sink", outputs)):
        if column:
            lines.append(f'{{ rank="{rank}"; {" ".join(one + ";" for one in column)} }}')
        if rank == "source" and not inputs_above:
            taken = [(source, state) for source, state in view.feedback if source in view.inputs]
            chains = [inputs, states] + [[ids["node", source], ids["node", state]] for source, state in taken]
        else:
            chains = [column]
        lines += [f'{{ edge [style="invis"]; {" -> ".join(chain)} }}' for chain in chains if len(chain) > 1]
    return lines


def order_of_states(view: View) -> list[str]:
    """The states shown in their order, but those of a shift register together, in the order in which values go."""
    after: dict[str, str] = {}
    shown = set(view.states)
    for state in view.states:
        source = view.next(state)
        if source in shown and source != state:
            after.setdefault(source, state)
    following = set(after.values())
    order: dict[str, None] = {}
    for head in [state for state in view.states if state not in following] + view.states:  # the latter for rings
        node: str | None = head
        while node is not None and node not in order:
            order[node] = None
            node = after.get(node)
    return list(order)


def back_wire(view: View, node: str, state: str) -> dict[str, object]:
    """The attributes of a line through time, which leads from a node back to a state."""
    shown: dict[str, object] = {"tooltip": f"{node} → {state}, one step later", "style": "dashed"}
    if view.values is None:
        return shown | {"color": style.SOFT}
    return shown | ({"color": style.LIT, "penwidth": style.BOLD} if view.on(node) else {"color": style.DIM})


def terminal(view: View, name: str, node: str) -> dict[str, object]:
    """The attributes of an input or output that stands as a name (with its value, if values are shown)."""
    value = view.value_text(node)
    label: str = short(name)
    color = style.INK
    if value:
        label = Html(f"{escape(short(name))} = <b>{value}</b>")
        color = style.LIT if view.on(node) else style.INK
    return {"label": label, "shape": "plaintext", "fontcolor": color, "tooltip": name} | BARE
