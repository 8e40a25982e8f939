"""What the tests of HDL chips and scripts share: the course's files, our own chips, and chips written on the spot."""

from pathlib import Path

import pytest
from machines import circuits_folder

from circuits.formats.hdl import chip
from perceptron import compile

OURS = Path(__file__).parents[2] / "examples" / "nand2tetris"


def course(project):
    """The folder of the course's files for a project, or skip."""
    folder = circuits_folder() / "nand2tetris" / project
    if not folder.is_dir():
        pytest.skip("the course's files are not here")
    return folder


def written(folder, **texts):
    """Write chips `Name="CHIP ..."` into a folder; the path of the first."""
    for name, text in texts.items():
        (folder / f"{name}.hdl").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(texts))}.hdl"


def answers(found, rows):
    """Words by output for rows of words by input, of a chip without memories and states."""
    program = compile(found.tape)
    bits = [[row[pin] >> place & 1 for pin, width in found.inputs.items() for place in range(width)] for row in rows]
    result = []
    for line in program.run(bits).tolist():
        words, at = {}, 0
        for pin, width in found.outputs.items():
            words[pin] = sum(bit << place for place, bit in enumerate(line[at : at + width]))
            at += width
        result.append(words)
    return result


def answer(path, **inputs):
    """The words of a chip's outputs for one row of words."""
    return answers(chip(path), [inputs])[0]
