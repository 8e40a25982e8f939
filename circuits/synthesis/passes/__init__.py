"""Clean-up passes: each a function from a 0/1 network to one of the same function, in reading order.

draft        what a pass edits
constants    what never changes goes into the biases
negations    wires, double negations, and NOTs in front of perceptrons
sharing      equal units become one
two_level    a truth table as an OR of ANDs
cones        small cones said in fewer units
balance      chains become trees
dead         what nothing needs goes
driver       all of them, until nothing changes
"""
