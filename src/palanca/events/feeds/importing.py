"""An import: read every unit, merge every month, write down what was counted.

A killed import is begun again with the same files and ends with the same store: units and months that
are done are not done again.
"""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from palanca.catalogue.files import require_writable, turn, write
from palanca.errors import BadFeed
from palanca.events.feeds import staging, store
from palanca.events.feeds.layouts import Layout
from palanca.events.feeds.opening import opened
from palanca.events.feeds.shape import fitted, require_readable
from palanca.events.feeds.staging import Job, stage
from palanca.events.feeds.units import Unit, blocks, fingerprint, units

TELLING = (
    10  # malformed lines alone that show another format; fewer may be the bad rows of a quiet quarter hour
)
Advance = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        files: imported now; `skipped` were in the store already.
        lines: of the files, headers included.
        kept: rows that could be used and are between the pair.
        outside: rows between others than the pair.
        malformed: rows kept aside, by reason.
        months: months of the store that got rows.
        rows: rows of the store afterwards; `repeated` the rows ever kept that told of the same event.
    """

    store: str
    files: int
    skipped: int
    lines: int
    kept: int
    outside: int
    malformed: dict[str, int]
    months: int
    rows: int
    repeated: int


def nothing(what: str, done: int, total: int) -> None:
    """Show no progress."""


def import_files(
    paths: Sequence[Path],
    layout: Layout,
    target: Path,
    *,
    pair: tuple[str, str] | None = None,
    executor: Executor | None = None,
    advance: Advance = nothing,
) -> Imported:
    """Import a feed's files into a store; if another import into it is under way, after that.

    Args:
        paths: files as published: plain, zip with one file inside, or gzip.
        target: folder of the store; all workers of the executor must see it and the files.
        pair: keep only events between these two, ISO3.
        executor: of `concurrent.futures` or of its interface; this thread, if not given.
        advance: told what is being done, how much of it is done, and how much there is.

    Raises:
        InputError: files that are not there.
        BadFeed: a file is of another layout, or damaged. What was read so far is kept aside for the case
            that the file is mended; the store is as it was.
        UnwritableFolder: the store cannot be written.
    """
    require_writable(target)
    paths = list(dict.fromkeys(paths))
    units(paths, layout)
    target.mkdir(parents=True, exist_ok=True)
    with turn(target / store.TURN):
        return _imported(paths, (layout, pair), target, executor, advance)


def _imported(
    paths: Sequence[Path],
    kind: tuple[Layout, tuple[str, str] | None],
    target: Path,
    executor: Executor | None,
    advance: Advance,
) -> Imported:
    """Import files while nobody else imports into the store."""
    layout, pair = kind
    before = store.records(target)
    known = {(one["file"], one["size"], one["feed"], str(one["pair"])): one["digest"] for one in before}
    fresh = [path for path in paths if not _is_known(path, known, layout, pair)]
    name = fingerprint(paths, [layout.model_dump(mode="json"), pair])
    job = Job(str(target / store.UNFINISHED / name), layout, pair)
    added, touched = [], set()
    if fresh:
        require_readable(fresh, layout)
        work = units(fresh, layout)
        try:
            _stage_all(job, work, executor, advance)
        except BadFeed:
            _remove_empty(Path(job.folder), target / store.UNFINISHED)
            raise
        _refuse_foreign(job, work, target)
        touched = _merge_all(job, work, target, executor, advance)
        added = _write_down(job, work, target, before)
    shutil.rmtree(job.folder, ignore_errors=True)
    _remove_empty(target / store.UNFINISHED)
    return _report(target, [*before, *added], added, touched, len(paths) - len(fresh))


def _is_known(
    path: Path, known: dict[tuple[Any, ...], str], layout: Layout, pair: tuple[str, str] | None
) -> bool:
    """Return whether a file of that name, size and content is in the store."""
    digest = known.get((path.name, path.stat().st_size, layout.feed, str(list(pair) if pair else None)))
    return digest is not None and digest == digest_of(path, layout)


def digest_of(path: Path, layout: Layout) -> str:
    """Return the hash of a file's content, unpacked, made of the hashes of its parts."""
    return _joined(_part_digest(unit, layout) for unit in units([path], layout))


def _part_digest(unit: Unit, layout: Layout) -> str:
    digest = blake2b(digest_size=16)
    if fitted(unit[0].file, layout).by_lines:
        for data in blocks(unit[0]):
            digest.update(data)
    else:
        with opened(unit[0].file) as file:
            while data := file.read(1 << 20):
                digest.update(data)
    return digest.hexdigest()


def _joined(digests: Iterator[str]) -> str:
    return blake2b("".join(digests).encode(), digest_size=16).hexdigest()


def _stage_all(job: Job, work: Sequence[Unit], executor: Executor | None, advance: Advance) -> None:
    waiting = [(job, number, unit) for number, unit in enumerate(work) if not job.place(number).exists()]
    _drive(
        stage, waiting, executor, lambda done: advance("reading", len(work) - len(waiting) + done, len(work))
    )


def _refuse_foreign(job: Job, work: Sequence[Unit], target: Path) -> None:
    """Refuse files none of whose lines is a row of the feed, before any file is in the store."""
    lines, rows = Counter[str](), Counter[str]()
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for part in (part for number in range(len(work)) for part in _summary(job, number)["parts"]):
        lines[part["file"]] += part["lines"]
        rows[part["file"]] += part["kept"] + part["outside"]
        reasons[part["file"]].update(part["reasons"])
    foreign = [file for file in lines if sum(reasons[file].values()) >= TELLING and not rows[file]]
    if foreign:
        shutil.rmtree(job.folder)
        _remove_empty(target / store.UNFINISHED)
        told = (", ".join(f"{why} {count}" for why, count in reasons[file].items()) for file in foreign)
        raise BadFeed(
            f"Nothing was imported: files without a row of the format {job.layout.feed}. Name their own "
            "--format, or leave them out:",
            [f"{file}, {lines[file]} lines: {why}" for file, why in zip(foreign, told, strict=True)],
        )


def _merge_all(
    job: Job, work: Sequence[Unit], target: Path, executor: Executor | None, advance: Advance
) -> set[str]:
    """Merge every month that is not merged yet; return all the months of the import."""
    staged: dict[str, list[Path]] = defaultdict(list)
    for number in range(len(work)):
        for path in sorted(job.place(number).glob("*.parquet")):
            staged[path.name[:7]].append(path)
    drafts = Path(job.folder)
    waiting = [(target, month, files, drafts) for month, files in sorted(staged.items()) if files]
    _drive(store.merge, waiting, executor, lambda done: advance("merging", done, len(waiting)))
    return set(staged)


def _drive(
    task: Callable[..., object],
    calls: Sequence[tuple[Any, ...]],
    executor: Executor | None,
    done: Callable[[int], None],
) -> None:
    """Make every call, telling how many are done; the first fault ends it."""
    if executor is None:
        for count, call in enumerate(calls, 1):
            task(*call)
            done(count)
        return
    futures = [executor.submit(task, *call) for call in calls]
    try:
        for count, future in enumerate(as_completed(futures), 1):
            future.result()
            done(count)
    finally:
        _cancel(futures)


def _cancel(futures: Sequence["Future[object]"]) -> None:
    for future in futures:
        future.cancel()


def _write_down(
    job: Job, work: Sequence[Unit], target: Path, before: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Write the malformed rows and the list of files; return what it has now that it had not."""
    parts = [_summary(job, number)["parts"] for number in range(len(work))]
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in (part for several in parts for part in several):
        by_file[part["file"]].append(part)
    added = [_record(file, several, job) for file, several in by_file.items()]
    _write_malformed(job, parts, target, dict(zip(by_file, added, strict=True)))
    listed = json.dumps([*before, *added], indent=1, ensure_ascii=False) + "\n"
    write(target / "imports.json", listed.encode())
    return added


def _summary(job: Job, number: int) -> dict[str, Any]:
    return dict(json.loads((job.place(number) / staging.SUMMARY).read_text("utf-8")))


def _record(file: str, parts: Sequence[dict[str, Any]], job: Job) -> dict[str, Any]:
    reasons = sum((Counter(part["reasons"]) for part in parts), Counter[str]())
    digest = _joined(part["digest"] for part in parts)
    return {
        "file": Path(file).name,
        "size": Path(file).stat().st_size,
        "digest": digest,
        "feed": job.layout.feed,
        "pair": list(job.pair) if job.pair else None,
        "lines": sum(part["lines"] for part in parts),
        "kept": sum(part["kept"] for part in parts),
        "outside": sum(part["outside"] for part in parts),
        "malformed": dict(sorted(reasons.items())),
        "malformed_file": f"malformed/{Path(file).name}-{digest[:8]}.jsonl" if reasons else None,
    }


def _write_malformed(
    job: Job, parts: Sequence[Sequence[dict[str, Any]]], target: Path, records: dict[str, dict[str, Any]]
) -> None:
    """Write each file's malformed rows with their line in the file, the first being 1."""
    for record in records.values():
        if record["malformed_file"]:
            path = target / record["malformed_file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
    begins: Counter[str] = Counter()
    for number, several in enumerate(parts):
        offsets = []
        for part in several:
            offsets.append(begins[part["file"]])
            begins[part["file"]] += part["lines"]
        with (job.place(number) / staging.FAULTS).open(encoding="utf-8") as faults:
            for place, told in groupby(map(json.loads, faults), key=itemgetter("part")):
                kept = target / records[several[place]["file"]]["malformed_file"]
                with kept.open("a", encoding="utf-8") as file:
                    file.writelines(_told(one, offsets[place]) for one in told)


def _told(fault: dict[str, Any], offset: int) -> str:
    row = {"line": offset + fault["line"] + 1, "reason": fault["reason"], "text": fault["text"]}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _remove_empty(*folders: Path) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _report(
    target: Path,
    now: Sequence[dict[str, Any]],
    added: Sequence[dict[str, Any]],
    touched: set[str],
    skipped: int,
) -> Imported:
    reasons = sum((Counter(one["malformed"]) for one in added), Counter[str]())
    rows = sum(month.rows for month in store.months(target))
    return Imported(
        store=str(target),
        files=len(added),
        skipped=skipped,
        lines=sum(one["lines"] for one in added),
        kept=sum(one["kept"] for one in added),
        outside=sum(one["outside"] for one in added),
        malformed=dict(sorted(reasons.items())),
        months=len(touched),
        rows=rows,
        repeated=sum(one["kept"] for one in now) - rows,
    )
