"""Statements of a text: found, turned round by a denial, and tested against the tables."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
import yaml
from typer.testing import CliRunner

from palanca.brief.check import check
from palanca.brief.check.cues import cues
from palanca.brief.check.entries import Entries, compiled, entries, rules, spelled
from palanca.brief.check.matter import Matter, Reading
from palanca.brief.check.measures import MEASURES
from palanca.brief.check.page import render
from palanca.brief.check.parse import statements
from palanca.brief.check.statement import Statement
from palanca.brief.check.testing import judged
from palanca.brief.check.text import language, plain, sentences
from palanca.brief.check.wording import value_name
from palanca.catalogue import Catalogue, pair
from palanca.catalogue.parameters import parse
from palanca.cli import app
from palanca.errors import BadParameter, InputError

TEXTS = Path(__file__).parent / "texts"
FLIPPED = {"supported": "contradicted", "contradicted": "supported"}
TWO = ("MEX", "USA")


def text(name: str) -> str:
    return (TEXTS / name).read_text()


@pytest.fixture(scope="module")
def given():
    return {one.name: one for one in check(text("given-en.txt"), *TWO)}


def verdicts(found):
    return {one.name: one.verdict for one in found if one.name}


def test_given_text_has_eight_verdicts_with_evidence(given):
    decided = [one for one in given.values() if one.verdict != "not testable here"]
    assert len(decided) >= 8
    assert all(one.evidence and one.reading.values and one.confidence for one in decided)


def test_spanish_text_has_the_same_verdicts(given):
    assert verdicts(check(text("given-es.txt"), *TWO)) == verdicts(given.values())


def test_denied_text_has_the_opposite_verdicts(given):
    denied = verdicts(check(text("negated-en.txt"), *TWO))
    assert denied == {name: FLIPPED.get(one.verdict, one.verdict) for name, one in given.items()}
    assert sum(one.verdict in FLIPPED for one in given.values()) >= 6


def test_spans_are_the_words_of_the_text():
    source = text("given-es.txt")
    for one in check(source, *TWO):
        assert " ".join(source[slice(*one.span)].split()) == one.statement


def test_share_of_acts_that_answer_is_counted_by_hand(given):
    acts = list(Catalogue()["ledger_events"].frame.iter_rows(named=True))
    theirs = {row["id"]: row["date"] for row in acts if (row["actor"], row["target"]) == TWO[::-1]}
    own = [row for row in acts if (row["actor"], row["target"]) == TWO]
    links = [[one for one in (row["linked_to"] or "").split(";") if one in theirs] for row in own]
    answers = sum(any(theirs[one] <= row["date"] for one in of) for row, of in zip(own, links, strict=True))
    assert given["reactive"].reading.values["answers_pct"] == pytest.approx(100 * answers / len(own))


def test_duty_by_law_is_read_by_hand(given):
    held = given["duty_lower"].reading.values
    rows = Catalogue()["statutory_tariffs"].rows(importer=TWO[1], date=held["by_law_period"])
    level = dict(rows.select("partner", "level_pct").iter_rows())
    assert held["by_law_pct"] == level.pop(TWO[0])
    assert held["by_law_beside_pct"] == median(level.values())


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(51, 60, "supported"), (40, 50, "contradicted"), (40, 60, "mixed"), (49, 50.1, "mixed")],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(low, high, verdict):
    entry = entries()["reactive"]
    read = Reading(low, low, high, {}, ())
    said = Statement("reactive", (0, 0))
    assert judged(entry, read, 50, said=said)[0] == verdict
    assert judged(entry, read, 50, said=replace(said, affirmed=False))[0] == FLIPPED.get(verdict, verdict)


HELD_OUT = yaml.safe_load((TEXTS / "held-out.yaml").read_text())


def told(text):
    """Return each entry that a text names with how it is put, or whether it is held true."""
    found = statements(text, language(text), TWO)
    return Counter((_entry(one), _put(one)) for one in found if one.predicate and not one.deed)


def _entry(one):
    """Return the entry that a figure told would be of, where labels name one."""
    if one.asked is None:
        return one.predicate
    known = {"exports": "main_customer", "imports": "main_supplier", "trade": "main_trading_partner"}
    if one.asked.form == "rank":
        return known.get(one.asked.series, one.predicate)
    if one.asked.series.startswith("duty"):
        return "duty_lower" if one.asked.relation == "below" else "duty_higher"
    return one.asked.series


def _put(one):
    supposed = one.modality != "asserted" or one.speaker == "others"
    return "supposed" if supposed else one.holds != (one.degree == "rarely")


@pytest.mark.parametrize("one", HELD_OUT, ids=lambda one: one["text"][:25])
def test_labelled_texts(one):
    assert told(one["text"]) == Counter(map(tuple, one["labels"]))


@pytest.mark.parametrize(
    ("said", "affirmed"),
    [
        ("It has not conceded.", False),
        ("It not only conceded, it bowed to them.", True),
        ("It has failed to reduce its dependence.", True),
        ("It has reduced its dependence.", False),
        ("It never failed to concede; it conceded.", True),
    ],
)
def test_denials(said, affirmed):
    found = [one for one in statements(said, "en", TWO) if one.predicate]
    assert found[-1].holds is affirmed


def test_a_denial_ends_with_its_clause():
    found = statements("Mexico did not retaliate and conceded.", "en", TWO)
    assert [(one.predicate, one.holds) for one in found] == [("retaliated", False), ("conceded", True)]


@pytest.mark.parametrize(
    ("name", "least", "most"), [("later", 0.6, 0.1), ("unseen", 0.9, 0.05)], ids=["unfitted", "fitted"]
)
def test_how_much_of_a_text_is_found(name, least, most):
    """Found as labelled, and found in the wrong sense."""
    right = wrong = labelled = 0
    for one in yaml.safe_load((TEXTS / f"{name}.yaml").read_text()):
        found, want = told(one["text"]), Counter(map(tuple, one["labels"]))
        right, wrong = right + (found & want).total(), wrong + (found - want).total()
        labelled += want.total()
    assert right >= least * labelled
    assert wrong <= most * labelled


def test_what_others_claim_is_not_stated():
    found = statements("Mexico conceded, critics say, but it is isolated.", "en", TWO)
    assert [(one.predicate, one.speaker) for one in found] == [("conceded", "others"), ("isolated", "author")]


def test_a_statement_on_the_partner_is_tested_from_its_side():
    (one,) = check("The United States has escalated.", *TWO)
    assert (one.subject, one.name) == ("USA", "escalated")


def test_a_statement_on_a_third_country_is_listed_not_tested():
    (one,) = check("Canada has retaliated against the United States.", *TWO)
    assert one.verdict == "not testable here"
    assert "Canada" in one.says.en


def test_what_is_only_supposed_is_not_tested():
    (one,) = check("Mexico might retaliate in the end.", *TWO)
    assert one.verdict == "not testable here"


def test_words_without_an_entry_are_listed():
    (one,) = check("The weather in the capital was the best of the year.", *TWO)
    assert (one.name, one.test, one.verdict) == (None, None, "not testable here")


def test_a_pair_without_a_ledger_gets_no_verdict_on_acts():
    found = check("Kenya has mostly reacted and it retaliated. It depends on one market.", "KEN", "PER")
    given = verdicts(found)
    assert given["reactive"] == given["retaliated"] == "not testable here"
    assert given["dependent"] == "contradicted"


def test_only_rows_public_on_the_day_are_used():
    from datetime import date

    (one,) = check(
        "Mexico sent the National Guard.", *TWO, catalogue=Catalogue(date(2018, 1, 1)), language="en"
    )
    assert one.verdict == "not testable here"


@pytest.mark.parametrize(
    "said", ["Le pays a surtout réagi et il a évité la guerre", "12 34 56", "Xyz qwerty"]
)
def test_other_languages_are_refused(said):
    with pytest.raises(InputError, match="neither in English nor in Spanish"):
        language(said)


def test_plain_keeps_every_place():
    said = "«Ñandú, İstanbul, ﬁn, straße» México’s"
    assert len(plain(said)) == len(said)


def test_sentences_cover_the_text():
    said = "One thing. Another; a third?\n\nA fourth"
    assert [said[slice(*span)] for span in sentences(said)] == [
        "One thing.",
        "Another",
        "a third?",
        "A fourth",
    ]


def test_every_entry_is_whole():
    for name, one in entries().items():
        assert one.test is None or one.test in MEASURES, name
    assert set(MEASURES) == set(rules())


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_sieve_lets_every_match_through(lang):
    lines = [plain(line) for name in ("given", "negated") for line in _lines(f"{name}-{lang}.txt")]
    for one in entries().values():
        for pattern in one.patterns[lang]:
            begins = cues(spelled(pattern, lang))
            for line in lines:
                passes = not begins or any(cue in line for cue in begins)
                assert passes or not compiled(pattern, lang).search(line), pattern


def _lines(name):
    return (TEXTS / name).read_text().splitlines() if (TEXTS / name).exists() else []


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_pattern_can_be_read(lang):
    for name, one in entries().items():
        for held in (one.patterns, one.opposite, one.passive):
            for pattern in held.get(lang, ()):
                assert compiled(pattern, lang), name


def test_an_entry_without_test_or_reason_is_refused():
    entry = {"x": {"title": {"en": "a", "es": "b"}, "patterns": {"en": ["a"], "es": ["b"]}}}
    with pytest.raises(BadParameter, match="either a test with its meaning or why"):
        parse("statements/mine.yaml", yaml.safe_dump(entry), Entries)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_page_holds_the_text_and_loads_nothing(lang):
    source = text(f"given-{lang}.txt") + "<script>alert(1)</script>"
    found = check(source, *TWO)
    page = render(source, found, pair(*TWO), language=lang, dates=(Catalogue().as_of, None), name="<b>.txt")
    assert "<script" not in page
    assert "http" not in page.split("<main>")[0]
    assert page.count('class="s ') == len(found) == page.count("<article")
    assert f'lang="{lang}"' in page
    assert "built-in" not in page


@pytest.mark.parametrize("two", [TWO, TWO[::-1], ("CHN", "USA")])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_value_has_words(two, lang):
    matter = Matter(Catalogue(), *two)
    for name, entry in entries().items():
        said = Statement(name, (0, 0), subject=two[0], object=two[1], named=("JPN",))
        read = MEASURES[entry.test](matter, entry.arguments, said) if entry.test else None
        for value in read.values if isinstance(read, Reading) else ():
            assert value_name(value, lang), name


def test_a_spanish_text_gets_a_spanish_table_and_page(tmp_path):
    done = run(str(TEXTS / "given-es.txt"), *TWO, "--out", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text().split("<main>")[1]
    for word in (" supported", "percentile", "moderate", " line ", "answers_pct", "acts counted"):
        assert word not in done.stdout
        assert f">{word.strip()}<" not in page
    assert "respaldado" in done.stdout


def run(*arguments: str):
    return CliRunner().invoke(app, ["check", *arguments])


def test_command_prints_json_and_writes_the_page(tmp_path):
    done = run(str(TEXTS / "given-en.txt"), *TWO, "--json", "--out", str(tmp_path / "page.html"))
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    keys = {"statement", "span", "test", "verdict", "values", "evidence", "confidence"}
    assert all(keys <= set(one) for one in told)
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\x7fELF\x00\xff\xfe", "not plain text"),
        (b"abc\x00def", "not plain text"),
        (b"Le pays a surtout cede devant les autres pays du monde.", "neither in English nor in Spanish"),
    ],
)
def test_a_file_that_is_no_text_ends_with_one_error_and_no_page(tmp_path, content, said):
    (tmp_path / "report.txt").write_bytes(content)
    done = run(str(tmp_path / "report.txt"), *TWO, "--out", str(tmp_path / "page.html"))
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert not done.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["report.txt"]


@pytest.mark.parametrize(
    ("two", "said"),
    [
        (("Atlantis", "USA"), "No country is called 'Atlantis'"),
        (("Mexcio", "USA"), "Did you mean Mexico"),
        (("MEX", "MEX"), "name two different countries"),
    ],
)
def test_a_pair_that_is_none_ends_with_one_error(two, said):
    done = run(str(TEXTS / "given-en.txt"), *two)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_a_missing_file_ends_with_one_error(tmp_path):
    done = run(str(tmp_path / "none.txt"), *TWO)
    assert done.exit_code == 2
    assert "cannot be read" in " ".join(done.stderr.split())


def test_a_text_without_a_statement_has_no_verdict(tmp_path):
    (tmp_path / "report.txt").write_text("The sea is blue and the sky is grey with the rain.")
    done = run(str(tmp_path / "report.txt"), *TWO, "--json")
    assert done.exit_code == 0
    assert {one["verdict"] for one in json.loads(done.stdout)} == {"not testable here"}


def test_a_statement_made_often_is_tested_once(monkeypatch):
    """A report of a megabyte repeats itself: its time must not grow with what each test costs."""
    calls = []
    kept = MEASURES["reactivity"]
    monkeypatch.setitem(MEASURES, "reactivity", lambda *asked: calls.append(1) or kept(*asked))
    found = check("Mexico has mostly reacted. " * 50, *TWO, language="en")
    assert len(found) == 50
    assert len(calls) == 1


def test_a_long_table_is_cut_and_says_so(tmp_path):
    (tmp_path / "report.txt").write_text("Mexico has conceded. " * 600)
    done = run(str(tmp_path / "report.txt"), *TWO)
    assert done.exit_code == 0
    assert "100 more statements" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mexico supports the governments of Cuba and Nicaragua.", "acts on file that concern that state"),
        (
            "México apoya a los gobiernos de Cuba y Nicaragua.",
            "actos en archivo que se refieren a ese Estado",
        ),
        ("Mexico backs the regime in Portugal.", "no act on file concerns that state"),
    ],
)
def test_support_for_a_government_is_no_matter_of_votes(text, told):
    language = "en" if told.startswith(("acts", "no act")) else "es"
    (found,) = check(text, "MEX", "USA", language=language)
    assert found.verdict == "not testable here"
    assert told in found.says[language]
