"""Tariff path, synthetic twins and changes of structure as plain records, for JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from palanca.catalogue import Catalogue, Unknown
from palanca.exposure.customs import YEAR
from palanca.response.decomposition import Difference, differences
from palanca.response.exemptions import Exemption
from palanca.response.panel import not_on_file, panel
from palanca.response.structure import Change, Structure, structure
from palanca.response.synthetic import Placebos, Twin
from palanca.response.tariffs import COLLECTED, Place, TariffPath, tariff_path
from palanca.response.twins import Paired, continued, twins

DIGITS = 4


@dataclass(frozen=True)
class Beside:
    """How a seller fared beside others with one importer.

    Attributes:
        path: rank and gaps of its tariff by date and by month.
        month: where its collected duty differs in the last month on file, from every peer set.
        year: the same over the last twelve months.
        twins: it and its synthetic twin, by episode.
        structure: what moved since a date.
    """

    path: TariffPath
    month: tuple[Difference, ...] | Unknown
    year: tuple[Difference, ...] | Unknown
    twins: tuple[Paired, ...] | Unknown
    structure: Structure

    def as_dict(self) -> dict[str, Any]:
        """Return the parts by name; what is unknown is null and says why beside it."""
        return {
            "tariffs": {
                **path_record(self.path),
                "difference": {
                    "last_month": listed(self.month, difference_record),
                    "last_year": listed(self.year, difference_record),
                },
            },
            "synthetic": twins_record(self.twins),
            "structure": structure_record(self.structure),
        }


def beside(
    tables: Catalogue,
    country: str,
    importer: str,
    *,
    since: date | None = None,
    episodes: Iterable[str] = (),
) -> Beside:
    """Return how `country` fared beside the other partners of `importer`.

    Args:
        since: from when changes of structure are told; see `structure`.
        episodes: months, ISO, from which a twin is compared; see `twins`.

    Raises:
        InputError: an episode was given that the file does not allow.
    """
    months = panel(tables[COLLECTED], importer).months[-YEAR:]
    if months:
        spans = [differences(tables, country, importer, span) for span in (months[-1:], months)]
    else:
        spans = [not_on_file(tables[COLLECTED], country, importer)] * 2
    return Beside(
        tariff_path(tables, country, importer),
        spans[0],
        spans[1],
        twins(tables, country, importer, episodes),
        structure(tables, country, importer, since),
    )


def listed(found: Any, each: Any) -> Any:
    """Return records of what was found, or why nothing was."""
    return missing(found) if isinstance(found, Unknown) else [each(one) for one in found]


def missing(value: Unknown) -> dict[str, Any]:
    """Return an unknown as a record."""
    return {"value": None, "why": value.reason.en}


def number(value: float | Unknown) -> float | None:
    """Return a number for JSON; none where it is unknown."""
    return None if isinstance(value, Unknown) else round(float(value), DIGITS)


def path_record(found: TariffPath) -> dict[str, Any]:
    """Return ranks and gaps by date and by month, and the peer sets with their rules."""
    return {
        "importer": found.importer,
        "stands_as": found.seller,
        "rank": "1 is the highest rate",
        "peers": {one.name: {"rule": one.rule, "members": list(one.members)} for one in found.sets},
        "statutory_added": listed(found.statutory, place_record),
        "collected": listed(found.collected, place_record),
    }


def place_record(one: Place) -> dict[str, Any]:
    """Return where a rate stands among others."""
    return {
        "period": one.period,
        "percent": number(one.value),
        "rank": one.rank,
        "of": one.of,
        "tied": one.tied,
        "percentile": number(one.percentile),
        "median": number(one.median),
        "gap": number(one.gap),
        "gaps": {name: number(gap) for name, gap in one.gaps.items()},
        "scheduled": one.scheduled,
    }


def difference_record(one: Difference) -> dict[str, Any]:
    """Return where a difference comes from, by sector and by exemption; each account adds up to the gap."""
    return {
        "peers": one.peers,
        "months": [one.months[0], one.months[-1]],
        "percent": number(one.rate),
        "peers_percent": number(one.other_rate),
        "gap": number(one.gap),
        "by_kind": {name: number(value) for name, value in one.sums().items()},
        "by_sector": [
            {
                "sector": part.code,
                "security_tariff": part.security,
                "share": number(part.share),
                "peers_share": number(part.other_share),
                "percent": number(part.rate),
                "peers_percent": number(part.other_rate),
                "mix": number(part.mix),
                "rate": number(part.duty),
            }
            for part in one.parts
        ],
        "exemption": exemption_record(one.exemption),
        "without_exemption": number(one.rest),
    }


def exemption_record(one: Exemption | Unknown) -> dict[str, Any]:
    """Return what claims of a preference took off."""
    if isinstance(one, Unknown):
        return missing(one)
    return {
        "claimed_percent": number(one.claimed),
        "effect": number(one.effect),
        "measures": list(one.measures),
        "by_chapter": {code: number(effect) for code, effect in one.chapters.items()},
    }


def twins_record(found: tuple[Paired, ...] | Unknown) -> Any:
    """Return every twin, each with that of an earlier episode carried on; or why there is none."""
    if isinstance(found, Unknown):
        return missing(found)
    return [{**twin_record(one), "earlier_twin": continued_record(found, one)} for one in found]


def continued_record(found: Sequence[Paired], later: Paired) -> dict[str, Any]:
    """Return the twin of an earlier episode over the months of a later one."""
    one = continued(found, later)
    if isinstance(one, Unknown):
        return missing(one)
    return {"episode": one.episode, "gap": number(one.gap), "p_gap": number(one.p), "n": one.n}


def twin_record(one: Paired) -> dict[str, Any]:
    """Return a seller beside its twin around one episode."""
    found = one.found
    return {
        "episode": one.episode.month,
        "event": one.episode.event or None,
        "outcome": one.episode.outcome or None,
        "fitted": [one.months[0], one.months[one.start - 1]],
        "compared": [one.months[one.start], one.months[-1]],
        "rmspe_before": number(found.twin.before),
        "rmspe_after": number(found.twin.after),
        "gap": number(found.twin.gap),
        "gaps": gaps_record(one, found.twin),
        "weights": {
            code: number(weight)
            for code, weight in sorted(zip(found.twin.donors, found.twin.weights, strict=True), key=_heaviest)
            if weight >= 10**-DIGITS
        },
        "placebos_all": p_record(found),
        "placebos_donors": p_record(one.clean),
        "no_donors": {code: list(names) for code, names in one.left_out.items()},
    }


def _heaviest(pair: tuple[str, float]) -> float:
    return -pair[1]


def gaps_record(one: Paired, twin: Twin) -> dict[str, float | None]:
    """Return the gap by month from the act on."""
    after = list(zip(one.months, twin.gaps, strict=True))[one.start :]
    return {month: number(gap) for month, gap in after}


def p_record(found: Placebos) -> dict[str, Any]:
    """Return p-values with their least value."""
    return {
        "n": found.n,
        "p_ratio": number(found.p),
        "p_gap": number(found.p_gap),
        "least_p": number(1 / found.n),
    }


def structure_record(found: Structure) -> dict[str, Any]:
    """Return what moved since a date, and the verdicts."""
    return {
        "since": found.since.isoformat(),
        "basis": found.basis,
        "verdict": found.verdict,
        "counts": dict(found.counts),
        "measures": [change_record(one) for one in found.changes],
    }


def change_record(one: Change) -> dict[str, Any]:
    """Return how one measure moved, beside the others, with its threshold and the years on file."""
    values: Mapping[str, Any]
    if isinstance(one.values, Unknown):
        values = {"why": one.values.reason.en}
    else:
        values = {
            "first": one.values.first,
            "last": one.values.last,
            "before": [number(one.values.before)] * 2,  # as bounds, which are one number
            "after": [number(one.values.after)] * 2,
            "change": [number(one.values.change)] * 2,
            "median_change_of_others": None if one.others is None else number(one.others),
            "others_below_percent": None if one.among is None else number(one.among.percentile),
            "others": 0 if one.among is None else one.among.count,
        }
    return {
        "measure": one.name,
        "unit": one.line.unit,
        "exposure": one.line.exposure,
        "verdict": one.verdict,
        "threshold": one.line.threshold,
        "threshold_source": one.line.source,
        "years": [one.years[0], one.years[-1]] if one.years else [],
        **values,
        "table": one.table,
    }
