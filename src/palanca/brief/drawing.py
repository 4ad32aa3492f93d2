"""Pictures and the page's script, made beside the writing: in processes of their own, kept in the cache."""

import base64
import json
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Literal
from xml.sax.saxutils import escape

from palanca.brief import engine
from palanca.brief.figures import Chart
from palanca.catalogue.results import remember
from palanca.catalogue.text import Language
from palanca.errors import DrawingError

MOST_ENGINES = 2  # each takes some 200 MB
WIDTH, BROAD = 440, 700  # of a picture, in points: one of two in a row, or a row of its own
PADDING = {"left": 30, "top": 5, "right": 16, "bottom": 5}  # the reader's font is wider than ours
LOCALES: dict[Language, Literal["en-US", "es-ES"]] = {"en": "en-US", "es": "es-ES"}
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
LICENCES = "vega.LICENSE.txt"  # of the script of the pages
Job = dict[str, Any]


class Studio:
    """Draws the charts of a brief while it is being written.

    Use it as a context: `take` each chart as soon as it is known, then ask for `specs`, `pictures` and the
    `script`.
    """

    def __init__(self, languages: Sequence[Language]) -> None:
        self.languages = tuple(languages)
        self.specs: dict[Language, dict[str, Job]] = {language: {} for language in languages}
        self._drawn: dict[Language, dict[str, Future[bytes]]] = {language: {} for language in languages}
        self._engines: list[subprocess.Popen[str]] = []
        self._folder = TemporaryDirectory(prefix="palanca-")
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(min(MOST_ENGINES, os.cpu_count() or 1))
        self._script = self._pool.submit(_script, self._ask)

    def __enter__(self) -> "Studio":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error:
            self._pool.shutdown(wait=False, cancel_futures=True)
            for running in self._engines:
                running.kill()
        self._pool.shutdown()
        for running in self._engines:
            running.communicate()  # an engine ends with its input
        self._folder.cleanup()

    def take(self, charts: Sequence[Chart]) -> None:
        """Begin to draw charts in every language; one that was taken before is left alone."""
        for chart in charts:
            for language in self.languages:
                if chart.id not in self.specs[language]:
                    spec = {**chart.spec(language), "config": LOOK}
                    self.specs[language][chart.id] = spec
                    job = _still(spec, language, broad=chart.broad)
                    self._drawn[language][chart.id] = self._pool.submit(self._remembered, "svg", job)

    def pictures(self, language: Language) -> dict[str, str]:
        """Return every picture by the chart's id, in base64.

        Raises:
            DrawingError: a chart that cannot be drawn.
        """
        return {
            name: base64.b64encode(made.result()).decode() for name, made in self._drawn[language].items()
        }

    @property
    def script(self) -> str:
        """Vega, Vega-Lite and Vega-Embed as one script."""
        return self._script.result()

    def _remembered(self, kind: str, job: Job) -> bytes:
        return _remembered(kind, job, self._ask)

    def _ask(self, job: Job) -> bytes:
        """Return what the engine of this thread makes of a job; the engine is started for the first."""
        if not hasattr(self._own, "engine"):
            self._own.engine = _started(Path(self._folder.name))
            self._engines.append(self._own.engine)
        into, out_of = self._own.engine.stdin, self._own.engine.stdout
        into.write(json.dumps(job) + "\n")
        into.flush()
        answer = json.loads(out_of.readline() or '{"fault": "the engine that draws has stopped"}')
        if "fault" in answer:
            raise DrawingError(f"A chart could not be drawn: {answer['fault']}")
        return str(answer["made"]).encode()


def _remembered(kind: str, job: Job, make: Callable[[Job], bytes]) -> bytes:
    return remember(kind, [job, installed("vl-convert-python")], lambda: make(job))


def script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script for a page."""
    return _script(lambda job: engine.bundle(**job).encode())


def _script(make: Callable[[Job], bytes]) -> str:
    """Return the script that is carried for the releases installed; for others it is made, in seconds.

    The licences of what it is made of stand at its head, for they ask to go wherever it goes.
    """
    carried = carried_script()
    if carried.is_file():
        bundle = zlib.decompress(carried.read_bytes()).decode()
    else:
        bundle = _remembered("vega-bundle", {"grammar": grammar()}, make).decode()
    return f"/*!\n{carried.with_name(LICENCES).read_text('utf-8')}*/\n{bundle}"


def carried_script() -> Path:
    """Return where the script of the releases installed is carried; `palanca.brief.carry` puts it there."""
    name = f"vega-{grammar()}-{installed('vl-convert-python')}.js.z"
    return Path(__file__).with_name("templates") / name


def _started(folder: Path) -> subprocess.Popen[str]:
    """Start an engine that measures letters with the font it carries.

    Fonts of the system would be opened anew for each letter, and differ from one machine to the next.
    """
    program, fonts = Path(__file__).with_name("engine.py"), folder / "fonts.conf"
    fonts.write_text(f"<?xml version='1.0'?><fontconfig><dir>{escape(str(folder))}</dir></fontconfig>")
    return subprocess.Popen(
        [sys.executable, "-P", str(program)],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _still(spec: Job, language: Language, *, broad: bool) -> Job:
    """Return the job of a picture: at its width, without the labels that an `img` hides from readers."""
    fixed = {
        **spec,
        "width": BROAD if broad else WIDTH,
        "padding": PADDING,
        "config": {**LOOK, "aria": False},
    }
    return {"spec": fixed, "locale": LOCALES[language], "grammar": grammar()}


@cache
def grammar() -> str:
    """Return the Vega-Lite release of Altair's schema as the engine names it: major and minor."""
    import altair

    return ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def locale(language: Language) -> dict[str, Any]:
    """Return how numbers and dates are written in a language, as Vega reads it."""
    arguments = [language, installed("vl-convert-python")]
    found: dict[str, Any] = json.loads(remember("vega-locale", arguments, lambda: _locale(language)))
    return found


def _locale(language: Language) -> bytes:
    import vl_convert

    name = LOCALES[language]
    found = {
        "formatLocale": vl_convert.get_format_locale(name),
        "timeFormatLocale": vl_convert.get_time_format_locale(name),
    }
    return json.dumps(found, ensure_ascii=False).encode()
