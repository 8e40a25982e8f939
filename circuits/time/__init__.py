"""Circuits over time: simulation (step by step, and many steps at once), waves (what was recorded, as VCD, SVG, text).

In reading order: signals (names as bits and words), simulation, expand (memories as gates), wave and waves, then one
module for each form that waves are written in.
"""
