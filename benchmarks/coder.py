"""Precision and recall of the coder beside the majority: what a reader who always names the commonest gets.

    PALANCA_SHARED=../shared/data python benchmarks/coder.py [--json]

* Quad class on every fifth of the labelled sentences of ConfliBERT (GPL-3: read here, never shipped), the
  model trained on the other four fifths. Some sixty of the sentences were read before the rules were
  written.
* Kind on the unit tests of PETRARCH 2 (MIT). Their countries are of Middle-earth and their sentences
  stylized, so only the kind is tested. Their codes are looked up in CAMEO, and in WEIS (McClelland 1976),
  which they are: the verb dictionary that the records name, PETR.Validate.verbs.txt of PETRARCH 2, opens with
  "most of the codes are WEIS, not CAMEO" (github.com/openeventdata/petrarch2, commit ed75ff1b6dfb). So 064 is
  "restore diplomatic ties" there and "share intelligence" in CAMEO. Some two dozen of the records were read
  before the rules were written.
* Kind, actor, target and front on Spanish sentences of our own, all labelled before the coder read them.
  Forty were written before the rules, by the same hand, which knew them: their scores say that the rules
  do what they were written for. Twenty, in words chosen to be different, were written next; the rules
  found the kind of five, and were then revised in general and in knowledge of them. Twenty more were
  written after that, and the rules were not changed since: those are the test.
"""

import argparse
import csv
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from palanca.events.coder import Document, RuleCoder, model
from palanca.events.coder.rules import kind_of, rules

HERE = Path(__file__).parent
FIFTH = 5
NONE = "none"
FIELDS = ("actor", "target", "front")
# CAMEO codes by their longest beginning; kinds as `data/ledger/vocabulary.yaml` describes them.
CAMEO = {
    **{"01": NONE, "02": "demand", "03": "agreement", "035": "suspension", "036": "negotiation"},
    **{"037": "suspension", "039": "negotiation", "04": "negotiation", "05": "alignment_signal"},
    **{"057": "agreement", "06": "cooperation", "07": "cooperation", "08": "concession", "081": "relief"},
    **{"085": "relief", "087": "suspension", "09": "incident", "10": "demand", "11": "protest"},
    **{"12": "protest", "13": "threat", "14": NONE, "15": "measure", "16": "measure", "161": "retaliation"},
    **{"166": "retaliation", "17": "measure", "173": "incident", "18": "incident", "19": "incident"},
    "20": "incident",
}
# WEIS categories by the verbs that PETR.Validate.verbs.txt gives them: 01 "leave", "admit", "bow to
# pressure", 02 "express fears", "explain", 03 "consult", "meet", "visit", 04 "hail", "support", 05 "said will
# free", 06 "grant", 064 "restore ties", 065 "lift", "reopen", 066 "free", 07 "lend", "donate", 08 "agree",
# 09 "ask", "appeal", 10 "propose", 11 "refuse", 12 "blame", "condemn", 13 "chide", "deliver a protest",
# 14 "deny", 15 "said must withdraw", 16 "warn", 17 "vow war", "call for sanctions", 18 "march", "deploy",
# 19 "ban", "cancel", "close the border", 20 "expel", 21 "arrest", "seize", 22 "attack". Which kind of ours
# is nearest is a judgement.
WEIS = {
    **{"01": "concession", "02": NONE, "03": "negotiation", "04": "alignment_signal", "05": "agreement"},
    **{"06": "cooperation", "064": "alignment_signal", "065": "relief", "066": "concession"},
    **{"07": "cooperation", "08": "agreement", "09": "demand", "10": "demand", "11": "protest"},
    **{"12": "protest", "13": "protest", "14": "protest", "15": "demand", "16": "threat", "17": "threat"},
    **{"18": "measure", "19": "retaliation", "20": "retaliation", "21": "incident", "22": "incident"},
}


def scores(truth: Sequence[str], said: Sequence[str]) -> dict[str, object]:
    """Return precision, recall and count of each label, their plain averages, and the share right."""
    labels = sorted(set(truth))
    by_label = {label: _of(label, truth, said) for label in labels}
    return {
        "n": len(truth),
        "right": sum(a == b for a, b in zip(truth, said, strict=True)) / len(truth),
        "precision": sum(one["precision"] for one in by_label.values()) / len(labels),
        "recall": sum(one["recall"] for one in by_label.values()) / len(labels),
        "labels": by_label,
    }


def _of(label: str, truth: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    both = sum(a == b == label for a, b in zip(truth, said, strict=True))
    named, there = said.count(label), truth.count(label)  # type: ignore[attr-defined]
    return {"precision": both / named if named else 0.0, "recall": both / there, "n": there}


def majority(truth: Sequence[str], seen: Sequence[str]) -> dict[str, object]:
    """Return the scores of always naming the commonest label of `seen`."""
    (label, _), *_ = Counter(seen).most_common(1)
    return {"named": label, **scores(truth, [label] * len(truth))}


def quads(shared: Path) -> dict[str, object]:
    """Return how well rules, model and both tell the quad class of held-out sentences."""
    pairs = model.labelled(shared / "politics" / "event_text" / "cameo_class_train.tsv")
    held = pairs[::FIFTH]
    rest = [pair for number, pair in enumerate(pairs) if number % FIFTH]
    truth = [label for _, label in held]
    texts = [sentence for sentence, _ in held]
    by_rules = [str(rules().quads[kind(text, "en")]) for text in texts]
    chances = model.train(rest).probabilities(texts)
    by_model = [max(one, key=lambda label: one[label]) for one in chances]
    both = [
        max(one, key=lambda label: one[label] * (2 if label == quad else 1))
        for one, quad in zip(chances, by_rules, strict=True)
    ]
    return {
        "majority": majority(truth, [label for _, label in rest]),
        "rules": scores(truth, by_rules),
        "model": scores(truth, by_model),
        "model, the rules' class counted double": scores(truth, both),
    }


def kind(text: str, language: str) -> str:
    """Return the kind that the rules find in a sentence, or none."""
    found = kind_of(text, language)  # type: ignore[arg-type]
    return found.kind if found else NONE


def petrarch(shared: Path) -> dict[str, object]:
    """Return how well the rules tell the kind of the records, their codes looked up in two schemes."""
    found = records(shared / "politics" / "event_text" / "PETR.UnitTest.records.xml")
    result: dict[str, object] = {}
    for scheme, kinds in (("CAMEO", CAMEO), ("WEIS", WEIS)):
        coded = [(text, told) for text, codes in found if (told := _kinds(codes, kinds))]
        said = [kind(text, "en") for text, _ in coded]
        # A record may have several events, and the coder names one: it is right if it names any of them.
        truth = [one if one in told else told[0] for one, (_, told) in zip(said, coded, strict=True)]
        first = [told[0] for _, told in coded]
        result[f"{scheme}, records without a code of it"] = len(found) - len(coded)
        result[f"{scheme}, majority"] = majority(first, first)
        result[f"{scheme}, rules"] = scores(truth, said)
    return result


def _kinds(codes: Sequence[str], kinds: Mapping[str, str]) -> list[str]:
    """Return the kinds of codes; PETRARCH's tests also use numbers that are no code, such as 903."""
    told = [next((kinds[code[:size]] for size in (3, 2) if code[:size] in kinds), None) for code in codes]
    return [one for one in told if one is not None]


def records(path: Path) -> list[tuple[str, list[str]]]:
    """Return sentence and event codes of each record; comments are left out."""
    whole = re.sub(r"<!--.*?-->", "", path.read_text("utf-8", errors="replace"), flags=re.DOTALL)
    found = []
    for record in re.findall(r"<Sentence\b.*?</Sentence>", whole, re.DOTALL):
        text = re.search(r"<Text>(.*?)</Text>", record, re.DOTALL)
        codes = re.findall(r'eventcode\s*=\s*"(\d+)"', record)
        if text:
            found.append((" ".join(text[1].split()), codes))
    return found


def spanish(written: str) -> dict[str, object]:
    """Return how well the rules tell kind, actor, target and front of our own sentences."""
    with (HERE / "spanish_sentences.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["written"] == written]
    found = [_first(row["sentence"]) for row in rows]
    events = [(row, one) for row, one in zip(rows, found, strict=True) if row["kind"] != NONE]
    result: dict[str, object] = {}
    for field, pairs in (("kind", list(zip(rows, found, strict=True))), *((f, events) for f in FIELDS)):
        truth = [row[field] for row, _ in pairs]
        result[f"{field}, majority"] = majority(truth, truth)
        result[f"{field}, rules"] = scores(truth, [one[field] for _, one in pairs])
    wrong = [(row["kind"], one["kind"], row["sentence"]) for row, one in zip(rows, found, strict=True)]
    result["wrong kinds"] = [f"{a} read as {b}: {text}" for a, b, text in wrong if a != b]
    return result


def _first(sentence: str) -> Mapping[str, str]:
    # A sentence too short to tell its language by is read as Spanish: a text of one sentence has no other.
    document = Document("sentence", f"{sentence} Así lo informó el diario en su edición de la mañana.")
    told = [one for one in RuleCoder().suggest(document) if one.start == 0]
    if not told:
        return {"kind": NONE, "actor": "", "target": "", "front": ""}
    one = told[0]
    return {"kind": one.kind, "actor": one.actor or "", "target": one.target or "", "front": one.front or ""}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print every label")
    options = parser.parse_args(arguments)
    shared = Path(os.environ.get("PALANCA_SHARED") or HERE.parent.parent / "shared" / "data")
    result = {
        "quad class, held-out fifth": quads(shared),
        "kind, PETRARCH records": petrarch(shared),
        "Spanish, forty sentences written before the rules": spanish("before the rules"),
        "Spanish, twenty sentences written before their revision": spanish("before their revision"),
        "Spanish, twenty sentences written after the rules": spanish("after the rules"),
    }
    print(json.dumps(result, indent=1, ensure_ascii=False) if options.json else _table(result))
    return 0


def _table(result: Mapping[str, Mapping[str, object]]) -> str:
    lines = [f"{'':54}{'n':>5}{'right':>8}{'precision':>11}{'recall':>8}"]
    for test, parts in result.items():
        lines.append(test)
        for name, part in parts.items():
            if isinstance(part, dict):
                shown = f"{part['right']:>8.2f}{part['precision']:>11.2f}{part['recall']:>8.2f}"
                lines.append(f"  {name:52}{part['n']:>5}{shown}")
            elif isinstance(part, list):
                lines += [f"  {name}:", *(f"    {one}" for one in part)]
            else:
                lines.append(f"  {name}: {part}")
    return "\n".join([*lines, "Precision and recall are plain averages over the labels."])


if __name__ == "__main__":
    sys.exit(main())
