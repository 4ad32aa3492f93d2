"""Tests of statements on what two countries did to each other, by the ledger."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from palanca.brief.check.matter import Arguments, Matter, Reading, no_ledger, too_early
from palanca.brief.check.statement import Statement
from palanca.brief.check.text import plain
from palanca.brief.check.words import words
from palanca.catalogue import Evidence, Unknown, countries
from palanca.catalogue.unknown import unknown
from palanca.events import rates, record
from palanca.events.event import Event
from palanca.events.settlement import Episode
from palanca.events.shares import Count, counted
from palanca.response import yields
from palanca.response.tariffs import STATUTORY, added

PRESSED = ("escalated", "overtaken", "carried out")
FRIENDLY = ("concession", "negotiation", "cooperation", "agreement")
SPREAD = ("always", "nearly", "mostly", "rarely")  # degrees that need all occasions, not one act
TWICE = 2
STEM = 5  # letters of a word that find it in a title whatever its ending
DIGITS = re.compile(r"\D")


def share(matter: Matter, count: Count, name: str) -> Reading | Unknown:
    """Return a share of acts in percent with its interval."""
    if count.percent is None:
        return no_ledger()
    low, high = count.ends
    values = {name: count.percent, "lower": low, "upper": high, "acts": count.done, "of": count.n}
    proof = rows(matter, count.events)
    return Reading(count.percent, low, high, values, proof, count.n, count.done)


def rows(matter: Matter, ids: Iterable[str]) -> tuple[Evidence, ...]:
    """Return the pointer to acts of the ledger."""
    return (matter.tables[record.TABLE].evidence("kind", {"id": tuple(ids)}),)


def narrowed(matter: Matter, count: Count, said: Statement) -> Count:
    """Return a count of acts within the period of a statement."""
    if said.period is None:
        return count
    days = {act.id: act.date for act in matter.acts}
    period = said.period
    return count.only(lambda name: period.holds(days[name]))


def reactivity(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of the country's acts aimed at the partner that are linked to an earlier act of the partner."""
    early = too_early(matter, said, whole=True)
    return (
        share(matter, narrowed(matter, matter.links.answering, said), "answers_pct")
        if early is None
        else early
    )


def passivity(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of acts of pressure on the country met with words only, blanks excluded and blanks as silence."""
    early = too_early(matter, said, whole=True)
    passive = matter.links.passive
    ends = [narrowed(matter, one, said) for one in (passive.answered, passive.silent)]
    low, high = (share(matter, one, "passive_pct") for one in ends)
    if early is not None:
        return early
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return low if isinstance(low, Unknown) else high
    blank = {"blank": ends[1].n - ends[0].n, "of_answered_pct": low.value}
    done = low.done if said.degree == "ever" else high.done
    return replace(ranged(high, low), values={**high.values, **blank}, done=done)


def ranged(told: Reading, other: Reading) -> Reading:
    """Return a reading that holds two ways of counting."""
    ways = tuple((one.low, one.high) for one in (other, told))
    return replace(told, low=min(way[0] for way in ways), high=max(way[1] for way in ways), ways=ways)


def confrontation(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of answered episodes in which the strongest answer of the country was retaliation."""
    answered = [one for one in matter.pressed if one.strongest_kind != "none"]
    return _episodes(
        matter, answered, lambda one: one.strongest_kind == "retaliation", "retaliation_pct", said=said
    )


def escalation(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of the country's episodes of pressure that it pressed further or carried out."""
    return _episodes(
        matter, matter.pressing, lambda one: one.outcome_kind in PRESSED, "pressed_further_pct", said=said
    )


def _episodes(
    matter: Matter,
    of: Sequence[Episode],
    holds: Callable[[Episode], bool],
    name: str,
    *,
    said: Statement,
) -> Reading | Unknown:
    early = too_early(matter, said, whole=True)
    if early is not None:
        return early
    kept = [one for one in of if _within(one.pressure, said)]
    chosen = [one.id for one in kept if holds(one)]
    return share(matter, counted("all", [one.pressure for one in kept], chosen, matters=matter.matters), name)


def friendly(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of the country's acts towards the partner that concede, talk, help or agree."""
    early = too_early(matter, said, whole=True)
    own = [act for act in matter.own() if _within(act, said)]
    chosen = [act.id for act in own if act.kind in FRIENDLY]
    return (
        share(matter, counted("all", own, chosen, matters=matter.matters), "friendly_pct")
        if early is None
        else early
    )


def threats_kept(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Share of matters on which it carried out a threat within a year: as threatened, or by any means."""
    early = too_early(matter, said, whole=True)
    strict, wide = (_kept(matter, said, wide=wide) for wide in (False, True))
    if early is not None:
        return early
    if isinstance(strict, Unknown) or isinstance(wide, Unknown):
        return strict if isinstance(strict, Unknown) else wide
    return replace(ranged(strict, wide), values={**strict.values, "by_any_means_pct": wide.value})


def _kept(matter: Matter, said: Statement, *, wide: bool) -> Reading | Unknown:
    days = {act.id: act for act in matter.acts}
    waits = rates.decided(rates.by_matter(matter.acts, matter.country, matter.partner, wide=wide))
    kept = [wait for wait in waits if _within(days[wait.start], said)]
    done = [wait.start for wait in kept if wait.end]
    return share(matter, counted("all", [days[wait.start] for wait in kept], done), "carried_out_pct")


def on_file(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    """Return how many acts of the country are of the kinds given, as the statement limits them.

    That none is on file proves nothing, so that it is unknown. A statement on how often it did so needs the
    occasions: the episodes of pressure on it, by what it answered them with.
    """
    if said.degree in SPREAD:
        return _answers(matter, arguments, said)
    early = too_early(matter, said, whole=False)
    acts = [act for act in _aimed(matter, arguments) if _within(act, said) and _named(act, said)]
    acts = [act for act in acts if not said.about or _about(matter, act, said.about)]
    if early is not None or not acts:
        return early if early is not None else _none(said)
    if said.degree == "barely":
        return _many(matter, acts)
    if said.degree == "repeatedly" and len(acts) < TWICE:
        return unknown(
            "one such act is on file, which does not show that there was no other",
            "consta un solo acto así, lo que no muestra que no hubiera otro",
        )
    values: dict[str, float | str] = {
        "acts": len(acts),
        "first": str(acts[0].date),
        "last": str(acts[-1].date),
    }
    fronts = sorted({act.front for act in acts})
    values |= {f"on_{front}": sum(act.front == front for act in acts) for front in fronts}
    count = float(len(acts))
    return Reading(count, count, count, values, record.evidence(matter.tables, "kind", acts), len(acts))


def towards(matter: Matter, _: Arguments, said: Statement) -> Unknown:
    """Return why support for a government gets no verdict, and which acts on file concern that state."""
    names = [plain(name) for code in said.named for name in (countries()[code].name.en,)]
    found = [
        act
        for act in record.events(matter.tables)
        if act.actor == matter.country
        and (
            act.target in said.named or any(_holds(plain(f"{act.title} {act.detail}"), one) for one in names)
        )
    ]
    if not found:
        return unknown(
            "no act on file concerns that state, and votes show how often two agree, not whom they support",
            "ningún acto en archivo se refiere a ese Estado, y los votos muestran cuánto coinciden dos, "
            "no a quién apoyan",
        )
    last = found[-1]
    return unknown(
        f"votes show how often two agree, not whom they support; acts on file that concern that state are to "
        f"be read: {len(found)}, the latest “{last.titled('en')}” ({last.date})",
        f"los votos muestran cuánto coinciden dos, no a quién apoyan; los actos en archivo que se refieren a "
        f"ese Estado han de leerse: {len(found)}, el último «{last.titled('es')}» ({last.date})",
    )


def _many(matter: Matter, acts: list[Event]) -> Reading | Unknown:
    """Return whether acts are few: so many on file are not, but few on file may be few known."""
    if len(acts) < rates.few():
        return unknown(
            "how few count as hardly any is not told", "no se dice cuán pocos cuentan como casi ninguno"
        )
    values: dict[str, float | str] = {
        "acts": len(acts),
        "first": str(acts[0].date),
        "last": str(acts[-1].date),
    }
    return Reading(0, 0, 0, values, record.evidence(matter.tables, "kind", acts), len(acts))


def _aimed(matter: Matter, arguments: Arguments) -> list[Event]:
    means, fronts = set(arguments.get("instruments", ())), set(arguments.get("fronts", ()))
    titles = [re.compile(one) for one in arguments.get("titles", ())]
    return [
        act
        for act in _side(matter, arguments)
        if act.kind in arguments["kinds"]
        and (not means or act.instrument in means)
        and (not fronts or act.front in fronts)
        and (not titles or any(one.search(plain(act.title)) for one in titles))
    ]


def _side(matter: Matter, arguments: Arguments) -> Sequence[Event]:
    """Return acts of the country at the partner, or of either, or all of its own."""
    if "either" in arguments:
        return matter.acts
    if "titles" in arguments:
        return [act for act in matter.acts if act.actor == matter.country]
    return matter.own()


def _none(said: Statement) -> Unknown:
    if said.period is None and not (said.about or said.names or said.unread):
        return no_ledger()
    return unknown(
        "no such act is on file as the statement limits it, which does not show that there was none",
        "no consta tal acto como el enunciado lo acota, lo que no muestra que no lo hubiera",
    )


def _within(act: Event, said: Statement) -> bool:
    return said.period is None or said.period.holds(act.date)


def _named(act: Event, said: Statement) -> bool:
    """Return whether an act's own entry holds every name and number that the statement tells."""
    told = plain(f"{act.title} {act.title_es} {act.detail}")
    numbers = {DIGITS.sub("", word) for word in told.split()} | {f"{act.magnitude or 0:.0f}"}
    return all(
        DIGITS.sub("", one) in numbers
        if one[:1].isdigit()
        else any(_holds(told, form) for form in _forms(one))
        for one in (*said.names, *said.unread)
    )


def _holds(told: str, word: str) -> bool:
    """Return whether a title holds a word, a long one whatever its ending."""
    bare = word.removesuffix("s")
    ending = r"\w*" if len(bare) >= STEM else "s?"
    return (
        re.search(rf"\b{re.escape(bare[:STEM] if len(bare) >= STEM else bare)}{ending}\b", told) is not None
    )


def _forms(word: str) -> tuple[str, ...]:
    """Return a word, and the name of a good in the language of the ledger's titles."""
    known, bare = words().goods, plain(word)
    return (
        bare,
        *(known[one] for one in (bare, bare.removesuffix("s"), bare.removesuffix("es")) if one in known),
    )


def _about(matter: Matter, act: Event, about: tuple[str, ...]) -> bool:
    linked = [one for one in matter.acts if one.id in act.linked_to]
    return any({one.front, one.instrument, *one.other_fronts} & set(about) for one in (act, *linked))


def _answers(matter: Matter, arguments: Arguments, said: Statement) -> Reading | Unknown:
    kinds = arguments.get("answer", ())
    if not kinds:
        return unknown(
            "on how many occasions it could have done so is not on file",
            "no consta en cuántas ocasiones pudo hacerlo",
        )
    met = (
        matter.pressed
        if said.degree == "always"
        else [one for one in matter.pressed if one.strongest_kind != "none"]
    )
    of = [one for one in met if not said.about or _about(matter, one.pressure, said.about)]
    return _episodes(matter, of, lambda one: one.strongest_kind in kinds, "answered_so_pct", said=said)


def eased(matter: Matter, arguments: Arguments, _: Statement) -> Reading | Unknown:
    """How much more often pressure was put off or eased where the country conceded, percentage points.

    It says what followed within so many days, not what caused it.
    """
    (days,) = map(int, arguments["days"])
    found = yields.followed(matter.cases, yields.CONCESSION, "eased", days)
    gave, rest = found.count, found.others
    if found.difference is None or gave.percent is None or rest.percent is None:
        return no_ledger()
    difference, low, high = found.difference
    values = {"eased_after_concession_pct": gave.percent, "concessions": gave.n}
    values |= {"eased_otherwise_pct": rest.percent, "others": rest.n, "within_days": days}
    values |= {"difference_pp": difference, "lower": low, "upper": high}
    return Reading(difference, low, high, values, rows(matter, (*gave.events, *rest.events)), gave.n)


def higher_postponed(matter: Matter, _: Arguments, said: Statement) -> Reading | Unknown:
    """Tariffs of the partner that were announced and put off, less what the law then added for the median.

    The rate is that of the act that was put off; the law is that of the last date before.
    """
    early = too_early(matter, said, whole=False)
    table = matter.tables[STATUTORY]
    law = added(table, matter.partner)
    pairs = [one for one in _put_off(matter) if _within(one[1], said)]
    if early is not None or not pairs or not law:
        return early if early is not None else no_ledger()
    gaps, values, used = [], {}, []
    for announced, suspension in pairs:
        dates = [day for day in law if day <= suspension.date.isoformat()]
        others = [rate for code, rate in law[dates[-1]].items() if code != matter.country] if dates else [0.0]
        gaps.append((announced.magnitude or 0) - sorted(others)[len(others) // 2])
        used += [announced, suspension]
    if said.degree == "repeatedly" and len(gaps) < TWICE:
        return no_ledger()
    values = {"put_off": len(gaps), "smallest_gap_pp": min(gaps), "largest_gap_pp": max(gaps)}
    proof = (
        *record.evidence(matter.tables, "magnitude", used),
        table.evidence("added_pct", {"importer": matter.partner}),
    )
    ways = tuple((gap, gap) for gap in gaps)
    return Reading(gaps[-1], min(gaps), max(gaps), values, proof, len(gaps), ways=ways)


def _put_off(matter: Matter) -> list[tuple[Event, Event]]:
    """Return each suspension of tariffs on the country with the act that set the rate it put off."""
    known = {act.id: act for act in matter.acts}
    found = []
    for act in matter.acts:
        if (act.actor, act.kind, act.instrument) == (matter.partner, "suspension", "tariff"):
            announced = _announced(act, known, matter.partner)
            if announced:
                found.append((announced, act))
    return found


def _announced(act: Event, known: dict[str, Event], sender: str) -> Event | None:
    """Return the nearest earlier act, by links, that told a rate in percent; at most a year before."""
    queue, seen = list(act.linked_to), set()
    while queue:
        one = known.get(queue.pop(0))
        if one is None or one.id in seen:
            continue
        seen.add(one.id)
        if (
            one.actor == sender
            and one.magnitude
            and one.unit.startswith("percent")
            and one.instrument == "tariff"
        ):
            return one if act.date - one.date <= timedelta(days=365) else None
        queue += one.linked_to
    return None
