"""Search for faults: the property tests and the tests marked fuzz, on a new seed each round.

    python benchmarks/fuzz.py --minutes 20 [tests/trade tests/events/test_feeds.py …]

Each file of tests is run by itself, as many at once as there are processors, until the time is up.
Every failure is listed at the end with the command that repeats it, and the exit is then 1.
"""

import argparse
import os
import random
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
GRACE = 600  # seconds that a file of tests may go on when the time is up
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "fuzz or hypothesis")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - |$)", re.M)
BLOB = re.compile(r"@reproduce_failure\(.+\)")


class Failure(NamedTuple):
    """A test that failed, on which seed, and the examples that Hypothesis found."""

    test: str
    seed: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        repeat = f"PALANCA_FUZZ={self.seed} python -m pytest --hypothesis-seed={self.seed} '{self.test}'"
        return "\n      ".join((repeat, *self.examples))


def main() -> None:
    """Run rounds until the time is up, then list what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, help="of the first round")
    parser.add_argument("tests", nargs="*", default=["tests"])
    asked = parser.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    files = files_of(asked.tests)
    found: dict[str, Failure] = {}
    for number in count(1):
        seed = secrets.randbelow(2**32) if asked.seed is None or number > 1 else asked.seed
        print(f"Round {number}, seed {seed}, {len(files)} files of tests", flush=True)
        for failure in round_of(files, seed, until):
            found.setdefault(failure.test, failure)
        if time.monotonic() >= until:
            break
    print(f"\n{len(found)} tests failed" + "".join(f"\n  {failure}" for failure in found.values()))
    sys.exit(bool(found))


def files_of(tests: Sequence[str]) -> list[str]:
    """Return the files that hold tests to search with."""
    command = [*PYTEST, "--collect-only", *tests]
    listed = subprocess.run(command, cwd=ROOT, env=environment(0), capture_output=True, text=True)
    files = {line.split("::")[0] for line in listed.stdout.splitlines() if "::" in line}
    if listed.returncode or not files:
        sys.exit(listed.stdout + listed.stderr)
    return sorted(files)


def environment(seed: int) -> dict[str, str]:
    """Return the environment in which tests search on a seed, each on one processor."""
    return {**os.environ, "PALANCA_FUZZ": str(seed), "OPENBLAS_NUM_THREADS": "1"}


def round_of(files: Sequence[str], seed: int, until: float) -> Iterator[Failure]:
    """Run every file once, in an order of the seed's, and yield what fails."""
    order = random.Random(seed).sample(files, len(files))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for failures in pool.map(lambda file: run(file, seed, until), order):
            yield from failures


def run(file: str, seed: int, until: float) -> list[Failure]:
    """Run one file while there is time, show how it went, and return what failed."""
    start = time.monotonic()
    if start >= until:
        return []
    command = [*PYTEST, f"--hypothesis-seed={seed}", "--tb=short", "-rfE", file]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(seed),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=until - start + GRACE,
        )
    except subprocess.TimeoutExpired:
        print(f"  {file}: still running {GRACE} s after the end, stopped", flush=True)
        return [Failure(file, seed, ())]
    if not done.returncode:
        print(f"  {file}: {done.stdout.strip().splitlines()[-1]}", flush=True)
        return []
    print(done.stdout, flush=True)
    failed = dict.fromkeys(FAILED.findall(done.stdout)) or [file]
    return [Failure(test, seed, examples_of(test, done.stdout)) for test in failed]


def examples_of(test: str, output: str) -> tuple[str, ...]:
    """Return the examples printed in the section of a test."""
    name = test.split("::", 1)[1].replace("::", ".")
    section = re.search(rf"^_+ {re.escape(name)} _+$(.*?)(?=^_+ \S.* _+$|^=+ |\Z)", output, re.M | re.S)
    return tuple(dict.fromkeys(BLOB.findall(section[1]))) if section else ()


if __name__ == "__main__":
    main()
