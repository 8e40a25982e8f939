"""expand_memories: a network with memories beside it as a network that is all units and states."""

from __future__ import annotations

from collections.abc import Iterable

from circuits import cells
from circuits.cells import Cell
from circuits.definition import Circuit
from circuits.errors import CircuitError
from circuits.memory import Memory
from circuits.time.signals import Signals
from perceptron import Network, State, Tape, Unit, check

LARGEST = 1 << 14  # bits in all memories together


def expand_memories(circuit: Circuit | Network, memories: Iterable[Memory] | None = None) -> Network:
    """The same network with each memory as gates and states, so that every proof reaches into it.

    A decoder of one perceptron a word says which word is meant; a bit that is read is the OR of that bit of the words
    that are meant, and a word takes the input where it is meant and `load` is 1. The word at address a of a memory
    `ram` is the states `ram.word[a][bit]`; the pins `ram.out[bit]` become units.

    Functions of `perceptron` see a network alone, for which a memory's pins are inputs and outputs like any others:
    to them, circuits around memories of other contents are equal. Expanded they are not.

    Parameters
    ----------
    circuit : Circuit or Network
        A network has the pins of the memories (see `Memory`).
    memories : iterable of Memory, optional
        Together of at most 16384 bits. For a circuit they are its own unless others are given; a network has none.

    Returns
    -------
    Network
        Without the memories' inputs and outputs. A memory of w words of b bits costs w (2 b + 2) + b units and w b
        states, and a depth of 3; one that is read only w + b units and a depth of 2.

    Raises
    ------
    CircuitError
        If the memories hold more bits than that, or a pin is missing.
    NetworkError
        If the network is not valid, or the memories read each other within one step.

    Examples
    --------
    >>> from perceptron import truth_table
    >>> net = Network("reader")
    >>> for bit in range(2):
    ...     net.output(f"rom.address[{bit}]", net.input(f"at[{bit}]"))
    >>> net.output("out", net.input("rom.out[0]"))
    >>> print(truth_table(expand_memories(net, [Memory("rom", 2, 1, [0, 1, 1, 1], read_only=True)])))
    at[0] at[1] | out
        0     0 |   0
        0     1 |   1
        1     0 |   1
        1     1 |   1

    Two tables of numbers that differ in one:

    >>> from circuits import rom
    >>> from perceptron import find_difference
    >>> first, second = rom(2, 8, [2, 3, 5, 7]), rom(2, 8, [2, 3, 5, 9])
    >>> find_difference(expand_memories(first), expand_memories(second))
    {'address[0]': 1, 'address[1]': 1}
    """
    net = circuit.network if isinstance(circuit, Circuit) else circuit
    if memories is None:
        memories = circuit.memories if isinstance(circuit, Circuit) else ()
    memories = list(memories)
    bits = sum(memory.words * memory.width for memory in memories)
    if bits > LARGEST:
        raise CircuitError(
            f"the memories {', '.join(repr(memory.name) for memory in memories)} hold {bits} bits; as gates the most "
            f"is {LARGEST}, so simulate them as they are, or make them smaller"
        )
    check(net)
    signals = Signals(Tape.from_network(net), memories)
    outputs = {name: net.outputs[name] for name in signals.output_names}
    graph = net.copy().graph
    states = dict(net.states)

    def add(name: str, cell: Cell, sources: Iterable[str], *, known: bool = False) -> str:
        if not known and name in graph:
            raise CircuitError(f"a memory as gates has a node {name!r}, but the network has one too; rename the memory")
        graph.add_node(name, unit=cell.unit)
        for source, weight in zip(sources, cell.weights, strict=True):
            graph.add_edge(source, name, weight=weight)
        return name

    for memory in memories:
        address = [net.outputs[pin] for pin in memory.address]
        data = [net.outputs[pin] for pin in memory.data]
        load = [net.outputs[pin] for pin in memory.load]
        reads: list[list[str]] = [[] for _ in memory.out]
        for at, word in enumerate(memory.initial().tolist()):
            meant = add(f"{memory.name}.select[{at}]", _equals(at, memory.address_bits), address)
            writes = [add(f"{memory.name}.write[{at}]", cells.and_(2), [meant, one]) for one in load]
            for bit, read in enumerate(reads):
                if memory.read_only:
                    read.extend([meant] if word >> bit & 1 else [])
                    continue
                stored = f"{memory.name}.word[{at}][{bit}]"
                if stored in graph:
                    raise CircuitError(f"the network has a node {stored!r} already; rename the memory")
                graph.add_node(stored, real=False)
                following = f"{memory.name}.next[{at}][{bit}]"
                states[stored] = State(add(following, cells.mux(), [writes[0], data[bit], stored]), word >> bit & 1)
                read.append(add(f"{memory.name}.read[{at}][{bit}]", cells.and_(2), [meant, stored]))
        for pin, read in zip(memory.out, reads, strict=True):
            graph.nodes[pin].clear()
            add(pin, cells.at_least(1, len(read)), read, known=True)
    full = Network.from_graph(graph, signals.input_names, outputs, net.name, states)
    check(full)
    return full


def _equals(number: int, width: int) -> Cell:
    """One perceptron that fires where its inputs are the bits of a number: every wrong bit takes 2 from a sum of 1."""
    ones = number.bit_count()
    return Cell(Unit(1 - 2 * ones), [2 if number >> bit & 1 else -2 for bit in range(width)])
