"""The program that draws: reads one job a line, writes one answer a line, until its input ends.

It is started by path in a process of its own and imports nothing of Palanca, so that it starts fast.
"""

import json
import re
import signal
import sys
from typing import Any

FRACTION = re.compile(r"\d+\.\d{3,}")  # of a point; two digits of it are more than eyes resolve
FONT = "Liberation Sans"  # the one it carries: by any other name it is looked for again at each word
Job = dict[str, Any]


def made(job: Job) -> str:
    """Return what a job asks for: a picture, how a locale writes, or the script of the pages."""
    import vl_convert

    if "spec" in job:
        return _svg(**job)
    if "locale_of" in job:
        name = job["locale_of"]
        numbers, times = vl_convert.get_format_locale(name), vl_convert.get_time_format_locale(name)
        return json.dumps({"formatLocale": numbers, "timeFormatLocale": times}, ensure_ascii=False)
    return str(vl_convert.javascript_bundle(vl_version=job["script_of"]))  # type: ignore[call-arg]


def _svg(spec: Job, locale: Any, release: str) -> str:
    """Return the picture of a Vega-Lite specification; the same specification gives the same bytes.

    Words are measured in the font that the engine carries, and the picture asks for that of its look.
    """
    import vl_convert

    look = spec.get("config", {})
    drawn: str = vl_convert.vegalite_to_svg(
        {**spec, "config": {**look, "font": FONT}},
        vl_version=release,
        format_locale=locale,
        time_format_locale=locale,
    )
    drawn = drawn.replace(f'font-family="{FONT}"', f'font-family="{look.get("font", "sans-serif")}"')
    return FRACTION.sub(lambda found: f"{float(found[0]):.2f}", _renumbered(drawn))


def _renumbered(drawn: str) -> str:
    """Number the ids of a picture from zero: the engine counts on from one picture to the next."""
    names = dict.fromkeys(re.findall(r'\bid="([A-Za-z_]+\d+)"', drawn))
    again = {name: re.sub(r"\d+$", str(place), name) for place, name in enumerate(names)}
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")\b")
    return pattern.sub(lambda found: again[found[1]], drawn) if names else drawn


def _answer(job: Job) -> Job:
    try:
        return {"made": made(job)}
    except ValueError as error:
        return {"fault": str(error).strip().splitlines()[0]}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()
