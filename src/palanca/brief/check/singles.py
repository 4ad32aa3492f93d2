"""Statements of one figure: its level, its share of another, how it moved, whether there is any."""

from dataclasses import replace
from datetime import date

from palanca.brief.check.amounts import Amount
from palanca.brief.check.parts import IT, MONEY, NUMBERS, SHARES, Base, Part, fits, given, held
from palanca.brief.check.quantities import Asked
from palanca.brief.check.whose import asked_of, base

STATES = (
    "BE",
    "ACC",
    "OVER",
    "HAVE",
    "PAY",
    "VOTE",
    "SELL",
    "BUY",
    "CHARGE",
    "AUX",
    "MOVE",
    "PAYS",
)  # verbs that make a noun a statement
VERBS = ("SELL", "BUY", "SUPPLY", "GO", "COME", "ACC", "DO", "PAYS", "AUX")
OWN = {"exports": ("SELL", "DO"), "imports": ("BUY", "DO"), "trade": ("DO", "AUX", "SELL", "BUY")}
REFUSED = {
    "exports": {"COME", "SUPPLY"},
    "imports": {"GO", "PAYS"},
    "trade": {"GO", "COME", "SUPPLY", "PAYS"},
}
NOTHING = Amount(0, "same", 0, "")


def level(part: Part, beside: Part) -> Asked | None:
    """Read how large a figure is."""
    if beside.nodes and not part.has("OVER"):
        return None
    verb = part.take("OVER", "MOVE") if part.has("OVER") or part.left else part.take("ACC")
    found = base(part) or ({"series": part.left.series} if part.left else None)
    if found is None:
        return None
    if not (part.left or part.has(*STATES) or any(node.text("verb") for node in part.nodes)):
        return None
    told = beside if beside.has("USD", "NUM", "PCT", "PTS") else part
    node = told.take("USD", "PCT", "PTS", "NUM")
    if node is None or not fits(found["series"], node.kind):
        return None
    first = part.take("FIRST") or beside.take("FIRST")
    if "other" not in found and part.left is None:
        found |= given(other=beside.named("to", "from", "with"))
    asked = asked_of(part, found, "level", amount=node.amount, first=first is not None)
    later = beside.periods()
    asked = replace(asked, when=later[0]) if later else asked
    return replace(asked, relation=verb.text("value")) if verb and verb.kind == "OVER" else asked


def share(part: Part, beside: Part) -> Asked | None:
    """Read a share of what is sold, bought or traded: whose, and with whom."""
    noun = part.take("PQ") or (part.take("PCT") if part.has("ACC") and part.has("Q") else None)
    if noun is None or beside.nodes:
        return None
    found = held(noun) if noun.kind == "PQ" else held(part.take("Q") or noun)
    if found.get("series") not in SHARES:
        return None
    at = part.at(*VERBS)
    verb = part.nodes[at].kind if at < len(part.nodes) else ""
    part.used |= {at} if verb else set()
    if not _direction(part, found["series"], verb, money=noun.amount.words if noun.amount else ""):
        return None
    owned, whole = verb in OWN.get(found["series"], ()), part.take("Q")
    if "other" in found and not (owned and found.get("owner") in (None, IT)):
        return None  # a share of what one sells to another is of no figure
    if whole is not None:
        found |= {key: code for key, code in held(whole).items() if found.get(key) in (None, IT)}
    elif owned and found.get("owner") in (None, IT):
        found |= given(owner=part.named("", before=at))
    part.take("CUST")
    leads = _counterpart(part, found, at) and not owned
    if "other" not in found and part.left is None:
        return None
    asked = asked_of(part, found | {"series": SHARES[found["series"]]}, "level", amount=noun.amount)
    return replace(asked, subject="other" if leads else "owner")


def _counterpart(part: Part, found: Base, verb: int) -> bool:
    """Note the only country left as the other; return whether it stands before the verb."""
    rest = [(code, at) for _, code, at in part.countries()]
    if "other" in found or len({code for code, _ in rest}) != 1:
        return False
    found["other"] = rest[0][0]
    part.used |= {at for _, at in rest}
    return rest[0][1] < verb


def _direction(part: Part, series: str, verb: str, *, money: str) -> bool:
    """Return whether the words let goods go the way in which the figure counts them."""
    places = {place for place, _, _ in part.countries()}
    if verb == "COME" and series == "exports":  # the money comes, not the goods
        return part.has("CUST") or "dol" in money
    if verb in ("BUY", "SELL") and verb not in OWN[series] and series != "trade":
        return not places & {"to", "from", "of"} and bool(list(part.countries()))
    against = {"exports": {"from"}, "imports": set() if part.language == "es" else {"to"}}.get(series, set())
    return verb not in REFUSED[series] and not places & against


def of_product(part: Part, beside: Part) -> Asked | None:
    """Read exports, sales to the other or remittances as a share of product."""
    noun = part.take("PG")
    if noun is None or beside.nodes:
        return None
    part.take("ACC")
    whole = part.take("Q", "NQ", "EXP") or part.take("SELL")
    if whole is None:
        return None
    found = held(whole)
    series = {
        "exports": "exports_to_gdp" if "other" in found else "exports_gdp",
        "remittances": "remittances",
    }
    name = series.get(found.get("series", "exports"))
    if name is None:
        return None
    owner = found.get("owner") or part.named("") or noun.text("owner")
    return asked_of(part, {**found, **given(owner=owner), "series": name}, "level", amount=noun.amount)


def use(part: Part, beside: Part) -> Asked | None:
    """Read which share of goods uses a preference."""
    if beside.nodes or not (part.take("USE") and part.take("PREF")):
        return None
    noun = part.take("PQ")
    if noun is None:
        return None
    found = held(noun) | {"series": "preference_use"}
    found |= given(other=found.get("other") or part.named("to"))
    return asked_of(part, found, "level", amount=noun.amount)


def exists(part: Part, beside: Part) -> Asked | None:
    """Read that one has an embassy in another, or that the two have a trade agreement."""
    if beside.nodes:
        return None
    if part.take("PACT"):
        found: Base = {"series": "pact", **given(owner=part.named(""))}
        found |= given(other=part.named("with", "and") or part.named(""))
        return asked_of(part, found, "level") if "other" in found else None
    noun = part.take("NQ")
    if noun is None or noun.text("series") != "embassies" or not noun.text("owner"):
        return None
    owner = part.named("", "of")
    host = noun.text("owner")
    return asked_of(part, {"series": "embassy_in", **given(owner=owner, other=host)}, "level")


def peak(part: Part, beside: Part) -> Asked | None:
    """Read that a figure is the highest or the lowest so far, or of all years."""
    told = part.take("PEAK", "TOP")
    if told is None or beside.nodes:
        return None
    if part.has("MOVE") and told.kind == "PEAK":
        part.take("MOVE")
    found = base(part) or ({"series": part.left.series} if part.left else None)
    if found is None:
        return None
    return replace(
        asked_of(part, found, "top" if told.kind == "TOP" else "peak"), relation=told.text("value") or "up"
    )


def moved(part: Part, beside: Part) -> Asked | None:
    """Read how a figure moved: by how much, from where to where, or by which factor."""
    told = part.take("MOVE", "FACTOR")
    if told is None:
        return None
    if beside.nodes:
        part = Part([*part.nodes, *beside.nodes], part.language, part.left, part.used)
        beside.used |= set(range(len(beside.nodes)))
    ends = _ends(part)
    found = base(part)
    if found is None or (ends and not all(fits(found["series"], unit) for unit, _ in ends)):
        return None
    run = part.take("RUN")
    number = part.take("NUM") if run else None
    shrunk = part.nodes[part.at("PCT") - 1].kind == "to" if part.has("PCT") else False
    by = None if ends or run or told.kind == "FACTOR" else part.take("PCT")
    periods = sorted(part.periods(), key=lambda one: one.first or date.min)
    asked = replace(
        asked_of(part, found, "move"), relation=told.text("value"), amount=by.amount if by else None
    )
    if len(periods) == 2:
        asked = replace(asked, when=periods[1], against=periods[0])
    if told.kind == "FACTOR":
        return replace(asked, form="factor", amount=told.amount)
    if ends:
        return replace(asked, start=ends[0][1], end=ends[1][1])
    if run:
        return replace(asked, form="run", place=int(number.amount.value) if number and number.amount else 1)
    return _fraction(asked) if shrunk and asked.amount else asked


def _fraction(asked: Asked) -> Asked | None:
    """Return what fell to a share of itself as one figure beside another; none where it is a share."""
    told = asked.amount
    if told is None or asked.against is None or asked.series not in MONEY | NUMBERS:
        return None
    part = Amount(told.value / 100, told.relation, told.within / 100, told.words)
    return replace(asked, form="compare", amount=part, relation="same")


def _ends(part: Part) -> list[tuple[str, Amount]]:
    """Return the two levels between which a figure is told to have moved, with their units."""
    found = [
        (at, node)
        for at, node in enumerate(part.nodes)
        if node.kind in ("PCT", "USD", "NUM", "PTS") and node.amount
    ]
    if len(found) != 2:
        return []
    begins, amount = found[0][0], found[0][1].amount or NOTHING
    opens = part.nodes[begins - 1].kind in ("from", "of") or amount.words.startswith("de")
    if not opens or part.nodes[found[1][0] - 1].kind != "to":
        return []
    part.used |= {at for at, _ in found}
    return [(node.kind if node.kind != "PTS" else "PCT", node.amount) for _, node in found if node.amount]
