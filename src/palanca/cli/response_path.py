"""Tables on how a country fared beside others, for the command line."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

SHOWN_MONTHS, SHOWN_SECTORS = 12, 8
HEADS = ("rank of", "%", "median", "gap", "to agreement", "to similar", "to suppliers")


def path_tables(found: Any) -> Iterator[Table | str]:
    """Yield readable tables of a `Beside`: ranks, where a gap comes from, twins, structure."""
    record = found.as_dict()
    tariffs = record["tariffs"]
    country, importer = found.path.country, found.path.importer
    law = f"Tariff added by {importer} on {country} by law, rank 1 the highest (* scheduled)"
    yield _places(law, tariffs["statutory_added"])
    paid = f"Duty collected by {importer} on {country}, last months"
    yield _places(paid, tariffs["collected"], last=SHOWN_MONTHS)
    yield _difference(tariffs["difference"]["last_month"])
    yield _twins(record["synthetic"])
    yield _structure(record["structure"])


def _places(title: str, rows: Any, last: int | None = None) -> Table | str:
    if isinstance(rows, dict):
        return f"{title}: unknown. {rows['why']}"
    table = _table(title, ("period", *HEADS))
    for row in rows[-last:] if last else rows:
        numbers = (row["percent"], row["median"], row["gap"], *row["gaps"].values())
        when = f"{row['period']}{'*' if row['scheduled'] else ''}"
        rank = f"{row['rank']} of {row['of']}" + (f", {row['tied']} tied" if row["tied"] else "")
        table.add_row(when, rank, *map(_number, numbers))
    return table


def _difference(found: Any) -> Table | str:
    title = "Where the gap in collected duty comes from, percentage points"
    if isinstance(found, dict):
        return f"{title}: unknown. {found['why']}"
    first = found[0]
    table = _table(
        f"{title}: {first['months'][0]}, against all others together",
        ("sector", "share %", "others %", "duty %", "others %", "by mix", "by rate"),
    )
    for part in first["by_sector"][:SHOWN_SECTORS]:
        names = ("share", "peers_share", "percent", "peers_percent", "mix", "rate")
        mark = " (security tariff)" if part["security_tariff"] else ""
        table.add_row(part["sector"] + mark, *(_number(part[name]) for name in names))
    sums = {name: _number(value) for name, value in first["by_kind"].items()}
    table.add_row("under security tariffs", "", "", "", "", sums["security_mix"], sums["security_duty"])
    table.add_row("other sectors", "", "", "", "", sums["other_mix"], sums["other_duty"])
    table.add_row(
        "all: the gap",
        "",
        "",
        _number(first["percent"]),
        _number(first["peers_percent"]),
        "",
        _number(first["gap"]),
    )
    spared = first["exemption"]
    table.caption = (
        f"Exemption of goods that claim a preference: {spared['why']}"
        if "why" in spared
        else f"The exemption of goods that claim a preference ({spared['claimed_percent']:.1f} % of imports) "
        f"took off {-spared['effect']:.2f}; without it the gap is {first['without_exemption']:+.2f}."
    )
    return table


def _twins(found: Any) -> Table | str:
    title = "Collected duty beside a synthetic twin"
    if isinstance(found, dict):
        return f"{title}: unknown. {found['why']}"
    heads = ("episode", "fitted", "RMSPE", "compared", "mean gap", "p (ratio)", "p (gap)", "n", "least p")
    table = _table(title, (*heads, "twin", "gap to the earlier twin"))
    for one in found:
        said = one["placebos_all"]
        heavy = ", ".join(f"{code} {weight:.2f}" for code, weight in list(one["weights"].items())[:3])
        table.add_row(
            one["episode"],
            " to ".join(one["fitted"]),
            f"{one['rmspe_before']:.3f}",
            " to ".join(one["compared"]),
            f"{one['gap']:+.2f}",
            f"{said['p_ratio']:.2f}",
            f"{said['p_gap']:.2f}",
            str(said["n"]),
            f"{said['least_p']:.3f}",
            heavy,
            "" if "why" in one["earlier_twin"] else f"{one['earlier_twin']['gap']:+.2f}",
        )
    return table


def _structure(found: Any) -> Table:
    counts = ", ".join(f"{n} {verdict}" for verdict, n in found["counts"].items())
    table = _table(
        f"Exposure since {found['since']} (from: {found['basis']}): {found['verdict']} ({counts})",
        (
            "measure",
            "verdict",
            "from",
            "to",
            "before",
            "after",
            "threshold",
            "others, median",
            "others below",
        ),
    )
    for one in found["measures"]:
        if "why" in one:
            table.add_row(one["measure"], "unknown", one["why"])
            continue
        others, below = one["median_change_of_others"], one["others_below_percent"]
        table.add_row(
            one["measure"],
            one["verdict"],
            one["first"],
            one["last"],
            _span(one["before"]),
            _span(one["after"]),
            f"{one['threshold']:g}",
            _number(others),
            "" if below is None else f"{below:.0f} % of {one['others']}",
        )
    return table


def _span(ends: list[float]) -> str:
    low, high = ends
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _table(title: str, heads: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left")
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place == 0 else "right", overflow="fold")
    return table
