"""Sentences on what cannot be measured of a pair, and why."""

from collections.abc import Iterator, Mapping

from palanca.catalogue import Catalogue, Text
from palanca.posture.agreement import Year
from palanca.posture.alignment import Point
from palanca.posture.states import State, named

GAP_YEAR = 1964  # the nineteenth session took its decisions without recorded votes


def silence(tables: Catalogue, one: State) -> Text | None:
    """Return why a state has no votes of today, in a sentence; none where it has them."""
    held = tables["ideal_points"].rows(country=one.code)
    return _former(one) if one.former else None if held.height else _never(one)


def _former(one: State) -> Text:
    if one.former is None:
        raise ValueError(f"{one.code} exists")
    after = [named(code) for code in one.former.successors]
    first, last = one.former.first, one.former.last
    return Text(
        en=f"{one.name.en} no longer exists: its votes are on file from {first} to {last}; look up "
        f"{' or '.join(name.en for name in after)} for what followed.",
        es=f"{one.name.es} ya no existe: sus votos en archivo van de {first} a {last}; para lo que siguió, "
        f"consulte {' o '.join(name.es for name in after)}.",
    )


def _never(one: State) -> Text:
    return Text(
        en=f"{one.name.en} is not a voting member of the General Assembly, or never cast a vote: "
        "there is no agreement and no ideal point, which says nothing of where it stands.",
        es=f"{one.name.es}: no es miembro con voto de la Asamblea General, o nunca votó: no hay coincidencia "
        "ni punto ideal, lo que nada dice de su postura.",
    )


def notes(
    pair: tuple[State, State], points: Mapping[str, tuple[Point, ...]], years: tuple[Year, ...]
) -> Iterator[Text]:
    """Yield every such sentence on a pair, from its points and years of agreement."""
    for one in pair:
        if one.former:
            yield _former(one)
        elif not points[one.code]:
            yield _never(one)
    if not years and all(points[one.code] for one in pair):
        a, b = (one.name for one in pair)
        yield Text(
            en=f"{a.en} and {b.en} never voted in the same year.",
            es=f"{a.es} y {b.es} nunca votaron en un mismo año.",
        )
    if years and years[0].year < GAP_YEAR < years[-1].year:
        yield Text(
            en=f"No votes were recorded in {GAP_YEAR}.", es=f"En {GAP_YEAR} no hubo votaciones registradas."
        )
    yield from (_partial(year) for year in years if year.partial)


def _partial(year: Year) -> Text:
    votes = year.agreement.votes
    return Text(
        en=f"Votes of {year.year} are partial: {votes} resolutions on file.",
        es=f"Los votos de {year.year} son parciales: {votes} resoluciones en archivo.",
    )
