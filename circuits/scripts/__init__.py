"""The course's test scripts: run(script) says whether a chip does what its .cmp file says, or which row differs first.

commands.py  the text of a script           machine.py   one run of the network, by what changes
columns.py   the format of the rows         runner.py    the commands, one after another
table.py     comparing rows                 hack.py      machine programs
subject.py   pins and insides by name       errors.py    ScriptError: the test itself is broken
"""

from circuits.scripts.errors import ScriptError
from circuits.scripts.machine import Machine
from circuits.scripts.runner import LIMIT, Verdict, find_chip, run
from circuits.scripts.table import Difference

__all__ = ["LIMIT", "Difference", "Machine", "ScriptError", "Verdict", "find_chip", "run"]
