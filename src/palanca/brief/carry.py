"""Keep the script of the pages with the package, for the releases installed: `python -m palanca.brief.carry`.

To bundle it takes longer than all pictures of a brief together, and it is the same in every brief.
"""

import zlib

from palanca.brief.drawing import carried_script
from palanca.brief.engine import made
from palanca.brief.grammar import RELEASE


def carry() -> None:
    """Bundle the script in place of those of other releases."""
    place = carried_script()
    for old in place.parent.glob("vega-*.js.z"):
        old.unlink()
    place.write_bytes(zlib.compress(made({"script_of": RELEASE}).encode(), 9))


if __name__ == "__main__":
    carry()
