"""Whose figure a run of words is about, and towards whom."""

from collections.abc import Mapping
from dataclasses import replace

from palanca.brief.check.parts import BOTH, COUNTED, IT, OTHER, SHARES, THERE, Base, Part, given, held
from palanca.brief.check.periods import Period
from palanca.brief.check.quantities import Asked


# Whose figure it is, and towards whom.
def base(part: Part) -> Base | None:
    """Return the figure that a part is about, with its countries."""
    for read in (_of_weight, _of_votes, _of_duty, _of_count, _of_flow):
        found = read(part)
        if found and "series" in found:
            return found
    return None


def _of_weight(part: Part) -> Base | None:
    """Read how much exports or remittances weigh in a country's product."""
    if not part.has("ACC") or not part.has("G"):
        return None
    noun, whole = part.take("Q", "EXP", "NQ"), part.take("G")
    series = {"exports": "exports_gdp", "remittances": "remittances"}.get(
        (noun.text("series") if noun else "") or "exports"
    )
    if noun is None or whole is None or series is None:
        return None
    owner = noun.text("owner") if noun.text("owner") not in (None, IT) else whole.text("owner")
    part.take("ACC")
    return {"series": series, **given(owner=owner or part.named("in", "of", ""))}


def _of_flow(part: Part) -> Base | None:
    if noun := part.take("SQ"):
        found = held(noun) | {"series": SHARES[noun.text("series") or "exports"]}
        return _with(part, found, other=("to", "from", "by", "in"))
    verb = part.at("SELL", "BUY")
    if verb < len(part.nodes):
        return _of_verb(part, verb)
    noun = part.take("Q")
    if noun is None:
        return None
    found = held(noun)
    places = ("to", "in", "for") if found["series"] == "exports" else ("from", "of", "to", "with")
    return _with(part, found, other=places)


def _of_verb(part: Part, at: int) -> Base | None:
    sells = part.nodes[at].kind == "SELL"
    part.used.add(at)
    owner = part.named("", before=at) or part.named("by")
    places = (
        ("to", "in", "for") if sells else ("from", "of", "in", *(("to",) if part.language == "es" else ()))
    )
    other = part.named(*places) or part.named("", after=at)
    if owner is None and part.language == "es" and other:
        owner = part.named("", after=at)
    part.take("EXP", "IMP")
    return {"series": "exports" if sells else "imports", **given(owner=owner, other=other)}


def _of_votes(part: Part) -> Base | None:
    verb, noun = part.at("VOTE"), part.take("VQ")
    found: Base = {"series": "votes"}
    if noun:
        found |= held(noun)
    elif verb == len(part.nodes) or not part.has("HALL", "OFTEN", "CMP", "TIMES", "PCT", "ISSUE"):
        return None
    else:
        part.used.add(verb)
    if issue := part.take("ISSUE"):
        found["issue"] = issue.text("issue") or ""
    while part.take("HALL"):
        pass
    both = [(code, at) for place, code, at in part.countries() if place in ("", "and", "between")]
    if "owner" not in found and both:
        found["owner"] = both[0][0]
        part.used.add(both[0][1])
    if "other" not in found:
        found |= given(other=part.named("with", "to", "on") or part.named("and") or part.named(""))
    part.used |= {at for place, code, at in part.countries() if place == "in" and code == found.get("other")}
    return found


def _of_duty(part: Part) -> Base | None:
    noun = part.take("DQ")
    if noun is None:
        return None
    found = held(noun)
    verb, charge = part.at("PAY", "PAYS"), part.take("CHARGE")
    if charge:
        found |= given(other=part.named("", before=part.nodes.index(charge)))
        found |= given(owner=part.named("to", "on") or part.named(""))
        found["series"] = "duty_collected" if "le" in (charge.text("said") or "")[:6] else found["series"]
    else:
        found["series"] = "duty_collected" if part.take("PAYS") else found["series"]
        part.take("PAY")
        owner = part.named("", before=verb) or part.named("by", "for", "on") or part.named("")
        found |= given(owner=owner, other=part.named("from", "in", "to", "of") or part.named("", after=verb))
        part.take("CUST")
    if part.take("LAW"):
        found["series"] = "duty_law"
    part.take("SELL", "BUY")
    return found


def _of_count(part: Part) -> Base | None:
    noun = part.take("NQ", "G")
    if noun is None:
        return None
    found = held(noun)
    found["series"] = found.get("series", "gdp") or "gdp"
    if "owner" not in found:
        found |= given(owner=part.named("") or part.named("in", "of"))
    return found


def _with(part: Part, found: Base, *, other: tuple[str, ...]) -> Base:
    if "other" not in found:
        found |= given(other=part.named(*other))
    if "owner" not in found or found["owner"] == IT:
        found |= given(owner=part.named(""))
    return found


# What is told of it.
def asked_of(part: Part, found: Mapping[str, str], form: str, **more: object) -> Asked:
    """Return a figure told, with what an earlier part of the sentence leaves unsaid."""
    left = part.left
    owner, other = found.get("owner"), found.get("other")
    if left and owner in (None, IT):
        owner = left.owner if other != left.owner else left.other
    if left and (other in (None, THERE) or (other == IT and owner != left.other)):
        other = left.other if owner != left.other else left.owner
    if other in (THERE, IT):
        other = OTHER
    if owner == BOTH:
        owner, other = IT, OTHER
    if owner is None and found["series"] in COUNTED:
        owner = IT
    told = part.periods()
    when = told[0] if told else (left.when if left else None)
    if len(told) > 1 and form != "move":
        when = Period(None, None, "", vague=True)  # which of the two it is of cannot be told
    return replace(
        Asked(found["series"], form, owner, other, when=when, issue=found.get("issue")),
        **more,  # type: ignore[arg-type]
    )
