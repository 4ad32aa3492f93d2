"""Products on which a country depends, by published rules, from a long table of trade.

The table is the user's: layout of BACI, one row per year, seller, buyer and product. It is streamed, so
that a year of twelve million rows needs little memory.
"""

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
from pydantic import Field

from palanca.catalogue import Country, countries, country, intake, table
from palanca.catalogue.codes import groups
from palanca.catalogue.parameters import parameters
from palanca.catalogue.text import Strict
from palanca.errors import BadTable, InputError

COLUMNS = {"t": "year", "i": "seller", "j": "buyer", "k": "product", "v": "value, thousand USD"}
USD_PER_UNIT = 1e3  # BACI counts thousands
PRODUCT = r"^([0-9A-Za-z]{6}|[1-9][0-9]{4})$"  # a number loses the nought that chapters 01 to 09 begin with
HEADINGS = {
    "t": ("year",),
    "i": ("exporter", "seller"),
    "j": ("importer", "buyer"),
    "k": ("product", "hs6", "code"),
    "v": ("value",),
}
CODE_DIGITS, NUMBER_DIGITS = 6, 3
SHOWN = 5  # faults of one kind that a message lists


class European(Strict):
    """Thresholds of the European Commission's rule, dated and cited."""

    title: str
    unit: str
    date: dt.date
    import_hhi: float
    outside_share: float
    imports_over_exports: float
    source: str = Field(min_length=20)


class Lasting(Strict):
    """Thresholds of CEPII's rule, dated and cited; it wants `years` years out of `window`."""

    title: str
    unit: str
    date: dt.date
    import_hhi: float
    world_export_hhi: float
    imports_over_exports: float
    years: int
    window: int
    source: str = Field(min_length=20)


class Rules(Strict):
    """Both rules."""

    eu_2021: European
    geodep: Lasting


@dataclass(frozen=True, eq=False)
class Dependences:
    """Products of one country judged by published rules.

    Attributes:
        country, partner: ISO3; a bloc is a country whose members' trade with each other is inside.
        years: that the table covers, oldest first.
        products: one row per year and product: `imports_usd` from outside, `from_partner_usd`,
            `first_supplier`, the criteria, and `eu_2021` and `geodep_year`, whether each rule holds that
            year; a criterion the table says nothing of is null.
        flagged: one row per product: `eu_2021` of the last year, `geodep` over the last window (null where
            too few years are on file to say), and the partner's share of imports in the last year.
        limits: what the table cannot say, one sentence each.
    """

    country: str
    partner: str
    years: tuple[int, ...]
    products: pl.DataFrame
    flagged: pl.DataFrame
    limits: tuple[str, ...]


def rules() -> Rules:
    """Return the thresholds of both rules."""
    return parameters("products", Rules)


def dependences(path: Path, a: str | Country, b: str | Country) -> Dependences:
    """Judge every product that `a` imports by both rules, from a file in the layout of BACI.

    Args:
        path: CSV or Parquet with columns t (year), i (seller), j (buyer), k (six-digit product),
            v (thousand USD); others are ignored. Countries are ISO3 or BACI's numbers.
        a: the importer; a bloc counts its members' trade with each other as inside.
        b: the partner whose share is reported.

    Raises:
        UnknownCountry: no such country.
        BadTable: the file cannot be used; every fault is listed.
        InputError: the importer buys nothing in it.
    """
    home, partner = country(a).iso3, country(b).iso3
    trade, years = opened(path)
    products = pl.concat([criteria(by_seller(trade, year, home), home, partner) for year in years])
    if products.is_empty():
        raise InputError(f"{path}: {country(home).name.en} ({home}) imports nothing in this table.")
    return Dependences(home, partner, tuple(years), products, flagged(products, years), _limits(years))


def by_seller(trade: pl.LazyFrame, year: int, home: str) -> pl.DataFrame:
    """Return what each seller of a product sells to the importer and to others, from one pass over a year.

    Args:
        trade: as `opened` returns it.
        year: of the rows.
        home: importer, ISO3; a bloc's members are one.

    Returns:
        t, k, i (ISO3), inside (whether the buyer is the importer), v.
    """
    buyers = [code for code, iso3 in _known().items() if iso3 in _members(home)]
    rows = trade.filter((pl.col("t") == year) & (pl.col("i") != pl.col("j")))
    keys = ("k", "i", pl.col("j").is_in(buyers).alias("inside"))
    found = rows.group_by(*keys).agg(pl.col("v").sum()).collect(engine="streaming")
    return found.select(
        t=pl.lit(year, dtype=pl.Int32),
        k=pl.col("k").str.zfill(CODE_DIGITS),
        i=pl.col("i").replace_strict(_known(), return_dtype=pl.String),
        inside="inside",
        v="v",
    )


def criteria(sales: pl.DataFrame, home: str, partner: str) -> pl.DataFrame:
    """Return the criteria of both rules and whether each holds, one row per year and product.

    Args:
        sales: as `by_seller` returns it.
        home: importer, ISO3; a bloc's members are one.
        partner: ISO3; a bloc counts with all its members.
    """
    ours, inside = pl.col("i").is_in(_members(home)), pl.col("inside")
    bought = sales.filter(inside & ~ours).group_by("t", "k", "i").agg(pl.col("v").sum())
    own = sales.group_by("t", "k").agg(
        within=pl.col("v").filter(ours & inside).sum(), sold=pl.col("v").filter(ours & ~inside).sum()
    )
    imports = bought.group_by("t", "k").agg(
        imports_usd=pl.col("v").sum() * USD_PER_UNIT,
        import_hhi=_hhi(),
        first_supplier=pl.col("i").sort_by("v", "i", descending=[True, False]).first(),
        from_partner_usd=pl.col("v").filter(pl.col("i").is_in(_members(partner))).sum() * USD_PER_UNIT,
    )
    world = sales.group_by("t", "k", "i").agg(pl.col("v").sum())
    exports = world.group_by("t", "k").agg(world_export_hhi=_hhi())
    found = imports.filter(pl.col("imports_usd") > 0)
    for part in (own, exports):
        found = found.join(part, on=["t", "k"], how="left")
    return _judged(found).sort("t", "k")


def _hhi() -> pl.Expr:
    return (pl.col("v") ** 2).sum() / pl.col("v").sum() ** 2


def _judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the criteria, and whether each rule holds in the year; no exports stand for an endless ratio."""
    outside, eu, geo = pl.col("imports_usd"), rules().eu_2021, rules().geodep
    within, sold = (pl.col(name) * USD_PER_UNIT for name in ("within", "sold"))
    found = frame.select(
        *("t", "k", "imports_usd", "from_partner_usd", "first_supplier", "import_hhi", "world_export_hhi"),
        partner_share=pl.col("from_partner_usd") / outside,
        outside_share=outside / (outside + within),
        imports_over_production=outside / (within + sold),
        imports_over_exports=outside / sold,
    )
    return found.with_columns(
        eu_2021=(pl.col("import_hhi") > eu.import_hhi)
        & (pl.col("outside_share") > eu.outside_share)
        & (pl.col("imports_over_production") > eu.imports_over_exports),
        geodep_year=(pl.col("import_hhi") > geo.import_hhi)
        & (pl.col("world_export_hhi") > geo.world_export_hhi)
        & (pl.col("imports_over_exports") > geo.imports_over_exports),
    )


def flagged(products: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Return both flags by product: the European of the last year, CEPII's over the last window.

    A product that is not imported in a year does not hold in it.
    """
    geo, last = rules().geodep, max(years)
    window = [last - back for back in range(geo.window)]
    unseen = len(set(window) - set(years))
    held = pl.col("geodep_year").fill_null(value=False).sum()
    recent = products.filter(pl.col("t").is_in(window)).group_by("k").agg(held=held)
    lasting = (
        pl.when(pl.col("held") >= geo.years)
        .then(statement=True)
        .when(pl.col("held") + unseen < geo.years)
        .then(statement=False)
    )
    shown = ("k", "imports_usd", "from_partner_usd", "partner_share", "first_supplier", "import_hhi")
    newest = products.filter(pl.col("t") == last).select(*shown, "world_export_hhi", "eu_2021")
    return newest.join(recent.select("k", geodep=lasting), on="k").sort(
        "from_partner_usd", "k", descending=[True, False]
    )


def _limits(years: Sequence[int]) -> tuple[str, ...]:
    window = rules().geodep.window
    missing = [str(max(years) - back) for back in range(window) if max(years) - back not in years]
    if not missing:
        return ()
    return (f"GeoDep wants {window} years; the table lacks {', '.join(missing)}.",)


def on_customs_file(a: str, b: str) -> pl.DataFrame | None:
    """Return concentration by product from the importer's own customs, largest from `b` first, or none.

    Only the import side is on file: no exports, so neither rule can be judged whole. The European Union is
    one partner there, so its members' share is not known.

    Returns:
        hs6, sector, imports_usd, from_partner_usd, partner_share, first_supplier, import_hhi, and
        `concentrated`, whether the index is above the threshold both rules share.
    """
    rows = table("product_imports").frame.filter(pl.col("importer") == a)
    if b not in rows["partner"].unique():
        return None
    bought = rows.group_by("hs6", "partner").agg(
        sector=pl.col("sector").first(), v=pl.col("imports_usd").sum().cast(pl.Float64)
    )
    found = bought.group_by("hs6").agg(
        sector=pl.col("sector").sort().first(),
        imports_usd=pl.col("v").sum(),
        from_partner_usd=pl.col("v").filter(pl.col("partner") == b).sum(),
        first_supplier=pl.col("partner").sort_by("v", "partner", descending=[True, False]).first(),
        import_hhi=_hhi(),
    )
    return (
        found.filter(pl.col("imports_usd") > 0)
        .with_columns(
            partner_share=pl.col("from_partner_usd") / pl.col("imports_usd"),
            concentrated=pl.col("import_hhi") > rules().eu_2021.import_hhi,
        )
        .sort("from_partner_usd", "hs6", descending=[True, False])
    )


def opened(path: Path) -> tuple[pl.LazyFrame, list[int]]:
    """Return the table at `path`, and its years: t (Int32), i, j and k as they are written, v (Float64).

    Raises:
        BadTable: it is not there, is no table, lacks columns, or has values that cannot be; every fault is
            listed.
    """
    try:
        raw = _scanned(path)
        schema = raw.collect_schema()
        faults = [
            f"column {name} ({what}) is missing" for name, what in COLUMNS.items() if name not in schema
        ]
        typed = _typed(raw, schema)
        rows = _by_place(typed)
        faults += [*_counted(rows), *_coded(rows), *_misprinted(typed)]
    except intake.UNREADABLE as error:
        raise BadTable(f"{path} cannot be read as a table:", [str(error).splitlines()[0]]) from error
    if faults:
        raise BadTable(f"{path} is not a table of trade by product in the layout of BACI:", faults)
    return typed, sorted(rows["t"].unique().to_list())


def _scanned(path: Path) -> pl.LazyFrame:
    if not path.is_file():
        what = f"{path} is a folder" if path.is_dir() else f"There is no file {path}"
        raise BadTable(f"{what}. Name a CSV or Parquet file in the layout of BACI.")
    if path.suffix.lower() in (".parquet", ".pq"):
        return pl.scan_parquet(path)
    return intake.scanned(path, intake.Expected(BadTable, HEADINGS, ("v",)))


def _typed(raw: pl.LazyFrame, schema: pl.Schema) -> pl.LazyFrame:
    """Return the known columns in their types; what cannot be one is null."""
    made: dict[str, pl.Expr] = {}
    for name in (name for name in COLUMNS if name in schema):
        text = pl.col(name) if schema[name] != pl.String else pl.col(name).str.strip_chars()
        made[name] = text.cast({"t": pl.Int32, "v": pl.Float64}.get(name, pl.String), strict=False)
    return raw.select(**made)


def _by_place(typed: pl.LazyFrame) -> pl.DataFrame:
    """Return the number of rows, and of rows whose value cannot be, by year, seller and buyer, if known."""
    schema = typed.collect_schema()
    value = pl.col("v") if "v" in schema else pl.lit(0.0)
    counts = {
        "rows": pl.len(),
        "empty": value.is_null().sum(),
        "negative": (value < 0).sum(),
        "endless": (~value.is_finite()).sum(),
    }
    keys = [pl.col(name) for name in ("t", "i", "j") if name in schema] or [pl.lit(0).alias("none")]
    return typed.group_by(keys).agg(**counts).collect(engine="streaming")


def _counted(rows: pl.DataFrame) -> Iterator[str]:
    said = {
        "empty": "rows of v (value) are empty or no number",
        "negative": "rows of v (value) are negative",
        "endless": "rows of v (value) are not finite",
    }
    if not rows["rows"].sum():
        yield "it has no rows"
    if "t" in rows.columns and (odd := rows.filter(pl.col("t").is_null())["rows"].sum()):
        yield f"{odd:,} rows of t (year) are empty or no whole number"
    yield from (f"{count:,} {what}" for name, what in said.items() if (count := rows[name].sum()))


def _coded(rows: pl.DataFrame) -> Iterator[str]:
    for name in {"i", "j"} & set(rows.columns):
        if odd := sorted({str(code) for code in rows[name].to_list() if code not in _known()}):
            yield f"{name} ({COLUMNS[name]}) has {len(odd)} codes of no country: {_first(odd)}"


def _misprinted(typed: pl.LazyFrame) -> Iterator[str]:
    if "k" not in typed.collect_schema():
        return
    codes = typed.select(pl.col("k").unique()).collect(engine="streaming")["k"]
    right = codes.str.contains(PRODUCT).fill_null(value=False)
    if odd := sorted(map(str, codes.filter(~right).to_list())):
        yield f"k (product) has {len(odd)} codes that are not six digits: {_first(odd)}"


def _first(items: Sequence[str]) -> str:
    return ", ".join(items[:SHOWN]) + (", …" if len(items) > SHOWN else "")


def _members(code: str) -> list[str]:
    return list(groups().get(code, (code,)))


@cache
def _known() -> dict[str, str]:
    """Return ISO3 by every code a table may carry: BACI's numbers, with zeros before or not, and ISO3."""
    numbers = {form: iso3 for code, iso3 in _numbers().items() for form in (code, code.zfill(NUMBER_DIGITS))}
    return {**numbers, **{iso3: iso3 for iso3 in (*_numbers().values(), *countries())}}


@cache
def _numbers() -> dict[str, str]:
    """Return ISO3 by BACI's number, as its file of countries has them; some are of areas without one."""
    text = (files("palanca") / "data" / "codes" / "baci_countries.csv").read_text("utf-8")
    return {row["code"]: row["iso3"] for row in csv.DictReader(text.splitlines())}
