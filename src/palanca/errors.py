"""Every error Palanca raises on purpose.

PalancaError                   the command line prints it and exits with 2
├── InputError                 what the caller passed
│   ├── UnknownCountry         no such country; close names are suggested
│   ├── UnknownSector          no such sector in the economy; the known ones are listed
│   ├── SamePair               a country paired with itself
│   ├── UnwritableFolder       the results cannot be written there
│   ├── BadMeasure             a measure breaks its schema, or does not fit the economy
│   ├── BadShock               a change of tariffs or trade costs does not fit the economy
│   ├── BadElasticity          trade elasticities are missing, or given as their inverse
│   └── BadEvent               an event cannot enter the ledger
├── DataError                  what was read
│   ├── BadSource              a source description breaks its schema
│   ├── BadParameter           a parameter file breaks its schema
│   ├── BadLedger              a ledger or its change log contradicts itself
│   ├── BadTable               a table is empty, corrupt or of another shape
│   ├── BadFeed                a file of events has another layout than its format says
│   ├── MissingTable           no table of that name
│   ├── MissingRaw             raw files needed to derive the snapshot are absent
│   └── UnbalancedEconomy      the accounts of an economy contradict themselves
├── NotConverged               a solver stopped before it reached its tolerance
│   └── NoEquilibrium          the closure has no solution, however long one searches
├── DownloadError              a publisher's file could not be had whole
├── DrawingError               a chart could not be drawn
└── GateError                  a claim breaks the contract; the brief is not written
"""

from collections.abc import Sequence


class PalancaError(Exception):
    """Root of the tree: one message that lists every fault and says what to do."""

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  - {fault}" for fault in self.faults)]))


class InputError(PalancaError):
    """What the caller passed cannot be used."""


class UnknownCountry(InputError):
    """No country of that name or code."""


class UnknownSector(InputError):
    """No sector of that name in the economy."""


class SamePair(InputError):
    """A country was paired with itself."""


class UnwritableFolder(InputError):
    """The results cannot be written to the folder asked for."""


class BadMeasure(InputError):
    """A measure of a government breaks its schema, or does not fit the economy."""


class BadShock(InputError):
    """A change of tariffs or trade costs does not fit the economy."""


class BadElasticity(InputError):
    """Trade elasticities are missing, not positive, or given as their inverse."""


class BadEvent(InputError):
    """An event cannot enter the ledger: it breaks the schema, is there already, or links to nothing."""


class DataError(PalancaError):
    """What was read cannot be used."""


class BadSource(DataError):
    """A source description breaks its schema."""


class BadParameter(DataError):
    """A parameter file breaks its schema."""


class BadLedger(DataError):
    """A ledger of events breaks the schema, or its change log was altered."""


class BadTable(DataError):
    """A table is empty, corrupt or of another shape than its source says."""


class BadFeed(DataError):
    """A file of events has another layout than its format says."""


class MissingTable(DataError):
    """No table of that name."""


class MissingRaw(DataError):
    """Raw files that the snapshot is derived from are absent."""


class UnbalancedEconomy(DataError):
    """The accounts of an economy contradict themselves."""


class NotConverged(PalancaError):
    """A solver stopped before it reached its tolerance."""


class NoEquilibrium(NotConverged):
    """The closure of a model has no solution, however long one searches."""


class DownloadError(PalancaError):
    """A publisher's file could not be had whole."""


class DrawingError(PalancaError):
    """A chart could not be drawn."""


class GateError(PalancaError):
    """A claim breaks the contract, so no brief is written."""
