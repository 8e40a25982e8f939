"""Networks in files, whatever they are made of: our own lossless text form, and ONNX for real-valued networks.

    native.py     our JSON form: every Network and Tape, exactly         network.schema.json   its published schema
                  native_read.py  exact.py (numbers)  place.py (the line of a fault)
    onnx.py       ONNX: layers of smooth units, with the `onnx` package  softmax.py            a softmax as units
                  onnx_read.py  onnx_operators.py  forms.py (sums on their way to units)  onnx_write.py
    errors.py     FormatError, CannotWriteError

Formats of logic circuits (AIGER, BLIF, BENCH, Verilog, ...) are in `circuits.formats`.
"""
