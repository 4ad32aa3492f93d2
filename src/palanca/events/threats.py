"""What became of threats. One act carries out at most one threat on a matter: the latest before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from palanca.events.episodes import descendants, followers, in_order, rules
from palanca.events.event import Event
from palanca.events.readings import readings, settles


@dataclass(frozen=True)
class Fate:
    """What became of one threat; at most one of the three is there, none while it stands.

    Attributes:
        done: the act that carried it out.
        withdrawn: the act by which it was dropped.
        by: the later threat on the same matter that took its place.
    """

    threat: Event
    done: Event | None = None
    withdrawn: Event | None = None
    by: Event | None = None


def fates(events: Sequence[Event], actor: str, target: str, *, wide: bool = False) -> dict[str, Fate]:
    """Return what became of every threat of one country to another, by id, oldest first.

    A threat is carried out by the first measure or escalation of its author, by the same instrument, that
    follows from it through links, or by the act that a reader of the entries named.

    Args:
        wide: let one by any instrument on a front of the threat carry it out.
    """
    ordered = in_order(events)
    later, place = followers(ordered), {event.id: at for at, event in enumerate(ordered)}
    said = [one for one in ordered if one.kind == "threat" and (one.actor, one.target) == (actor, target)]
    after = [sorted(descendants(one, later), key=lambda event: place[event.id]) for one in said]
    return _one_each([_fate(one, followed, wide=wide) for one, followed in zip(said, after, strict=True)])


def _fate(threat: Event, followed: Sequence[Event], *, wide: bool) -> Fate:
    """Return the first thing that became of a threat."""
    read = readings().get(threat.id)
    if read and read.outcome in ("carried out", "withdrawn"):
        event = next((one for one in followed if one.id == read.event), None)
        return Fate(threat, done=event) if read.outcome == "carried out" else Fate(threat, withdrawn=event)
    pressed = False
    for event in followed:
        if _carries_out(event, threat, wide=wide):
            return Fate(threat, done=event)
        if _drops(event, threat, pressed=pressed):
            return Fate(threat, withdrawn=event)
        if on_one_matter(event, threat):
            return Fate(threat, by=event)
        pressed = pressed or (event.actor == threat.actor and event.group == "pressure")
    return Fate(threat)


def _drops(event: Event, threat: Event, *, pressed: bool) -> bool:
    """Return whether an event withdraws a threat, and not what its author did after it.

    Args:
        pressed: whether its author has pressed again since, by whatever means.
    """
    return settles(event, threat) == "withdrawn" and (threat.id in event.linked_to or not pressed)


def _carries_out(event: Event, threat: Event, *, wide: bool) -> bool:
    ours = (event.actor, event.target) == (threat.actor, threat.target)
    means = bool(set(event.fronts) & set(threat.fronts)) if wide else event.instrument == threat.instrument
    return ours and means and event.kind in rules().carried_out


def on_one_matter(one: Event, other: Event) -> bool:
    """Return whether two events are threats of one author to one target, by one means, that share a front."""
    alike = all(getattr(one, name) == getattr(other, name) for name in ("kind", "actor", "target"))
    return alike and one.instrument == other.instrument and bool(set(one.fronts) & set(other.fronts))


def _one_each(found: Iterable[Fate]) -> dict[str, Fate]:
    """Return fates in which an act that several threats on one matter lead to carries out the last."""
    kept: dict[str, Fate] = {}
    for fate in reversed(list(found)):
        rivals = (one.threat for one in reversed(kept.values()) if fate.done and one.done == fate.done)
        after = next((one for one in rivals if on_one_matter(one, fate.threat)), None)
        kept[fate.threat.id] = Fate(fate.threat, by=after) if after else fate
    return dict(reversed(kept.items()))
