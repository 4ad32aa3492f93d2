"""Statements of one figure beside others: ranks, more or less than another, and twice as much."""

from dataclasses import replace

from palanca.brief.check.amounts import Amount, limits
from palanca.brief.check.parts import ALONE, IT, OTHER, PLACES, SHARES, THERE, Base, Part, fits, given, held
from palanca.brief.check.quantities import ROLES, Asked, Node
from palanca.brief.check.singles import STATES
from palanca.brief.check.whose import asked_of, base
from palanca.brief.check.words import any_of

TOLD_BEFORE = (
    "ACC", "VOTE", "PAY", "PAYS", "HALL", "DUTY", "DQ", "OFTEN", "AUX", "EXP", "IMP", "SHARE", "CUST"
)  # fmt: skip


def rank(part: Part, beside: Part) -> Asked | None:
    """Read which place one has among the markets, suppliers or partners of another."""
    noun = part.take("RN")
    if noun is None or beside.nodes:
        return None
    found = held(noun)
    part.take("RANKV", "TAKEOVER")
    cut = part.at("BE", "RANKV", "TAKEOVER")
    if found.get("owner") is None:
        found |= given(owner=part.named("for", "of", "in"))
    elif found["owner"] == IT and (other := part.named("in", "with")):  # it has in another its first
        found |= given(owner=part.named(""), other=other)
    found |= given(
        other=found.get("other") or part.named("", before=cut) or part.named("") or part.named("by")
    )
    if part.has("TAKEOVER"):
        part.named("")
    number = noun.held.get("number")
    place = int(number.value) if isinstance(number, Amount) else int(str(noun.held.get("place", 1)))
    return asked_of(part, found, "rank", place=place, within=number is not None)


def none_more(part: Part, beside: Part) -> Asked | None:
    """Read that none does more than one: it is the first, or the last, of all."""
    compared, none = part.take("CMP"), part.take("NONE")
    if compared is None or none is None or not beside.nodes:
        return None
    part.take("CUST", "SUPP", "PART", "ACC")
    found = base(part)
    if found is None:
        return None
    best = beside.named("") or beside.named("of")
    beside.take("AUX", "SELL", "BUY", "VOTE")
    if best is None:
        return None
    turned = {"exports": "imports", "imports": "exports"}
    if found["series"] in turned and "owner" not in found:
        found = {"series": turned[found["series"]], "owner": found.get("other", IT), "other": best}
    elif found["series"] in turned:
        found |= {"other": best}
    else:
        found["owner"] = best
    below = compared.text("value") == "below"
    return asked_of(part, found, "rank", place=-1 if below else 1)


def compared(part: Part, beside: Part) -> Asked | None:
    """Read a figure beside another: of another country, another figure, or its own of another time."""
    told = part.take("CMP", "TIMES", "FRACTION", "OVER", "INCOUNTRIES")
    if told is None or not beside.nodes:
        return None
    if not (part.left or part.has(*STATES) or any(node.text("verb") for node in part.nodes)):
        return None
    times = told if told.kind == "TIMES" else part.take("TIMES")
    compared = told if told.kind != "TIMES" else part.take("CMP")
    gap = part.take("USD", "NUM", "PCT") if times is None else None
    role = part.take("SUPP", "CUST", "PART") if told.kind == "CMP" else None
    part.take("ACC")
    found = {"series": ROLES[role.kind]} | _of_role(part) if role else base(part)
    if found is None and part.left:
        found = {"series": part.left.series} | given(owner=part.named(""))
    if found is None or (gap and not _gap_fits(found["series"], gap.kind)):
        return None
    relation = _relation(compared, found["series"])
    asked = asked_of(part, found, "compare", relation=relation)
    asked = replace(asked, amount=_nearly(told) if found["series"] != "votes" else None)
    if times:
        asked = replace(asked, amount=times.amount)
    elif gap:
        asked = replace(asked, amount=gap.amount, form="change" if gap.kind == "PCT" else "gap")
    elif told.kind == "FRACTION":
        asked = replace(asked, amount=Amount(0.5, "below", 0, told.text("said") or ""))
    place = "other" if role else part.left.subject if part.left else "owner"
    return _beside(asked, beside, place=place)


def _nearly(node: Node) -> Amount | None:
    """Return what almost as much as another comes to."""
    said = node.text("said") or ""
    near = node.text("value") == "same" and any_of(limits().near).search(said)
    return Amount(1, "same", limits().nearly_same, said) if near else None


def _of_role(part: Part) -> Base:
    owner = part.named("for", "of", "to", "in")
    return given(owner=owner, other=part.named(""))


def _gap_fits(series: str, unit: str) -> bool:
    return unit == "PCT" or fits(series, unit)


def _relation(node: Node | None, series: str) -> str:
    told = (node.text("value") if node else None) or "above"
    return {"closer": "above", "better": "below" if series.startswith("duty") else "above"}.get(told, told)


def _beside(asked: Asked, part: Part, *, place: str = "owner") -> Asked | None:
    """Return a figure with what it is set beside."""
    if part.take("ANYT"):
        told = part.periods()
        down = "down" if asked.relation == "below" else "up"
        return (
            replace(asked, form="top", relation=down, against=told[0] if told else None)
            if asked.amount is None
            else None
        )
    if part.take("ANY"):
        part.take("AUX")
        return (
            replace(asked, form="rank", place=-1 if asked.relation == "below" else 1)
            if asked.amount is None
            else None
        )
    told = part.periods()
    against = told[0] if told else None
    found = _rival(asked, part, place)
    if found is None or not (found or against):
        return None
    if found and against and asked.when is None:  # one period for both
        return replace(asked, rival=tuple(sorted(found.items())), when=against)
    return replace(asked, rival=tuple(sorted(found.items())), against=against)


def _rival(asked: Asked, part: Part, place: str) -> Base | None:
    """Return in what another figure differs: its series, whose it is, and towards whom."""
    if asked.series not in ALONE and part.has("Q", "SQ", "SELL", "BUY", "NQ", "G", "VQ", "DQ"):
        return _other_figure(asked, Part(part.nodes, part.language, None, part.used))
    for kind in TOLD_BEFORE:
        part.take(kind)
    return _of_countries(asked, part, place)


def _other_figure(asked: Asked, part: Part) -> Base | None:
    """Return in what a figure that is told in full differs from the one set beside it."""
    found = base(part)
    if found is None:
        return None
    found = {key: _same(asked, code) for key, code in found.items()}
    flows = asked.series in ("exports", "imports") and found["series"] in ("exports", "imports")
    if not flows and found["series"] in (asked.series, "exports", "imports"):
        found.pop("series")  # the exports of another, beside a share of exports
    told = {"series": asked.series, "owner": asked.owner or IT, "other": asked.other or OTHER}
    if found.get("owner") == told["other"] and "other" not in found:
        found["other"] = told["owner"]
    return {key: code for key, code in found.items() if told.get(key) != code}


def _of_countries(asked: Asked, part: Part, place: str) -> Base | None:
    if asked.series in ALONE:
        whole = part.take("G")
        return given(owner=(whole.text("owner") if whole else None) or part.named("", *PLACES))
    bare, marked = part.named(""), part.named("to", "from", "with", "in")
    of = part.named("of", "on", "for", "by")
    if asked.series.startswith("duty"):
        return given(owner=bare or of or marked)
    owner = of if place == "owner" else None
    found = given(owner=owner, other=marked)
    if bare:
        found[place] = bare
    return {key: _same(asked, code) for key, code in found.items()}


def _same(asked: Asked, code: str) -> str:
    """Return the country that a pronoun in what a figure is set beside stands for."""
    if code == IT:
        return asked.owner or IT
    return asked.other or OTHER if code in (OTHER, THERE) else code


def weighs(part: Part, beside: Part) -> Asked | None:
    """Read that one weighs more than another in what a third sells or buys."""
    told = part.take("CMP", "TIMES")
    if told is None or not part.take("ACC") or not beside.nodes:
        return None
    noun = part.take("Q") or beside.take("Q")
    if noun is None or noun.text("series") not in SHARES or noun.text("other"):
        return None
    found = held(noun) | {"series": SHARES[str(noun.text("series"))]} | given(other=part.named(""))
    rival = beside.named("")
    if rival is None or "other" not in found:
        return None
    asked = replace(asked_of(part, found, "compare", relation=told.text("value")), amount=told.amount)
    return replace(asked, rival=(("other", rival),), subject="other")


def alike(part: Part, beside: Part) -> Asked | None:
    """Read that two vote with a third equally often."""
    told = part.take("CMP")
    if told is None or told.text("value") != "same" or not part.has("VOTE") or beside.nodes:
        return None
    second = part.named("and")
    part.take("CMP")
    found = base(part)
    if second is None or found is None or "other" not in found:
        return None
    return replace(asked_of(part, found, "compare", relation="same"), rival=(("owner", second),))


def loss(part: Part, beside: Part) -> Asked | None:
    """Read what an end of trade would cost one beside the other."""
    stop, verb = part.take("STOP") or beside.take("STOP"), part.take("LOSE", "COST")
    told = part.take("TIMES", "CMP")
    if not (stop and verb and told):
        return None
    part.take("CMP")
    for one in (part, beside):
        while one.take("INCOME", "COST", "LOSE", "AUX", "GDP", "G"):
            pass
    part.used |= {at for _, code, at in part.countries() if code == IT}
    beside.used |= {at for _, code, at in beside.countries() if code == IT}
    owner = part.named("") or part.named("to")
    rival = beside.named("") or beside.named("to", "of")
    if owner is None or rival is None:
        return None
    asked = asked_of(
        part, {"series": "loss", "owner": owner}, "compare", relation=told.text("value") or "above"
    )
    asked = replace(asked, amount=told.amount or _nearly(told))
    return replace(asked, rival=(("owner", rival),)) if rival != owner else None
