"""Pictures and the page's script, made beside the writing: in a process of its own, kept in the cache.

Importing loads nothing else, so that the engine warms up while the rest of Palanca is loaded.
"""

import base64
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

from palanca.brief.grammar import RELEASE, Chart, Layers
from palanca.errors import DrawingError

if TYPE_CHECKING:
    from palanca.brief import figures
    from palanca.catalogue.text import Language

WIDTH, BROAD = 440, 700  # of a picture, in points: one of two in a row, or a row of its own
PADDING = {"left": 30, "top": 5, "right": 16, "bottom": 5}  # the reader's font is wider than ours
LOCALES: "dict[Language, Literal['en-US', 'es-ES']]" = {"en": "en-US", "es": "es-ES"}
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

    Use it as a context: `take` each chart as soon as it is known, then ask for `specs`, `pictures`, the
    `locale` and the `script`.
    """

    def __init__(self, languages: Sequence["Language"]) -> None:
        self.languages = tuple(languages)
        self.specs: dict[Language, dict[str, Job]] = {language: {} for language in languages}
        self._drawn: dict[Language, dict[str, Future[bytes]]] = {language: {} for language in languages}
        self._folder = TemporaryDirectory(prefix="palanca-")
        try:
            self._engine = _started(Path(self._folder.name))
        except OSError:
            self._folder.cleanup()
            raise
        self._queue = ThreadPoolExecutor(1)  # jobs go to the engine one by one
        self._queue.submit(self._ask, _first())
        self._locales = {
            one: self._queue.submit(self._ask, {"locale_of": LOCALES[one]}) for one in self.languages
        }
        self._script = self._queue.submit(_script, self._ask)

    def __enter__(self) -> "Studio":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error:
            self._queue.shutdown(wait=False, cancel_futures=True)
            self._engine.kill()
        self._queue.shutdown()
        self._engine.communicate()  # an engine ends with its input
        self._folder.cleanup()

    def take(self, charts: Sequence["figures.Chart"]) -> None:
        """Begin to draw charts in every language; one that was taken before is left alone."""
        for chart in charts:
            for language in self.languages:
                if chart.id not in self.specs[language]:
                    spec = {**chart.spec(language), "config": LOOK}
                    self.specs[language][chart.id] = spec
                    job = _still(spec, language, broad=chart.broad)
                    self._drawn[language][chart.id] = self._queue.submit(self._remembered, "svg", job)

    def pictures(self, language: "Language") -> dict[str, str]:
        """Return every picture by the chart's id, in base64.

        Raises:
            DrawingError: a chart that cannot be drawn.
        """
        return {
            name: base64.b64encode(made.result()).decode() for name, made in self._drawn[language].items()
        }

    def locale(self, language: "Language") -> dict[str, Any]:
        """Return how numbers and dates are written in a language, as Vega reads it."""
        found: dict[str, Any] = json.loads(self._locales[language].result())
        return found

    @property
    def script(self) -> str:
        """Vega, Vega-Lite and Vega-Embed as one script."""
        return self._script.result()

    def _remembered(self, kind: str, job: Job) -> bytes:
        return _remembered(kind, job, self._ask)

    def _ask(self, job: Job) -> bytes:
        """Return what the engine makes of a job."""
        into, out_of = self._engine.stdin, self._engine.stdout
        if into is None or out_of is None:
            raise DrawingError("A chart could not be drawn: the engine that draws was not started")
        into.write(json.dumps(job) + "\n")
        into.flush()
        answer = json.loads(out_of.readline() or '{"fault": "the engine that draws has stopped"}')
        if "fault" in answer:
            raise DrawingError(f"A chart could not be drawn: {answer['fault']}")
        return str(answer["made"]).encode()


def _first() -> Job:
    """Return a small job with marks, axes and a legend: the first that an engine does takes a second."""
    rows = [{"at": name, "size": size} for name in "ab" for size in (1.5, 2.5)]
    bars = Chart(rows).mark("bar").encode(x="size:Q", y="at:N", color="at:N")
    return _still(Layers([bars, bars.mark("line"), bars.mark("point")], 80).spec(), "en", broad=False)


def _remembered(kind: str, job: Job, make: Callable[[Job], bytes]) -> bytes:
    from palanca.catalogue.results import remember

    return remember(kind, [job, _engine()], lambda: make(job))


@cache
def _engine() -> str:
    """Return the release of what draws."""
    return installed("vl-convert-python")


def script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script for a page."""
    from palanca.brief.engine import made

    return _script(lambda job: made(job).encode())


def _script(make: Callable[[Job], bytes]) -> str:
    """Return the script that is carried for the releases installed; for others it is made, in seconds.

    The licences of what it is made of stand at its head, for they ask to go wherever it goes.
    """
    carried = carried_script()
    if carried.is_file():
        bundle = zlib.decompress(carried.read_bytes()).decode()
    else:
        bundle = _remembered("vega-bundle", {"script_of": RELEASE}, make).decode()
    return f"/*!\n{carried.with_name(LICENCES).read_text('utf-8')}*/\n{bundle}"


def carried_script() -> Path:
    """Return where the script of the releases installed is carried; `palanca.brief.carry` puts it there."""
    name = f"vega-{RELEASE}-{_engine()}.js.z"
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


def _still(spec: Job, language: "Language", *, broad: bool) -> Job:
    """Return the job of a picture: at its width, without the labels that an `img` hides from readers."""
    fixed = {
        **spec,
        "width": BROAD if broad else WIDTH,
        "padding": PADDING,
        "config": {**LOOK, "aria": False},
    }
    return {"spec": fixed, "locale": LOCALES[language], "release": RELEASE}
