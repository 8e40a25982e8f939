"""Broken AIGER files: truncated, mutated and random; each is read, or refused with one FormatError."""

import random
import re

import pytest
from aiger_files import HALF_ADDER, PROPERTIES, TOGGLE, published, same
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.formats import aiger
from circuits.formats.errors import FormatError
from perceptron import Tape

SEEDS = [HALF_ADDER.encode(), TOGGLE.encode(), PROPERTIES.encode()]


def survives(data):
    """A file is read or refused with one FormatError; anything else fails the test."""
    error, tape = None, Tape()
    try:
        aiger.loads(data, into=tape)
    except FormatError as caught:
        error = caught
    if error is not None:
        assert error.reason
        assert (error.line is None) != (error.offset is None)
        assert len(str(error)) < 2000
        return False
    assert len(tape) < 2 * len(data) + 100_000
    return True


def seeds():
    files = [*SEEDS, *(aiger.dumps(aiger.loads(data)) for data in SEEDS)]
    return files + [path.read_bytes() for path in published() if path.stat().st_size < 5000]


@pytest.mark.parametrize(("data", "symbol"), [(SEEDS[0], b"i0 a"), (SEEDS[1], b"i0 enable"), (SEEDS[2], b"o0 out")])
def test_every_truncation_is_refused(data, symbol):
    """Down to the end of the ANDs; behind them a whole line of the symbol table can be missing unseen."""
    for form in (data, aiger.dumps(aiger.loads(data))):
        body = form.rindex(symbol)
        for end in range(len(form)):
            read = survives(form[:end])
            whole = end == body or form[:end].endswith(b"\n") or b"\nc\n" in form[:end]
            assert read == (end >= body and whole), form[:end]


def mutated(numbers, data, others):
    """One of the ways in which files break."""
    data = bytearray(data)
    for _ in range(numbers.choice([1, 1, 2, 5])):
        place = numbers.randrange(len(data) + 1)
        match numbers.randrange(7):
            case 0:
                data[place : place + 1] = bytes([numbers.randrange(256)])
            case 1:
                del data[place : place + numbers.choice([1, 2, 10])]
            case 2:
                data[place:place] = numbers.choice(
                    [b"\n", b" ", b"0", b"9", b"\x80", b"\xff", b"\r", b"c\n", b"18446744073709551616"]
                )
            case 3:
                data[place:place] = data[place : place + numbers.randrange(1, 20)]
            case 4:
                other = numbers.choice(others)
                cut = numbers.randrange(len(other) + 1)
                data[place:] = other[cut:]
            case 5:
                lines = bytes(data).split(b"\n")
                first, second = numbers.randrange(len(lines)), numbers.randrange(len(lines))
                lines[first], lines[second] = lines[second], lines[first]
                data = bytearray(b"\n".join(lines))
            case 6:
                words = re.split(rb"([ \n])", bytes(data))
                words[numbers.randrange(len(words))] = str(
                    numbers.choice([0, 1, 2, 3, 7, 8, 99, 2**32, 2**63])
                ).encode()
                data = bytearray(b"".join(words))
    return bytes(data)


def test_mutated_files_are_read_or_refused():
    numbers, files = random.Random(20240229), seeds()
    results = [survives(mutated(numbers, numbers.choice(files), files)) for _ in range(4000)]
    assert 0 < sum(results) < len(results)


def test_mutated_files_that_are_read_can_be_written_and_read():
    numbers = random.Random(7)
    for _ in range(1500):
        data = mutated(numbers, numbers.choice(SEEDS), SEEDS)
        if survives(data):
            net = aiger.loads(data)
            same(net, aiger.loads(aiger.dumps(net)), samples=8)


def test_random_bytes_are_refused():
    numbers = random.Random(5)
    for _ in range(2000):
        body = numbers.randbytes(numbers.randrange(40))
        survives(body)
        survives(b"aag " + body)
        survives(b"aig 3 1 0 1 1\n" + body)


@given(st.binary(max_size=60))
@settings(max_examples=100)
def test_arbitrary_bytes_are_refused(body):
    survives(body)
    survives(b"aig 4 2 1 1 1\n6\n8\n" + body)
