"""Measures made from measures: answered in kind, with another exemption, or without the answer."""

from palanca.errors import BadMeasure
from palanca.trade.clause import ALL, FORBIDS, MONTH, Claimed
from palanca.trade.measure import Measure


def answers_itself(act: Measure) -> bool:
    """Return whether the measure already holds what its targets do in return."""
    return any(item.sender is not None and set(item.sender) - set(act.sender) for item in act.clauses)


def unanswered(act: Measure) -> Measure:
    """Return the measure without what its targets do in return."""
    kept = tuple(item for item in act.clauses if not set(item.sender or ()) - set(act.sender))
    return act.model_copy(update={"clauses": kept})


def exempting(act: Measure, month: str) -> Measure:
    """Return the measure with goods exempt that claimed a preference in `month`, where it exempts none."""
    clauses = tuple(
        item
        if item.kind in FORBIDS or item.exempt
        else item.model_copy(update={"exempt": Claimed(claimed=month)})
        for item in act.clauses
    )
    return act.model_copy(update={"clauses": clauses})


def claiming(act: Measure, month: str) -> Measure:
    """Return the measure with the claims of another month, where it exempts or hits what claimed one.

    Raises:
        BadMeasure: `month` is not written YYYY-MM.
    """
    if not MONTH.fullmatch(month):
        raise BadMeasure(f"{month!r} is not a month, written YYYY-MM.")
    clauses = tuple(
        item.model_copy(
            update={
                name: Claimed(claimed=month)
                for name in ("exempt", "only")
                if isinstance(getattr(item, name), Claimed)
            }
        )
        for item in act.clauses
    )
    return act.model_copy(update={"clauses": clauses})


def mirrored(act: Measure) -> Measure:
    """Return the answer in kind: every target does to the sender what the sender does to it.

    Raises:
        BadMeasure: a clause acts on all partners, who cannot all be named as those who answer.
    """
    open_ended = [
        f"clause {place}: its target is all"
        for place, item in enumerate(act.clauses, 1)
        if ALL in item.target
    ]
    if open_ended:
        raise BadMeasure(f"{act.name} has no answer in kind:", open_ended)
    clauses = tuple(
        item.model_copy(update={"sender": item.target, "target": act.senders(item), "exempt": 0.0})
        for item in act.clauses
    )
    return act.model_copy(update={"name": f"{act.name}-answered", "clauses": clauses})
