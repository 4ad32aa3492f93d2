"""Events of others: files of GDELT, ICEWS, POLECAT, ACLED or one's own, in one store."""

from palanca.events.feeds.importing import Imported, import_files
from palanca.events.feeds.layouts import FORMATS, Layout, layout, layout_of
from palanca.events.feeds.store import default_store, months, records, scan

__all__ = [
    "FORMATS",
    "Imported",
    "Layout",
    "default_store",
    "import_files",
    "layout",
    "layout_of",
    "months",
    "records",
    "scan",
]
