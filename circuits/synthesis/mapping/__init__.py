"""How `collapse` chooses perceptrons for a network, in reading order.

subject    the network as two-input operations without detours
cuts       for every operation a few sets of nodes that decide it, with the truth table
pairs      functions that become a perceptron's when one more unit is at hand, as a sum does with its carry
order      an order in which units may read one another although neither stands below the other
ways       all the single units that are known for every operation
cover      one of them for every operation that is needed, so that few are
unite      units that their readers can take in
units      the result, to and from a tape
"""
