"""A trained network as gates: made, proved, compared (`hardening`), written (`ports`), told (`text`, `report`), drawn.

`story` is the last stop of the tour; `voting` lets a threshold network read pictures.
"""
