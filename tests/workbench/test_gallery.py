"""The gallery: every figure is drawn, small enough to keep, and shown with its caption."""

import xml.etree.ElementTree as ET

import pytest

from workbench.gallery import FIGURES, main, write_gallery

pytest.importorskip("pygraphviz")

# What the chapter shows, in its order; each name is a file of the gallery.
CHAPTER = [
    *("digits-504192", "digits-100", "perceptron", "decision-layers", "nand", "adder-gates", "adder-perceptrons"),
    *("adder-merged", "adder-input-layer", "input-unit", "small-change", "sigmoid-neuron", "sigmoid-function"),
    *("step-function", "hidden-layer", "hidden-layers"),
]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    write_gallery(folder)
    return folder


def test_every_figure_of_the_chapter_is_there_in_its_order():
    names = [figure.file for figure in FIGURES]
    assert [name for name in names if name in CHAPTER] == CHAPTER
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.file)
def test_a_figure_is_a_small_svg_and_a_small_png(drawn, figure):
    svg = (drawn / f"{figure.file}.svg").read_bytes()
    assert ET.fromstring(svg).tag.endswith("svg")
    assert len(svg) < 60_000
    png = (drawn / f"{figure.file}.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert len(png) < 120_000


def test_the_page_shows_each_with_its_caption(drawn):
    page = (drawn / "README.md").read_text(encoding="utf-8")
    for figure in FIGURES:
        assert f"## {figure.title}\n\n![{figure.title}]({figure.file}.svg)\n\n{figure.caption}" in page


def test_figures_are_the_same_every_time(drawn):
    for figure in FIGURES:
        if figure.file in ("adder-gates", "sigmoid-function", "adder-merged", "digits-504192"):
            assert figure.make().svg == (drawn / f"{figure.file}.svg").read_text(encoding="utf-8")


def test_the_numbers_in_the_captions():
    """784 * 30 + 30 * 10 weights, as the chapter's network has."""
    assert any(f"{784 * 30 + 30 * 10:,} weights" in figure.caption for figure in FIGURES)


def test_the_command_wants_one_folder(capsys, tmp_path):
    assert main([]) == 2
    assert main(["a", "b"]) == 2
    assert "usage: python -m workbench.gallery DIR" in capsys.readouterr().err


def test_some_figures_only(tmp_path):
    files = write_gallery(tmp_path / "new", FIGURES[2:3])
    assert [file.name for file in files] == ["perceptron.svg", "perceptron.png", "README.md"]
