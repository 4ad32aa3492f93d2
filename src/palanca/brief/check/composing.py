"""What a run of known kinds of words states: read as a whole, or clause by clause."""

from collections.abc import Sequence

from palanca.brief.check.doubles import alike, compared, loss, none_more, rank, weighs
from palanca.brief.check.parts import ALONE, COUNTED, IT, OTHER, Part
from palanca.brief.check.quantities import Asked, Line, Node
from palanca.brief.check.singles import exists, level, moved, of_product, peak, share, use
from palanca.catalogue.text import Language

EDGES = {",", "and"}  # stand at the ends of what is read, and outside it
AUXILIARIES = ("HAVE", "BE", "AUX")
SPLITS = ("CMP", "TIMES", "OVER", "FRACTION", "INCOUNTRIES")
FORMS = (
    loss, use, of_product, share, rank, none_more, weighs, alike, moved, peak, exists, level, compared,
)  # fmt: skip


def composed(run: Line, language: Language, left: Asked | None = None) -> list[tuple[Line, Asked]]:
    """Return the figures that a run tells, each with its nodes; several clauses are read one by one."""
    run = _closed(run)
    whole = _read(run, language, left)
    if whole and (left or not _lost(whole)):
        return [(run, whole)]
    if both := _each(run, language, left):
        return both
    for at in _joints(run):
        first = composed(run[:at], language, left)
        if not first or first[0][0] != run[:at]:
            continue
        rest = composed(run[at + 1 :], language, first[-1][1])
        return [*first, *rest]
    for at in _joints(run):
        found = composed(run[at + 1 :], language, left)
        if found and (left or not _leans(found[0][1])):
            return found
    return []


def _closed(run: Line) -> Line:
    """Return a run without the subject and auxiliary of a clause that goes on in words not known."""
    kinds = [node.kind for node in run]
    end = len(run)
    while end and kinds[end - 1] in AUXILIARIES:
        end -= 1
    subject = end - 1
    if end == len(run) or subject < 1 or kinds[subject] != "C":
        return run
    joint = subject - 1 - (kinds[subject - 1] == "and")
    return run[:joint] if joint > 0 and kinds[joint] == "," else run


def _each(run: Line, language: Language, left: Asked | None) -> list[tuple[Line, Asked]]:
    """Return what is told of each of two countries that a run opens with."""
    kinds = [node.kind for node in run]
    at = next((at for at in range(len(run) - 2) if kinds[at : at + 3] == ["C", "and", "C"]), None)
    if at is None or any(node.kind not in ("T", ",") for node in run[:at]):
        return []
    each = [_read([*run[:one], *run[two:]], language, left) for one, two in ((at + 1, at + 3), (at, at + 2))]
    return [(run, one) for one in each if one] if all(each) else []


def _lost(asked: Asked) -> bool:
    """Return whether no word tells whose a figure of two countries is, nor towards whom."""
    return (
        asked.series not in ALONE
        and asked.owner in (None, IT)
        and asked.other is None
        and asked.series != "loss"
    )


def _leans(asked: Asked) -> bool:
    """Return whether words that were not read would tell whose the figure is."""
    return asked.series not in COUNTED and (asked.owner in (None, IT) or asked.other in (IT, OTHER))


def _joints(run: Sequence[Node]) -> list[int]:
    return [at for at, node in enumerate(run) if node.kind in (",", "and") and 0 < at < len(run) - 1]


def _read(run: Line, language: Language, left: Asked | None) -> Asked | None:
    main, beside = _parted(run, language, left)
    for form in FORMS:
        first = Part(main.nodes, language, left)
        second = Part(beside.nodes, language, left)
        found = form(first, second)
        if found and first.over and second.over and _sound(found):
            return found
    return None


def _parted(run: Line, language: Language, left: Asked | None) -> tuple[Part, Part]:
    """Return a run up to what it is set beside, and what follows; relative pronouns are left out."""
    cut = next((at for at, node in enumerate(run) if node.kind in SPLITS), None)
    than = None if cut is None else next((at for at in range(cut, len(run)) if run[at].kind == "than"), None)
    if than is None and cut is not None and run[cut].kind in ("TIMES", "OVER", "FRACTION"):
        than = cut
    end = len(run) if than is None else than + (run[than].kind != "than")
    kept = [node for node in run[:end] if node.kind != "than"]
    return Part(kept, language, left), Part(
        [node for node in run[end:] if node.kind != "than"], language, left
    )


def _sound(asked: Asked) -> bool:
    """Return whether every period is of known days, and no country is set beside itself."""
    periods = [one for one in (asked.when, asked.against) if one]
    same = asked.owner is not None and asked.owner == asked.other
    return not same and not any(one.vague or one.first is None for one in periods)
