"""Neurons that fire for a limited time and stimulate others a little later: a recurrent network of perceptrons.

What a neuron puts out affects the others one step later, itself among them. Each one here is stimulated by the one
before it, keeps itself firing, and is silenced by the one after it; so a poke makes the first fire for two steps, and
that runs down the row. In a ring it runs for ever.

Try:  perceptron run examples/cascade.py:row --steps 12 --input poke=0,1,0
      perceptron run examples/cascade.py:ring --steps 16 --input poke=0,1,0
      perceptron draw examples/cascade.py:row -o row.svg --style neurons
"""

from perceptron import Network, Unit


def cascade(count: int, *, closed: bool) -> Network:
    """A row of neurons, or a ring of at least four; `poke` stimulates the first."""
    net = Network("cascade")
    poke = net.input("poke")
    fires = [net.state("abcdefghij"[place]) for place in range(count)]
    for place, own in enumerate(fires):
        stimuli = [(poke, 2)] if place == 0 else []
        if place or closed:
            stimuli.append((fires[place - 1], 2))
        if place < count - 1 or closed:  # the last of a row fires as long as it is stimulated
            stimuli += [(own, 2), (fires[(place + 1) % count], -6)]
        net.feedback(own, net.add(Unit(-1), stimuli, name=f"neuron {own}"))
        net.output(f"{own} fires", own)
    return net


row = cascade(3, closed=False)
ring = cascade(4, closed=True)
