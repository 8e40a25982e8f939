"""Networks in files, whatever they are made of: our own lossless text form, and ONNX for real-valued networks.

    native.py     our JSON form: every Network and Tape, exactly         network.schema.json   its published schema
    onnx.py       ONNX: layers of smooth units, with the `onnx` package  softmax.py            a softmax as units
    errors.py     FormatError, CannotWriteError                          place.py              where a fault stands

Formats of logic circuits (AIGER, BLIF, BENCH, Verilog, ...) are in `circuits.formats`.
"""
