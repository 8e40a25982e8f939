"""Circuits in files: read(path), write(net, path), and loads and dumps in one module a format.

    .aag .aig      aiger      .blif     blif      .pla    pla (read)      .json   json: ours, lossless
    .bench         bench      .v        verilog   .dot    dot (write)

A reader fills any builder: a `Network`, or a `Tape` for very large circuits.
"""

from __future__ import annotations
