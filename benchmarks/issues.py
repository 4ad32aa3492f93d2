"""How well titles tell issues, every coded year held out in turn. Run: python benchmarks/issues.py RAW."""

import sys
from pathlib import Path

from palanca.posture import issues, rollcalls
from palanca.posture.given import rules


def main():
    """Print one line per issue."""
    for one in issues.scores(rollcalls.read(Path(sys.argv[1])), rules()):
        print(
            f"{one.issue}: accuracy {one.accuracy:.3f} (commonest answer {one.commonest:.3f}), "
            f"precision {one.precision:.3f}, recall {one.recall:.3f}, "
            f"answered {one.answered:.3f} of {one.titles}"
        )


if __name__ == "__main__":
    main()
