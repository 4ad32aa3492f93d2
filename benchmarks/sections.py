"""Processor time of each section of the brief, made a second time, when its tables have been read.

    python benchmarks/sections.py [COUNTRY PARTNER]

Exit 1 when a section with a budget takes longer than it.
"""

import sys
import time

from palanca.brief import sections
from palanca.brief.compilation import BODY

BUDGET = {"answers": 0.4, "pressure": 1.0, "peers": 1.0, "changed": 0.5, "posture": 0.5, "alternatives": 0.3}


def main() -> int:
    """Measure, print, and return 1 when a section breaks its budget."""
    at = sections.case(*(sys.argv[1:3] or ("MEX", "USA")))
    late = 0
    for name in BODY:
        write = getattr(sections, name)
        write(at)
        start = time.process_time()
        write(at)
        seconds, budget = time.process_time() - start, BUDGET.get(name)
        late += budget is not None and seconds > budget
        print(f"{name:14}{seconds:6.2f} s" + (f"   of {budget} s" if budget else ""))
    return int(late > 0)


if __name__ == "__main__":
    sys.exit(main())
