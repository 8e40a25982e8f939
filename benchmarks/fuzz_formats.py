"""Coverage-guided fuzzing of the readers with Atheris (pip install atheris): one reader, for as long as you like.

    python benchmarks/fuzz_formats.py blif -max_total_time=600 [CORPUS_FOLDER]

A reader may answer any bytes with a network or with a FormatError, and with nothing else; it has 20 seconds and 3 GB
for an input of at most 64 KiB. The suite has short deterministic runs of the same kind.
"""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module

MODULES = {
    "aiger": "circuits.formats.aiger",
    "bench": "circuits.formats.bench",
    "blif": "circuits.formats.blif",
    "native": "perceptron.formats.native",
    "onnx": "perceptron.formats.onnx",
    "pla": "circuits.formats.pla",
    "verilog": "circuits.formats.verilog",
}
TEXT = {"bench", "blif", "native", "pla", "verilog"}


def main():
    """Fuzz the reader that the first argument names."""
    if len(sys.argv) < 2 or sys.argv[1] not in MODULES:
        raise SystemExit(f"usage: fuzz_formats.py {{{','.join(MODULES)}}} [libFuzzer options] [corpus folder]")
    try:
        import atheris
    except ModuleNotFoundError:
        raise SystemExit("Atheris is not here; install it with: pip install atheris") from None
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["circuits.formats", "perceptron.formats"]):
        module = import_module(MODULES[name])
        from perceptron import Tape
        from perceptron.formats.errors import FormatError

    def one(data: bytes):
        content = data.decode("utf-8", errors="replace") if name in TEXT else data
        with contextlib.suppress(FormatError):
            module.loads(content, into=Tape())

    options = ["-max_len=65536", "-timeout=20", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
