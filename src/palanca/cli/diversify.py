"""Commands on being less exposed: choke points, and the cheapest way round them."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from palanca.cli.console import AsJson, out, print_json, steps, within

First = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO code or name, in English or Spanish.")]
Second = Annotated[str, typer.Argument(metavar="PARTNER", help="The country it depends on.")]
SHOWN = 15
RECEIVERS = 3


def diversify(
    country: First,
    partner: Second,
    cut: Annotated[float, typer.Option(min=0, max=99, help="Cut of the partner's power, percent.")] = 25.0,
    chart: Annotated[
        Path | None, typer.Option("--out", help="Write the frontier to this file: html, svg, png or csv.")
    ] = None,
    lang: Annotated[Literal["en", "es"], typer.Option(help="Language of the chart.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Print the smallest reallocation of trade that cuts a partner's power, its price and the frontier.

    Sourcing moves to third countries and home, sales to third countries, within what these can take. Power is
    what the country loses when the partner withdraws, at unchanged prices; price and loss are exact results
    of the model on the world economy of 2022, of which the split of services is an estimate.
    """
    from palanca.catalogue import pair
    from palanca.exposure.diversify_records import diversification

    a, b = pair(country, partner)
    require(chart)
    with steps(2) as step:
        step("solving the frontier")
        found = diversification(a.iso3, b.iso3, cut=cut)
        step("drawing")
        save(chart, a, b, found, lang)
    if as_json:
        print_json(found)
        return
    out.print(_points(found))
    out.print(_moves(found))


def require(chart: Path | None) -> None:
    """Refuse a chart's path before any work is done for it.

    Raises:
        InputError: it is no kind of file that can be written.
        UnwritableFolder: its folder cannot be written.
    """
    if chart is None:
        return
    from palanca.catalogue.files import require_writable
    from palanca.errors import InputError

    if chart.suffix not in (".html", ".svg", ".png", ".csv"):
        raise InputError(f"{chart}: the frontier can be written as .html, .svg, .png or .csv.")
    require_writable(chart.parent)


def save(chart: Path | None, a: Any, b: Any, found: dict[str, Any], language: Literal["en", "es"]) -> None:
    """Write the frontier to `chart`, if there is one."""
    if chart is None:
        return
    import polars as pl

    from palanca.brief import picture, tradeoff
    from palanca.catalogue.export import csv_of_frame
    from palanca.catalogue.files import write

    points = pl.DataFrame(found["frontier"], infer_schema_length=None)
    if chart.suffix == ".csv":
        write(chart, csv_of_frame(points))
        return
    drawn = tradeoff.frontier(a, b, points, ("world_flows",))
    kind = next(one for one in picture.FORMATS if f".{one}" == chart.suffix)
    write(chart, picture.file(drawn, language, kind))


def _points(found: dict[str, Any]) -> Table:
    a, b = found["pair"]
    table = Table(
        title=f"Frontier of {a} away from {b}, {found['economy']} (power of {b}: "
        f"{within(found['power_pct'], found['power_interval'], '.2f')} % of real income; "
        f"reach {found['reachable_pct']:.0f} %)",
        title_justify="left",
        caption=" ".join(found["method"]),
        caption_justify="left",
    )
    for head in ("cut, %", "moved, USD bn", "margin, pp per USD bn", "price, %", "loss long, %", "short, %"):
        table.add_column(head, justify="right")
    for row in found["frontier"]:
        margin = row["marginal_per_usd_bn"]
        table.add_row(
            f"{row['cut_pct']:.0f}",
            within(row["moved_usd_bn"], [row[f"moved_{end}_usd_bn"] for end in ("lower", "upper")], ",.1f"),
            "" if margin is None else f"{margin:.4f}",
            *(
                f"{row[name] + 0.0:.2f}".replace("-0.00", "0.00")
                for name in ("price_pct", "long_loss_pct", "short_loss_pct")
            ),
        )
    return table


def _moves(found: dict[str, Any]) -> Table:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in found["moves"]:
        groups.setdefault((row["side"], row["sector_name"]), []).append(row)
    table = Table(
        title=f"Moves of the cut by {found['cut_pct']:g} %: {min(SHOWN, len(groups))} of {len(groups)}, most "
        "security per dollar first",
        title_justify="left",
    )
    for head in ("side", "sector", "USD bn", "part of power, %", "per USD bn", "mostly to"):
        table.add_column(
            head, justify="right" if head in ("USD bn", "part of power, %", "per USD bn") else "left"
        )
    for (side, sector), rows in list(groups.items())[:SHOWN]:
        total = {name: sum(row[name] for row in rows) for name in ("usd_bn", "security_pct")}
        table.add_row(
            side,
            sector,
            f"{total['usd_bn']:,.2f}",
            f"{total['security_pct']:.2f}",
            f"{rows[0]['security_pct_per_usd_bn']:.3f}",
            _receivers(rows, found["pair"][0]),
        )
    return table


def _receivers(rows: list[dict[str, Any]], country: str) -> str:
    largest = sorted(rows, key=lambda row: -row["usd_bn"])[:RECEIVERS]
    names = ["home" if row["to"] == country else row["to_name"] for row in largest]
    return ", ".join(f"{name} {row['usd_bn']:.1f}" for name, row in zip(names, largest, strict=True))


def chokepoints(
    country: First,
    partner: Second,
    products: Annotated[
        Path | None,
        typer.Option(help="Judge products instead: CSV or Parquet in the layout of BACI (t, i, j, k, v)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print where a country depends on a partner: by sector, or by product of a table of your own.

    By sector: shares, who else sells, and what is lost when the partner stops, with others stepping in and
    without. By product: the rules of the European Commission (2021) and of CEPII's GeoDep; EUU is the Union
    as one. Where the country's customs are on file by product, their concentration is added; it is the import
    side only, so neither rule can be judged whole on it.
    """
    from palanca.catalogue import pair

    a, b = pair(country, partner)
    with steps(1) as step:
        step("reading the table" if products else "stopping one sector after the other")
        found = _by_product(products, a.iso3, b.iso3) if products else _by_sector(a.iso3, b.iso3)
    if as_json:
        print_json(found)
        return
    out.print(_product_table(found) if products else _sector_table(found))
    for line in found["limits"]:
        out.print(line, highlight=False)


def _by_sector(a: str, b: str) -> dict[str, Any]:
    from palanca.exposure.diversify_records import suppliers
    from palanca.exposure.products import on_customs_file

    customs = on_customs_file(a, b)
    said = (
        f"The customs of {a} are not on file by product for {b}."
        if customs is None
        else "Customs by product hold imports only: neither exports nor the rest of the world."
    )
    rows = [] if customs is None else customs.filter("concentrated").to_dicts()
    return {**suppliers(a, b), "customs": rows, "limits": [said]}


def _by_product(path: Path, a: str, b: str) -> dict[str, Any]:
    from palanca.exposure.products import dependences

    found = dependences(path, a, b)
    return {
        "pair": [a, b],
        "years": list(found.years),
        "products": found.flagged.to_dicts(),
        "eu_2021": int(found.flagged["eu_2021"].sum()),
        "geodep": int(found.flagged["geodep"].fill_null(value=False).sum()),
        "limits": list(found.limits),
    }


def _sector_table(found: dict[str, Any]) -> Table:
    a, b = found["pair"]
    concentrated = f"; {len(found['customs'])} products with concentrated imports" if found["customs"] else ""
    table = Table(
        title=f"Choke points of {a} at {b}, {found['economy']}, percent{concentrated}",
        title_justify="left",
        caption=" ".join(found["method"]),
        caption_justify="left",
    )
    columns = {
        "of purchases": "share_pct",
        "of imports": "import_share_pct",
        "others' exports": "others_share_pct",
        "loss with others": "long_with_others_pct",
        "without": "long_without_others_pct",
    }
    table.add_column("sector")
    for head in columns:
        table.add_column(head, justify="right")
    for row in found["sectors"]:
        cells = [
            "" if row[name] is None else within(row[name], row["intervals"].get(name), ".2f")
            for name in columns.values()
        ]
        table.add_row(row["name"], *cells)
    return table


def _product_table(found: dict[str, Any]) -> Table:
    a, b = found["pair"]
    flagged = [row for row in found["products"] if row["eu_2021"] or row["geodep"]]
    table = Table(
        title=f"Products on which {a} depends, {found['years'][-1]}: {found['eu_2021']} by the rule of the "
        f"European Commission, {found['geodep']} by GeoDep; most from {b} first",
        title_justify="left",
    )
    for head in ("product", "imports, USD mn", f"from {b}, %", "first supplier", "HHI", "EU 2021", "GeoDep"):
        table.add_column(head)
    said = {True: "yes", False: "", None: "unknown"}
    for row in flagged[:SHOWN]:
        table.add_row(
            row["k"],
            f"{row['imports_usd'] / 1e6:,.1f}",
            f"{100 * row['partner_share']:.1f}",
            row["first_supplier"],
            f"{row['import_hhi']:.2f}",
            said[row["eu_2021"]],
            said[row["geodep"]],
        )
    return table
