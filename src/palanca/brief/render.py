"""Write a compiled brief: one page a language, the claims, the tables, the manifest."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any, Literal

import jinja2
import polars as pl

from palanca import __version__
from palanca.brief.listing import acts_csv
from palanca.brief.page import Page
from palanca.catalogue.results import remember
from palanca.catalogue.text import Language
from palanca.exposure.records import rows

if TYPE_CHECKING:
    from palanca.brief.compilation import Brief

STATIC_WIDTH = 660
STATIC_PADDING = {"left": 30, "top": 5, "right": 16, "bottom": 5}  # the reader's font is wider than ours
LOCALES: dict[Language, Literal["en-US", "es-ES"]] = {"en": "en-US", "es": "es-ES"}
RECENT_ACTIONS = 60
LOOK = {
    "font": "system-ui, sans-serif",
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#e6eaec",
        "labelColor": "#3d4a52",
        "titleColor": "#3d4a52",
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
    "view": {"stroke": None},
}


def files(brief: "Brief", languages: Sequence[Language], step: Callable[[str], None]) -> dict[str, bytes]:
    """Return every file of the brief by its path; the manifest, which lists the others, is last."""
    claims = _json([claim.model_dump(mode="json") for claim in brief.claims])
    contents = {"claims.json": claims, **dict(_tables(brief))}
    run = hashlib.sha256(claims + _json(_vintages(brief))).hexdigest()[:16]
    pages = {}
    script()
    for language in languages:
        step(f"brief.{language}.html")
        pages[f"brief.{language}.html"] = _page(brief, language, len(languages) > 1, run)
    contents = {**pages, **contents}
    return {**contents, "manifest.json": _manifest(brief, contents, run)}


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _vintages(brief: "Brief") -> dict[str, dict[str, Any]]:
    found = {name: brief.case.tables[name] for name in brief.tables}
    return {
        name: {
            "vintage": table.origin.vintage.isoformat(),
            "sha256": table.origin.sha256,
            "source": table.origin.source,
            "licence": table.origin.licence.name,
            "citation": table.origin.citation,
            "rows": table.frame.height,
            "local": table.origin.local,
        }
        for name, table in found.items()
    }


def _manifest(brief: "Brief", contents: Mapping[str, bytes], run: str) -> bytes:
    libraries = ("polars", "altair", "vl-convert-python", "babel")
    return _json(
        {
            "run": run,
            "palanca": __version__,
            "libraries": {name: installed(name) for name in libraries},
            "country": brief.case.a.iso3,
            "partner": brief.case.b.iso3,
            "as_of": brief.case.tables.as_of.isoformat(),
            "tables": _vintages(brief),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
        }
    )


def _tables(brief: "Brief") -> Iterator[tuple[str, bytes]]:
    for section in brief.body:
        for chart in section.charts:
            yield f"tables/{chart.id}.csv", _csv(chart.data)
        if section.acts:
            yield "tables/acts.csv", acts_csv(section.acts)
    yield "tables/figures.csv", _csv(pl.DataFrame(rows(brief.case.exposure), infer_schema_length=None))
    actions = brief.case.tables["tariff_actions"]
    mine = actions.frame.filter(pl.col("importer").is_in([brief.case.a.iso3, brief.case.b.iso3]))
    if mine.height:
        yield "tables/tariff_actions.csv", _csv(mine.tail(RECENT_ACTIONS))


def _csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def _page(brief: "Brief", language: Language, sibling: bool, run: str) -> bytes:
    charts = [chart for section in brief.body for chart in section.charts]
    specs = {chart.id: {**chart.spec(language), "config": LOOK} for chart in charts}
    page = Page(
        brief=brief,
        language=language,
        sibling=sibling,
        run=run,
        svgs={name: svg(spec, language) for name, spec in specs.items()},
        charts_json=_script(
            json.dumps({"specs": specs, "locale": _locale(language)}, ensure_ascii=False, sort_keys=True)
        ),
        bundle=_script(script().result()),
        css=_resource("brief.css"),
        js=_resource("brief.js"),
    )
    return _template().render(page=page, w=page.words).encode()


def _script(text: str) -> str:
    """Return text that cannot close the script element it stands in."""
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


def svg(spec: dict[str, Any], language: Language) -> str:
    """Return the static picture of a specification, base64; drawn once and found again."""
    fixed = {**spec, "width": STATIC_WIDTH, "padding": STATIC_PADDING}
    arguments = [fixed, language, installed("vl-convert-python")]
    return base64.b64encode(remember("svg", arguments, lambda: _draw(fixed, language))).decode()


def _draw(spec: dict[str, Any], language: Language) -> bytes:
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(
        spec, vl_version=_grammar(), format_locale=LOCALES[language], time_format_locale=LOCALES[language]
    )
    return _renumbered(drawn).encode()


def _renumbered(drawn: str) -> str:
    """Number the ids of a picture from zero: the engine counts on from one picture to the next."""
    names = dict.fromkeys(re.findall(r'\bid="([A-Za-z_]+\d+)"', drawn))
    again = {name: re.sub(r"\d+$", str(place), name) for place, name in enumerate(names)}
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")\b")
    return pattern.sub(lambda found: again[found[1]], drawn) if names else drawn


def _grammar() -> str:
    """Return the Vega-Lite release of Altair's schema as vl-convert names it: major and minor."""
    import altair

    return ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


@cache
def script() -> Future[str]:
    """Begin to make the page's script, which takes seconds, while other work goes on."""
    return ThreadPoolExecutor(1).submit(bundle)


def bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script for the page."""
    arguments = [_grammar(), installed("vl-convert-python")]
    return remember("vega-bundle", arguments, _bundle).decode()


def _bundle() -> bytes:
    import vl_convert

    made: str = vl_convert.javascript_bundle(vl_version=_grammar())  # type: ignore[call-arg]
    return made.encode()


def _locale(language: Language) -> dict[str, Any]:
    arguments = [language, installed("vl-convert-python")]
    found: dict[str, Any] = json.loads(remember("vega-locale", arguments, lambda: _load_locale(language)))
    return found


def _load_locale(language: Language) -> bytes:
    import vl_convert

    name = LOCALES[language]
    return _json(
        {
            "formatLocale": vl_convert.get_format_locale(name),
            "timeFormatLocale": vl_convert.get_time_format_locale(name),
        }
    )


@cache
def _resource(name: str) -> str:
    return (resources("palanca") / "brief" / "templates" / name).read_text("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_resource("brief.html.j2"))
