"""Suggestions of events from texts in two languages; nothing enters a ledger by itself."""

import csv
import json
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from palanca.catalogue import Catalogue
from palanca.catalogue.countries import countries
from palanca.cli import app
from palanca.errors import InputError
from palanca.events.coder import Coder, Document, RuleCoder, checked, documents, model
from palanca.events.coder.actors import _forms, mentions
from palanca.events.coder.coder import plugged
from palanca.events.coder.rules import rules
from palanca.events.coder.sentences import language, named_day, sentences
from palanca.events.event import vocabulary

PAGE = """<html><head><title>Statement</title>
<meta property="article:published_time" content="2025-02-03T10:00:00Z">
<link rel="canonical" href="https://site.example/statement"></head>
<body><nav>China threatens Japan.</nav><script>var x = "Russia attacks Ukraine";</script>
<p>The United States will impose a tariff of 25 percent on <b>Canada</b> unless it stops
the flow of fentanyl.</p>
<p>On March 4, 2025, Canada retaliated with duties on American goods.</p></body></html>"""
ENGLISH = "Australia rejected the demand. China imposed tariffs on Australian barley on May 18, 2020."
SPANISH = "El gobierno de Brasil rechazó la medida. Argentina suspendió los aranceles al acero de Brasil."


def suggested(text, **known):
    return RuleCoder(**known).suggest(Document("text", text, date(2025, 3, 10)))


def test_a_page_gives_events_with_sides_fronts_dates_and_places(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    (document,) = documents(tmp_path / "page.html")
    assert (document.title, document.url, document.published) == (
        *("Statement", "https://site.example/statement"),
        date(2025, 2, 3),
    )
    threat, answer = RuleCoder().suggest(document)
    assert (threat.kind, threat.actor, threat.target, threat.front) == ("threat", "USA", "CAN", "fentanyl")
    assert (threat.date, threat.dated_by) == (date(2025, 2, 3), "document")
    assert (answer.kind, answer.actor, answer.target, answer.front) == ("retaliation", "CAN", "USA", "trade")
    assert (answer.date, answer.dated_by, answer.instrument) == (date(2025, 3, 4), "sentence", "tariff")
    for one in (threat, answer):
        assert document.text[one.start : one.end] == one.quote
        assert one.rules
    assert "Russia" not in document.text


def test_both_languages_are_read():
    (rejected, imposed), (rechazo, pausa) = suggested(ENGLISH), suggested(SPANISH)
    assert (rejected.kind, rejected.actor) == ("protest", "AUS")
    assert (imposed.kind, imposed.actor, imposed.target, imposed.date) == (
        "measure",
        "CHN",
        "AUS",
        date(2020, 5, 18),
    )
    assert (rechazo.kind, rechazo.actor) == ("protest", "BRA")
    assert (pausa.kind, pausa.actor, pausa.target) == ("suspension", "ARG", "BRA")


def test_the_agent_of_a_passive_is_the_actor():
    (one,) = suggested("Three Russian diplomats were expelled by Poland.")
    (two,) = suggested("Brazil was sanctioned by the United States.")
    assert (one.actor, two.actor, two.target) == ("POL", "USA", "BRA")


def test_a_pair_leaves_out_others_and_fills_the_side_that_is_not_named():
    text = "Beijing threatened sanctions. Japan threatened Russia. China will meet Japan for talks."
    found = suggested(text, pair=("CHN", "AUS"))
    assert [(one.actor, one.target, one.assumed) for one in found] == [("CHN", "AUS", ("target",))]
    assert (
        found[0].score
        < suggested("Beijing threatened Australia with sanctions.", pair=("CHN", "AUS"))[0].score
    )


def test_what_only_may_be_scores_less():
    sure, doubtful = suggested(
        "Peru expelled the ambassador of Chile. Peru may have expelled the ambassador of Chile."
    )
    assert doubtful.score < sure.score


def test_sentences_without_an_act_give_nothing():
    assert suggested("The peso closed at 18.40 to the dollar. La inflación fue de cuatro por ciento.") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("New Mexico and the Gulf of Mexico", []),
        ("U.S. and Mexican officials, in Washington", ["USA", "MEX", "USA"]),
        ("las autoridades francesas y el gobierno alemán", ["FRA", "DEU"]),
        ("EE.UU. y la Unión Europea", ["USA", "EUU"]),
        ("he told us of turkey and ham", []),
    ],
)
def test_governments_by_their_names(text, named):
    assert [one.iso3 for one in mentions(text)] == named


def test_actors_are_countries_and_no_name_is_of_two():
    from importlib.resources import files

    text = (files("palanca") / "data" / "coder" / "actors.csv").read_text("utf-8")
    owners = {}
    for row in csv.DictReader(text.splitlines()):
        assert not row["iso3"] or row["iso3"] in countries()
        for name in row["names"].split(";"):
            assert owners.setdefault(name, row["iso3"]) == row["iso3"], name


NAMELESS = {"COG", "COD", "DMA", "CYM", "SXM", "TCA"}  # a people of two countries, or without a name in use


@pytest.mark.parametrize(("language", "say"), [("en", "the {} goods"), ("es", "las mercancías {}")])
def test_the_people_of_every_country_that_trades_have_a_name(language, say):
    from importlib.resources import files

    text = (files("palanca") / "data" / "coder" / "actors.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["sort"] == "demonym"]
    names = {row["iso3"]: row["names"].split(";") for row in rows if row["language"] == language}
    assert set(Catalogue()["trade_totals"].frame["exporter"]) <= names.keys() | NAMELESS
    for code, known in names.items():
        for name in known:
            for form in _forms(name, "demonym", language):
                assert [one.iso3 for one in mentions(say.format(form))] == [code], form


def test_rules_use_the_words_of_the_ledger():
    words = vocabulary()
    assert rules().kinds.keys() <= words.kinds.keys()
    assert set(words.kinds) | {"none"} == set(rules().quads)
    assert rules().fronts.keys() <= words.fronts.keys()
    assert rules().instruments.keys() <= words.instruments.keys()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("On May 30, 2019, it was said", (date(2019, 5, 30), "day")),
        ("el 30 de mayo de 2019 se dijo", (date(2019, 5, 30), "day")),
        ("el 7 de junio", (date(2019, 6, 7), "day")),
        ("on December 24", (date(2018, 12, 24), "day")),
        ("en marzo de 2018", (date(2018, 3, 1), "month")),
        ("on February 30, 2019", None),
        ("may be", None),
    ],
)
def test_days_in_both_languages(text, day):
    assert named_day(text, date(2019, 6, 10)) == day


def test_sentences_end_where_they_end():
    text = "Mr. Rubio met U.S. officials. He left.\n\nEl Sr. Pérez llegó. ¿Firmó? Sí."
    assert [one.text for one in sentences(text)] == [
        *("Mr. Rubio met U.S. officials.", "He left.", "El Sr. Pérez llegó.", "¿Firmó?", "Sí.")
    ]


def test_markup_is_blank_and_keeps_its_place():
    text = "---\ntitle: China\n---\nMexico [extradited](https://x.example/a.b) him\nto the United States."
    (one,) = sentences(text)
    assert one.text.split() == ["Mexico", "extradited", "him", "to", "the", "United", "States."]
    assert text[one.start : one.end].startswith("Mexico [extradited]")


@given(text=st.text(alphabet=st.sampled_from("ab. \n?Á¿[]()<>*-"), max_size=200))
def test_every_letter_of_a_text_without_markup_is_in_one_sentence(text):
    found = list(sentences(text))
    assert all(text[one.start : one.end].strip() and len(one.text) == one.end - one.start for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(text=st.text(max_size=300))
def test_any_text_gives_quotes_that_are_there_and_scores_in_range(text):
    document = Document("any", f"{text} China threatened Japan. {text}")
    checked(RuleCoder().suggest(document), document)


def test_language_is_told_by_its_commonest_words():
    assert (language(ENGLISH), language(SPANISH)) == ("en", "es")


def test_files_of_every_sort(tmp_path):
    record = {"text": ENGLISH, "date": "2020-05-19", "title": "Barley", "url": "https://a.example"}
    (tmp_path / "2020-05-19-note.txt").write_text(ENGLISH)
    (tmp_path / "a.json").write_text(json.dumps([record, record]))
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n\n" + json.dumps(record) + "\n")
    (tmp_path / "a.csv").write_text(f'date,text\n2020-05-19,"{ENGLISH}"\n')
    counts = {}
    for path in tmp_path.iterdir():
        found = list(documents(path))
        assert all(one.text == ENGLISH and one.published == date(2020, 5, 19) for one in found)
        counts[path.suffix] = len(found)
    assert counts == {".txt": 1, ".json": 2, ".jsonl": 2, ".csv": 1}


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", "{"), ("a.json", "[1]"), ("a.csv", "x\n1\n"), ("absent.txt", None)]
)
def test_files_that_are_no_documents_are_refused(name, content, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=name):
        list(documents(tmp_path / name))


def sentences_to_learn(folder):
    told = {"threat": "threatened to attack", "negotiation": "held talks with", "relief": "lifted the ban on"}
    path = folder / "mine.tsv"
    lines = [f"{a} {words} {b}.\t{kind}" for kind, words in told.items() for a in "ABCDE" for b in "FGH"]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_model_is_trained_on_the_users_sentences(tmp_path):
    pytest.importorskip("sklearn")
    pairs = model.labelled(sentences_to_learn(tmp_path))
    learnt = model.train(pairs)
    assert learnt.labels == ("negotiation", "relief", "threat")
    (chances,) = learnt.probabilities(["X threatened to attack Y."])
    assert max(chances, key=chances.get) == "threat"
    assert sum(chances.values()) == pytest.approx(1)
    assert model.train(pairs).probabilities(["X met Y"]) == learnt.probabilities(["X met Y"])
    plain, weighed = (
        suggested("China held talks with Japan."),
        suggested("China held talks with Japan.", model=learnt),
    )
    assert weighed[0].score <= plain[0].score
    assert any(rule.startswith("model") for rule in weighed[0].rules)


def test_too_few_sentences_teach_nothing(tmp_path):
    with pytest.raises(InputError, match="too few"):
        model.train([("a", "b")])
    (tmp_path / "bad.tsv").write_text("a sentence without a label\n")
    with pytest.raises(InputError, match="line 1"):
        model.labelled(tmp_path / "bad.tsv")


class Elsewhere:
    """Stands for a language model behind the same interface."""

    def suggest(self, document):
        return RuleCoder().suggest(document)[:1]


def test_another_coder_takes_the_place_of_the_rules(tmp_path, monkeypatch):
    (tmp_path / "mycoder.py").write_text(
        "from palanca.events.coder import RuleCoder\n"
        "class Mine:\n    def suggest(self, document): return RuleCoder().suggest(document)[:1]\n"
        "def nothing(): return 3\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "note.txt").write_text(ENGLISH)
    assert isinstance(Elsewhere(), Coder)
    assert len(run("ledger", "suggest", tmp_path / "note.txt", "--coder", "mycoder:Mine")) == 1
    for wrong in ("mycoder:nothing", "mycoder:absent", "absent:x", "x"):
        with pytest.raises(InputError):
            plugged(wrong)


def test_what_another_coder_says_is_checked():
    document = Document("text", ENGLISH)
    first = RuleCoder().suggest(document)[0]
    from dataclasses import replace

    wrong = [replace(first, quote="invented"), replace(first, kind="war", front="moon", score=2)]
    with pytest.raises(InputError) as caught:
        checked(wrong, document)
    assert len(caught.value.faults) == 4


def run(*arguments):
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_orders_by_score_and_enters_nothing(tmp_path):
    (tmp_path / "note.txt").write_text(ENGLISH)
    found = run("ledger", "suggest", tmp_path / "note.txt")
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert [one["kind"] for one in run("ledger", "suggest", tmp_path / "note.txt", "--score", "0.8")] == [
        "measure"
    ]
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"note.txt"}
    shown = CliRunner().invoke(app, ["ledger", "suggest", str(tmp_path / "note.txt")])
    assert "Suggestions only" in shown.stderr
    both = CliRunner().invoke(app, ["ledger", "suggest", "x", "--coder", "a:b", "--train", "c"])
    assert both.exit_code == 2


def test_pages_of_the_white_house_give_the_tariffs_of_february_2025(shared):
    found = []
    for document in documents(shared / "politics" / "wh_mexico" / "wh_mexico_docs.jsonl"):
        if document.published and document.published.isoformat()[:7] in ("2025-02", "2025-03"):
            found += checked(RuleCoder(pair=("USA", "MEX")).suggest(document), document)
    assert any(
        (one.actor, one.target, one.instrument) == ("USA", "MEX", "tariff")
        and one.kind in ("measure", "threat", "suspension", "escalation")
        for one in found
    )
