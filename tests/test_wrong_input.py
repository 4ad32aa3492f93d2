"""Every command as a hurried user types it: with one thing wrong it ends with one clear error and 2."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from palanca.cli import app
from palanca.events.feeds import layout

RUN = CliRunner()
MEASURE = """title: {en: A tariff, es: Un arancel}
status: applied
sender: USA
start: 2025-03-04
authority: a law
source:
- {title: The law itself, url: https://example.org, confidence: high}
clauses:
- {kind: tariff, target: MEX, addition: 25}
"""
FILES = {
    "{text}": ("report.txt", "Mexico depends on the United States for most of its exports of goods."),
    "{measure}": ("measure.yaml", MEASURE),
    "{thetas}": ("thetas.csv", "study,sector,value\nx,y,1\n"),
    "{world}": ("2022.csv", "origin,destination,sector,use,value\n"),
    "{trade}": ("trade.csv", "t,i,j,k,v,q\n2023,156,484,847130,10.5,1\n"),
    "{events}": ("events.csv", "id,date\nx,2025-01-01\n"),
    "{feed}": ("feed.tab", "\t".join(layout("icews").map.values()) + "\n"),
    "{map}": ("map.yaml", layout("icews").model_dump_json(exclude_defaults=True)),
    "{labels}": ("labels.csv", "sentence,kind\n"),
}
CALLS = {  # each command with everything it may be given
    "brief": "{a} {b} --date {day} --out {out}",
    "exposure": "{a} {b} --date {day}",
    "measures": "{measure}",
    "simulate": "{measure} --draws 0 --countries {c} --out {out}",
    "simulate --economy": "{measure} --draws 0 --economy {world}",
    "simulate --elasticities": "{measure} --draws 0 --elasticities {thetas}",
    "power": "{a} {b}",
    "diversify": "{a} {b} --out {out}/frontier.csv",
    "chokepoints": "{a} {b} --products {trade}",
    "events": "{a} {b} --date {day} --since {day}",
    "posture": "{a} {b} --date {day} --out {out}",
    "response": "{a} {b} --date {day} --since {day}",
    "check": "{text} {a} {b} --date {day} --out {out}/page.html",
    "data build": "--raw {folder} --out {out}",
    "data status": "",
    "data fetch": "{source}",
    "data sources": "",
    "cache status": "",
    "cache clear": "",
    "ledger add": "{field} --why y --ledger {ledger}",
    "ledger import": "{events} --why y --ledger {ledger}",
    "ledger check": "{ledgerfile}",
    "ledger repair": "{ledger}",
    "ledger log": "{id} --ledger {ledger}",
    "ledger export": "{out}/events.csv --pair {a} {b}",
    "ledger links": "--accept {id} {id} --ledger {ledger}",
    "ledger suggest": "{text} --pair {a} {b} --train {labels}",
    "feed import": "{feed} --format icews --pair {a} {b} --store {out}",
    "feed import --map": "{feed} --map {map} --store {out}",
    "feed fetch": "--since {day} --until {day} --list http://127.0.0.1:9/none --out {out}",
    "feed status": "",
}
NAMES = {"{a}": "MEX", "{b}": "USA", "{c}": "MEX", "{day}": "2026-06-30", "{id}": "nope", "{field}": "nope"}
WRONG_NAMES = ("Mexco", "Atlantis", "", "USA", "UNITED STATES", "Guiana", "2026")
WRONG_DAYS = ("nonsense", "2026-02-30", "20260101", "", "1900-01-01", "2999-01-01")
WRONG_FILES: dict[str, bytes | None] = {
    "missing": None,
    "empty": b"",
    "binary": bytes(range(256)) * 8,
    "corrupt": b"\xff\xfe\x00\xd8a",
    "brackets": b"[" * 5_000,
    "words": '¿Qué es esto? 1;2;3\n"'.encode(),
}


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield every command of the tree."""
    under = getattr(command, "commands", None)
    if under is None:
        yield " ".join(path)
    for name, one in (under or {}).items():
        yield from leaves(one, (*path, name))


def test_every_command_is_tried() -> None:
    tried = {command.split(" --")[0] for command in CALLS}
    assert tried == set(leaves(typer.main.get_command(app)))


def wrongs() -> Iterator[tuple[str, str, str]]:
    """Yield command, the place that is wrong, and how."""
    for command, words in CALLS.items():
        yield command, "", "option"
        for slot in dict.fromkeys(word for word in words.replace("/", " ").split() if word.startswith("{")):
            if slot in ("{a}", "{c}"):
                kinds = [name for name in WRONG_NAMES if slot == "{a}" or not name.upper().startswith("U")]
            elif slot == "{day}":
                kinds = [*WRONG_DAYS[: 4 if command == "feed fetch" else None]]
            elif command == "check" and slot == "{text}":
                kinds = ["missing", "empty", "binary", "corrupt", "folder"]  # anything else is text
            elif slot in FILES or slot == "{ledgerfile}":
                kinds = [*WRONG_FILES, "folder"] if slot != "{ledgerfile}" else [*WRONG_FILES]
            elif slot == "{out}":
                kinds = ["under a file", "read-only"]
            else:
                kinds = {"{folder}": ["missing"], "{ledger}": ["file"], "{source}": ["nope"]}.get(
                    slot, ["nope"]
                )
            yield from ((command, slot, kind) for kind in kinds)


@pytest.mark.parametrize(("command", "slot", "kind"), list(wrongs()), ids=lambda value: str(value) or "none")
def test_one_thing_wrong_is_one_error_and_two(
    command: str, slot: str, kind: str, tmp_path: Path, without_privilege: Any
) -> None:
    said = dict(NAMES) | {name: str(written(tmp_path, *FILES[name])) for name in FILES}
    said |= {"{out}": str(tmp_path / "out"), "{folder}": str(tmp_path), "{ledger}": str(tmp_path / "ledger")}
    said |= {"{ledgerfile}": said["{events}"], "{source}": "nope"}
    words = CALLS[command] if slot else f"{CALLS[command]} --nonsense"
    if slot:
        said[slot] = wrong(tmp_path, slot, kind, said)
    call = [*command.split(" --")[0].split(), *(filled(word, said) for word in words.split())]
    if kind == "read-only":
        tmp_path.chmod(0o755)
        elsewhere = str(written(tmp_path, "file", "x") / "out")  # first loads what nobody else may read
        RUN.invoke(app, [word.replace(said[slot], elsewhere) for word in call])
        with without_privilege():
            ends_with_one_error(RUN.invoke(app, call))
    else:
        ends_with_one_error(RUN.invoke(app, call))


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def filled(word: str, said: dict[str, str]) -> str:
    for slot, value in said.items():
        word = word.replace(slot, value)
    return word


def wrong(folder: Path, slot: str, kind: str, said: dict[str, str]) -> str:
    """Return a value that is wrong in one way."""
    if slot == "{out}" and kind == "read-only":
        (folder / "locked").mkdir(mode=0o555)
        return str(folder / "locked" / "out")
    if slot == "{out}" or kind == "file":
        return str(written(folder, "file", "x")) + ("/out" if slot == "{out}" else "")
    if kind == "folder":
        return str(folder)
    if kind in WRONG_FILES and slot != "{folder}":
        path = folder / f"wrong{Path(said[slot]).suffix}"
        content = WRONG_FILES[kind]
        if content is not None:
            path.write_bytes(content)
        return str(path)
    return str(folder / "missing") if slot == "{folder}" else kind


def ends_with_one_error(done: Result) -> None:
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert done.stderr.count("Error") == 1, done.stderr
    assert "Traceback" not in done.stderr
