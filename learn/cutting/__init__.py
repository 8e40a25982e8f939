"""How `learn.strip` cuts an image of several digits into single ones, a module for each step.

In the order that the image takes:

    image     file, PIL image or array  -> grey (h, w)
    ink       grey                      -> ink: 1 stroke, 0 ground, whichever is dark; page leaves out a dark table
    level     ink                       -> ink turned until its long straight lines are level
    frames    ink                       -> ink without frames, panels and ruled lines; sides finds the straight lines
    parts     strokes                   -> connected parts, the height of a digit, lines of digits
    pieces    parts of a line           -> pieces; seams cuts the parts that may hold two digits
    choose    pieces                    -> digits, the cheapest way to join them; it may ask a network
    crop      pieces of one digit       -> its ink alone
    glyph     ink of one digit          -> (28, 28) as MNIST was made, or (8, 8)

`arrays` holds what they share, `network` what is asked of a network.
"""
