"""Processes that write one ledger by its commands, all at once or killed at random.

`python ledger_writers.py together WRITERS EACH` and `python ledger_writers.py killed TIMES SEED` write the
user's ledger; the ids of the acts that the command acknowledged are added to the file ACKNOWLEDGED names.
"""

import os
import random
import signal
import sys
import time

from typer.main import get_command

from palanca.cli import app
from palanca.events.own import ledger

COMMAND = get_command(app)
FIELDS = [
    *("actor=USA", "target=CAN", "kind=threat", "front=trade", "instrument=tariff", "date=2026-01-05"),
    *("title=A tariff is threatened", "source=A gazette", "confidence=high"),
]
LONGEST = 3.0  # acts that have time before a kill


def add(name):
    """Add an event; return whether the command ended well."""
    words = ["ledger", "add", f"id={name}", *FIELDS, "--why", "read", "--who", "ana", "--allow-duplicates"]
    return not COMMAND.main(words, standalone_mode=False)


def write(writer, each):
    """Add events one after another; note each that was acknowledged."""
    for number in range(each):
        name = f"2026-01-05-usa-{writer}-{number}"
        if add(name):
            noted = os.open(os.environ["ACKNOWLEDGED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(noted, f"{name}\n".encode())
            os.close(noted)


def forked(writer, each):
    """Start a process that writes; return its id."""
    child = os.fork()
    if child:
        return child
    try:
        write(writer, each)
    finally:
        os._exit(0)


def together(writers, each):
    """Let several write at once and wait for them."""
    for child in [forked(writer, each) for writer in range(writers)]:
        os.waitpid(child, 0)


def killed(times, seed):
    """Let one after another begin to write, and kill each at some moment."""
    chance, begun = random.Random(seed), time.monotonic()
    os.waitpid(forked("first", 4), 0)
    longest = LONGEST * (time.monotonic() - begun) / 4
    for number in range(times):
        child = forked(f"{seed}-{number}", 1000)
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    ledger()  # everything is read before anybody starts
    {"together": together, "killed": killed}[sys.argv[1]](*map(int, sys.argv[2:]))
