"""What a circuit's Python function computes with, and how its calls become a network.

In reading order: bits (Wire), words (Word, Signed), operators and arithmetic (what `+` and `<` add), choosing and
selecting (multiplexers), states, registers and memories (time), scope (whose wires these are), tracing and placing (a
function becomes a network, a circuit part of another), ports, widths and values (numbers in and out), where (the
user's line in an error).
"""
