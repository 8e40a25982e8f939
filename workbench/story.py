"""The chapter as a story of steps, each a few words, the numbers that bear them out, and pictures.

Everything printed is computed when it is printed. The terminal and the page (`workbench.page`) show the same steps.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import learn
from circuits import full_adder, gate_name, half_adder, nand, statistics, threshold_full_adder, to_nand, xor
from perceptron import (
    Network,
    Table,
    Unit,
    agreement,
    draw,
    evaluate,
    find_difference,
    harden,
    linearize,
    merge_parallel,
    scale,
    simulate,
    soften,
    trace,
    truth_table,
)
from workbench.gates.story import circle
from workbench.step import Picture, Step

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image


COLUMNS = 76  # of a line of numbers


def steps(folder: Path, rng: int = 0) -> Iterator[Step]:
    """The story in order; each step's pictures lie in `folder` when it is given out.

    Parameters
    ----------
    folder : Path
        An existing folder.
    rng : int
        The seed of the learning.
    """
    yield festival(folder)
    yield nand_gate(folder)
    yield adder(folder)
    yield merged(folder)
    yield universal(folder)
    yield scaled()
    yield softened(folder)
    yield small_changes()
    yield from learning(folder, rng)
    yield circle(folder, rng)


def festival(folder: Path) -> Step:
    """A perceptron weighs evidence."""
    step = Step(
        "A perceptron decides",
        [
            "Shall we go to the cheese festival? The weather weighs 6, company 2, a train stop nearby 2. With a "
            "threshold of 5 only the weather matters; with a threshold of 3, company and train together are enough "
            "as well. A lower threshold is a greater willingness to go."
        ],
    )
    step.lines.append("weather company transit | threshold 5  threshold 3")
    nets = []
    for threshold in (5, 3):
        net = Network(f"festival_{threshold}")
        fanin = [(net.input("weather"), 6), (net.input("company"), 2), (net.input("transit"), 2)]
        net.output("go", net.add(Unit.from_threshold(threshold), fanin, name="go"))
        nets.append(net)
    for row, other in zip(truth_table(nets[0]), truth_table(nets[1]), strict=True):
        weather, company, transit, five = row
        answers = ["stay", "go"]
        step.lines.append(f"{weather:7} {company:7} {transit:7} | {answers[five]:>11}  {answers[other[-1]]:>11}")
    draw(nets[0], folder / "festival.svg")
    step.pictures.append(Picture("festival.svg", "Threshold 5 is a bias of -5; the weights stand on the edges."))
    return step


def nand_gate(folder: Path) -> Step:
    """The NAND gate is a perceptron."""
    step = Step(
        "Two weights of -2 and a bias of 3 are a NAND gate",
        ["The same rule, other numbers: the sum falls below 0 only when both inputs are 1."],
    )
    for x1 in (0, 1):
        for x2 in (0, 1):
            traced = trace(nand.network, x1=x1, x2=x2)
            z = traced.sums["out"]
            step.lines.append(f"(-2)*{x1} + (-2)*{x2} + 3 = {z!s:>2}   ->  {traced.values['out']}")
    draw(nand.network, folder / "nand.svg")
    step.pictures.append(Picture("nand.svg", "NAND as a perceptron: bias 3 in the circle."))
    return step


def adder(folder: Path) -> Step:
    """Five NANDs add two bits."""
    net = half_adder.network
    step = Step(
        "Five NAND gates add two bits",
        [
            "A gate is a function that adds one unit, so a circuit of NAND gates already is a network of "
            "perceptrons: there is nothing to convert, only two ways to draw it."
        ],
        str(truth_table(net)).splitlines(),
    )
    step.lines.append(repr(net))
    draw(net, folder / "adder-gates.svg", style="gates")
    draw(net, folder / "adder-neurons.svg")
    draw(net, folder / "adder-lit.svg", style="gates", values={"x1": 1, "x2": 1})
    step.pictures.append(Picture("adder-gates.svg", "The adder as gates."))
    step.pictures.append(Picture("adder-lit.svg", "1 + 1: the wires that carry a 1 are lit."))
    step.pictures.append(Picture("adder-neurons.svg", "The same network as perceptrons, ten edges of -2."))
    return step


def merged(folder: Path) -> Step:
    """Two lines of -2 become one of -4."""
    net = half_adder.network
    single = merge_parallel(net)
    difference = find_difference(net, single)
    step = Step(
        "Two edges of -2 merge into one of -4, and nothing changes",
        [
            "The leftmost unit feeds the carry twice. Both lines together weigh -4; merging them keeps every sum, "
            "which the machine checks on all inputs. The carry unit now has a single input, and its truth table "
            "reads NOT: a gate's name is computed, never stored."
        ],
        [
            f"edges before {net.graph.number_of_edges()}, after {single.graph.number_of_edges()}",
            f"edges into the carry: {net.fanin('carry')}  ->  {single.fanin('carry')}",
            f"the carry unit reads {gate_name(net, 'carry')}  ->  {gate_name(single, 'carry')}",
            f"an input on which they differ: {difference}",
        ],
    )
    draw(single, folder / "adder-merged.svg", inputs="layer")
    step.pictures.append(Picture("adder-merged.svg", "With the inputs drawn as a layer, as is the custom."))
    return step


def universal(folder: Path) -> Step:
    """NAND is universal; perceptrons of other weights need fewer units."""
    equal = 0
    for number in range(256):
        net = Network()
        table = Table(*(number >> row & 1 for row in range(8)))
        fanin = [(net.input(f"x{place + 1}"), 1 << place) for place in range(3)]
        net.output("out", net.add(Unit(0, table), fanin))
        equal += find_difference(net, to_nand(net)) is None
    nands, thresholds = statistics(full_adder.network)["units"], statistics(threshold_full_adder.network)["units"]
    same = find_difference(full_adder.network, threshold_full_adder.network)
    step = Step(
        "NAND is universal, so perceptrons can compute anything a circuit can",
        [
            "Every function of three bits is built of NANDs and compared on all inputs. It is reassuring, and a little "
            "disappointing: have we only found another NAND? No. With other weights one perceptron does more: a full "
            "adder takes nine NANDs, or two perceptrons, one of which is a majority."
        ],
        [
            f"functions of 3 bits built of NANDs alone and proved equal: {equal} of 256",
            f"exclusive or in NANDs: {statistics(to_nand(xor.network))['units']} units",
            f"full adder: {nands} NANDs, or {thresholds} perceptrons; an input on which they differ: {same}",
        ],
    )
    draw(threshold_full_adder.network, folder / "full-adder.svg")
    step.pictures.append(Picture("full-adder.svg", "A full adder in two perceptrons: the carry weighs -4 in the sum."))
    return step


def scaled() -> Step:
    """Exercise 1."""
    net = threshold_full_adder.network
    factors = (0.001, 0.1, 7, 1e6)
    same = [find_difference(net, scale(net, c)) for c in factors]
    return Step(
        "All weights and biases times c > 0: the same behaviour",
        ["The chapter's first exercise: a step looks only at the sign of its sum, and c > 0 keeps the sign."],
        [f"c = {c:<9g} an input on which it differs: {found}" for c, found in zip(factors, same, strict=True)],
    )


def softened(folder: Path) -> Step:
    """Exercise 2: sigmoids that approach the steps."""
    net = half_adder.network
    step = Step(
        "Steps are softened into sigmoids",
        [
            "Replace each step by a sigmoid and multiply weights and biases by c: as c grows, the adder of sigmoid "
            "neurons computes what the adder of perceptrons does. Where a sum is exactly 0 it never can: there the "
            "perceptron says 0 and the sigmoid neuron 0.5, whatever c is.",
        ],
    )
    step.lines.append("   c   " + "   ".join(f"{a}+{b}: sum carry" for a, b in ((0, 0), (0, 1), (1, 1))))
    for c in (1, 2, 5, 20):
        cells = []
        for a, b in ((0, 0), (0, 1), (1, 1)):
            out = evaluate(soften(net, c), x1=a, x2=b)
            cells.append(f"    {out['sum']:5.3f} {out['carry']:5.3f}")
        step.lines.append(f"{c:4}   " + "   ".join(cells))
    step.lines.extend(_wrapped(str(agreement(net))))
    edge = Network("edge")
    edge.output("out", edge.add(Unit(-4), [(edge.input("x1"), 2), (edge.input("x2"), 2)], name="edge"))
    step.lines.extend(_wrapped(str(agreement(edge))))
    draw(soften(net, 5), folder / "adder-soft.svg", values={"x1": 1, "x2": 1})
    step.pictures.append(Picture("adder-soft.svg", "The adder of sigmoid neurons at c = 5, adding 1 and 1."))
    return step


def _wrapped(text: str) -> list[str]:
    """The lines of a text, the long ones broken: the page shows so many columns at once."""
    return [part for line in text.splitlines() for part in textwrap.wrap(line, COLUMNS, subsequent_indent="  ")]


def small_changes() -> Step:
    """Equation 5."""
    soft = soften(half_adder.network, 1)
    near = linearize(soft, x1=1, x2=0)
    direction = np.random.default_rng(5).standard_normal(len(near.parameters))
    lines = ["   step    change of the sum    by equation 5        error"]
    for size in (0.1, 0.01, 0.001):
        true, predicted = near.true_change(size * direction)["sum"], near.predict(size * direction)["sum"]
        lines.append(f"{size:7g}    {true:17.9f}    {predicted:13.9f}    {abs(true - predicted):9.2e}")
    fragile = Network("fragile")
    fragile.output("y", fragile.add(Unit(-1), [(fragile.input("x"), 1.001)], name="y"))
    hard = linearize(fragile, x=1)
    before, after = hard.flips(-0.001)["y"]
    lines.append(f"a perceptron with the sum 0.001, weights and bias moved by -0.001: {before} -> {after}")
    return Step(
        "Small changes of weights make small changes of the output",
        [
            "That is what sigmoids are for. Equation 5 says how much the output changes; ten times smaller steps make "
            "its error a hundred times smaller. A perceptron does not change at all, until it flips."
        ],
        lines,
    )


def learning(folder: Path, rng: int) -> Iterator[Step]:
    """A network learns to read digits, and is a network like any other."""
    data = learn.load_digits()
    generator = np.random.default_rng(rng)
    layers = learn.Layers.start([64, 30, 10], rng=generator)
    before = layers.accuracy(data.test.images, data.test.labels)
    records = list(
        learn.sgd(
            layers, data.train, epochs=30, batch=10, rate=3.0, validation=data.validation, test=data.test, rng=generator
        )
    )
    after = layers.accuracy(data.test.images, data.test.labels)
    learn.digit_grid(data.train.images[:100], folder / "digits.png", data.shape)
    learn.learning_curve(records, folder / "curve.svg")
    step = Step(
        "A network of sigmoid neurons learns to read",
        [
            "Nobody wires this one. 64 pixels, 30 hidden neurons, 10 outputs: the weights start at random, and "
            "stochastic gradient descent moves them a little after every ten images (30 epochs, rate 3.0, quadratic "
            "cost). The digits are the 8x8 ones that come with the program; `perceptron learn mnist` does the same "
            "on MNIST."
        ],
        [
            repr(data),
            f"right before learning: {before:7.2%} of the test images",
            *(
                f"after epoch {r.epoch:2}:       {r.test_accuracy:7.2%}"
                for r in records
                if r.epoch in (1, 2, 5, 10, 30)
            ),
            f"seconds of learning:  {sum(record.seconds for record in records):7.2f}",
        ],
    )
    step.pictures.append(Picture("digits.png", "A hundred of the images it learns from."))
    step.pictures.append(Picture("curve.svg", "The learning curve."))
    yield step
    yield question(data, rng)
    yield strip(folder, data, layers)
    yield closing(folder, data, layers, after)


def question(data: learn.Data, rng: int) -> Step:
    """Is it a nine?"""
    generator = np.random.default_rng(rng)
    train, test = learn.is_digit(data.train, 9), learn.is_digit(data.test, 9)
    single = learn.Layers.start([64, 15, 1], rng=generator)
    for _ in learn.sgd(single, train, epochs=20, rng=generator):
        pass
    outputs = single.forward(test.images)[:, 0]
    at = [int(np.flatnonzero(test.labels == label)[0]) for label in (1, 0)]
    return Step(
        "One output can ask one question: is it a 9?",
        ["An output of at least 0.5 means yes. Always saying no would already be right nine times in ten."],
        [
            f"right on {single.accuracy(test.images, test.labels):.2%} of the test images "
            f"(always no: {1 - test.labels.mean():.2%})",
            f"its output for the first 9 among them: {outputs[at[0]]:.3f}, "
            f"for the first other digit: {outputs[at[1]]:.3f}",
        ],
    )


def strip(folder: Path, data: learn.Data, layers: learn.Layers) -> Step:
    """Several digits in one picture."""
    from learn.strip import read

    count, right, told = 20, 0, []
    for start in range(0, 6 * count, 6):
        written = "".join(str(label) for label in data.test.labels[start : start + 6])
        picture = _side_by_side(data.test.images[start : start + 6], data.shape)
        found = read(picture, layers).text
        right += sum(a == b for a, b in zip(written, found, strict=True)) if len(written) == len(found) else 0
        if start < 24:
            told.append(f"written {written}   read {found}")
        if start == 6:
            picture.save(folder / "strip.png")
    return Step(
        "Several digits in a picture are cut apart and read",
        [
            "Ink is told from paper, the digits are cut apart, each is centred by its mass as the training images are, "
            "and the network reads them one by one. `perceptron read strip.png` does this with a picture of your own "
            "and a network trained on MNIST."
        ],
        [*told, f"digits of {count} such pictures read right: {right / (6 * count):.2%}"],
        [Picture("strip.png", "The second of these pictures.")],
    )


def _side_by_side(images: NDArray[np.float32], shape: tuple[int, int]) -> Image:
    """Digits in a row, black on white, enlarged smoothly."""
    from PIL import Image as pillow

    tile, gap = 64, 16
    row = pillow.new("L", (len(images) * (tile + gap) + gap, tile + 2 * gap), 255)
    for place, image in enumerate(images):
        grey = np.rint(255 * (1 - image)).astype(np.uint8).reshape(shape)
        digit = pillow.fromarray(grey).resize((tile, tile), pillow.Resampling.BICUBIC)
        row.paste(digit, (gap + place * (tile + gap), gap))
    return row


def closing(folder: Path, data: learn.Data, layers: learn.Layers, accuracy: float) -> Step:
    """The trained network is a Network: it evaluates, draws, softens and hardens."""
    net = learn.to_network(layers)
    images, labels = data.test.images, data.test.labels
    same = np.abs(simulate(net, images) - layers.forward(images)).max()
    digit = int(labels[0])
    outputs = evaluate(net, images[0].tolist())
    hard = simulate(harden(net), images)
    steep = simulate(soften(net, 20), images)
    wrong = np.flatnonzero(layers.predict(images) != labels)
    draw(net, folder / "network.svg", style="layers")
    lines = [
        repr(net),
        f"its outputs differ from the trained arrays' (float32) by at most {same:.1e}",
        f"the first test image is a {digit}; the outputs:",
        "  " + " ".join(f"{value:.2f}" for value in outputs.values()),
        f"right of {len(labels)} test images: {accuracy:.2%}; misread: {len(wrong)}",
        f"sigmoids twenty times as steep: {np.mean(steep.argmax(axis=1) == labels):.2%}",
        f"hardened to perceptrons, first output that fires: {np.mean(hard.argmax(axis=1) == labels):.2%}",
    ]
    step = Step(
        "The network that learned is a network like the NAND gate's",
        [
            "The trained weights become the same kind of graph: one rule, one kind of node, whether a person or a "
            "learning algorithm chose the numbers. It is evaluated, drawn, sharpened and hardened by the functions "
            "that did it to the adder. Hardened without any further learning it loses some accuracy, because all ten "
            "outputs now only say yes or no."
        ],
        lines,
    )
    step.pictures.append(Picture("network.svg", "The trained network, layer by layer."))
    if len(wrong):
        learn.digit_grid(images[wrong[:20]], folder / "misread.png", data.shape)
        said = " ".join(
            f"{label}/{guess}"
            for label, guess in zip(labels[wrong[:20]], layers.predict(images[wrong[:20]]), strict=True)
        )
        step.pictures.append(Picture("misread.png", f"The misread ones, as digit/answer: {said}."))
    return step
