"""A process that writes one checkpoint after another, killed at different moments."""

import subprocess
import sys
import time

LOOP = """
training.epoch()
while True:
    save_checkpoint(sys.argv[1], training)
    print("written", flush=True)
"""


def kills(path, training):
    """Start a Python program that makes `training` and writes it to a path; one step for each SIGKILL it was given."""
    for wait in (0.0, 0.003, 0.011, 0.023):
        child = subprocess.Popen([sys.executable, "-c", training + LOOP, path], stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "written\n"
        time.sleep(wait)
        child.kill()
        child.communicate()
        yield
