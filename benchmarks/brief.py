"""Time and memory of the main commands, each a whole process started as a user starts it.

The wall clock runs from start to exit; memory is the peak of the largest process of the tree. Every run has
folders of its own, and where the system can bind processes to cores, all share the same two.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PALANCA = Path(sys.executable).parent / "palanca"
PAIR = ("MEX", "USA")  # the pair with the most tables, charts and claims
CORES = 2
WALL_SECONDS = 8.0
PEAK_MB = 600.0
KILOBYTE = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss


@dataclass(frozen=True)
class Run:
    """One process from start to exit."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Measure:
    """A command over several runs; it keeps the limit if its median time and its highest peak do."""

    name: str
    min_seconds: float
    median_seconds: float
    max_seconds: float
    peak_mb: float

    @property
    def kept(self) -> bool:
        """Whether the command keeps the limit."""
        return self.median_seconds <= WALL_SECONDS and self.peak_mb <= PEAK_MB


def main() -> int:
    """Measure, print, and return 1 when a command breaks the limit."""
    options = _options()
    cores = _bind()
    measures = _measures(1 if options.smoke else options.runs)
    kept = all(measure.kept for measure in measures)
    if options.json:
        print(json.dumps(_record(measures, cores, kept=kept), indent=1))
    else:
        _print_table(measures, cores, kept=kept)
    return 0 if kept or options.smoke else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=_positive, default=5, help="runs of each command (default: 5)")
    parser.add_argument("--smoke", action="store_true", help="one run each; report, never fail on the limit")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _bind() -> int:
    """Bind this process, and so those it starts, to two cores; return how many there are to use."""
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    return len(cores)


def _measures(runs: int) -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="palanca-bench-") as folder:
        root = Path(folder)
        warm = root / "warm"
        cold = [_run(["brief", *PAIR], root / f"cold{number}") for number in range(runs)]
        _run(["brief", *PAIR], warm)
        return [
            _measure("brief, empty cache", cold),
            _measure("brief, warm cache", [_run(["brief", *PAIR], warm) for _ in range(runs)]),
            _measure("exposure", [_run(["exposure", *PAIR], warm) for _ in range(runs)]),
        ]


def _run(arguments: Sequence[str], folder: Path) -> Run:
    """Run `palanca` with its cache, its data and its output under `folder`."""
    command = [str(PALANCA), *arguments]
    if arguments[0] == "brief":
        command += ["--out", str(folder / "out")]
    own = {"PALANCA_CACHE": str(folder / "cache"), "PALANCA_DATA": str(folder / "data")}
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, {**os.environ, **own}, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(command)} ended with exit code {os.waitstatus_to_exitcode(status)}")
    return Run(seconds, usage.ru_maxrss * KILOBYTE / 1e6)


def _measure(name: str, runs: Sequence[Run]) -> Measure:
    seconds = [run.seconds for run in runs]
    peak = max(run.peak_mb for run in runs)
    return Measure(name, min(seconds), statistics.median(seconds), max(seconds), peak)


def _record(measures: Sequence[Measure], cores: int, *, kept: bool) -> dict[str, object]:
    return {
        "cores": cores,
        "limit": {"wall_seconds": WALL_SECONDS, "peak_mb": PEAK_MB},
        "kept": kept,
        "measures": [{**asdict(measure), "kept": measure.kept} for measure in measures],
    }


def _print_table(measures: Sequence[Measure], cores: int, *, kept: bool) -> None:
    print(f"{'palanca ' + ' '.join(PAIR):<22}{'min s':>8}{'median s':>10}{'max s':>8}{'peak MB':>10}")
    for one in measures:
        times = f"{one.min_seconds:>8.2f}{one.median_seconds:>10.2f}{one.max_seconds:>8.2f}"
        print(f"{one.name:<22}{times}{one.peak_mb:>10.0f}{'' if one.kept else '  over'}")
    verdict = "kept" if kept else "broken"
    print(
        f"limit: {WALL_SECONDS:.0f} s (median) and {PEAK_MB:.0f} MB on {CORES} cores; here {cores}: {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
