"""layers and layered: the form that the chapter draws, from the input layer through hidden layers to the output layer.

a ---> b ---> c        becomes        a ---> b ---> c
a ----------> c                       a ---> a' --> c      (a' relays a)
"""

from __future__ import annotations

from perceptron.check import check
from perceptron.errors import NetworkError
from perceptron.network import Network, is_binary
from perceptron.numbers import Number
from perceptron.unit import Unit

RELAY = Unit(-1)  # with one weight of 2: 2x - 1 > 0 exactly if x = 1


def layers(net: Network) -> list[list[str]]:
    """The nodes of a network by depth: the input layer first, the deepest units last.

    A unit stands one layer after its deepest source, so every edge leads to a later layer; constants stand in
    the first layer of units, and states beside the inputs. In a fully layered network (see `layered`) the last
    layer is the output layer, and the ones between are the hidden layers.

    Parameters
    ----------
    net : Network

    Returns
    -------
    list of list of str
        The layers in order; within a layer the order of the graph.

    Raises
    ------
    NetworkError
        If the network is not valid.

    Examples
    --------
    >>> from circuits import half_adder
    >>> layers(half_adder.network)
    [['x1', 'x2'], ['n1'], ['n2', 'n3', 'carry'], ['sum']]
    """
    order = check(net)
    given = [*net.inputs, *net.states]
    depth = dict.fromkeys(given, 0)
    for node in order:
        if node not in depth:
            depth[node] = 1 + max((depth[source] for source in net.graph.pred[node]), default=0)
    result: list[list[str]] = [given]
    for node in net.graph:
        if depth[node]:
            result.extend([] for _ in range(depth[node] + 1 - len(result)))
            result[depth[node]].append(node)
    return result


def layered(net: Network) -> Network:
    """The same function with every edge leading to the very next layer and every output in the last one.

    A value that is needed later is handed on by relay perceptrons (weight 2, bias -1), named after the node
    they repeat with primes: `n1'`, `n1''`. At least one layer follows the inputs.

    Parameters
    ----------
    net : Network
        A value that must be handed on has to be 0 or 1: no perceptron repeats a number between them.

    Returns
    -------
    Network
        With the relays.

    Raises
    ------
    NetworkError
        If the network is not valid, or a real number would have to be handed on.

    Examples
    --------
    >>> from circuits import half_adder
    >>> layers(layered(half_adder.network))
    [['x1', 'x2'], ["x1'", "x2'", 'n1'], ['n2', 'n3', 'carry'], ['sum', "carry'"]]
    """
    by_depth = layers(net)
    depth = {node: index for index, layer in enumerate(by_depth) for node in layer}
    last = max(1, len(by_depth) - 1)
    ends = [*net.outputs.values(), *(state.next for state in net.states.values() if state.next is not None)]
    reach = dict.fromkeys(ends, last)  # the last layer in which a value must stand
    for node in net.graph:
        for source in net.graph.pred[node]:
            reach[source] = max(reach.get(source, 0), depth[node] - 1)

    place: dict[str, int] = {}  # the output layer stands in the order of the outputs
    for node in ends:
        place.setdefault(node, len(place))

    new = Network(net.name)
    for name in net.inputs:
        new.input(name, real=net.graph.nodes[name].get("real", False))
    for name, state in net.states.items():
        new.state(name, state.initial)
    here = {name: name for name in by_depth[0]}
    position = {node: at for at, node in enumerate(net.graph)}
    for index in range(1, last + 1):
        own = set(by_depth[index]) if index < len(by_depth) else set()
        standing = [*(node for node in here if reach.get(node, 0) >= index), *own]
        standing.sort(key=position.__getitem__)
        if index == last:
            standing.sort(key=lambda node: place.get(node, len(place)))
        there = {}
        for node in standing:
            if node in own:
                fanin: list[tuple[str, Number]] = [(here[source], weight) for source, weight in net.fanin(node)]
                there[node] = new.add(net.unit(node), fanin, name=node)
            else:
                there[node] = _relay(net, new, node, here[node])
        here = there
    for name, node in net.outputs.items():
        new.output(name, here[node])
    for name, state in net.states.items():
        assert state.next is not None
        new.feedback(name, here[state.next])
    return new


def _relay(net: Network, new: Network, node: str, standing: str) -> str:
    if not is_binary(net, node):
        raise NetworkError(
            f"node {node!r} is read more than one layer later, and its value is a real number, which no perceptron "
            "can hand on; layer a network of steps instead"
        )
    name = standing + "'"
    while name in net.graph or name in new.graph:
        name += "'"
    return new.add(RELAY, [(standing, 2)], name=name)
