"""Downloading: mirrors in turn, checksums, nothing half done, the cache's place."""

import contextlib
import gzip
import hashlib
import http.server
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from learn import DataError, DownloadError, LearnError, load_mnist
from learn import fetch as fetch_module
from learn.fetch import FILES, MIRRORS, Published, cache_folder, fetch_mnist

CONTENT = {"a.gz": b"first file" * 100_000, "b.gz": b"second"}
PUBLISHED = [
    Published(name, len(body), hashlib.md5(body).hexdigest(), hashlib.sha256(body).hexdigest())
    for name, body in CONTENT.items()
]


def mirror(folder, **changed):
    """A mirror as a folder: the right content, but for the given changes (None: not there)."""
    folder.mkdir()
    for name, body in CONTENT.items():
        body = changed.get(name.removesuffix(".gz"), body)
        if body is not None:
            (folder / name).write_bytes(body)
    return folder.as_uri() + "/"


@contextlib.contextmanager
def served(folder):
    """A folder behind an HTTP server on this machine; gives its URL."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def read(folder):
    """The files of a folder: name -> content."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_first_mirror_is_enough(tmp_path):
    """Everything arrives, with its progress, and a second call asks no mirror."""
    told = []
    cache = tmp_path / "deep" / "cache"
    url = mirror(tmp_path / "one")
    fetch_mnist(cache, mirrors=[url], files=PUBLISHED, progress=lambda *step: told.append(step))
    assert read(cache) == CONTENT
    assert told[-1] == ("b.gz", 6, 6)
    done = [step[1] for step in told if step[0] == "a.gz"]
    assert len(done) > 2
    assert done == sorted(done)
    assert done[-1] == len(CONTENT["a.gz"])
    fetch_mnist(cache, mirrors=[], files=PUBLISHED)


@pytest.mark.parametrize(
    "wrong",
    [None, b"", b"<html>", CONTENT["a.gz"][:-1], CONTENT["a.gz"] + b"x", CONTENT["a.gz"][:-1] + b"x"],
    ids=["missing", "empty", "page", "short", "long", "changed"],
)
def test_a_bad_mirror_is_passed_over(tmp_path, wrong):
    """Missing, cut, grown or changed content: the next mirror is asked."""
    bad, good = mirror(tmp_path / "bad", a=wrong), mirror(tmp_path / "good")
    fetch_mnist(tmp_path / "cache", mirrors=[bad, good], files=PUBLISHED)
    assert read(tmp_path / "cache") == CONTENT


def test_over_http(tmp_path):
    """The same over HTTP: a 404 at the first mirror, a refused connection at the second, the third gives."""
    mirror(tmp_path / "bad", a=None)
    mirror(tmp_path / "good")
    with served(tmp_path / "bad") as bad, served(tmp_path / "good") as good:
        fetch_mnist(tmp_path / "cache", mirrors=[bad, "http://127.0.0.1:9/", good.rstrip("/")], files=PUBLISHED)
    assert read(tmp_path / "cache") == CONTENT


def test_all_mirrors_fail(tmp_path):
    """The error lists each URL with its reason and says how to provide the files; nothing is left behind."""
    gone, changed = mirror(tmp_path / "gone", a=None), mirror(tmp_path / "changed", a=b"x" * 10**6)
    with pytest.raises(DownloadError) as caught:
        fetch_mnist(tmp_path / "cache", mirrors=[gone, changed, "nonsense"], files=PUBLISHED)
    words = str(caught.value)
    assert f"{gone}a.gz: " in words
    assert f"{changed}a.gz: md5 " in words
    assert "nonsense/a.gz: " in words
    assert "PERCEPTRON_DATA" in words
    assert isinstance(caught.value, LearnError)
    assert not (tmp_path / "cache").exists()


def test_a_damaged_file_in_the_cache_is_fetched_again(tmp_path):
    """Only the damaged one."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "a.gz").write_bytes(CONTENT["a.gz"][:-1] + b"x")
    (cache / "b.gz").write_bytes(CONTENT["b.gz"])
    fetch_mnist(cache, mirrors=[mirror(tmp_path / "one", b=None)], files=PUBLISHED)
    assert read(cache) == CONTENT


def test_an_interrupted_download_leaves_nothing(tmp_path, monkeypatch):
    """Ctrl-C while the file moves to its place: no file, and no leftover beside it."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch_mnist(tmp_path / "cache", mirrors=[mirror(tmp_path / "one")], files=PUBLISHED)
    assert read(tmp_path / "cache") == {}


def test_a_cache_that_cannot_be_written(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "cache").write_bytes(b"")
    with pytest.raises(DataError, match="cannot be written"):
        fetch_mnist(tmp_path / "cache", mirrors=[mirror(tmp_path / "one")], files=PUBLISHED)


@pytest.mark.skipif(sys.platform == "win32", reason="this is the rule of other systems")
def test_cache_place(monkeypatch, tmp_path):
    """$XDG_CACHE_HOME counts, else ~/.cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "perceptron-circuits" / "mnist"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "perceptron-circuits" / "mnist"


def test_cache_place_on_windows(monkeypatch, tmp_path):
    """%LOCALAPPDATA% counts there."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache_folder() == Path(tmp_path) / "perceptron-circuits" / "mnist"


def test_load_mnist_downloads_into_the_cache(monkeypatch, tmp_path):
    """Without a folder and without PERCEPTRON_DATA, the given mirrors are asked."""
    from test_learn_data import data_set

    source = tmp_path / "source"
    source.mkdir()
    data_set(source)
    files = []
    for name, body in read(source).items():
        files.append(Published(name, len(body), hashlib.md5(body).hexdigest(), hashlib.sha256(body).hexdigest()))
    monkeypatch.delenv("PERCEPTRON_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    monkeypatch.setattr(fetch_module.fetch_mnist, "__kwdefaults__", {**fetch_mnist.__kwdefaults__, "files": files})
    data = load_mnist(mirrors=[source.as_uri()])
    assert (data.name, len(data.test)) == ("mnist", 4)
    assert read(cache_folder()) == read(source)


def test_published_checksums_are_those_of_the_real_files(mnist_folder):
    """Two mirrors at least, and the real files have the pinned lengths and checksums."""
    assert len(MIRRORS) >= 2
    assert all(url.startswith("https://") for url in MIRRORS)
    fetch_mnist(mnist_folder, mirrors=[])
    for file in FILES:
        body = (mnist_folder / file.name).read_bytes()
        assert (len(body), hashlib.md5(body).hexdigest()) == (file.size, file.md5)
        assert np.frombuffer(gzip.decompress(body), np.uint8, 3).tolist() == [0, 0, 8]
