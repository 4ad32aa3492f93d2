"""Why a statement cannot be tested: how it is put, whose words it is, and what no test can take."""

from palanca.brief.check.entries import Entry, rules
from palanca.brief.check.statement import BEFORE, OTHERS, Statement
from palanca.brief.check.wording import told
from palanca.catalogue import Text, countries

NO_ENTRY = Text(
    en="no entry of the catalogue of testable statements covers it",
    es="ninguna entrada del catálogo de enunciados comprobables lo cubre",
)
LOSS = "loss"  # what an end of trade would cost: put under a condition that the figure itself makes
SUPPOSED = ("conditional", "possibility")
RATIOS = ("loss_ratio", "dependence_ratio")  # of the two countries of the pair, and of no third
RANKS = (
    "told",
    "share",
    "duty",
    "duty_level",
    "vote_agreement",
    "votes_change",
    "main_market",
    "concentration",
    "forums",
    "reach",
    "rank",
    "balance",
)


def why(said: Statement, entry: Entry | None, pair: tuple[str, str]) -> Text | None:
    """Return why a statement gets no verdict before any table is read; none where it can be tested."""
    if entry is None or entry.why:
        return entry.why if entry else NO_ENTRY
    return (
        _of_speech(said, entry)
        or _of_words(said, entry)
        or _of_countries(said, entry, pair)
        or _of_parts(said, entry)
    )


def _of_speech(said: Statement, entry: Entry) -> Text | None:
    if said.speaker == "others":
        return _text("of_others")
    supposed = entry.hypothetical or (said.asked is not None and said.asked.series == LOSS)
    if said.modality != "asserted" and not (supposed and said.modality in SUPPOSED):
        return _text(f"put_{said.modality.replace(' ', '_')}")
    return None


def _of_words(said: Statement, entry: Entry) -> Text | None:
    if said.lost or said.subject is None:
        return _with("whose", said.lost or "…")
    if said.unread and "words" not in rules()[entry.test or ""].takes:
        return _with("unread", ", ".join(said.unread))
    return None


def _of_countries(said: Statement, entry: Entry, pair: tuple[str, str]) -> Text | None:
    third = [code for code in (said.subject, said.object) if code and code not in pair]
    if third and (entry.test not in RANKS or not {said.object, said.subject} & set(pair)):
        return _about(third[0])
    apart = said.comparator not in (None, OTHERS, BEFORE, said.object, said.subject)
    if apart and entry.test in RATIOS and said.comparator:
        return _about(said.comparator)
    if said.subject == said.object:
        return _with("whose", said.subject or "…")
    takes = rules()[entry.test or ""].takes
    if said.named and "named" not in takes:
        return _about(said.named[0])
    return None


def _about(code: str) -> Text:
    name = countries()[code].name
    return Text(
        en=f"it is about {name.en}, which is not of the pair asked",
        es=f"trata de {name.es}, que no es del par pedido",
    )


def _of_parts(said: Statement, entry: Entry) -> Text | None:
    """Return which part of the statement its test cannot take."""
    takes = rules()[entry.test or ""].takes
    if said.period and said.period.vague:
        return _with("vague", said.period.words)
    lost = [part for part in said.parts if part not in takes]
    if not lost:
        return None
    words = {
        "period": said.period.words if said.period else "",
        "rival": countries()[said.comparator].name.en if lost[0] == "rival" and said.comparator else "",
        "amount": said.amount.words if said.amount else "",
        "names": ", ".join(said.names),
    }
    return _with(
        f"cannot_{lost[0]}" if f"cannot_{lost[0]}" in told("en") else "cannot", words.get(lost[0]) or lost[0]
    )


def _text(key: str) -> Text:
    return Text(en=told("en")[key], es=told("es")[key])


def _with(key: str, words: str) -> Text:
    return Text(en=f"{told('en')[key]} “{words}”", es=f"{told('es')[key]} «{words}»")
