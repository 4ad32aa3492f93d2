"""What a sentence denies, supposes, plans or gives to others is not proposed as done."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from palanca.events.coder import Document, RuleCoder
from palanca.events.coder.clauses import clause_start, standing

LABELLED = Path(__file__).parent / "texts" / "acts"
FRAMES = yaml.safe_load((LABELLED / "frames.yaml").read_text("utf-8"))
NAMES = {"en": ("Mexico", "Canada", "Brazil", "Japan"), "es": ("México", "Canadá", "Brasil", "Japón")}
WORDS = {"en": ("past", "base", "ing"), "es": ("past", "inf", "part")}


TAIL = {"en": " So the newspaper wrote on that day.", "es": " Así lo informó el diario en su edición."}


def sentences(frames):
    """Return sentences in both languages, each with its language and the kind of its act."""

    def written(language):
        pairs = st.lists(st.sampled_from(NAMES[language]), min_size=2, max_size=2, unique=True)
        choices = (st.sampled_from(frames[language]), st.sampled_from(FRAMES["acts"][language]), pairs)
        return st.builds(
            lambda frame, act, two: (filled(language, frame, act, two), language, act[-1]), *choices
        )

    return st.one_of(written("en"), written("es"))


def filled(language, frame, act, two):
    text = frame.format(a=two[0], b=two[1], **dict(zip(WORDS[language], act, strict=False)))
    return text[0].upper() + text[1:]


def told(text, language="en"):
    document = Document("text", text + TAIL[language], date(2025, 6, 15))
    return [one for one in RuleCoder().suggest(document) if one.start == 0]


@given(sentences(FRAMES["done"]))
def test_an_act_that_is_told_is_proposed(told_as):
    text, language, kind = told_as
    assert [(one.kind, one.standing) for one in told(text, language)] == [(kind, "done")]


@given(sentences(FRAMES["not_done"]))
def test_an_act_that_is_not_told_as_done_is_not_proposed_as_done(told_as):
    text, language, kind = told_as
    assert not [one for one in told(text, language) if one.kind == kind and one.standing == "done"], text


@pytest.mark.parametrize("number", range(1, 7))
def test_denials_on_file(shared, number):
    path = shared.parent / "cases" / "suggest_denials" / f"{number}.txt"
    if not path.exists():
        pytest.skip("the cases are not here")
    kinds = {
        one.kind for one in RuleCoder(pair=("MEX", "USA")).suggest(Document("case", path.read_text("utf-8")))
    }
    assert not kinds & {"retaliation", "measure", "escalation"}


def test_an_essay_gives_the_same_acts_in_both_languages(shared):
    texts = [shared.parent / "cases" / "essay" / f"{language}.txt" for language in ("en", "es")]
    if not all(path.exists() for path in texts):
        pytest.skip("the cases are not here")
    coder = RuleCoder(pair=("MEX", "USA"))
    found = [coder.suggest(Document(path.name, path.read_text("utf-8"), date(2026, 8, 20))) for path in texts]
    english, spanish = ([(one.kind, one.actor, one.standing) for one in each] for each in found)
    assert english == spanish
    assert ("concession", "MEX", "done") in english
    assert not {kind for kind, *_ in english} & {"retaliation", "measure", "relief"}


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Mexico never failed to retaliate.", "retaliate", "done"),
        ("Nobody doubts that Mexico retaliated.", "retaliated", "done"),
        ("Retaliation was ruled out.", "Retaliation", "denied"),
        ("Trump said he would sanction them.", "sanction", "planned"),
        ("In May Mexico retaliated.", "retaliated", "done"),
        ("Mexico may have retaliated.", "retaliated", "reported"),
        ("The opposition accuses Mexico of having caved in.", "caved in", "told by others"),
        ("Decades ago Mexico retaliated.", "retaliated", "long ago"),
    ],
)
def test_standing(text, words, found):
    start = text.index(words)
    assert standing(text, (start, start + len(words)), "en") == found


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_clause_begins_in_its_text_before_the_act(before, after):
    text = f"{before} retaliated {after}"
    for language in ("en", "es"):
        assert 0 <= clause_start(text, len(before) + 1, language) <= len(before) + 1
        assert standing(text, (len(before) + 1, len(before) + 11), language)


def test_a_plan_to_do_harm_is_a_threat_and_one_to_help_is_a_plan():
    harm, help_ = (
        told("Mexico will impose tariffs on Canada."),
        told("Mexico will hand over two suspects to Canada."),
    )
    assert [(one.kind, one.actor, one.standing) for one in harm] == [("threat", "MEX", "done")]
    assert [(one.kind, one.standing) for one in help_] == [("concession", "planned")]
    assert help_[0].score < told("Mexico handed over two suspects to Canada.")[0].score


def test_who_speaks_in_a_quotation_acts():
    (one,) = told("“We will impose tariffs of 30 percent on Mexico,” Trump said.")
    assert (one.kind, one.actor, one.target) == ("threat", "USA", "MEX")


def test_a_year_dates_an_act_of_the_past():
    (past,), (now,) = told("In 2018 Mexico sanctioned Canada."), told("In 2025 Mexico sanctioned Canada.")
    assert (past.date, past.precision) == (date(2018, 1, 1), "year")
    assert (now.date, now.dated_by) == (date(2025, 6, 15), "document")


@pytest.mark.parametrize(
    "row", yaml.safe_load((LABELLED / "examples.yaml").read_text("utf-8")), ids=lambda row: row["text"][:30]
)
def test_examples(row):
    document = Document("text", row["text"] + TAIL[row["language"]], date(2025, 6, 15))
    found = [one for one in RuleCoder(pair=("MEX", "USA")).suggest(document) if one.start == 0]
    assert "; ".join(f"{one.actor} {one.kind} {one.standing}" for one in found) == row["is"]


AROUND = {
    "en": ("It is not true that {}", "Critics say that {}", "Whether {}", "Nobody thinks that {}"),
    "es": ("Es falso que {}", "Los críticos dicen que {}", "Falta saber si {}", "Nadie cree que {}"),
}


def test_no_labelled_act_is_proposed_once_it_is_denied_doubted_or_given_to_others():
    rows = yaml.safe_load((LABELLED / "open.yaml").read_text("utf-8"))
    for row in (row for row in rows if row["sort"] == "done" and "," not in row["text"]):
        text, language = row["text"][0].lower() + row["text"][1:], row["language"]
        named = text if text[:4] in ("the ", "el d") else row["text"]
        for frame in AROUND[language]:
            found = RuleCoder(pair=tuple(row["pair"])).suggest(
                Document("a", frame.format(named) + TAIL[language])
            )
            done = {f"{one.actor} {one.kind}" for one in found if one.start == 0 and one.standing == "done"}
            assert not done & set(row["acts"]), frame.format(named)


def test_labelled_acts_are_whole():
    rows = [
        row
        for name in ("open", "held_out")
        for row in yaml.safe_load((LABELLED / f"{name}.yaml").read_text("utf-8"))
    ]
    assert len({row["text"] for row in rows}) == len(rows) >= 80
    assert all(bool(row["acts"]) or not row["due"] for row in rows)
    assert {row["sort"] for row in rows} == {
        "drawn",
        "done",
        "denied",
        "conditional",
        "quoted",
        "announced",
        "historical",
    }
