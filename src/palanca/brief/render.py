"""Write a compiled brief: one page a language, the claims, the tables, the manifest."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl

from palanca import __version__
from palanca.brief.drawing import Studio
from palanca.brief.listing import acts_csv
from palanca.brief.page import Page
from palanca.catalogue.export import csv_of_frame
from palanca.catalogue.text import Language
from palanca.exposure.records import rows

if TYPE_CHECKING:
    from palanca.brief.compilation import Brief

RECENT_ACTIONS = 60
MARK = "\0"  # no text has it


def files(brief: "Brief", studio: Studio, step: Callable[[str], None]) -> dict[str, bytes]:
    """Return every file of the brief by its path; the manifest, which lists the others, is last."""
    for section in brief.body:
        studio.take(section.charts)
    claims = _json([claim.model_dump(mode="json") for claim in brief.claims])
    contents = {"claims.json": claims, **dict(_tables(brief))}
    run = hashlib.sha256(claims + _json(_vintages(brief))).hexdigest()[:16]
    texts = {language: _text(brief, language, studio, run) for language in studio.languages}
    pages = {}
    for language, text in texts.items():
        step(f"brief.{language}.html")
        pages[f"brief.{language}.html"] = _page(text, studio.pictures(language))
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
    libraries = ("polars", "vl-convert-python", "babel")
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
            yield f"tables/{chart.id}.csv", csv_of_frame(chart.data)
        if section.acts:
            yield "tables/acts.csv", acts_csv(section.acts)
    yield (
        "tables/figures.csv",
        csv_of_frame(pl.DataFrame(rows(brief.case.exposure), infer_schema_length=None)),
    )
    actions = brief.case.tables["tariff_actions"]
    mine = actions.frame.filter(pl.col("importer").is_in([brief.case.a.iso3, brief.case.b.iso3]))
    if mine.height:
        yield "tables/tariff_actions.csv", csv_of_frame(mine.tail(RECENT_ACTIONS))


def _text(brief: "Brief", language: Language, studio: Studio, run: str) -> str:
    """Return a page with marks in place of its pictures, which may still be drawn."""
    drawn = {"specs": studio.specs[language], "locale": studio.locale(language)}
    page = Page(
        brief=brief,
        language=language,
        sibling=len(studio.languages) > 1,
        run=run,
        charts=_packed(json.dumps(drawn, ensure_ascii=False, sort_keys=True)),
        script=_packed(studio.script),
        css=_resource("brief.css"),
        js=_resource("brief.js"),
    )
    return _template().render(page=page, w=page.words, mark=MARK)


def _page(text: str, pictures: Mapping[str, str]) -> bytes:
    """Return a page with its pictures: every second piece between marks is the name of one."""
    pieces = text.split(MARK)
    pieces[1::2] = [pictures[name] for name in pieces[1::2]]
    return "".join(pieces).encode()


@cache
def _packed(text: str) -> str:
    """Return text as the page's script unpacks it: it is a third of the length."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


@cache
def _resource(name: str) -> str:
    return (resources("palanca") / "brief" / "templates" / name).read_text("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_resource("brief.html.j2"))
