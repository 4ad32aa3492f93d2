"""A brief put in the place of another by processes that are killed at each of their steps in turn.

`python killed_publication.py one|two STRIDE FOLDER` writes to FOLDER; the folders are exchanged in one step
or in two. For every STRIDE-th step one line of JSON is printed: what the folder held after the kill.
`python killed_publication.py several TIMES FOLDER` lets two processes write at once.
"""

import json
import os
import shutil
import signal
import sys
from hashlib import sha256
from pathlib import Path

from palanca.catalogue import publication
from palanca.catalogue.publication import publish

STEPS = [(os, name) for name in ("rename", "replace", "link", "fsync", "mkdir", "rmdir", "unlink", "open")]
HELD = {"notes.txt": b"mine", "tables/mine.csv": b"mine"}


def brief(pair, names):
    """Return the files of a brief, manifest last, that say of which pair they are."""
    files = {name: f"{pair} {name}".encode() for name in names}
    seals = {name: sha256(content).hexdigest() for name, content in files.items()}
    return {**files, "manifest.json": json.dumps({"files": seals, "pair": pair}).encode()}


OLD = brief("first", ["brief.en.html", "brief.es.html", "claims.json", "tables/a.csv", "tables/b.csv"])
NEW = brief("second", ["brief.en.html", "claims.json", "tables/b.csv", "tables/c.csv"])


def held(folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def stopped(step):
    """Kill this process just before the step of that number."""
    left = [step]

    def watched(name, call):
        def counted(*given, **named):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **named)

        return counted

    for module, name in STEPS:
        setattr(module, name, watched(name, getattr(module, name)))


def begin(folder):
    shutil.rmtree(folder, ignore_errors=True)
    publish(OLD, folder)
    for name, content in HELD.items():
        (folder / name).write_bytes(content)


def killed(folder, step):
    """Let a process publish the second brief and kill it before a step; return whether it was."""
    child = os.fork()
    if not child:
        stopped(step)
        publish(NEW, folder)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def at_every(stride, folder):
    """Kill a process before every so many steps; print what the folder held each time."""
    step = 1
    begin(folder)
    while killed(folder, step):
        after = held(folder)
        publish(NEW, folder)
        beside = [path.name for path in folder.parent.iterdir()]
        line = {"step": step, "after": after, "then": held(folder), "beside": beside}
        sys.stdout.write(json.dumps(line) + "\n")
        begin(folder)
        step += stride


def at_once(times, folder):
    """Let two processes publish a brief each, again and again."""
    begin(folder)
    children = []
    for name in ("x", "y"):
        children.append(os.fork())
        if not children[-1]:
            for _ in range(times):
                publish(brief(name, [name, "a"]), folder)
            os._exit(0)
    sys.exit(sum(os.waitpid(child, 0)[1] for child in children))


if __name__ == "__main__":
    if sys.argv[1] == "two":
        publication._in_one_step = lambda *_: False
    deed = at_once if sys.argv[1] == "several" else at_every
    deed(int(sys.argv[2]), Path(sys.argv[3]))
