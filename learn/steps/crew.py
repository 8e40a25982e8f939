"""Threads that help the one that calls with a few pieces of work, and sleep in between."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np

Work = Callable[[], None]


@contextmanager
def crew_for(pieces: int) -> Iterator[Crew]:
    """A crew for so many pieces at a time, on the cores that this program may use; BLAS has one thread meanwhile.

    It may use those that the system allows it, and no more than BLAS was told to use (by OMP_NUM_THREADS or by
    threadpoolctl, which scikit-learn's parallel searches use). BLAS's own threads wait for each other in loops that
    do nothing, which makes them many times slower where other programs run, and their results depend on how many
    they are.

    >>> with crew_for(2) as crew:
    ...     crew.run([lambda: print("done")])
    done
    """
    blas = _blas()
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = min([pieces, allowed, *(library.num_threads for library in blas.lib_controllers)])
    with blas.limit(limits=1), Crew(cores - 1) as crew:
        yield crew


@cache
def _blas() -> Any:
    """What sets the threads of NumPy's BLAS and of SciPy's, which has to be loaded by now."""
    import scipy.linalg.cython_blas  # noqa: F401
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController().select(user_api="blas")


def own_generators(rng: np.random.Generator, pieces: int) -> list[np.random.Generator]:
    """A generator for each piece, so that it does not matter who draws first: `rng` itself for one, else new ones."""
    if pieces == 1:
        return [rng]
    return [np.random.default_rng(seed) for seed in rng.integers(1 << 63, size=pieces)]


class Crew:
    """`helpers` threads beside the calling one, from the `with` to its end.

    `run(pieces)` calls every piece once, each in whichever thread is free first, and returns when all are done. A
    thread that the system does not let run takes no piece: the calling thread does them all then, and nobody waits
    for it. So a busy machine makes a crew slower, not many times slower as threads that wait in a loop would. Pieces
    should compute without Python's lock and must not write what another reads.

    Floating-point warnings are off in the helpers. What a piece raises, `run` raises.

    >>> found = []
    >>> with Crew(helpers=1) as crew:
    ...     crew.run([lambda number=number: found.append(number) for number in range(4)])
    >>> sorted(found)
    [0, 1, 2, 3]
    """

    def __init__(self, helpers: int) -> None:
        self._inbox: SimpleQueue[tuple[Iterator[Work], SimpleQueue[BaseException | None]] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._help, daemon=True) for _ in range(helpers)]

    def __enter__(self) -> Crew:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is still under way, so that nothing is written any more."""
        for _ in self._threads:
            self._inbox.put(None)
        for thread in self._threads:
            thread.join()

    def run(self, pieces: Sequence[Work]) -> None:
        """Call every piece once; returns when all are done."""
        helpers = min(len(self._threads), len(pieces) - 1)
        if helpers < 1:
            for piece in pieces:
                piece()
            return
        waiting, done = iter(pieces), SimpleQueue[BaseException | None]()
        for _ in range(helpers):
            self._inbox.put((waiting, done))
        mine = 0
        for piece in waiting:  # all threads draw from one iterator: each piece is drawn once
            piece()
            mine += 1
        for _ in range(len(pieces) - mine):
            error = done.get()
            if error is not None:
                raise error

    def _help(self) -> None:
        with np.errstate(all="ignore"):
            while (work := self._inbox.get()) is not None:
                waiting, done = work
                for piece in waiting:
                    try:
                        piece()
                    except BaseException as error:
                        done.put(error)
                    else:
                        done.put(None)
