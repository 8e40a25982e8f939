"""spread: work split into ranges and shared out to any executor; the results come back in order.

Any `concurrent.futures.Executor` will do: a thread pool, a process pool, or a Dask cluster's
`Client.get_executor()`. A range whose worker dies is run again here, so a broken pool loses time and nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Result = TypeVar("Result")
Progress = Callable[[int, int], None]

_AHEAD = 32  # ranges handed out before the first result is taken: keeps many workers busy, and memory bounded


def spread(
    function: Callable[..., Result],
    ranges: Sequence[tuple[int, int]],
    *arguments: Any,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[Result]:
    """Results of `function(first, stop, *arguments)` for each range, in order.

    Parameters
    ----------
    function : function
        At the top level of a module, so that another process can find it.
    ranges : sequence of (first, stop)
    *arguments
        Picklable, where the executor is in other processes.
    executor : concurrent.futures.Executor, optional
        Without it the ranges are run here, one after another.
    progress : function (done, total), optional
        Called after each range.

    Yields
    ------
    Result

    Raises
    ------
    Whatever the function raises. A worker that dies is no error: its range is run here.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     list(spread(divmod, [(7, 2), (9, 4)], executor=pool))
    [(3, 1), (2, 1)]
    """
    if executor is None:
        for done, span in enumerate(ranges, start=1):
            yield function(*span, *arguments)
            _tell(progress, done, len(ranges))
        return
    waiting: deque[tuple[tuple[int, int], Future[Result] | None]] = deque()
    try:
        for done in range(1, len(ranges) + 1):
            for span in ranges[done - 1 + len(waiting) : done - 1 + _AHEAD]:
                waiting.append((span, _submitted(executor, function, span, arguments)))
            span, future = waiting.popleft()
            yield _result(future, function, span, arguments)
            _tell(progress, done, len(ranges))
    finally:
        for _, future in waiting:
            if future is not None:
                future.cancel()


def cut(total: int, size: int) -> list[tuple[int, int]]:
    """The ranges of `size` that make up 0 to `total`.

    >>> cut(10, 4)
    [(0, 4), (4, 8), (8, 10)]
    """
    return [(first, min(first + size, total)) for first in range(0, total, size)]


def _submitted(
    executor: Executor, function: Callable[..., Result], span: tuple[int, int], arguments: Sequence[Any]
) -> Future[Result] | None:
    try:
        return executor.submit(function, *span, *arguments)
    except (BrokenProcessPool, RuntimeError):  # the pool is broken or shut down: this range is run here
        return None


def _result(
    future: Future[Result] | None, function: Callable[..., Result], span: tuple[int, int], arguments: Sequence[Any]
) -> Result:
    if future is not None:
        try:
            return future.result()
        except (BrokenProcessPool, CancelledError):
            pass
        except Exception as error:
            if type(error).__name__ not in ("KilledWorker", "FutureCancelledError", "LostDependencyError"):
                raise  # the function's own error, not Dask's word for a lost worker
    return function(*span, *arguments)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
