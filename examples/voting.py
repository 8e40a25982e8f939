"""Three judges and a president: a perceptron that weighs its inputs differently.

Try:  perceptron table examples/voting.py
      perceptron draw examples/voting.py -o voting.svg --style neurons
"""

from circuits import circuit, threshold


@circuit
def verdict(president, first, second, third):
    """The president counts twice: guilty needs three of the five votes."""
    return {"guilty": threshold(3, president, president, first, second, third)}
