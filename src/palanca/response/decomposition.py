"""Where the difference between the collected duty of a seller and that of others comes from.

Two accounts of one difference, each of which adds up to it exactly. By sector: what is sold (mix) and what
each good pays (rate), the sectors under national-security tariffs apart. By preference: what the imports
that claim no preference pay beside the others, and what the claims take off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from palanca.catalogue import Catalogue, Unknown
from palanca.exposure.customs import ALL, GROUPS
from palanca.response.exemptions import Exemption, exemption, secure_sectors
from palanca.response.panel import not_on_file
from palanca.response.peers import SETS, peer_sets, within
from palanca.response.tariffs import COLLECTED

PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one sector adds to the difference, percentage points.

    Attributes:
        code: NAICS three-digit code.
        share, other_share: of the sector in the imports from the seller, and from the others, percent.
        rate, other_rate: duty over imports of the sector, percent; that of the other side where one side
            sells none of it.
        mix: of the difference in shares, at the mean of the two rates.
        duty: of the difference in rates, at the mean of the two shares.
        security: whether goods of the sector are under national-security tariffs.
    """

    code: str
    share: float
    other_share: float
    rate: float
    other_rate: float
    mix: float
    duty: float
    security: bool

    @property
    def total(self) -> float:
        """Mix and duty together, percentage points."""
        return self.mix + self.duty


@dataclass(frozen=True)
class Difference:
    """Collected duty of a seller less that of all others, or of a peer set, together.

    Attributes:
        peers: name of the set.
        months: summed over.
        rate, other_rate: duty over imports, percent.
        parts: by sector, largest in size first.
        exemption: what claims of a preference took off; unknown where the files do not hold it.
    """

    peers: str
    months: tuple[str, ...]
    rate: float
    other_rate: float
    parts: tuple[Part, ...]
    exemption: Exemption | Unknown

    @property
    def gap(self) -> float:
        """Rate less that of the others, percentage points."""
        return self.rate - self.other_rate

    @property
    def rest(self) -> float | Unknown:
        """What the difference would be without the exemption, percentage points; both make the difference."""
        taken = self.exemption
        return taken if isinstance(taken, Unknown) else self.gap - taken.effect

    def sums(self) -> dict[str, float]:
        """Return mix and duty of the sectors under national-security tariffs and of the others."""
        return {
            f"{'security' if kind else 'other'}_{what}": sum(
                getattr(part, what) for part in self.parts if part.security is kind
            )
            for kind in (True, False)
            for what in ("mix", "duty")
        }


def differences(
    tables: Catalogue, country: str, importer: str, months: Sequence[str]
) -> tuple[Difference, ...] | Unknown:
    """Return the difference from every peer set over some months, the set of all partners first."""
    rows = (
        tables[COLLECTED]
        .rows(importer=importer, month=tuple(months))
        .filter(~pl.col("partner").is_in(GROUPS), pl.col("sector") != ALL)
    )
    known = set(rows["partner"])
    if country not in known:
        return not_on_file(tables[COLLECTED], country, importer)
    others = {SETS[0]: tuple(sorted(known - {country}))}
    others |= {
        one.name: within(one.members, known - {country}) for one in peer_sets(tables, country, importer)
    }
    secure = secure_sectors(importer, tuple(months))
    spared = exemption(tables, country, importer, months)
    return tuple(
        _difference(name, _sums(rows, (country,)), _sums(rows, codes), secure, tuple(months), spared)
        for name, codes in others.items()
        if codes
    )


def _difference(
    name: str,
    own: Mapping[str, tuple[float, float]],
    theirs: Mapping[str, tuple[float, float]],
    secure: frozenset[str],
    months: tuple[str, ...],
    spared: Exemption | Unknown,
) -> Difference:
    rate, other_rate = _overall(own), _overall(theirs)
    parts = decomposed(own, theirs, secure)
    return Difference(name, months, rate, other_rate, parts, spared)


def _sums(rows: pl.DataFrame, partners: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return imports and duty by sector, USD."""
    found = (
        rows.filter(pl.col("partner").is_in(list(partners)))
        .group_by("sector")
        .agg(pl.col("imports_usd", "duty_usd").sum())
    )
    return {code: (float(imports), float(duty)) for code, imports, duty in found.sort("sector").iter_rows()}


def _overall(sums: Mapping[str, tuple[float, float]]) -> float:
    imports, duty = (sum(one[at] for one in sums.values()) for at in (0, 1))
    return PERCENT * duty / imports if imports else 0.0


def decomposed(
    own: Mapping[str, tuple[float, float]],
    others: Mapping[str, tuple[float, float]],
    secure: Iterable[str] = (),
) -> tuple[Part, ...]:
    """Return what each sector adds to the difference of the two rates; the parts sum to it.

    Args:
        own, others: imports and duty by sector, money.
        secure: sectors under national-security tariffs.

    Source: the two-fold decomposition of Kitagawa (1955), Journal of the American Statistical Association
    50(272), symmetric in the two sides.
    """
    whole, other_whole = (sum(imports for imports, _ in side.values()) for side in (own, others))
    marked, found = set(secure), []
    for code in sorted(own.keys() | others.keys()):
        (sold, paid), (other_sold, other_paid) = (side.get(code, (0.0, 0.0)) for side in (own, others))
        if not sold and not other_sold:
            continue
        share, other_share = sold / whole, other_sold / other_whole
        rate = PERCENT * paid / sold if sold else PERCENT * other_paid / other_sold
        other_rate = PERCENT * other_paid / other_sold if other_sold else rate
        mix = (share - other_share) * (rate + other_rate) / 2
        duty = (rate - other_rate) * (share + other_share) / 2
        found.append(
            Part(code, PERCENT * share, PERCENT * other_share, rate, other_rate, mix, duty, code in marked)
        )
    return tuple(sorted(found, key=lambda part: -abs(part.total)))
