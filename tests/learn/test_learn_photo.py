"""Reading photos: uneven light, the edge of a shadow, a table around the page, frames and ruled paper at an angle."""

from dataclasses import replace

import numpy as np
import photos
import pytest
from PIL import Image

from learn.cutting.level import find_turn, turned, turned_back
from learn.data import load_digits
from learn.layers import Layers
from learn.model import save
from learn.strip import cut, read, save_digits
from learn.train import sgd

NAMES = [
    "linear light 0.8",
    "radial light 0.7",
    "shadow 0.4",
    "shadow 0.6",
    "vignette 0.6",
    "light and shadow, margin",
    "turn 10",
    "perspective",
    "ruled dark, turn 6",
    "frame, turn 10",
    "underline, turn 6",
    "blue on yellow",
    "pencil, light 0.5",
    "chalk, shadow 0.5",
    "chalk, turn 8, light 0.5",
    "page on dark desk, turn 5",
    "all at once",
]


@pytest.fixture(scope="module")
def shapes():
    """Digits (28, 28) of scikit-learn's 8 x 8 ones that stay in one piece when enlarged."""
    fields = []
    data = load_digits().test
    for k in np.random.default_rng(3).permutation(np.flatnonzero(data.labels != 1))[:6]:
        big = Image.fromarray(data.images[k].reshape(8, 8)).resize((20, 20), Image.Resampling.BICUBIC)
        fields.append(np.pad(np.clip(np.asarray(big), 0, 1), 4))
    return np.array(fields)


@pytest.mark.parametrize("name", NAMES)
def test_each_digit_of_a_photo_is_found(shapes, name):
    """As many digits as were written, whatever the light and the angle."""
    photo = replace(photos.CONDITIONS[name], gap=(0.3, 0.5))
    picture = photos.take([list(shapes)], photo, np.random.default_rng(0))
    assert len(cut(picture)) == len(shapes)


def test_boxes_are_those_of_the_photo_as_it_was():
    """The box of a digit that was turned for reading lies where the digit is in the photo."""
    page = np.zeros((200, 400), np.float32)
    page[150:154, 20:380] = 1
    for left in (100, 200, 300):
        page[80:120, left : left + 20] = 1
    for degrees in (-8, 6):
        photo = turned(page, degrees)
        boxes = [glyph.box for glyph in cut(1 - photo)]
        assert len(boxes) == 3
        for left, right in ((100, 120), (200, 220), (300, 320)):
            one = np.zeros_like(page)
            one[80:120, left:right] = 1
            rows, columns = np.nonzero(turned(one, degrees) > 0.5)
            near = min(boxes, key=lambda box: abs(box[0] - columns.min()))
            drawn = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            assert np.abs(np.array(near) - drawn).max() <= 8


@pytest.mark.parametrize("degrees", [-11, -5, 0, 3, 9])
def test_a_line_tells_the_angle(degrees):
    """Within half a degree; turned by it the line is level."""
    page = np.zeros((160, 400), np.float32)
    page[120:124] = 1
    seen = turned(page, -degrees)
    assert find_turn(seen) == pytest.approx(degrees, abs=0.5)


def test_digits_alone_are_not_turned(shapes):
    """A row without a line stays as it is."""
    picture = photos.take([list(shapes)], photos.CONDITIONS["plain"], np.random.default_rng(0))
    assert find_turn(1 - np.asarray(picture.convert("L"), np.float32) / 255) == 0


def test_box_goes_there_and_back():
    """The middle of a box that is turned and turned back stays where it was."""
    for degrees in (-10.0, 4.0):
        spot = np.zeros((100, 300), np.float32)
        spot[40:50, 200:210] = 1
        now = turned(spot, degrees)
        rows, columns = np.nonzero(now > 0.5)
        box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        back = turned_back(box, degrees, now.shape, spot.shape)
        assert (back[0] + back[2]) / 2 == pytest.approx(205, abs=1.5)
        assert (back[1] + back[3]) / 2 == pytest.approx(45, abs=1.5)


class Sevens:
    """A network that sees a 7 in everything."""

    sizes = (784, 10)

    def forward(self, images):
        """Activations (n, 10)."""
        return np.tile(np.eye(10)[7] * 0.75, (len(images), 1))


def test_what_the_network_saw_is_saved(shapes, tmp_path):
    """A picture a digit, in reading order, the pixels that the network was asked; nothing is overwritten."""
    reading = read(photos.take([list(shapes)], photos.CONDITIONS["plain"], np.random.default_rng(0)), Sevens())
    paths = save_digits(reading, tmp_path / "seen", scale=2)
    assert [path.name for path in paths][:2] == ["01-reads-7.png", "02-reads-7.png"]
    assert len(paths) == len(reading.digits)
    for path, picture in zip(paths, reading.pictures, strict=True):
        saved = np.asarray(Image.open(path))
        assert saved.shape == (56, 56)
        assert np.abs(saved[::2, ::2] / 255 - picture).max() <= 1 / 255
    paths[1].unlink()
    with pytest.raises(FileExistsError, match=r"01-reads-7\.png' is there already; name a new folder"):
        save_digits(reading, tmp_path / "seen")
    assert not paths[1].exists()


@pytest.mark.parametrize("name", ["shadow 0.6", "frame, turn 10", "page on dark desk, turn 5"])
def test_photos_of_mnist_are_read(mnist, name):
    """Most digits, with a small network."""
    layers = Layers.start([784, 40, 10], rng=0)
    for _ in sgd(layers, mnist.train, epochs=3, batch=20, rate=0.7, cost="cross-entropy", rng=0):
        pass
    rng = np.random.default_rng(0)
    right = total = 0
    for _ in range(8):
        images = mnist.test.images.reshape(-1, 28, 28)
        picture, text = photos.sample(photos.CONDITIONS[name], images, mnist.test.labels, rng)
        got = read(picture, layers).text
        right += sum(a == b for a, b in zip(got, text, strict=False))
        total += len(text)
    assert right >= 0.85 * total


def test_the_command_saves_what_the_network_saw(shapes, tmp_path, capsys):
    """The text on standard output, the pictures in a new folder; a folder with something in it is refused."""
    from workbench.cli import main

    net, photo, seen = tmp_path / "net.npz", tmp_path / "photo.png", tmp_path / "seen"
    save(net, Layers.start([784, 10], rng=0))
    photos.take([list(shapes)], photos.CONDITIONS["shadow 0.6"], np.random.default_rng(0)).save(photo)
    command = ["read", str(photo), "--model", str(net), "--save-digits", str(seen)]
    assert main(command) == 0
    text = capsys.readouterr().out.strip()
    names = sorted(path.name for path in seen.iterdir())
    assert names == [f"{number:02}-reads-{digit}.png" for number, digit in enumerate(text, 1)]
    with pytest.raises(SystemExit):
        main(command)
    assert f"'{seen}' is there already; name a new folder or an empty one" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*command[:-1], str(tmp_path / "no" / "folder")])
    assert "make it first" in capsys.readouterr().err
    Image.new("L", (60, 60), 255).save(photo)
    with pytest.raises(SystemExit):
        main(command[:-2])
    assert f"no digits found in '{photo}'" in capsys.readouterr().err
