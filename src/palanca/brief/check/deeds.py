"""Single acts that a text tells of: what was done, by whom, on what, and what limits it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from palanca.brief.check.clauses import Clause, Match, clauses_of
from palanca.brief.check.limits import PERCENT, kinds, likeness, limits, small, things, verbs
from palanca.brief.check.sentence import STOPS, Sentence
from palanca.brief.check.sides import NONE, NUMBER
from palanca.brief.check.text import Token
from palanca.brief.check.words import any_of, words

ENTRY = "single_act"
BE = {"was", "were", "been", "is", "are", "be", "being", "got", "fue", "fueron", "sido", "se", "era", "eran"}
FINITE_BEFORE = {"did", "do", "does", "not", "and", "both", "they", "we", "i", "countries", "governments"}
HAVE = {"ha", "han", "habia", "habian", "quedo", "quedaron", "no", "nunca", "jamas"}
TODAY = {"today", "hoy"}
BEHIND = {
    "en": {"without", "not", "nor"},
    "es": {"sin", "no", "ni"},
}  # behind the verb they deny another thing
REACH = 3  # words between a relative pronoun and its verb
RELATIVE = ("which", "who", "whom", "whose", "where", "que", "quien(?:es)?", "cual(?:es)?", "cuy[oa]s?")


@dataclass(frozen=True)
class Deed:
    """One single act as a text tells it.

    Attributes:
        acts: kinds it may be of, each with whether it was done or left undone.
        doers: ISO3 of all who did it; none where the words leave it open.
        things: what it is about, by names of the concepts, stems, and codes of third countries.
        rest: what else the sentence names, which may find a row and need not.
        names: proper names that limit it.
        numbers: with the thing each counts.
        day: month, and day or none, told without a year.
        today: whether it is told of the day of the text.
        recent: whether those who write tell of their own act.
        times: how often at least it was done.
    """

    acts: frozenset[tuple[str, bool]]
    doers: frozenset[str]
    things: frozenset[str]
    rest: frozenset[str]
    names: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    day: tuple[int, int | None] | None = None
    today: bool = False
    recent: bool = False
    times: int = 1


def deeds(sentence: Sentence, *, headline: bool = False) -> Iterator[tuple[Clause, Deed]]:
    """Yield every single act of a sentence with its clause, in order; who did it is left open.

    What a relative clause tells is what the sentence takes for granted, not what it states.

    Args:
        headline: as of `matches`.
    """
    found = list(clauses_of(sentence, matches(sentence, headline=headline)))
    everything = things(sentence.words, sentence.language)
    for clause in found:
        if not _granted(clause):
            yield clause, _deed(clause, found, everything)


def granted(sentence: Sentence) -> list[Clause]:
    """Return the relative clauses of a sentence that tell an act."""
    return [clause for clause in clauses_of(sentence, matches(sentence)) if _granted(clause)]


def _granted(clause: Clause) -> bool:
    """Return whether a relative pronoun leads to an act: the duties that it imposed."""
    near = clause.sentence.line(max(clause.start, clause.match.start - REACH), clause.match.start)
    pronouns = (*RELATIVE, "that") if clause.sentence.language == "en" else RELATIVE
    return bool(clause.start < clause.match.start and any_of(pronouns).search(near))


def matches(sentence: Sentence, *, headline: bool = False) -> list[Match]:
    """Return the verbs of single acts that stand as verbs, and not as nouns or under another verb.

    Args:
        headline: whether it is a title, which tells an act in the present: "Two officers die".
    """
    pattern, _ = verbs(sentence.language)
    found: list[Match] = []
    for match in pattern.finditer(sentence.flat):
        start, end = sentence.tokens(match)
        stands = _stands_en if sentence.language == "en" else _stands_es
        ahead = sentence.words[start - 1].raw if start else ""
        bare = headline and ahead.islower() and ahead.endswith("s") and ahead not in small(sentence.language)
        object_ = found and found[-1].end == start and sentence.words[start].word.endswith("s")
        if not object_ and (stands(sentence, start, end) or bare):
            found.append(Match(ENTRY, start, end, "says", (("verb", match[0]),)))
    return found


def acts_of(match: Match, *, done: bool) -> frozenset[tuple[str, bool]]:
    """Return the kinds that a verb may tell of, each with whether it was done."""
    (verb,) = [said for role, said in match.roles if role == "verb"]
    known = kinds()
    found: set[tuple[str, bool]] = set()
    for language in ("en", "es"):
        for name in verbs(language)[1].get(verb, frozenset()):
            denied = known[name].denies
            found.add((denied, not done) if denied else (name, done))
    return frozenset(found)


def was_done(clause: Clause) -> bool:
    """Return whether an act is told as done; what a relative clause behind it denies is not it."""
    sentence, match = clause.sentence, clause.match
    first, _ = sentence.scope(match.start)
    frames = sum(first <= start and end <= match.start for start, end in sentence.falsehoods)
    after = sentence.line(match.end, clause.end)
    relative = any_of(RELATIVE).search(after)
    near = after[: relative.start()] if relative else after
    besides = BEHIND[sentence.language]
    found = [one for one in any_of(words().denies[sentence.language]).findall(near) if one not in besides]
    doubled = any_of(words().doubled.get(sentence.language, NONE))
    twice = sum(bool(doubled.fullmatch(one)) for one in found) + clause.before.doubled + clause.inside.doubled
    turned = frames + clause.before.denials + clause.inside.denials + len(found) - max(twice - 1, 0)
    return turned % 2 == 0


def _stands_en(sentence: Sentence, start: int, end: int) -> bool:
    word, before = sentence.words[start].word, sentence.words[start - 1].word if start else ""
    after = sentence.words[end].word if end < len(sentence.words) else ""
    if before == "to":
        return _led(sentence, start)
    determined = before in small("en") or bool(NUMBER.match(before)) or before in PERCENT
    if determined and before not in BE and (word.endswith(("ed", "n")) and after.isalpha()):
        return after in small("en") and not NUMBER.match(before) and before not in ("the", "a", "an", "of")
    if word.endswith(("ed", "ing")) or word in _irregular():
        return not (determined and word.endswith("ing") and before not in BE)
    if word.endswith("s") and not word.endswith("ss"):
        return not determined and after not in ("of", "'s") and bool(start)
    return before in FINITE_BEFORE or bool(sentence.words[start - 1].country)


@cache
def _irregular() -> frozenset[str]:
    """Return irregular pasts and participles that are not their own base."""
    found: set[str] = set()
    for kind in kinds().values():
        for verb in kind.en:
            base, *odd = verb.partition(" ")[0].split("/")
            found |= {one for one in odd if one != base} | ({base} if base in odd else set())
    return frozenset(found)


def _led(sentence: Sentence, start: int) -> bool:
    """Return whether a verb that makes what follows a fact, or denies it, leads to an infinitive."""
    language = sentence.language
    phrases = (*words().implies[language], *words().denies[language])
    at = sum(len(token.word) + 1 for token in sentence.words[:start])
    lead = sentence.flat[:at].rstrip()
    return any(match.end() == len(lead) for match in any_of(phrases).finditer(lead))


def _stands_es(sentence: Sentence, start: int, end: int) -> bool:
    token, before = sentence.words[start], sentence.words[start - 1] if start else None
    word, raw = sentence.words[end - 1].word if end - start == 1 else token.word, token.raw.casefold()
    if word.endswith("r") and end - start == 1:
        return _led(sentence, start)
    plural = word.endswith(("tos", "tas", "chos", "chas"))
    if (plural or _participle(word, more=True)) and (before is None or before.word not in BE | HAVE):
        return False  # "the tariff announced in May" tells of the tariff, not that it was announced
    accented = raw != token.word and not raw.endswith("ío")  # "el envío" is a noun
    noun = before is not None and before.word in small("es") and before.word not in ("lo", "que", "le", "se")
    if noun and not accented:
        return False
    plain_o = end - start == 1 and word.endswith("o") and not accented and not _participle(word)
    return not (plain_o and word not in _irregular_es())


def _participle(word: str, *, more: bool = False) -> bool:
    regular = word.endswith(("ado", "ido", "ada", "ida", "ados", "idos", "adas", "idas"))
    return regular or (not more and word.endswith(("to", "cho")))


@cache
def _irregular_es() -> frozenset[str]:
    return frozenset(
        one
        for kind in kinds().values()
        for verb in kind.es
        for one in verb.removeprefix("se ").partition(" ")[0].split("/")[1:]
    )


def _deed(clause: Clause, found: Sequence[Clause], everything: frozenset[str]) -> Deed:
    begin, end = _begin(clause), _end(clause, found)
    verb = range(clause.match.start, clause.match.end)
    tokens = [token for at, token in enumerate(clause.sentence.words[begin:end], begin) if at not in verb]
    names, numbers, day, rest = limits(tokens, clause.sentence.language, opens=not begin)
    about = things(rest, clause.sentence.language)
    today = any(token.word in TODAY for token in tokens)
    times = max((value for word, value in likeness().times.items() if word in _line(tokens)), default=1)
    own = any_of(words().anew[clause.sentence.language][:7])
    recent = bool(own.search(_line(tokens[: max(clause.match.start - begin, 0)]).strip()))
    rest_ = everything - about
    return Deed(frozenset(), frozenset(), about, rest_, names, numbers, day, today, recent, times)


def _line(tokens: Sequence[Token]) -> str:
    return f" {' '.join(token.word for token in tokens)} "


def _begin(clause: Clause) -> int:
    """Return where what an act is about begins; ahead of an aside where nothing stands before its verb."""
    language, tokens = clause.sentence.language, clause.sentence.words
    lead = [token.word for token in tokens[clause.start : clause.match.start]]
    if any(word.isalnum() and word not in BE and word not in small(language) for word in lead):
        return clause.start
    if not clause.start or tokens[clause.start - 1].word != ",":
        return clause.start
    stops = [at for at in range(clause.start - 1) if tokens[at].word in STOPS | {":", ";"}]
    return max(stops, default=-1) + 1


def _end(clause: Clause, found: Sequence[Clause]) -> int:
    """Return where what an act is about ends: before its purpose."""
    end = clause.end
    for other in found:
        if other.embedded and clause.match.end <= other.start <= end:
            end = max(end, other.end)
    if any(kinds()[name].leads for name, _ in acts_of(clause.match, done=True)):
        return end
    aims = [start for start, _ in clause.sentence.found(words().purpose[clause.sentence.language])]
    return min((at for at in aims if clause.match.end < at < end), default=end)
