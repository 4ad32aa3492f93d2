"""Where a text makes statements, and what each of them says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from palanca.brief.check import text as reading
from palanca.brief.check.amounts import amount, number, place, times
from palanca.brief.check.clauses import Clause, clauses
from palanca.brief.check.deeds import ENTRY, Deed, acts_of, deeds, granted, was_done
from palanca.brief.check.entries import spelled
from palanca.brief.check.limits import limits
from palanca.brief.check.periods import Period, Placed
from palanca.brief.check.sentence import SIGNS, Sentence, sentences
from palanca.brief.check.sides import COUNTRY, FACING, NUMBER, Side, side
from palanca.brief.check.statement import Statement
from palanca.brief.check.subjects import Subject, Topic, doers, opening, who
from palanca.brief.check.text import Span, Token
from palanca.brief.check.words import any_of, words
from palanca.catalogue.text import Language

BREAKS = set(":;()")
LISTS = {",", "and", "y", "e", "or", "o"}
OR = {"or", "o", "u"}
MEETING = FACING - {"a", "con"} | {"frente", "faced", "facing", "respecto"}  # opens a phrase on the other
DEGREES = ("nearly", "unmeasured", "rarely", "barely", "always", "only", "repeatedly", "ever", "mostly")
CONTRARY = {"always": "ever", "ever": "always"}  # not always is sometimes the contrary

OWNED = ("de ", "del ", "of ")
OLD = 2000  # year before which nothing in a ledger is


def statements(text: str, language: Language, pair: tuple[str, str]) -> Iterator[Statement]:
    """Yield every statement of a text in order, those the catalogue does not know among them.

    Args:
        pair: the country that the text is about until it names another, and its partner, ISO3.
    """
    topic = Topic(*pair)
    for sentence, opens in sentences(text, language):
        if opens:
            topic.last = topic.when = None
        told = list(clauses(sentence))
        found = _of_sentence(sentence, topic, told)
        found += _of_acts(sentence, topic, told)
        rest = [part for part in reading.parts(text, sentence.span) if _uncovered(text, part, found)]
        yield from sorted((*found, *(Statement(None, part) for part in rest)), key=lambda one: one.span)


def _uncovered(text: str, part: Span, found: Sequence[Statement]) -> bool:
    long = len(reading.WORD.findall(text, *part)) >= words().least_words
    return long and _apart(part, found)


def _apart(span: Span, found: Sequence[Statement]) -> bool:
    return all(one.span[1] <= span[0] or span[1] <= one.span[0] for one in found)


def _of_sentence(sentence: Sentence, topic: Topic, found: Sequence[Clause]) -> list[Statement]:
    subject = opening(sentence, topic, found[0].match.start if found else len(sentence.words))
    if subject.code and not found:
        topic.last = subject.code
    made: list[Statement] = []
    for clause in found:
        one = _statement(clause, who(clause, topic, subject), topic)
        if made and sentence.words[clause.match.start - 1].word in OR:
            one = replace(one, affirmed=made[-1].affirmed)  # "not this or that" denies both
        asked = clause.match.asked
        period = asked.when if asked and (asked.when or asked.against) else _period(clause, found)
        made.append(replace(one, period=period or _carried(clause, one, topic)))
        subject = Subject(one.subject, one.lost)
        topic.last = one.subject or topic.last
        topic.when = _latest(sentence, clause.end) or topic.when
    topic.when = _latest(sentence, len(sentence.words)) or topic.when
    return made


def _latest(sentence: Sentence, end: int) -> Period | None:
    """Return the last date that a sentence tells ahead of one of its words."""
    told = [one.period for one in sentence.periods if one.start < end]
    return told[-1] if told else None


def _carried(clause: Clause, said: Statement, topic: Topic) -> Period | None:
    """Return the date of which a paragraph speaks, for an act that it tells without one."""
    when = _latest(clause.sentence, clause.start) or topic.when
    dated = clause.entry.test == "on_file" and said.degree is None and when is not None
    return when if dated and when and not when.vague else None


def _of_acts(sentence: Sentence, topic: Topic, known: Sequence[Clause]) -> list[Statement]:
    """Return what a sentence states of single acts, each clause as the words of the ledger may tell it.

    What an entry of the catalogue tells is left to it, but for acts that bear a date, a number or a name.
    """
    told = [
        (clause, deed)
        for clause, deed in deeds(sentence)
        if (deed.things or deed.names or deed.numbers) and not _of_entry(clause, deed, known)
    ]
    found = [clause for clause, _ in told]
    made: list[Statement] = []
    by: frozenset[str] | None = None
    day = limits(sentence.words, sentence.language)[2]
    for clause, deed in told:
        done, by = was_done(clause), doers(clause, topic, by)
        deed = replace(
            deed, acts=acts_of(clause.match, done=done), doers=by or frozenset(), day=deed.day or day
        )
        actor = min(by) if by and len(by) == 1 else None
        others = clause.sentence.attributed((clause.match.start, clause.match.end))
        made.append(
            Statement(
                ENTRY,
                clause.span,
                subject=actor or topic.main,
                object=topic.facing(actor or topic.main),
                lost=None if by is not None else clause.lead,
                affirmed=done,
                degree=None if deed.times > 1 else _degree(clause),
                modality=modality(clause),
                speaker="others" if others else "author",
                period=_told(clause, found),
                deed=deed,
            )
        )
    return made


def _of_entry(clause: Clause, deed: Deed, known: Sequence[Clause]) -> bool:
    """Return whether an entry of the catalogue holds the verb of an act, and can test all that limits it."""
    exact = bool(deed.names or deed.numbers or deed.day or clause.sentence.periods)
    return any(
        one.match.start < clause.match.end
        and clause.match.start < one.match.end
        and bool(one.entry.test)
        and not (exact and one.entry.test == "on_file")
        for one in known
    )


def _statement(clause: Clause, subject: Subject, topic: Topic) -> Statement:
    match, after = clause.match, clause.after
    told = Statement(match.name, clause.span, subject=subject.code, lost=subject.lost)
    told = _countries(_roles(told, clause, topic), clause, topic)
    held = "subject" in clause.roles and match.asked is None  # so that what stands before is no subject
    ahead = clause.before.unread if held else []
    names = [token for token in after.unread if _is_name(token)]
    unread = [token.raw for token in (*ahead, *after.unread) if token not in names]
    unread += [token.raw for token in clause.before.unread] if match.asked else []
    return replace(
        told,
        affirmed=affirmed(clause),
        contrary=match.kind == "denies",
        degree=_degree(clause),
        about=tuple(dict.fromkeys(after.about)),
        modality=modality(clause),
        speaker="others" if clause.sentence.attributed((match.start, match.end)) else "author",
        asked=match.asked,
        names=(*told.names, *(token.raw for token in names)),
        unread=(*told.unread, *unread, *_contrast(clause)),
    )


def _roles(told: Statement, clause: Clause, topic: Topic) -> Statement:
    """Return the statement with what named places of its pattern hold."""
    roles = clause.roles
    if "object" in roles:
        told = replace(told, object=topic.party(roles["object"], told.subject))
    if "rival" in roles:
        told = replace(told, comparator=topic.party(roles["rival"], told.subject))
    if "hundredth" in roles:
        told = replace(told, amount=amount(f"{roles['hundredth']} %"))
    if "amount" in roles:
        found = amount(roles["amount"])
        told = replace(told, amount=found, unread=() if found else (roles["amount"],))
    if "times" in roles:
        told = replace(told, times=times(roles["times"]))
    if "place" in roles:
        told = replace(told, place=place(roles["place"]))
    if "third" in roles:
        told = replace(told, named=(roles["third"].removeprefix("§"),))
    names = [number(roles["number"])] if "number" in roles else _limits(clause)
    names += [roles["organisation"]] if "organisation" in roles else []
    return replace(told, names=tuple(names))


def _limits(clause: Clause) -> list[str]:
    """Return numbers and goods within the words of an act, which its entry must hold: 25 percent, steel."""
    if clause.entry.test != "on_file":
        return []
    roles = " ".join(clause.roles.values()).split()
    words_ = [token.word for token in clause.sentence.words[clause.match.start : clause.match.end]]
    goods_ = goods(clause.sentence.language)
    return [word for word in words_ if word not in roles and (NUMBER.match(word) or goods_.fullmatch(word))]


@cache
def goods(language: Language) -> re.Pattern[str]:
    """Return what finds a good that limits a tariff."""
    return re.compile(spelled("<good>", language))


def _countries(told: Statement, clause: Clause, topic: Topic) -> Statement:
    """Return the statement with the countries among its objects, and the one it is compared with."""
    inner = clause.sentence.words[clause.match.start : clause.match.end]
    placed = set(COUNTRY.findall(" ".join(clause.roles.values())))
    found = [token.country for token in inner if token.country]
    found += [*clause.after.countries, *_list(clause.sentence, clause.end)]
    facing = topic.facing(told.subject)
    if clause.entry.test == "on_file" and facing in found:
        found = []  # of a list that holds the other of the pair, only its part is tested
    found += [*clause.before.facing, *_met(clause.sentence, clause.start).countries]
    named = [code for code in found if code not in (told.subject, facing) and code not in placed]
    comparator = told.comparator or clause.after.rival or clause.after.compared
    if clause.entry.third and comparator is None and len(set(named)) == 1:
        told, comparator, named = replace(told, predicate=clause.entry.third), named[0], []
    return replace(
        told,
        object=told.object or facing,
        named=tuple(dict.fromkeys((*told.named, *named))),
        comparator=comparator,
    )


def _met(sentence: Sentence, start: int) -> Side:
    """Read a phrase ahead of a comma that tells with what an act had to do: ante cada amenaza, …"""
    phrase = _ahead(sentence, start)
    opens = bool(phrase) and phrase[0].word in MEETING
    at_once = len(phrase) > 1 and phrase[0].word in FACING and phrase[1].country is not None
    return side(phrase, sentence.language) if opens or at_once else Side()


def _ahead(sentence: Sentence, start: int) -> tuple[Token, ...]:
    """Return the phrase that a comma right before a clause closes."""
    ahead = sentence.words[: start - 1] if start and sentence.words[start - 1].word == "," else ()
    signs = [at for at, token in enumerate(ahead, 1) if token.word in BREAKS or token.word == ","]
    return ahead[max(signs, default=0) :]


def _list(sentence: Sentence, end: int) -> list[str]:
    """Return the countries of a list that goes on behind a comma."""
    found: list[str] = []
    if end + 1 >= len(sentence.words) or not any(one.country for one in sentence.words[end : end + 2]):
        return found
    for token in sentence.words[end:]:
        if token.country:
            found.append(token.country)
        elif token.word not in LISTS:
            break
    return found


def _degree(clause: Clause) -> str | None:
    sides = (*clause.sides, _met(clause.sentence, clause.start))
    found = {name for one in sides for name in one.degrees}
    name = next((one for one in DEGREES if one in found), None)
    return CONTRARY.get(name or "", name) if clause.match.kind == "denies" else name


def affirmed(clause: Clause) -> bool:
    """Return whether a clause states what its predicate says, or denies it."""
    sentence, at = clause.sentence, clause.match.start
    start, _ = sentence.scope(at)
    frames = sum(start <= first and last <= at for first, last in sentence.falsehoods)
    doubled = sum(one.doubled for one in clause.sides)
    turned = frames + sum(one.denials for one in clause.sides) - max(doubled - 1, 0)
    return turned % 2 == 0


def modality(clause: Clause) -> str:
    """Return `asserted`, or how else a clause puts its predicate."""
    sentence, match = clause.sentence, clause.match
    if sentence.asks or sentence.scorns:
        return "question" if sentence.asks else "exclamation"
    if sentence.conditional((match.start, match.end)):
        return "conditional"
    threat = clause.entry.arguments.get("kinds") == ("threat",)  # its own words put what is threatened ahead
    told = [*clause.before.modalities, *([] if threat or match.asked else clause.inside.modalities)]
    if told:
        return told[0]
    return _mood(clause) or ("embedded" if clause.embedded else "asserted")


def _mood(clause: Clause) -> str | None:
    """Return what the ending of a Spanish verb puts ahead or in doubt."""
    if clause.sentence.language != "es":
        return None
    known = words()
    ahead = [token.raw.casefold() for token in clause.sentence.words[clause.start : clause.match.end]]
    ahead = [word for word in ahead if word not in known.not_would["es"]]
    for modality, endings in (("forecast", known.future["es"]), ("possibility", known.would["es"])):
        if any(any_of(endings).fullmatch(word) for word in ahead):
            return modality
    return None


def _is_name(token: Token) -> bool:
    return token.raw[:1].isupper() or bool(NUMBER.match(token.word))


def _contrast(clause: Clause) -> tuple[str, ...]:
    """Return the words beside a clause that set something apart from it."""
    sentence, at = clause.sentence, clause.end
    first = " ".join(token.word for token in _ahead(sentence, clause.start))
    if any_of(words().exceptions[sentence.language]).match(first):
        return (first,)
    if clause.match.goes_on or at >= len(sentence.words) or sentence.words[at].word not in SIGNS:
        return ()
    rest = sentence.line(at + 1, at + 5)
    return (rest,) if any_of(words().contrasts[sentence.language]).match(rest) else ()


def _period(clause: Clause, found: Sequence[Clause]) -> Period | None:
    """Return when a statement was: told in its clause, or at the head of what leads to it."""
    sentence = clause.sentence
    inside = [one.period for one in sentence.periods if clause.start <= one.start <= clause.end]
    if inside:
        return inside[0] if len(inside) == 1 else _compared(clause, inside)
    taken = [one for one in sentence.periods if any(other.start <= one.start <= other.end for other in found)]
    ahead = [
        one for one in sentence.periods if one.start <= clause.start and (one not in taken or one.start == 0)
    ]
    if not ahead:
        return None
    between = sentence.words[ahead[-1].start : clause.start]
    return None if any(token.word in BREAKS for token in between) else ahead[-1].period


def _told(clause: Clause, found: Sequence[Clause]) -> Period | None:
    """Return when a single act was: the one date of its clause, or of its sentence.

    A year that belongs to a noun, the budget of 2025, dates it where there is no other.
    """
    known = [one for one in clause.sentence.periods if not one.period.vague and not _long_ago(one.period)]
    placed = [one for one in known if not _elsewhere(one, clause)]
    free = [one for one in placed if not one.period.words.startswith(OWNED)]
    for held in (free, placed):
        near = [one.period for one in held if clause.start <= one.start <= clause.end]
        if len(near) == 1:
            return near[0]
        if not near and len(held) == 1:
            return held[0].period
    return None if known and not placed else _period(clause, found)


def _elsewhere(placed: Placed, clause: Clause) -> bool:
    """Return whether a date is of no act that a clause tells, but of a noun or a relative clause of it."""
    sentence = clause.sentence
    if any(one.start <= placed.start < one.end for one in granted(sentence)):
        return True
    ahead = [token.word for token in sentence.words[max(placed.start - 3, 0) : placed.start]]
    verb = {token.word for token in sentence.words[clause.match.start : clause.match.end]}
    nouns = any_of(words().dated_noun[sentence.language])
    be = set(words().auxiliaries[sentence.language])
    return any(
        nouns.fullmatch(word) and word not in verb and not be.intersection(ahead[:at])
        for at, word in enumerate(ahead)
    )


def _long_ago(period: Period) -> bool:
    """Return whether a period is before any act on file: the treaty of 1944, section 1702."""
    return period.last is not None and period.last.year < OLD


def _compared(clause: Clause, told: Sequence[Period]) -> Period:
    """Return the span from one year to the later one that is set beside it: fewer in 2024 than in 2023."""
    later, earlier = told[0], told[1]
    if later.first and earlier.first and later.first < earlier.first:
        later, earlier = earlier, later
    apart = bool(later.first and later.last and earlier.last and earlier.last < later.first)
    than = any_of(words().than[clause.sentence.language])
    inside = clause.sentence.words[clause.match.start : clause.end]
    compares = clause.match.asked is not None or any(than.fullmatch(token.word) for token in inside)
    if len(told) > 2 or not apart or not compares or later.vague or earlier.vague:
        return replace(told[0], vague=True)
    return Period(earlier.first, later.last, f"{later.words} / {earlier.words}")
