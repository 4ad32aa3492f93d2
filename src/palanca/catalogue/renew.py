"""Get sources again from their publishers, and derive their tables anew."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from palanca.catalogue import snapshot
from palanca.catalogue.build import Built, build, chosen, with_used
from palanca.catalogue.clean import DERIVATIONS, Derivation
from palanca.catalogue.folders import user_data
from palanca.catalogue.sources import Source
from palanca.catalogue.sources.fetch import download
from palanca.errors import DownloadError

Advance = Callable[[str, int, int | None], None]


def renew(
    names: Iterable[str],
    *,
    derivations: Mapping[str, Derivation] = DERIVATIONS,
    advance: Advance = lambda _name, _done, _total: None,
) -> list[Built]:
    """Download each source into the user's data folder and derive its tables there, as `build` does.

    Raises:
        InputError: no source of that name.
        DownloadError: a file could not be had whole, or the publisher offers no single file.
        BadTable: what came is not what the reader expects; the tables in use stay as they were.
    """
    wanted = chosen(names)
    needed = with_used(wanted)
    _require_addresses(needed)
    raw = user_data() / "raw"
    for source in needed:
        for file in source.files:
            if file.url:
                shown = partial(advance, file.path.rsplit("/", 1)[-1])
                download(file.url, raw / file.path, sha256=file.sha256, size=file.size, advance=shown)
    only = [source.name for source in wanted]
    built = build(raw, user_data() / "tables", only=only, derivations=derivations)
    snapshot.forget()
    return built


def _require_addresses(wanted: Iterable[Source]) -> None:
    raw = user_data() / "raw"
    lost = [
        f"{raw / file.path}: see {source.address or source.citation}"
        for source in wanted
        for file in source.files
        if not file.url and not file.is_in(raw)
    ]
    if lost:
        raise DownloadError(
            "These files cannot be fetched as one; put them there by hand, then run this again:", lost
        )
