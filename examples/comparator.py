"""Comparing two words bit by bit, from the lowest bit to the highest.

Try:  perceptron eval examples/comparator.py:greater a=9 b=5
      perceptron draw examples/comparator.py:greater -o greater.svg
"""

from circuits import Word, circuit, mux

WIDTH = 4


@circuit
def greater(a: Word[WIDTH], b: Word[WIDTH]):
    """1 if a > b: where two bits differ, a's bit decides; else what the lower bits said."""
    answer = 0
    for bit in range(WIDTH):
        answer = mux(a[bit] ^ b[bit], a[bit], answer)
    return answer
