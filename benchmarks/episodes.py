"""Episodes of the rules beside episodes coded by hand from the entries: python benchmarks/episodes.py.

Both were coded by the same hand, so that what the rules miss is a lower bound of what they miss for another.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from palanca.events.ledger import shipped
from palanca.events.settlement import Episode, act_by_act, episodes

HAND = Path(__file__).parents[1] / "tests" / "events" / "texts" / "episodes.yaml"


def misses(hand: Sequence[Mapping[str, object]], found: Sequence[Episode]) -> dict[str, list[str]]:
    """Return the episodes coded by hand whose opening, acts, answer or outcome the rules tell otherwise."""
    opened = {one.id: one for one in found}
    wrong: dict[str, list[str]] = {"opening": [], "acts": [], "answer": [], "outcome": []}
    for told in hand:
        names = list(told["acts"])  # type: ignore[call-overload]
        one = opened.get(names[0])
        if one is None:
            wrong["opening"].append(names[0])
            continue
        if [act.id for act in one.pressures] != names:
            wrong["acts"].append(f"{names[0]}: {len(one.pressures)} for {len(names)}")
        for what, said in (("answer", one.strongest_kind), ("outcome", one.outcome_kind)):
            if said != told[what]:
                wrong[what].append(f"{names[0]}: {said} for {told[what]}")
    firsts = {told["acts"][0] for told in hand}  # type: ignore[index]
    wrong["opened by the rules alone"] = sorted(opened.keys() - firsts)
    return wrong


def main() -> None:
    """Print what act by act and matter by matter miss."""
    hand = yaml.safe_load(HAND.read_text())
    events = shipped().between("MEX", "USA")
    for name, rule in (("act by act", act_by_act), ("matter by matter", episodes)):
        found = [one for one in rule(events, "MEX", "USA", alone=True) if one.pressure.actor == "USA"]
        wrong = misses(hand, found)
        print(name, f"{len(found)} beside {len(hand)}:", {what: len(one) for what, one in wrong.items()})
        if rule is episodes:
            for what, one in wrong.items():
                print(f"  {what}:", *one, sep="\n    ")


if __name__ == "__main__":
    main()
