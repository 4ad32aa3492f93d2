"""What is on file, and how old it is."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from palanca.catalogue.snapshot import table
from palanca.catalogue.sources import tables


@dataclass(frozen=True, slots=True)
class Status:
    """One table: its identity, size and age."""

    table: str
    source: str
    title: str
    rows: int
    last_period: str
    vintage: str
    age_days: int
    licence: str
    sha256: str
    local: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)


def status(today: date) -> list[Status]:
    """Return the state of every table on `today`, by name."""
    return [_status(name, today) for name in sorted(tables())]


def _status(name: str, today: date) -> Status:
    held = table(name)
    return Status(
        table=name,
        source=held.origin.source,
        title=held.title.en,
        rows=held.frame.height,
        last_period=held.last_period,
        vintage=held.origin.vintage.isoformat(),
        age_days=(today - held.origin.vintage).days,
        licence=held.origin.licence.name,
        sha256=held.origin.sha256,
        local=held.origin.local,
    )
